/* From a cell to a set of positions. */
#include <stdlib.h>

#include "common/rules/index.h"

static bool is_axis_kind(cx_kind kind) {
    return kind == CX_KIND_BOOLEAN || kind == CX_KIND_NUMBER || kind == CX_KIND_STRING ||
           (kind >= CX_KIND_DATE && kind <= CX_KIND_YEARS_MONTHS);
}

static bool on_axis(const cx_axis *axis, cx_value v) {
    return v.kind == axis->kind && v.zoned == axis->zoned;
}

static bool end_on_axis(const cx_axis *axis, cx_value v) {
    return cx_value_is_null(v) || on_axis(axis, v);
}

static const cx_node *operand(const cx_node *tests, size_t i) {
    return tests->u.many.items[i]->u.kids.a;
}

static cx_kind kind_of(cx_value v, uint8_t *zoned) {
    if (v.kind == CX_KIND_RANGE)
        v = cx_value_is_null(v.u.range->low) ? v.u.range->high : v.u.range->low;
    else if (v.kind == CX_KIND_LIST)
        v = v.u.list.n > 0 && v.u.list.items[0].kind != CX_KIND_LIST ? v.u.list.items[0] : cx_value_null();
    if (v.kind == CX_KIND_RANGE)
        v = v.u.range->low;
    *zoned = v.zoned;
    return is_axis_kind((cx_kind)v.kind) ? (cx_kind)v.kind : CX_KIND_NULL;
}

cx_kind cx_cell_kind(const cx_node *tests, uint8_t *zoned) {
    cx_kind kind = CX_KIND_NULL;
    for (size_t i = 0; tests != NULL && i < tests->u.many.n && kind == CX_KIND_NULL; i++)
        if (operand(tests, i)->op == CX_OP_CONST)
            kind = kind_of(operand(tests, i)->u.value, zoned);
    return kind;
}

static bool plain_value(const cx_axis *axis, cx_value v, bool nested) {
    if (cx_value_is_null(v) || on_axis(axis, v))
        return true;
    if (v.kind == CX_KIND_RANGE)
        return axis->kind != CX_KIND_BOOLEAN && end_on_axis(axis, v.u.range->low) &&
               end_on_axis(axis, v.u.range->high) &&
               !(cx_value_is_null(v.u.range->low) && cx_value_is_null(v.u.range->high));
    bool all = v.kind == CX_KIND_LIST && !nested;
    for (size_t i = 0; all && i < v.u.list.n; i++)
        all = plain_value(axis, v.u.list.items[i], true);
    return all;
}

static bool plain_test(const cx_axis *axis, const cx_node *test) {
    const cx_node *a = test->u.kids.a;
    if (a->op != CX_OP_CONST || test->uses_input)
        return false;
    if (test->op == CX_OP_TEST)
        return plain_value(axis, a->u.value, false);
    bool equality = test->index == CX_OP_EQ || test->index == CX_OP_NE;
    if (cx_value_is_null(a->u.value))
        return equality;
    return on_axis(axis, a->u.value) && (equality || axis->kind != CX_KIND_BOOLEAN);
}

bool cx_cell_is_plain(const cx_node *tests, const cx_axis *axis) {
    for (size_t i = 0; tests != NULL && i < tests->u.many.n; i++)
        if (!plain_test(axis, tests->u.many.items[i]))
            return false;
    return true;
}

static void value_points(cx_value v, void (*visit)(void *ctx, cx_value v), void *ctx) {
    if (v.kind == CX_KIND_RANGE) {
        value_points(v.u.range->low, visit, ctx);
        value_points(v.u.range->high, visit, ctx);
    } else if (v.kind == CX_KIND_LIST) {
        for (size_t i = 0; i < v.u.list.n; i++)
            value_points(v.u.list.items[i], visit, ctx);
    } else if (!cx_value_is_null(v)) {
        visit(ctx, v);
    }
}

void cx_cell_points(const cx_node *tests, void (*visit)(void *ctx, cx_value v), void *ctx) {
    for (size_t i = 0; tests != NULL && i < tests->u.many.n; i++)
        value_points(operand(tests, i)->u.value, visit, ctx);
}

bool cx_cell_is_ordered(const cx_node *tests) {
    for (size_t i = 0; tests != NULL && i < tests->u.many.n; i++) {
        const cx_node *test = tests->u.many.items[i];
        cx_value v = operand(tests, i)->u.value;
        if (v.kind == CX_KIND_RANGE ||
            (test->op == CX_OP_TEST_CMP && test->index != CX_OP_EQ && test->index != CX_OP_NE))
            return true;
        for (size_t k = 0; v.kind == CX_KIND_LIST && k < v.u.list.n; k++)
            if (v.u.list.items[k].kind == CX_KIND_RANGE)
                return true;
    }
    return false;
}

/* --- spans -------------------------------------------------------------------------------------------- */

static bool add(cx_spans *s, uint32_t low, uint32_t high) {
    if (s->n == s->room) {
        size_t room = s->room * 2 + 64;
        cx_span *at = realloc(s->at, room * sizeof *at);
        if (at == NULL)
            return false;
        s->at = at;
        s->room = room;
    }
    if (low <= high)
        s->at[s->n++] = (cx_span){low, high};
    return true;
}

static uint32_t position_of(const cx_axis *axis, cx_value v) {
    uint32_t position = 0;
    bool found = cx_axis_find(axis, v, &position);
    CX_ASSERT(found && position % 2 == 1); /* every constant of a plain cell is a point */
    return position;
}

static bool add_range(const cx_axis *axis, const cx_range *r, cx_spans *s) {
    uint32_t low = 0, high = cx_axis_positions(axis) - 1;
    if (!cx_value_is_null(r->low))
        low = position_of(axis, r->low) + (r->low_closed ? 0 : 1);
    if (!cx_value_is_null(r->high))
        high = position_of(axis, r->high) - (r->high_closed ? 0 : 1);
    return add(s, low, high);
}

static bool add_value(const cx_axis *axis, cx_value v, cx_spans *s) {
    if (cx_value_is_null(v))
        return true; /* null is no point of the axis */
    if (v.kind == CX_KIND_RANGE)
        return add_range(axis, v.u.range, s);
    bool good = true;
    if (v.kind == CX_KIND_LIST) {
        for (size_t i = 0; good && i < v.u.list.n; i++)
            good = add_value(axis, v.u.list.items[i], s);
        return good;
    }
    uint32_t p = position_of(axis, v);
    return add(s, p, p);
}

static bool add_comparison(const cx_axis *axis, cx_op op, cx_value v, cx_spans *s) {
    uint32_t last = cx_axis_positions(axis) - 1;
    if (cx_value_is_null(v)) /* only = and != are plain: nothing on the axis is null */
        return op == CX_OP_EQ || add(s, 0, last);
    uint32_t p = position_of(axis, v);
    if (op == CX_OP_EQ)
        return add(s, p, p);
    if (op == CX_OP_NE)
        return add(s, 0, p - 1) && add(s, p + 1, last);
#ifdef CX_SEED_RULES_INDEX_LE
    op = op == CX_OP_LE ? CX_OP_LT : op;
#endif
    if (op == CX_OP_LT || op == CX_OP_LE)
        return add(s, 0, op == CX_OP_LT ? p - 1 : p);
    return add(s, op == CX_OP_GT ? p + 1 : p, last);
}

static int by_low(const void *a, const void *b) {
    const cx_span *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

/* Sorts the spans from `from` on and joins those that touch. */
static void join(cx_spans *s, size_t from) {
    if (s->n - from < 2)
        return;
    qsort(s->at + from, s->n - from, sizeof *s->at, by_low);
    size_t kept = from;
    for (size_t i = from + 1; i < s->n; i++) {
        if (s->at[i].low <= s->at[kept].high + 1) {
            if (s->at[i].high > s->at[kept].high)
                s->at[kept].high = s->at[i].high;
        } else {
            s->at[++kept] = s->at[i];
        }
    }
    s->n = kept + 1;
}

/* Replaces the spans from `from` on by what they leave out. */
static bool complement(const cx_axis *axis, cx_spans *s, size_t from) {
    size_t end = s->n;
    uint32_t next = 0;
    for (size_t i = from; i < end; i++) {
        cx_span span = s->at[i];
        if (span.low > next && !add(s, next, span.low - 1))
            return false;
        next = span.high + 1;
    }
    if (next < cx_axis_positions(axis) && !add(s, next, cx_axis_positions(axis) - 1))
        return false;
    size_t made = s->n - end;
    if (made > 0)
        (void)memmove(s->at + from, s->at + end, made * sizeof *s->at);
    s->n = from + made;
    return true;
}

bool cx_cell_spans(const cx_node *tests, const cx_axis *axis, cx_spans *s) {
    size_t from = s->n;
    if (tests == NULL)
        return add(s, 0, cx_axis_positions(axis) - 1);
    for (size_t i = 0; i < tests->u.many.n; i++) {
        const cx_node *test = tests->u.many.items[i];
        cx_value v = operand(tests, i)->u.value;
        bool good = test->op == CX_OP_TEST_CMP ? add_comparison(axis, (cx_op)test->index, v, s)
                                               : add_value(axis, v, s);
        if (!good)
            return false;
    }
    join(s, from);
    return tests->op != CX_OP_TESTS_NOT || complement(axis, s, from);
}
