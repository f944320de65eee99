/* Reading a decision table (DMN 1.5, 8). */
#include "common/rules/model_load.h"

static cx_rc load_policy(cx_loader *l, const cx_xml *x, cx_policy *out) {
    static const struct {
        const char *name;
        cx_policy policy;
    } policies[] = {{"UNIQUE", CX_POLICY_UNIQUE},         {"ANY", CX_POLICY_ANY},
                    {"PRIORITY", CX_POLICY_PRIORITY},     {"FIRST", CX_POLICY_FIRST},
                    {"RULE ORDER", CX_POLICY_RULE_ORDER}, {"OUTPUT ORDER", CX_POLICY_OUTPUT_ORDER},
                    {"COLLECT", CX_POLICY_COLLECT}},
      aggregations[] = {
          {"SUM", CX_POLICY_SUM}, {"MIN", CX_POLICY_MIN}, {"MAX", CX_POLICY_MAX}, {"COUNT", CX_POLICY_COUNT}};
    cx_view name, aggregation;
    bool known = false;
    CX_TRY(cx_load_attribute(l, x, "hitPolicy", &name));
    CX_TRY(cx_load_attribute(l, x, "aggregation", &aggregation));
    *out = CX_POLICY_UNIQUE; /* the standard's default */
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++)
        if (cx_view_is(name, policies[i].name)) {
            *out = policies[i].policy;
            known = true;
        }
    if (name.p != NULL && !known)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "there is no hit policy \"%.40s\"", name.p);
    if (aggregation.p == NULL || *out != CX_POLICY_COLLECT)
        return CX_OK;
    for (size_t i = 0; i < sizeof aggregations / sizeof aggregations[0]; i++)
        if (cx_view_is(aggregation, aggregations[i].name)) {
            *out = aggregations[i].policy;
            return CX_OK;
        }
    return cx_load_fail(l, x, CX_MODEL_INVALID, "there is no aggregation \"%.40s\"", aggregation.p);
}

static cx_rc tests_of(cx_loader *l, const cx_scope *scope, const cx_xml *at, cx_view text,
                      const cx_node **out) {
    cx_rc rc = cx_feel_tests(&l->feel, scope, text, out, l->err);
    return rc == CX_OK || rc == CX_OUT_OF_MEMORY ? rc : cx_load_fail_in(l, at);
}

/* inputValues or outputValues, else what the type allows. Values that can be read without any name in scope
 * are the same in all evaluations. */
static cx_rc load_allowed(cx_loader *l, const cx_scope *scope, const cx_xml *x, const char *child,
                          const cx_type *type, const cx_node **out, cx_view *text, bool *varies) {
    const cx_xml *values = cx_xml_child(x, child);
    *text = CX_VIEW("");
    if (values != NULL) {
        cx_err ignored = {0};
        CX_TRY(cx_load_text(l, values, text));
        *varies = cx_feel_tests(&l->feel, NULL, *text, out, &ignored) != CX_OK;
        return *varies ? tests_of(l, scope, values, *text, out) : CX_OK;
    }
    if (type != NULL && type->shape == CX_SHAPE_LIST)
        type = type->item;
    while (type != NULL && type->allowed == NULL)
        type = type->base;
    *out = type != NULL ? type->allowed : NULL;
    *text = type != NULL ? type->allowed_text : *text;
    return CX_OK;
}

static cx_rc load_input(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_input_column *column) {
    const cx_xml *expression = cx_xml_child(x, "inputExpression");
    cx_view ignored;
    if (expression == NULL)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "an input column has no inputExpression");
    CX_TRY(cx_load_text(l, expression, &column->text));
    l->column = column->text;
    if (column->text.n == 0)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "an input column has an empty expression");
    CX_TRY(cx_load_type(l, expression, &column->type, &ignored));
    CX_TRY(cx_load_feel(l, scope, expression, column->text, &column->expression));
    CX_TRY(load_allowed(l, scope, x, "inputValues", column->type, &column->allowed, &column->allowed_text,
                        &column->allowed_varies));
    l->column = CX_VIEW("");
    return CX_OK;
}

/* The constants among the allowed outputs are their priorities, first is highest. */
static cx_rc load_order(cx_loader *l, cx_output_column *column) {
    const cx_node *tests = column->allowed;
    if (tests == NULL || tests->op != CX_OP_TESTS)
        return CX_OK;
    cx_value *order = cx_arena_calloc(l->arena, tests->u.many.n, sizeof *order);
    if (order == NULL)
        return cx_load_no_memory(l);
    for (size_t i = 0; i < tests->u.many.n; i++) {
        const cx_node *test = tests->u.many.items[i];
        if (test->op == CX_OP_TEST && test->u.kids.a->op == CX_OP_CONST)
            order[column->order_count++] = test->u.kids.a->u.value;
    }
    column->order = order;
    return CX_OK;
}

static const cx_type *component_type(const cx_type *type, cx_view name) {
    if (type != NULL && type->shape == CX_SHAPE_LIST)
        type = type->item;
    for (size_t i = 0; type != NULL && type->shape == CX_SHAPE_CONTEXT && i < type->n; i++)
        if (cx_view_eq(type->components[i].name, name))
            return type->components[i].type;
    return NULL;
}

static cx_rc load_output(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_table *t, size_t c) {
    cx_output_column *column = &t->outputs[c];
    const cx_xml *fallback = cx_xml_child(x, "defaultOutputEntry");
    cx_view ignored, text;
    CX_TRY(cx_load_attribute(l, x, "name", &text));
    column->name = cx_name_normal(l->arena, text);
    l->column = column->name;
    if (column->name.n == 0 && t->output_count > 1)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "an output column has no name, and there are several");
    for (size_t k = 0; k < c; k++)
        if (t->output_count > 1 && cx_view_eq(t->outputs[k].name, column->name))
            return cx_load_fail(l, x, CX_MODEL_INVALID, "two output columns have the same name");
    if (!cx_feel_know(&l->feel, column->name))
        return cx_load_no_memory(l);
    CX_TRY(cx_load_type(l, x, &column->type, &ignored));
    if (column->type == NULL && l->part != NULL && t->output_count > 1)
        column->type = component_type(l->part->type, column->name);
    CX_TRY(load_allowed(l, scope, x, "outputValues", column->type, &column->allowed, &ignored,
                        &column->allowed_varies));
    CX_TRY(load_order(l, column));
    if (fallback != NULL) {
        CX_TRY(cx_load_text(l, fallback, &text));
        if (text.n > 0)
            CX_TRY(cx_load_feel(l, scope, fallback, text, &column->fallback));
        t->has_fallback = t->has_fallback || column->fallback != NULL;
    }
    l->column = CX_VIEW("");
    return CX_OK;
}

static size_t count_of(const cx_xml *x, const char *name) {
    size_t n = 0;
    for (const cx_xml *c = cx_xml_child(x, name); c != NULL; c = cx_xml_next(c, name))
        n++;
    return n;
}

static cx_rc load_note(cx_loader *l, const cx_xml *x, cx_view *out) {
    const cx_xml *note = cx_xml_child(x, "annotationEntry");
    if (note != NULL)
        CX_TRY(cx_load_text(l, note, out));
    const cx_xml *description = cx_xml_child(x, "description");
    if (out->n == 0 && description != NULL) {
        *out = cx_arena_copy(l->arena, cx_view_trim(cx_xml_text(description)));
        if (out->p == NULL)
            return cx_load_no_memory(l);
    }
    return CX_OK;
}

static cx_rc load_cells(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_table *t, size_t r) {
    size_t c = 0;
    for (const cx_xml *e = cx_xml_child(x, "inputEntry"); e != NULL; e = cx_xml_next(e, "inputEntry"), c++) {
        size_t at = r * t->input_count + c;
        l->column = t->inputs[c].text;
        CX_TRY(cx_load_tests(l, scope, e, &t->cells[at], &t->tests[at]));
    }
    c = 0;
    for (const cx_xml *e = cx_xml_child(x, "outputEntry"); e != NULL;
         e = cx_xml_next(e, "outputEntry"), c++) {
        l->column = t->outputs[c].name;
        CX_TRY(cx_load_output(l, scope, e, &t->results[r * t->output_count + c]));
    }
    l->column = CX_VIEW("");
    return CX_OK;
}

static cx_rc load_rule(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_table *t, size_t r) {
    cx_rule *rule = &t->rules[r];
    l->rule = (int)r + 1;
    rule->line = x->line;
    CX_TRY(cx_load_attribute(l, x, "id", &rule->id));
    if (rule->id.n == 0)
        rule->id = cx_arena_printf(l->arena, "rule-%zu", r + 1);
    if (rule->id.p == NULL)
        return cx_load_no_memory(l);
    CX_TRY(load_note(l, x, &rule->note));
    if (count_of(x, "inputEntry") != t->input_count || count_of(x, "outputEntry") != t->output_count)
        return cx_load_fail(
            l, x, CX_MODEL_INVALID, "the rule has %zu inputs and %zu outputs, the table %zu and %zu",
            count_of(x, "inputEntry"), count_of(x, "outputEntry"), t->input_count, t->output_count);
    CX_TRY(load_cells(l, scope, x, t, r));
    l->rule = 0;
    return CX_OK;
}

static cx_rc new_table(cx_loader *l, const cx_xml *x, cx_table **out) {
    cx_table *t = cx_arena_calloc(l->arena, 1, sizeof *t);
    if (t == NULL)
        return cx_load_no_memory(l);
    t->input_count = count_of(x, "input");
    t->output_count = count_of(x, "output");
    t->rule_count = count_of(x, "rule");
    if (t->rule_count == 0)
        return cx_load_fail(l, x, CX_MODEL_INVALID,
                            "the table has no rules: add one, or a literal expression");
    if (t->output_count == 0)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "the table has no output column");
    if (t->input_count > CX_MODEL_MAX_COLUMNS || t->output_count > CX_MODEL_MAX_COLUMNS ||
        t->rule_count > CX_MODEL_MAX_RULES)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "the table is larger than %d columns or %d rules",
                            CX_MODEL_MAX_COLUMNS, CX_MODEL_MAX_RULES);
    t->inputs = cx_arena_calloc(l->arena, t->input_count, sizeof *t->inputs);
    t->outputs = cx_arena_calloc(l->arena, t->output_count, sizeof *t->outputs);
    t->rules = cx_arena_calloc(l->arena, t->rule_count, sizeof *t->rules);
    t->tests = cx_arena_calloc(l->arena, t->rule_count * t->input_count, sizeof *t->tests);
    t->cells = cx_arena_calloc(l->arena, t->rule_count * t->input_count, sizeof *t->cells);
    t->results = cx_arena_calloc(l->arena, t->rule_count * t->output_count, sizeof *t->results);
    *out = t;
    return t->inputs != NULL && t->outputs != NULL && t->rules != NULL && t->tests != NULL &&
                   t->cells != NULL && t->results != NULL
               ? CX_OK
               : cx_load_no_memory(l);
}

cx_rc cx_load_table(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_table **out) {
    cx_table *t = NULL;
    size_t i = 0;
    CX_TRY(new_table(l, x, &t));
    CX_TRY(load_policy(l, x, &t->policy));
    CX_TRY(cx_load_attribute(l, x, "id", &t->id));
    t->file = l->model->file;
    if (l->part != NULL) {
        t->name = l->part->name;
        t->id = t->id.n > 0 ? t->id : l->part->id;
    }
    for (const cx_xml *c = cx_xml_child(x, "input"); c != NULL; c = cx_xml_next(c, "input"))
        CX_TRY(load_input(l, scope, c, &t->inputs[i++]));
    i = 0;
    for (const cx_xml *c = cx_xml_child(x, "output"); c != NULL; c = cx_xml_next(c, "output"), i++)
        CX_TRY(load_output(l, scope, c, t, i));
    i = 0;
    cx_cells_begin(l->cells);
    for (const cx_xml *c = cx_xml_child(x, "rule"); c != NULL; c = cx_xml_next(c, "rule"), i++)
        CX_TRY(load_rule(l, scope, c, t, i));
    CX_TRY(cx_check_table(l, x, t));
    *out = t;
    return CX_OK;
}
