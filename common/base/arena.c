#include "common/base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_GROWTH = 4 * 1024 * 1024 };

/* Blocks form a list in the order of their first use; those after `current` are free. */
struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

struct cx_arena {
    struct block *first;
    struct block *current;
    size_t limit;
    size_t held;
    size_t total; /* handed out since the last reset */
};

cx_arena *cx_arena_new(size_t limit) {
    cx_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->limit = limit;
    return arena;
}

void cx_arena_destroy(cx_arena **arena) {
    if (*arena == NULL)
        return;
    for (struct block *b = (*arena)->first; b != NULL;) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
    free(*arena);
    *arena = NULL;
}

void cx_arena_reset(cx_arena *arena) {
    for (struct block *b = arena->first; b != NULL; b = b->next)
        b->used = 0;
    arena->current = arena->first;
    arena->total = 0;
}

/* A new block of at least n bytes behind the current one. */
static struct block *grow(cx_arena *arena, size_t n) {
    size_t size = arena->held == 0 ? FIRST_BLOCK : arena->held;
    if (size > LARGEST_GROWTH)
        size = LARGEST_GROWTH;
    if (size < n)
        size = n;
    if (arena->limit != 0 && size > arena->limit - arena->held)
        size = n; /* the last bytes under the limit */
    if (arena->limit != 0 && (arena->held > arena->limit || size > arena->limit - arena->held))
        return NULL;
    struct block *b = malloc(sizeof *b + size);
    if (b == NULL)
        return NULL;
    *b = (struct block){.size = size};
    if (arena->current == NULL) {
        b->next = arena->first;
        arena->first = b;
    } else {
        b->next = arena->current->next;
        arena->current->next = b;
    }
    arena->held += size;
    return b;
}

void *cx_arena_alloc(cx_arena *arena, size_t n) {
    if (n > SIZE_MAX - alignof(max_align_t))
        return NULL;
    size_t need = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct block *b = arena->current;
    while (b != NULL && b->size - b->used < need && b->next != NULL && b->next->used == 0 &&
           b->next->size >= need)
        b = b->next;
    if (b == NULL || b->size - b->used < need) {
        if (b != NULL)
            arena->current = b;
        b = grow(arena, need);
        if (b == NULL)
            return NULL;
    }
    arena->current = b;
    void *p = b->bytes + b->used;
    b->used += need;
    arena->total += need;
    return p;
}

void *cx_arena_calloc(cx_arena *arena, size_t count, size_t size) {
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        return NULL;
    void *p = cx_arena_alloc(arena, n);
    return p == NULL ? NULL : memset(p, 0, n);
}

cx_view cx_arena_copy(cx_arena *arena, cx_view v) {
    char *p = cx_arena_alloc(arena, v.n + 1);
    if (p == NULL)
        return (cx_view){NULL, 0};
    if (v.n > 0)
        (void)memcpy(p, v.p, v.n);
    p[v.n] = '\0';
    return (cx_view){p, v.n};
}

cx_view cx_arena_printf(cx_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    char text[128]; /* as a rule an id: printed once */
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *p = n < 0 ? NULL : cx_arena_alloc(arena, (size_t)n + 1);
    if (p != NULL && (size_t)n < sizeof text)
        (void)memcpy(p, text, (size_t)n + 1);
    else if (p != NULL)
        (void)vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p == NULL ? (cx_view){NULL, 0} : (cx_view){p, (size_t)n};
}

size_t cx_arena_used(const cx_arena *arena) {
    return arena->total;
}
size_t cx_arena_held(const cx_arena *arena) {
    return arena->held;
}

cx_arena_mark cx_arena_mark_now(const cx_arena *arena) {
    return (cx_arena_mark){arena->current, arena->current != NULL ? arena->current->used : 0, arena->total};
}

void cx_arena_rewind(cx_arena *arena, cx_arena_mark mark) {
    struct block *keep = mark.block;
    for (struct block *b = keep != NULL ? keep->next : arena->first; b != NULL; b = b->next)
        b->used = 0;
    if (keep != NULL)
        keep->used = mark.used;
    arena->current = keep != NULL ? keep : arena->first;
    arena->total = mark.total;
}
