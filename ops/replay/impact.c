#include "ops/replay/impact.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/run/state.h"

enum { SUBJECT = 16, KEY = 512, FOREVER = INT32_MAX };

struct cx_impact {
    const cx_replay_source *source;
    const cx_pack *pack;
    cx_state *sides[CX_WHATIF_SIDES]; /* sort, code, NUL, subject, which one -> struct fact */
};

/* What a side says last of an entry, a measure or an event. */
struct fact {
    bool there, favourable;
    cx_date end;
};

/* --- life --------------------------------------------------------------------------------------------- */
cx_impact *cx_impact_new(const cx_replay_source *source, const cx_pack *pack) {
    cx_impact *i = calloc(1, sizeof *i);
    if (i == NULL)
        return NULL;
    i->source = source;
    i->pack = pack;
    return i;
}

void cx_impact_destroy(cx_impact **impact) {
    if (*impact == NULL)
        return;
    for (int side = 0; side < CX_WHATIF_SIDES; side++)
        cx_state_destroy(&(*impact)->sides[side]);
    free(*impact);
    *impact = NULL;
}

void cx_impact_begin(void *impact, cx_whatif_side side) {
    cx_impact *i = impact;
    cx_state_destroy(&i->sides[side]);
}

/* --- taking ------------------------------------------------------------------------------------------- */
static cx_rc put(cx_impact *i, cx_whatif_side side, cx_impact_sort sort, cx_view code,
                 const uint8_t subject[SUBJECT], cx_view which, const struct fact *fact, cx_err *err) {
    char key[KEY];
    int n = snprintf(key, sizeof key, "%c%.*s", 'a' + (char)sort, CX_VIEW_ARGS(code));
    if (n < 0 || code.n >= CX_IMPACT_CODE || (size_t)n + 1 + SUBJECT + which.n > sizeof key)
        return cx_fail(err, CX_NOT_DECODED, "a code or an id is too long");
    size_t at = (size_t)n + 1;
    (void)memcpy(key + at, subject, SUBJECT);
    if (which.n > 0)
        (void)memcpy(key + at + SUBJECT, which.p, which.n);
    if (i->sides[side] == NULL)
        i->sides[side] = cx_state_new();
    cx_view value = {(const char *)fact, sizeof *fact};
    if (i->sides[side] == NULL ||
        cx_state_put(i->sides[side], (cx_view){key, at + SUBJECT + which.n}, value, CX_NO_TIME) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_state_keep(i->sides[side]);
    return CX_OK;
}

static bool was_in_force(cx_entry_state state) {
    return state == CX_ENTRY_STATE_IN_FORCE || state == CX_ENTRY_STATE_SUSPENDED ||
           state == CX_ENTRY_STATE_EXPIRED || state == CX_ENTRY_STATE_REPAIRED ||
           state == CX_ENTRY_STATE_REMOVED;
}

static bool is_red(const cx_impact *i, const cx_list_entry *e) {
    const cx_list *list = cx_pack_list(i->pack, e->list);
    if (list == NULL) {
        const cx_pack *then = i->source->pack(i->source->context, e->pack);
        list = then != NULL ? cx_pack_list(then, e->list) : NULL;
    }
    return list != NULL && !list->black;
}

static cx_rc take_entry(cx_impact *i, cx_whatif_side side, const cx_decided *d, const cx_list_entry *e,
                        cx_err *err) {
    struct fact fact;
    (void)memset(&fact, 0, sizeof fact); /* its bytes are kept */
    fact.there = was_in_force(e->state);
    fact.favourable = is_red(i, e);
    fact.end = e->has_ended_on ? e->ended_on : e->has_until ? e->until : FOREVER;
    return put(i, side, CX_IMPACT_LIST, e->list, d->subject, e->id, &fact, err);
}

static cx_rc take_decided(cx_impact *i, cx_whatif_side side, const cx_decided *d, cx_err *err) {
    char where[64];
    struct fact fact;
    for (size_t n = 0; n < d->changes.n; n++)
        if (d->changes.items[n].entry != NULL)
            CX_TRY(take_entry(i, side, d, d->changes.items[n].entry, err));
    bool refused = d->index == 0 && d->classified.event.header != NULL && !cx_view_is(d->verdict, "OK") &&
                   !cx_view_is(d->verdict, "DUPLICATE");
    if (!refused)
        return CX_OK;
    (void)memset(&fact, 0, sizeof fact);
    fact.there = true;
    (void)snprintf(where, sizeof where, "%d.%lld", (int)d->classified.origin.partition,
                   (long long)d->classified.origin.offset);
    return put(i, side, CX_IMPACT_REFUSAL, d->verdict, d->subject, cx_view_of(where), &fact, err);
}

static cx_rc take_notice(cx_impact *i, cx_whatif_side side, const cx_dispatch *d, cx_err *err) {
    const cx_notice *n = d->notice;
    struct fact fact;
    if (n == NULL || n->measure.n == 0 || n->kind == CX_NOTICE_KIND_TELL)
        return CX_OK;
    (void)memset(&fact, 0, sizeof fact);
    fact.there = n->kind != CX_NOTICE_KIND_UNDO;
    fact.favourable = n->measure_kind == CX_MEASURE_KIND_INCENTIVE;
    fact.end = n->has_until ? n->until : FOREVER;
    if (n->kind == CX_NOTICE_KIND_STOP && cx_date_of_time(n->tick) < fact.end)
        fact.end = cx_date_of_time(n->tick);
    return put(i, side, CX_IMPACT_MEASURE, n->measure, d->subject, n->entry, &fact, err);
}

cx_rc cx_impact_output(void *impact, cx_whatif_side side, const cx_stages_output *o, cx_err *err) {
    if (o->topic == CX_STAGES_DECIDED)
        return take_decided(impact, side, o->value, err);
    bool notices = o->topic == CX_STAGES_NOTICES || o->topic == CX_STAGES_INCENTIVES;
    return notices ? take_notice(impact, side, o->value, err) : CX_OK;
}

/* --- side by side ------------------------------------------------------------------------------------- */
static struct fact fact_of(const cx_impact *i, cx_whatif_side side, cx_view key) {
    struct fact fact = {.there = false};
    cx_view bytes = i->sides[side] != NULL ? cx_state_get(i->sides[side], key) : (cx_view){NULL, 0};
    if (bytes.p != NULL)
        (void)memcpy(&fact, bytes.p, sizeof fact);
    return fact;
}

static cx_date end_of(const struct fact *f) {
    return f->there && f->end != FOREVER ? f->end : CX_NO_DATE;
}

/* false: both sides say the same. */
static bool compare(const cx_impact *i, cx_view key, cx_impact_row *row) {
    const struct fact then = fact_of(i, CX_WHATIF_THEN, key), instead = fact_of(i, CX_WHATIF_INSTEAD, key);
    if (then.there == instead.there && (!then.there || then.end == instead.end))
        return false;
    size_t n = strlen(key.p + 1);
    *row = (cx_impact_row){.sort = (cx_impact_sort)(key.p[0] - 'a'),
                           .favourable = then.favourable || instead.favourable,
                           .then = end_of(&then),
                           .instead = end_of(&instead)};
    (void)memcpy(row->code, key.p + 1, n + 1);
    (void)memcpy(row->subject, key.p + 2 + n, SUBJECT);
    row->change = !instead.there           ? CX_IMPACT_ONLY_THEN
                  : !then.there            ? CX_IMPACT_ONLY_INSTEAD
                  : instead.end < then.end ? CX_IMPACT_SHORTER
                                           : CX_IMPACT_LONGER;
    return true;
}

static int order(const void *a, const void *b) {
    const cx_view *x = a, *y = b;
    int by = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return by != 0 ? by : (x->n > y->n) - (x->n < y->n);
}

static bool any(cx_view key) {
    return key.n > 0;
}

/* The keys of both sides, those of both once. NULL with *n > 0: out of memory. */
static cx_view *keys_of(const cx_impact *i, size_t *n) {
    size_t counts[CX_WHATIF_SIDES] = {0};
    cx_view *keys[CX_WHATIF_SIDES] = {NULL};
    for (int side = 0; side < CX_WHATIF_SIDES; side++)
        if (i->sides[side] != NULL)
            keys[side] = cx_state_keys(i->sides[side], any, &counts[side]);
    *n = counts[0] + counts[1];
    bool whole = (keys[0] != NULL || counts[0] == 0) && (keys[1] != NULL || counts[1] == 0);
    cx_view *all = whole && *n > 0 ? calloc(*n, sizeof *all) : NULL;
    size_t used = 0;
    for (int side = 0; all != NULL && side < CX_WHATIF_SIDES; side++)
        for (size_t k = 0; k < counts[side]; k++)
            if (side == 0 || i->sides[0] == NULL || cx_state_get(i->sides[0], keys[side][k]).p == NULL)
                all[used++] = keys[side][k];
    *n = all != NULL ? used : *n;
    if (all != NULL)
        qsort(all, used, sizeof *all, order);
    free(keys[0]);
    free(keys[1]);
    return all;
}

cx_rc cx_impact_each(const cx_impact *i, cx_rc (*visit)(void *context, const cx_impact_row *row, cx_err *err),
                     void *context, cx_err *err) {
    size_t n = 0;
    cx_view *keys = keys_of(i, &n);
    cx_rc rc = keys == NULL && n > 0 ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t k = 0; rc == CX_OK && k < n; k++) {
        cx_impact_row row;
        if (compare(i, keys[k], &row))
            rc = visit(context, &row, err);
    }
    free(keys);
    return rc;
}

static bool is_less(const cx_impact_row *row) {
    return row->change == CX_IMPACT_ONLY_THEN || row->change == CX_IMPACT_SHORTER;
}

bool cx_impact_is_better(const cx_impact_row *row) {
    return row->sort != CX_IMPACT_REFUSAL && is_less(row) != row->favourable;
}

bool cx_impact_is_worse(const cx_impact_row *row) {
    return row->sort != CX_IMPACT_REFUSAL && is_less(row) == row->favourable;
}
