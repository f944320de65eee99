/* One model, several threads: the cases of our conformance folder, with all that FEEL and DMN have, are
 * evaluated by all threads at once on the same models, while each thread loads models of its own. What the
 * threads get is what is expected; that they do not meet in memory is ThreadSanitizer's to say (the preset
 * tsan). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/rules/tck.h"

enum { THREADS = 4, LEAST_FILES = 40, LEAST_RESULTS = 400 };

struct shared {
    cx_view xml;
    char path[PATH_MAX];
    cx_model *model;
    cx_tck_file cases;
};

static struct shared *all;
static size_t count;
static cx_arena *arena_of_cases;
static pthread_barrier_t start;

static cx_view read_file(const char *path) {
    char *bytes = NULL;
    size_t n = 0;
    FILE *from = fopen(path, "rb"), *to = open_memstream(&bytes, &n);
    assert_non_null(from);
    assert_non_null(to);
    for (int c = getc(from); c != EOF; c = getc(from))
        (void)putc(c, to);
    assert_int_equal(fclose(to), 0);
    (void)fclose(from);
    return (cx_view){bytes, n};
}

static void load(const char *path, struct shared *s) {
    cx_err err = {0};
    cx_view cases = read_file(path);
    assert_int_equal(cx_tck_load(cases, path, arena_of_cases, &s->cases, &err), CX_OK);
    free((void *)(uintptr_t)cases.p);
    int folder = (int)(strrchr(path, '/') - path);
    (void)snprintf(s->path, sizeof s->path, "%.*s/%.*s", folder, path, CX_VIEW_ARGS(s->cases.model));
    s->xml = read_file(s->path);
    if (cx_model_load(s->xml, s->path, &s->model, &err) != CX_OK)
        fail_msg("%s", err.text);
}

static int begin(void **state) {
    (void)state;
    glob_t found;
    arena_of_cases = cx_arena_new(0);
    assert_non_null(arena_of_cases);
    assert_int_equal(glob("tests/tck/*/*-test-*.xml", 0, NULL, &found), 0);
    count = found.gl_pathc;
    assert_in_range(count, LEAST_FILES, 10000);
    all = calloc(count, sizeof *all);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++)
        load(found.gl_pathv[i], &all[i]);
    globfree(&found);
    return 0;
}

static int end(void **state) {
    (void)state;
    for (size_t i = 0; i < count; i++) {
        cx_model_destroy(&all[i].model);
        free((void *)(uintptr_t)all[i].xml.p);
    }
    free(all);
    cx_arena_destroy(&arena_of_cases);
    return 0;
}

struct worker {
    size_t number;
    size_t results, wrong;
};

/* Threads differ in how they evaluate: by index, by rows, with and without an explanation. */
static void run_cases(struct worker *w, const struct shared *s, const cx_model *model, cx_arena *arena) {
    static const unsigned flags[THREADS] = {0, CX_EVAL_EXPLAIN, CX_EVAL_ROW_BY_ROW, 0};
    cx_time now = 0;
    (void)cx_time_parse(CX_VIEW("2026-01-01"), &now);
    for (size_t i = 0; i < s->cases.case_count; i++)
        for (size_t k = 0; k < s->cases.cases[i].result_count; k++) {
            const cx_tck_result *r = &s->cases.cases[i].results[k];
            cx_answer answer;
            cx_err err = {0};
            cx_arena_reset(arena);
            cx_rc rc = cx_tck_eval(model, &s->cases.cases[i], r, now, flags[w->number], arena, &answer, &err);
            w->results++;
            w->wrong += rc != CX_OK || !cx_tck_agrees(r->expected, answer.value) ? 1 : 0;
        }
}

static void *work(void *arg) {
    struct worker *w = arg;
    cx_arena *arena = cx_arena_new(0);
    (void)pthread_barrier_wait(&start);
    for (size_t i = 0; arena != NULL && i < count; i++) {
        cx_model *own = NULL;
        cx_err err = {0};
        run_cases(w, &all[i], all[i].model, arena);
        if (i % THREADS != w->number)
            continue;
        cx_rc rc = cx_model_load(all[i].xml, all[i].path, &own, &err);
        w->wrong += rc != CX_OK ? 1 : 0;
        if (own != NULL)
            run_cases(w, &all[i], own, arena);
        cx_model_destroy(&own);
    }
    w->wrong += arena == NULL ? 1 : 0;
    cx_arena_destroy(&arena);
    return NULL;
}

static void threads_share_models(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    struct worker workers[THREADS] = {{0}};
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].wrong, 0);
        assert_in_range(workers[i].results, LEAST_RESULTS, SIZE_MAX);
    }
    assert_int_equal(pthread_barrier_destroy(&start), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(threads_share_models, begin, end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
