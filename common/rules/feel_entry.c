/* Where parsing begins and ends; types' names; folding of constants. */
#include "common/rules/feel_parser.h"
#include "common/rules/interp.h"

enum { FOLD_STEPS = 100000 };

static bool begin(cx_parser *p, cx_feel *f, const cx_scope *scope, cx_view text, cx_err *err) {
    *p =
        (cx_parser){.feel = f, .scope = scope, .text = text.p != NULL ? text.p : "", .n = text.n, .err = err};
    if (!cx_view_is_utf8(text))
        p->rc = cx_fail(err, CX_FEEL_SYNTAX, "the text is not UTF-8");
    return p->rc == CX_OK;
}

cx_rc cx_feel_expression(cx_feel *f, const cx_scope *scope, cx_view text, const cx_node **out, cx_err *err) {
    cx_parser p;
    *out = NULL;
    if (!begin(&p, f, scope, text, err))
        return p.rc;
    const cx_node *node = cx_parse_expression(&p);
    if (p.rc == CX_OK && !cx_at_end(&p))
        (void)cx_parse_error(&p, p.at, "nothing more is expected here");
    if (p.rc == CX_OK)
        *out = node;
    return p.rc;
}

/* "not(a, b)" as a whole; anything else that begins with not( is an expression. */
static const cx_node *negated(cx_parser *p) {
    size_t from = p->at;
    if (!cx_take_word(p, "not") || !cx_take_sign(p, "(")) {
        p->at = from;
        return NULL;
    }
    const cx_node *tests = cx_parse_test_list(p, CX_OP_TESTS_NOT);
    if (p->rc == CX_OK && cx_take_sign(p, ")") && cx_at_end(p))
        return tests;
    if (p->rc == CX_FEEL_SYNTAX)
        p->rc = CX_OK; /* read again as an expression, which then says what is wrong */
    p->at = from;
    p->depth = 0;
    p->uses_input = false;
    return NULL;
}

cx_rc cx_feel_tests(cx_feel *f, const cx_scope *scope, cx_view text, const cx_node **out, cx_err *err) {
    static const cx_binding input = {{"?", 1}, 0};
    cx_scope inner = {.parent = scope, .bindings = &input, .n = 1};
    cx_parser p;
    *out = NULL;
    if (!begin(&p, f, &inner, text, err))
        return p.rc;
    if (cx_at_end(&p) || cx_view_is(cx_view_trim(text), "-"))
        return p.rc;
    const cx_node *node = negated(&p);
    if (node == NULL && p.rc == CX_OK)
        node = cx_parse_test_list(&p, CX_OP_TESTS);
    if (p.rc == CX_OK && !cx_at_end(&p))
        (void)cx_parse_error(&p, p.at, "nothing more is expected here");
    if (p.rc == CX_OK)
        *out = node;
    return p.rc;
}

/* --- names of types ----------------------------------------------------------------------------------- */

static const cx_type *named_type(cx_parser *p, cx_view name) {
    const cx_type *type = cx_type_builtin(name);
    if (type == NULL && p->feel->type_named != NULL)
        type = p->feel->type_named(p->feel->types, name);
    return type;
}

/* Behind "list<", "range<": the item's type. Of functions only the kind is kept. */
static const cx_type *type_of_items(cx_parser *p, cx_shape shape) {
    cx_type *type = cx_arena_calloc(p->feel->arena, 1, sizeof *type);
    if (type == NULL)
        return (const cx_type *)cx_parse_no_memory(p);
    type->shape = shape;
    type->kind = shape == CX_SHAPE_LIST ? CX_KIND_LIST : CX_KIND_RANGE;
    type->name = shape == CX_SHAPE_LIST ? CX_VIEW("list") : CX_VIEW("range");
    type->item = cx_parse_type(p);
    if (p->rc == CX_OK && !cx_take_sign(p, ">"))
        (void)cx_parse_error(p, p->at, "> is expected here");
    return p->rc == CX_OK ? type : NULL;
}

/* Behind "context<": names and types. */
static const cx_type *context_type(cx_parser *p) {
    cx_node_list list = {0};
    do {
        cx_view name;
        if (!cx_parse_raw_name(p, ":", &name) || !cx_take_sign(p, ":"))
            return (const cx_type *)cx_parse_error(p, p->at, "a name and : are expected here");
        const cx_type *part = cx_parse_type(p);
        if (part == NULL || !cx_node_list_add(p, &list, NULL, name, part))
            return NULL;
    } while (cx_take_sign(p, ","));
    if (!cx_take_sign(p, ">"))
        return (const cx_type *)cx_parse_error(p, p->at, "> is expected here");
    cx_type *type = cx_arena_calloc(p->feel->arena, 1, sizeof *type);
    cx_component *components = cx_arena_calloc(p->feel->arena, list.n, sizeof *components);
    if (type == NULL || components == NULL)
        return (const cx_type *)cx_parse_no_memory(p);
    for (size_t i = 0; i < list.n; i++)
        components[i] = (cx_component){list.names[i], list.types[i]};
    *type = (cx_type){.name = CX_VIEW("context"), .shape = CX_SHAPE_CONTEXT, .kind = CX_KIND_CONTEXT};
    type->components = components;
    type->n = list.n;
    return type;
}

static const cx_type *function_type(cx_parser *p) {
    int open = 1;
    while (p->at < p->n && open > 0) {
        char c = p->text[p->at++];
        bool arrow = c == '-' && p->at < p->n && p->text[p->at] == '>';
        p->at += arrow ? 1 : 0;
        open += c == '<' ? 1 : c == '>' ? -1 : 0;
    }
    if (open > 0)
        (void)cx_parse_error(p, p->at, "> is expected here");
    if (p->rc == CX_OK && cx_take_sign(p, "->"))
        (void)cx_parse_type(p);
    return p->rc == CX_OK ? cx_type_builtin(CX_VIEW("function")) : NULL;
}

static const cx_type *generic_type(cx_parser *p) {
    static const struct {
        const char *word;
        cx_kind kind;
    } words[] = {{"list", CX_KIND_LIST},
                 {"range", CX_KIND_RANGE},
                 {"context", CX_KIND_CONTEXT},
                 {"function", CX_KIND_FUNCTION}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t from = p->at;
        if (!cx_take_word(p, words[i].word) || !cx_take_sign(p, "<")) {
            p->at = from;
            continue;
        }
        if (i < 2)
            return type_of_items(p, i == 0 ? CX_SHAPE_LIST : CX_SHAPE_RANGE);
        return words[i].kind == CX_KIND_CONTEXT ? context_type(p) : function_type(p);
    }
    return NULL;
}

const cx_type *cx_parse_type(cx_parser *p) {
    cx_skip_blanks(p);
    if (++p->depth > CX_FEEL_DEEPEST)
        return (const cx_type *)cx_parse_error(p, p->at, "the type is nested too deeply");
    const cx_type *type = generic_type(p);
    size_t from = p->at, longest = p->at;
    for (size_t at = p->at;
         type == NULL && p->rc == CX_OK && at < p->n;) { /* the longest run of words that is one */
        size_t n = cx_word_length(p, at);
        at += n > 0 ? n : 1;
        if (n == 0 && strchr(" .\t\n", p->text[at - 1]) == NULL)
            break;
        if (n > 0 && at - from <= CX_FEEL_NAME)
            longest = at;
    }
    for (size_t end = longest; type == NULL && p->rc == CX_OK && end > from; end--) {
        if (end < p->n && cx_is_name_byte(p->text[end]) && cx_is_name_byte(p->text[end - 1]))
            continue;
        type = named_type(p, cx_view_trim((cx_view){p->text + from, end - from}));
        if (type != NULL)
            p->at = end;
    }
    p->depth--;
    return type != NULL || p->rc != CX_OK ? type
                                          : (const cx_type *)cx_parse_error(p, from, "no type has this name");
}

const cx_type *cx_feel_type(cx_feel *f, cx_view text) {
    cx_parser p;
    cx_err ignored = {0};
    if (!begin(&p, f, NULL, text, &ignored))
        return NULL;
    const cx_type *type = cx_parse_type(&p);
    return p.rc == CX_OK && cx_at_end(&p) ? type : NULL;
}

/* --- folding ------------------------------------------------------------------------------------------ */

static bool all_constant(const cx_node *const *items, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (items[i] == NULL || items[i]->op != CX_OP_CONST)
            return false;
    return true;
}

static bool is_foldable(const cx_node *node) {
    if (node->op == CX_OP_NEG)
        return all_constant(&node->u.kids.a, 1);
    if (node->op == CX_OP_RANGE)
        return (node->u.kids.a == NULL || all_constant(&node->u.kids.a, 1)) &&
               (node->u.kids.b == NULL || all_constant(&node->u.kids.b, 1));
    if (node->op == CX_OP_LIST)
        return all_constant(node->u.many.items, node->u.many.n);
    return node->op == CX_OP_BUILTIN && node->u.builtin.fn->foldable &&
           all_constant(node->u.builtin.args, node->u.builtin.n);
}

const cx_node *cx_node_fold(cx_arena *arena, const cx_node *node) {
    if (node == NULL || !is_foldable(node))
        return node;
    cx_eval e = {.arena = arena, .steps_left = FOLD_STEPS, .quiet = true};
    cx_value v = cx_eval_node(&e, node, NULL);
    if (e.rc != CX_OK || cx_value_is_null(v))
        return node; /* evaluated each time, so that its warning is seen */
    cx_node *constant = cx_node_new(arena, CX_OP_CONST);
    if (constant == NULL)
        return node;
    constant->where = node->where;
    constant->u.value = v;
    return constant;
}
