/* Boxed expressions (DMN 1.5, 7.3 and 10.2): each becomes a tree like FEEL's. */
#include "common/rules/model_expr.h"

enum { DEEPEST = 40 };

static const char *const expression_names[] = {
    "literalExpression",  "decisionTable", "context", "invocation", "relation", "list",
    "functionDefinition", "conditional",   "filter",  "for",        "some",     "every"};
enum { EXPRESSIONS = sizeof expression_names / sizeof expression_names[0] };

const cx_xml *cx_find_expression(const cx_xml *parent) {
    for (const cx_xml *x = cx_xml_child(parent, NULL); x != NULL; x = cx_xml_next(x, NULL))
        for (int i = 0; i < EXPRESSIONS; i++)
            if (cx_xml_is(x, expression_names[i]))
                return x;
    return NULL;
}

cx_rc cx_load_feel(cx_loader *l, const cx_scope *scope, const cx_xml *at, cx_view text, const cx_node **out) {
    cx_rc rc = cx_feel_expression(&l->feel, scope, text, out, l->err);
    return rc == CX_OK || rc == CX_OUT_OF_MEMORY ? rc : cx_load_fail_in(l, at);
}

cx_rc cx_load_node(cx_loader *l, cx_op op, cx_node **out) {
    *out = cx_node_new(l->arena, op);
    return *out != NULL ? CX_OK : cx_load_no_memory(l);
}

cx_rc cx_load_inner(cx_loader *l, const cx_scope *scope, const cx_xml *parent, const cx_node **out) {
    const cx_xml *x = parent != NULL ? cx_find_expression(parent) : NULL;
    if (x == NULL)
        return cx_load_fail(l, parent, CX_MODEL_INVALID, "<%s> holds no expression", parent->name);
    return cx_load_expression(l, scope, x, out);
}

cx_rc cx_load_child(cx_loader *l, const cx_xml *x, const char *name, const cx_xml **out) {
    *out = cx_xml_child(x, name);
    return *out != NULL ? CX_OK : cx_load_fail(l, x, CX_MODEL_INVALID, "<%s> lacks its <%s>", x->name, name);
}

static cx_rc load_literal(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    cx_view language, text;
    CX_TRY(cx_load_attribute(l, x, "expressionLanguage", &language));
    if (language.n > 0 && memmem(language.p, language.n, "FEEL", 4) == NULL &&
        memmem(language.p, language.n, "feel", 4) == NULL)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "the expression language \"%.*s\" is not FEEL",
                            language.n > 80 ? 80 : (int)language.n, language.p);
    CX_TRY(cx_load_text(l, x, &text));
    if (text.n == 0)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "the expression is empty");
    return cx_load_feel(l, scope, x, text, out);
}

/* Arrays for n children, and the environment's names. */
struct items {
    const cx_node **at;
    cx_view *names;
    cx_binding *bindings;
    size_t n;
};

static cx_rc new_items(cx_loader *l, const cx_xml *parent, const char *child, struct items *items) {
    size_t n = 0;
    for (const cx_xml *c = cx_xml_child(parent, child); c != NULL; c = cx_xml_next(c, child))
        n++;
    items->n = 0;
    items->at = cx_arena_calloc(l->arena, n, sizeof *items->at);
    items->names = cx_arena_calloc(l->arena, n, sizeof *items->names);
    items->bindings = cx_arena_calloc(l->arena, n, sizeof *items->bindings);
    return items->at != NULL && items->names != NULL && items->bindings != NULL ? CX_OK
                                                                                : cx_load_no_memory(l);
}

static cx_rc convert(cx_loader *l, const cx_type *type, const cx_node **node) {
    cx_node *made;
    if (type == NULL)
        return CX_OK;
    CX_TRY(cx_load_node(l, CX_OP_CONVERT, &made));
    made->u.instance.of = *node;
    made->u.instance.type = type;
    *node = made;
    return CX_OK;
}

static cx_rc load_context(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    struct items items;
    cx_node *node;
    CX_TRY(new_items(l, x, "contextEntry", &items));
    CX_TRY(cx_load_node(l, CX_OP_CONTEXT, &node));
    cx_scope inside = {.parent = scope, .bindings = items.bindings};
    for (const cx_xml *c = cx_xml_child(x, "contextEntry"); c != NULL; c = cx_xml_next(c, "contextEntry")) {
        const cx_xml *variable = cx_xml_child(c, "variable");
        if (variable == NULL) { /* the last entry is the result */
            if (cx_xml_next(c, "contextEntry") != NULL)
                return cx_load_fail(l, c, CX_MODEL_INVALID,
                                    "only a context's last entry may lack a variable");
            CX_TRY(cx_load_inner(l, &inside, c, &node->u.many.body));
            break;
        }
        const cx_type *type;
        cx_view ignored, *name = &items.names[items.n];
        CX_TRY(cx_load_name(l, variable, "name", name));
        for (size_t i = 0; i < items.n; i++)
            if (cx_view_eq(items.names[i], *name))
                return cx_load_fail(l, c, CX_MODEL_INVALID, "the entry \"%.*s\" is there twice",
                                    CX_VIEW_ARGS(*name));
        CX_TRY(cx_load_type(l, variable, &type, &ignored));
        if (!cx_feel_know(&l->feel, *name))
            return cx_load_no_memory(l);
        items.bindings[items.n] = (cx_binding){*name, (uint32_t)items.n};
        const cx_xml *function = cx_xml_child(c, "functionDefinition"); /* may call itself */
        inside.n = items.n + (function != NULL ? 1 : 0);
        CX_TRY(cx_load_inner(l, &inside, c, &items.at[items.n]));
        CX_TRY(convert(l, type, &items.at[items.n]));
        inside.n = ++items.n;
    }
    node->u.many.items = items.at;
    node->u.many.names = items.names;
    node->u.many.n = items.n;
    *out = node;
    return CX_OK;
}

static cx_rc load_invocation(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    struct items items;
    cx_node *node;
    CX_TRY(new_items(l, x, "binding", &items));
    CX_TRY(cx_load_node(l, CX_OP_CALL, &node));
    CX_TRY(cx_load_inner(l, scope, x, &node->u.many.body));
    for (const cx_xml *c = cx_xml_child(x, "binding"); c != NULL; c = cx_xml_next(c, "binding")) {
        const cx_xml *parameter;
        CX_TRY(cx_load_child(l, c, "parameter", &parameter));
        CX_TRY(cx_load_name(l, parameter, "name", &items.names[items.n]));
        CX_TRY(cx_load_inner(l, scope, c, &items.at[items.n]));
        items.n++;
    }
    node->u.many.items = items.at;
    node->u.many.n = items.n;
    node->u.many.names = items.n > 0 ? items.names : NULL;
    *out = node;
    return CX_OK;
}

static cx_rc load_list(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    struct items items;
    cx_node *node;
    CX_TRY(new_items(l, x, NULL, &items));
    CX_TRY(cx_load_node(l, CX_OP_LIST, &node));
    for (const cx_xml *c = cx_find_expression(x); c != NULL; c = cx_xml_next(c, NULL))
        CX_TRY(cx_load_expression(l, scope, c, &items.at[items.n++]));
    node->u.many.items = items.at;
    node->u.many.n = items.n;
    *out = node;
    return CX_OK;
}

static cx_rc load_row(cx_loader *l, const cx_scope *scope, const cx_xml *row, const struct items *columns,
                      const cx_node **out) {
    struct items items;
    cx_node *node;
    cx_scope inside = {.parent = scope}; /* a context's level of environment, without names */
    CX_TRY(new_items(l, row, NULL, &items));
    CX_TRY(cx_load_node(l, CX_OP_CONTEXT, &node));
    for (const cx_xml *c = cx_find_expression(row); c != NULL; c = cx_xml_next(c, NULL))
        CX_TRY(cx_load_expression(l, &inside, c, &items.at[items.n++]));
    if (items.n != columns->n)
        return cx_load_fail(l, row, CX_MODEL_INVALID, "the row has %zu cells, the relation %zu columns",
                            items.n, columns->n);
    node->u.many.items = items.at;
    node->u.many.names = columns->names;
    node->u.many.n = items.n;
    *out = node;
    return CX_OK;
}

static cx_rc load_relation(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    struct items columns, rows;
    cx_node *node;
    CX_TRY(new_items(l, x, "column", &columns));
    CX_TRY(new_items(l, x, "row", &rows));
    CX_TRY(cx_load_node(l, CX_OP_LIST, &node));
    for (const cx_xml *c = cx_xml_child(x, "column"); c != NULL; c = cx_xml_next(c, "column")) {
        CX_TRY(cx_load_name(l, c, "name", &columns.names[columns.n]));
        if (!cx_feel_know(&l->feel, columns.names[columns.n++]))
            return cx_load_no_memory(l);
    }
    for (const cx_xml *c = cx_xml_child(x, "row"); c != NULL; c = cx_xml_next(c, "row"))
        CX_TRY(load_row(l, scope, c, &columns, &rows.at[rows.n++]));
    node->u.many.items = rows.at;
    node->u.many.n = rows.n;
    *out = node;
    return CX_OK;
}

static cx_rc load_function(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    struct items items;
    cx_node *node;
    cx_view kind;
    CX_TRY(cx_load_attribute(l, x, "kind", &kind));
    if (kind.n > 0 && !cx_view_is(kind, "FEEL"))
        return cx_load_fail(l, x, CX_MODEL_INVALID, "only functions of kind FEEL are accepted");
    CX_TRY(new_items(l, x, "formalParameter", &items));
    CX_TRY(cx_load_node(l, CX_OP_FUNCTION, &node));
    size_t room = 0;
    for (const cx_xml *c = cx_xml_child(x, "formalParameter"); c != NULL;
         c = cx_xml_next(c, "formalParameter"))
        room++;
    const cx_type **types = cx_arena_calloc(l->arena, room, sizeof *types);
    if (types == NULL)
        return cx_load_no_memory(l);
    for (const cx_xml *c = cx_xml_child(x, "formalParameter"); c != NULL;
         c = cx_xml_next(c, "formalParameter")) {
        cx_view ignored;
        CX_TRY(cx_load_name(l, c, "name", &items.names[items.n]));
        CX_TRY(cx_load_type(l, c, &types[items.n], &ignored));
        items.bindings[items.n] = (cx_binding){items.names[items.n], (uint32_t)items.n};
        items.n++;
    }
    cx_scope inside = {.parent = scope, .bindings = items.bindings, .n = items.n};
    CX_TRY(cx_load_inner(l, &inside, x, &node->u.many.body));
    node->u.many.names = items.names;
    node->u.many.types = types;
    node->u.many.n = items.n;
    *out = node;
    return CX_OK;
}

static cx_rc load_table_node(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    cx_node *node;
    CX_TRY(cx_load_node(l, CX_OP_TABLE, &node));
    CX_TRY(cx_load_table(l, scope, x, &node->u.table));
    *out = node;
    return CX_OK;
}

static cx_rc load_any(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    if (cx_xml_is(x, "literalExpression"))
        return load_literal(l, scope, x, out);
    if (cx_xml_is(x, "decisionTable"))
        return load_table_node(l, scope, x, out);
    if (cx_xml_is(x, "context"))
        return load_context(l, scope, x, out);
    if (cx_xml_is(x, "invocation"))
        return load_invocation(l, scope, x, out);
    if (cx_xml_is(x, "relation"))
        return load_relation(l, scope, x, out);
    if (cx_xml_is(x, "list"))
        return load_list(l, scope, x, out);
    if (cx_xml_is(x, "functionDefinition") || cx_xml_is(x, "encapsulatedLogic")) /* one by another name */
        return load_function(l, scope, x, out);
    if (cx_xml_is(x, "conditional"))
        return cx_load_conditional(l, scope, x, out);
    if (cx_xml_is(x, "filter"))
        return cx_load_filter(l, scope, x, out);
    if (cx_xml_is(x, "for"))
        return cx_load_loop(l, scope, x, CX_OP_FOR, "return", out);
    if (cx_xml_is(x, "some"))
        return cx_load_loop(l, scope, x, CX_OP_SOME, "satisfies", out);
    if (cx_xml_is(x, "every"))
        return cx_load_loop(l, scope, x, CX_OP_EVERY, "satisfies", out);
    return cx_load_fail(l, x, CX_MODEL_INVALID, "<%.60s> is no expression", x->name);
}

cx_rc cx_load_expression(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    if (++l->depth > DEEPEST)
        return cx_load_fail(l, x, CX_MODEL_INVALID, "expressions are nested too deeply");
    CX_TRY(load_any(l, scope, x, out));
    l->depth--;
    return CX_OK;
}
