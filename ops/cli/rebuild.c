/* chengxin rebuild: Redis or PostgreSQL made anew from the log, while the old one serves. */
#include "ops/cli/rebuild.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/log.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"

static const char help[] =
    "usage: chengxin rebuild redis [--json]\n"
    "       chengxin rebuild postgres [--json]\n"
    "\n"
    "Makes a store anew from the log while the old one serves, then switches at once:\n"
    "\n"
    "  redis      fills database 1 of the same Redis from credit.status, follows until it holds all that "
    "database 0 does,\n"
    "             and swaps the two (SWAPDB); what was served until then is removed\n"
    "  postgres   fills schema history_next from credit.decided, notices, rejected.* and access; the chains "
    "must lead to the\n"
    "             heads that were signed. Then, in one transaction, history becomes history_old and "
    "history_next becomes\n"
    "             history, standing where the old one stood; the history service goes on by itself. "
    "history_old is kept\n"
    "             until the next rebuild: DROP SCHEMA history_old CASCADE gives its room back\n"
    "\n"
    "Where a store was lost altogether, the same: docs/rebuild.md tells step by step. Stopped in the middle "
    "it has changed\n"
    "nothing that is served. It needs the administrators' ways in: Redis's user of the setting "
    "rebuild.redis.user, and the\n"
    "owner of the database by its socket.\n"
    "\n"
    "Exit 0: done; 1: failed, the old one serves on; 2: wrong usage.\n";

double cx_rebuild_now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void cx_rebuild_progress(const cx_rebuild *r, const char *what) {
    if (r->terminal)
        (void)fprintf(stderr, "\r%zu messages; %-40s", r->messages, what);
}

static cx_rc take_schema(void *context, const cx_message *m, cx_err *err) {
    cx_rebuild *r = context;
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(r->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    return CX_OK; /* one that cannot be read matters when a message names it */
}

static void report(const cx_rebuild *r, const char *what, bool json) {
    if (json) {
        json_t *said = json_pack("{s:s, s:I, s:f, s:f, s:I}", "rebuilt", what, "messages",
                                 (json_int_t)r->messages, "build_seconds", r->build_seconds, "switch_seconds",
                                 r->switch_seconds, "tries", (json_int_t)r->tries);
        (void)(json_dumpf(said, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
        json_decref(said);
        return;
    }
    (void)printf("%s is rebuilt from %zu messages in %.2f s; the switch took %.0f ms\n", what, r->messages,
                 r->build_seconds, r->switch_seconds * 1000);
}

static cx_rc rebuild(cx_config *config, int argc, char **argv, cx_err *err) {
    cx_rebuild r = {.config = config, .terminal = isatty(STDERR_FILENO) == 1};
    CX_TRY(cx_config_take(config, &argc, argv, environ, err));
    bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
    bool redis = argc >= 2 && strcmp(argv[1], "redis") == 0,
         postgres = argc >= 2 && strcmp(argv[1], "postgres") == 0;
    if ((!redis && !postgres) || (argc != 2 && !json))
        return cx_fail(err, CX_USAGE, "say redis or postgres");
    r.generation = (int)cx_config_integer(config, "log.generation");
    CX_TRY(cx_log_open("rebuild", 0, "warn", err));
    if ((r.codec = cx_codec_new()) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_registry_open(config, &r.registry, err)); /* credit.rejected is framed as it has it */
    cx_registry_serve(r.registry, r.codec);
    /* the types first: a schema is resolved against those that are known */
    cx_rc rc = redis ? cx_rebuild_redis(&r, err) : cx_rebuild_postgres(&r, err);
    cx_codec_destroy(&r.codec);
    cx_registry_close(&r.registry);
    if (r.terminal)
        (void)fputc('\n', stderr);
    if (rc == CX_OK)
        report(&r, argv[1], json);
    return rc;
}

cx_rc cx_rebuild_schemas(cx_rebuild *r, cx_err *err) {
    return cx_topic_read(r->config, "credit.schemas", take_schema, r, err);
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL) : rebuild(config, argc, argv, &err);
    cx_config_destroy(&config);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("rebuild", &err);
}

const cx_command cx_command_rebuild = {
    "rebuild", "make Redis or PostgreSQL anew from the log while the old one serves", help, run};
