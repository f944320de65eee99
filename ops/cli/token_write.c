/* Tokens are issued and revoked: the row and the act, in one transaction. */
#include <stdio.h>
#include <string.h>

#include "common/bus/admin.h"
#include "common/law/pack.h"
#include "common/vault/keys.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/token.h"

enum { MOST_PURPOSES = 32 };

struct issue {
    const cx_token_request *c;
    cx_arena *arena;
    cx_pack *pack;
    cx_view purposes[MOST_PURPOSES];
    size_t n;
    cx_token token;
};

static cx_rc load_pack(const cx_config *config, struct issue *i, cx_err *err) {
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    const char *folder = i->c->pack != NULL ? i->c->pack : cx_config_text(config, "pack.dir");
    CX_TRY(cx_pack_files_read(folder, i->arena, &files, &n, hash, err));
    return cx_pack_load(files, n, hash, &i->pack, err);
}

static cx_rc judge_purpose(const struct issue *i, const cx_department *department, cx_view code,
                           cx_err *err) {
    const cx_purpose *purpose = cx_pack_purpose(i->pack, code);
    if (purpose == NULL || !purpose->permitted)
        return cx_fail(err, CX_PURPOSE_FORBIDDEN, "%.*s: %s", CX_VIEW_ARGS(code),
                       purpose == NULL ? "the pack knows no such purpose" : "the pack forbids it");
    return cx_purpose_asker(purpose, department)
               ? CX_OK
               : cx_fail(err, CX_NOT_AUTHORISED, "%.*s is not for %s", CX_VIEW_ARGS(code), i->c->department);
}

static cx_rc read_purposes(struct issue *i, cx_err *err) {
    const cx_department *department = cx_pack_department(i->pack, cx_view_of(i->c->department));
    cx_view rest = cx_view_of(i->c->purposes);
    if (i->c->private == (department != NULL))
        return cx_fail(err, CX_USAGE, "%s is %s department of the pack", i->c->department,
                       department != NULL ? "a" : "no");
    while (rest.p != NULL && i->n < MOST_PURPOSES) {
        i->purposes[i->n] = cx_view_split(rest, ';', &rest);
        CX_TRY(judge_purpose(i, department, i->purposes[i->n++], err));
    }
    return rest.p == NULL ? CX_OK : cx_fail(err, CX_USAGE, "too many purposes");
}

/* A recall must reach a department that was told a status. */
static cx_rc check_reachable(const cx_config *config, const cx_token_request *c, cx_err *err) {
    char topic[128];
    int32_t n = 0;
    cx_admin *admin = NULL;
    if (c->private)
        return CX_OK;
    (void)snprintf(topic, sizeof topic, "credit.notices.%s", c->department);
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, topic, &n, err);
    cx_admin_destroy(&admin);
    return rc;
}

struct change {
    const cx_token *row;
    cx_view key;
    const cx_actor *actor;
    cx_act_kind kind;
};

/* The row and the act, in one transaction. */
static cx_rc send_both(void *context, cx_producer *producer, cx_err *err) {
    char act_key[64];
    const struct change *c = context;
    const cx_token *row = c->row;
    int n = snprintf(act_key, sizeof act_key, "token:%.*s", CX_VIEW_ARGS(row->id));
    CX_TRY(cx_act_send_row(producer, "credit.tokens", &cx_token_type, row, c->key, err));
    return cx_act_send(producer, c->actor,
                       (cx_act){.kind = c->kind,
                                .department = row->department,
                                .partition = -1,
                                .offset = -1,
                                .letter_partition = -1,
                                .letter_offset = -1,
                                .token = row->id},
                       (cx_view){act_key, (size_t)n}, err);
}

static cx_rc write_both(const cx_config *config, const cx_token *row, cx_view key, const cx_actor *actor,
                        cx_act_kind kind, cx_err *err) {
    struct change change = {row, key, actor, kind};
    return cx_act_commit(config, "credit.cli.token", send_both, &change, err);
}

static cx_rc issue_one(const cx_config *config, struct issue *i, const cx_actor *actor,
                       char text[CX_TOKEN_TEXT], char id[CX_TOKEN_ID], cx_time *expires, cx_err *err) {
    cx_token_shown made;
    CX_TRY(load_pack(config, i, err));
    CX_TRY(read_purposes(i, err));
    CX_TRY(check_reachable(config, i->c, err));
    CX_TRY(cx_vault_init(err));
    cx_token_make(text, &made);
    cx_token token = {.id = cx_view_of(made.id),
                      .kind = CX_TOKEN_KIND_DEPARTMENT,
                      .department = cx_view_of(i->c->department),
                      .jurisdiction = cx_pack_jurisdiction(i->pack),
                      .purposes = {i->purposes, i->n},
                      .issued_at = actor->at,
                      .expires_at = actor->at + i->c->days * CX_DAY};
    (void)memcpy(token.hash, made.hash, sizeof token.hash);
    (void)memcpy(id, made.id, sizeof made.id);
    *expires = token.expires_at;
    return write_both(config, &token, token.id, actor, CX_ACT_KIND_TOKEN_ISSUE, err);
}

cx_rc cx_token_issue(const cx_config *config, const cx_token_request *request, const cx_actor *actor,
                     char text[CX_TOKEN_TEXT], char id[CX_TOKEN_ID], cx_time *expires, cx_err *err) {
    struct issue i = {.c = request, .arena = cx_arena_new(0)};
    (void)memset(text, 0, CX_TOKEN_TEXT);
    if (i.arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = !cx_view_is_code(cx_view_of(request->department), 63)
                   ? cx_fail(err, CX_USAGE, "\"%s\" is no department's name", request->department)
                   : issue_one(config, &i, actor, text, id, expires, err);
    cx_pack_destroy(&i.pack);
    cx_arena_destroy(&i.arena);
    return rc;
}

static cx_rc revoke_one(const cx_config *config, const char *id, const cx_actor *actor, cx_arena *arena,
                        bool *before, cx_err *err) {
    cx_token_row *rows;
    size_t n, own;
    CX_TRY(cx_token_rows(config, arena, &rows, &n, &own, err));
    for (size_t k = 0; k < n; k++) {
        if (!cx_view_is(rows[k].token->id, id))
            continue;
        cx_token token = *rows[k].token;
        *before = token.revoked;
        token.revoked = true;
        return *before ? CX_OK
                       : write_both(config, &token, rows[k].key, actor, CX_ACT_KIND_TOKEN_REVOKE, err);
    }
    return cx_fail(err, CX_NOT_FOUND, "there is no department's token of that id");
}

cx_rc cx_token_revoke(const cx_config *config, const char *id, const cx_actor *actor, bool *before,
                      cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                             : revoke_one(config, id, actor, arena, before, err);
    cx_arena_destroy(&arena);
    return rc;
}

struct told {
    const char *id;
    const cx_actor *actor;
};

static cx_rc send_traced(void *context, cx_producer *producer, cx_err *err) {
    char key[64];
    const struct told *t = context;
    int n = snprintf(key, sizeof key, "token:%s", t->id);
    return cx_act_send(producer, t->actor,
                       (cx_act){.kind = CX_ACT_KIND_TOKEN_TRACE,
                                .partition = -1,
                                .offset = -1,
                                .letter_partition = -1,
                                .letter_offset = -1,
                                .token = cx_view_of(t->id)},
                       (cx_view){key, (size_t)n}, err);
}

cx_rc cx_token_tell_traced(const cx_config *config, const char *id, const cx_actor *actor, cx_err *err) {
    struct told told = {id, actor};
    return cx_act_commit(config, "credit.cli.token", send_traced, &told, err);
}
