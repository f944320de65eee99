/* chengxin assess: whether the running installation is as the inventory and the risk table say. */
#include "ops/cli/assess.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/options.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin assess [--sample N] [--json]\n"
    "\n"
    "Measures on the running installation what its risk assessment rests on (docs/assessment.md), and "
    "changes "
    "nothing.\n"
    "Declared is what inventory.csv in the folder of the setting security.dir says, and the topics' file.\n"
    "\n"
    "  files      keys, passwords, snapshots and sockets are closed to others\n"
    "  channels   what leaves the machine is encrypted, and both ends prove who they are\n"
    "  grants     roles of PostgreSQL may what is declared, and there is no other role and no other table\n"
    "  logging    PostgreSQL writes neither statements nor their parameters into a log\n"
    "  redis      answers nobody who does not say who he is; who only reads cannot write\n"
    "  retention  topics are kept as long as declared\n"
    "  numbers    of what is not declared to be in clear, the newest rows and messages hold no number of a "
    "subject\n"
    "\n"
    "  --sample N   so many messages of a partition, rows of a table, keys of Redis; 200 where not said\n"
    "\n"
    "One line for each: OK, DEVIATION (and which), or UNKNOWN (and why). Exit 0: as declared; 1: something "
    "could "
    "not be\n"
    "measured; 2: wrong usage; 3: deviations.\n"
    "\n"
    "example: chengxin assess --json\n";

static const struct {
    const char *name, *what;
    cx_rc (*run)(cx_assess *assess, cx_err *err);
} checks[] = {
    {"files", "keys, passwords, snapshots and sockets are closed to others", cx_assess_files},
    {"channels", "what leaves the machine is encrypted and authenticated", cx_assess_channels},
    {"grants", "PostgreSQL's roles may what is declared", cx_assess_grants},
    {"logging", "PostgreSQL logs no statement and no parameter", cx_assess_logging},
    {"redis", "Redis answers nobody unknown, and lets no reader write", cx_assess_redis},
    {"retention", "topics are kept as long as declared", cx_assess_retention},
    {"numbers", "no number of a subject where none is declared", cx_assess_numbers},
};
enum {
    CHECKS = sizeof checks / sizeof checks[0],
    SAMPLE = 200,
    MOST_SAMPLE = 1000000,
    TEXT = 512,
    FILE_MOST = 1 << 20
};

void cx_assess_tell(cx_assess *assess, const char *format, ...) {
    char text[TEXT];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    (void)json_array_append_new(assess->told, json_string(text));
}

bool cx_assess_word(cx_view words, cx_view word) {
    for (cx_view rest = words; rest.n > 0;)
        if (cx_view_eq(cx_view_split(rest, ' ', &rest), word))
            return true;
    return false;
}

const cx_view *cx_assess_declared(const cx_assess *assess, const char *kind, cx_view name) {
    for (size_t i = 0; i < assess->inventory.rows; i++) {
        const cx_view *row = cx_sheet_row(&assess->inventory, i);
        cx_view declared = row[CX_INVENTORY_NAME];
        bool prefix = declared.n > 0 && strchr(".:", declared.p[declared.n - 1]) != NULL;
        if (cx_view_is(row[CX_INVENTORY_KIND], kind) &&
            (cx_view_eq(declared, name) ||
             (prefix && name.n > declared.n && memcmp(name.p, declared.p, declared.n) == 0)))
            return row;
    }
    return NULL;
}

static cx_rc read_inventory(cx_assess *a, cx_err *err) {
    static const char *const columns[CX_INVENTORY_COLUMNS] = {"kind",  "name",      "holds",  "form",
                                                              "class", "retention", "readers"};
    cx_view bytes,
        path = cx_arena_printf(a->arena, "%s/inventory.csv", cx_config_text(a->config, "security.dir"));
    if (path.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_file_read(path.p, FILE_MOST, a->arena, &bytes, err));
    return cx_sheet_read(path, bytes, columns, CX_INVENTORY_COLUMNS, a->arena, &a->inventory, err);
}

/* --- what came of it ---------------------------------------------------------------------------------- */
struct sum {
    size_t deviations, unknown;
    json_t *all;
};

static void print_check(const cx_assess *a, size_t i, const char *why) {
    size_t k;
    const json_t *text;
    if (why == NULL && json_array_size(a->told) == 0)
        (void)printf("OK         %-10s %s (%zu looked at)\n", checks[i].name, checks[i].what, a->looked_at);
    json_array_foreach(a->told, k, text)(void)
        printf("DEVIATION  %-10s %s\n", checks[i].name, json_string_value(text));
    if (why != NULL)
        (void)printf("UNKNOWN    %-10s %s\n", checks[i].name, why);
}

static void run_check(cx_assess *a, size_t i, bool json, struct sum *sum) {
    cx_err err = {0};
    a->told = json_array();
    a->looked_at = 0;
    cx_rc rc = checks[i].run(a, &err);
    size_t n = json_array_size(a->told);
    const char *state = n > 0 ? "DEVIATION" : rc != CX_OK ? "UNKNOWN" : "OK";
    if (!json)
        print_check(a, i, rc != CX_OK ? err.text : NULL);
    (void)json_array_append_new(sum->all,
                                json_pack("{s:s,s:s,s:I,s:O,s:s?}", "check", checks[i].name, "state", state,
                                          "looked_at", (json_int_t)a->looked_at, "deviations", a->told,
                                          "unknown", rc != CX_OK ? err.text : NULL));
    sum->deviations += n;
    sum->unknown += rc != CX_OK;
    json_decref(a->told);
}

static int assess_all(cx_assess *a, bool json) {
    cx_err err = {0};
    struct sum sum = {.all = json_array()};
    for (size_t i = 0; i < CHECKS; i++)
        run_check(a, i, json, &sum);
    if (json && cx_print_json(json_pack("{s:I,s:I,s:O}", "deviations", (json_int_t)sum.deviations, "unknown",
                                        (json_int_t)sum.unknown, "checks", sum.all),
                              &err) != CX_OK)
        return cx_print_error("assess", &err);
    if (!json)
        (void)printf("%zu deviations, %zu of %d checks could not be made\n", sum.deviations, sum.unknown,
                     CHECKS);
    json_decref(sum.all);
    return sum.deviations > 0 ? CX_EXIT_NO : sum.unknown > 0 ? CX_EXIT_FAILED : CX_EXIT_DONE;
}

static cx_rc take_arguments(cx_assess *a, int argc, char **argv, bool *json, cx_err *err) {
    const char *sample = NULL;
    const cx_text_option texts[] = {{"--sample", &sample}};
    int64_t n = SAMPLE;
    for (int i = 1; i < argc; i++) {
        if (cx_take_text(texts, 1, argc, argv, &i))
            continue;
        if (strcmp(argv[i], "--json") != 0)
            return cx_fail(err, CX_USAGE, "what is %s?", argv[i]);
        *json = true;
    }
    if (sample != NULL && (!cx_view_to_int64(cx_view_of(sample), &n) || n < 1 || n > MOST_SAMPLE))
        return cx_fail(err, CX_USAGE, "--sample is 1 to %d", MOST_SAMPLE);
    a->sample = (size_t)n;
    return CX_OK;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    bool json = false;
    cx_config *config = cx_config_new();
    cx_assess assess = {.config = config, .arena = cx_arena_new(0)};
    cx_rc rc = config == NULL || assess.arena == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                                                      : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK)
        rc = take_arguments(&assess, argc, argv, &json, &err);
    if (rc == CX_OK)
        rc = read_inventory(&assess, &err);
    int code = rc == CX_OK ? assess_all(&assess, json) : cx_print_error("assess", &err);
    cx_arena_destroy(&assess.arena);
    cx_config_destroy(&config);
    return code;
}

const cx_command cx_command_assess = {.name = "assess",
                                      .summary = "whether what protects personal data is as declared",
                                      .help = help,
                                      .run = run};
