/* Inside ops/replay/replay.h: team.c has the threads, replay.c decides a partition, derived.c keeps the
 * derived events of all partitions, match.c compares. */
#ifndef OPS_REPLAY_REPLAY_INSIDE_H
#define OPS_REPLAY_REPLAY_INSIDE_H

#include <pthread.h>

#include "ops/replay/one.h"

/* What stands in one of the three topics, read along with the log. */
typedef struct cx_replay_cursor {
    cx_arena *arena; /* of the message ahead */
    cx_one ahead;
    int64_t offset; /* of the message ahead; at the end: of the end */
    bool at_end;
    bool whole; /* nothing is missing before the message ahead: retention has removed nothing, or it was
                   passed */
} cx_replay_cursor;

/* A derived event: as it stands in credit.records, in whatever partition, or as it was made again. */
typedef struct cx_replay_birth {
    cx_one one; /* origin: its cause */
    bool made, pending;
    size_t order;
} cx_replay_birth;

typedef struct cx_replay_derived {
    cx_arena *arena;
    cx_replay_birth *items;
    size_t n, room;
} cx_replay_derived;

/* Offsets of the events of a partition whose results are compared; first > last: none are. */
typedef struct cx_replay_window {
    int64_t first, last;
} cx_replay_window;

/* What the threads share. */
typedef struct cx_replay_team {
    const cx_replay_wanted *wanted;
    const cx_replay_events *events;
    int32_t partitions;
    pthread_mutex_t lock; /* of what follows, and around every call of `events` */
    int32_t next;         /* partition that nobody has taken */
    cx_replay_tally tally;
    cx_replay_derived derived;
    cx_replay_window *windows; /* by partition; its worker's until the end */
    cx_rc rc;                  /* the first failure */
    cx_err err;
} cx_replay_team;

/* One thread's. */
typedef struct cx_replay {
    cx_replay_team *team;
    const cx_replay_source *source;
    const cx_replay_wanted *wanted;
    cx_replay_tally tally; /* of the partition in work */
    cx_stages *stages;
    cx_replay_cursor cursors[CX_STAGES_COUNT]; /* by cx_replay_topic */
    int64_t begun;                             /* offset in credit.records before which nothing is decided */
    cx_arena *record;                          /* of the event in work */
    cx_arena *arena;                           /* of what came of it */
    cx_ones made[CX_STAGES_TOPICS];
    int32_t partition; /* in work */
    int32_t count;     /* partitions that there were where it stands */
    bool quiet;        /* what comes out is another partition's, or was told: nothing is compared */
    bool compares;     /* the event in work is within what is wanted */
    cx_time tick;
} cx_replay;

/* inherit.c: before a record is decided: goes over to the number of partitions that there was by then. */
CX_MUST_CHECK cx_rc cx_replay_cross(cx_replay *replay, cx_position at, cx_err *err);
/* Gives a partition that was split off what it began with: what it came out of is decided up to there.
 * *stopped: it was to end. Nothing where it was born with the log. */
CX_MUST_CHECK cx_rc cx_replay_inherit(cx_replay *replay, int32_t partition, bool *stopped, cx_err *err);

/* replay.c */
/* Tells how far it has come. false: it is to end. */
bool cx_replay_show(cx_replay *replay, const cx_replay_message *message, int64_t end);
CX_MUST_CHECK cx_rc cx_replay_open(cx_replay *replay, cx_err *err);
void cx_replay_close(cx_replay *replay);
/* Decides the partition, where it is wanted; reads the derived events in it in any case. */
CX_MUST_CHECK cx_rc cx_replay_partition(cx_replay *replay, int32_t partition, cx_err *err);

/* derived.c: keeps a copy. pending: made, and its Decided may be on its way. */
CX_MUST_CHECK cx_rc cx_derived_keep(cx_replay *replay, const cx_one *one, bool made, bool pending,
                                    cx_err *err);
/* Those that the partition brought, as an array that the caller frees. */
CX_MUST_CHECK cx_rc cx_derived_list(cx_replay *replay, int32_t partition, cx_replay_kept **out, size_t *n,
                                    cx_err *err);
/* When all partitions are done: compares, by cause. */
CX_MUST_CHECK cx_rc cx_derived_match(cx_replay *replay, cx_err *err);

/* match.c: compares what was made of the event at `origin` with what is recorded. */
CX_MUST_CHECK cx_rc cx_match_cursor_begin(cx_replay *replay, cx_stages_topic topic, const cx_replay_begin *at,
                                          cx_err *err);
CX_MUST_CHECK cx_rc cx_match(cx_replay *replay, cx_position origin, cx_err *err);
/* n derived events that are recorded against replay->made. */
CX_MUST_CHECK cx_rc cx_match_derived(cx_replay *replay, const cx_replay_birth *recorded, size_t n,
                                     bool pending, cx_err *err);

#endif
