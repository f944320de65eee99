/* Positions of a sink in PostgreSQL, in the same transaction as its rows, behind a fence of epochs.
 *
 * Who takes a partition over raises its epoch (history.take) and ends the backend of the owner before; who
 * only lost its connection keeps its epoch (history.keep). An offset moves from where its writer believes it
 * to be and under its own epoch, or not at all, and then the writer must end: CX_FENCED. The hash chain over
 * what was written moves along with it. Not thread-safe.
 */
#ifndef CX_STORE_FENCE_H
#define CX_STORE_FENCE_H

#include "common/base/chain_place.h"
#include "common/base/time.h"
#include "common/store/postgres.h"

typedef struct cx_claim {
    char *topic; /* owned by the claim */
    int32_t partition;
    int64_t epoch;                 /* 0: not taken yet */
    int64_t at;                    /* next_offset as the database has it */
    int64_t next;                  /* as the batch in hand will leave it */
    cx_time tick;                  /* newest in the batch; CX_NO_TIME: none */
    cx_time received_to;           /* of that tick */
    cx_time ticked;                /* newest tick of all, that of earlier batches too; CX_NO_TIME: none */
    cx_hash_chain chain_at, chain; /* as the database has it; as the batch in hand will leave it */
    cx_time ticked_at;             /* ticked, as the database has it */
} cx_claim;

typedef struct cx_claims {
    const char *schema; /* in which the tables are: a name of ours, never a person's input */
    int generation;
    cx_claim *items;
    size_t n, room;
} cx_claims;

/* Forgets all of them: the partitions are somebody else's from now on. */
void cx_claims_clear(cx_claims *claims);
/* Clears and frees. */
void cx_claims_free(cx_claims *claims);
/* The claim of that partition, or NULL. */
cx_claim *cx_claims_find(cx_claims *claims, cx_view topic, int32_t partition);

/* The claim, taken over when it is new to us, else kept; `at` and `next` become where to begin (0: the
 * beginning). The batch in hand is forgotten. Outside a transaction. CX_FENCED: another owner has taken it.
 */
cx_rc cx_claims_place(cx_claims *claims, cx_pg *pg, const char *topic, int32_t partition, cx_claim **out,
                      cx_err *err) CX_MUST_CHECK;

/* The moves of the batch in hand, as history.advance takes them; apart from the claims, so that another
 * thread can send them. An empty one is {0}. */
enum { CX_ADVANCE_VALUES = 12 };
typedef struct cx_advance {
    const char *schema;
    char *values[CX_ADVANCE_VALUES];
    size_t n; /* claims that move */
} cx_advance;

/* Of every claim whose next is not its at, or whose chain was cut. CX_OUT_OF_MEMORY leaves nothing to free.
 */
cx_rc cx_claims_prepare(const cx_claims *claims, cx_advance *out, cx_err *err) CX_MUST_CHECK;
/* Moves them: the last statement before COMMIT. CX_FENCED when one did not move: roll back. */
cx_rc cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err) CX_MUST_CHECK;
void cx_advance_free(cx_advance *advance);
/* at = next: after the COMMIT, or once it is certain that either it succeeds or every claim is placed anew.
 */
void cx_claims_committed(cx_claims *claims);
/* Forgets the batch in hand: next = at. */
void cx_claims_drop(cx_claims *claims);

#endif
