/* Inside ops/replay/log.h: log.c reads topics, log_begin.c knows the snapshots that replays begin with,
 * log_splits.c how partitions were split. */
#ifndef OPS_REPLAY_LOG_INSIDE_H
#define OPS_REPLAY_LOG_INSIDE_H

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/run/snapshot_find.h"
#include "ops/replay/log.h"

typedef struct cx_log_range {
    int64_t low, high;
} cx_log_range;

/* A topic being read, one partition after the other. */
struct cx_log_column {
    cx_reader *reader;
    cx_log_range *ranges; /* by partition */
    int32_t partition;
    int64_t from;
    bool assigned;
    cx_message message; /* what `next` gave last */
    bool at_end;
};

struct cx_log_pack {
    uint8_t hash[CX_PACK_HASH];
    void *pack;
};

struct cx_replay_log {
    const cx_config *config;
    cx_replay_source source;
    cx_codec *codec;
    cx_splits splits;
    cx_split *split_items; /* the same, as what owns them */
    struct cx_log_column columns[CX_REPLAY_TOPICS];
    struct cx_log_pack *packs;
    size_t pack_n;
    cx_replay_goes_on goes_on; /* NULL: nobody is asked */
    void *goes_on_context;
    cx_snapshots *snapshots; /* NULL: not asked for */
    cx_replay_begin *begins; /* by partition; NULL: from the first event */
    cx_date day;             /* of the snapshots */
};

/* log_splits.c: the splits that are done. */
CX_MUST_CHECK cx_rc cx_log_read_splits(cx_replay_log *log, cx_err *err);
CX_MUST_CHECK cx_rc cx_log_copy_splits(cx_replay_log *log, const cx_replay_log *from, cx_err *err);
void cx_log_forget_splits(cx_replay_log *log);

/* log_begin.c */
CX_MUST_CHECK cx_rc cx_log_restore(void *log, int32_t partition, cx_stages *stages, cx_replay_begin *at,
                                   cx_err *err);
CX_MUST_CHECK cx_rc cx_log_copy_begin(cx_replay_log *log, const cx_replay_log *from, cx_err *err);
void cx_log_forget_begin(cx_replay_log *log);

#endif
