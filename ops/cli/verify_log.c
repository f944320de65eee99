/* The rows of schema history against the messages on the bus, made into rows again by the sink's own code;
 * and those messages against the signed heads. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"
#include "ops/cli/verify_postgres.h"
#include "ops/cli/verify_rows.h"

enum { POLL_MS = 200, IDLE_POLLS = 100 };

/* One table of the chain's. */
struct table {
    struct log *log;
    cx_history_table table;
    cx_sheet *sheet; /* a row as it should be */
    cx_pg_out *out;
    cx_rows *rows;
};

struct log {
    cx_verify_snapshot *snapshot;
    const cx_verify_chain *chain;
    cx_heads_walk walk;
    struct table tables[CX_VERIFY_TABLES];
    size_t table_n;
    cx_history_rows making;
    cx_arena *arena;
};

/* --- a difference --------------------------------------------------------------------------------------- */
static int64_t long_of(cx_view field) {
    uint64_t v = field.n > 0 && ((unsigned char)field.p[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < field.n && i < 8; i++)
        v = v << 8 | (unsigned char)field.p[i];
    return (int64_t)v;
}

static cx_view named(const struct table *t, cx_view row, const char *name) {
    int column = cx_rows_column(&cx_history_sheets[t->table], name);
    return column < 0 || row.p == NULL ? (cx_view){NULL, 0} : cx_pg_out_field(row, column);
}

static void add_text(json_t *d, const struct table *t, cx_view row, const char *name) {
    cx_view v = named(t, row, name);
    if (v.p != NULL)
        (void)json_object_set_new(d, name, json_stringn(v.p, v.n));
}

static void add_long(json_t *d, const struct table *t, cx_view row, const char *name) {
    cx_view v = named(t, row, name);
    if (v.p != NULL)
        (void)json_object_set_new(d, name, json_integer((json_int_t)long_of(v)));
}

static void add_columns(json_t *d, const struct table *t, cx_view should, cx_view is) {
    const cx_sheet_spec *spec = &cx_history_sheets[t->table];
    json_t *columns = json_array();
    for (int i = 0; should.p != NULL && is.p != NULL && i < (int)spec->n; i++) {
        cx_view a = cx_pg_out_field(should, i), b = cx_pg_out_field(is, i);
        if (!cx_view_eq(a, b) || (a.p == NULL) != (b.p == NULL))
            (void)json_array_append_new(columns, json_string(spec->columns[i].name));
    }
    if (json_array_size(columns) > 0)
        (void)json_object_set(d, "columns", columns);
    json_decref(columns);
}

static void tell(void *context, cx_rows_what what, cx_view should, cx_view is) {
    static const char *const numbers[] = {"origin_partition", "origin_offset",  "origin_index",
                                          "number",           "inbound_offset", "sequence"};
    static const char *const texts[] = {"department", "event_id", "entry", "notice"};
    const struct table *t = context;
    cx_view row = should.p != NULL ? should : is, subject = named(t, row, "subject");
    char hex[33];
    json_t *d = json_pack("{s:s, s:s, s:s, s:s, s:i}", "where", "postgres", "what", cx_rows_text(what),
                          "table", cx_history_sheets[t->table].table, "topic", t->log->chain->topic,
                          "partition", (int)t->log->chain->partition);
    add_long(d, t, is.p != NULL ? is : should, "seq");
    if (what == CX_ROWS_REORDERED)
        (void)json_object_set_new(d, "belongs_at",
                                  json_integer((json_int_t)long_of(named(t, should, "seq"))));
    if (subject.n == 16)
        (void)json_object_set_new(d, "subject", json_string(cx_hex((const uint8_t *)subject.p, 16, hex)));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_long(d, t, row, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        add_text(d, t, row, texts[i]);
    add_columns(d, t, should, is);
    cx_verify_tell(t->log->snapshot->verify, d);
}

/* --- the tables ----------------------------------------------------------------------------------------- */
static cx_rc next_row(void *context, cx_view *row, cx_err *err) {
    struct table *t = context;
    return cx_pg_out_next(t->out, row, err);
}

static cx_rc open_table(struct log *log, cx_history_table table, cx_err *err) {
    struct table *t = &log->tables[log->table_n];
    char sql[CX_VERIFY_SQL], statement[CX_VERIFY_SQL + 64];
    cx_rows_events events = {t, next_row, tell};
    *t = (struct table){.log = log, .table = table};
    CX_TRY(cx_verify_select(log->snapshot->verify, log->chain, table, NULL, log->walk.chain.n, sql, err));
    (void)snprintf(statement, sizeof statement, "COPY (%s) TO STDOUT (FORMAT binary)", sql);
    CX_TRY(cx_sheet_new(&cx_history_sheets[table], "history", log->snapshot->verify->generation, &t->sheet,
                        err));
    CX_TRY(cx_pg_out_open(log->snapshot->pgs[log->table_n++], statement, &t->out, err));
    t->rows = cx_rows_new(&cx_history_sheets[table], &events);
    return t->rows != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc put(void *context, cx_history_table table, const cx_row *row, cx_time known_at, cx_err *err) {
    struct log *log = context;
    (void)known_at;
    for (size_t i = 0; i < log->table_n; i++) {
        struct table *t = &log->tables[i];
        if (t->table != table)
            continue;
        cx_sheet_clear(t->sheet);
        CX_TRY(cx_sheet_add(t->sheet, row, err));
        return cx_rows_should(t->rows, cx_sheet_bytes(t->sheet), err);
    }
    return CX_OK;
}

/* --- the messages --------------------------------------------------------------------------------------- */
static cx_rc take(struct log *log, const cx_message *m, cx_err *err) {
    cx_history_seen seen;
    cx_arena_reset(log->arena);
    if (cx_history_take_rows(&log->making, m, &log->walk.chain, &seen, err) != CX_OK)
        return cx_fail_in(err, "%s partition %d offset %lld", log->chain->topic, (int)m->partition,
                          (long long)m->offset);
    cx_heads_pass(&log->walk);
    return CX_OK;
}

static cx_rc read_to(struct log *log, cx_reader *reader, int64_t end, cx_err *err) {
    for (int idle = 0;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", log->chain->topic);
        int64_t at = read.message.offset;
        bool message = read.kind == CX_READ_MESSAGE;
        if (read.kind != CX_READ_NOTHING && (read.message.partition != log->chain->partition ||
                                             !cx_view_is(read.message.topic, log->chain->topic))) {
            cx_message_release(&read.message); /* of the chain before */
            continue;
        }
        cx_rc rc = message && at < end ? take(log, &read.message, err) : CX_OK;
        if (message)
            cx_message_release(&read.message);
        CX_TRY(rc);
        if (read.kind != CX_READ_NOTHING && at + (message ? 1 : 0) >= end)
            return CX_OK;
    }
}

/* Where retention has removed the beginning, the log is compared from a signed head on. */
static bool begin_behind(struct log *log, int64_t low, int64_t *from) {
    cx_heads_walk *w = &log->walk;
    for (w->at = 0; w->at < w->n; w->at++) {
        const cx_chain_head *head = w->heads[w->at]->body.chain_head;
        if (head->next_offset < low)
            continue;
        w->chain.n = w->chain.from = head->n;
        (void)memcpy(w->chain.head, head->head, CX_CHAIN_HASH);
        w->at++;
        *from = head->next_offset;
        return true;
    }
    return false;
}

static cx_rc find_beginning(struct log *log, int64_t *from, bool *there, cx_err *err) {
    int64_t low = 0, high = 0;
    cx_rc rc =
        cx_admin_ends(log->snapshot->admin, log->chain->topic, log->chain->partition, &low, &high, err);
    *from = low;
    *there = low == 0 || begin_behind(log, low, from);
    return rc;
}

static cx_rc read_log(struct log *log, int64_t from, cx_err *err) {
    cx_reader *reader = log->snapshot->reader;
    cx_place at = {.topic = log->chain->topic, .partition = log->chain->partition, .offset = from};
    cx_heads_pass(&log->walk);
    if (from >= log->chain->next_offset || reader == NULL)
        return CX_OK;
    if (log->walk.chain.n > 0) /* not from the beginning */
        CX_TRY(cx_reader_assign(reader, &at, 1, err));
    return read_to(log, reader, log->chain->next_offset, err);
}

static cx_rc compare(struct log *log, cx_err *err) {
    static const cx_history_table decided[] = {CX_HISTORY_EVENTS, CX_HISTORY_ENTRIES, CX_HISTORY_RECORDS};
    cx_history_table own = cx_history_table_of(cx_view_of(log->chain->topic));
    size_t n = own == CX_HISTORY_EVENTS && log->walk.chain.n == 0 ? 3 : 1;
    int64_t from = 0;
    bool there = true;
    CX_TRY(find_beginning(log, &from, &there, err));
    if (!there) {
        cx_verify_count(log->snapshot->verify, "postgres", "chains without a log", 1);
        return CX_OK;
    }
    for (size_t i = 0; i < n; i++)
        CX_TRY(open_table(log, n == 3 ? decided[i] : own, err));
    CX_TRY(read_log(log, from, err));
    for (size_t i = 0; i < n; i++) {
        CX_TRY(cx_rows_finish(log->tables[i].rows, err));
        cx_verify_count(log->snapshot->verify, "postgres", cx_history_sheets[log->tables[i].table].table,
                        cx_rows_count(log->tables[i].rows));
    }
    return CX_OK;
}

cx_rc cx_verify_chain_log(cx_verify_snapshot *snapshot, const cx_verify_chain *chain, cx_err *err) {
    struct log log = {.snapshot = snapshot, .chain = chain};
    log.walk = (cx_heads_walk){.verify = snapshot->verify, .where = "log"};
    log.walk.heads = cx_heads_of(snapshot->heads, cx_view_of(chain->topic), chain->partition, &log.walk.n);
    log.arena = cx_arena_new(0);
    log.making =
        (cx_history_rows){.codec = snapshot->verify->codec, .arena = log.arena, .context = &log, .put = put};
    cx_rc rc = log.arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : compare(&log, err);
    for (size_t i = 0; i < log.table_n; i++) {
        cx_pg_out_close(&log.tables[i].out);
        cx_sheet_destroy(&log.tables[i].sheet);
        cx_rows_destroy(&log.tables[i].rows);
    }
    cx_buffer_free(&log.making.anew);
    cx_arena_destroy(&log.arena);
    return rc;
}
