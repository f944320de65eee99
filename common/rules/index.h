/* The column index of a table: what makes an evaluation independent of the number of rules. Internal to
 * common/rules; built once, immutable.
 *
 * Each column is an axis. The constants in its cells, sorted, cut the axis into positions: 2i is the open
 * interval before point i, 2i + 1 is point i itself, 2n the interval behind the last. A cell of constants,
 * comparisons, intervals, lists and negations is a set of positions; any other cell is opaque and is
 * evaluated for the rules that the rest leaves over. Positions where the same rules hold form a class, and a
 * class has a bitset of its rules: an evaluation finds one class for each column and ANDs. Where a column has
 * more classes than its share of memory, neighbours share one bitset, which then holds too many rules, and
 * the rules left over are checked against their positions.
 *
 * Null and values of another kind lie outside the axis: for null there is a bitset of its own, made with the
 * row-by-row evaluator; for another kind the column's cells are evaluated.
 */
#ifndef CX_RULES_INDEX_H
#define CX_RULES_INDEX_H

#include "common/rules/table.h"

/* Bytes of bitsets that one table may take: few enough to stay in a processor's cache. The analysis, which
 * needs them exact, makes its own where the table's are not. */
enum { CX_INDEX_BYTES = 8 * 1024 * 1024, CX_INDEX_EXACT_BYTES = 64 * 1024 * 1024, CX_INDEX_LEAST_RULES = 1 };

typedef struct cx_span {
    uint32_t low; /* positions, both included */
    uint32_t high;
} cx_span;

typedef struct cx_axis {
    cx_kind kind;  /* of the points; CX_KIND_NULL: no cell is understood, or all are empty */
    uint8_t zoned; /* TIME, DATE_TIME */
    bool exact;    /* bitsets hold no rule too many */
    bool has_opaque;
    bool plain; /* every interval between points has the same rules: only points matter */
    int scale;  /* numbers: keys are points times 10^scale */
    size_t point_count;
    const cx_value *points;
    const int64_t *keys;   /* NULL: compare values */
    const uint32_t *slots; /* strings of a plain axis: hash table of point number + 1, 0 for none */
    size_t slot_mask;
    const uint32_t *class_of; /* by position */
    const uint64_t *bits;     /* by class, then word */
    const uint64_t *null_bits;
    const uint64_t *opaque; /* rules whose cell is opaque; their bits are set everywhere */
    const cx_span *spans;   /* by rule: spans[first[r]] to spans[first[r + 1] - 1] */
    const uint32_t *first;
} cx_axis;

struct cx_index {
    size_t words; /* of one bitset */
    size_t bytes; /* of all bitsets */
    const cx_axis *axes;
};

static inline uint32_t cx_axis_positions(const cx_axis *axis) {
    return (uint32_t)(2 * axis->point_count + 1);
}

/* Builds the index into t->index, with bitsets of at most `budget` bytes (two a column at least).
 * OUT_OF_MEMORY alone. */
CX_MUST_CHECK cx_rc cx_index_build(cx_arena *arena, cx_table *t, size_t budget, cx_err *err);

/* The position of a value; false when it lies outside the axis (null, another kind, another zone). */
bool cx_axis_find(const cx_axis *axis, cx_value v, uint32_t *position);
/* Whether a rule's cell holds at a position. */
bool cx_axis_holds(const cx_axis *axis, uint32_t rule, uint32_t position);
uint64_t cx_text_hash(cx_view text);

/* --- building (index_cell.c) */

/* Spans under construction, on the heap. */
typedef struct cx_spans {
    cx_span *at;
    size_t n;
    size_t room;
} cx_spans;

/* The kind of the first constant in a cell that an axis can have, or CX_KIND_NULL. */
cx_kind cx_cell_kind(const cx_node *tests, uint8_t *zoned);
/* Whether the cell is a set of positions on an axis of that kind. */
bool cx_cell_is_plain(const cx_node *tests, const cx_axis *axis);
/* Calls `visit` with every constant of a plain cell that is a point of the axis. */
void cx_cell_points(const cx_node *tests, void (*visit)(void *ctx, cx_value v), void *ctx);
/* Appends a plain cell's positions, ascending and apart; false when out of memory. */
bool cx_cell_spans(const cx_node *tests, const cx_axis *axis, cx_spans *spans);
/* Whether a plain cell uses anything but equality. */
bool cx_cell_is_ordered(const cx_node *tests);

/* Gives an axis whose cells are known its classes and bitsets, at most `most` of them; adds to *bytes. */
CX_MUST_CHECK cx_rc cx_index_classes(cx_arena *arena, size_t rules, size_t words, size_t most, cx_axis *axis,
                                     size_t *bytes);

#endif
