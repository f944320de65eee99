#include "ops/replay/births.h"

#include <stdlib.h>

/* --- keeping ------------------------------------------------------------------------------------------ */
cx_rc cx_births_add(cx_births *b, const cx_birth *birth) {
    if (b->n == b->room) {
        size_t room = b->room == 0 ? 64 : 2 * b->room;
        cx_birth *more = realloc(b->items, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        b->items = more;
        b->room = room;
    }
    cx_birth *copy = &b->items[b->n];
    *copy = *birth;
    copy->key = cx_arena_copy(b->arena, birth->key);
    copy->bytes = cx_arena_copy(b->arena, birth->bytes);
    if (copy->key.p == NULL || copy->bytes.p == NULL)
        return CX_OUT_OF_MEMORY;
    copy->order = b->n++;
    return CX_OK;
}

void cx_births_clear(cx_births *b) {
    b->n = 0;
    cx_arena_reset(b->arena);
}

void cx_births_free(cx_births *b) {
    free(b->items);
    cx_arena_destroy(&b->arena);
    *b = (cx_births){.n = 0};
}

/* --- by cause ----------------------------------------------------------------------------------------- */
static int by_number(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_cause(const cx_birth *a, const cx_birth *b) {
    int by = by_number(a->cause.partition, b->cause.partition);
    by = by != 0 ? by : by_number(a->cause.offset, b->cause.offset);
    return by != 0 ? by : by_number(a->index, b->index);
}

static int order_by_cause(const void *a, const void *b) {
    const cx_birth *x = a, *y = b;
    int by = by_cause(x, y);
    return by != 0 ? by : (x->order > y->order) - (x->order < y->order);
}

void cx_births_by_cause(cx_births *b) {
    if (b->n > 0)
        qsort(b->items, b->n, sizeof *b->items, order_by_cause);
}

bool cx_births_same(const cx_births *a, const cx_births *b) {
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = by_cause(&a->items[i], &b->items[i]) == 0 && cx_view_eq(a->items[i].key, b->items[i].key) &&
               cx_view_eq(a->items[i].bytes, b->items[i].bytes);
    return same;
}

/* --- places ------------------------------------------------------------------------------------------- */
static bool is_successor(const cx_birth *birth, const cx_birth *old) {
    bool there = birth->partition < 0 || birth->partition == old->partition;
    return !old->taken && there && cx_view_eq(birth->key, old->key);
}

void cx_births_place(cx_births *births, cx_births *old) {
    size_t from = 0;
    for (size_t i = 0; i < old->n; i++)
        old->items[i].taken = false;
    for (size_t i = 0; i < births->n; i++) {
        cx_birth *b = &births->items[i];
        while (from < old->n && by_cause(&old->items[from], b) < 0)
            from++;
        b->late = true;
        for (size_t k = from; b->late && k < old->n && by_cause(&old->items[k], b) == 0; k++)
            if (is_successor(b, &old->items[k])) {
                old->items[k].taken = true;
                b->late = false;
                b->partition = old->items[k].partition;
                b->offset = old->items[k].offset;
            }
    }
}

static int order_by_place(const void *a, const void *b) {
    const cx_birth *x = a, *y = b;
    int by = by_number(x->partition, y->partition);
    by = by != 0 ? by : by_number(x->late, y->late);
    by = by != 0 || !x->late ? by : by_number(x->now, y->now);
    by = by != 0 || x->late ? by : by_number(x->offset, y->offset);
    return by != 0 ? by : order_by_cause(a, b);
}

void cx_births_by_place(cx_births *b) {
    if (b->n > 0)
        qsort(b->items, b->n, sizeof *b->items, order_by_place);
}
