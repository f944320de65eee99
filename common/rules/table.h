/* A decision table in memory. Internal to common/rules; immutable once loaded. */
#ifndef CX_RULES_TABLE_H
#define CX_RULES_TABLE_H

#include "common/rules/interp.h"
#include "common/rules/model.h"

typedef enum cx_policy {
    CX_POLICY_UNIQUE,
    CX_POLICY_ANY,
    CX_POLICY_PRIORITY,
    CX_POLICY_FIRST,
    CX_POLICY_RULE_ORDER,
    CX_POLICY_OUTPUT_ORDER,
    CX_POLICY_COLLECT,
    CX_POLICY_SUM,
    CX_POLICY_MIN,
    CX_POLICY_MAX,
    CX_POLICY_COUNT,
    CX_POLICIES
} cx_policy;

typedef struct cx_input_column {
    cx_view text; /* the input expression */
    const cx_node *expression;
    const cx_type *type;    /* NULL: any */
    const cx_node *allowed; /* inputValues, else the type's; NULL: none */
    cx_view allowed_text;
    bool allowed_varies; /* it names other inputs: known in an evaluation alone */
} cx_input_column;

typedef struct cx_output_column {
    cx_view name; /* empty for a single unnamed output */
    const cx_type *type;
    const cx_node *allowed; /* outputValues, else the type's; NULL: none */
    bool allowed_varies;    /* as above */
    const cx_value *order;  /* their constants, first is of highest priority */
    size_t order_count;
    const cx_node *fallback; /* the default output; NULL: none */
} cx_output_column;

typedef struct cx_rule {
    cx_view id;
    cx_view note;
    int line;
} cx_rule;

struct cx_index;

struct cx_table {
    const cx_decision *decision; /* whose logic it is; NULL inside something larger */
    cx_view id;
    cx_view name;
    cx_view file;
    cx_policy policy;
    cx_input_column *inputs;
    cx_output_column *outputs;
    cx_rule *rules;
    size_t input_count, output_count, rule_count;
    /* By rule, then column. A NULL test matches everything. */
    const cx_node **tests;
    cx_view *cells;
    const cx_node **results;
    bool has_fallback;
    const struct cx_index *index; /* NULL: rows only */
};

static inline const cx_node *cx_table_test(const cx_table *t, size_t rule, size_t column) {
    return t->tests[rule * t->input_count + column];
}
static inline const cx_node *cx_table_result(const cx_table *t, size_t rule, size_t column) {
    return t->results[rule * t->output_count + column];
}

/* One evaluation of one table: the inputs as read, and the rules that match, ascending. */
typedef struct cx_match {
    cx_eval *e;
    const cx_table *table;
    const cx_env *env;
    cx_value *inputs;
    uint32_t *rules;
    size_t n;
    bool refused; /* an input is not allowed in its column */
} cx_match;

/* Whether one cell of a rule holds for its column's input. */
bool cx_cell_matches(const cx_match *m, size_t rule, size_t column);
/* Finds matching rules row by row; with `first` stops at the first. */
void cx_match_rows(cx_match *m, bool first);
/* The same by the column index. */
void cx_match_index(cx_match *m, bool first);
/* The table's value for the rules found; *m's rules become those that count, in the policy's order. */
cx_value cx_hit_value(cx_match *m);
/* One rule's outputs: a value, or a context when there are several or named columns. */
cx_value cx_rule_output(const cx_match *m, uint32_t rule);
void cx_explain(cx_match *m, cx_value result);

#endif
