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
    "       chengxin token trace ID --who NUMBER --why TEXT [--json]\n"
    "       chengxin token drill --department D --purposes A --who NUMBER --why TEXT [--pack FOLDER] "
    "[--json]\n"
    "       chengxin token list [--json]\n"
    "\n"
    "Tokens for the query service (docs/query.md). Of a token's secret only a hash is kept: it is shown "
    "once, here.\n"
    "\n"
    "  issue    for a department of the pack (pack.dir, or --pack), for purposes that its purposes.csv "
    "permits it,\n"
    "           and for 1 to 366 days. --private: for somebody who is no department, such as a merchant\n"
    "  revoke   at once; a subject's own tokens are revoked by the subject, or at a window\n"
    "  trace    after a leak: what was asked with that token, valid or not, when, for which official and "
    "matter; "
    "and whom the\n"
    "           answers were about, with the departments that know the person and can give notice (PIPL 57)\n"
    "  drill    a leak as an exercise: issues a token for a day, asks with it about nobody (a number of the "
    "test "
    "region),\n"
    "           looks whether the access log tells of it, revokes it, and looks whether it still opens "
    "anything;\n"
    "           --patience S: seconds for each step, 60 where not said\n"
    "  list     the tokens of departments; of those of subjects only how many are valid\n"
    "\n"
    "  --who --why   the official's number and the reason: they are kept in credit.operations\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the pack forbids it, there is no such token, or the "
    "drill "
    "failed.\n"
    "\n"
    "example: chengxin token issue --department tax --purposes LICENSING --days 90 --who OP-7 --why \"order "
    "2026-3\"\n";

enum { MOST_DAYS = 366, PATIENCE_S = 60, MOST_PATIENCE_S = 3600 };

struct command {
    const char *verb, *id, *department, *purposes, *days, *who, *why, *pack, *patience;
    bool private, json;
};

/* The only time that the secret is shown. */
static void print_issued(const struct command *c, const char *text, const char *id, cx_time expires_at) {
    char expires[CX_TIME_TEXT];
    (void)cx_time_format(expires_at, expires);
    if (c->json)
        (void)printf("{\"id\":\"%s\",\"token\":\"%s\",\"expires\":\"%s\"}\n", id, text, expires);
    else
        (void)printf("%s\nvalid until %s; it is not shown again: hand it over, and keep no copy\n", text,
                     expires);
}

static cx_rc issue(const cx_config *config, const struct command *c, cx_err *err) {
    cx_token_request request = {c->department, c->purposes, c->pack, 0, c->private, 0};
    char text[CX_TOKEN_TEXT], id[CX_TOKEN_ID];
    cx_actor actor;
    cx_time expires = CX_NO_TIME;
    if (c->department == NULL || c->purposes == NULL)
        return cx_fail(err, CX_USAGE, "say --department, --purposes and --days");
    if (c->days == NULL || !cx_view_to_int64(cx_view_of(c->days), &request.days) || request.days < 1 ||
        request.days > MOST_DAYS)
        return cx_fail(err, CX_USAGE, "--days is 1 to %d", MOST_DAYS);
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    cx_rc rc = cx_token_issue(config, &request, &actor, text, id, &expires, err);
    if (rc == CX_OK)
        print_issued(c, text, id, expires);
    explicit_bzero(text, sizeof text);
    return rc;
}

static cx_rc revoke_token(const cx_config *config, const struct command *c, cx_err *err) {
    cx_actor actor;
    bool before = false;
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    CX_TRY(cx_token_revoke(config, c->id, &actor, &before, err));
    (void)printf("%s %s\n", c->id, before ? "was revoked before" : "is revoked");
    return CX_OK;
}

static cx_rc trace(const cx_config *config, const struct command *c, cx_err *err) {
    cx_actor actor;
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    return cx_token_trace(config, c->id, &actor, c->json, err);
}

static cx_rc drill(const cx_config *config, const struct command *c, cx_err *err) {
    cx_token_request request = {c->department, c->purposes, c->pack, 1, false, PATIENCE_S};
    cx_actor actor;
    if (c->department == NULL || c->purposes == NULL || strchr(c->purposes, ';') != NULL)
        return cx_fail(err, CX_USAGE, "say --department and one purpose, --purposes");
    if (c->patience != NULL && (!cx_view_to_int64(cx_view_of(c->patience), &request.patience_s) ||
                                request.patience_s < 1 || request.patience_s > MOST_PATIENCE_S))
        return cx_fail(err, CX_USAGE, "--patience is 1 to %d seconds", MOST_PATIENCE_S);
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    return cx_token_drill(config, &request, &actor, c->json, err);
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
                                    {"--pack", &c->pack},
                                    {"--patience", &c->patience}};
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
    if (strcmp(c->verb, "trace") == 0 && c->id != NULL)
        return trace(config, c, err);
    if (strcmp(c->verb, "drill") == 0 && c->id == NULL)
        return drill(config, c, err);
    if (strcmp(c->verb, "list") == 0 && c->id == NULL)
        return cx_token_list(config, c->json, err);
    return cx_fail(err, CX_USAGE, "say issue, revoke ID, trace ID, drill or list");
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
    return rc == CX_PURPOSE_FORBIDDEN || rc == CX_NOT_AUTHORISED || rc == CX_NOT_FOUND ||
                   rc == CX_DRILL_FAILED
               ? CX_EXIT_NO
               : code;
}

const cx_command cx_command_token = {.name = "token",
                                     .summary = "who may ask the query service, for what, until when",
                                     .help = help,
                                     .run = run};
