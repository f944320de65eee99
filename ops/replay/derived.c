#include <stdlib.h>

#include "ops/replay/replay_inside.h"

static cx_rc keep(cx_replay_derived *d, const cx_one *one, cx_err *err) {
    cx_ones list = {.n = 0};
    if (d->n == d->room) {
        size_t room = d->room == 0 ? 64 : 2 * d->room;
        cx_one **more = realloc(d->items, room * sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        d->items = more;
        d->room = room;
    }
    if (cx_ones_add(&list, one, d->arena) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    d->items[d->n++] = list.first;
    return CX_OK;
}

static cx_rc visit(void *context, const cx_replay_message *m, cx_err *err) {
    cx_replay *r = context;
    const void *value = NULL;
    cx_arena_reset(r->record);
    cx_err why = {0};
    cx_rc rc = cx_codec_decode(r->source->codec, &cx_event_type, m->value, r->record, &value, &why);
    if (rc != CX_OK)
        return cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)m->partition,
                       (long long)m->offset, why.text);
    if (((const cx_event *)value)->cause == NULL)
        return CX_OK;
    cx_one one = {.partition = m->partition, .key = m->key, .bytes = m->value};
    cx_one_read(CX_STAGES_DERIVED, value, &one);
    return keep(&r->derived, &one, err);
}

static int by_cause(cx_position a, cx_position b) {
    if (a.partition != b.partition)
        return a.partition < b.partition ? -1 : 1;
    return a.offset != b.offset ? (a.offset < b.offset ? -1 : 1) : 0;
}

static int order(const void *a, const void *b) {
    const cx_one *x = *(cx_one *const *)a, *y = *(cx_one *const *)b;
    int by = by_cause(x->origin, y->origin);
    return by != 0 ? by : (x->index > y->index) - (x->index < y->index);
}

cx_rc cx_derived_read(cx_replay *r, cx_err *err) {
    CX_TRY(r->source->each_record(r->source->context, visit, r, err));
    if (r->derived.n > 0)
        qsort(r->derived.items, r->derived.n, sizeof *r->derived.items, order);
    return CX_OK;
}

cx_one **cx_derived_of(const cx_replay_derived *d, cx_position cause, size_t *n) {
    size_t low = 0, high = d->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_cause(d->items[middle]->origin, cause) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < d->n && by_cause(d->items[low + *n]->origin, cause) == 0;)
        (*n)++;
    return *n > 0 ? d->items + low : NULL;
}
