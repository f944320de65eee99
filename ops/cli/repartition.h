/* Inside `chengxin topics repartition`: repartition.c has its steps, repartition_look.c what must be so
 * before them, repartition_rows.c moves rows (docs/adr/0010). */
#ifndef OPS_CLI_REPARTITION_H
#define OPS_CLI_REPARTITION_H

#include "common/bus/producer.h"
#include "common/bus/trim.h"
#include "ops/cli/decoding.h"

enum { CX_SPLIT_MOST = 1024 }; /* partitions */

typedef struct cx_repartition {
    const cx_config *config;
    cx_admin *admin;
    cx_decoding decoding; /* Checkpoint and BreakerState */
    cx_producer *producer;
    int32_t from, into;
    bool begun;                  /* credit.records has its new partitions already */
    int64_t cuts[CX_SPLIT_MOST]; /* by partition: where the classifier stands */
    cx_time tick;                /* the latest of them all */
    size_t moved;                /* rows */
} cx_repartition;

/* What a stage reads of the spine. */
typedef struct cx_split_input {
    const char *group, *topic;
} cx_split_input;
extern const cx_split_input cx_split_inputs[]; /* group NULL at the end */

/* repartition_look.c */
/* How many partitions there are, and whether that may become `into`. *done: it is done already. */
CX_MUST_CHECK cx_rc cx_split_look(cx_repartition *job, bool *done, cx_err *err);
/* STILL_RUNNING where a service is, after so long. */
enum { CX_SPLIT_PATIENCE_MS = 30000 };
CX_MUST_CHECK cx_rc cx_split_stopped(cx_repartition *job, int patience_ms, cx_err *err);
/* NOT_DRAINED where a stage has not read all that there is; else fills cuts and tick, but where it is begun.
 */
CX_MUST_CHECK cx_rc cx_split_drained(cx_repartition *job, cx_err *err);
/* Gives a stage its positions in the new partitions, which are there, where it has none: their beginning,
 * with what it kept beside its position in the one that they came out of. */
CX_MUST_CHECK cx_rc cx_split_positions(cx_repartition *job, const cx_split_input *input, cx_err *err);

/* repartition_rows.c: each row of a compacted topic moves to the partition where it is at home, each in a
 * transaction with its tombstone where it was; breakers get their shares. Again moves what is left. */
CX_MUST_CHECK cx_rc cx_split_rows(cx_repartition *job, const char *topic, cx_err *err);

int cx_repartition_run(const cx_config *config, int32_t into, bool dry_run);

#endif
