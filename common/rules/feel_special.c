/* if, for, some, every, function, contexts. */
#include "common/rules/feel_parser.h"
#include "common/rules/interp.h"

static bool expect_word(cx_parser *p, const char *word) {
    if (p->rc == CX_OK && !cx_take_word(p, word))
        (void)cx_parse_error(p, p->at, "\"%s\" is expected here", word);
    return p->rc == CX_OK;
}

static const cx_node *parse_if(cx_parser *p) {
    cx_node *node = cx_parse_node(p, CX_OP_IF);
    const cx_node *a = cx_parse_expression(p);
    const cx_node *b = expect_word(p, "then") ? cx_parse_expression(p) : NULL;
    const cx_node *c = expect_word(p, "else") ? cx_parse_expression(p) : NULL;
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.kids.a = a;
    node->u.kids.b = b;
    node->u.kids.c = c;
    return node;
}

/* The variable's name, which ends before the word "in". */
static bool loop_name(cx_parser *p, cx_view *out) {
    cx_skip_blanks(p);
    size_t from = p->at, end = p->at;
    while (!cx_see_word(p, "in")) {
        size_t n = cx_word_length(p, p->at);
        if (n == 0)
            return cx_parse_error(p, p->at, "a variable's name and \"in\" are expected here") != NULL;
        p->at += n;
        end = p->at;
    }
    if (end == from || end - from > CX_FEEL_NAME)
        return cx_parse_error(p, from, "a variable's name is expected here") != NULL;
    *out = cx_name_normal(p->feel->arena, (cx_view){p->text + from, end - from});
    if (out->p == NULL)
        return cx_parse_no_memory(p) != NULL;
    return expect_word(p, "in");
}

/* A domain: a list, or "1..n" without brackets. */
static const cx_node *loop_domain(cx_parser *p) {
    const cx_node *a = cx_parse_expression(p);
    if (p->rc != CX_OK || !cx_take_sign(p, ".."))
        return a;
    cx_node *node = cx_parse_node(p, CX_OP_RANGE);
    const cx_node *b = cx_parse_expression(p);
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.kids.a = a;
    node->u.kids.b = b;
    node->low_closed = true;
    node->high_closed = true;
    return node;
}

static bool bind(cx_parser *p, cx_binding *bindings, cx_scope *scope, cx_view name) {
    enum { MOST = 16 };
    if (scope->n >= MOST)
        return cx_parse_error(p, p->at, "more than %d variables", MOST) != NULL;
    bindings[scope->n] = (cx_binding){name, (uint32_t)scope->n};
    scope->n++;
    return true;
}

/* "x in domain, y in domain ...", each domain seeing the variables before it. */
static void loop_heads(cx_parser *p, cx_op op, cx_binding *bindings, cx_scope *inner, cx_node_list *list) {
    do {
        cx_view name;
        const cx_node *domain = loop_name(p, &name) ? loop_domain(p) : NULL;
        if (p->rc != CX_OK || !cx_node_list_add(p, list, domain, name, NULL) ||
            !bind(p, bindings, inner, name))
            return;
    } while (cx_take_sign(p, ","));
    if (op == CX_OP_FOR) {
        bindings[inner->n] = (cx_binding){CX_VIEW("partial"), (uint32_t)inner->n};
        inner->n++;
    }
}

static const cx_node *parse_loop(cx_parser *p, cx_op op, const char *body_word) {
    cx_node *node = cx_parse_node(p, op);
    cx_binding bindings[17];
    cx_scope inner = {.parent = p->scope, .bindings = bindings};
    cx_node_list list = {0};
    p->scope = &inner;
    loop_heads(p, op, bindings, &inner, &list);
    const cx_node *body = expect_word(p, body_word) ? cx_parse_expression(p) : NULL;
    p->scope = inner.parent;
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.many.items = list.at;
    node->u.many.n = list.n;
    node->u.many.names = list.names;
    node->u.many.body = body;
    return node;
}

static bool parse_parameters(cx_parser *p, cx_node_list *list) {
    if (!cx_take_sign(p, "("))
        return cx_parse_error(p, p->at, "( is expected behind \"function\"") != NULL;
    if (cx_take_sign(p, ")"))
        return true;
    do {
        cx_view name;
        const cx_type *type = NULL;
        if (!cx_parse_raw_name(p, ",:)", &name) ||
            (cx_take_sign(p, ":") && (type = cx_parse_type(p)) == NULL) ||
            !cx_node_list_add(p, list, NULL, name, type))
            return false;
    } while (cx_take_sign(p, ","));
    if (!cx_take_sign(p, ")"))
        return cx_parse_error(p, p->at, "the parameters are not closed here") != NULL;
    return true;
}

static const cx_node *parse_function(cx_parser *p) {
    cx_node *node = cx_parse_node(p, CX_OP_FUNCTION);
    cx_node_list params = {0};
    if (!parse_parameters(p, &params))
        return NULL;
    if (cx_see_word(p, "external"))
        return cx_parse_error(p, p->at, "external functions are not accepted");
    cx_binding *bindings = cx_arena_calloc(p->feel->arena, params.n + 1, sizeof *bindings);
    if (bindings == NULL)
        return cx_parse_no_memory(p);
    for (size_t i = 0; i < params.n; i++)
        bindings[i] = (cx_binding){params.names[i], (uint32_t)i};
    cx_scope inner = {.parent = p->scope, .bindings = bindings, .n = params.n};
    p->scope = &inner;
    const cx_node *body = cx_parse_expression(p);
    p->scope = inner.parent;
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.many.names = params.names;
    node->u.many.types = params.types;
    node->u.many.n = params.n;
    node->u.many.body = body;
    return node;
}

static bool grow_bindings(cx_parser *p, cx_scope *inner, size_t *room) {
    if (inner->n < *room)
        return true;
    size_t more = *room * 2 + 8;
    cx_binding *bindings = cx_arena_calloc(p->feel->arena, more, sizeof *bindings);
    if (bindings == NULL)
        return cx_parse_no_memory(p) != NULL;
    if (inner->n > 0)
        (void)memcpy(bindings, inner->bindings, inner->n * sizeof *bindings);
    inner->bindings = bindings;
    *room = more;
    return true;
}

static bool context_entry(cx_parser *p, cx_scope *inner, size_t *room, cx_node_list *list) {
    cx_view key;
    if (!cx_parse_raw_name(p, ":,}", &key))
        return false;
    if (!cx_take_sign(p, ":"))
        return cx_parse_error(p, p->at, "a colon is expected behind the key") != NULL;
    for (size_t i = 0; i < list->n; i++)
        if (cx_view_eq(list->names[i], key))
            return cx_parse_error(p, p->at, "the key \"%.*s\" is there twice", CX_VIEW_ARGS(key)) != NULL;
    if (!cx_feel_know(p->feel, key) || !grow_bindings(p, inner, room))
        return cx_parse_no_memory(p) != NULL;
    cx_binding *slot = (cx_binding *)(uintptr_t)&inner->bindings[inner->n];
    *slot = (cx_binding){key, (uint32_t)list->n};
    bool recursive = cx_see_word(p, "function"); /* a function may call itself */
    inner->n += recursive ? 1 : 0;
    const cx_node *value = cx_parse_expression(p);
    inner->n += recursive ? 0 : 1;
    return p->rc == CX_OK && cx_node_list_add(p, list, value, key, NULL);
}

static void context_entries(cx_parser *p, cx_scope *inner, cx_node_list *list) {
    size_t room = 0;
    if (cx_see_sign(p, "}"))
        return;
    while (context_entry(p, inner, &room, list) && cx_take_sign(p, ","))
        continue;
}

static const cx_node *parse_context(cx_parser *p) {
    cx_node *node = cx_parse_node(p, CX_OP_CONTEXT);
    cx_scope inner = {.parent = p->scope};
    cx_node_list list = {0};
    p->at++;
    p->scope = &inner;
    context_entries(p, &inner, &list);
    p->scope = inner.parent;
    if (p->rc == CX_OK && !cx_take_sign(p, "}"))
        return cx_parse_error(p, p->at, "the context is not closed here");
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.many.items = list.at;
    node->u.many.names = list.names;
    node->u.many.n = list.n;
    return node;
}

const cx_node *cx_parse_special(cx_parser *p, bool *was_special) {
    *was_special = true;
    if (p->text[p->at] == '{')
        return parse_context(p);
    if (cx_take_word(p, "if"))
        return parse_if(p);
    if (cx_take_word(p, "for"))
        return parse_loop(p, CX_OP_FOR, "return");
    if (cx_take_word(p, "some"))
        return parse_loop(p, CX_OP_SOME, "satisfies");
    if (cx_take_word(p, "every"))
        return parse_loop(p, CX_OP_EVERY, "satisfies");
    if (cx_take_word(p, "function"))
        return parse_function(p);
    *was_special = false;
    return NULL;
}
