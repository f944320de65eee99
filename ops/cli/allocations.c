#include "ops/cli/allocations.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static _Thread_local uint64_t count;

uint64_t cx_allocations(void) {
    return count;
}

#ifdef __has_feature /* clang's way to say it */
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OTHER_HEAP 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OTHER_HEAP 1
#endif

#ifdef OTHER_HEAP

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static void on_malloc(const volatile void *p, size_t n) {
    (void)p, (void)n;
    count++;
}

static void on_free(const volatile void *p) {
    (void)p;
}

__attribute__((constructor)) static void begin(void) {
    (void)__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}

#else

/* The C library lets a program put its own functions in place of these, and has its own under other names. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void *memalign(size_t alignment, size_t n);

void *malloc(size_t n) {
    count++;
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size) {
    count++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n) {
    count++;
    return __libc_realloc(p, n);
}

void *memalign(size_t alignment, size_t n) {
    count++;
    return __libc_memalign(alignment, n);
}

void *aligned_alloc(size_t alignment, size_t n) {
    return memalign(alignment, n);
}

int posix_memalign(void **out, size_t alignment, size_t n) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    void *p = memalign(alignment, n);
    if (p == NULL)
        return ENOMEM;
    *out = p;
    return 0;
}

#endif
