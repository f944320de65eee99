/* The boxed conditional, filter and iterators of DMN 1.4 and 1.5. */
#include "common/rules/model_expr.h"

cx_rc cx_load_conditional(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    const cx_xml *a, *b, *c;
    cx_node *node;
    CX_TRY(cx_load_child(l, x, "if", &a));
    CX_TRY(cx_load_child(l, x, "then", &b));
    CX_TRY(cx_load_child(l, x, "else", &c));
    CX_TRY(cx_load_node(l, CX_OP_IF, &node));
    CX_TRY(cx_load_inner(l, scope, a, &node->u.kids.a));
    CX_TRY(cx_load_inner(l, scope, b, &node->u.kids.b));
    CX_TRY(cx_load_inner(l, scope, c, &node->u.kids.c));
    *out = node;
    return CX_OK;
}

cx_rc cx_load_filter(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out) {
    static const cx_binding item = {{"item", 4}, 0};
    const cx_xml *in, *match;
    cx_node *node;
    CX_TRY(cx_load_child(l, x, "in", &in));
    CX_TRY(cx_load_child(l, x, "match", &match));
    CX_TRY(cx_load_node(l, CX_OP_FILTER, &node));
    CX_TRY(cx_load_inner(l, scope, in, &node->u.kids.a));
    cx_scope inside = {.parent = scope, .bindings = &item, .n = 1, .filter = true};
    CX_TRY(cx_load_inner(l, &inside, match, &node->u.kids.b));
    *out = node;
    return CX_OK;
}

cx_rc cx_load_loop(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_op op, const char *body,
                   const cx_node **out) {
    const cx_xml *in, *result;
    cx_node *node;
    cx_view *name = cx_arena_calloc(l->arena, 1, sizeof *name);
    const cx_node **domain = cx_arena_calloc(l->arena, 1, sizeof *domain);
    if (name == NULL || domain == NULL)
        return cx_load_no_memory(l);
    CX_TRY(cx_load_name(l, x, "iteratorVariable", name));
    CX_TRY(cx_load_child(l, x, "in", &in));
    CX_TRY(cx_load_child(l, x, body, &result));
    CX_TRY(cx_load_node(l, op, &node));
    const cx_binding bindings[2] = {{*name, 0}, {CX_VIEW("partial"), 1}};
    cx_scope inside = {.parent = scope, .bindings = bindings};
    CX_TRY(cx_load_inner(l, &inside, in,
                         domain)); /* the domain is read in the loop's environment, before its names */
    inside.n = op == CX_OP_FOR ? 2 : 1;
    CX_TRY(cx_load_inner(l, &inside, result, &node->u.many.body));
    node->u.many.items = domain;
    node->u.many.names = name;
    node->u.many.n = 1;
    *out = node;
    return CX_OK;
}
