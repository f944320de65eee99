/* chengxin dmn check: the analysis of a model's tables. */
#include <stdlib.h>
#include <string.h>

#include "common/rules/analyse.h"
#include "ops/cli/dmn.h"

struct report {
    bool json;
    cx_arena *arena;
    size_t findings;
    size_t refusing;
};

static void print_example(const struct report *r, const cx_table *t, const cx_finding *f) {
    (void)fputs(r->json ? "{" : "       for example ", stdout);
    for (size_t c = 0; c < cx_table_input_count(t); c++) {
        (void)fputs(c > 0 ? ", " : "", stdout);
        if (r->json) {
            cx_dmn_print_text(stdout, cx_table_input_text(t, c));
            (void)fputs(": ", stdout);
            cx_dmn_print(stdout, f->example[c], r->arena);
        } else {
            cx_view v = cx_value_literal(f->example[c], r->arena);
            (void)printf("%.*s = %.*s", CX_VIEW_ARGS(cx_table_input_text(t, c)), CX_VIEW_ARGS(v));
        }
    }
    (void)fputs(r->json ? "}" : "\n", stdout);
}

static void print_json(const struct report *r, const cx_decision *d, const cx_table *t, const cx_finding *f) {
    (void)printf("{\"decision\": ");
    cx_dmn_print_text(stdout, cx_decision_name(d));
    (void)printf(", \"kind\": \"%s\", \"name\": ", cx_finding_kind_name(f->kind));
    cx_dmn_print_text(stdout, f->name);
    (void)printf(", \"refuses\": %s, \"text\": ", cx_finding_refuses(f->kind) ? "true" : "false");
    cx_dmn_print_text(stdout, f->text);
    if (f->example != NULL) {
        (void)printf(", \"example\": ");
        print_example(r, t, f);
    }
    (void)printf("}\n");
}

static void print_text(const struct report *r, const cx_decision *d, const cx_table *t, const cx_finding *f) {
    cx_view file = cx_model_file(cx_decision_model(d));
    int line = t != NULL && f->rules[0] != CX_FINDING_NO_RULE ? cx_table_rule_line(t, f->rules[0]) : 0;
    (void)printf("%.*s:", CX_VIEW_ARGS(file));
    if (line > 0)
        (void)printf("%d:", line);
    (void)printf(" decision \"%.*s\": %.*s: %.*s\n", CX_VIEW_ARGS(cx_decision_name(d)), CX_VIEW_ARGS(f->name),
                 CX_VIEW_ARGS(f->text));
    if (f->example != NULL)
        print_example(r, t, f);
}

/* A decision's own table and requirements; what it requires is analysed as a decision of its own. */
static bool check_decision(struct report *r, const cx_decision *d) {
    const cx_table *t = cx_decision_table(d);
    const cx_finding *findings = NULL;
    cx_err err = {0};
    cx_rc rc = cx_decision_analyse_own(d, r->arena, &findings, &err);
    if (rc != CX_OK) {
        (void)fprintf(stderr, "chengxin dmn check: %s\n", err.text);
        return false;
    }
    for (const cx_finding *f = findings; f != NULL; f = f->next) {
        r->findings++;
        r->refusing += cx_finding_refuses(f->kind) ? 1 : 0;
        if (r->json)
            print_json(r, d, t, f);
        else
            print_text(r, d, t, f);
    }
    return true;
}

static int check_model(struct report *r, const cx_model *model) {
    for (size_t i = 0; i < cx_model_decision_count(model); i++) {
        cx_arena_reset(r->arena);
        if (!check_decision(r, cx_model_decision_at(model, i)))
            return CX_EXIT_FAILED;
    }
    if (!r->json)
        (void)printf("%zu findings, %zu of them must be mended or waived\n", r->findings, r->refusing);
    return r->refusing > 0 ? CX_EXIT_NO : CX_EXIT_DONE;
}

int cx_dmn_check(int argc, char **argv) {
    struct report r = {0};
    const char *path = NULL;
    bool good = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            r.json = true;
        else if (path == NULL && argv[i][0] != '-')
            path = argv[i];
        else
            good = false;
    }
    if (path == NULL || !good) {
        (void)fprintf(stderr, "usage: chengxin dmn check MODEL [--json]\n");
        return CX_EXIT_USAGE;
    }
    r.arena = cx_arena_new(0);
    cx_model *model = r.arena != NULL ? cx_dmn_load(path) : NULL;
    int code = model != NULL ? check_model(&r, model) : CX_EXIT_FAILED;
    cx_model_destroy(&model);
    cx_arena_destroy(&r.arena);
    return code;
}
