/* Deciding a log again: from its events alone, every byte must come out the same (I-REPLAY). */
#ifndef TESTS_MODEL_REPLAY_H
#define TESTS_MODEL_REPLAY_H

#include "tests/model/chain.h"

/* Publishes to `again` (reset first) what departments, clock and operators had published to `played`, derived
 * events left out, and compares all topics by partition. packs: every one that was activated. false, and *err
 * says which topic differs, or what failed. */
bool cx_replay_is_same(const cx_chain *played, cx_chain *again, const cx_pack *const *packs, size_t n,
                       cx_err *err);

#endif
