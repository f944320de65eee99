/* chengxin clock: the time that the log knows, and moving it where it is virtual. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/bus/admin.h"
#include "common/bus/producer.h"
#include "common/run/metadata.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"
#include "schemas/types.h"

static const char help[] =
    "usage: chengxin clock status [--json]\n"
    "       chengxin clock --to TIME [--wait SECONDS]\n"
    "\n"
    "The time that the log knows: its last tick, and how far each stage has come.\n"
    "\n"
    "  status  the last tick, its kind (wall or virtual), how fresh the log was then, and the stages' ticks\n"
    "  --to    moves a virtual log's clock: a tick for each midnight in China that passes, then TIME, from "
    "where\n"
    "          it runs on. TIME is 2027-06-01 or 2027-06-01T08:30:00 (China). Waits until the ticks are "
    "written\n"
    "          (--wait, 600 s by default; 0: does not wait). A wall log's clock cannot be moved\n"
    "\n"
    "example: chengxin clock --to 2027-06-01\n";

enum { MOST_PARTITIONS = 1024, TRY_MS = 100 };
static const char activations[] = "credit.activations";

struct progress {
    cx_metadata least; /* of the partition that is furthest behind */
    int32_t partitions, committed;
};

static cx_rc read_progress(cx_admin *admin, const char *stage, const char *topic, struct progress *out,
                           cx_err *err) {
    static cx_place places[MOST_PARTITIONS];
    static char texts[MOST_PARTITIONS][CX_ADMIN_METADATA];
    char group[64];
    *out = (struct progress){.least = cx_metadata_none};
    CX_TRY(cx_admin_partitions(admin, topic, &out->partitions, err));
    int32_t n = out->partitions < MOST_PARTITIONS ? out->partitions : MOST_PARTITIONS;
    for (int32_t p = 0; p < n; p++)
        places[p] = (cx_place){topic, p, 0, ""};
    (void)snprintf(group, sizeof group, "credit.%s", stage);
    CX_TRY(cx_admin_committed(admin, group, places, (size_t)n, texts, err));
    for (int32_t p = 0; p < n; p++) {
        cx_metadata one;
        CX_TRY(cx_metadata_parse(texts[p], &one, err));
        if (places[p].offset == CX_POSITION_NONE || one.tick == CX_NO_TIME)
            continue;
        if (out->committed++ == 0 || one.tick < out->least.tick)
            out->least = one;
    }
    return CX_OK;
}

static const struct {
    const char *name, *topic;
} stages[] = {{"clock", activations},
              {"classifier", "credit.records"},
              {"registrar", "credit.classified"},
              {"sanctioner", "credit.decided"}};

static void print_json(const struct progress *all) {
    (void)printf("{\"tick\": %lld, \"received_to\": %lld, \"virtual\": %s, \"stages\": {",
                 (long long)all[0].least.tick, (long long)all[0].least.received_to,
                 all[0].least.is_virtual ? "true" : "false");
    for (size_t i = 1; i < sizeof stages / sizeof stages[0]; i++) {
        (void)printf("%s\"%s\": ", i == 1 ? "" : ", ", stages[i].name);
        if (all[i].committed == all[i].partitions)
            (void)printf("%lld", (long long)all[i].least.tick);
        else
            (void)printf("null");
    }
    (void)printf("}}\n");
}

static void print_text(const struct progress *all) {
    char tick[CX_TIME_TEXT], received[CX_TIME_TEXT];
    (void)printf("%s, %s\n", cx_time_format(all[0].least.tick, tick),
                 all[0].least.is_virtual ? "virtual" : "wall");
    (void)printf("whatever arrived before %s had been taken in\n",
                 cx_time_format(all[0].least.received_to, received));
    for (size_t i = 1; i < sizeof stages / sizeof stages[0]; i++) {
        bool whole = all[i].committed == all[i].partitions;
        (void)printf("  %-11s %s\n", stages[i].name,
                     whole ? cx_time_format(all[i].least.tick, tick) : "not every partition has a tick yet");
    }
}

static cx_rc show_status(cx_admin *admin, bool json, cx_err *err) {
    struct progress all[sizeof stages / sizeof stages[0]];
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        CX_TRY(read_progress(admin, stages[i].name, stages[i].topic, &all[i], err));
    if (all[0].committed == 0)
        return cx_fail(err, CX_NOT_FOUND, "the log has no tick yet: does chengxin-clock run?");
    if (json)
        print_json(all);
    else
        print_text(all);
    return CX_OK;
}

static cx_rc ask(const cx_config *config, cx_time to, cx_err *err) {
    char id[64];
    (void)snprintf(id, sizeof id, "clock-%lld", (long long)cx_act_now());
    cx_activation_request request = {.id = cx_view_of(id),
                                     .who = CX_VIEW("operator"),
                                     .why = CX_VIEW("clock"),
                                     .has_clock_to = true,
                                     .clock_to = to};
    return cx_act_commit_row(config, "credit.cli.clock", activations, &cx_activation_request_type, &request,
                             cx_view_of(id), err);
}

/* The clock's own position says how far it has come; a transaction of its own may hold that back a moment. */
static cx_rc wait_for(cx_admin *admin, cx_time to, int64_t seconds, cx_err *err) {
    cx_time end = cx_act_now() + seconds * CX_SECOND;
    struct progress clock = {.least = cx_metadata_none};
    while (cx_act_now() < end) {
        cx_rc rc = read_progress(admin, "clock", activations, &clock, err);
        if (rc != CX_OK && cx_rc_class(rc) != CX_CLASS_TRANSIENT)
            return rc;
        if (rc == CX_OK && clock.least.tick >= to)
            return CX_OK;
        (void)usleep(TRY_MS * 1000);
    }
    return cx_fail(err, CX_BUS_AWAY,
                   "the clock has not come that far within %lld s; does chengxin-clock run?",
                   (long long)seconds);
}

static cx_rc move(const cx_config *config, cx_admin *admin, cx_time to, int64_t seconds, cx_err *err) {
    struct progress clock;
    CX_TRY(read_progress(admin, "clock", activations, &clock, err));
    if (clock.committed == 0)
        return cx_fail(err, CX_NOT_FOUND, "the log has no tick yet: does chengxin-clock run?");
    if (!clock.least.is_virtual)
        return cx_fail(err, CX_USAGE, "this log runs on wall time; only a virtual log's clock can be moved");
    char text[CX_TIME_TEXT];
    if (clock.least.tick >= to) {
        (void)printf("the log is at %s already\n", cx_time_format(clock.least.tick, text));
        return CX_OK;
    }
    CX_TRY(ask(config, to, err));
    if (seconds > 0)
        CX_TRY(wait_for(admin, to, seconds, err));
    (void)printf("%s %s\n", seconds > 0 ? "the log is at" : "asked for", cx_time_format(to, text));
    return CX_OK;
}

struct wanted {
    bool status, json;
    cx_time to;
    int64_t seconds;
};

static bool read_arguments(int argc, char **argv, struct wanted *w) {
    *w = (struct wanted){.to = CX_NO_TIME, .seconds = 600};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "status") == 0)
            w->status = true;
        else if (strcmp(argv[i], "--json") == 0)
            w->json = true;
        else if (strcmp(argv[i], "--to") == 0 && i + 1 < argc &&
                 cx_time_parse(cx_view_of(argv[i + 1]), &w->to))
            i++;
        else if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc &&
                 cx_view_to_int64(cx_view_of(argv[i + 1]), &w->seconds) && w->seconds >= 0)
            i++;
        else
            return false;
    }
    return w->status != (w->to != CX_NO_TIME) && (w->status || !w->json);
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct wanted w;
    cx_admin *admin = NULL;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !read_arguments(argc, argv, &w))
        rc = cx_fail(&err, CX_USAGE, "status, or --to TIME");
    if (rc == CX_OK)
        rc = cx_admin_new(config, &admin, &err);
    if (rc == CX_OK)
        rc = w.status ? show_status(admin, w.json, &err) : move(config, admin, w.to, w.seconds, &err);
    cx_admin_destroy(&admin);
    cx_config_destroy(&config);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("clock", &err);
}

const cx_command cx_command_clock = {
    .name = "clock", .summary = "the time that the log knows, and moving it", .help = help, .run = run};
