/* From messages to rows. */
#include "schemas/types.h"
#include "services/history/inside.h"

static int month_of(cx_time t) {
    cx_civil c = cx_date_to_civil((cx_date)(t / CX_DAY)); /* tables are by months of UTC */
    return c.year * 12 + c.month - 1;
}

bool cx_history_has_month(const int *months, size_t n, int month) {
    for (size_t i = 0; i < n; i++)
        if (months[i] == month)
            return true;
    return false;
}

static cx_rc add(cx_history *h, cx_history_table table, const cx_row *row, cx_time known_at, cx_err *err) {
    CX_TRY(cx_sheet_add(h->sheets[table], row, err));
    if (known_at < 0)
        return CX_OK; /* before the first tick: there is a table for those */
    int month = month_of(known_at);
    if (!cx_history_has_month(h->months, h->months_n, month) &&
        !cx_history_has_month(h->wanted, h->wanted_n, month))
        h->wanted[h->wanted_n++] = month; /* one a message: cx_history_take sees to the room */
    return CX_OK;
}

static cx_rc take_changes(cx_history *h, const cx_decided *d, cx_err *err) {
    for (size_t i = 0; i < d->changes.n; i++) {
        const cx_change *c = &d->changes.items[i];
        cx_row row = {.roots = {d, c}, .number = (int32_t)i};
        if (c->entry != NULL)
            CX_TRY(add(h, CX_HISTORY_ENTRIES, &row, d->classified.now, err));
        if (c->record != NULL)
            CX_TRY(add(h, CX_HISTORY_RECORDS, &row, d->classified.now, err));
    }
    return CX_OK;
}

static cx_rc take_decided(cx_sink_run *run, const cx_message *m, cx_claim *claim, cx_err *err) {
    cx_history *h = run->context;
    const void *value = NULL;
    CX_TRY(cx_sink_decode(run, &cx_decided_type, m, &value, err));
    const cx_decided *d = value;
    bool is_tick = d->classified.event.body_kind == CX_EVENT_BODY_TICK;
    if (is_tick && d->index == 0) {
        claim->tick = d->classified.event.body.tick->time;
        claim->received_to = d->classified.event.body.tick->received_to;
        atomic_store(&run->metrics->tick, claim->tick);
        atomic_store(&run->metrics->received_to, claim->received_to);
    }
    if (is_tick && d->changes.n == 0)
        return CX_OK;
    cx_row row = {.roots = {d}, .message = m->value};
    CX_TRY(add(h, CX_HISTORY_EVENTS, &row, d->classified.now, err));
    return take_changes(h, d, err);
}

static cx_rc take_dispatch(cx_sink_run *run, const cx_message *m, cx_err *err) {
    const void *value = NULL;
    CX_TRY(cx_sink_decode(run, &cx_dispatch_type, m, &value, err));
    const cx_dispatch *d = value;
    cx_row row = {.roots = {d}};
    return d->notice == NULL ? CX_OK : add(run->context, CX_HISTORY_NOTICES, &row, d->now, err);
}

static cx_rc take_rejection(cx_sink_run *run, const cx_message *m, cx_err *err) {
    const void *value = NULL;
    CX_TRY(cx_sink_decode(run, &cx_rejection_type, m, &value, err));
    size_t prefix = sizeof cx_rejected_prefix - 1;
    cx_row row = {.roots = {value}, .time = m->timestamp, .text = {m->topic.p + prefix, m->topic.n - prefix}};
    return add(run->context, CX_HISTORY_DEAD_LETTERS, &row, m->timestamp, err);
}

static cx_rc take_access(cx_sink_run *run, const cx_message *m, cx_err *err) {
    const void *value = NULL;
    CX_TRY(cx_sink_decode(run, &cx_access_type, m, &value, err));
    const cx_access *a = value;
    cx_row row = {.roots = {a}};
    return add(run->context, CX_HISTORY_ACCESS, &row, a->at, err);
}

static size_t bytes_in_hand(const cx_history *h) {
    size_t n = 0;
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        n += cx_sheet_bytes(h->sheets[i]).n;
    return n;
}

cx_rc cx_history_take(cx_sink_run *run, const cx_message *m, bool *full, cx_err *err) {
    cx_history *h = run->context;
    cx_claim *claim = cx_claims_find(&h->claims, m->topic, m->partition);
    if (claim == NULL || m->offset < claim->next)
        return cx_fail(err, CX_BUS, "a message from a place that was not asked for");
    if (cx_view_is(m->topic, cx_decided_topic))
        CX_TRY(take_decided(run, m, claim, err));
    else if (cx_view_is(m->topic, cx_notices_topic))
        CX_TRY(take_dispatch(run, m, err));
    else if (cx_view_is(m->topic, cx_access_topic))
        CX_TRY(take_access(run, m, err));
    else
        CX_TRY(take_rejection(run, m, err));
    claim->next = m->offset + 1;
    *full = bytes_in_hand(h) >= CX_HISTORY_BATCH_BYTES || h->wanted_n == CX_MONTHS_KEPT;
    return CX_OK;
}
