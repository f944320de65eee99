/* What the database holds, by itself: every row follows from the one before, and the heads are those that
 * were signed. */
#include <stdio.h>
#include <string.h>

#include "common/vault/hash.h"
#include "common/vault/hash_chain.h"
#include "ops/cli/verify_postgres.h"

enum { SEQ, LINK, MESSAGE, SUBJECT };

static int64_t long_of(cx_view field) {
    int64_t v = 0;
    for (size_t i = 0; i < field.n && i < 8; i++)
        v = (int64_t)((uint64_t)v << 8 | (unsigned char)field.p[i]);
    return v;
}

static void tell(cx_heads_walk *w, const cx_verify_chain *chain, const char *what, int64_t from, int64_t to,
                 cx_view row) {
    cx_view subject = cx_pg_out_field(row, SUBJECT);
    char hex[33] = "";
    json_t *d = json_pack("{s:s, s:s, s:s, s:i, s:I}", "where", "chain", "what", what, "topic", chain->topic,
                          "partition", (int)chain->partition, "seq", (json_int_t)from);
    if (to != from)
        (void)json_object_set_new(d, "to", json_integer((json_int_t)to));
    if (subject.n == 16)
        (void)json_object_set_new(d, "subject", json_string(cx_hex((const uint8_t *)subject.p, 16, hex)));
    cx_verify_tell(w->verify, d);
    w->torn = true;
}

/* The stored head behind a row is believed from there on: what follows is judged by itself, and the next
 * signed head judges them all. */
static void take_row(cx_heads_walk *w, const cx_verify_chain *chain, cx_view row) {
    int64_t seq = long_of(cx_pg_out_field(row, SEQ));
    cx_view link = cx_pg_out_field(row, LINK);
    if (seq <= w->chain.n) {
        tell(w, chain, "INSERTED", seq, seq, row);
        return;
    }
    bool gap = seq > w->chain.n + 1;
    if (gap) {
        tell(w, chain, "REMOVED", w->chain.n + 1, seq - 1, (cx_view){NULL, 0});
        while (w->chain.n < seq - 1) /* only the number counts: the tree is torn */
            cx_chain_add(&w->chain, (cx_view){"", 0});
    }
    cx_chain_add(&w->chain, cx_pg_out_field(row, MESSAGE));
    bool follows = link.n == CX_CHAIN_HASH && memcmp(link.p, w->chain.head, CX_CHAIN_HASH) == 0;
    if (!gap && !follows)
        tell(w, chain, "ALTERED", seq, seq, row);
    if (link.n == CX_CHAIN_HASH)
        (void)memcpy(w->chain.head, link.p, CX_CHAIN_HASH);
    cx_heads_pass(w);
}

static cx_rc walk(cx_heads_walk *w, const cx_verify_chain *chain, cx_pg_out *out, cx_err *err) {
    cx_view row;
    cx_heads_pass(w);
    for (;;) {
        CX_TRY(cx_pg_out_next(out, &row, err));
        if (row.p == NULL)
            break;
        take_row(w, chain, row);
    }
    cx_heads_end(w);
    if (w->chain.n != chain->n || memcmp(w->chain.head, chain->head, CX_CHAIN_HASH) != 0)
        tell(w, chain, "OFFSETS_DIFFER", w->chain.n, chain->n, (cx_view){NULL, 0});
    cx_verify_count(w->verify, "postgres", "chained", (size_t)w->chain.n);
    return CX_OK;
}

cx_rc cx_verify_chain_alone(cx_verify_snapshot *s, const cx_verify_chain *chain, cx_err *err) {
    cx_history_table table = cx_history_table_of(cx_view_of(chain->topic));
    char sql[CX_VERIFY_SQL], statement[CX_VERIFY_SQL + 64];
    cx_heads_walk w = {.verify = s->verify, .where = "chain"};
    cx_pg_out *out = NULL;
    w.heads = cx_heads_of(s->heads, cx_view_of(chain->topic), chain->partition, &w.n);
    CX_TRY(cx_verify_select(s->verify, chain, table,
                            table == CX_HISTORY_DEAD_LETTERS ? "seq, link, message"
                                                             : "seq, link, message, subject",
                            0, sql, err));
    (void)snprintf(statement, sizeof statement, "COPY (%s) TO STDOUT (FORMAT binary)", sql);
    CX_TRY(cx_pg_out_open(s->pgs[0], statement, &out, err));
    cx_rc rc = walk(&w, chain, out, err);
    cx_pg_out_close(&out);
    return rc;
}
