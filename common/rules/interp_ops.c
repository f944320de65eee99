/* Arithmetic and comparison (DMN 1.5, tables 53 to 58); tests; the evaluation's own memory and warnings. */
#include "common/rules/interp.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

void *cx_eval_alloc(cx_eval *e, size_t count, size_t size) {
    size_t n;
    if (e->rc != CX_OK)
        return NULL;
    void *p = __builtin_mul_overflow(count, size, &n) ? NULL : cx_arena_alloc(e->arena, n);
    if (p == NULL)
        e->rc = CX_OUT_OF_MEMORY;
    return p;
}

cx_value cx_eval_warn(cx_eval *e, const char *format, ...) {
    if (e->quiet || e->rc != CX_OK || e->warning_count >= CX_EVAL_WARNINGS)
        return cx_value_null();
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cx_warning *w = cx_eval_alloc(e, 1, sizeof *w);
    cx_view copy = cx_arena_copy(e->arena, cx_view_of(text));
    if (w == NULL || copy.p == NULL) {
        e->rc = CX_OUT_OF_MEMORY;
        return cx_value_null();
    }
    *w = (cx_warning){NULL, e->decision_name, copy};
    if (e->last_warning != NULL)
        e->last_warning->next = w;
    else
        e->first_warning = w;
    e->last_warning = w;
    e->warning_count++;
    return cx_value_null();
}

cx_value cx_eval_list(cx_eval *e, const cx_value *items, size_t n) {
    return items != NULL && e->rc == CX_OK ? cx_value_list(items, n) : cx_value_null();
}

/* --- arithmetic --------------------------------------------------------------------------------------- */

static const char *sign_of(cx_op op) {
    return op == CX_OP_ADD   ? "+"
           : op == CX_OP_SUB ? "-"
           : op == CX_OP_MUL ? "*"
           : op == CX_OP_DIV ? "/"
                             : "**";
}

static cx_value numbers(cx_eval *e, cx_op op, cx_decimal a, cx_decimal b) {
    cx_decimal out;
    bool good = op == CX_OP_ADD   ? cx_decimal_add(a, b, &out)
                : op == CX_OP_SUB ? cx_decimal_sub(a, b, &out)
                : op == CX_OP_MUL ? cx_decimal_mul(a, b, &out)
                : op == CX_OP_DIV ? cx_decimal_div(a, b, &out)
                                  : cx_decimal_pow(a, b, &out);
    if (good)
        return cx_value_decimal(out);
    if (op == CX_OP_DIV && cx_decimal_is_zero(b))
        return cx_eval_warn(e, "division by zero");
    return cx_eval_warn(e, "the result of %s is no number that decimal128 holds", sign_of(op));
}

static cx_value joined(cx_eval *e, cx_view a, cx_view b) {
    char *p = cx_eval_alloc(e, 1, a.n + b.n + 1);
    if (p == NULL)
        return cx_value_null();
    if (a.n > 0)
        (void)memcpy(p, a.p, a.n);
    if (b.n > 0)
        (void)memcpy(p + a.n, b.p, b.n);
    return cx_value_string((cx_view){p, a.n + b.n});
}

static bool is_duration(cx_value v) {
    return v.kind == CX_KIND_DAYS_TIME || v.kind == CX_KIND_YEARS_MONTHS;
}

static cx_value temporal(cx_op op, cx_value a, cx_value b) {
    if (op == CX_OP_ADD)
        return cx_temporal_add(a, b);
    if (op == CX_OP_SUB)
        return cx_temporal_sub(a, b);
    if (op == CX_OP_MUL && is_duration(a) && b.kind == CX_KIND_NUMBER)
        return cx_duration_mul(a, b.u.number);
    if (op == CX_OP_MUL && is_duration(b) && a.kind == CX_KIND_NUMBER)
        return cx_duration_mul(b, a.u.number);
    if (op == CX_OP_DIV && is_duration(a))
        return cx_duration_div(a, b);
    return cx_value_null();
}

static cx_value negated(cx_eval *e, cx_value a) {
    if (a.kind == CX_KIND_NUMBER)
        return cx_value_decimal(cx_decimal_negate(a.u.number));
    cx_value v = cx_temporal_negate(a);
    if (cx_value_is_null(v) && !cx_value_is_null(a))
        return cx_eval_warn(e, "a %s has no negative", cx_kind_name(a.kind));
    return v;
}

cx_value cx_eval_arithmetic(cx_eval *e, const cx_node *node, cx_value a, cx_value b) {
    cx_op op = (cx_op)node->op;
    if (op == CX_OP_NEG)
        return negated(e, a);
    if (a.kind == CX_KIND_NUMBER && b.kind == CX_KIND_NUMBER)
        return numbers(e, op, a.u.number, b.u.number);
    if (cx_value_is_null(a) || cx_value_is_null(b))
        return cx_value_null();
    if (a.kind == CX_KIND_STRING && b.kind == CX_KIND_STRING && op == CX_OP_ADD)
        return joined(e, a.u.string, b.u.string);
    cx_value v = temporal(op, a, b);
    if (cx_value_is_null(v))
        return cx_eval_warn(e, "%s %s %s has no result", cx_kind_name(a.kind), sign_of(op),
                            cx_kind_name(b.kind));
    return v;
}

static bool order_fits(cx_op op, int order) {
    return op == CX_OP_LT ? order < 0 : op == CX_OP_LE ? order <= 0 : op == CX_OP_GT ? order > 0 : order >= 0;
}

static cx_tri compared(cx_op op, cx_value a, cx_value b) {
    int order;
    if (op == CX_OP_EQ)
        return cx_value_equal(a, b);
    if (op == CX_OP_NE) {
        cx_tri t = cx_value_equal(a, b);
        return t == CX_TRI_NULL ? t : t == CX_TRI_TRUE ? CX_TRI_FALSE : CX_TRI_TRUE;
    }
    if (!cx_value_compare(a, b, &order))
        return CX_TRI_NULL;
    return order_fits(op, order) ? CX_TRI_TRUE : CX_TRI_FALSE;
}

cx_value cx_eval_comparison(cx_eval *e, cx_op op, cx_value a, cx_value b) {
    cx_tri t = compared(op, a, b);
    if (t == CX_TRI_NULL && !cx_value_is_null(a) && !cx_value_is_null(b))
        return cx_eval_warn(e, "%s and %s cannot be compared", cx_kind_name(a.kind), cx_kind_name(b.kind));
    return cx_value_tri(t);
}

/* --- tests -------------------------------------------------------------------------------------------- */

static cx_tri either(cx_tri a, cx_tri b) {
    if (a == CX_TRI_TRUE || b == CX_TRI_TRUE)
        return CX_TRI_TRUE;
    return a == CX_TRI_NULL || b == CX_TRI_NULL ? CX_TRI_NULL : CX_TRI_FALSE;
}

cx_tri cx_value_in(cx_value v, cx_value where) {
    if (where.kind == CX_KIND_RANGE && v.kind != CX_KIND_RANGE)
        return cx_range_holds(where.u.range, v);
    if (where.kind != CX_KIND_LIST)
        return cx_value_equal(v, where);
    cx_tri any = v.kind == CX_KIND_LIST ? cx_value_equal(v, where) : CX_TRI_FALSE;
    for (size_t i = 0; i < where.u.list.n && any != CX_TRI_TRUE; i++) {
        cx_value item = where.u.list.items[i];
        any = either(any, item.kind == CX_KIND_RANGE && v.kind != CX_KIND_RANGE
                              ? cx_range_holds(item.u.range, v)
                              : cx_value_equal(v, item));
    }
    return any;
}

cx_tri cx_eval_test(cx_eval *e, const cx_node *test, cx_value value, const cx_env *env) {
    cx_value against = cx_eval_node(e, test->u.kids.a, env);
    if (test->op == CX_OP_TEST_CMP)
        return compared((cx_op)test->index, value, against);
    bool truth = test->uses_input || (value.kind != CX_KIND_BOOLEAN && test->u.kids.a->op != CX_OP_CONST);
    if (truth && against.kind == CX_KIND_BOOLEAN)
        return against.u.boolean ? CX_TRI_TRUE : CX_TRI_FALSE;
    if (test->uses_input && cx_value_is_null(against))
        return CX_TRI_NULL;
    return cx_value_in(value, against);
}

/* Against a text that stands there, as most tests are: without a detour. */
static inline bool is_text_test(const cx_node *test, const cx_value *value) {
    const cx_node *against = test->u.kids.a;
    return value->kind == CX_KIND_STRING && test->op != CX_OP_TEST_CMP && against->op == CX_OP_CONST &&
           against->u.value.kind == CX_KIND_STRING;
}

cx_tri cx_eval_tests(cx_eval *e, const cx_node *tests, cx_value value, const cx_env *env) {
    cx_tri any = CX_TRI_FALSE;
    for (size_t i = 0; i < tests->u.many.n && any != CX_TRI_TRUE; i++) {
        if (!cx_eval_step(e))
            return CX_TRI_NULL;
        const cx_node *test = tests->u.many.items[i];
        if (!is_text_test(test, &value))
            any = either(any, cx_eval_test(e, test, value, env));
        else if (cx_view_eq(value.u.string, test->u.kids.a->u.value.u.string))
            any = CX_TRI_TRUE;
    }
    if (tests->op == CX_OP_TESTS || any == CX_TRI_NULL)
        return any;
    return any == CX_TRI_TRUE ? CX_TRI_FALSE : CX_TRI_TRUE;
}
