/* Evaluating a table: read the inputs, find the rules, give the value. */
#include "common/rules/table.h"

bool cx_cell_matches(const cx_match *m, size_t rule, size_t column) {
    const cx_node *test = cx_table_test(m->table, rule, column);
    if (test == NULL)
        return true;
    cx_env env = {m->env, &m->inputs[column]};
    return cx_eval_tests(m->e, test, m->inputs[column], &env) == CX_TRI_TRUE;
}

static bool rule_matches(const cx_match *m, size_t rule) {
    for (size_t c = 0; c < m->table->input_count; c++)
        if (!cx_cell_matches(m, rule, c))
            return false;
    return true;
}

void cx_match_rows(cx_match *m, bool first) {
    for (size_t r = 0; r < m->table->rule_count && m->e->rc == CX_OK; r++)
        if (rule_matches(m, r)) {
            m->rules[m->n++] = (uint32_t)r;
            if (first)
                return;
        }
}

/* A value that its column does not allow makes the whole table undecided: no rule, not even one without a
 * test, and no default output may answer for it. */
static cx_value checked_input(cx_match *m, const cx_input_column *column, cx_value v) {
    if (cx_value_is_null(v))
        return v;
    bool fits = true;
    if (column->type != NULL && (column->type->shape != CX_SHAPE_KIND || v.kind != column->type->kind))
        v = cx_type_convert(m->e, column->type, v, &fits);
    if (!fits)
        return cx_eval_warn(m->e, "the input \"%.*s\" is not of its column's type",
                            CX_VIEW_ARGS(column->text));
    if (column->allowed == NULL)
        return v;
    cx_env env = {m->env, &v};
    if (v.kind == CX_KIND_LIST) /* each item is tested */
        for (size_t i = 0; i < v.u.list.n && fits; i++) {
            cx_value item = v.u.list.items[i];
            cx_env inner = {m->env, &item};
            fits = cx_eval_tests(m->e, column->allowed, item, &inner) == CX_TRI_TRUE;
        }
    else
        fits = cx_eval_tests(m->e, column->allowed, v, &env) == CX_TRI_TRUE;
    m->refused = m->refused || !fits;
    return fits ? v
                : cx_eval_warn(m->e, "the input \"%.*s\" has a value that its column does not allow",
                               CX_VIEW_ARGS(column->text));
}

/* Most columns read an input by its name: without a detour. */
static inline cx_value read_input(const cx_match *m, const cx_node *expression) {
    if (expression->op == CX_OP_VAR && expression->up == 0)
        return m->env->slots[expression->index];
    return cx_eval_node(m->e, expression, m->env);
}

static bool read_inputs(cx_match *m) {
    const cx_table *t = m->table;
    m->inputs = cx_eval_alloc(m->e, t->input_count, sizeof *m->inputs);
    for (size_t c = 0; m->inputs != NULL && c < t->input_count; c++)
        m->inputs[c] = checked_input(m, &t->inputs[c], read_input(m, t->inputs[c].expression));
    return m->inputs != NULL && m->e->rc == CX_OK;
}

static void keep_hit(const cx_match *m) {
    cx_eval *e = m->e;
    cx_hit *hit = cx_eval_alloc(e, 1, sizeof *hit);
    if (hit == NULL)
        return;
    *hit = (cx_hit){NULL, m->table->decision, m->table, m->rules, m->n};
    if (e->last_hit != NULL)
        e->last_hit->next = hit;
    else
        e->first_hit = hit;
    e->last_hit = hit;
}

/* Room for the rules that match: one is enough where the first decides. */
static bool wants_one(const cx_table *t) {
    return t->policy == CX_POLICY_FIRST;
}

cx_value cx_table_eval(cx_eval *e, const cx_table *table, const cx_env *env) {
    cx_match m = {.e = e, .table = table, .env = env};
    bool first = wants_one(table);
    if (!read_inputs(&m))
        return cx_value_null();
    m.rules = cx_eval_alloc(e, first ? 1 : table->rule_count, sizeof *m.rules);
    if (m.rules == NULL)
        return cx_value_null();
    if (m.refused)
        m.n = 0;
    else if (table->index != NULL && (e->flags & CX_EVAL_ROW_BY_ROW) == 0)
        cx_match_index(&m, first);
    else
        cx_match_rows(&m, first);
    if (e->rc != CX_OK)
        return cx_value_null();
    cx_value v = m.refused ? cx_value_null() : cx_hit_value(&m);
    keep_hit(&m);
    if ((e->flags & CX_EVAL_EXPLAIN) != 0)
        cx_explain(&m, v);
    return v;
}
