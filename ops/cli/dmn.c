/* chengxin dmn: decision tables by themselves. */
#include "ops/cli/dmn.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: chengxin dmn check MODEL [--json]\n"
    "       chengxin dmn eval MODEL DECISION --input FILE|- [--now TIME] [--rows]\n"
    "       chengxin dmn tck DIR [--rows] [--json]\n"
    "       chengxin dmn bench MODEL --decision D --inputs FILE.jsonl [--print] [--seconds N] [--rows] "
    "[--json]\n"
    "\n"
    "check   reads a DMN 1.3, 1.4 or 1.5 model and analyses its tables: gaps with an example, overlaps,\n"
    "        contradictions, rules never reached, subsumed rules, impossible values, unused inputs.\n"
    "        Exit 3 when a table has gaps, contradictions, or parts that could not be decided.\n"
    "eval    evaluates one decision: inputs are a JSON object by name; prints the result and its "
    "explanation\n"
    "        (table, rule, inputs, matched tests, the nearest rule that did not match) as JSON.\n"
    "tck     runs the conformance cases in DIR, which is laid out like the DMN TCK: a line for each case, "
    "then\n"
    "        \"N passed, N failed, N skipped\". Exit 1 when one fails or there is none.\n"
    "bench   evaluates a decision over and over, for 2 s or --seconds of processor time: rate, nanoseconds "
    "an\n"
    "        evaluation, and how often the heap was asked for memory meanwhile (after one round that warms "
    "up).\n"
    "        --print instead writes the answers, one JSON a line.\n"
    "--rows  leaves the column index alone. --now: what FEEL's now() is (default 2026-01-01).\n"
    "\n"
    "Example: chengxin dmn eval classification.dmn Grade --input facts.json\n";

bool cx_dmn_read(const char *path, cx_view *out) {
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *bytes = NULL;
    size_t n = 0, room = 0;
    bool good = f != NULL;
    while (good && !feof(f)) {
        if (n == room) {
            room = room * 2 + 65536;
            char *more = realloc(bytes, room);
            good = more != NULL && room <= (size_t)1 << 31;
            bytes = more != NULL ? more : bytes;
        }
        n += good ? fread(bytes + n, 1, room - n, f) : 0;
        good = good && !ferror(f);
    }
    if (f != NULL && f != stdin)
        (void)fclose(f);
    if (!good) {
        (void)fprintf(stderr, "chengxin dmn: %s cannot be read; check path and permissions\n", path);
        free(bytes);
        bytes = NULL;
    }
    *out = (cx_view){bytes, n};
    return good;
}

cx_model *cx_dmn_load(const char *path) {
    cx_view xml;
    cx_err err = {0};
    cx_model *model = NULL;
    if (!cx_dmn_read(path, &xml))
        return NULL;
    cx_rc rc = cx_model_load(xml, path, &model, &err);
    free((void *)(uintptr_t)xml.p);
    if (rc != CX_OK)
        (void)fprintf(stderr, "%s (%s)\n", err.text, cx_rc_name(rc));
    for (size_t i = 0; rc == CX_OK && i < cx_model_warning_count(model); i++)
        (void)fprintf(stderr, "warning: %.*s\n", CX_VIEW_ARGS(cx_model_warning(model, i)));
    return model;
}

const cx_decision *cx_dmn_decision(const cx_model *model, const char *name) {
    const cx_decision *d = cx_model_decision(model, cx_view_of(name));
    if (d != NULL)
        return d;
    (void)fprintf(stderr, "chengxin dmn: the model has no decision \"%s\"; it has:\n", name);
    for (size_t i = 0; i < cx_model_decision_count(model); i++)
        (void)fprintf(stderr, "  %.*s\n", CX_VIEW_ARGS(cx_decision_name(cx_model_decision_at(model, i))));
    return NULL;
}

static int run(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } verbs[] = {
        {"check", cx_dmn_check}, {"eval", cx_dmn_eval}, {"tck", cx_dmn_tck}, {"bench", cx_dmn_bench}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    (void)fputs(help, stderr);
    return CX_EXIT_USAGE;
}

const cx_command cx_command_dmn = {
    .name = "dmn", .summary = "decision tables: check, eval, tck, bench", .help = help, .run = run};
