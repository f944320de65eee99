/* The batch, as rows and offsets of one transaction, while the next one is taken. */
#include <stdio.h>

#include "common/base/log.h"
#include "services/history/inside.h"

void cx_history_forget(cx_history *h) {
    for (int i = 0; i < CX_HISTORY_TABLES; i++)
        cx_sheet_clear(h->sheets[i]);
    h->cuts.n = 0;
    cx_claims_drop(&h->claims);
    h->wanted_n = 0;
}

/* The month of rows in hand, and those that come next, before they are needed. */
static cx_rc make_months(cx_history *h, int month, cx_err *err) {
    char since[32], until[32];
    int last = month + CX_MONTHS_AHEAD;
    (void)snprintf(since, sizeof since, "%04d-%02d-01T00:00:00Z", month / 12, month % 12 + 1);
    (void)snprintf(until, sizeof until, "%04d-%02d-01T00:00:00Z", last / 12, last % 12 + 1);
    const char *const values[] = {since, until};
    char sql[96];
    (void)snprintf(sql, sizeof sql, "SELECT %s.make_months($1, $2)", h->claims.schema);
    CX_TRY(cx_pg_query(h->pg, sql, values, 2, NULL, err));
    for (int m = month; m <= last; m++)
        if (!cx_history_has_month(h->months, h->months_n, m)) {
            if (h->months_n == CX_MONTHS_KEPT)
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

static cx_rc write_cuts(cx_history *h, cx_err *err) {
    char statement[256];
    cx_view rows = cx_buffer_view(&h->flying_cuts, 0);
    if (rows.n == 0)
        return CX_OK;
    (void)snprintf(statement, sizeof statement, "COPY %s.%s FROM STDIN (FORMAT binary)", h->claims.schema,
                   cx_history_cuts_columns);
    h->publish = true;
    return cx_pg_copy(h->pg, statement, rows.p, rows.n, err);
}

/* Checkpoints that cannot be published now are so later: the rows stand in any case. */
static cx_rc publish(cx_history *h, cx_err *err) {
    cx_err why = {0};
    if (!h->publish || h->publisher == NULL)
        return CX_OK;
    cx_rc rc = cx_publisher_run(h->publisher, h->pg, h->claims.generation, &why);
    h->publish = rc != CX_OK;
    if (rc == CX_STORE || rc == CX_STORE_AWAY || rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, "%s", why.text);
    if (rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, "checkpoints are published later", &why);
    return CX_OK;
}

/* The writer's job. The offsets come last, so that a row lock is never held over a COPY. */
static cx_rc write_rows(void *context, cx_err *err) {
    cx_history *h = context;
    CX_TRY(cx_pg_begin(h->pg, err));
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_view rows = cx_sheet_bytes(h->flying[i]);
        if (cx_sheet_rows(h->flying[i]) > 0)
            CX_TRY(cx_pg_copy(h->pg, cx_sheet_statement(h->flying[i]), rows.p, rows.n, err));
    }
    CX_TRY(write_cuts(h, err));
    CX_TRY(cx_advance_run(&h->advance, h->pg, err));
    CX_TRY(cx_pg_commit(h->pg, err));
    return publish(h, err);
}

/* The batch in hand becomes the writer's, and a new one begins where it ends: should the write fail, every
 * claim is placed anew before anything else is taken. */
static cx_rc hand_over(cx_history *h, cx_err *err) {
    cx_advance_free(&h->advance);
    CX_TRY(cx_claims_prepare(&h->claims, &h->advance, err));
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_sheet *landed = h->flying[i];
        h->flying[i] = h->sheets[i];
        h->sheets[i] = landed;
        cx_sheet_clear(landed);
    }
    cx_buffer landed = h->flying_cuts;
    h->flying_cuts = h->cuts;
    h->cuts = landed;
    h->cuts.n = 0;
    cx_claims_committed(&h->claims);
    cx_writer_start(h->writer, write_rows, h);
    return CX_OK;
}

cx_rc cx_history_write(cx_sink_run *run, cx_err *err) {
    cx_history *h = run->context;
    cx_rc rc = make_all_months(h, err);
    if (rc == CX_OK)
        rc = hand_over(h, err);
    if (rc != CX_OK) {
        cx_pg_close(&h->pg);
        cx_history_forget(h);
    }
    return rc;
}

cx_rc cx_history_settle(cx_sink_run *run, bool wait, bool *done, cx_err *err) {
    cx_history *h = run->context;
    *done = wait || !cx_writer_is_busy(h->writer);
    if (!*done)
        return CX_OK;
    cx_rc rc = cx_writer_wait(h->writer, err);
    if (rc != CX_OK) {
        cx_pg_close(&h->pg); /* rolls back, unless the COMMIT got through: the offsets will tell */
        cx_history_forget(h);
    }
    return rc;
}
