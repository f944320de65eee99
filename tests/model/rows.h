/* Rows by key in memory: an open hash table, for models. Not thread-safe. */
#ifndef TESTS_MODEL_ROWS_H
#define TESTS_MODEL_ROWS_H

#include "common/base/arena.h"

typedef struct cx_row {
    cx_view key;
    const void *value; /* NULL: deleted */
} cx_row;

typedef struct cx_rows {
    cx_row *items; /* key.p NULL: free */
    size_t room;   /* a power of two, or 0 */
    size_t n;      /* keys, deleted ones included */
} cx_rows;

/* NULL: no such row. */
const void *cx_rows_get(const cx_rows *rows, cx_view key);
/* The key and the table live in the arena. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_rows_put(cx_rows *rows, cx_view key, const void *value, cx_arena *arena);

#endif
