/* chengxin verify, PostgreSQL's part: one snapshot, chain by chain. */
#include "ops/cli/verify_postgres.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"

static bool is_plain(const char *topic) {
    return strspn(topic, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
           strlen(topic);
}

static size_t put_columns(char *sql, const cx_sheet_spec *spec) {
    size_t at = 0;
    for (size_t i = 0; i < spec->n; i++)
        at +=
            (size_t)snprintf(sql + at, CX_VERIFY_SQL - at, "%s%s", i > 0 ? ", " : "", spec->columns[i].name);
    return at;
}

cx_rc cx_verify_select(const cx_verify *verify, const cx_verify_chain *chain, cx_history_table table,
                       const char *columns, int64_t after, char sql[CX_VERIFY_SQL], cx_err *err) {
    const cx_sheet_spec *spec = &cx_history_sheets[table];
    char names[CX_VERIFY_SQL / 2], where[320];
    bool letters = table == CX_HISTORY_DEAD_LETTERS;
    if (!is_plain(chain->topic)) /* Kafka allows no other names */
        return cx_fail(err, CX_STORE, "history.offsets names a topic that is none");
    (void)put_columns(names, spec);
    if (letters)
        (void)snprintf(where, sizeof where, "department = '%s' AND topic_partition = %" PRId32,
                       chain->topic + strlen(cx_history_rejected), chain->partition);
    else
        (void)snprintf(where, sizeof where, "%s = %" PRId32,
                       table == CX_HISTORY_ACCESS ? "topic_partition" : "origin_partition", chain->partition);
    bool chained = table != CX_HISTORY_ENTRIES && table != CX_HISTORY_RECORDS;
    char behind[48] = "";
    if (after > 0)
        (void)snprintf(behind, sizeof behind, " AND seq > %" PRId64, after);
    int n =
        snprintf(sql, CX_VERIFY_SQL, "SELECT %s FROM history.%s WHERE generation = %d AND %s%s ORDER BY %s",
                 columns != NULL ? columns : names, spec->table, verify->generation, where, behind,
                 chained ? "seq" : "origin_offset, origin_index, number");
    return n > 0 && n < CX_VERIFY_SQL ? CX_OK : cx_fail(err, CX_STORE, "a statement that is too long");
}

/* --- one snapshot for all connections ------------------------------------------------------------------ */
/* The first connection exports what it sees, in `snapshot`; the others see the same. */
static cx_rc open_one(const cx_config *config, char snapshot[64], cx_pg **out, cx_err *err) {
    char sql[160];
    cx_pg_rows *rows = NULL;
    CX_TRY(
        cx_pg_open(cx_config_text(config, "postgres.conninfo"), "cx_auditor", "chengxin verify", out, err));
    CX_TRY(cx_pg_query(*out, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0, NULL, err));
    if (snapshot[0] != '\0') {
        (void)snprintf(sql, sizeof sql, "SET TRANSACTION SNAPSHOT '%s'", snapshot);
        return cx_pg_query(*out, sql, NULL, 0, NULL, err);
    }
    CX_TRY(cx_pg_query(*out, "SELECT pg_export_snapshot()", NULL, 0, &rows, err));
    (void)snprintf(snapshot, 64, "%s", cx_pg_value(rows, 0, 0));
    cx_pg_rows_free(&rows);
    return CX_OK;
}

static cx_rc open_snapshot(cx_verify_snapshot *s, cx_err *err) {
    char name[64] = "";
    CX_TRY(
        cx_heads_read(s->verify, &s->heads, err)); /* first: whatever is signed is in the database by then */
    for (int i = 0; i < CX_VERIFY_TABLES; i++)
        CX_TRY(open_one(s->verify->config, name, &s->pgs[i], err));
    return cx_admin_new(s->verify->config, &s->admin, err);
}

static void close_snapshot(cx_verify_snapshot *s) {
    for (int i = 0; i < CX_VERIFY_TABLES; i++)
        cx_pg_close(&s->pgs[i]);
    cx_heads_destroy(&s->heads);
    cx_admin_destroy(&s->admin);
    for (int i = 0; i < CX_VERIFY_AHEAD; i++)
        cx_reader_destroy(&s->readers[i]);
}

/* --- the chains ---------------------------------------------------------------------------------------- */
static bool number_at(const cx_pg_rows *rows, int row, int column, int64_t *out) {
    const char *text = cx_pg_value(rows, row, column);
    return text != NULL && cx_view_to_int64(cx_view_of(text), out);
}

/* Nothing was ever read, so nothing may be there: most departments are never refused. */
static cx_rc is_empty(cx_verify_snapshot *s, const cx_verify_chain *chain, cx_err *err) {
    char sql[CX_VERIFY_SQL], statement[CX_VERIFY_SQL + 64];
    cx_pg_rows *rows = NULL;
    CX_TRY(cx_verify_select(s->verify, chain, cx_history_table_of(cx_view_of(chain->topic)), "seq", 0, sql,
                            err));
    (void)snprintf(statement, sizeof statement, "SELECT 1 FROM (%s) AS rows LIMIT 1", sql);
    CX_TRY(cx_pg_query(s->pgs[0], statement, NULL, 0, &rows, err));
    bool empty = cx_pg_rows_count(rows) == 0;
    cx_pg_rows_free(&rows);
    return empty ? CX_OK : cx_verify_chain_alone(s, chain, err);
}

static cx_rc one_chain(cx_verify_snapshot *s, const cx_pg_rows *rows, int row, cx_err *err) {
    cx_verify_chain chain = {.topic = cx_pg_value(rows, row, 0)};
    int64_t partition = 0;
    if (!number_at(rows, row, 1, &partition) || !number_at(rows, row, 2, &chain.next_offset) ||
        !number_at(rows, row, 3, &chain.n) ||
        !cx_unhex(cx_view_of(cx_pg_value(rows, row, 4)), chain.head, CX_CHAIN_HASH))
        return cx_fail(err, CX_STORE, "history.offsets holds what is no place");
    chain.partition = (int32_t)partition;
    size_t heads = 0;
    (void)cx_heads_of(s->heads, cx_view_of(chain.topic), chain.partition, &heads);
    if (heads == 0 && chain.n == 0 && chain.next_offset == 0)
        return is_empty(s, &chain, err);
    s->reader = s->readers[row % CX_VERIFY_AHEAD];
    CX_TRY(cx_verify_chain_alone(s, &chain, err));
    return cx_verify_chain_log(s, &chain, err);
}

/* A reader's first message takes its time to come: those of the next chains are asked for meanwhile. */
static cx_rc open_ahead(cx_verify_snapshot *s, const cx_pg_rows *rows, int *opened, int until, cx_err *err) {
    for (; *opened < until && *opened < cx_pg_rows_count(rows); ++*opened) {
        int64_t partition = 0, next = 0;
        cx_reader **reader = &s->readers[*opened % CX_VERIFY_AHEAD];
        cx_reader_destroy(reader);
        if (!number_at(rows, *opened, 1, &partition) || !number_at(rows, *opened, 2, &next))
            return cx_fail(err, CX_STORE, "history.offsets holds what is no place");
        cx_place from = {cx_pg_value(rows, *opened, 0), (int32_t)partition, CX_POSITION_BEGINNING, ""};
        if (next == 0)
            continue;
        CX_TRY(cx_reader_new(s->verify->config, reader, err));
        CX_TRY(cx_reader_assign(*reader, &from, 1, err));
    }
    return CX_OK;
}

/* A signed head of a chain that the database does not know at all. */
static void tell_unknown(cx_verify_snapshot *s, const char *topic, int32_t partition) {
    size_t n = 0;
    const cx_checkpoint *const *heads = cx_heads_of(s->heads, cx_view_of(topic), partition, &n);
    cx_heads_walk walk = {.verify = s->verify, .where = "chain", .heads = heads, .n = n};
    cx_heads_end(&walk);
}

static cx_rc all_chains(cx_verify_snapshot *s, cx_err *err) {
    char generation[24];
    const char *const values[] = {generation};
    cx_pg_rows *rows = NULL;
    (void)snprintf(generation, sizeof generation, "%d", s->verify->generation);
    CX_TRY(cx_pg_query(
        s->pgs[0],
        "SELECT topic, partition, next_offset, chain_n, encode(chain_head, 'hex') FROM history.offsets "
        "WHERE generation = $1::integer ORDER BY topic, partition",
        values, 1, &rows, err));
    cx_rc rc = CX_OK;
    int opened = 0;
    for (int i = 0; rc == CX_OK && i < cx_pg_rows_count(rows); i++) {
        rc = open_ahead(s, rows, &opened, i + CX_VERIFY_AHEAD, err);
        if (rc == CX_OK)
            rc = one_chain(s, rows, i, err);
    }
    if (rc == CX_OK && cx_pg_rows_count(rows) == 0)
        for (int32_t p = 0; p < 1024; p++)
            tell_unknown(s, cx_history_decided, p);
    cx_pg_rows_free(&rows);
    return rc;
}

cx_rc cx_verify_postgres(cx_verify *verify, cx_err *err) {
    cx_verify_snapshot s = {.verify = verify};
    cx_rc rc = open_snapshot(&s, err);
    if (rc == CX_OK)
        rc = all_chains(&s, err);
    close_snapshot(&s);
    return rc;
}
