/* chengxin lag: how far each stage is behind what it reads. */
#include "ops/cli/lag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] = "usage: chengxin lag [--all] [--json]\n"
                           "\n"
                           "For each stage of the spine, topic and partition: the committed position, the "
                           "end, and about how many\n"
                           "messages lie between (a transaction's marker counts too, where messages "
                           "follow).\n"
                           "\n"
                           "  --all            also where nothing is behind\n"
                           "  --json           a list of objects\n";

struct options {
    bool all, json;
};

static bool take_options(struct options *o, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0)
            o->all = true;
        else if (strcmp(argv[i], "--json") == 0)
            o->json = true;
        else
            return false;
    }
    return true;
}

static void print_json(const cx_lag_row *rows, size_t n) {
    (void)printf("[");
    for (size_t i = 0; i < n; i++)
        (void)printf(
            "%s{\"group\": \"%s\", \"topic\": \"%s\", \"partition\": %d, \"position\": %lld, \"end\": %lld, "
            "\"messages\": %lld}",
            i == 0 ? "" : ",\n ", rows[i].group, rows[i].topic, rows[i].partition,
            (long long)rows[i].position, (long long)rows[i].end, (long long)rows[i].messages);
    (void)printf("]\n");
}

static void print_table(const cx_lag_row *rows, size_t n, bool all) {
    static const char *const headings[] = {"group", "topic", ">partition", ">position", ">end", ">messages"};
    cx_table_text *table = cx_table_text_new(headings, 6);
    size_t behind = 0;
    for (size_t i = 0; table != NULL && i < n; i++) {
        behind += rows[i].messages > 0;
        if (!all && rows[i].messages == 0)
            continue;
        char partition[16], position[24], end[24], messages[24];
        (void)snprintf(partition, sizeof partition, "%d", rows[i].partition);
        (void)snprintf(position, sizeof position, "%lld", (long long)rows[i].position);
        (void)snprintf(end, sizeof end, "%lld", (long long)rows[i].end);
        (void)snprintf(messages, sizeof messages, "%lld", (long long)rows[i].messages);
        const cx_view cells[] = {
            cx_view_of(rows[i].group), cx_view_of(rows[i].topic),
            cx_view_of(partition),     rows[i].position < 0 ? CX_VIEW("-") : cx_view_of(position),
            cx_view_of(end),           cx_view_of(messages)};
        if (cx_table_text_row(table, cells) != CX_OK)
            break;
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    (void)printf("%zu of %zu partitions are behind\n", behind, n);
}

static cx_rc show(const cx_config *config, cx_admin *admin, const struct options *o, cx_err *err) {
    cx_lag_row *rows = calloc(CX_LAG_MOST, sizeof *rows);
    size_t n = 0;
    if (rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < cx_lag_stage_count; i++)
        rc = cx_lag_read(admin, &cx_lag_stages[i], rows, &n, err);
    if (rc == CX_OK)
        rc = cx_lag_look(config, rows, n, err);
    if (rc == CX_OK && o->json)
        print_json(rows, n);
    else if (rc == CX_OK)
        print_table(rows, n, o->all);
    free(rows);
    return rc;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct options o = {.all = false};
    cx_admin *admin = NULL;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_options(&o, argc, argv))
        rc = cx_fail(&err, CX_USAGE, "what is asked is not clear");
    if (rc == CX_OK)
        rc = cx_admin_new(config, &admin, &err);
    if (rc == CX_OK)
        rc = show(config, admin, &o, &err);
    cx_admin_destroy(&admin);
    cx_config_destroy(&config);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("lag", &err);
}

const cx_command cx_command_lag = {"lag", "how far each stage is behind", help, run};
