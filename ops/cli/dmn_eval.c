/* chengxin dmn eval: one evaluation with its explanation. */
#include <stdlib.h>
#include <string.h>

#include "ops/cli/dmn.h"

struct request {
    const char *model;
    const char *decision;
    const char *input;
    cx_time now;
    unsigned flags;
};

static bool parse(int argc, char **argv, struct request *r) {
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--rows") == 0)
            r->flags |= CX_EVAL_ROW_BY_ROW;
        else if (strcmp(argv[i], "--input") == 0 && value != NULL)
            r->input = argv[++i];
        else if (strcmp(argv[i], "--now") == 0 && value != NULL && cx_time_parse(cx_view_of(value), &r->now))
            i++;
        else if (strcmp(argv[i], "--json") == 0)
            continue; /* it is always JSON */
        else if (argv[i][0] == '-')
            return false;
        else if (r->model == NULL)
            r->model = argv[i];
        else if (r->decision == NULL)
            r->decision = argv[i];
        else
            return false;
    }
    return r->model != NULL && r->decision != NULL;
}

static void print_note(const cx_explanation *x, const cx_rule_note *note) {
    const cx_table *t = x->table;
    (void)printf("{\"rule\": %u, \"id\": ", note->rule + 1);
    cx_dmn_print_text(stdout, cx_table_rule_id(t, note->rule));
    (void)printf(", \"line\": %d, \"annotation\": ", cx_table_rule_line(t, note->rule));
    cx_dmn_print_text(stdout, cx_table_rule_note(t, note->rule));
    (void)printf(", \"tests\": [");
    for (size_t c = 0; c < cx_table_input_count(t); c++) {
        (void)printf("%s{\"input\": ", c > 0 ? ", " : "");
        cx_dmn_print_text(stdout, cx_table_input_text(t, c));
        (void)printf(", \"test\": ");
        cx_dmn_print_text(stdout, note->cells[c].test);
        (void)printf(", \"matched\": %s}", note->cells[c].matched ? "true" : "false");
    }
    (void)printf("]}");
}

static void print_explanation(const cx_explanation *x, cx_arena *arena) {
    (void)printf("    {\"decision\": ");
    cx_dmn_print_text(stdout, x->decision);
    (void)printf(", \"table\": ");
    cx_dmn_print_text(stdout, cx_table_id(x->table));
    (void)printf(", \"hitPolicy\": \"%s\",\n     \"inputs\": {", cx_table_policy(x->table));
    for (size_t c = 0; c < cx_table_input_count(x->table); c++) {
        (void)printf("%s", c > 0 ? ", " : "");
        cx_dmn_print_text(stdout, cx_table_input_text(x->table, c));
        (void)printf(": ");
        cx_dmn_print(stdout, x->inputs[c], arena);
    }
    (void)printf("},\n     \"rules\": [");
    for (size_t i = 0; i < x->n; i++) {
        (void)printf("%s", i > 0 ? ",\n       " : "");
        print_note(x, &x->rules[i]);
    }
    (void)printf("],\n     \"nearest\": ");
    if (x->has_nearest)
        print_note(x, &x->nearest);
    else
        (void)printf("null");
    (void)printf(",\n     \"result\": ");
    cx_dmn_print(stdout, x->result, arena);
    (void)printf("}%s\n", x->next != NULL ? "," : "");
}

static void print_answer(const cx_decision *d, const cx_answer *answer, cx_arena *arena) {
    (void)printf("{\n  \"model\": ");
    cx_dmn_print_text(stdout, cx_model_name(cx_decision_model(d)));
    (void)printf(",\n  \"decision\": ");
    cx_dmn_print_text(stdout, cx_decision_name(d));
    (void)printf(",\n  \"result\": ");
    cx_dmn_print(stdout, answer->value, arena);
    (void)printf(",\n  \"warnings\": [");
    for (const cx_warning *w = answer->warnings; w != NULL; w = w->next) {
        (void)printf("%s", w != answer->warnings ? ", " : "");
        cx_dmn_print_text(stdout, w->text);
    }
    (void)printf("],\n  \"explanation\": [\n");
    for (const cx_explanation *x = answer->explanation; x != NULL; x = x->next)
        print_explanation(x, arena);
    (void)printf("  ]\n}\n");
}

static json_t *read_input(const char *path) {
    cx_view text;
    json_error_t where;
    if (!cx_dmn_read(path, &text))
        return NULL;
    json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (json == NULL)
        (void)fprintf(stderr, "chengxin dmn eval: %s, line %d: %s\n", path, where.line, where.text);
    free((void *)(uintptr_t)text.p);
    return json;
}

static int evaluate(const struct request *r, const cx_decision *d, const json_t *json, cx_arena *arena) {
    cx_err err = {0};
    cx_answer answer;
    cx_value *inputs = cx_arena_calloc(arena, cx_decision_input_count(d) + 1, sizeof *inputs);
    if (inputs == NULL)
        return CX_EXIT_FAILED;
    if (!cx_dmn_inputs(d, json, arena, inputs))
        return CX_EXIT_USAGE;
    cx_rc rc = cx_decision_eval(d, inputs, r->now, r->flags | CX_EVAL_EXPLAIN, arena, &answer, &err);
    if (rc != CX_OK) {
        (void)fprintf(stderr, "chengxin dmn eval: %s (%s)\n", err.text, cx_rc_name(rc));
        return CX_EXIT_FAILED;
    }
    print_answer(d, &answer, arena);
    return CX_EXIT_DONE;
}

int cx_dmn_eval(int argc, char **argv) {
    struct request r = {.input = "-"};
    (void)cx_time_parse(CX_VIEW("2026-01-01"), &r.now);
    if (!parse(argc, argv, &r)) {
        (void)fprintf(stderr,
                      "usage: chengxin dmn eval MODEL DECISION --input FILE|- [--now TIME] [--rows]\n");
        return CX_EXIT_USAGE;
    }
    int code = CX_EXIT_FAILED;
    cx_model *model = cx_dmn_load(r.model);
    const cx_decision *d = model != NULL ? cx_dmn_decision(model, r.decision) : NULL;
    json_t *json = d != NULL ? read_input(r.input) : NULL;
    cx_arena *arena = cx_arena_new(0);
    if (json != NULL && arena != NULL)
        code = evaluate(&r, d, json, arena);
    cx_arena_destroy(&arena);
    json_decref(json);
    cx_model_destroy(&model);
    return code;
}
