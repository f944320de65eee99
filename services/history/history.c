#include "services/history/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/store/fence.h"
#include "schemas/types.h"
#include "services/history/sheets.h"

enum { BATCH_BYTES = 16 << 20, MONTHS_KEPT = 64, MONTHS_AHEAD = 2 };

typedef struct cx_history {
    cx_pg *pg; /* NULL: not connected */
    cx_claims claims;
    cx_sheet *sheets[CX_HISTORY_TABLES];
    /* Months are year * 12 + month - 1: those whose tables are there, and those that the rows in hand want.
     */
    int months[MONTHS_KEPT], wanted[MONTHS_KEPT];
    size_t months_n, wanted_n;
} cx_history;

static const char decided_topic[] = "credit.decided", notices_topic[] = "credit.notices",
                  access_topic[] = "credit.access", rejected_prefix[] = "credit.rejected.";

/* --- opening and placing ------------------------------------------------------------------------------- */

static void close_history(cx_sink_run *run) {
    cx_history *h = run->context;
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        cx_sheet_destroy(&h->sheets[i]);
    cx_claims_free(&h->claims);
    cx_pg_close(&h->pg);
    free(h);
    run->context = NULL;
}

static cx_rc open_history(cx_sink_run *run, cx_err *err) {
    cx_history *h = calloc(1, sizeof *h);
    if (h == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    run->context = h;
    h->claims.generation = (int)cx_config_integer(run->config, "log.generation");
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        CX_TRY(cx_sheet_new(&cx_history_sheets[i], h->claims.generation, &h->sheets[i], err));
    return CX_OK;
}

static void forget(cx_history *h) {
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        cx_sheet_clear(h->sheets[i]);
    cx_claims_drop(&h->claims);
    h->wanted_n = 0;
}

static cx_rc connect(cx_sink_run *run, cx_err *err) {
    cx_history *h = run->context;
    if (h->pg != NULL)
        return CX_OK;
    h->months_n = 0;
    CX_TRY(cx_pg_open(cx_config_text(run->config, "postgres.conninfo"), "cx_history", "chengxin-history",
                      &h->pg, err));
    cx_log_info("connected to PostgreSQL");
    return CX_OK;
}

static cx_rc place_all(cx_history *h, cx_place *places, size_t n, cx_err *err) {
    for (size_t i = 0; i < n; i++) {
        cx_claim *claim = NULL;
        CX_TRY(cx_claims_place(&h->claims, h->pg, places[i].topic, places[i].partition, &claim, err));
        places[i].offset = claim->at == 0 ? CX_POSITION_BEGINNING : claim->at;
        cx_log_info("%s partition %d: from offset %" PRId64 " in epoch %" PRId64, claim->topic,
                    (int)claim->partition, claim->at, claim->epoch);
    }
    return CX_OK;
}

static cx_rc place_history(cx_sink_run *run, cx_place *places, size_t n, cx_err *err) {
    cx_history *h = run->context;
    forget(h);
    cx_rc rc = connect(run, err);
    if (rc == CX_OK)
        rc = place_all(h, places, n, err);
    if (rc != CX_OK)
        cx_pg_close(&h->pg);
    return rc;
}

static void lose_history(cx_sink_run *run) {
    cx_history *h = run->context;
    forget(h);
    cx_claims_clear(&h->claims);
}

/* --- taking messages ----------------------------------------------------------------------------------- */

static int month_of(cx_time t) {
    cx_civil c = cx_date_to_civil((cx_date)(t / CX_DAY)); /* tables are by months of UTC */
    return c.year * 12 + c.month - 1;
}

static bool has(const int *months, size_t n, int month) {
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
    if (!has(h->months, h->months_n, month) && !has(h->wanted, h->wanted_n, month))
        h->wanted[h->wanted_n++] = month; /* one a message: take_history sees to the room */
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
    size_t prefix = sizeof rejected_prefix - 1;
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

static cx_rc take_history(cx_sink_run *run, const cx_message *m, bool *full, cx_err *err) {
    cx_history *h = run->context;
    cx_claim *claim = cx_claims_find(&h->claims, m->topic, m->partition);
    if (claim == NULL || m->offset < claim->next)
        return cx_fail(err, CX_BUS, "a message from a place that was not asked for");
    if (cx_view_is(m->topic, decided_topic))
        CX_TRY(take_decided(run, m, claim, err));
    else if (cx_view_is(m->topic, notices_topic))
        CX_TRY(take_dispatch(run, m, err));
    else if (cx_view_is(m->topic, access_topic))
        CX_TRY(take_access(run, m, err));
    else
        CX_TRY(take_rejection(run, m, err));
    claim->next = m->offset + 1;
    *full = bytes_in_hand(h) >= BATCH_BYTES || h->wanted_n == MONTHS_KEPT;
    return CX_OK;
}

/* --- writing ------------------------------------------------------------------------------------------- */

/* The month of rows in hand, and those that come next, before they are needed. */
static cx_rc make_months(cx_history *h, int month, cx_err *err) {
    char since[32], until[32];
    int last = month + MONTHS_AHEAD;
    (void)snprintf(since, sizeof since, "%04d-%02d-01T00:00:00Z", month / 12, month % 12 + 1);
    (void)snprintf(until, sizeof until, "%04d-%02d-01T00:00:00Z", last / 12, last % 12 + 1);
    const char *const values[] = {since, until};
    CX_TRY(cx_pg_query(h->pg, "SELECT history.make_months($1, $2)", values, 2, NULL, err));
    for (int m = month; m <= last; m++)
        if (!has(h->months, h->months_n, m)) {
            if (h->months_n == MONTHS_KEPT)
                h->months_n = 0; /* then they are only asked for again */
            h->months[h->months_n++] = m;
        }
    return CX_OK;
}

static cx_rc make_all_months(cx_history *h, cx_err *err) {
    for (size_t i = 0; i < h->wanted_n; i++)
        CX_TRY(make_months(h, h->wanted[i], err));
    h->wanted_n = 0;
    return CX_OK;
}

static cx_rc write_rows(cx_history *h, cx_err *err) {
    CX_TRY(cx_pg_begin(h->pg, err));
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_view rows = cx_sheet_bytes(h->sheets[i]);
        if (cx_sheet_rows(h->sheets[i]) > 0)
            CX_TRY(cx_pg_copy(h->pg, cx_sheet_statement(h->sheets[i]), rows.p, rows.n, err));
    }
    CX_TRY(
        cx_claims_advance(&h->claims, h->pg, err)); /* last, so that a row lock is never held over a COPY */
    return cx_pg_commit(h->pg, err);
}

static cx_rc write_history(cx_sink_run *run, cx_err *err) {
    cx_history *h = run->context;
    cx_rc rc = make_all_months(h, err);
    if (rc == CX_OK)
        rc = write_rows(h, err);
    if (rc == CX_OK)
        cx_claims_committed(&h->claims);
    else
        cx_pg_close(&h->pg); /* rolls back, unless the COMMIT got through: the offsets will tell */
    forget(h);
    return rc;
}

static const char *const topics[] = {decided_topic, notices_topic, access_topic,
                                     "^credit\\.rejected\\.[A-Za-z0-9_.-]+$"};
static const cx_type *const types[] = {&cx_decided_type, &cx_dispatch_type, &cx_rejection_type,
                                       &cx_access_type, NULL};

const cx_sink cx_history_sink = {
    .name = "history",
    .number = 8,
    .topics = topics,
    .topic_count = sizeof topics / sizeof topics[0],
    .types = types,
    .open = open_history,
    .close = close_history,
    .place = place_history,
    .take = take_history,
    .write = write_history,
    .lose = lose_history,
};
