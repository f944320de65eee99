/* Invariants of rights.md that can be read off what the chain told out. For tests of random histories.
 *
 * Stated over the encoded outputs: the newest status of each subject, the logs of decided and notices, and
 * the sanctioner's rows as what departments were last told. */
#ifndef TESTS_MODEL_INVARIANTS_H
#define TESTS_MODEL_INVARIANTS_H

#include "tests/model/chain.h"

typedef struct cx_tally {
    size_t accepted, refused, derived;
    size_t states[16]; /* changes to each state, by cx_entry_state */
} cx_tally;

/* After every step: I-EXPIRY (nothing is shown past its end), I-OBJECTION and I-RECALL (what departments were
 * last told fits the entries: running, resting, undone), I-CATALOG for the measures that run. */
bool cx_invariants_now(const cx_chain *chain, cx_date today, const cx_pack *pack, cx_err *err);
/* Over the whole log: I-NOTICE, I-HUMAN, I-CORRECT, I-PERSONAL (the defaulter list never passes), every
 * refusal home once and without effect. Adds to the tally. */
bool cx_invariants_log(const cx_chain *chain, cx_tally *tally, cx_err *err);

#endif
