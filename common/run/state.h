/* The rows of one partition of a stage's state, in memory: key bytes -> encoded value bytes, and when each is
 * due.
 *
 * What a batch changes can be undone as a whole (cx_state_undo) or kept (cx_state_keep). The walk index is a
 * heap of (due, key) with lazy deletion. Keys are at most 64 KiB. One owner; not thread-safe.
 */
#ifndef CX_RUN_STATE_H
#define CX_RUN_STATE_H

#include "common/base/error.h"
#include "common/base/time.h"
#include "common/base/view.h"

typedef struct cx_state cx_state;

/* NULL when out of memory. */
cx_state *cx_state_new(void);
void cx_state_destroy(cx_state **state);

/* The row's value; p NULL where there is none. Until the key's next put or undo. */
cx_view cx_state_get(const cx_state *state, cx_view key);
/* Copies both. value.p NULL removes the row. due: CX_NO_TIME for none. CX_OUT_OF_MEMORY changes nothing. */
cx_rc cx_state_put(cx_state *state, cx_view key, cx_view value, cx_time due);
/* As put and keep at once, and never due: for rows that are read back. Nothing may be unkept. */
cx_rc cx_state_load(cx_state *state, cx_view key, cx_view value);
/* When a row is due; CX_NO_TIME: never. */
typedef cx_rc (*cx_state_due_of)(void *context, cx_view key, cx_view value, cx_time *due);
/* Asks it of each row that was loaded. Its failure, or CX_OUT_OF_MEMORY, ends it. */
cx_rc cx_state_index(cx_state *state, cx_state_due_of due_of, void *context);
/* Everything put since the last keep or undo is kept, or undone in reverse. */
void cx_state_keep(cx_state *state);
void cx_state_undo(cx_state *state);

/* A place in a due walk: after (due, key). */
typedef struct cx_due {
    cx_time due;
    cx_view key; /* of the row; until the next call that changes the state */
} cx_due;

/* The first row in (due, key) order that is due at or before `until` and lies behind `after` (NULL: any);
 * false: none. Rows at or before `after` that are still due wait for the next walk (cx_state_walked). */
bool cx_state_next_due(cx_state *state, const cx_due *after, cx_time until, cx_due *out);
/* The walk is over: what it passed by is due again. */
cx_rc cx_state_walked(cx_state *state);

/* The keys that `wanted` accepts, ascending, as an array from malloc that the caller frees; the views live
 * until rows are removed. NULL with *n 0: none; NULL with *n > 0: out of memory. */
cx_view *cx_state_keys(const cx_state *state, bool (*wanted)(cx_view key), size_t *n);

/* Calls visit for each row, in no order, until one returns false: false then. Allocates nothing. */
bool cx_state_each(const cx_state *state, bool (*visit)(void *context, cx_view key, cx_view value),
                   void *context);

size_t cx_state_rows(const cx_state *state);
size_t cx_state_bytes(const cx_state *state); /* of keys and values */

#endif
