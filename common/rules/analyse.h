/* What can be said about a decision table without running it.
 *
 * Exact for the cells that the column index understands (constants, comparisons, intervals, lists,
 * negations); what it could not decide is said as CX_FINDING_UNDECIDED, never guessed. Null inputs are
 * left out: a table need not have a rule for null. Gaps are looked for under U, A, P and F: a table that
 * collects answers with an empty result where no rule matches.
 */
#ifndef CX_RULES_ANALYSE_H
#define CX_RULES_ANALYSE_H

#include "common/rules/model.h"

typedef enum cx_finding_kind {
    CX_FINDING_GAP,           /* inputs for which no rule matches and there is no default output */
    CX_FINDING_OVERLAP,       /* two rules match the same inputs, and the hit policy allows it */
    CX_FINDING_CONTRADICTION, /* two rules match the same inputs, and the hit policy forbids it */
    CX_FINDING_UNREACHABLE,   /* the rule never gives the result: others always come before it */
    CX_FINDING_SUBSUMED,      /* everything that the rule matches, one other rule matches too, with the same
                                 outputs */
    CX_FINDING_IMPOSSIBLE,    /* a value or interval that cannot occur, or an output that is not allowed */
    CX_FINDING_UNUSED,        /* an input column without any test, or a requirement that nothing reads */
    CX_FINDING_UNDECIDED,     /* the analysis gave up on this: cells it cannot see into, or too many cases */
    CX_FINDING_KINDS
} cx_finding_kind;

enum { CX_FINDING_NO_RULE = UINT32_MAX };

typedef struct cx_finding {
    struct cx_finding *next;
    cx_finding_kind kind;
    /* What a waiver names, within its table: kind and rules, stable as long as the rules' ids are: "GAP",
     * "OVERLAP r1 r2" ... A GAP has no rule. */
    cx_view name;
    uint32_t rules[2];       /* CX_FINDING_NO_RULE where there is none */
    cx_view text;            /* one sentence */
    const cx_value *example; /* GAP, OVERLAP, CONTRADICTION: one value for each input column; else NULL */
} cx_finding;

/* "GAP", "OVERLAP" ... */
const char *cx_finding_kind_name(cx_finding_kind kind);
/* Whether a pack with this finding is refused unless it waives it: gaps, contradictions, undecided. */
bool cx_finding_refuses(cx_finding_kind kind);

/* Findings in the order of kinds, then rules; at most 100 of each kind. They live in the arena.
 * OUT_OF_MEMORY when it is exhausted. Thread-safe. */
CX_MUST_CHECK cx_rc cx_table_analyse(const cx_table *table, cx_arena *arena, const cx_finding **out,
                                     cx_err *err);
/* The decision's own table, and its requirements that nothing reads. A finding's rules are of that table. */
CX_MUST_CHECK cx_rc cx_decision_analyse_own(const cx_decision *decision, cx_arena *arena,
                                            const cx_finding **out, cx_err *err);
/* The same for the decision and all that it requires, one behind the other. */
CX_MUST_CHECK cx_rc cx_decision_analyse(const cx_decision *decision, cx_arena *arena, const cx_finding **out,
                                        cx_err *err);

#endif
