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

cx_rc cx_history_put(void *context, cx_history_table table, const cx_row *row, cx_time known_at,
                     cx_err *err) {
    cx_history *h = context;
    CX_TRY(cx_sheet_add(h->sheets[table], row, err));
    if (known_at < 0)
        return CX_OK; /* before the first tick: there is a table for those */
    int month = month_of(known_at);
    if (!cx_history_has_month(h->months, h->months_n, month) &&
        !cx_history_has_month(h->wanted, h->wanted_n, month))
        h->wanted[h->wanted_n++] = month; /* one a message: cx_history_take sees to the room */
    return CX_OK;
}

static size_t bytes_in_hand(const cx_history *h) {
    size_t n = 0;
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        n += cx_sheet_bytes(h->sheets[i]).n;
    return n;
}

static cx_rc take_tick(cx_sink_run *run, cx_claim *claim, const cx_history_seen *seen, cx_err *err) {
    cx_history *h = run->context;
    cx_time before = claim->ticked;
    claim->tick = claim->ticked = seen->tick;
    claim->received_to = seen->received_to;
    atomic_store(&run->metrics->tick, claim->tick);
    atomic_store(&run->metrics->received_to, claim->received_to);
    bool hour = before == CX_NO_TIME || seen->tick / CX_HOUR > before / CX_HOUR;
    return hour ? cx_history_cut(h, claim->partition, seen->tick, err) : CX_OK;
}

cx_rc cx_history_take(cx_sink_run *run, const cx_message *m, bool *full, cx_err *err) {
    cx_history *h = run->context;
    cx_claim *claim = cx_claims_find(&h->claims, m->topic, m->partition);
    cx_history_seen seen;
    if (claim == NULL || m->offset < claim->next)
        return cx_fail(err, CX_BUS, "a message from a place that was not asked for");
    h->rows.codec = run->codec;
    h->rows.arena = run->arena;
    CX_TRY(cx_history_take_rows(&h->rows, m, &claim->chain, &seen, err));
    claim->next = m->offset + 1;
    if (seen.ticked)
        CX_TRY(take_tick(run, claim, &seen, err));
    *full = bytes_in_hand(h) >= CX_HISTORY_BATCH_BYTES || h->wanted_n == CX_MONTHS_KEPT;
    return CX_OK;
}
