/* chengxin lag: where every group stands, and how long what it has not read has waited. */
#include "ops/cli/lag.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/log.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/grid.h"
#include "ops/cli/lag_show.h"
#include "ops/cli/lag_watch.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin lag [GROUP...] [--all-groups] [--topic NAME] [--all] [--once] [--json]\n"
    "       chengxin lag [GROUP...] --check --max-seconds N\n"
    "       chengxin lag [GROUP...] --watch [--every SECONDS]\n"
    "       chengxin lag [GROUP...] --serve PORT [--every SECONDS]\n"
    "\n"
    "How far each group is behind, by topic, partition and member: messages, and how long the oldest of\n"
    "them has waited, by its own timestamp or the log's ticks. Without GROUP: those of the pipeline, and "
    "how\n"
    "fresh Redis and PostgreSQL are. \"classifier\" is short for \"credit.classifier\".\n"
    "\n"
    "  ok        nothing waits, or not for long        stopped   no member has the partition\n"
    "  behind    something waits, and the group reads  rewound   the position lies before where it was\n"
    "  stalled   the position stands, the end moves    lost      the position names nothing that is there\n"
    "\n"
    "What only markers of transactions follow is not behind. Where something waits, a second look tells "
    "what\n"
    "is stalled from what is behind.\n"
    "\n"
    "  --all-groups       every group of the cluster\n"
    "  --topic NAME       this topic alone\n"
    "  --all              every partition, not only those that are not ok\n"
    "  --once             no second look\n"
    "  --ok SECONDS       what has waited no longer is ok (default: 5)\n"
    "  --stall SECONDS    how long a position must stand to be stalled (default: 6)\n"
    "  --check            says whether nothing waits longer than --max-seconds, the stores included\n"
    "  --watch            a screen that shows it anew --every 2 seconds, until Ctrl-C\n"
    "  --serve PORT       /metrics for Prometheus on metrics.address, a look --every 10 seconds\n"
    "  --json             one object; with --watch one a line\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 --check: something waits longer.\n"
    "\n"
    "example: chengxin lag --check --max-seconds 60\n";

enum { MOST_SECONDS = 86400, OK_S = 5, STALL_S = 6, WATCH_S = 2, SERVE_S = 10, PEEK_MS = 10000 };

struct options {
    cx_lag_wanted wanted;
    bool all, once, json, check, watch;
    int64_t max_seconds, every, port; /* < 0: not given */
};

static bool take_number(const char *text, int64_t least, int64_t most, int64_t *out) {
    return text != NULL && cx_view_to_int64(cx_view_of(text), out) && *out >= least && *out <= most;
}

static bool take_valued(struct options *o, const char *name, const char *value) {
    int64_t seconds = 0;
    if (strcmp(name, "--topic") == 0) {
        o->wanted.topic = value;
        return value != NULL;
    }
    if (strcmp(name, "--max-seconds") == 0)
        return take_number(value, 0, INT32_MAX, &o->max_seconds);
    if (strcmp(name, "--every") == 0)
        return take_number(value, 1, MOST_SECONDS, &o->every);
    if (strcmp(name, "--serve") == 0)
        return take_number(value, 1, UINT16_MAX, &o->port);
    bool is_ok = strcmp(name, "--ok") == 0;
    if ((!is_ok && strcmp(name, "--stall") != 0) || !take_number(value, 0, MOST_SECONDS, &seconds))
        return false;
    *(is_ok ? &o->wanted.ok_ms : &o->wanted.stall_ms) = seconds * CX_SECOND;
    return true;
}

static bool take_flag(struct options *o, const char *name) {
    struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--all", &o->all},     {"--all-groups", &o->wanted.all_groups},
                 {"--once", &o->once},   {"--json", &o->json},
                 {"--check", &o->check}, {"--watch", &o->watch}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(name, flags[i].name) == 0)
            return *flags[i].flag = true;
    return false;
}

/* Names of groups gather at the front of argv. */
static cx_rc take_options(struct options *o, int argc, char **argv, cx_err *err) {
    size_t n = 0;
    *o = (struct options){.wanted = {.groups = (const char *const *)argv,
                                     .ok_ms = OK_S * CX_SECOND,
                                     .stall_ms = STALL_S * CX_SECOND,
                                     .peek_ms = PEEK_MS},
                          .max_seconds = -1,
                          .every = -1,
                          .port = -1};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-')
            argv[n++] = argv[i];
        else if (!take_flag(o, argv[i]) &&
                 !(take_valued(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL) && ++i))
            return cx_fail(err, CX_USAGE, "what is \"%s\"%s?", argv[i],
                           i + 1 < argc ? " here, or what follows it" : "");
    }
    o->wanted.group_n = n;
    o->wanted.favour = n == 0 && !o->wanted.all_groups && o->wanted.topic == NULL;
    if (o->check != (o->max_seconds >= 0))
        return cx_fail(err, CX_USAGE, "--check and --max-seconds N go together");
    if (o->check + o->watch + (o->port >= 0) > 1)
        return cx_fail(err, CX_USAGE, "one of --check, --watch and --serve");
    return CX_OK;
}

/* --- one look, or two ---------------------------------------------------------------------------------- */

/* Whether a second look would tell more: somebody reads, and something waits. */
static bool is_in_doubt(const cx_lag *lag) {
    for (size_t i = 0; i < lag->n; i++)
        if (lag->rows[i].state == CX_LAG_BEHIND)
            return true;
    return false;
}

static cx_rc look(const cx_config *config, cx_admin *admin, const struct options *o, cx_lag **out,
                  cx_err *err) {
    cx_lag *first = NULL;
    CX_TRY(cx_lag_take(config, admin, &o->wanted, out, err));
    cx_lag_judge(*out, NULL, &o->wanted);
    if (o->once || o->check || !is_in_doubt(*out))
        return CX_OK;
    first = *out;
    *out = NULL;
    struct timespec pause = {o->wanted.stall_ms / CX_SECOND, 0};
    (void)nanosleep(&pause, NULL);
    cx_rc rc = cx_lag_take(config, admin, &o->wanted, out, err);
    if (rc == CX_OK)
        cx_lag_judge(*out, first, &o->wanted);
    cx_lag_destroy(&first);
    return rc;
}

/* --- --check ------------------------------------------------------------------------------------------- */

/* What waits, and nobody can tell how long, waits too long. */
static bool is_late(const cx_lag_row *row, double most) {
    return row->state == CX_LAG_LOST || row->seconds > most ||
           (row->seconds < 0 && row->messages != 0 && row->position != CX_LAG_NONE);
}

static bool is_stale(const cx_lag_sink *sink, double most) {
    return sink->why[0] != '\0' || (sink->known && sink->seconds > most);
}

static bool check(const cx_lag *lag, double most) {
    size_t late = 0;
    char age[CX_GRID_DURATION];
    for (size_t i = 0; i < lag->n; i++) {
        const cx_lag_row *row = &lag->rows[i];
        if (!is_late(row, most))
            continue;
        if (late++ < 20)
            (void)printf("%s: %s %d: %lld messages wait, %s (%s)\n", row->group, row->topic,
                         (int)row->partition, (long long)row->messages, cx_grid_duration(row->seconds, age),
                         cx_lag_state_name(row->state));
    }
    if (late > 20)
        (void)printf("and %zu partitions more\n", late - 20);
    for (int s = 0; s < CX_LAG_SINKS; s++) {
        const cx_lag_sink *sink = &lag->sinks[s];
        if (!is_stale(sink, most))
            continue;
        late++;
        (void)printf("%s: %s%s\n", sink->name, sink->known ? "as of " : sink->why,
                     sink->known ? cx_grid_duration(sink->seconds, age) : "");
    }
    if (lag->favour.seconds > most && ++late)
        (void)printf("a change in a subject's favour is not visible since %s\n",
                     cx_grid_duration(lag->favour.seconds, age));
    if (late == 0)
        (void)printf("nothing waits longer than %.0f s\n", most);
    return late == 0;
}

static cx_rc once(const cx_config *config, cx_admin *admin, const struct options *o, int *code, cx_err *err) {
    cx_lag *lag = NULL;
    size_t lines = 0, width = cx_grid_terminal(stdout, &lines);
    cx_rc rc = look(config, admin, o, &lag, err);
    if (rc == CX_OK && o->json)
        rc = cx_lag_show_json(lag, stdout);
    else if (rc == CX_OK && !o->check)
        rc = cx_lag_show(lag, o->all, width, 0, stdout);
    if (rc == CX_OK && o->check) {
        bool good = check(lag, (double)o->max_seconds);
        *code = good ? CX_EXIT_DONE : CX_EXIT_NO;
    }
    cx_lag_destroy(&lag);
    return rc == CX_OK || (err->rc == rc) ? rc : cx_fail(err, rc, "the output cannot be written");
}

static cx_rc act(const cx_config *config, const struct options *o, int *code, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc;
    if (o->port >= 0)
        rc = cx_lag_serve(config, admin, &o->wanted, o->port, o->every < 0 ? SERVE_S : o->every, err);
    else if (o->watch)
        rc = cx_lag_watch(config, admin, &o->wanted, o->all, o->json, o->every < 0 ? WATCH_S : o->every, err);
    else
        rc = once(config, admin, o, code, err);
    cx_admin_destroy(&admin);
    return rc;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct options o;
    int code = CX_EXIT_DONE;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK)
        rc = take_options(&o, argc, argv, &err);
    if (rc == CX_OK)
        rc = cx_log_open("lag", 0, "error", &err); /* what the client library says meanwhile is for nobody */
    if (rc == CX_OK)
        rc = act(config, &o, &code, &err);
    cx_config_destroy(&config);
    return rc == CX_OK ? code : cx_print_error("lag", &err);
}

const cx_command cx_command_lag = {"lag", "how far each group is behind, in messages and in seconds", help,
                                   run};
