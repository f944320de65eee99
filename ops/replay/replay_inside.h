/* Inside ops/replay/replay.h: replay.c drives, derived.c keeps the derived events, match.c compares. */
#ifndef OPS_REPLAY_REPLAY_INSIDE_H
#define OPS_REPLAY_REPLAY_INSIDE_H

#include "ops/replay/one.h"

/* What stands in one of the three topics, read along with the log. */
typedef struct cx_replay_cursor {
    cx_arena *arena; /* of the message ahead */
    cx_one ahead;
    bool at_end;
    bool whole; /* nothing is missing before the message ahead: retention has removed nothing, or it was
                   passed */
} cx_replay_cursor;

/* The derived events of credit.records, by cause. */
typedef struct cx_replay_derived {
    cx_arena *arena;
    cx_one **items; /* sorted by cause, then in the order of reading */
    size_t n, room;
} cx_replay_derived;

typedef struct cx_replay {
    const cx_replay_source *source;
    const cx_replay_wanted *wanted;
    const cx_replay_events *events;
    cx_replay_tally *tally;
    cx_stages *stages;
    cx_replay_cursor cursors[CX_STAGES_COUNT]; /* by cx_replay_topic */
    cx_replay_derived derived;
    cx_arena *record; /* of the event in work */
    cx_arena *arena;  /* of what came of it */
    cx_ones made[CX_STAGES_TOPICS];
    bool compares; /* the event in work is within what is wanted */
    cx_time tick;
} cx_replay;

/* derived.c */
CX_MUST_CHECK cx_rc cx_derived_read(cx_replay *replay, cx_err *err);
/* The recorded ones of that cause. */
cx_one **cx_derived_of(const cx_replay_derived *derived, cx_position cause, size_t *n);

/* match.c: compares what was made of the event at `origin` with what is recorded. */
CX_MUST_CHECK cx_rc cx_match_cursor_begin(cx_replay *replay, cx_stages_topic topic, cx_err *err);
CX_MUST_CHECK cx_rc cx_match(cx_replay *replay, cx_position origin, cx_err *err);

#endif
