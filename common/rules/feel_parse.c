/* Operators of FEEL, from the weakest to the strongest; and the entry points. */
#include "common/rules/feel_parser.h"

enum { LONGEST_CHAIN = 400 }; /* operands of one run of + - and so on: the tree leans to the left */

cx_node *cx_node_new(cx_arena *arena, cx_op op) {
    cx_node *node = cx_arena_calloc(arena, 1, sizeof *node);
    if (node != NULL)
        node->op = (uint8_t)op;
    return node;
}

cx_node *cx_parse_node(cx_parser *p, cx_op op) {
    if (p->rc != CX_OK)
        return NULL;
    cx_node *node = cx_node_new(p->feel->arena, op);
    if (node == NULL)
        (void)cx_parse_no_memory(p);
    else
        node->where = (uint32_t)p->at;
    return node;
}

static const cx_node *fold(cx_parser *p, const cx_node *node) {
    return p->rc == CX_OK ? cx_node_fold(p->feel->arena, node) : NULL;
}

static const cx_node *binary(cx_parser *p, cx_op op, const cx_node *a, const cx_node *b) {
    cx_node *node = cx_parse_node(p, op);
    if (node == NULL)
        return NULL;
    node->u.kids.a = a;
    node->u.kids.b = b;
    return node;
}

/* instance of binds tighter than every sign. */
static const cx_node *parse_instance(cx_parser *p) {
    const cx_node *a = cx_parse_postfix(p);
    size_t before = p->at;
    if (p->rc != CX_OK || !cx_take_word(p, "instance"))
        return a;
    if (!cx_take_word(p, "of")) {
        p->at = before;
        return a;
    }
    cx_node *node = cx_parse_node(p, CX_OP_INSTANCE);
    const cx_type *type = cx_parse_type(p);
    if (node == NULL || type == NULL)
        return NULL;
    node->u.instance.of = a;
    node->u.instance.type = type;
    return node;
}

static const cx_node *parse_unary(cx_parser *p) {
    int signs = 0;
    while (cx_take_sign(p, "-"))
        if (++signs > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "too many signs");
    const cx_node *a = parse_instance(p);
    for (; signs > 0 && p->rc == CX_OK; signs--)
        a = fold(p, binary(p, CX_OP_NEG, a, NULL));
    return a;
}

static const cx_node *parse_power(cx_parser *p) {
    const cx_node *a = parse_unary(p);
    for (int n = 0; p->rc == CX_OK && cx_take_sign(p, "**"); n++) {
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        a = binary(p, CX_OP_POW, a, parse_unary(p));
    }
    return a;
}

static const cx_node *parse_product(cx_parser *p) {
    const cx_node *a = parse_power(p);
    for (int n = 0; p->rc == CX_OK; n++) {
        cx_op op = cx_take_sign(p, "*") ? CX_OP_MUL : cx_take_sign(p, "/") ? CX_OP_DIV : CX_OP_CONST;
        if (op == CX_OP_CONST)
            break;
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        a = binary(p, op, a, parse_power(p));
    }
    return a;
}

const cx_node *cx_parse_additive(cx_parser *p) {
    const cx_node *a = parse_product(p);
    for (int n = 0; p->rc == CX_OK; n++) {
        cx_op op = cx_take_sign(p, "+") ? CX_OP_ADD : cx_take_sign(p, "-") ? CX_OP_SUB : CX_OP_CONST;
        if (op == CX_OP_CONST)
            break;
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        a = binary(p, op, a, parse_product(p));
    }
    return a;
}

static const cx_node *parse_between(cx_parser *p, const cx_node *a) {
    cx_node *node = cx_parse_node(p, CX_OP_BETWEEN);
    const cx_node *low = cx_parse_additive(p);
    if (p->rc == CX_OK && !cx_take_word(p, "and"))
        return cx_parse_error(p, p->at, "\"and\" is expected: x between a and b");
    const cx_node *high = cx_parse_additive(p);
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->u.kids.a = a;
    node->u.kids.b = low;
    node->u.kids.c = high;
    return node;
}

/* "in (a, b)" is a list of tests, "in (1..5)" an open range: the sign behind the first test tells. */
static const cx_node *parse_in(cx_parser *p, const cx_node *subject) {
    size_t before = p->at;
    const cx_node *tests = NULL;
    if (cx_take_sign(p, "(")) {
        tests = cx_parse_test_list(p, CX_OP_TESTS);
        if (p->rc == CX_OK && !cx_take_sign(p, ")")) {
            p->at = before;
            tests = NULL;
        }
    }
    if (p->rc == CX_OK && tests == NULL)
        tests = cx_parse_test(p, false);
    cx_node *node = cx_parse_node(p, CX_OP_IN);
    if (node == NULL)
        return NULL;
    const cx_node **items = cx_arena_calloc(p->feel->arena, 1, sizeof(const cx_node *));
    if (items == NULL)
        return cx_parse_no_memory(p);
    items[0] = tests;
    node->u.many.items = items;
    node->u.many.n = 1;
    node->u.many.body = subject;
    return node;
}

static cx_op take_comparison(cx_parser *p) {
    static const struct {
        const char *sign;
        cx_op op;
    } signs[] = {{"!=", CX_OP_NE}, {"<=", CX_OP_LE}, {">=", CX_OP_GE},
                 {"=", CX_OP_EQ},  {"<", CX_OP_LT},  {">", CX_OP_GT}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (cx_take_sign(p, signs[i].sign))
            return signs[i].op;
    return CX_OP_CONST;
}

static const cx_node *parse_comparison(cx_parser *p) {
    const cx_node *a = cx_parse_additive(p);
    for (int n = 0; p->rc == CX_OK; n++) {
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        cx_op op = take_comparison(p);
        if (op != CX_OP_CONST)
            a = binary(p, op, a, cx_parse_additive(p));
        else if (cx_take_word(p, "between"))
            a = parse_between(p, a);
        else if (cx_take_word(p, "in"))
            a = parse_in(p, a);
        else
            break;
    }
    return a;
}

static const cx_node *parse_and(cx_parser *p) {
    const cx_node *a = parse_comparison(p);
    for (int n = 0; p->rc == CX_OK && cx_take_word(p, "and"); n++) {
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        a = binary(p, CX_OP_AND, a, parse_comparison(p));
    }
    return a;
}

static const cx_node *parse_or(cx_parser *p) {
    const cx_node *a = parse_and(p);
    for (int n = 0; p->rc == CX_OK && cx_take_word(p, "or"); n++) {
        if (n > LONGEST_CHAIN)
            return cx_parse_error(p, p->at, "the expression is too long");
        a = binary(p, CX_OP_OR, a, parse_and(p));
    }
    return a;
}

const cx_node *cx_parse_expression(cx_parser *p) {
    if (++p->depth > CX_FEEL_DEEPEST)
        return cx_parse_error(p, p->at, "the expression is nested too deeply (at most %d)", CX_FEEL_DEEPEST);
    bool endpoint = p->in_endpoint;
    p->in_endpoint = false;
    const cx_node *node = parse_or(p);
    p->in_endpoint = endpoint;
    p->depth--;
    return p->rc == CX_OK ? node : NULL;
}

/* --- tests -------------------------------------------------------------------------------------------- */

const cx_node *cx_parse_test(cx_parser *p, bool whole) {
    bool outer = p->uses_input;
    p->uses_input = false;
    cx_op op = take_comparison(p);
    cx_node *node = cx_parse_node(p, op != CX_OP_CONST ? CX_OP_TEST_CMP : CX_OP_TEST);
    const cx_node *a = op == CX_OP_CONST && whole ? cx_parse_expression(p) : cx_parse_additive(p);
    if (node == NULL || p->rc != CX_OK)
        return NULL;
    node->index = (uint32_t)op;
    node->uses_input = p->uses_input;
    node->u.kids.a = a;
    p->uses_input = p->uses_input || outer;
    return node;
}

const cx_node *cx_parse_test_list(cx_parser *p, cx_op op) {
    cx_node_list list = {0};
    if (++p->depth > CX_FEEL_DEEPEST)
        return cx_parse_error(p, p->at, "the expression is nested too deeply (at most %d)", CX_FEEL_DEEPEST);
    do {
        const cx_node *test = cx_parse_test(p, true);
        if (p->rc != CX_OK || !cx_node_list_add(p, &list, test, (cx_view){NULL, 0}, NULL))
            return NULL;
    } while (cx_take_sign(p, ","));
    p->depth--;
    cx_node *node = cx_parse_node(p, op);
    if (node == NULL)
        return NULL;
    node->u.many.items = list.at;
    node->u.many.n = list.n;
    return node;
}
