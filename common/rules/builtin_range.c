/* Relations of points and ranges (DMN 1.5, table 78). A point is a range of one. */
#include "common/rules/interp.h"

/* Both arguments as ranges whose ends can be compared. */
struct pair {
    cx_range a, b;
    bool point_a, point_b;
    int low_low, low_high, high_low, high_high; /* order of a's end against b's */
};

static bool as_range(cx_value v, cx_range *out, bool *point) {
    *point = v.kind != CX_KIND_RANGE;
    *out = *point ? (cx_range){v, v, true, true} : *v.u.range;
    return !cx_value_is_null(out->low) && !cx_value_is_null(out->high);
}

static bool compare(cx_eval *e, const cx_value *args, struct pair *p) {
    if (as_range(args[0], &p->a, &p->point_a) && as_range(args[1], &p->b, &p->point_b) &&
        cx_value_compare(p->a.low, p->b.low, &p->low_low) &&
        cx_value_compare(p->a.low, p->b.high, &p->low_high) &&
        cx_value_compare(p->a.high, p->b.low, &p->high_low) &&
        cx_value_compare(p->a.high, p->b.high, &p->high_high))
        return true;
    (void)cx_eval_warn(e, "points and ranges of one kind are needed");
    return false;
}

static bool before(const struct pair *p) {
    return p->high_low < 0 || (p->high_low == 0 && !(p->a.high_closed && p->b.low_closed));
}
static bool after(const struct pair *p) {
    return p->low_high > 0 || (p->low_high == 0 && !(p->a.low_closed && p->b.high_closed));
}
/* a begins no earlier than b, a ends no later than b. */
static bool low_inside(const struct pair *p) {
    return p->low_low > 0 || (p->low_low == 0 && (p->b.low_closed || !p->a.low_closed));
}
static bool high_inside(const struct pair *p) {
    return p->high_high < 0 || (p->high_high == 0 && (p->b.high_closed || !p->a.high_closed));
}
static bool low_covers(const struct pair *p) {
    return p->low_low < 0 || (p->low_low == 0 && (p->a.low_closed || !p->b.low_closed));
}
static bool high_covers(const struct pair *p) {
    return p->high_high > 0 || (p->high_high == 0 && (p->a.high_closed || !p->b.high_closed));
}
static bool same_low(const struct pair *p) {
    return p->low_low == 0 && p->a.low_closed == p->b.low_closed;
}
static bool same_high(const struct pair *p) {
    return p->high_high == 0 && p->a.high_closed == p->b.high_closed;
}

/* a begins before b does (an open end begins later than a closed one at the same value). */
static bool begins_before(const struct pair *p) {
    return p->low_low < 0 || (p->low_low == 0 && p->a.low_closed && !p->b.low_closed);
}
static bool ends_before(const struct pair *p) {
    return p->high_high < 0 || (p->high_high == 0 && !p->a.high_closed && p->b.high_closed);
}

#define RELATION(name, condition)                                                                            \
    static cx_value name(cx_eval *e, const cx_value *args, size_t n) {                                       \
        (void)n;                                                                                             \
        struct pair pair, *p = &pair;                                                                        \
        return compare(e, args, p) ? cx_value_bool(condition) : cx_value_null();                             \
    }

RELATION(fn_before, before(p))
RELATION(fn_after, after(p))
RELATION(fn_meets, p->high_low == 0 && p->a.high_closed && p->b.low_closed)
RELATION(fn_met_by, p->low_high == 0 && p->a.low_closed && p->b.high_closed)
RELATION(fn_overlaps, !before(p) && !after(p))
RELATION(fn_overlaps_before, begins_before(p) && !before(p) && (ends_before(p) || same_high(p)))
RELATION(fn_overlaps_after, !begins_before(p) && !same_low(p) && !after(p) && !ends_before(p))
RELATION(fn_finishes, (p->point_a ? p->high_high == 0 && p->b.high_closed : same_high(p)) && low_inside(p))
RELATION(fn_finished_by, (p->point_b ? p->high_high == 0 && p->a.high_closed : same_high(p)) && low_covers(p))
RELATION(fn_includes, low_covers(p) && high_covers(p))
RELATION(fn_during, low_inside(p) && high_inside(p))
RELATION(fn_starts, (p->point_a ? p->low_low == 0 && p->b.low_closed : same_low(p)) && high_inside(p))
RELATION(fn_started_by, (p->point_b ? p->low_low == 0 && p->a.low_closed : same_low(p)) && high_covers(p))
RELATION(fn_coincides, same_low(p) && same_high(p))

/* One end of a range's text: a literal, or nothing. */
static bool range_end(cx_eval *e, cx_view text, cx_value *out) {
    cx_feel feel = {.arena = e->arena};
    const cx_node *node;
    cx_err ignored = {0};
    *out = cx_value_null();
    text = cx_view_trim(text);
    if (text.n == 0)
        return true;
    if (cx_feel_expression(&feel, NULL, text, &node, &ignored) != CX_OK || node->op != CX_OP_CONST)
        return false;
    *out = node->u.value;
    return out->kind >= CX_KIND_NUMBER && out->kind <= CX_KIND_YEARS_MONTHS;
}

/* "[2..)", "(..2)": a range with one end. */
static bool half_range(cx_eval *e, cx_view text, cx_range *out) {
    text = cx_view_trim(text);
    if (text.n < 4 || strchr("[(]", text.p[0]) == NULL || strchr("])[", text.p[text.n - 1]) == NULL)
        return false;
    cx_view inner = cx_view_trim((cx_view){text.p + 1, text.n - 2});
    bool no_low = inner.n > 2 && memcmp(inner.p, "..", 2) == 0;
    bool no_high = inner.n > 2 && memcmp(inner.p + inner.n - 2, "..", 2) == 0;
    if (no_low == no_high)
        return false;
    cx_view end = {no_low ? inner.p + 2 : inner.p, inner.n - 2};
    *out = (cx_range){.low_closed = no_high && text.p[0] == '[',
                      .high_closed = no_low && text.p[text.n - 1] == ']'};
    return range_end(e, end, no_low ? &out->high : &out->low);
}

/* range("[1..5]"): the text of a range literal. */
static cx_value fn_range(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_view text;
    cx_err ignored = {0};
    const cx_node *node;
    if (!cx_value_to_string(args[0], &text) || text.n > 4096)
        return cx_eval_warn(e, "range() needs the text of a range");
    cx_range half, *kept;
    if (half_range(e, text, &half)) {
        kept = cx_eval_alloc(e, 1, sizeof *kept);
        if (kept == NULL)
            return cx_value_null();
        *kept = half;
        return (cx_value){.kind = CX_KIND_RANGE, .u.range = kept};
    }
    cx_feel feel = {.arena = e->arena};
    cx_rc rc = cx_feel_expression(&feel, NULL, text, &node, &ignored);
    if (rc == CX_OK && node->op == CX_OP_CONST && node->u.value.kind == CX_KIND_RANGE)
        return node->u.value;
    return cx_eval_warn(e, "range(): the text is no range");
}

#define POINTS "point1,point2|point,range|range,point|range1,range2"

const cx_builtin cx_builtins_range[] = {
    {"before", POINTS, 2, 2, false, fn_before},
    {"after", POINTS, 2, 2, false, fn_after},
    {"meets", POINTS, 2, 2, false, fn_meets},
    {"met by", POINTS, 2, 2, false, fn_met_by},
    {"overlaps", POINTS, 2, 2, false, fn_overlaps},
    {"overlaps before", POINTS, 2, 2, false, fn_overlaps_before},
    {"overlaps after", POINTS, 2, 2, false, fn_overlaps_after},
    {"finishes", POINTS, 2, 2, false, fn_finishes},
    {"finished by", POINTS, 2, 2, false, fn_finished_by},
    {"includes", POINTS, 2, 2, false, fn_includes},
    {"during", POINTS, 2, 2, false, fn_during},
    {"starts", POINTS, 2, 2, false, fn_starts},
    {"started by", POINTS, 2, 2, false, fn_started_by},
    {"coincides", POINTS, 2, 2, false, fn_coincides},
    {"range", "from", 1, 1, true, fn_range},
};
const size_t cx_builtins_range_count = sizeof cx_builtins_range / sizeof cx_builtins_range[0];
