/* Building a table's column index. */
#include <stdlib.h>

#include "common/rules/decimal.h"
#include "common/rules/index.h"

/* One axis under construction; scratch is on the heap, what stays goes into the arena. */
struct builder {
    cx_arena *arena;
    const cx_table *table;
    size_t column;
    size_t words;
    size_t most_classes;
    cx_axis axis;
    cx_value *points; /* scratch */
    size_t point_count;
    size_t point_room;
    cx_spans spans; /* scratch */
    bool failed;
};

static void *keep(struct builder *b, size_t n, size_t size) {
    void *p = cx_arena_calloc(b->arena, n, size);
    b->failed = b->failed || p == NULL;
    return p;
}

static const cx_node *cell(const struct builder *b, size_t rule) {
    return cx_table_test(b->table, rule, b->column);
}

/* --- points ------------------------------------------------------------------------------------------- */

static void take_point(void *ctx, cx_value v) {
    struct builder *b = ctx;
    if (b->point_count == b->point_room) {
        size_t room = b->point_room * 2 + 64;
        cx_value *points = realloc(b->points, room * sizeof *points);
        if (points == NULL) {
            b->failed = true;
            return;
        }
        b->points = points;
        b->point_room = room;
    }
    b->points[b->point_count++] = v;
}

static int by_value(const void *a, const void *b) {
    const cx_value *x = a, *y = b;
    int order = 0;
    if (x->kind == CX_KIND_BOOLEAN)
        return x->u.boolean - y->u.boolean;
    (void)cx_value_compare(*x, *y, &order);
    return order;
}

/* The column's allowed values are points too, and both truth values: the analysis asks for them. */
static void gather_allowed(struct builder *b) {
    const cx_input_column *column = &b->table->inputs[b->column];
    if (b->axis.kind == CX_KIND_NULL)
        b->axis.kind = cx_cell_kind(column->allowed, &b->axis.zoned);
    if (b->axis.kind == CX_KIND_NULL && cx_type_kind(column->type) == CX_KIND_BOOLEAN)
        b->axis.kind = CX_KIND_BOOLEAN;
    if (column->allowed != NULL && b->axis.kind != CX_KIND_NULL &&
        cx_cell_is_plain(column->allowed, &b->axis))
        cx_cell_points(column->allowed, take_point, b);
    for (int truth = 0; truth < 2 && b->axis.kind == CX_KIND_BOOLEAN; truth++)
        take_point(b, cx_value_bool(truth == 1));
}

static void gather_points(struct builder *b) {
    for (size_t r = 0; r < b->table->rule_count && b->axis.kind == CX_KIND_NULL; r++)
        b->axis.kind = cx_cell_kind(cell(b, r), &b->axis.zoned);
    gather_allowed(b);
    for (size_t r = 0; r < b->table->rule_count; r++)
        if (b->axis.kind != CX_KIND_NULL && cx_cell_is_plain(cell(b, r), &b->axis))
            cx_cell_points(cell(b, r), take_point, b);
    if (b->point_count > 1)
        qsort(b->points, b->point_count, sizeof *b->points, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < b->point_count; i++)
        if (kept == 0 || by_value(&b->points[kept - 1], &b->points[i]) != 0)
            b->points[kept++] = b->points[i];
    cx_value *points = keep(b, kept, sizeof *points);
    if (points != NULL && kept > 0)
        (void)memcpy(points, b->points, kept * sizeof *points);
    b->axis.points = points;
    b->axis.point_count = kept;
}

static bool key_of(const cx_axis *axis, cx_value v, int64_t *key) {
    switch (axis->kind) {
    case CX_KIND_NUMBER:
        return cx_decimal_scaled(v.u.number, axis->scale, key);
    case CX_KIND_BOOLEAN:
        *key = v.u.boolean;
        return true;
    case CX_KIND_DATE:
        *key = v.u.at.days;
        return true;
    case CX_KIND_YEARS_MONTHS:
        *key = v.u.months;
        return true;
    case CX_KIND_NULL:
    case CX_KIND_STRING:
    case CX_KIND_TIME:
    case CX_KIND_DATE_TIME:
    case CX_KIND_DAYS_TIME:
    case CX_KIND_LIST:
    case CX_KIND_CONTEXT:
    case CX_KIND_RANGE:
    case CX_KIND_FUNCTION:
    case CX_KIND_COUNT:
        break;
    }
    return false;
}

static void make_keys(struct builder *b) {
    enum { LARGEST_SCALE = 12 };
    cx_axis *axis = &b->axis;
    for (size_t i = 0; axis->kind == CX_KIND_NUMBER && i < axis->point_count; i++) {
        int scale = cx_decimal_scale(axis->points[i].u.number);
        axis->scale = scale > axis->scale ? scale : axis->scale;
    }
    if (axis->scale > LARGEST_SCALE || axis->kind == CX_KIND_NULL || axis->kind == CX_KIND_STRING)
        return;
    int64_t *keys = keep(b, axis->point_count, sizeof *keys);
    for (size_t i = 0; keys != NULL && i < axis->point_count; i++)
        if (!key_of(axis, axis->points[i], &keys[i]))
            return; /* too large for 64 bits, or a kind without such keys: values are compared */
    axis->keys = keys;
}

static void make_hash(struct builder *b) {
    cx_axis *axis = &b->axis;
    bool ordered = axis->kind != CX_KIND_STRING;
    const cx_node *allowed = b->table->inputs[b->column].allowed;
    if (allowed != NULL && cx_cell_is_plain(allowed, axis))
        ordered = ordered || cx_cell_is_ordered(allowed);
    for (size_t r = 0; r < b->table->rule_count && !ordered; r++)
        ordered = cx_cell_is_plain(cell(b, r), axis) && cx_cell_is_ordered(cell(b, r));
    axis->plain = !ordered;
    if (ordered)
        return;
    size_t size = 8;
    while (size < axis->point_count * 4)
        size *= 2;
    uint32_t *slots = keep(b, size, sizeof *slots);
    for (size_t i = 0; slots != NULL && i < axis->point_count; i++) {
        size_t at = cx_text_hash(axis->points[i].u.string) & (size - 1);
        while (slots[at] != 0)
            at = (at + 1) & (size - 1);
        slots[at] = (uint32_t)i + 1;
    }
    axis->slots = slots;
    axis->slot_mask = size - 1;
}

/* --- cells -------------------------------------------------------------------------------------------- */

static bool holds_for_null(const struct builder *b, const cx_node *tests) {
    cx_eval e = {.arena = b->arena, .steps_left = CX_EVAL_STEPS, .quiet = true};
    cx_value null = cx_value_null();
    cx_env env = {NULL, &null};
    return tests == NULL || cx_eval_tests(&e, tests, null, &env) == CX_TRI_TRUE;
}

static void make_cells(struct builder *b) {
    size_t rules = b->table->rule_count;
    uint32_t *first = keep(b, rules + 1, sizeof *first);
    uint64_t *opaque = keep(b, b->words, sizeof *opaque);
    uint64_t *nulls = keep(b, b->words, sizeof *nulls);
    for (size_t r = 0; !b->failed && r < rules; r++) {
        uint64_t bit = (uint64_t)1 << r % 64;
        const cx_node *tests = cell(b, r);
        first[r] = (uint32_t)b->spans.n;
        bool plain = cx_cell_is_plain(tests, &b->axis);
        if (!plain) {
            opaque[r / 64] |= bit;
            b->axis.has_opaque = true;
        }
        b->failed = !cx_cell_spans(plain ? tests : NULL, &b->axis, &b->spans);
        if (!plain || holds_for_null(b, tests))
            nulls[r / 64] |= bit;
    }
    if (b->failed)
        return;
    first[rules] = (uint32_t)b->spans.n;
    cx_span *spans = keep(b, b->spans.n, sizeof *spans);
    if (spans != NULL && b->spans.n > 0)
        (void)memcpy(spans, b->spans.at, b->spans.n * sizeof *spans);
    b->axis.first = first;
    b->axis.opaque = opaque;
    b->axis.null_bits = nulls;
    b->axis.spans = spans;
}

static cx_rc build_axis(struct builder *b, cx_axis *out, size_t *bytes) {
    gather_points(b);
    if (!b->failed)
        make_keys(b);
    if (!b->failed)
        make_hash(b);
    if (!b->failed)
        make_cells(b);
    free(b->points);
    free(b->spans.at);
    if (b->failed)
        return CX_OUT_OF_MEMORY;
    *out = b->axis;
    return cx_index_classes(b->arena, b->table->rule_count, b->words, b->most_classes, out, bytes);
}

cx_rc cx_index_build(cx_arena *arena, cx_table *t, size_t budget, cx_err *err) {
    struct cx_index *index = cx_arena_calloc(arena, 1, sizeof *index);
    cx_axis *axes = cx_arena_calloc(arena, t->input_count, sizeof *axes);
    if (t->rule_count < CX_INDEX_LEAST_RULES || t->input_count == 0)
        return CX_OK;
    if (index == NULL || axes == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    index->words = (t->rule_count + 63) / 64;
    size_t most = budget / t->input_count / (index->words * sizeof(uint64_t));
    for (size_t c = 0; c < t->input_count; c++) {
        struct builder b = {.arena = arena,
                            .table = t,
                            .column = c,
                            .words = index->words,
                            .most_classes = most > 2 ? most : 2};
        if (build_axis(&b, &axes[c], &index->bytes) != CX_OK)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    index->axes = axes;
    t->index = index;
    return CX_OK;
}
