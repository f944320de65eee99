/* Memory that is released all at once: one arena per batch, per evaluation or per loaded file.
 *
 * Blocks are kept over a reset, so that a warm arena allocates nothing. Not thread-safe: one owner.
 */
#ifndef CX_BASE_ARENA_H
#define CX_BASE_ARENA_H

#include "common/base/error.h"
#include "common/base/view.h"

typedef struct cx_arena cx_arena;

/* limit: most bytes it may ever hold, 0 for none. NULL when out of memory. */
cx_arena *cx_arena_new(size_t limit);
/* Frees everything and sets *arena to NULL; *arena may be NULL. */
void cx_arena_destroy(cx_arena **arena);
/* Forgets what was allocated and keeps the blocks. */
void cx_arena_reset(cx_arena *arena);

/* n bytes, aligned for every type, not cleared; NULL when out of memory or over the limit. n may be 0. */
void *cx_arena_alloc(cx_arena *arena, size_t n) __attribute__((malloc, alloc_size(2)));
/* count * size bytes, cleared; NULL also when the product overflows. */
void *cx_arena_calloc(cx_arena *arena, size_t count, size_t size) __attribute__((malloc, alloc_size(2, 3)));
/* A copy that ends in NUL (not counted in n); {NULL, 0} when out of memory. */
cx_view cx_arena_copy(cx_arena *arena, cx_view v);
/* snprintf into the arena; {NULL, 0} when out of memory. */
cx_view cx_arena_printf(cx_arena *arena, const char *format, ...) CX_PRINTF(2, 3);

/* Bytes handed out since the last reset, and bytes of all blocks held. */
size_t cx_arena_used(const cx_arena *arena);
size_t cx_arena_held(const cx_arena *arena);

/* A place to return to: what was allocated after the mark is forgotten by the rewind. Marks nest. */
typedef struct cx_arena_mark {
    void *block;
    size_t used;
    size_t total;
} cx_arena_mark;
cx_arena_mark cx_arena_mark_now(const cx_arena *arena);
void cx_arena_rewind(cx_arena *arena, cx_arena_mark mark);

#endif
