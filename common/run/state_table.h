/* The table inside common/run/state.h: its rows by key. For state.c and state_table.c only. */
#ifndef CX_RUN_STATE_TABLE_H
#define CX_RUN_STATE_TABLE_H

#include "common/run/heap.h"
#include "common/run/state.h"

struct change { /* what a row was before this batch touched it (again) */
    cx_row *row;
    char *value;
    uint32_t value_n;
    cx_time due;
};

struct cx_state {
    cx_row **slots; /* open addressing, linear probing; a power of two */
    uint32_t *tags; /* of each slot's key: low bits of its hash, so that other rows are passed by unseen */
    size_t room;
    size_t used; /* slots taken, rows without value too */
    size_t rows, bytes;
    struct change *changes;
    size_t change_n, change_room;
    cx_heap heap;
    cx_heap_entry *passed; /* still due, but behind the walk's place */
    size_t passed_n, passed_room;
};

/* The key's row, made where there is none. */
cx_rc cx_state_row_for(cx_state *state, cx_view key, cx_row **out);
/* Counts a row in or out of the figures, by its value now. */
void cx_state_count(cx_state *state, const cx_row *row, bool in);
/* Frees the row where nothing is there, and nothing points to it. */
void cx_state_forget_if_empty(cx_state *state, cx_row *row);

#endif
