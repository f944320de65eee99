/* What credit.checkpoints says of snapshots of state (snapshot.h). Reads the bus; not thread-safe. */
#ifndef CX_RUN_SNAPSHOT_FIND_H
#define CX_RUN_SNAPSHOT_FIND_H

#include "common/run/codec.h"
#include "common/run/snapshot.h"

typedef struct cx_snapshots cx_snapshots;

/* Everything that was ever said. codec: knows Checkpoint and its writers. TOPIC_MISSING, BUS_AWAY,
 * OUT_OF_MEMORY; a message that cannot be decoded is passed by. */
CX_MUST_CHECK cx_rc cx_snapshots_read(const cx_config *config, cx_codec *codec, cx_snapshots **out,
                                      cx_err *err);
void cx_snapshots_free(cx_snapshots **snapshots);
/* What was said last of that file of this log's generation; NULL: nothing. */
const cx_snapshot_sum *cx_snapshots_of(const cx_snapshots *snapshots, int32_t generation, const char *file);

/* The snapshot of that day, opened and checked against its checkpoint. CX_FILE says why it is refused. */
CX_MUST_CHECK cx_rc cx_snapshots_open(const cx_snapshots *snapshots, const cx_config *config,
                                      const char *stage, int32_t partition, cx_date day, cx_snapshot **out,
                                      cx_err *err);

#endif
