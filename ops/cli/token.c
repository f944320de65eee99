/* chengxin token: who may ask the query service, for what, and until when. */
#include "ops/cli/token.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bus/admin.h"
#include "common/vault/keys.h"
#include "common/vault/token.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/options.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin token issue --department D --purposes A;B --days N --who NUMBER --why TEXT [--pack "
    "FOLDER]\n"
    "                            [--private] [--json]\n"
    "       chengxin token revoke ID --who NUMBER --why TEXT\n"
    "       chengxin token list [--json]\n"
    "\n"
    "Tokens for the query service (docs/query.md). Of a token's secret only a hash is kept: it is shown "
    "once, here.\n"
    "\n"
    "  issue    for a department of the pack (pack.dir, or --pack), for purposes that its purposes.csv "
    "permits it,\n"
    "           and for 1 to 366 days. --private: for somebody who is no department, such as a merchant\n"
    "  revoke   at once; a subject's own tokens are revoked by the subject, or at a window\n"
    "  list     the tokens of departments; of those of subjects only how many are valid\n"
    "\n"
    "  --who --why   the official's number and the reason: they are kept in credit.operations\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the pack forbids it, or there is no such token.\n"
    "\n"
    "example: chengxin token issue --department tax --purposes LICENSING --days 90 --who OP-7 --why \"order "
    "2026-3\"\n";

enum { MOST_PURPOSES = 32, MOST_DAYS = 366 };

struct command {
    const char *verb, *id, *department, *purposes, *days, *who, *why, *pack;
    bool private, json;
};

struct issue {
    const struct command *c;
    cx_arena *arena;
    cx_pack *pack;
    cx_view purposes[MOST_PURPOSES];
    size_t n;
    cx_token token;
};

/* --- issue ------------------------------------------------------------------------------------------------
 */

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
static cx_rc check_reachable(const cx_config *config, const struct command *c, cx_err *err) {
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

/* The only time that the secret is shown. */
static void print_issued(const struct command *c, const char *text, const cx_token *token) {
    char expires[CX_TIME_TEXT];
    (void)cx_time_format(token->expires_at, expires);
    if (c->json)
        (void)printf("{\"id\":\"%.*s\",\"token\":\"%s\",\"expires\":\"%s\"}\n", CX_VIEW_ARGS(token->id), text,
                     expires);
    else
        (void)printf("%s\nvalid until %s; it is not shown again: hand it over, and keep no copy\n", text,
                     expires);
}

static cx_rc issue_one(const cx_config *config, struct issue *i, int64_t days, cx_err *err) {
    cx_actor actor;
    char text[CX_TOKEN_TEXT];
    cx_token_shown made;
    CX_TRY(cx_actor_make(i->c->who, i->c->why, &actor, err));
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
                      .issued_at = actor.at,
                      .expires_at = actor.at + days * CX_DAY};
    (void)memcpy(token.hash, made.hash, sizeof token.hash);
    cx_rc rc = write_both(config, &token, token.id, &actor, CX_ACT_KIND_TOKEN_ISSUE, err);
    if (rc == CX_OK)
        print_issued(i->c, text, &token);
    explicit_bzero(text, sizeof text);
    return rc;
}

static cx_rc issue(const cx_config *config, const struct command *c, cx_err *err) {
    int64_t days = 0;
    struct issue i = {.c = c, .arena = cx_arena_new(0)};
    if (i.arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = CX_OK;
    if (c->department == NULL || !cx_view_is_code(cx_view_of(c->department), 63) || c->purposes == NULL)
        rc = cx_fail(err, CX_USAGE, "say --department, --purposes and --days");
    else if (c->days == NULL || !cx_view_to_int64(cx_view_of(c->days), &days) || days < 1 || days > MOST_DAYS)
        rc = cx_fail(err, CX_USAGE, "--days is 1 to %d", MOST_DAYS);
    else
        rc = issue_one(config, &i, days, err);
    cx_pack_destroy(&i.pack);
    cx_arena_destroy(&i.arena);
    return rc;
}

/* --- revoke -----------------------------------------------------------------------------------------------
 */

static cx_rc revoke_one(const cx_config *config, const struct command *c, cx_arena *arena, cx_err *err) {
    cx_actor actor;
    cx_token_row *rows;
    size_t n, own;
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    CX_TRY(cx_token_rows(config, arena, &rows, &n, &own, err));
    for (size_t k = 0; k < n; k++) {
        if (!cx_view_is(rows[k].token->id, c->id))
            continue;
        cx_token token = *rows[k].token;
        if (token.revoked) {
            (void)printf("%s was revoked before\n", c->id);
            return CX_OK;
        }
        token.revoked = true;
        CX_TRY(write_both(config, &token, rows[k].key, &actor, CX_ACT_KIND_TOKEN_REVOKE, err));
        (void)printf("%s is revoked\n", c->id);
        return CX_OK;
    }
    return cx_fail(err, CX_NOT_FOUND, "there is no department's token of that id");
}

static cx_rc revoke_token(const cx_config *config, const struct command *c, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : revoke_one(config, c, arena, err);
    cx_arena_destroy(&arena);
    return rc;
}

/* --- the command ------------------------------------------------------------------------------------------
 */

static bool take_arguments(struct command *c, int argc, char **argv) {
    *c = (struct command){.verb = argc > 1 ? argv[1] : ""};
    const cx_text_option texts[] = {{"--department", &c->department},
                                    {"--purposes", &c->purposes},
                                    {"--days", &c->days},
                                    {"--who", &c->who},
                                    {"--why", &c->why},
                                    {"--pack", &c->pack}};
    for (int i = 2; i < argc; i++) {
        if (cx_take_text(texts, sizeof texts / sizeof texts[0], argc, argv, &i))
            continue;
        if (strcmp(argv[i], "--private") == 0)
            c->private = true;
        else if (strcmp(argv[i], "--json") == 0)
            c->json = true;
        else if (argv[i][0] != '-' && c->id == NULL)
            c->id = argv[i];
        else
            return false;
    }
    return true;
}

static cx_rc run_with(const cx_config *config, const struct command *c, cx_err *err) {
    if (strcmp(c->verb, "issue") == 0 && c->id == NULL)
        return issue(config, c, err);
    if (strcmp(c->verb, "revoke") == 0 && c->id != NULL)
        return revoke_token(config, c, err);
    if (strcmp(c->verb, "list") == 0 && c->id == NULL)
        return cx_token_list(config, c->json, err);
    return cx_fail(err, CX_USAGE, "say issue, revoke ID or list");
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct command c;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_arguments(&c, argc, argv))
        rc = cx_fail(&err, CX_USAGE, "what is meant? see --help");
    if (rc == CX_OK)
        rc = run_with(config, &c, &err);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("token", &err);
    return rc == CX_PURPOSE_FORBIDDEN || rc == CX_NOT_AUTHORISED || rc == CX_NOT_FOUND ? CX_EXIT_NO : code;
}

const cx_command cx_command_token = {.name = "token",
                                     .summary = "who may ask the query service, for what, until when",
                                     .help = help,
                                     .run = run};
