/* The log on the bus as a source for cx_replay_run: read_committed, outside any group, nothing written.
 *
 * Everything is read up to the ends that it had when it was opened: those of credit.classified, decided and
 * notices first, so that whatever stands there has its event in what is read of credit.records. All calls
 * from one thread.
 */
#ifndef OPS_REPLAY_LOG_H
#define OPS_REPLAY_LOG_H

#include "common/base/config.h"
#include "ops/replay/replay.h"

typedef struct cx_replay_log cx_replay_log;

/* Reads every published pack and writer schema. BUS_AWAY, TOPIC_MISSING, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_replay_log_open(const cx_config *config, cx_replay_log **out, cx_err *err);
void cx_replay_log_close(cx_replay_log **log);
/* Lives as long as the log. */
const cx_replay_source *cx_replay_log_source(const cx_replay_log *log);
/* The published pack of that hash (or its beginning, 8 digits and more), or of that name and version
 * ("shijiazhuang/2026-01": the one published last); NULL: there is none. Lives as long as the log. */
const cx_pack *cx_replay_log_pack(const cx_replay_log *log, const char *name);
/* First offset that is still there, of any partition of the topic: the highest; 0: nothing was removed. */
int64_t cx_replay_log_removed(const cx_replay_log *log, cx_replay_topic topic);

#endif
