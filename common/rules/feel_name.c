/* Names: which of the known ones stands here, and what it means; arguments of calls; names of types. */
#include "common/rules/feel_parser.h"
#include "common/rules/interp.h"

/* The longest name known here that the text begins with. */
static size_t longest_in_scope(const cx_parser *p, cx_view *name, bool *filtered) {
    size_t longest = 0;
    *filtered = false;
    for (const cx_scope *s = p->scope; s != NULL; s = s->parent) {
        *filtered = *filtered || s->filter;
        for (size_t i = 0; i < s->n; i++) {
            size_t n = cx_match_name(p, s->bindings[i].name);
            if (n > longest) {
                longest = n;
                *name = s->bindings[i].name;
            }
        }
    }
    return longest;
}

static size_t longest_property(const cx_parser *p, cx_view *name) {
    size_t longest = 0;
    for (size_t i = 0; i < p->feel->name_count; i++) {
        size_t n = cx_match_name(p, p->feel->names[i]);
        if (n > longest) {
            longest = n;
            *name = p->feel->names[i];
        }
    }
    return longest;
}

static const cx_builtin *longest_builtin(const cx_parser *p, size_t *longest) {
    const cx_builtin *best = NULL;
    size_t count;
    const cx_builtin *all = cx_builtin_table(&count);
    *longest = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].name[0] != p->text[p->at])
            continue;
        size_t n = cx_match_name(p, cx_view_of(all[i].name));
        if (n > *longest) {
            *longest = n;
            best = &all[i];
        }
    }
    return best;
}

static const cx_node *bound(cx_parser *p, cx_view name, const cx_scope *s, uint32_t up) {
    for (size_t i = 0; i < s->n; i++)
        if (cx_view_eq(s->bindings[i].name, name)) {
            cx_node *node = cx_parse_node(p, CX_OP_VAR);
            if (node != NULL) {
                node->up = up;
                node->index = s->bindings[i].index;
            }
            if (s->used != NULL)
                s->used[i] = true;
            return node;
        }
    return NULL;
}

/* The variable of that name, from the innermost scope outwards; inside a filter the item's own entries
 * come first, even one called "item", and whether it has one is known only at evaluation. */
static const cx_node *resolve(cx_parser *p, cx_view name, const cx_scope *s, uint32_t up) {
    if (s == NULL || p->rc != CX_OK)
        return NULL;
    const cx_node *here = bound(p, name, s, up);
    const cx_node *plain = here != NULL ? here : resolve(p, name, s->parent, up + 1);
    if (!s->filter || p->rc != CX_OK)
        return plain;
    cx_node *node = cx_parse_node(p, CX_OP_ITEM_NAME);
    if (node == NULL)
        return NULL;
    node->up = up;
    node->u.path.of = plain;
    node->u.path.name = name;
    return node;
}

static const cx_node *variable(cx_parser *p, cx_view name, size_t length) {
    size_t from = p->at;
    if (cx_view_is(name, "?"))
        p->uses_input = true;
    cx_view kept = cx_arena_copy(p->feel->arena, name);
    if (kept.p == NULL)
        return cx_parse_no_memory(p);
    const cx_node *node = resolve(p, kept, p->scope, 0);
    if (node == NULL && p->rc == CX_OK)
        return cx_parse_error(
            p, from, "nothing is called \"%.*s\" here: declare the requirement, or put text in quotes",
            CX_VIEW_ARGS(name));
    p->at += length;
    return node;
}

static const cx_node *builtin_or_call(cx_parser *p, const cx_builtin *fn, size_t length) {
    p->at += length;
    if (cx_take_sign(p, "("))
        return cx_parse_arguments(p, NULL, fn);
    cx_function *f = cx_arena_calloc(p->feel->arena, 1, sizeof *f);
    cx_node *node = cx_parse_node(p, CX_OP_CONST);
    if (f == NULL || node == NULL)
        return cx_parse_no_memory(p);
    f->builtin = fn;
    node->u.value = (cx_value){.kind = CX_KIND_FUNCTION, .u.function = f};
    return node;
}

static const cx_node *keyword_constant(cx_parser *p) {
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        if (!cx_take_word(p, words[i]))
            continue;
        cx_node *node = cx_parse_node(p, CX_OP_CONST);
        if (node != NULL)
            node->u.value = i == 2 ? cx_value_null() : cx_value_bool(i == 0);
        return node;
    }
    return NULL;
}

const cx_node *cx_parse_name(cx_parser *p) {
    size_t word = cx_word_length(p, p->at);
    cx_view name = {NULL, 0}, property = {NULL, 0};
    bool filtered;
    size_t scoped = longest_in_scope(p, &name, &filtered);
    size_t fn_length;
    const cx_builtin *fn = longest_builtin(p, &fn_length);
    if (scoped <= word && fn_length <= word) { /* a keyword, unless it begins a longer name */
        bool special;
        const cx_node *node = cx_parse_special(p, &special);
        if (special)
            return node;
        node = keyword_constant(p);
        if (node != NULL || p->rc != CX_OK)
            return node;
    }
    size_t known = filtered ? longest_property(p, &property) : 0;
    if (known > scoped && known > fn_length)
        return variable(p, property, known);
    if (scoped > 0 && scoped >= fn_length)
        return variable(p, name, scoped);
    if (fn != NULL)
        return builtin_or_call(p, fn, fn_length);
    if (word == 0)
        return cx_parse_error(p, p->at, "an expression is expected here");
    return variable(p, (cx_view){p->text + p->at, word}, word);
}

/* "start position: 2": the name, or nothing when the argument has none. */
static cx_view argument_name(cx_parser *p) {
    cx_skip_blanks(p);
    size_t at = p->at;
    while (at < p->n &&
           (cx_is_name_byte(p->text[at]) || p->text[at] == ' ' || p->text[at] == '\n' || p->text[at] == '\t'))
        at++;
    if (at == p->at || at >= p->n || p->text[at] != ':')
        return (cx_view){NULL, 0};
    cx_view name = cx_name_normal(p->feel->arena, (cx_view){p->text + p->at, at - p->at});
    if (name.p == NULL)
        (void)cx_parse_no_memory(p);
    p->at = at + 1;
    return name;
}

static const cx_node *call_node(cx_parser *p, const cx_node *callee, const cx_builtin *fn,
                                const cx_node_list *args, bool named) {
    cx_node *node = cx_parse_node(p, fn != NULL ? CX_OP_BUILTIN : CX_OP_CALL);
    if (node == NULL)
        return NULL;
    if (fn == NULL) {
        node->u.many.items = args->at;
        node->u.many.n = args->n;
        node->u.many.names = named ? args->names : NULL;
        node->u.many.body = callee;
        return node;
    }
    node->u.builtin.fn = fn;
    node->u.builtin.args = args->at;
    node->u.builtin.n = args->n;
    node->u.builtin.names = named ? args->names : NULL;
    return cx_node_fold(p->feel->arena, node);
}

const cx_node *cx_parse_arguments(cx_parser *p, const cx_node *callee, const cx_builtin *fn) {
    cx_node_list list = {0};
    bool named = false;
    if (!cx_see_sign(p, ")")) {
        do {
            cx_view name = argument_name(p);
            const cx_node *arg = cx_parse_expression(p);
            if (p->rc != CX_OK)
                return NULL;
            if (list.n > 0 && named != (name.p != NULL))
                return cx_parse_error(p, p->at, "arguments go by name or by position, not both");
            named = name.p != NULL;
            if (!cx_node_list_add(p, &list, arg, name, NULL))
                return NULL;
        } while (cx_take_sign(p, ","));
    }
    if (!cx_take_sign(p, ")"))
        return cx_parse_error(p, p->at, "the arguments are not closed here");
    return call_node(p, callee, fn, &list, named);
}
