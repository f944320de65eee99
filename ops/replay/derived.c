/* Derived events pass from partition to partition: those made and those recorded are kept while the
 * partitions are decided, and compared, by cause, when all have been. There are few. */
#include <stdlib.h>

#include "ops/replay/replay_inside.h"

static cx_rc add(cx_replay_derived *d, const cx_replay_birth *birth) {
    if (d->n == d->room) {
        size_t room = d->room == 0 ? 64 : 2 * d->room;
        cx_replay_birth *more = realloc(d->items, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        d->items = more;
        d->room = room;
    }
    cx_replay_birth *copy = &d->items[d->n];
    *copy = *birth;
    copy->one.next = NULL;
    copy->one.value = NULL;
    copy->one.key = cx_arena_copy(d->arena, birth->one.key);
    copy->one.bytes = cx_arena_copy(d->arena, birth->one.bytes);
    copy->order = d->n;
    if (copy->one.key.p == NULL || copy->one.bytes.p == NULL)
        return CX_OUT_OF_MEMORY;
    d->n++;
    return CX_OK;
}

cx_rc cx_derived_keep(cx_replay *r, const cx_one *one, bool made, bool pending, cx_err *err) {
    cx_replay_birth birth = {.one = *one, .made = made, .pending = pending};
    (void)pthread_mutex_lock(&r->team->lock);
    cx_rc rc = add(&r->team->derived, &birth);
    (void)pthread_mutex_unlock(&r->team->lock);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

cx_rc cx_derived_list(cx_replay *r, int32_t partition, cx_replay_kept **out, size_t *n, cx_err *err) {
    const cx_replay_derived *d = &r->team->derived;
    (void)pthread_mutex_lock(&r->team->lock);
    *n = 0;
    *out = calloc(d->n + 1, sizeof **out);
    for (size_t i = 0; *out != NULL && i < d->n; i++) {
        const cx_replay_birth *b = &d->items[i];
        if ((b->made ? b->one.origin.partition : b->one.partition) != partition)
            continue;
        cx_replay_kept *kept = &(*out)[(*n)++];
        *kept = (cx_replay_kept){.cause = b->one.origin,
                                 .index = b->one.index,
                                 .partition = b->one.partition,
                                 .made = b->made,
                                 .pending = b->pending,
                                 .key = b->one.key,
                                 .bytes = b->one.bytes};
        (void)memcpy(kept->subject, b->one.subject, sizeof kept->subject);
    }
    (void)pthread_mutex_unlock(&r->team->lock);
    return *out != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static int by_number(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_cause(const cx_one *a, const cx_one *b) {
    int by = by_number(a->origin.partition, b->origin.partition);
    return by != 0 ? by : by_number(a->origin.offset, b->origin.offset);
}

/* Recorded ones of a cause first, by index and, in each partition, in its order; whoever read them when. */
static int order(const void *a, const void *b) {
    const cx_replay_birth *x = a, *y = b;
    int by = by_cause(&x->one, &y->one);
    by = by != 0 ? by : by_number(x->made, y->made);
    by = by != 0 ? by : by_number(x->one.index, y->one.index);
    by = by != 0 || x->made ? by : by_number(x->one.partition, y->one.partition);
    return by != 0 ? by : by_number((int64_t)x->order, (int64_t)y->order);
}

static bool is_compared(const cx_replay *r, const cx_one *one) {
    if (one->origin.partition < 0 || one->origin.partition >= r->team->partitions)
        return true; /* nothing causes it that there is */
    const cx_replay_window *w = &r->team->windows[one->origin.partition];
    return one->origin.offset >= w->first && one->origin.offset <= w->last;
}

/* Those of one cause: from `births` to its n-th. */
static cx_rc match_cause(cx_replay *r, cx_replay_birth *births, size_t n, cx_err *err) {
    size_t recorded = 0;
    cx_ones *made = &r->made[CX_STAGES_DERIVED];
    *made = (cx_ones){.n = 0};
    cx_arena_reset(r->arena);
    while (recorded < n && !births[recorded].made)
        recorded++;
    for (size_t i = recorded; i < n; i++) {
        births[i].one.next = i + 1 < n ? &births[i + 1].one : NULL;
        made->first = made->first == NULL ? &births[i].one : made->first;
        made->last = &births[i].one;
        made->n++;
    }
    return cx_match_derived(r, births, recorded, recorded < n && births[recorded].pending, err);
}

cx_rc cx_derived_match(cx_replay *r, cx_err *err) {
    cx_replay_derived *d = &r->team->derived;
    if (d->n > 0)
        qsort(d->items, d->n, sizeof *d->items, order);
    r->compares = true;
    for (size_t i = 0, n; i < d->n; i += n) {
        for (n = 1; i + n < d->n && by_cause(&d->items[i].one, &d->items[i + n].one) == 0;)
            n++;
        if (is_compared(r, &d->items[i].one))
            CX_TRY(match_cause(r, &d->items[i], n, err));
    }
    return CX_OK;
}
