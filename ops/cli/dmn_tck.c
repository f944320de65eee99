/* chengxin dmn tck DIR: conformance cases. */
#include "common/rules/tck.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ops/cli/dmn.h"

enum { DEEPEST = 8 };

struct tally {
    size_t passed, failed, skipped; /* results */
    size_t cases;
    unsigned flags;
    bool json;
    cx_arena *arena;
};

/* One result, expected and got; where it failed also why. */
struct told {
    const char *file;
    const cx_tck_case *c;
    cx_view name;
    bool passed;
    const cx_value *expected, *actual; /* NULL: there was no answer */
    const char *error;
    const cx_warning *warnings;
};

static void print_member(const char *name, cx_view text) {
    (void)printf("\"%s\": ", name);
    cx_dmn_print_text(stdout, text);
}

static void say_json(const struct tally *t, const struct told *x) {
    (void)printf("{\"passed\": %s, ", x->passed ? "true" : "false");
    print_member("file", cx_view_of(x->file));
    (void)printf(", ");
    print_member("case", x->c->id);
    (void)printf(", ");
    print_member("result", x->name);
    if (x->actual != NULL) {
        (void)printf(", \"expected\": ");
        cx_dmn_print(stdout, *x->expected, t->arena);
        (void)printf(", \"actual\": ");
        cx_dmn_print(stdout, *x->actual, t->arena);
    }
    if (x->error != NULL) {
        (void)printf(", ");
        print_member("error", cx_view_of(x->error));
    }
    (void)printf("}\n");
}

static void say_text(const struct tally *t, const struct told *x) {
    (void)printf("%s %s case %.*s: %.*s\n", x->passed ? "ok    " : "FAILED", x->file, CX_VIEW_ARGS(x->c->id),
                 CX_VIEW_ARGS(x->name));
    if (x->error != NULL)
        (void)printf("       %s\n", x->error);
    if (x->passed || x->actual == NULL)
        return;
    cx_view expected = cx_value_literal(*x->expected, t->arena),
            actual = cx_value_literal(*x->actual, t->arena);
    (void)printf("       expected %.*s, got %.*s\n", CX_VIEW_ARGS(expected), CX_VIEW_ARGS(actual));
    for (const cx_warning *w = x->warnings; w != NULL; w = w->next)
        (void)printf("       warning: %.*s\n", CX_VIEW_ARGS(w->text));
}

static void say(struct tally *t, const struct told *x) {
    t->passed += x->passed ? 1 : 0;
    t->failed += x->passed ? 0 : 1;
    if (t->json)
        say_json(t, x);
    else
        say_text(t, x);
}

static void run_result(struct tally *t, const cx_model *model, const char *file, const cx_tck_case *c,
                       const cx_tck_result *r) {
    cx_err err = {0};
    cx_answer answer;
    cx_time now = 0;
    (void)cx_time_parse(CX_VIEW("2026-01-01"), &now);
    cx_rc rc = cx_tck_eval(model, c, r, now, t->flags, t->arena, &answer, &err);
    struct told x = {.file = file, .c = c, .name = r->name};
    if (rc == CX_OK) {
        x.passed = cx_tck_agrees(r->expected, answer.value);
        x.expected = &r->expected;
        x.actual = &answer.value;
        x.warnings = answer.warnings;
    } else {
        x.error = err.text;
    }
    say(t, &x);
}

static void run_cases(struct tally *t, const char *folder, const char *file, const cx_tck_file *cases) {
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%.*s", folder, CX_VIEW_ARGS(cases->model));
    cx_model *model = cx_dmn_load(path);
    for (size_t i = 0; i < cases->case_count; i++) {
        const cx_tck_case *c = &cases->cases[i];
        t->cases++;
        for (size_t k = 0; k < c->result_count; k++)
            if (model != NULL) {
                run_result(t, model, file, c, &c->results[k]);
            } else {
                say(t, &(struct told){.file = file, .c = c, .name = c->results[k].name});
            }
    }
    cx_model_destroy(&model);
}

static void run_file(struct tally *t, const char *folder, const char *name) {
    char path[PATH_MAX];
    cx_view xml;
    cx_err err = {0};
    cx_tck_file cases;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!cx_dmn_read(path, &xml)) {
        t->failed++;
        return;
    }
    cx_arena_reset(t->arena);
    if (cx_tck_load(xml, path, t->arena, &cases, &err) == CX_OK) {
        run_cases(t, folder, name, &cases);
    } else {
        static const cx_tck_case none;
        say(t, &(struct told){.file = name, .c = &none, .error = err.text});
    }
    free((void *)(uintptr_t)xml.p);
}

/* Files of cases here and below, in the order of names. */
static bool run_folder(struct tally *t, const char *folder, int depth) {
    struct dirent **entries;
    int n = depth > DEEPEST ? 0 : scandir(folder, &entries, NULL, alphasort);
    if (n < 0) {
        (void)fprintf(stderr, "chengxin dmn tck: the folder %s cannot be read\n", folder);
        return false;
    }
    bool good = true;
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX];
        struct stat s;
        const char *name = entries[i]->d_name;
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        if (name[0] != '.' && stat(path, &s) == 0 && S_ISDIR(s.st_mode))
            good = run_folder(t, path, depth + 1) && good;
        else if (fnmatch("*-test-*.xml", name, 0) == 0)
            run_file(t, folder, name);
        free(entries[i]);
    }
    if (depth <= DEEPEST)
        free(entries);
    return good;
}

static bool parse(int argc, char **argv, struct tally *t, const char **folder) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--rows") == 0)
            t->flags = CX_EVAL_ROW_BY_ROW;
        else if (strcmp(argv[i], "--json") == 0)
            t->json = true;
        else if (*folder == NULL && argv[i][0] != '-')
            *folder = argv[i];
        else
            return false;
    }
    return *folder != NULL;
}

int cx_dmn_tck(int argc, char **argv) {
    struct tally t = {0};
    const char *folder = NULL;
    if (!parse(argc, argv, &t, &folder)) {
        (void)fprintf(stderr, "usage: chengxin dmn tck DIR [--rows] [--json]\n");
        return CX_EXIT_USAGE;
    }
    t.arena = cx_arena_new(0);
    if (t.arena == NULL)
        return CX_EXIT_FAILED;
    bool good = run_folder(&t, folder, 0);
    cx_arena_destroy(&t.arena);
    if (t.json)
        (void)printf("{\"cases\": %zu, \"passed\": %zu, \"failed\": %zu, \"skipped\": %zu}\n", t.cases,
                     t.passed, t.failed, t.skipped);
    else
        (void)printf("%zu cases, %zu results\n%zu passed, %zu failed, %zu skipped\n", t.cases,
                     t.passed + t.failed + t.skipped, t.passed, t.failed, t.skipped);
    return good && t.failed == 0 && t.passed > 0 ? CX_EXIT_DONE : CX_EXIT_FAILED;
}
