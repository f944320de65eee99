/* Evaluating a decision: pure, without I/O, without a clock, without heap memory of its own.
 *
 * A decision's required decisions are evaluated first, in order; then its own logic. FEEL's now() and today()
 * are an argument. What FEEL calls an error (10 / 0, a text where a number is needed) gives null and a
 * warning, never a failure. Everything in the answer lives in the caller's arena (or in the model) and is
 * valid until the arena is reset. Thread-safe: threads may share a model; each has its own arena.
 */
#ifndef CX_RULES_EVAL_H
#define CX_RULES_EVAL_H

#include "common/rules/model.h"

/* Steps (nodes and cells visited, items made) after which an evaluation is given up: CX_EVAL_LIMIT. */
enum { CX_EVAL_STEPS = 5 * 1000 * 1000, CX_EVAL_DEPTH = 1000 };

typedef enum cx_eval_flags {
    CX_EVAL_EXPLAIN = 1,   /* fill answer->explanation; slower */
    CX_EVAL_ROW_BY_ROW = 2 /* leave the column index alone: the reference evaluator */
} cx_eval_flags;

typedef struct cx_warning {
    const struct cx_warning *next;
    cx_view decision; /* where it happened */
    cx_view text;     /* one sentence */
} cx_warning;

/* The rules of one table that answered, in the order in which they count under its hit policy: for U, A, P
 * and F the one rule that gave the result; for the others all that did. None: the default outputs or null. */
typedef struct cx_hit {
    const struct cx_hit *next;
    const cx_decision *decision; /* whose logic the table belongs to; NULL inside a knowledge model */
    const cx_table *table;
    const uint32_t *rules;
    size_t n;
} cx_hit;

/* One cell of a rule that matched or did not. */
typedef struct cx_cell_note {
    cx_view test; /* the cell's text, "-" when empty */
    bool matched;
} cx_cell_note;

typedef struct cx_rule_note {
    uint32_t rule;             /* cx_table_rule_id() names it */
    const cx_cell_note *cells; /* one for each input column */
} cx_rule_note;

/* Why a table answered as it did. */
typedef struct cx_explanation {
    const struct cx_explanation *next; /* tables in the order of their evaluation */
    cx_view decision;
    const cx_table *table;
    const cx_value *inputs;    /* one for each input column, as read */
    const cx_rule_note *rules; /* the hit's rules, in its order */
    size_t n;
    bool has_nearest; /* a rule that did not match, with most cells matched; the first of them */
    cx_rule_note nearest;
    cx_value result;
} cx_explanation;

typedef struct cx_answer {
    cx_value value;
    const cx_hit *own;          /* the hit of the decision's own table; NULL when its logic is no table */
    const cx_hit *hits;         /* all tables evaluated, in order */
    const cx_warning *warnings; /* in order */
    size_t warning_count;
    const cx_explanation *explanation; /* only with CX_EVAL_EXPLAIN */
} cx_answer;

/* inputs: cx_decision_input_count() values by slot; a missing one is null. Values are checked against the
 * declared types: what does not fit counts as null, with a warning. now: FEEL's now(); today() is its day in
 * China. flags: cx_eval_flags. OUT_OF_MEMORY when the arena is exhausted, EVAL_LIMIT when CX_EVAL_STEPS or
 * CX_EVAL_DEPTH is passed; *answer is then empty. */
CX_MUST_CHECK cx_rc cx_decision_eval(const cx_decision *decision, const cx_value *inputs, cx_time now,
                                     unsigned flags, cx_arena *arena, cx_answer *answer, cx_err *err);

/* A value from JSON or a text file made to fit the input's declared type: texts become dates, times,
 * durations and numbers where the type asks for them, in lists and contexts too. What does not fit is left.
 */
cx_value cx_decision_input_fit(const cx_decision *decision, size_t slot, cx_value v, cx_arena *arena);

#endif
