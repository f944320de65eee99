/* Deciding a log again, and comparing with what was decided: the audit's replay (I-REPLAY).
 *
 * Partition by partition, every event of credit.records goes through the stages again (stages.h), and each
 * message that comes out is compared with the one that stands in credit.classified, credit.decided or
 * credit.notices (the sanctioner's, and those of points by themselves) under the same origin and index: key,
 * and value field by field in the newest schema, never downstream offsets. Derived events are compared with
 * those that the registrar wrote into credit.records, by their cause. Nothing is written, nobody is notified.
 * Where the log lies is the source's: the bus (log.h), or a test's memory. A partition is decided from its
 * first event on, or from a place at which the source knows the stages' rows. Partitions do not wait for one
 * another: with several sources of the same log as many are decided at a time.
 *
 * A message that is not recorded is pending, not different, where the topic ends before it: the stage may
 * still be on its way.
 */
#ifndef OPS_REPLAY_REPLAY_H
#define OPS_REPLAY_REPLAY_H

#include "common/run/codec.h"
#include "ops/replay/split.h"

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

typedef struct cx_replay_tally {
    size_t records;                   /* decided again */
    size_t compared[CX_STAGES_COUNT]; /* messages of each stage */
    size_t derived;                   /* compared, too */
    size_t differences;
    size_t pending; /* not written yet */
    size_t removed; /* older than what retention left of the stage's topic */
    bool stopped;   /* before its end */
} cx_replay_tally;

/* A derived event: as it was read in credit.records, or as it was made. They pass from partition to partition
 * and are compared when all partitions are done. */
typedef struct cx_replay_kept {
    cx_position cause;
    int32_t index, partition; /* partition -1: by its key */
    uint8_t subject[16];
    bool made, pending;
    cx_view key, bytes;
} cx_replay_kept;

/* Where the replay of a partition begins, or has come to. */
typedef struct cx_replay_begin {
    int64_t from[CX_REPLAY_TOPICS]; /* offset at which each topic is read; what rests on `origin` or earlier
                                       is passed by, but where it is `exact` */
    int64_t origin;                 /* in credit.records: the last event that the rows hold; -1: none */
    cx_time tick;                   /* the last one up to there */
    /* Of a replay that goes on; else exact is false, and nothing of this is looked at. */
    bool exact;
    bool done; /* nothing is left of the partition */
    cx_replay_tally tally;
    int64_t first, last;        /* events whose results have been compared; first > last: none */
    const cx_replay_kept *kept; /* the giver's, until its next call */
    size_t kept_n;
} cx_replay_begin;
enum { CX_REPLAY_FIRST = -1 }; /* a `from`: the first message that is there */

/* One thread's, with all that its functions give out. */
typedef struct cx_replay_source {
    void *context;
    int32_t partitions;
    const cx_splits *splits; /* how the partitions came about; NULL: the log was born with them */
    cx_codec *codec;         /* knows Event, Classified, Decided and Dispatch, and all their writers */
    const cx_pack *(*pack)(void *context, const uint8_t hash[CX_PACK_HASH]);
    /* Calls visit for every message of credit.records, in the order of each partition. */
    cx_rc (*each_record)(void *context, cx_replay_visit visit, void *to, cx_err *err);
    /* Fills *at, and puts the rows that belong there into the stages (NULL: only *at is wanted). NULL, or *at
     * left as it was: from the first event. */
    cx_rc (*restore)(void *context, int32_t partition, cx_stages *stages, cx_replay_begin *at, cx_err *err);
    /* From here on `next` reads this partition, each topic from from[topic] on (NULL: its beginning). */
    cx_rc (*begin)(void *context, int32_t partition, const int64_t *from, cx_err *err);
    /* out->value.p NULL: the end. */
    cx_rc (*next)(void *context, cx_replay_topic topic, cx_replay_message *out, cx_err *err);
    /* First offset that is still there, and the end, of the topic's partition begun. */
    void (*range)(void *context, cx_replay_topic topic, int64_t *low, int64_t *high);
} cx_replay_source;

/* What is compared. Everything before it is decided all the same, from where the rows are known. */
typedef struct cx_replay_wanted {
    cx_time from, to; /* ticks, both included; CX_NO_TIME: open */
    const uint8_t (*subjects)[16];
    size_t subject_n; /* 0: all, and what concerns no subject */
    bool has_stage, has_until, has_partition;
    cx_stages_name stage;
    int32_t partition;
    int64_t until; /* last offset in credit.records */
    int64_t since; /* first offset there; 0: all */
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

/* But for `save`, none is called twice at a time, whatever the thread. Differences of one partition come in
 * its order, those of derived events last. */
typedef struct cx_replay_events {
    void *context;
    cx_rc (*difference)(void *context, const cx_replay_difference *difference, cx_err *err);
    /* After some thousand records; may be NULL. */
    void (*progress)(void *context, int32_t partition, int64_t offset, int64_t end);
    const volatile int *stop; /* not 0: it ends as soon as may be; may be NULL */
    /* Every save_every records of a partition, when it is stopped and when it is done: how far it has come.
     * By the partition's thread, several at a time. save_every 0: never. stages NULL: it is done. */
    cx_rc (*save)(void *context, int32_t partition, const cx_replay_begin *at, const cx_stages *stages,
                  cx_err *err);
    size_t save_every;
    /* Each row of credit.status that came of it, in its order; may be NULL. Not compared: the topic is
     * compacted. */
    cx_rc (*status)(void *context, const cx_stages_output *row, cx_err *err);
} cx_replay_events;

/* CX_POSITION_LOST where credit.records itself has lost its beginning; NOT_DECODED, UNKNOWN_SCHEMA for a
 * message that cannot be read; NOT_FOUND for an unknown pack; and what the source fails with. */
CX_MUST_CHECK cx_rc cx_replay_run(const cx_replay_source *source, const cx_replay_wanted *wanted,
                                  const cx_replay_events *events, cx_replay_tally *tally, cx_err *err);
/* The same by n threads, each with a source of its own: of the same log with the same ends. */
CX_MUST_CHECK cx_rc cx_replay_run_together(const cx_replay_source *const *sources, size_t n,
                                           const cx_replay_wanted *wanted, const cx_replay_events *events,
                                           cx_replay_tally *tally, cx_err *err);

#endif
