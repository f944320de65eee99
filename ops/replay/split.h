/* Partitions that were split (docs/adr/0010): how many there were at a place of the log, what a new one came
 * out of, and whose a row then is. Pure but for memory.
 *
 * A new number is a multiple of the old one, and a key's home among the many leads back to its home among the
 * few (common/base/home.h): a partition begins with those rows of one other that are at home in it.
 */
#ifndef OPS_REPLAY_SPLIT_H
#define OPS_REPLAY_SPLIT_H

#include "ops/replay/stages.h"

typedef struct cx_split {
    int32_t from, into;
    const int64_t *cuts; /* by partition, `from` of them: offsets in credit.records */
} cx_split;

/* Ascending, each from what the one before made. */
typedef struct cx_splits {
    const cx_split *items;
    size_t n;
} cx_splits;

/* Partitions of the log where that event stands (offset -1: where its partition begins). all: those of now.
 */
int32_t cx_splits_at(const cx_splits *splits, int32_t partition, int64_t offset, int32_t all);
/* The next split of a partition that stands where there were `count`; NULL: there is none. */
const cx_split *cx_splits_next(const cx_splits *splits, int32_t partition, int32_t count);
/* The split that made a partition; NULL: the log was born with it. It came out of partition % from. */
const cx_split *cx_splits_birth(const cx_splits *splits, int32_t partition);

/* Whose a row is: false for one that belongs to its partition, as a breaker's does. */
bool cx_split_subject(cx_stages_name stage, cx_view key, cx_view *subject);

/* All stages' rows of `partition` that are at home in partition `to` become that one's, which had none, with
 * the tick and the packs; of breakers it gets its part. Nothing is taken from `partition`. */
CX_MUST_CHECK cx_rc cx_split_hand_over(cx_stages *stages, int32_t partition, int32_t to,
                                       const cx_split *split, cx_err *err);
/* What was handed over goes. Once, and after all were given theirs. */
CX_MUST_CHECK cx_rc cx_split_keep_own(cx_stages *stages, int32_t partition, const cx_split *split,
                                      cx_err *err);

#endif
