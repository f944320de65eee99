/* The tokens that there are, without their secrets, which nobody keeps. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/wire/visit.h"
#include "ops/cli/acts.h"
#include "ops/cli/decoding.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "ops/cli/token.h"

struct row {
    UT_hash_handle hh;
    cx_view key, bytes; /* bytes p NULL: removed */
};

struct reading {
    cx_arena *arena;
    struct row *rows;
};

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    struct reading *r = context;
    struct row *row = NULL;
    if (m->key.n == 0)
        return CX_OK;
    HASH_FIND(hh, r->rows, m->key.p, (unsigned)m->key.n, row);
    if (row == NULL) {
        row = cx_arena_calloc(r->arena, 1, sizeof *row);
        cx_view key = cx_arena_copy(r->arena, m->key);
        if (row == NULL || key.p == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        row->key = key;
        HASH_ADD_KEYPTR(hh, r->rows, key.p, (unsigned)key.n, row);
    }
    row->bytes = m->value.p != NULL ? cx_arena_copy(r->arena, m->value) : (cx_view){NULL, 0};
    return m->value.p == NULL || row->bytes.p != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static int by_key(const void *a, const void *b) {
    return cx_view_cmp(((const cx_token_row *)a)->key, ((const cx_token_row *)b)->key);
}

static cx_rc decode_all(const cx_config *config, struct reading *r, cx_token_row *rows, size_t *n,
                        size_t *own, cx_err *err) {
    static const cx_type *const types[] = {&cx_token_type, NULL};
    cx_decoding decoding = {0};
    cx_rc rc = cx_decoding_open(config, types, &decoding, err);
    for (const struct row *row = r->rows; rc == CX_OK && row != NULL; row = row->hh.next) {
        const void *value = NULL;
        cx_message m = {.topic = CX_VIEW("credit.tokens"), .key = row->key, .value = row->bytes};
        if (row->bytes.p == NULL)
            continue;
        rc = cx_decoding_take(&decoding, &cx_token_type, &m, &value, err);
        const cx_token *token = value;
        if (rc != CX_OK || token->kind != CX_TOKEN_KIND_DEPARTMENT) {
            *own += rc == CX_OK && !token->revoked && token->expires_at > cx_act_now();
            continue;
        }
        rows[*n] = (cx_token_row){row->key, cx_struct_copy(&cx_token_type, token, r->arena)};
        if (rows[(*n)++].token == NULL)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    cx_decoding_close(&decoding);
    return rc;
}

cx_rc cx_token_rows(const cx_config *config, cx_arena *arena, cx_token_row **rows, size_t *n, size_t *own,
                    cx_err *err) {
    struct reading r = {.arena = arena};
    *n = *own = 0;
    cx_rc rc = cx_topic_read(config, "credit.tokens", take, &r, err);
    *rows = cx_arena_calloc(arena, HASH_COUNT(r.rows) + 1, sizeof **rows);
    if (rc == CX_OK)
        rc =
            *rows != NULL ? decode_all(config, &r, *rows, n, own, err) : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK)
        qsort(*rows, *n, sizeof **rows, by_key);
    HASH_CLEAR(hh, r.rows);
    return rc;
}

/* --- printing ---------------------------------------------------------------------------------------------
 */

static const char *state_of(const cx_token *token) {
    return token->revoked ? "revoked" : token->expires_at <= cx_act_now() ? "expired" : "valid";
}

static cx_view purposes_of(const cx_token *token, cx_arena *arena) {
    cx_view text = CX_VIEW("");
    for (size_t i = 0; i < token->purposes.n; i++)
        text = cx_arena_printf(arena, "%.*s%s%.*s", CX_VIEW_ARGS(text), i > 0 ? ";" : "",
                               CX_VIEW_ARGS(token->purposes.items[i]));
    return text;
}

static cx_rc print_table(const cx_token_row *rows, size_t n, cx_arena *arena, cx_err *err) {
    static const char *const headings[] = {"token", "department", "state", "issued", "expires", "purposes"};
    cx_table_text *table = cx_table_text_new(headings, sizeof headings / sizeof headings[0]);
    cx_rc rc = table != NULL ? CX_OK : CX_OUT_OF_MEMORY;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        const cx_token *t = rows[i].token;
        char issued[CX_TIME_TEXT], expires[CX_TIME_TEXT];
        const cx_view cells[] = {t->id,
                                 t->department,
                                 cx_view_of(state_of(t)),
                                 cx_view_of(cx_time_format(t->issued_at, issued)),
                                 cx_view_of(cx_time_format(t->expires_at, expires)),
                                 purposes_of(t, arena)};
        rc = cx_table_text_row(table, cells);
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc print_json(const cx_token_row *rows, size_t n, size_t own, cx_arena *arena, cx_err *err) {
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < n; i++) {
        const cx_token *t = rows[i].token;
        char expires[CX_TIME_TEXT];
        cx_view purposes = purposes_of(t, arena);
        (void)json_array_append_new(
            list, json_pack("{s:s%,s:s%,s:s,s:s,s:s%,s:i}", "token", t->id.p, t->id.n, "department",
                            t->department.p, t->department.n, "state", state_of(t), "expires",
                            cx_time_format(t->expires_at, expires), "purposes", purposes.p, purposes.n,
                            "jurisdiction", (int)t->jurisdiction));
    }
    return cx_print_json(json_pack("{s:o,s:I}", "tokens", list, "own_tokens", (json_int_t)own), err);
}

cx_rc cx_token_list(const cx_config *config, bool json, cx_err *err) {
    cx_token_row *rows = NULL;
    size_t n = 0, own = 0;
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                             : cx_token_rows(config, arena, &rows, &n, &own, err);
    if (rc == CX_OK)
        rc = json ? print_json(rows, n, own, arena, err) : print_table(rows, n, arena, err);
    if (rc == CX_OK && !json)
        (void)printf("%zu tokens of departments; %zu of subjects themselves are valid\n", n, own);
    cx_arena_destroy(&arena);
    return rc;
}
