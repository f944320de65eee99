/* Inside `chengxin explain`: the chain as text, and the proof that it is what comes of the log. */
#ifndef OPS_CLI_EXPLAIN_H
#define OPS_CLI_EXPLAIN_H

#include <jansson.h>

#include "ops/cli/inquiry.h"

/* Adds "cited" to the chain: an array of what, code, name, article or basis, clause and pack, for every
 * basis, item, list, measure and procedure that the chain names, as the packs of its decisions have it. Reads
 * credit.policies: TOPIC_MISSING, BUS_AWAY; PACK_INVALID. What a pack does not know is not cited. */
CX_MUST_CHECK cx_rc cx_explain_cite(const cx_config *config, json_t *chain, cx_err *err);

/* What history.explain said (schemas/sql/03_queries.sql), for people, on stdout. */
CX_MUST_CHECK cx_rc cx_explain_print(const json_t *chain);

/* Decides the partitions that the chain's events lie in again, each up to the newest of them, and compares
 * what concerns the inquiry's subjects. *verdict: a tally (replay_show.h) with "same" and "found", for the
 * caller to release. Errors of cx_replay_run. */
CX_MUST_CHECK cx_rc cx_explain_verify(const cx_config *config, const json_t *chain, const cx_inquiry *inquiry,
                                      json_t **verdict, bool *same, cx_err *err);
/* For people, on stdout. */
void cx_explain_print_verdict(const json_t *verdict);

#endif
