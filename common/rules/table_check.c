/* What is checked when a table is loaded: constants against the types of their columns. */
#include "common/rules/index.h"
#include "common/rules/model_load.h"

/* A cell's line is its rule's: rules are written in one place. */
static cx_rc wrong_type(cx_loader *l, const cx_xml *at, cx_value v, const cx_type *type) {
    return cx_load_fail(l, at, CX_FEEL_TYPE,
                        "a %s stands where the type is %.*s: correct the cell or the type",
                        cx_kind_name(v.kind), CX_VIEW_ARGS(type->name));
}

/* Whether a constant may stand in a cell of a column whose values are of this kind. */
static bool fits_kind(cx_value v, cx_kind kind) {
    if (cx_value_is_null(v) || v.kind == kind || kind == CX_KIND_COUNT)
        return true;
    if (v.kind == CX_KIND_RANGE) {
        const cx_range *r = v.u.range;
        return (cx_value_is_null(r->low) || r->low.kind == kind) &&
               (cx_value_is_null(r->high) || r->high.kind == kind);
    }
    bool all = v.kind == CX_KIND_LIST;
    for (size_t i = 0; all && i < v.u.list.n; i++)
        all = v.u.list.items[i].kind != CX_KIND_LIST && fits_kind(v.u.list.items[i], kind);
    return all;
}

static cx_rc check_test(cx_loader *l, const cx_xml *at, const cx_node *tests, const cx_type *type) {
    cx_kind kind = cx_type_kind(type);
    if (type == NULL || type->shape != CX_SHAPE_KIND || tests == NULL)
        return CX_OK;
    for (size_t i = 0; i < tests->u.many.n; i++) {
        const cx_node *operand = tests->u.many.items[i]->u.kids.a;
        if (operand->op == CX_OP_CONST && !fits_kind(operand->u.value, kind))
            return wrong_type(l, at, operand->u.value, type);
    }
    return CX_OK;
}

/* A constant output, converted as its column wants it. */
static cx_rc check_output(cx_loader *l, const cx_xml *at, const cx_node **node,
                          const cx_output_column *column) {
    if (*node == NULL || (*node)->op != CX_OP_CONST || cx_value_is_null((*node)->u.value))
        return CX_OK;
    cx_eval e = {.arena = l->arena, .steps_left = CX_EVAL_STEPS, .quiet = true};
    bool fits = true;
    cx_value v = cx_type_convert(&e, column->type, (*node)->u.value, &fits);
    if (!fits)
        return wrong_type(l, at, (*node)->u.value, column->type);
    cx_env env = {NULL, &v};
    if (column->allowed != NULL && !column->allowed_varies &&
        cx_eval_tests(&e, column->allowed, v, &env) != CX_TRI_TRUE)
        return cx_load_fail(l, at, CX_FEEL_TYPE,
                            "the output is not among the allowed values: correct it, or allow it");
    if (cx_value_same(v, (*node)->u.value))
        return CX_OK; /* as it is, and shared with other cells */
    cx_node *checked = cx_node_new(l->arena, CX_OP_CONST);
    if (checked == NULL || e.rc != CX_OK)
        return cx_load_no_memory(l);
    checked->u.value = v;
    *node = checked;
    return CX_OK;
}

static cx_rc check_rule(cx_loader *l, const cx_xml *at, cx_table *t, size_t r) {
    l->rule = (int)r + 1;
    for (size_t c = 0; c < t->input_count; c++) {
        l->column = t->inputs[c].text;
        CX_TRY(check_test(l, at, cx_table_test(t, r, c), t->inputs[c].type));
    }
    for (size_t c = 0; c < t->output_count; c++) {
        l->column = t->outputs[c].name;
        CX_TRY(check_output(l, at, &t->results[r * t->output_count + c], &t->outputs[c]));
    }
    l->rule = 0;
    l->column = CX_VIEW("");
    return CX_OK;
}

static cx_rc check_policy(cx_loader *l, const cx_xml *x, const cx_table *t) {
    bool ordered = false;
    for (size_t c = 0; c < t->output_count; c++)
        ordered = ordered || t->outputs[c].order_count > 0;
    if ((t->policy == CX_POLICY_PRIORITY || t->policy == CX_POLICY_OUTPUT_ORDER) && !ordered)
        return cx_load_fail(l, x, CX_MODEL_INVALID,
                            "the hit policy %s needs the output's allowed values, in order of priority",
                            cx_table_policy(t));
    if (t->policy >= CX_POLICY_SUM && t->policy <= CX_POLICY_MAX && t->output_count > 1)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "%s needs a single output column", cx_table_policy(t));
    return CX_OK;
}

cx_rc cx_check_table(cx_loader *l, const cx_xml *x, cx_table *t) {
    CX_TRY(check_policy(l, x, t));
    const cx_xml *rule = cx_xml_child(x, "rule");
    for (size_t r = 0; r < t->rule_count; r++, rule = cx_xml_next(rule, "rule"))
        CX_TRY(check_rule(l, rule, t, r));
    for (size_t c = 0; c < t->output_count; c++)
        CX_TRY(check_output(l, x, &t->outputs[c].fallback, &t->outputs[c]));
    return cx_index_build(l->arena, t, CX_INDEX_BYTES, l->err);
}
