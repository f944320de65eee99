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
    cx_arena *arena;
};

static void say(const char *verdict, const char *file, const cx_tck_case *c, cx_view name) {
    (void)printf("%s %s case %.*s: %.*s\n", verdict, file, CX_VIEW_ARGS(c->id), CX_VIEW_ARGS(name));
}

static void run_result(struct tally *t, const cx_model *model, const char *file, const cx_tck_case *c,
                       const cx_tck_result *r) {
    cx_err err = {0};
    cx_answer answer;
    cx_time now = 0;
    (void)cx_time_parse(CX_VIEW("2026-01-01"), &now);
    cx_rc rc = cx_tck_eval(model, c, r, now, t->flags, t->arena, &answer, &err);
    if (rc == CX_OK && cx_tck_agrees(r->expected, answer.value)) {
        t->passed++;
        say("ok    ", file, c, r->name);
        return;
    }
    t->failed++;
    say("FAILED", file, c, r->name);
    if (rc != CX_OK) {
        (void)printf("       %s\n", err.text);
        return;
    }
    cx_view expected = cx_value_literal(r->expected, t->arena),
            actual = cx_value_literal(answer.value, t->arena);
    (void)printf("       expected %.*s, got %.*s\n", CX_VIEW_ARGS(expected), CX_VIEW_ARGS(actual));
    for (const cx_warning *w = answer.warnings; w != NULL; w = w->next)
        (void)printf("       warning: %.*s\n", CX_VIEW_ARGS(w->text));
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
                t->failed++;
                say("FAILED", file, c, c->results[k].name);
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
        t->failed++;
        (void)printf("FAILED %s\n       %s\n", name, err.text);
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
        (void)fprintf(stderr, "usage: chengxin dmn tck DIR [--rows]\n");
        return CX_EXIT_USAGE;
    }
    t.arena = cx_arena_new(0);
    if (t.arena == NULL)
        return CX_EXIT_FAILED;
    bool good = run_folder(&t, folder, 0);
    cx_arena_destroy(&t.arena);
    (void)printf("%zu cases, %zu results\n", t.cases, t.passed + t.failed + t.skipped);
    (void)printf("%zu passed, %zu failed, %zu skipped\n", t.passed, t.failed, t.skipped);
    return good && t.failed == 0 && t.passed > 0 ? CX_EXIT_DONE : CX_EXIT_FAILED;
}
