/* Inside ops/replay/whatif.h: derived events and their places in credit.records. Not thread-safe. */
#ifndef OPS_REPLAY_BIRTHS_H
#define OPS_REPLAY_BIRTHS_H

#include "ops/replay/stages.h"

/* A derived event: as it stands in credit.records, or as a pass made it. */
typedef struct cx_birth {
    cx_position cause;
    int32_t index;
    size_t order;      /* among those of one cause and index */
    int32_t partition; /* to be read in; -1: by its key */
    int64_t offset;    /* its place there; -1: none yet */
    cx_time now;       /* the tick of its cause */
    bool late;         /* it has no place of an old one: it is read behind that tick */
    bool taken;
    cx_view key, bytes;
} cx_birth;

typedef struct cx_births {
    cx_arena *arena;
    cx_birth *items;
    size_t n, room;
} cx_births;

/* A copy. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_births_add(cx_births *births, const cx_birth *birth);
/* Forgets them and keeps the room. */
void cx_births_clear(cx_births *births);
void cx_births_free(cx_births *births);
/* Sorts by cause. */
void cx_births_by_cause(cx_births *births);
/* Whether both hold the same events of the same causes; both by cause. */
bool cx_births_same(const cx_births *a, const cx_births *b);
/* Gives each one the place of the old one with its cause, index and key; both by cause. The others are late.
 */
void cx_births_place(cx_births *births, cx_births *old);
/* Sorts by partition, then those with a place by offset, then the late ones by tick and cause. */
void cx_births_by_place(cx_births *births);

#endif
