#include "common/rules/analyse_axis.h"

#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

/* A number inside (a, b), whole where there is one; a or b may be missing. */
static cx_value number_between(const cx_value *a, const cx_value *b) {
    cx_value one = cx_value_int(1), middle;
    cx_decimal d;
    if (a == NULL || b == NULL) {
        if (a != NULL ? cx_decimal_add(a->u.number, one.u.number, &d)
                      : cx_decimal_sub(b->u.number, one.u.number, &d))
            return cx_value_decimal(d);
        return cx_value_null();
    }
    if (!cx_decimal_add(a->u.number, b->u.number, &d) || !cx_decimal_div(d, cx_value_int(2).u.number, &d))
        return cx_value_null();
    middle = cx_value_decimal(d);
    if (cx_decimal_round(d, 0, CX_ROUND_FLOOR, &d) && cx_decimal_cmp(d, a->u.number) > 0)
        return cx_value_decimal(d);
    return middle;
}

static cx_value text_between(cx_arena *arena, const cx_axis *axis, const cx_value *a) {
    uint32_t p;
    cx_value v = cx_value_string(CX_VIEW("other"));
    if (axis->plain) { /* anything that is no point */
        for (int i = 2; cx_axis_find(axis, v, &p) && p % 2 == 1 && v.u.string.p != NULL; i++)
            v = cx_value_string(cx_arena_printf(arena, "other %d", i));
        return v;
    }
    if (a == NULL)
        return cx_value_string(CX_VIEW(""));
    return cx_value_string(cx_arena_printf(arena, "%.*s ", CX_VIEW_ARGS(a->u.string)));
}

static cx_value stepped(cx_value from, int64_t by) {
    cx_value step;
    if (from.kind == CX_KIND_DATE) {
        from.u.at.days += by;
        return from;
    }
    if (from.kind == CX_KIND_YEARS_MONTHS)
        return cx_value_months(from.u.months + by);
    return cx_duration_of_nanos((__int128)by * CX_NANOS_PER_SECOND, &step) ? cx_temporal_add(from, step)
                                                                           : cx_value_null();
}

static cx_value between(cx_arena *arena, const cx_axis *axis, const cx_value *a, const cx_value *b) {
    if (axis->kind == CX_KIND_NUMBER)
        return number_between(a, b);
    if (axis->kind == CX_KIND_STRING)
        return text_between(arena, axis, a);
    if (axis->kind == CX_KIND_BOOLEAN)
        return cx_value_null();
    return a != NULL ? stepped(*a, 1) : stepped(*b, -1);
}

/* A value at the position; null when there is none (no day lies between two days in succession). */
static cx_value example_at(cx_arena *arena, const cx_axis *axis, uint32_t position) {
    uint32_t found;
    size_t i = position / 2;
    if (position % 2 == 1)
        return axis->points[i];
    if (axis->point_count == 0 || (axis->plain && position > 0))
        return cx_value_null();
    cx_value v = between(arena, axis, i > 0 ? &axis->points[i - 1] : NULL,
                         i < axis->point_count ? &axis->points[i] : NULL);
    return cx_axis_find(axis, v, &found) && found == position ? v : cx_value_null();
}

static bool allowed(cx_arena *arena, const cx_input_column *column, cx_value v) {
    cx_eval e = {.arena = arena, .steps_left = CX_EVAL_STEPS, .quiet = true};
    cx_env env = {NULL, &v};
    return column->allowed == NULL || column->allowed_varies ||
           cx_eval_tests(&e, column->allowed, v, &env) == CX_TRI_TRUE;
}

bool cx_domain_of(cx_arena *arena, const cx_table *t, size_t column, cx_domain *out) {
    const cx_axis *axis = &t->index->axes[column];
    uint32_t n = cx_axis_positions(axis);
    cx_value *example = cx_arena_calloc(arena, n, sizeof *example);
    uint32_t *before = cx_arena_calloc(arena, n + 1, sizeof *before);
    uint32_t *kinds = cx_arena_calloc(arena, n, sizeof *kinds);
    bool *seen = cx_arena_calloc(arena, n, sizeof *seen); /* by class */
    if (example == NULL || before == NULL || kinds == NULL || seen == NULL)
        return false;
    *out = (cx_domain){.axis = axis, .example = example, .before = before, .kinds = kinds};
    for (uint32_t p = 0; p < n; p++) {
        example[p] = example_at(arena, axis, p);
        bool any = axis->point_count == 0; /* nothing is tested: whatever comes, lies here */
        bool occurs =
            any || (!cx_value_is_null(example[p]) && allowed(arena, &t->inputs[column], example[p]));
        before[p + 1] = before[p] + (occurs ? 1 : 0);
        if (occurs && !seen[axis->class_of[p]]) {
            seen[axis->class_of[p]] = true;
            kinds[out->kind_count++] = p;
        }
    }
    return true;
}

static const cx_span *spans_of(const cx_domain *d, uint32_t rule, uint32_t *n) {
    *n = d->axis->first[rule + 1] - d->axis->first[rule];
    return d->axis->spans + d->axis->first[rule];
}

static uint32_t greater(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

bool cx_domain_common(const cx_domain *d, uint32_t a, uint32_t b, uint32_t *at) {
    uint32_t na, nb;
    const cx_span *x = spans_of(d, a, &na), *y = spans_of(d, b, &nb);
    for (uint32_t i = 0, k = 0; i < na && k < nb;) {
        uint32_t low = greater(x[i].low, y[k].low);
        uint32_t high = x[i].high < y[k].high ? x[i].high : y[k].high;
        if (cx_domain_meets(d, low, high)) {
            for (*at = low; d->before[*at + 1] == d->before[*at];)
                ++*at;
            return true;
        }
        if (x[i].high < y[k].high)
            i++;
        else
            k++;
    }
    return false;
}

static uint32_t size_of(const cx_domain *d, const cx_span *spans, uint32_t n) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < n; i++)
        size += d->before[spans[i].high + 1] - d->before[spans[i].low];
    return size;
}

bool cx_domain_within(const cx_domain *d, uint32_t a, uint32_t b) {
    uint32_t na, nb, common = 0;
    const cx_span *x = spans_of(d, a, &na), *y = spans_of(d, b, &nb);
    for (uint32_t i = 0, k = 0; i < na && k < nb;) {
        uint32_t low = greater(x[i].low, y[k].low);
        uint32_t high = x[i].high < y[k].high ? x[i].high : y[k].high;
        if (low <= high)
            common += d->before[high + 1] - d->before[low];
        if (x[i].high < y[k].high)
            i++;
        else
            k++;
    }
    return common == size_of(d, x, na);
}

bool cx_domain_full(const cx_domain *d, uint32_t rule) {
    uint32_t n;
    const cx_span *spans = spans_of(d, rule, &n);
    return size_of(d, spans, n) == d->before[cx_axis_positions(d->axis)];
}

bool cx_domain_empty(const cx_domain *d, uint32_t rule) {
    uint32_t n;
    const cx_span *spans = spans_of(d, rule, &n);
    return size_of(d, spans, n) == 0;
}

bool cx_domain_opaque(const cx_domain *d, uint32_t rule) {
    return (d->axis->opaque[rule / 64] >> rule % 64 & 1) != 0;
}
