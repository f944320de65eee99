/* What operators work on: literals, names, calls, paths, filters, lists and ranges. */
#include "common/rules/feel_parser.h"
#include "common/rules/interp.h"
#include "common/rules/temporal.h"

bool cx_node_list_add(cx_parser *p, cx_node_list *list, const cx_node *node, cx_view name,
                      const cx_type *type) {
    if (list->n >= CX_FEEL_WIDEST)
        return cx_parse_error(p, p->at, "more than %d items", CX_FEEL_WIDEST) != NULL;
    if (list->n == list->room) {
        size_t room = list->room * 2 + 4;
        cx_arena *arena = p->feel->arena;
        const cx_node **at = cx_arena_calloc(arena, room, sizeof *at);
        cx_view *names = cx_arena_calloc(arena, room, sizeof *names);
        const cx_type **types = cx_arena_calloc(arena, room, sizeof *types);
        if (at == NULL || names == NULL || types == NULL)
            return cx_parse_no_memory(p) != NULL;
        for (size_t i = 0; i < list->n; i++) {
            at[i] = list->at[i];
            names[i] = list->names[i];
            types[i] = list->types[i];
        }
        *list = (cx_node_list){at, names, types, list->n, room};
    }
    list->at[list->n] = node;
    list->names[list->n] = name;
    list->types[list->n] = type;
    list->n++;
    return p->rc == CX_OK;
}

static const cx_node *constant(cx_parser *p, cx_value v) {
    cx_node *node = cx_parse_node(p, CX_OP_CONST);
    if (node != NULL)
        node->u.value = v;
    return node;
}

static const cx_node *text_literal(cx_parser *p) {
    cx_view text;
    return cx_parse_text(p, &text) ? constant(p, cx_value_string(text)) : NULL;
}

/* @"2027-06-01": whichever of the temporal kinds the text is. */
static const cx_node *at_literal(cx_parser *p) {
    size_t from = p->at++;
    cx_view text;
    cx_value v;
    if (p->at >= p->n || p->text[p->at] != '"')
        return cx_parse_error(p, from, "a quoted date, time or duration is expected behind @");
    if (!cx_parse_text(p, &text))
        return NULL;
    if (cx_temporal_guess(text, &v) == CX_KIND_NULL)
        return cx_parse_error(p, from, "this is no date, time or duration");
    return constant(p, v);
}

static const cx_node *range_node(cx_parser *p, const cx_node *low, const cx_node *high, bool low_closed,
                                 bool high_closed) {
    cx_node *node = cx_parse_node(p, CX_OP_RANGE);
    if (node == NULL)
        return NULL;
    node->u.kids.a = low;
    node->u.kids.b = high;
    node->low_closed = low_closed;
    node->high_closed = high_closed;
    return cx_node_fold(p->feel->arena, node);
}

/* Behind "..": the high end and the closing sign. */
static const cx_node *range_end(cx_parser *p, const cx_node *low, bool low_closed) {
    bool outer = p->in_endpoint;
    p->in_endpoint = true;
    const cx_node *high = cx_parse_additive(p);
    p->in_endpoint = outer;
    if (p->rc != CX_OK)
        return NULL;
    if (cx_take_sign(p, "]"))
        return range_node(p, low, high, low_closed, true);
    if (cx_take_sign(p, ")") || cx_take_sign(p, "["))
        return range_node(p, low, high, low_closed, false);
    return cx_parse_error(p, p->at, "the range has no closing ] or )");
}

/* "<= 5" in parentheses is the range of all that is at most 5. NULL also where there is no such sign. */
static const cx_node *comparison_range(cx_parser *p) {
    static const char *const signs[] = {"<=", ">=", "<", ">"};
    for (int i = 0; i < 4; i++) {
        if (!cx_take_sign(p, signs[i]))
            continue;
        const cx_node *end = cx_parse_additive(p);
        if (p->rc != CX_OK)
            return NULL;
        bool closed = signs[i][1] == '=';
        return signs[i][0] == '<' ? range_node(p, NULL, end, false, closed)
                                  : range_node(p, end, NULL, closed, false);
    }
    return NULL;
}

static const cx_node *parenthesis(cx_parser *p) {
    size_t from = p->at++;
    const cx_node *a = comparison_range(p);
    if (a == NULL && p->rc == CX_OK)
        a = cx_parse_expression(p);
    if (p->rc != CX_OK)
        return NULL;
    if (cx_take_sign(p, ".."))
        return range_end(p, a, false);
    if (!cx_take_sign(p, ")"))
        return cx_parse_error(p, cx_at_end(p) ? from : p->at, "the parenthesis is not closed here");
    return a;
}

static const cx_node *list_or_range(cx_parser *p) {
    size_t from = p->at++;
    cx_node_list list = {0};
    if (!cx_see_sign(p, "]")) {
        do {
            const cx_node *item = cx_parse_expression(p);
            if (p->rc != CX_OK)
                return NULL;
            if (list.n == 0 && cx_take_sign(p, ".."))
                return range_end(p, item, true);
            if (!cx_node_list_add(p, &list, item, (cx_view){NULL, 0}, NULL))
                return NULL;
        } while (cx_take_sign(p, ","));
    }
    if (!cx_take_sign(p, "]"))
        return cx_parse_error(p, cx_at_end(p) ? from : p->at, "the list is not closed here");
    cx_node *node = cx_parse_node(p, CX_OP_LIST);
    if (node == NULL)
        return NULL;
    node->u.many.items = list.at;
    node->u.many.n = list.n;
    return cx_node_fold(p->feel->arena, node);
}

/* "]a..b]": open at the low end. */
static const cx_node *open_range(cx_parser *p) {
    size_t from = p->at++;
    const cx_node *low = cx_parse_expression(p);
    if (p->rc != CX_OK)
        return NULL;
    if (!cx_take_sign(p, ".."))
        return cx_parse_error(p, from, "a range was begun with ] and has no \"..\"");
    return range_end(p, low, false);
}

const cx_node *cx_parse_primary(cx_parser *p) {
    if (cx_at_end(p))
        return cx_parse_error(p, p->at, "an expression is expected here");
    char c = p->text[p->at];
    if ((c >= '0' && c <= '9') ||
        (c == '.' && p->at + 1 < p->n && p->text[p->at + 1] >= '0' && p->text[p->at + 1] <= '9'))
        return cx_parse_number(p);
    if (c == '"')
        return text_literal(p);
    if (c == '@')
        return at_literal(p);
    if (c == '(')
        return parenthesis(p);
    if (c == '[')
        return list_or_range(p);
    if (c == ']')
        return open_range(p);
    if (c == '{' || c == '?' || cx_word_length(p, p->at) > 0)
        return cx_parse_name(p);
    return cx_parse_error(p, p->at, "an expression is expected here");
}

/* "[" behind the high end of a range closes it when nothing that could be filtered follows. */
static bool closes_range(cx_parser *p) {
    if (!p->in_endpoint)
        return false;
    size_t at = p->at;
    p->at++;
    bool closes = cx_at_end(p) || strchr(",)]}", p->text[p->at]) != NULL;
    p->at = at;
    return closes;
}

static const cx_node *filter(cx_parser *p, const cx_node *list) {
    static const cx_binding item = {{"item", 4}, 0};
    cx_scope inner = {.parent = p->scope, .bindings = &item, .n = 1, .filter = true};
    p->at++;
    p->scope = &inner;
    const cx_node *condition = cx_parse_expression(p);
    p->scope = inner.parent;
    if (p->rc != CX_OK)
        return NULL;
    if (!cx_take_sign(p, "]"))
        return cx_parse_error(p, p->at, "the filter is not closed here");
    cx_node *node = cx_parse_node(p, CX_OP_FILTER);
    if (node == NULL)
        return NULL;
    node->u.kids.a = list;
    node->u.kids.b = condition;
    return node;
}

static size_t property_length(const cx_parser *p) {
    static const char *const blanks[] = {"time offset", "start included", "end included"};
    size_t longest = cx_word_length(p, p->at);
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        size_t n = cx_match_name(p, cx_view_of(blanks[i]));
        longest = n > longest ? n : longest;
    }
    for (size_t i = 0; i < p->feel->name_count; i++) {
        size_t n = cx_match_name(p, p->feel->names[i]);
        longest = n > longest ? n : longest;
    }
    return longest;
}

static const cx_node *path(cx_parser *p, const cx_node *of) {
    cx_skip_blanks(p);
    size_t n = property_length(p);
    if (n == 0)
        return cx_parse_error(p, p->at, "a property's name is expected behind the point");
    cx_node *node = cx_parse_node(p, CX_OP_PATH);
    if (node == NULL)
        return NULL;
    node->u.path.of = of;
    node->u.path.name = cx_name_normal(p->feel->arena, (cx_view){p->text + p->at, n});
    p->at += n;
    return node->u.path.name.p != NULL ? node : cx_parse_no_memory(p);
}

const cx_node *cx_parse_postfix(cx_parser *p) {
    const cx_node *a = cx_parse_primary(p);
    for (int n = 0; p->rc == CX_OK; n++) {
        if (n > CX_FEEL_DEEPEST)
            return cx_parse_error(p, p->at, "the expression is too long");
        if (cx_take_sign(p, "."))
            a = path(p, a);
        else if (cx_see_sign(p, "[") && !closes_range(p))
            a = filter(p, a);
        else if (cx_take_sign(p, "("))
            a = cx_parse_arguments(p, a, NULL);
        else
            break;
    }
    return p->rc == CX_OK ? a : NULL;
}
