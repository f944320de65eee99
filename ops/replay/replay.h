/* Deciding a log again, and comparing with what was decided: the audit's replay (I-REPLAY).
 *
 * Partition by partition, every event of credit.records goes through the stages again (stages.h), and each
 * message that comes out is compared with the one that stands in credit.classified, credit.decided or
 * credit.notices (the sanctioner's, and those of points by themselves) under the same origin and index: key,
 * and value field by field in the newest schema, never downstream offsets. Derived events are compared with
 * those that the registrar wrote into credit.records, by their cause. Nothing is written, nobody is notified.
 * Where the log lies is the source's: the bus (log.h), or a test's memory. Not thread-safe.
 *
 * A message that is not recorded is pending, not different, where the topic ends before it: the stage may
 * still be on its way.
 */
#ifndef OPS_REPLAY_REPLAY_H
#define OPS_REPLAY_REPLAY_H

#include "common/run/codec.h"
#include "ops/replay/stages.h"

typedef enum cx_replay_topic {
    CX_REPLAY_CLASSIFIED, /* as cx_stages_name: what each stage wrote */
    CX_REPLAY_DECIDED,
    CX_REPLAY_NOTICES,
    CX_REPLAY_INCENTIVES, /* points write them into the topic of notices: read once more */
    CX_REPLAY_RECORDS,
    CX_REPLAY_TOPICS
} cx_replay_topic;

typedef struct cx_replay_message {
    int32_t partition;
    int64_t offset;
    cx_view key, value; /* until the next message of the same topic */
} cx_replay_message;

typedef cx_rc (*cx_replay_visit)(void *context, const cx_replay_message *message, cx_err *err);

typedef struct cx_replay_source {
    void *context;
    int32_t partitions;
    cx_codec *codec; /* knows Event, Classified, Decided and Dispatch, and all their writers */
    const cx_pack *(*pack)(void *context, const uint8_t hash[CX_PACK_HASH]);
    /* Calls visit for every message of credit.records, in the order of each partition. */
    cx_rc (*each_record)(void *context, cx_replay_visit visit, void *to, cx_err *err);
    /* From here on `next` reads this partition from its beginning. */
    cx_rc (*begin)(void *context, int32_t partition, cx_err *err);
    /* out->value.p NULL: the end. */
    cx_rc (*next)(void *context, cx_replay_topic topic, cx_replay_message *out, cx_err *err);
    /* First offset that is still there, and the end, of the topic's partition begun. */
    void (*range)(void *context, cx_replay_topic topic, int64_t *low, int64_t *high);
} cx_replay_source;

/* What is compared. Everything before it is decided all the same: state comes from the beginning. */
typedef struct cx_replay_wanted {
    cx_time from, to; /* ticks, both included; CX_NO_TIME: open */
    const uint8_t (*subjects)[16];
    size_t subject_n; /* 0: all, and what concerns no subject */
    bool has_stage, has_until, has_partition;
    cx_stages_name stage;
    int32_t partition;
    int64_t until; /* last offset in credit.records */
} cx_replay_wanted;

/* One message that differs. Lives until `difference` returns. */
typedef struct cx_replay_difference {
    cx_stages_name stage;
    bool derived; /* an event that the registrar wrote back into credit.records */
    cx_position origin;
    int32_t index;
    const uint8_t *subject;       /* 16 bytes */
    cx_view department, event_id; /* of the event decided; empty for ticks and activations */
    const uint8_t *pack;          /* 32 bytes: under which it was decided; NULL: no pack is named in it */
    const uint8_t *again_pack;    /* the same, of what was decided again; NULL where nothing was, too */
    const cx_type *type;
    const void *recorded;            /* NULL: there is none */
    const void *again;               /* NULL: nothing of that kind came of it */
    cx_view recorded_key, again_key; /* of the message; they differ where the values may be the same */
} cx_replay_difference;

typedef struct cx_replay_tally {
    size_t records;                   /* decided again */
    size_t compared[CX_STAGES_COUNT]; /* messages of each stage */
    size_t derived;                   /* compared, too */
    size_t differences;
    size_t pending; /* not written yet */
    size_t removed; /* older than what retention left of the stage's topic */
} cx_replay_tally;

typedef struct cx_replay_events {
    void *context;
    cx_rc (*difference)(void *context, const cx_replay_difference *difference, cx_err *err);
    /* After some thousand records; may be NULL. */
    void (*progress)(void *context, int32_t partition, int64_t offset, int64_t end);
    /* Each row of credit.status that came of it, in its order; may be NULL. Not compared: the topic is
     * compacted. */
    cx_rc (*status)(void *context, const cx_stages_output *row, cx_err *err);
} cx_replay_events;

/* CX_POSITION_LOST where credit.records itself has lost its beginning; NOT_DECODED, UNKNOWN_SCHEMA for a
 * message that cannot be read; NOT_FOUND for an unknown pack; and what the source fails with. */
CX_MUST_CHECK cx_rc cx_replay_run(const cx_replay_source *source, const cx_replay_wanted *wanted,
                                  const cx_replay_events *events, cx_replay_tally *tally, cx_err *err);

#endif
