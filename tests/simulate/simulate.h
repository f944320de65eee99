/* The stages as services over a model of Kafka (broker.h), with crashes, stops, redeliveries and rebalances
 * by seed: two slots of each stage share its partitions. Whatever happens, what lies in the topics in the end
 * must be what the log gives when it is decided without any disturbance.
 */
#ifndef TESTS_SIMULATE_SIMULATE_H
#define TESTS_SIMULATE_SIMULATE_H

#include <stdint.h>

#include "common/law/pack.h"

/* Mistakes of the runner that the comparison must catch. */
typedef enum cx_sim_mistake {
    CX_SIM_NONE,
    CX_SIM_OFFSETS_OUTSIDE, /* positions are committed before the transaction, not in it */
    CX_SIM_READS_DIRTY,     /* read_uncommitted */
    CX_SIM_STATE_KEPT,      /* rows in memory survive an abort */
    CX_SIM_NEW_GENERATION, /* the group's generation is taken when the batch is committed, not when it is read
                            */
    CX_SIM_HASTY_RESTORE,  /* a changelog is read to where open transactions begin to hide it */
    CX_SIM_UNSTABLE,       /* a position is taken while a newer one is in an open transaction */
    CX_SIM_MISTAKES
} cx_sim_mistake;

/* What happened, to prove that it did. */
typedef struct cx_sim_tally {
    uint64_t messages, commits, crashes, crashed_after_commit, rebalances, fenced, aborted, restored, resumed,
        waited;
} cx_sim_tally;

typedef struct cx_sim cx_sim;

/* NULL when out of memory. */
cx_sim *cx_sim_new(void);
void cx_sim_destroy(cx_sim **sim);
/* Plays the seed's history. False, and a message, when the outcome differs (or something failed). */
bool cx_sim_run(cx_sim *sim, uint64_t seed, cx_sim_mistake mistake, cx_sim_tally *tally, cx_err *err);

/* In the program whose code has mistakes in it: those that make a decision depend on what no changelog holds
 * are seen. */
bool cx_sim_sees_hidden_state(void);

#endif
