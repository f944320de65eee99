#include "services/history/history.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/vault/sign.h"
#include "services/history/inside.h"

/* --- opening and placing ------------------------------------------------------------------------------- */

static void close_history(cx_sink_run *run) {
    cx_history *h = run->context;
    if (h->writer != NULL)
        cx_writer_destroy(&h->writer); /* waits for what it writes */
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_sheet_destroy(&h->sheets[i]);
        cx_sheet_destroy(&h->flying[i]);
    }
    cx_advance_free(&h->advance);
    cx_claims_free(&h->claims);
    cx_publisher_destroy(&h->publisher);
    cx_key_destroy(&h->key);
    cx_buffer_free(&h->rows.anew);
    cx_buffer_free(&h->message);
    cx_buffer_free(&h->cuts);
    cx_buffer_free(&h->flying_cuts);
    cx_pg_close(&h->pg);
    free(h);
    run->context = NULL;
}

static cx_rc open_key(cx_sink_run *run, cx_history *h, cx_err *err) {
    char fingerprint[17];
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_key_read(cx_config_text(run->config, "vault.dir"), "checkpoint.sec", &h->key, err));
    cx_key *public_key = cx_sign_public(h->key);
    if (public_key == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_key_fingerprint(public_key, fingerprint);
    cx_key_destroy(&public_key);
    cx_log_info("checkpoints are signed with key %s", fingerprint);
    return CX_OK;
}

static cx_rc open_rows(cx_sink_run *run, const char *schema, cx_err *err) {
    cx_history *h = calloc(1, sizeof *h);
    if (h == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    run->context = h;
    h->claims.generation = (int)cx_config_integer(run->config, "log.generation");
    h->claims.schema = schema;
    h->rows.context = h;
    h->rows.put = cx_history_put;
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        CX_TRY(cx_sheet_new(&cx_history_sheets[i], schema, h->claims.generation, &h->sheets[i], err));
        CX_TRY(cx_sheet_new(&cx_history_sheets[i], schema, h->claims.generation, &h->flying[i], err));
    }
    return cx_writer_new(&h->writer, err);
}

static cx_rc open_history(cx_sink_run *run, cx_err *err) {
    CX_TRY(open_rows(run, "history", err));
    cx_history *h = run->context;
    h->publish = true; /* what an earlier process left unpublished */
    CX_TRY(open_key(run, h, err));
    return cx_publisher_new(run->config, &h->publisher, err);
}

cx_rc cx_history_open_in(cx_sink_run *run, const char *schema, cx_err *err) {
    return open_rows(run, schema, err);
}

cx_claim *cx_history_claim(cx_sink_run *run, cx_view topic, int32_t partition) {
    cx_history *h = run->context;
    return cx_claims_find(&h->claims, topic, partition);
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

static const char *const topics[] = {cx_history_decided, cx_history_notices, cx_history_access,
                                     "^credit\\.rejected\\.[A-Za-z0-9_.-]+$"};

static const char *const writes[] = {"PostgreSQL (schema history)", "credit.checkpoints", NULL};

const cx_sink cx_history_sink = {
    .name = "history",
    .number = 8,
    .does = "keeps in PostgreSQL what was known, and when",
    .writes = writes,
    .topics = topics,
    .topic_count = sizeof topics / sizeof topics[0],
    .types = cx_history_types,
    .open = open_history,
    .close = close_history,
    .place = place_history,
    .take = cx_history_take,
    .write = cx_history_write,
    .settle = cx_history_settle,
    .lose = lose_history,
};
