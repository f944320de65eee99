/* A receipt from schema history: each event of a subject, the way from it up to a signed root, and what was
 * signed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/run/codec.h"
#include "common/store/postgres_out.h"
#include "common/vault/hash.h"
#include "ops/cli/receipt.h"

const char cx_receipt_format[] = "chengxin receipt 1";

enum { NUMBER = 24, SQL = 512 };

struct making {
    cx_pg *pg;
    cx_codec *codec;
    cx_arena *arena;
    char generation[NUMBER];
    /* The tree of the last checkpoint, which the next event may lie in, too. */
    cx_chain_hash *leaves;
    size_t leaf_n, leaf_room;
    const cx_checkpoint *checkpoint; /* NULL: none yet */
    json_t *events;
    size_t waiting;
};

static cx_rc add_leaf(struct making *m, cx_view message, cx_err *err) {
    if (m->leaf_n == m->leaf_room) {
        size_t room = m->leaf_room == 0 ? 1024 : 2 * m->leaf_room;
        cx_chain_hash *more = realloc(m->leaves, room * sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        m->leaves = more;
        m->leaf_room = room;
    }
    cx_chain_leaf(message, m->leaves[m->leaf_n++]);
    return CX_OK;
}

static cx_rc read_leaves(struct making *m, int32_t partition, cx_err *err) {
    const cx_chain_head *head = m->checkpoint->body.chain_head;
    char sql[SQL];
    cx_pg_out *out = NULL;
    cx_view row = {NULL, 0};
    m->leaf_n = 0;
    (void)snprintf(
        sql, sizeof sql,
        "COPY (SELECT message FROM history.events WHERE generation = %s AND origin_partition = %" PRId32
        " AND seq > %" PRId64 " AND seq <= %" PRId64 " ORDER BY seq) TO STDOUT (FORMAT binary)",
        m->generation, partition, head->from, head->n);
    CX_TRY(cx_pg_out_open(m->pg, sql, &out, err));
    cx_rc rc = CX_OK;
    do {
        rc = cx_pg_out_next(out, &row, err);
        if (rc == CX_OK && row.p != NULL)
            rc = add_leaf(m, cx_pg_out_field(row, 0), err);
    } while (rc == CX_OK && row.p != NULL);
    cx_pg_out_close(&out);
    cx_chain_hash root;
    cx_chain_tree(m->leaves, m->leaf_n, root);
    if (rc == CX_OK &&
        (m->leaf_n != (size_t)(head->n - head->from) || memcmp(root, head->root, sizeof root) != 0))
        rc = cx_fail(err, CX_STORE,
                     "partition %d, messages %" PRId64 " to %" PRId64
                     " do not lead to the root that was signed: run chengxin "
                     "verify",
                     (int)partition, head->from + 1, head->n);
    return rc;
}

/* The checkpoint that covers message `seq`; NULL: none does yet. */
static cx_rc find_checkpoint(struct making *m, const char *partition, const char *seq, cx_err *err) {
    const char *const values[] = {m->generation, partition, seq};
    const void *value = NULL;
    cx_pg_rows *rows = NULL;
    CX_TRY(cx_pg_query(
        m->pg,
        "SELECT encode(message, 'hex') FROM history.checkpoints WHERE generation = $1::integer AND topic = "
        "'credit.decided' AND partition = $2::integer AND chain_from < $3::bigint AND chain_n >= $3::bigint "
        "ORDER BY chain_n, known_at LIMIT 1",
        values, 3, &rows, err));
    cx_rc rc = CX_OK;
    m->checkpoint = NULL;
    if (cx_pg_rows_count(rows) == 1) {
        cx_view hex = cx_view_of(cx_pg_value(rows, 0, 0));
        uint8_t *bytes = cx_arena_alloc(m->arena, hex.n / 2 + 1);
        if (bytes == NULL || !cx_unhex(hex, bytes, hex.n / 2))
            rc = cx_fail(err, bytes == NULL ? CX_OUT_OF_MEMORY : CX_STORE,
                         "history.checkpoints holds no message");
        if (rc == CX_OK)
            rc = cx_codec_decode(m->codec, &cx_checkpoint_type, (cx_view){(const char *)bytes, hex.n / 2},
                                 m->arena, &value, err);
        m->checkpoint = value;
    }
    cx_pg_rows_free(&rows);
    return rc;
}

static json_t *hex_of(const uint8_t *bytes, size_t n) {
    char text[2 * 64 + 1];
    return json_string(cx_hex(bytes, n, text));
}

static json_t *checkpoint_json(const cx_checkpoint *c) {
    const cx_chain_head *h = c->body.chain_head;
    return json_pack("{s:i, s:I, s:s%, s:i, s:I, s:I, s:o, s:o, s:o, s:o}", "generation", (int)c->generation,
                     "tick", (json_int_t)c->tick, "topic", h->topic.p, h->topic.n, "partition",
                     (int)c->partition, "from", (json_int_t)h->from, "n", (json_int_t)h->n, "head",
                     hex_of(h->head, CX_CHAIN_HASH), "root", hex_of(h->root, CX_CHAIN_HASH), "key",
                     hex_of(h->key, sizeof h->key), "signature", hex_of(h->signature, sizeof h->signature));
}

static cx_rc add_event(struct making *m, int64_t seq, const char *message, cx_err *err) {
    cx_chain_hash path[CX_CHAIN_PEAKS];
    size_t depth =
        cx_chain_path(m->leaves, m->leaf_n, (size_t)(seq - m->checkpoint->body.chain_head->from - 1), path);
    json_t *hashes = json_array();
    for (size_t i = 0; i < depth; i++)
        (void)json_array_append_new(hashes, hex_of(path[i], CX_CHAIN_HASH));
    json_t *event = json_pack("{s:I, s:s, s:o, s:o}", "seq", (json_int_t)seq, "message", message, "path",
                              hashes, "checkpoint", checkpoint_json(m->checkpoint));
    return event != NULL && json_array_append_new(m->events, event) == 0
               ? CX_OK
               : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc take_row(struct making *m, const cx_pg_rows *rows, int row, cx_err *err) {
    const char *partition = cx_pg_value(rows, row, 0), *seq = cx_pg_value(rows, row, 1);
    int64_t p = 0, n = 0;
    if (!cx_view_to_int64(cx_view_of(partition), &p) || !cx_view_to_int64(cx_view_of(seq), &n))
        return cx_fail(err, CX_STORE, "history.events holds no number where one belongs");
    const cx_checkpoint *c = m->checkpoint;
    bool same = c != NULL && c->partition == p && c->body.chain_head->from < n && n <= c->body.chain_head->n;
    if (!same) {
        CX_TRY(find_checkpoint(m, partition, seq, err));
        if (m->checkpoint != NULL)
            CX_TRY(read_leaves(m, (int32_t)p, err));
    }
    if (m->checkpoint == NULL) {
        m->waiting++;
        return CX_OK;
    }
    return add_event(m, n, cx_pg_value(rows, row, 2), err);
}

static cx_rc make(struct making *m, const cx_config *config, const uint8_t subject[16], cx_err *err) {
    char hex[2 * 16 + 1];
    const char *const values[] = {m->generation, cx_hex(subject, 16, hex)};
    cx_pg_rows *rows = NULL;
    m->codec = cx_codec_new();
    m->arena = cx_arena_new(0);
    m->events = json_array();
    if (m->codec == NULL || m->arena == NULL || m->events == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_add(m->codec, &cx_checkpoint_type, err));
    CX_TRY(
        cx_pg_open(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin receipt", &m->pg, err));
    CX_TRY(cx_pg_query(m->pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0, NULL, err));
    CX_TRY(cx_pg_query(
        m->pg,
        "SELECT origin_partition, seq, encode(message, 'hex') FROM history.events WHERE generation = "
        "$1::integer AND subject = decode($2, 'hex') ORDER BY origin_partition, seq",
        values, 2, &rows, err));
    cx_rc rc = CX_OK;
    for (int i = 0; rc == CX_OK && i < cx_pg_rows_count(rows); i++)
        rc = take_row(m, rows, i, err);
    cx_pg_rows_free(&rows);
    if (rc == CX_OK && json_array_size(m->events) == 0)
        rc = cx_fail(err, CX_NOT_FOUND, "no event of that subject is covered by a checkpoint%s",
                     m->waiting > 0 ? "; the next hour tick covers those that there are" : "");
    return rc;
}

cx_rc cx_receipt_make(const cx_config *config, const uint8_t subject[16], json_t **out, cx_err *err) {
    struct making m = {.waiting = 0};
    char hex[2 * 16 + 1];
    (void)snprintf(m.generation, sizeof m.generation, "%d", (int)cx_config_integer(config, "log.generation"));
    *out = NULL;
    cx_rc rc = make(&m, config, subject, err);
    if (rc == CX_OK)
        *out = json_pack("{s:s, s:s, s:I, s:O}", "format", cx_receipt_format, "subject",
                         cx_hex(subject, 16, hex), "waiting", (json_int_t)m.waiting, "events", m.events);
    if (rc == CX_OK && *out == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    json_decref(m.events);
    free(m.leaves);
    cx_pg_close(&m.pg);
    cx_codec_destroy(&m.codec);
    cx_arena_destroy(&m.arena);
    return rc;
}
