/* Inside ops/replay: one origin's messages of one stage, as decided again and as recorded, set side by side.
 * Pure. */
#ifndef OPS_REPLAY_ONE_H
#define OPS_REPLAY_ONE_H

#include "ops/replay/replay.h"

/* A message of either side. */
typedef struct cx_one {
    struct cx_one *next;
    cx_position origin;
    int32_t index;
    int32_t partition; /* of the message; -1: by its key */
    cx_view key, bytes;
    const void *value; /* NULL: has not been decoded again from the bytes */
    uint8_t subject[16];
    bool matched;
} cx_one;

typedef struct cx_ones {
    cx_one *first, *last;
    size_t n;
} cx_ones;

/* What kind of message a stage writes, and where its origin, index and subject stand in it. */
const cx_type *cx_one_type(cx_stages_topic topic);
/* Fills origin, index, subject and value. For CX_STAGES_DERIVED the origin is the cause, which must be there.
 */
void cx_one_read(cx_stages_topic topic, const void *value, cx_one *one);
/* A copy, its value left out, at the end of the list. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_ones_add(cx_ones *ones, const cx_one *one, cx_arena *arena);

/* The same key and the very same bytes. */
bool cx_one_same_bytes(const cx_one *recorded, const cx_one *again);
/* Whether both are the same message by origin, index and what it is about (subject, notice). */
bool cx_one_is(cx_stages_topic topic, const cx_one *recorded, const cx_one *again);
/* The pack, 32 bytes, that is named in a message; NULL: none. */
const uint8_t *cx_one_pack(cx_stages_topic topic, const void *value);
/* Says what is to be said of a message in a difference: event id, department, subject, pack. */
void cx_one_describe(cx_stages_topic topic, const cx_one *one, cx_replay_difference *out);

#endif
