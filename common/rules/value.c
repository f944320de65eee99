#include "common/rules/value.h"

#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

/* Values nested deeper than this are neither compared nor shown further: the stack is bounded. */
enum { DEEPEST = 200 };

cx_value cx_value_instant(cx_time t) {
    if (t == CX_NO_TIME)
        return cx_value_null();
    int64_t local = t + CX_CHINA_OFFSET;
    int64_t days = local / CX_DAY - (local % CX_DAY < 0 ? 1 : 0);
    cx_value v = {.kind = CX_KIND_DATE_TIME, .zoned = 1, .offset = (int32_t)(CX_CHINA_OFFSET / CX_SECOND)};
    v.u.at.days = days;
    v.u.at.nanos = (local - days * CX_DAY) * (CX_NANOS_PER_SECOND / CX_SECOND);
    return v;
}

bool cx_value_number_parse(cx_view text, cx_value *out) {
    cx_decimal d;
    if (!cx_decimal_parse(text, &d))
        return false;
    *out = cx_value_decimal(d);
    return true;
}

bool cx_value_to_int64(cx_value v, int64_t *out) {
    return v.kind == CX_KIND_NUMBER && cx_decimal_to_int64(v.u.number, out);
}

bool cx_value_to_bool(cx_value v, bool *out) {
    if (v.kind == CX_KIND_BOOLEAN)
        *out = v.u.boolean;
    return v.kind == CX_KIND_BOOLEAN;
}

bool cx_value_to_string(cx_value v, cx_view *out) {
    if (v.kind == CX_KIND_STRING)
        *out = v.u.string;
    return v.kind == CX_KIND_STRING;
}

bool cx_value_to_date(cx_value v, cx_date *out) {
    if (v.kind != CX_KIND_DATE || v.u.at.days <= INT32_MIN || v.u.at.days > INT32_MAX)
        return false;
    *out = (cx_date)v.u.at.days;
    return true;
}

const cx_value *cx_value_entry(cx_value v, cx_view key) {
    if (v.kind != CX_KIND_CONTEXT)
        return NULL;
    for (size_t i = 0; i < v.u.context.n; i++)
        if (cx_view_eq(v.u.context.entries[i].key, key))
            return &v.u.context.entries[i].value;
    return NULL;
}

const char *cx_kind_name(cx_kind kind) {
    static const char *const names[CX_KIND_COUNT] = {"null",
                                                     "boolean",
                                                     "number",
                                                     "string",
                                                     "date",
                                                     "time",
                                                     "date and time",
                                                     "days and time duration",
                                                     "years and months duration",
                                                     "list",
                                                     "context",
                                                     "range",
                                                     "function"};
    return kind < CX_KIND_COUNT ? names[kind] : "unknown";
}

static int order_of(__int128 a, __int128 b) {
    return (a > b) - (a < b);
}

bool cx_value_compare(cx_value a, cx_value b, int *order) {
    if (a.kind != b.kind)
        return false;
    switch ((cx_kind)a.kind) {
    case CX_KIND_NUMBER:
        *order = cx_decimal_cmp(a.u.number, b.u.number);
        return true;
    case CX_KIND_STRING:
        *order = cx_view_cmp(a.u.string, b.u.string);
        return true;
    case CX_KIND_DATE:
        *order = order_of(a.u.at.days, b.u.at.days);
        return true;
    case CX_KIND_TIME:
    case CX_KIND_DATE_TIME:
        if (a.zoned != b.zoned) /* the local one takes the other's offset (table 54) */
            a.zoned = b.zoned = 0;
        *order = order_of(cx_instant_nanos(a), cx_instant_nanos(b));
        return true;
    case CX_KIND_DAYS_TIME:
        *order = order_of(cx_duration_nanos(a), cx_duration_nanos(b));
        return true;
    case CX_KIND_YEARS_MONTHS:
        *order = order_of(a.u.months, b.u.months);
        return true;
    case CX_KIND_NULL:
    case CX_KIND_BOOLEAN:
    case CX_KIND_LIST:
    case CX_KIND_CONTEXT:
    case CX_KIND_RANGE:
    case CX_KIND_FUNCTION:
    case CX_KIND_COUNT:
        break;
    }
    return false;
}

static cx_tri equal(cx_value a, cx_value b, int depth);

static cx_tri both(cx_tri a, cx_tri b) {
    if (a == CX_TRI_FALSE || b == CX_TRI_FALSE)
        return CX_TRI_FALSE;
    return a == CX_TRI_NULL || b == CX_TRI_NULL ? CX_TRI_NULL : CX_TRI_TRUE;
}

static cx_tri equal_lists(cx_value a, cx_value b, int depth) {
    if (a.u.list.n != b.u.list.n)
        return CX_TRI_FALSE;
    cx_tri all = CX_TRI_TRUE;
    for (size_t i = 0; i < a.u.list.n && all != CX_TRI_FALSE; i++)
        all = both(all, equal(a.u.list.items[i], b.u.list.items[i], depth));
    return all;
}

static cx_tri equal_contexts(cx_value a, cx_value b, int depth) {
    if (a.u.context.n != b.u.context.n)
        return CX_TRI_FALSE;
    cx_tri all = CX_TRI_TRUE;
    for (size_t i = 0; i < a.u.context.n && all != CX_TRI_FALSE; i++) {
        const cx_value *other = cx_value_entry(b, a.u.context.entries[i].key);
        all = other == NULL ? CX_TRI_FALSE : both(all, equal(a.u.context.entries[i].value, *other, depth));
    }
    return all;
}

static cx_tri equal_ranges(const cx_range *a, const cx_range *b, int depth) {
    if (a->low_closed != b->low_closed || a->high_closed != b->high_closed)
        return CX_TRI_FALSE;
    return both(equal(a->low, b->low, depth), equal(a->high, b->high, depth));
}

static cx_tri equal(cx_value a, cx_value b, int depth) {
    if (a.kind == CX_KIND_NULL || b.kind == CX_KIND_NULL)
        return a.kind == b.kind ? CX_TRI_TRUE : CX_TRI_FALSE;
    if (a.kind != b.kind || depth > DEEPEST)
        return CX_TRI_NULL;
    if (a.zoned != b.zoned) /* a zoned and a local time differ */
        return CX_TRI_FALSE;
    int order;
    if (cx_value_compare(a, b, &order))
        return order == 0 ? CX_TRI_TRUE : CX_TRI_FALSE;
    if (a.kind == CX_KIND_BOOLEAN)
        return a.u.boolean == b.u.boolean ? CX_TRI_TRUE : CX_TRI_FALSE;
    if (a.kind == CX_KIND_LIST)
        return equal_lists(a, b, depth + 1);
    if (a.kind == CX_KIND_CONTEXT)
        return equal_contexts(a, b, depth + 1);
    if (a.kind == CX_KIND_RANGE)
        return equal_ranges(a.u.range, b.u.range, depth + 1);
    if (a.kind == CX_KIND_FUNCTION)
        return a.u.function == b.u.function ? CX_TRI_TRUE : CX_TRI_FALSE;
    return CX_TRI_NULL;
}

cx_tri cx_value_equal(cx_value a, cx_value b) {
    return equal(a, b, 0);
}

bool cx_value_same(cx_value a, cx_value b) {
    return cx_value_equal(a, b) == CX_TRI_TRUE;
}

static cx_tri within(cx_value end, cx_value point, bool closed, int wanted) {
    int order;
    if (cx_value_is_null(end))
        return CX_TRI_TRUE;
    if (!cx_value_compare(point, end, &order))
        return CX_TRI_NULL;
    return order == 0 ? (closed ? CX_TRI_TRUE : CX_TRI_FALSE)
                      : ((order > 0) == (wanted > 0) ? CX_TRI_TRUE : CX_TRI_FALSE);
}

cx_tri cx_range_holds(const cx_range *range, cx_value point) {
    if (cx_value_is_null(range->low) && cx_value_is_null(range->high))
        return CX_TRI_NULL;
    return both(within(range->low, point, range->low_closed, 1),
                within(range->high, point, range->high_closed, -1));
}
