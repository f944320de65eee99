/* What if another pack had been the law: the log decided twice, under the packs of then and under another one
 * in place of every pack of its jurisdiction. Nothing is written, nobody is notified (I-REPLAY).
 *
 * Under the other pack the derived events that stand in credit.records do not count: those that the registrar
 * makes anew take their places, by cause. They are not known before the log was decided, so it is decided in
 * passes, each with the derived events of the pass before, until a pass makes the same ones again: two, as a
 * rule (a forwarded event that causes another takes one more). A derived event that has no old counterpart is
 * read behind the tick of its cause, in its subject's partition; a subject that the log does not know yet is
 * read in the partition of the cause. Not thread-safe.
 */
#ifndef OPS_REPLAY_WHATIF_H
#define OPS_REPLAY_WHATIF_H

#include "ops/replay/replay.h"

typedef enum cx_whatif_side { CX_WHATIF_THEN, CX_WHATIF_INSTEAD, CX_WHATIF_SIDES } cx_whatif_side;

typedef struct cx_whatif_events {
    void *context;
    /* A pass of that side begins: what was handed out of it before is void. */
    void (*begin)(void *context, cx_whatif_side side);
    /* Everything that a stage wrote, in the order of each partition; lives until it returns. */
    cx_rc (*output)(void *context, cx_whatif_side side, const cx_stages_output *output, cx_err *err);
    /* After some thousand records; may be NULL. */
    void (*progress)(void *context, int32_t partition, int64_t offset, int64_t end);
} cx_whatif_events;

typedef struct cx_whatif_tally {
    size_t records; /* of the log, derived events included */
    size_t derived[CX_WHATIF_SIDES];
    int passes;   /* under the other pack */
    bool settled; /* the last pass made the derived events that it had read */
} cx_whatif_tally;

/* to: the last tick that counts; CX_NO_TIME: all. Of the source, begin, next (credit.records alone), range,
 * each_record, pack and codec are used. Errors as cx_replay_run. */
CX_MUST_CHECK cx_rc cx_whatif_run(const cx_replay_source *source, const cx_pack *pack, cx_time to,
                                  const cx_whatif_events *events, cx_whatif_tally *tally, cx_err *err);

#endif
