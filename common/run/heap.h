/* A binary heap of (due, row), the smallest first, for common/run/state.c. */
#ifndef CX_RUN_HEAP_H
#define CX_RUN_HEAP_H

#include "common/base/error.h"
#include "common/base/time.h"
#include "common/base/view.h"

typedef struct cx_row {
    char *value; /* NULL: no row (removed in this batch, or only waiting for its heap entries to go) */
    uint32_t value_n, key_n;
    uint32_t in_heap; /* entries that point here */
    uint32_t touched; /* changes of this batch that point here */
    cx_time due;
    char key[];
} cx_row;

typedef struct cx_heap_entry {
    cx_time due;
    cx_row *row;
} cx_heap_entry;

typedef struct cx_heap {
    cx_heap_entry *entries;
    size_t n, room;
} cx_heap;

/* < 0, 0, > 0 by due, then by key bytes. */
int cx_heap_order(cx_time a_due, cx_view a_key, cx_time b_due, cx_view b_key);
/* Counts up row->in_heap. */
cx_rc cx_heap_push(cx_heap *heap, cx_time due, cx_row *row);
/* Removes the first, which must be there; counts its row down. */
cx_heap_entry cx_heap_pop(cx_heap *heap);

static inline cx_view cx_row_key(const cx_row *row) {
    return (cx_view){row->key, row->key_n};
}

#endif
