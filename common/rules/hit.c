/* Hit policies (DMN 1.5, 8.2.10): from the rules that match to the table's value. */
#include "common/rules/builtin_list.h"
#include "common/rules/table.h"

/* The value of a column's output, or false when it is not what the column takes. */
static bool output_of(const cx_match *m, const cx_output_column *o, const cx_node *node, cx_value *out) {
    *out = cx_value_null();
    if (node == NULL)
        return true;
    if (node->op == CX_OP_CONST && !o->allowed_varies) { /* checked when the table was loaded */
        *out = node->u.value;
        return true;
    }
    bool fits;
    cx_value v = cx_type_convert(m->e, o->type, cx_eval_node(m->e, node, m->env), &fits);
    if (fits && o->allowed != NULL && !cx_value_is_null(v)) {
        cx_env env = {m->env, &v};
        fits = cx_eval_tests(m->e, o->allowed, v, &env) == CX_TRI_TRUE;
    }
    if (fits)
        *out = v;
    return fits;
}

static cx_value output_at(const cx_match *m, uint32_t rule, size_t column) {
    cx_value v;
    if (output_of(m, &m->table->outputs[column], cx_table_result(m->table, rule, column), &v))
        return v;
    return cx_eval_warn(m->e, "rule %u gives an output that is not allowed", rule + 1);
}

static cx_value outputs_as_value(const cx_match *m, const cx_value *values) {
    const cx_table *t = m->table;
    if (t->output_count == 1)
        return values[0];
    cx_entry *entries = cx_eval_alloc(m->e, t->output_count, sizeof *entries);
    if (entries == NULL)
        return cx_value_null();
    for (size_t c = 0; c < t->output_count; c++)
        entries[c] = (cx_entry){t->outputs[c].name, values[c]};
    return cx_value_context(entries, t->output_count);
}

cx_value cx_rule_output(const cx_match *m, uint32_t rule) {
    size_t n = m->table->output_count;
    if (n == 1)
        return output_at(m, rule, 0);
    cx_value *values = cx_eval_alloc(m->e, n, sizeof *values);
    for (size_t c = 0; values != NULL && c < n; c++)
        values[c] = output_at(m, rule, c);
    return values != NULL ? outputs_as_value(m, values) : cx_value_null();
}

static cx_value fallback(cx_match *m) {
    const cx_table *t = m->table;
    cx_value *values = t->has_fallback ? cx_eval_alloc(m->e, t->output_count, sizeof *values) : NULL;
    if (values == NULL)
        return cx_value_null();
    for (size_t c = 0; c < t->output_count; c++)
        if (!output_of(m, &t->outputs[c], t->outputs[c].fallback, &values[c]))
            values[c] = cx_eval_warn(m->e, "the default output is not allowed");
    return outputs_as_value(m, values);
}

/* The place of a rule's output in its column's list of values; behind the last when it is not there. */
static size_t rank(const cx_match *m, uint32_t rule, size_t column) {
    const cx_output_column *o = &m->table->outputs[column];
    cx_value v = output_at(m, rule, column);
    size_t i = 0;
    while (i < o->order_count && !cx_value_same(o->order[i], v))
        i++;
    return i;
}

/* Whether rule a comes before rule b by the priority of outputs, column by column. */
static bool precedes(const cx_match *m, uint32_t a, uint32_t b) {
    for (size_t c = 0; c < m->table->output_count; c++) {
        if (m->table->outputs[c].order_count == 0)
            continue;
        size_t ra = rank(m, a, c), rb = rank(m, b, c);
        if (ra != rb)
            return ra < rb;
    }
    return false;
}

static void keep_only(cx_match *m, size_t i) {
    m->rules[0] = m->rules[i];
    m->n = 1;
}

static cx_value unique(cx_match *m) {
    if (m->n > 1)
        return cx_eval_warn(m->e, "rules %u and %u both match, and the hit policy is UNIQUE", m->rules[0] + 1,
                            m->rules[1] + 1);
    return cx_rule_output(m, m->rules[0]);
}

static cx_value any(cx_match *m) {
    cx_value v = cx_rule_output(m, m->rules[0]);
    for (size_t i = 1; i < m->n && cx_eval_step(m->e); i++)
        if (!cx_value_same(v, cx_rule_output(m, m->rules[i])))
            return cx_eval_warn(m->e,
                                "rules %u and %u match with different outputs, and the hit policy is ANY",
                                m->rules[0] + 1, m->rules[i] + 1);
    keep_only(m, 0);
    return v;
}

static cx_value priority(cx_match *m) {
    size_t best = 0;
    for (size_t i = 1; i < m->n && cx_eval_step(m->e); i++)
        if (precedes(m, m->rules[i], m->rules[best]))
            best = i;
    keep_only(m, best);
    return cx_rule_output(m, m->rules[0]);
}

/* Stable: rules of one priority stay in the table's order. */
static void order_by_output(cx_match *m) {
    for (size_t i = 1; i < m->n; i++) {
        uint32_t rule = m->rules[i];
        size_t j = i;
        for (; j > 0 && cx_eval_step(m->e) && precedes(m, rule, m->rules[j - 1]); j--)
            m->rules[j] = m->rules[j - 1];
        m->rules[j] = rule;
    }
}

static cx_value collected(cx_match *m) {
    cx_value *items = cx_eval_alloc(m->e, m->n, sizeof *items);
    for (size_t i = 0; items != NULL && i < m->n && cx_eval_step(m->e); i++)
        items[i] = cx_rule_output(m, m->rules[i]);
    return cx_eval_list(m->e, items, m->n);
}

static cx_value aggregate(cx_match *m) {
    if (m->table->policy == CX_POLICY_COUNT)
        return cx_value_int((int64_t)m->n);
    cx_value list = collected(m);
    if (list.kind != CX_KIND_LIST)
        return list;
    if (m->table->policy == CX_POLICY_SUM)
        return cx_fn_sum(m->e, &list, 1);
    return m->table->policy == CX_POLICY_MIN ? cx_fn_min(m->e, &list, 1) : cx_fn_max(m->e, &list, 1);
}

cx_value cx_hit_value(cx_match *m) {
    cx_policy policy = m->table->policy;
    if (m->n == 0)
        return fallback(m);
    switch (policy) {
    case CX_POLICY_UNIQUE:
        return unique(m);
    case CX_POLICY_ANY:
        return any(m);
    case CX_POLICY_PRIORITY:
        return priority(m);
    case CX_POLICY_FIRST:
        return cx_rule_output(m, m->rules[0]);
    case CX_POLICY_OUTPUT_ORDER:
        order_by_output(m);
        return collected(m);
    case CX_POLICY_RULE_ORDER:
    case CX_POLICY_COLLECT:
        return collected(m);
    case CX_POLICY_SUM:
    case CX_POLICY_MIN:
    case CX_POLICY_MAX:
    case CX_POLICY_COUNT:
        return aggregate(m);
    case CX_POLICIES:
        break;
    }
    return cx_value_null();
}
