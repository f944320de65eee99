/* The rows of one partition of a stage's state as they stood behind a midnight tick: a file, an Avro object
 * container (records of key and value, each value single-object Avro as in the changelog). Never the truth:
 * the changelog is. Its hash is in credit.checkpoints (Checkpoint, StateSnapshot).
 *
 * Where it was taken stands in the container's head, under names that begin with "chengxin.": stage,
 * generation, partition, origin, next, changelog, written and place. Not thread-safe: one owner.
 */
#ifndef CX_RUN_SNAPSHOT_H
#define CX_RUN_SNAPSHOT_H

#include "common/base/config.h"
#include "common/run/metadata.h"
#include "common/run/state.h"
#include "common/vault/hash.h"

enum { CX_SNAPSHOT_STAGE = 32, CX_SNAPSHOT_FILE = 128, CX_SNAPSHOT_PATH = 4352, CX_SNAPSHOT_ROOM = 1 << 18 };

/* What the rows belong to. */
typedef struct cx_snapshot_place {
    char stage[CX_SNAPSHOT_STAGE];
    int32_t generation, partition;
    int64_t origin;       /* offset of the tick in credit.records */
    int64_t next;         /* offset of the stage's input that follows the tick */
    int64_t changelog;    /* every row that was written behind the tick stands there or behind */
    cx_time written;      /* by the clock of the machine: changelogs forget by that */
    cx_metadata metadata; /* tick, packs in force, count: what the stage commits beside `next` */
} cx_snapshot_place;

/* What tells that a file is whole, and the one that was written. */
typedef struct cx_snapshot_sum {
    int64_t bytes, rows;
    uint8_t hash[CX_HASH256];
} cx_snapshot_sum;

/* Below state.dir: "registrar/1-0-2026-03-03.avro", by generation, partition and the tick's day in China. */
void cx_snapshot_name(const char *stage, int32_t generation, int32_t partition, cx_date day,
                      char out[CX_SNAPSHOT_FILE]);
/* The newest day, before `before` (CX_NO_DATE: any), of which state.dir has a file; CX_NO_DATE: of none. */
cx_date cx_snapshot_newest(const cx_config *config, const char *stage, int32_t generation, int32_t partition,
                           cx_date before);
/* state.dir and the file in it. false: too long, or there is no state.dir. */
bool cx_snapshot_path(const cx_config *config, const char *file, char out[CX_SNAPSHOT_PATH]);

/* Writes all of it to fd, from the beginning of an empty file, and syncs it. Does nothing that a process
 * forked from many threads must not: no allocation, no locks. metadata: place->metadata as
 * cx_metadata_format writes it. room: CX_SNAPSHOT_ROOM bytes. false: a write failed, errno says why. */
bool cx_snapshot_write(int fd, const cx_snapshot_place *place, const char *metadata, const cx_state *state,
                       uint8_t *room, cx_snapshot_sum *sum);

typedef struct cx_snapshot cx_snapshot;
/* CX_FILE where it cannot be read, is not what `sum` says, or is no snapshot. */
CX_MUST_CHECK cx_rc cx_snapshot_open(const char *path, const cx_snapshot_sum *sum, cx_snapshot **out,
                                     cx_err *err);
const cx_snapshot_place *cx_snapshot_where(const cx_snapshot *snapshot);
/* The next row, until the next call; key.p NULL: the end. CX_FILE, CX_OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_snapshot_next(cx_snapshot *snapshot, cx_view *key, cx_view *value, cx_err *err);
void cx_snapshot_close(cx_snapshot **snapshot);

#endif
