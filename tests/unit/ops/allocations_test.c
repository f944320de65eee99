/* The count of heap allocations: none is missed, whoever asks, and other threads' are not counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/allocations.h"

/* Calls through volatile pointers are not optimised away. */
static void *(*volatile new_block)(size_t) = malloc;
static void *(*volatile new_cleared)(size_t, size_t) = calloc;
static void *(*volatile new_size)(void *, size_t) = realloc;
static void *(*volatile new_aligned)(size_t, size_t) = aligned_alloc;
static void *(*volatile new_page)(size_t, size_t) = memalign;
static char *(*volatile new_copy)(const char *) = strdup;

static void each_is_counted(void **state) {
    (void)state;
    void *p[7] = {NULL};
    uint64_t at[8] = {cx_allocations()};
    p[0] = new_block(10), at[1] = cx_allocations();
    p[1] = new_cleared(3, 5), at[2] = cx_allocations();
    p[2] = new_size(NULL, 20), at[3] = cx_allocations();
    p[3] = new_aligned(64, 128), at[4] = cx_allocations();
    p[4] = new_page(64, 128), at[5] = cx_allocations();
    assert_int_equal(posix_memalign(&p[5], 64, 30), 0);
    at[6] = cx_allocations();
    p[6] = new_copy("by the C library"), at[7] = cx_allocations();
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(at[i + 1], at[i] + 1);
        assert_non_null(p[i]);
    }
    assert_int_equal((uintptr_t)p[3] % 64 + (uintptr_t)p[4] % 64 + (uintptr_t)p[5] % 64, 0);
    p[0] = new_size(p[0], 100000);
    assert_int_equal(cx_allocations(), at[7] + 1);
    for (size_t i = 0; i < 7; i++)
        free(p[i]);
    assert_int_equal(cx_allocations(), at[7] + 1);
}

static void *other_thread(void *arg) {
    uint64_t before = cx_allocations();
    for (int i = 0; i < 100; i++)
        free(new_block(50));
    *(uint64_t *)arg = cx_allocations() - before;
    return NULL;
}

static void threads_are_apart(void **state) {
    (void)state;
    pthread_t thread;
    uint64_t theirs = 0;
    assert_int_equal(pthread_create(&thread, NULL, other_thread, &theirs), 0);
    uint64_t before = cx_allocations();
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(theirs, 100);
    assert_int_equal(cx_allocations(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_counted),
                                       cmocka_unit_test(threads_are_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
