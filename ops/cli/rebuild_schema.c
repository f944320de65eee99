/* Schemas made, filled beside the log's messages, and renamed. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/vault/hash.h"
#include "ops/cli/rebuild_inside.h"

enum { FILES = 32, PATH_ROOM = 4352, SQL = 1024, TRIES = 100, PAUSE_MS = 100 };

/* --- the files of schemas/sql
 * ----------------------------------------------------------------------------------- */
static bool is_word(char c) {
    return isalnum((unsigned char)c) != 0 || c == '_';
}

/* The text with `name` in the place of every word "history". */
static cx_rc rename_words(const char *text, size_t n, const char *name, cx_buffer *out, cx_err *err) {
    static const char word[] = "history";
    size_t length = sizeof word - 1;
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n;) {
        bool found = n - i >= length && memcmp(text + i, word, length) == 0 &&
                     (i == 0 || !is_word(text[i - 1])) && (i + length == n || !is_word(text[i + length]));
        rc = found ? cx_buffer_append(out, name, strlen(name)) : cx_buffer_append(out, text + i, 1);
        i += found ? length : 1;
    }
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc read_file(const char *path, cx_buffer *out, cx_err *err) {
    char block[8192];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return cx_fail(err, CX_FILE, "%s: %s", path, strerror(errno));
    cx_rc rc = CX_OK;
    while (rc == CX_OK && (n = fread(block, 1, sizeof block, file)) > 0)
        rc = cx_buffer_append(out, block, n);
    bool bad = ferror(file) != 0;
    (void)fclose(file);
    return rc != CX_OK ? cx_fail(err, rc, NULL)
           : bad       ? cx_fail(err, CX_FILE, "%s cannot be read", path)
                       : CX_OK;
}

static cx_rc apply_file(cx_rebuild_pg *r, const char *path, const char *name, cx_err *err) {
    cx_buffer text = {0}, renamed = {0};
    cx_rc rc = read_file(path, &text, err);
    if (rc == CX_OK)
        rc = rename_words((const char *)text.p, text.n, name, &renamed, err);
    if (rc == CX_OK && cx_buffer_append(&renamed, "", 1) != CX_OK)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK && cx_pg_script(r->owner, (const char *)renamed.p, err) != CX_OK)
        rc = cx_fail_in(err, "%s", path);
    cx_buffer_free(&text);
    cx_buffer_free(&renamed);
    return rc;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_sql(const struct dirent *entry) {
    size_t n = strlen(entry->d_name);
    return n > 4 && strcmp(entry->d_name + n - 4, ".sql") == 0;
}

cx_rc cx_rebuild_schema(cx_rebuild_pg *r, const char *name, bool anew, cx_err *err) {
    const char *dir = cx_config_text(r->rebuild->config, "sql.dir");
    char path[PATH_ROOM], sql[SQL];
    struct dirent **found = NULL;
    int n = scandir(dir, &found, is_sql, by_name);
    if (n <= 0) {
        free(found);
        return cx_fail(err, CX_FILE, "%s: no SQL there (setting sql.dir)", dir);
    }
    cx_rc rc = CX_OK;
    (void)snprintf(sql, sizeof sql, "SET client_min_messages = warning; DROP SCHEMA IF EXISTS %s CASCADE",
                   name);
    if (anew)
        rc = cx_pg_script(r->owner, sql, err);
    for (int i = 0; i < n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, found[i]->d_name);
        if (rc == CX_OK)
            rc = apply_file(r, path, name, err);
        free(found[i]);
    }
    free(found);
    return rc;
}

/* --- signed heads
 * ------------------------------------------------------------------------------------------------ */
cx_rc cx_rebuild_heads(cx_rebuild_pg *r, cx_err *err) {
    CX_TRY(cx_heads_read(&r->verify, &r->heads, err));
    return r->verify.differences == 0
               ? CX_OK
               : cx_fail(err, CX_STORE,
                         "credit.checkpoints holds what was not signed with this key: run chengxin verify");
}

static cx_rc exists(cx_rebuild_pg *r, const char *schema, bool *there, cx_err *err) {
    const char *const values[] = {schema};
    cx_pg_rows *rows = NULL;
    CX_TRY(cx_pg_query(r->owner, "SELECT 1 FROM pg_namespace WHERE nspname = $1", values, 1, &rows, err));
    *there = cx_pg_rows_count(rows) > 0;
    cx_pg_rows_free(&rows);
    return CX_OK;
}

/* The old rows of a chain up to its n-th message. */
static cx_rc copy_rows(cx_rebuild_pg *r, const cx_rebuild_chain *c, int64_t n, cx_err *err) {
    char sql[SQL], where[320];
    cx_history_table table = cx_history_table_of(cx_view_of(c->topic));
    const char *name = cx_history_sheets[table].table;
    if (table == CX_HISTORY_DEAD_LETTERS)
        (void)snprintf(where, sizeof where, "department = '%s' AND topic_partition = %" PRId32,
                       c->topic + strlen(cx_history_rejected), c->partition);
    else
        (void)snprintf(where, sizeof where, "%s = %" PRId32,
                       table == CX_HISTORY_ACCESS ? "topic_partition" : "origin_partition", c->partition);
    (void)snprintf(
        sql, sizeof sql,
        "SELECT history_next.make_months(min(known_at), max(known_at)) FROM history.%s WHERE known_at >= "
        "'1970-01-01T00:00:00Z' HAVING count(*) > 0; INSERT INTO history_next.%s SELECT * FROM history.%s "
        "WHERE "
        "generation = %d AND %s AND seq <= %" PRId64,
        name, name, name, r->rebuild->generation, where, n);
    return cx_pg_script(r->owner, sql, err);
}

cx_rc cx_rebuild_begin_behind(cx_rebuild_pg *r, cx_rebuild_chain *c, int64_t low, cx_err *err) {
    bool old = false;
    cx_claim *claim = cx_history_claim(&r->run, cx_view_of(c->topic), c->partition);
    CX_ASSERT(claim != NULL);
    CX_TRY(exists(r, "history", &old, err));
    for (; c->walk.at < c->walk.n; c->walk.at++) {
        const cx_chain_head *head = c->walk.heads[c->walk.at]->body.chain_head;
        if (head->next_offset < low)
            continue;
        claim->chain = (cx_hash_chain){.n = head->n, .from = head->n};
        (void)memcpy(claim->chain.head, head->head, CX_CHAIN_HASH);
        claim->next = c->next = head->next_offset;
        c->walk.at++;
        return old ? copy_rows(r, c, head->n, err) : CX_OK;
    }
    claim->next = low; /* nothing was ever signed of it: it is judged from here on */
    return CX_OK;
}

/* --- the switch
 * -------------------------------------------------------------------------------------------------- */
static cx_rc run(cx_rebuild_pg *r, const char *sql, cx_err *err) {
    return cx_pg_script(r->owner, sql, err);
}

/* From the bus: what was published is the truth; what the old schema holds besides is on its way there. */
static const char take_over[] =
    "UPDATE history_next.offsets n SET epoch = o.epoch, pid = o.pid, started = o.started FROM "
    "history.offsets o "
    "WHERE (o.generation, o.topic, o.partition) = (n.generation, n.topic, n.partition);"
    "INSERT INTO history_next.offsets SELECT * FROM history.offsets o WHERE o.next_offset = 0 AND NOT EXISTS "
    "(SELECT FROM "
    "history_next.offsets n WHERE (o.generation, o.topic, o.partition) = (n.generation, n.topic, "
    "n.partition));"
    "INSERT INTO history_next.checkpoints SELECT * FROM history.checkpoints ON CONFLICT DO NOTHING;"
    "ALTER SCHEMA history RENAME TO history_old";

/* The old schema stands still: nobody can move an offset, and whoever was about to is gone. */
static cx_rc stand_still(cx_rebuild_pg *r, cx_pg_rows **offsets, bool *whole, cx_err *err) {
    char generation[24];
    const char *const values[] = {generation};
    cx_pg_rows *rows = NULL;
    (void)snprintf(generation, sizeof generation, "%d", r->rebuild->generation);
    CX_TRY(run(r,
               "BEGIN; SET LOCAL lock_timeout = '20s'; LOCK TABLE history.offsets IN ACCESS EXCLUSIVE MODE",
               err));
    CX_TRY(
        run(r,
            "SELECT pg_terminate_backend(pid, 5000) FROM (SELECT DISTINCT a.pid FROM pg_stat_activity a JOIN "
            "history.offsets o ON a.pid = o.pid AND a.backend_start = o.started) AS sinks",
            err));
    CX_TRY(cx_pg_query(
        r->owner, "SELECT topic, partition, next_offset FROM history.offsets WHERE generation = $1::integer",
        values, 1, offsets, err));
    CX_TRY(cx_pg_query(r->owner, "SELECT 1 FROM history.checkpoints WHERE NOT published LIMIT 1", NULL, 0,
                       &rows, err));
    *whole = cx_pg_rows_count(rows) == 0; /* else a head is not on the bus yet, and would not be cut */
    cx_pg_rows_free(&rows);
    return CX_OK;
}

/* The heads that were published while the new schema was being filled. Each chain's place among them is by
 * number. */
static cx_rc more_heads(cx_rebuild_pg *r, cx_err *err) {
    cx_heads *before = r->heads;
    r->heads = NULL;
    cx_rc rc = cx_rebuild_heads(r, err);
    for (size_t i = 0; rc == CX_OK && i < r->chain_n; i++) {
        cx_heads_walk *w = &r->chains[i].walk;
        w->heads = cx_heads_of(r->heads, cx_view_of(r->chains[i].topic), r->chains[i].partition, &w->n);
    }
    cx_heads_destroy(&before);
    return rc;
}

static cx_rc put_one(cx_rebuild_pg *r, const cx_checkpoint *c, cx_buffer *message, cx_err *err) {
    const cx_chain_head *h = c->body.chain_head;
    char topic[256], tick[CX_TIME_TEXT], sql[SQL], head[2 * CX_CHAIN_HASH + 1];
    message->n = 0;
    CX_TRY(cx_encode_single(&cx_checkpoint_type, c, message, err));
    char *hex = malloc(2 * message->n + 1);
    if (hex == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    const char *const values[] = {topic, cx_time_format(c->tick, tick), cx_hex(h->head, CX_CHAIN_HASH, head),
                                  cx_hex(message->p, message->n, hex)};
    (void)snprintf(topic, sizeof topic, "%.*s", CX_VIEW_ARGS(h->topic));
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO history_next.checkpoints VALUES (%" PRId32 ", $1, %" PRId32
                   ", $2::timestamptz, %" PRId64 ", %" PRId64 ", %" PRId64
                   ", decode($3, 'hex'), decode($4, 'hex'), true) ON CONFLICT DO NOTHING",
                   c->generation, c->partition, h->next_offset, h->from, h->n);
    cx_rc rc = cx_pg_query(r->owner, sql, values, 4, NULL, err);
    free(hex);
    return rc;
}

/* Those of the bus. */
static cx_rc put_checkpoints(cx_rebuild_pg *r, cx_err *err) {
    size_t n = 0;
    const cx_checkpoint *const *heads = cx_heads_all(r->heads, &n);
    cx_buffer message = {0};
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        rc = put_one(r, heads[i], &message, err);
    cx_buffer_free(&message);
    return rc;
}

static cx_rc rename_it(cx_rebuild_pg *r, cx_err *err) {
    CX_TRY(run(r, "ALTER SCHEMA history_next RENAME TO history", err));
    CX_TRY(cx_rebuild_schema(r, "history", false, err)); /* functions name their schema in their text */
    return run(r, "COMMIT", err);
}

static cx_rc switch_once(cx_rebuild_pg *r, bool *done, cx_err *err) {
    cx_pg_rows *offsets = NULL;
    bool whole = false;
    *done = false;
    cx_rc rc = stand_still(r, &offsets, &whole, err);
    if (rc == CX_OK && whole)
        rc = more_heads(r, err);
    if (rc == CX_OK && whole)
        rc = cx_rebuild_catch_up(r, offsets, err);
    cx_pg_rows_free(&offsets);
    if (rc == CX_OK && whole) {
        cx_history_sink.lose(&r->run); /* its connection is done with the new schema */
        rc = put_checkpoints(r, err);
    }
    if (rc == CX_OK && whole)
        rc = run(r, take_over, err);
    if (rc == CX_OK && whole)
        rc = rename_it(r, err);
    *done = rc == CX_OK && whole;
    return *done || rc != CX_OK ? rc : run(r, "ROLLBACK", err);
}

/* After a total loss nobody stands in the way, and the checkpoints come from the bus. */
static cx_rc move_in(cx_rebuild_pg *r, cx_err *err) {
    cx_history_sink.lose(&r->run);
    CX_TRY(run(r, "BEGIN", err));
    CX_TRY(put_checkpoints(r, err));
    return rename_it(r, err);
}

cx_rc cx_rebuild_switch(cx_rebuild_pg *r, cx_err *err) {
    static const struct timespec pause = {0, PAUSE_MS * 1000000L};
    bool old = false, done = false;
    double began = cx_rebuild_now();
    CX_TRY(exists(r, "history", &old, err));
    if (!old)
        CX_TRY(move_in(r, err));
    for (int i = 0; old && !done && i < TRIES; i++) {
        if (i > 0)
            (void)nanosleep(&pause, NULL);
        began = cx_rebuild_now();
        r->rebuild->tries++;
        CX_TRY(switch_once(r, &done, err));
    }
    r->rebuild->switch_seconds = cx_rebuild_now() - began;
    return done || !old
               ? CX_OK
               : cx_fail(err, CX_STORE_AWAY, "checkpoints wait to be published: is the history service up?");
}
