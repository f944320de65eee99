#include "services/history/history.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "schemas/types.h"
#include "services/history/inside.h"

/* --- opening and placing ------------------------------------------------------------------------------- */

static void close_history(cx_sink_run *run) {
    cx_history *h = run->context;
    cx_writer_destroy(&h->writer); /* waits for what it writes */
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_sheet_destroy(&h->sheets[i]);
        cx_sheet_destroy(&h->flying[i]);
    }
    cx_advance_free(&h->advance);
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
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        CX_TRY(cx_sheet_new(&cx_history_sheets[i], h->claims.generation, &h->sheets[i], err));
        CX_TRY(cx_sheet_new(&cx_history_sheets[i], h->claims.generation, &h->flying[i], err));
    }
    return cx_writer_new(&h->writer, err);
}

/* What is being written comes to its end, whichever: the offsets in the database will tell. */
static void let_land(cx_history *h) {
    cx_err err = {0};
    if (cx_writer_wait(h->writer, &err) == CX_OK)
        return;
    cx_log_failure(CX_LOG_WARN, "the write in flight", &err);
    cx_pg_close(&h->pg);
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
    let_land(h);
    cx_history_forget(h);
    cx_rc rc = connect(run, err);
    if (rc == CX_OK)
        rc = place_all(h, places, n, err);
    if (rc != CX_OK)
        cx_pg_close(&h->pg);
    return rc;
}

static void lose_history(cx_sink_run *run) {
    cx_history *h = run->context;
    let_land(h);
    cx_history_forget(h);
    cx_claims_clear(&h->claims);
}

static const char *const topics[] = {cx_decided_topic, cx_notices_topic, cx_access_topic,
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
    .take = cx_history_take,
    .write = cx_history_write,
    .settle = cx_history_settle,
    .lose = lose_history,
};
