/* The log on the bus as a source for cx_replay_run: read_committed, outside any group, nothing written.
 *
 * Everything is read up to the ends that it had when it was opened: those of credit.classified, decided and
 * notices first, so that whatever stands there has its event in what is read of credit.records. All calls
 * from one thread.
 */
#ifndef OPS_REPLAY_LOG_H
#define OPS_REPLAY_LOG_H

#include "common/base/config.h"
#include "common/run/snapshot.h"
#include "ops/replay/replay.h"

typedef struct cx_replay_log cx_replay_log;

/* Reads every published pack and writer schema. BUS_AWAY, TOPIC_MISSING, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_replay_log_open(const cx_config *config, cx_replay_log **out, cx_err *err);
/* Another of the same log, with the same ends and the same place to begin at, for a thread of its own. */
CX_MUST_CHECK cx_rc cx_replay_log_again(const cx_replay_log *log, cx_replay_log **out, cx_err *err);

/* From now on replays begin behind the midnight of the newest snapshots of state (common/run/snapshot.h) that
 * lies before wanted->from and wanted->since: of one day, those of all stages that have rows, of every
 * partition. *tick: of that midnight, CX_NO_TIME: there are none, and replays begin with the first event.
 * Days that had to be passed by, and why, are told. Errors of the bus; OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_replay_log_begin_before(cx_replay_log *log, const cx_replay_wanted *wanted,
                                               cx_time *tick, void (*tell)(void *context, const char *why),
                                               void *context, cx_err *err);
/* Asked before the snapshots are: where a partition goes on. *found false: nowhere. As `restore` of a source.
 */
typedef cx_rc (*cx_replay_goes_on)(void *context, cx_replay_log *log, int32_t partition, cx_stages *stages,
                                   cx_replay_begin *at, bool *found, cx_err *err);
void cx_replay_log_goes_on(cx_replay_log *log, cx_replay_goes_on goes_on, void *context);
/* Puts the snapshot's rows (rows false: none), tick and packs into a stage. */
CX_MUST_CHECK cx_rc cx_replay_log_put(const cx_replay_log *log, cx_stages *stages, cx_stages_name stage,
                                      int32_t partition, cx_snapshot *snapshot, bool rows, cx_err *err);
/* The end up to which a topic's partition is read; it may be moved back. */
int64_t *cx_replay_log_end(cx_replay_log *log, cx_replay_topic topic, int32_t partition);
void cx_replay_log_close(cx_replay_log **log);
/* Lives as long as the log. */
const cx_replay_source *cx_replay_log_source(const cx_replay_log *log);
/* The published pack of that hash (or its beginning, 8 digits and more), or of that name and version
 * ("shijiazhuang/2026-01": the one published last); NULL: there is none. Lives as long as the log. */
const cx_pack *cx_replay_log_pack(const cx_replay_log *log, const char *name);
/* First offset that is still there, of any partition of the topic: the highest; 0: nothing was removed. */
int64_t cx_replay_log_removed(const cx_replay_log *log, cx_replay_topic topic);

#endif
