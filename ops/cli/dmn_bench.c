/* chengxin dmn bench: how fast a decision is, or its answers, one JSON a line. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ops/cli/allocations.h"
#include "ops/cli/dmn.h"

struct request {
    const char *model;
    const char *decision;
    const char *inputs;
    long seconds;
    bool print;
    bool json;
    unsigned flags;
};

/* All lines of inputs, read once: slots of values in one arena. */
struct lines {
    cx_arena *arena;
    cx_value **at;
    size_t n, room;
};

static bool parse(int argc, char **argv, struct request *r) {
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--print") == 0)
            r->print = true;
        else if (strcmp(argv[i], "--json") == 0)
            r->json = true;
        else if (strcmp(argv[i], "--rows") == 0)
            r->flags |= CX_EVAL_ROW_BY_ROW;
        else if (strcmp(argv[i], "--decision") == 0 && value != NULL)
            r->decision = argv[++i];
        else if (strcmp(argv[i], "--inputs") == 0 && value != NULL)
            r->inputs = argv[++i];
        else if (strcmp(argv[i], "--seconds") == 0 && value != NULL &&
                 (r->seconds = strtol(value, NULL, 10)) > 0)
            i++;
        else if (argv[i][0] != '-' && r->model == NULL)
            r->model = argv[i];
        else
            return false;
    }
    return r->model != NULL && r->decision != NULL && r->inputs != NULL;
}

static bool add_line(struct lines *l, const cx_decision *d, cx_view text, size_t number) {
    json_error_t where;
    json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL) {
        (void)fprintf(stderr, "chengxin dmn bench: line %zu: %s\n", number, where.text);
        return false;
    }
    if (l->n == l->room) {
        l->room = l->room * 2 + 1024;
        cx_value **more = realloc(l->at, l->room * sizeof *more);
        if (more == NULL)
            abort();
        l->at = more;
    }
    cx_value *inputs = cx_arena_calloc(l->arena, cx_decision_input_count(d) + 1, sizeof *inputs);
    bool good = inputs != NULL && cx_dmn_inputs(d, json, l->arena, inputs);
    json_decref(json);
    if (good)
        l->at[l->n++] = inputs;
    return good;
}

static bool read_lines(struct lines *l, const cx_decision *d, const char *path) {
    cx_view text, rest;
    bool good = true;
    size_t number = 0;
    if (!cx_dmn_read(path, &text))
        return false;
    rest = text;
    while (good && rest.n > 0) {
        cx_view line = cx_view_trim(cx_view_split(rest, '\n', &rest));
        number++;
        good = line.n == 0 || add_line(l, d, line, number);
    }
    free((void *)(uintptr_t)text.p);
    if (good && l->n == 0)
        (void)fprintf(stderr, "chengxin dmn bench: %s holds no inputs\n", path);
    return good && l->n > 0;
}

static cx_rc evaluate(const struct request *r, const cx_decision *d, const cx_value *inputs, cx_arena *arena,
                      cx_answer *answer) {
    cx_err err = {0};
    cx_arena_reset(arena);
    cx_rc rc = cx_decision_eval(d, inputs, 0, r->flags, arena, answer, &err);
    if (rc != CX_OK)
        (void)fprintf(stderr, "chengxin dmn bench: %s (%s)\n", err.text, cx_rc_name(rc));
    return rc;
}

static int print_answers(const struct request *r, const cx_decision *d, const struct lines *l,
                         cx_arena *arena) {
    for (size_t i = 0; i < l->n; i++) {
        cx_answer answer;
        if (evaluate(r, d, l->at[i], arena, &answer) != CX_OK)
            return CX_EXIT_FAILED;
        cx_dmn_print(stdout, answer.value, arena);
        (void)fputc('\n', stdout);
    }
    return CX_EXIT_DONE;
}

/* Time that this thread ran: what else the machine does meanwhile is not measured. */
static double now_seconds(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool evaluate_all(const struct request *r, const cx_decision *d, const struct lines *l,
                         cx_arena *arena) {
    cx_answer answer;
    for (size_t i = 0; i < l->n; i++)
        if (evaluate(r, d, l->at[i], arena, &answer) != CX_OK)
            return false;
    return true;
}

static int measure(const struct request *r, const cx_decision *d, const struct lines *l, cx_arena *arena) {
    size_t turns = 0;
    if (!evaluate_all(r, d, l, arena)) /* warm: the arena has its blocks */
        return CX_EXIT_FAILED;
    uint64_t before = cx_allocations();
    double from = now_seconds(), now = from;
    while (now < from + (double)r->seconds) {
        if (!evaluate_all(r, d, l, arena))
            return CX_EXIT_FAILED;
        turns += l->n;
        now = now_seconds();
    }
    unsigned long long allocations = cx_allocations() - before;
    double ns = (now - from) * 1e9 / (double)turns;
    if (r->json)
        (void)printf("{\"evaluations\": %zu, \"rate\": %.0f, \"ns\": %.1f, \"allocations\": %llu}\n", turns,
                     1e9 / ns, ns, allocations);
    else
        (void)printf("%zu evaluations, %.0f a second, %.1f ns each, %llu heap allocations in all\n", turns,
                     1e9 / ns, ns, allocations);
    return CX_EXIT_DONE;
}

int cx_dmn_bench(int argc, char **argv) {
    struct request r = {.seconds = 2};
    if (!parse(argc, argv, &r)) {
        (void)fprintf(stderr, "usage: chengxin dmn bench MODEL --decision D --inputs FILE.jsonl [--print] "
                              "[--seconds N] [--rows] [--json]\n");
        return CX_EXIT_USAGE;
    }
    int code = CX_EXIT_FAILED;
    struct lines lines = {.arena = cx_arena_new(0)};
    cx_arena *arena = cx_arena_new(0);
    cx_model *model = arena != NULL && lines.arena != NULL ? cx_dmn_load(r.model) : NULL;
    const cx_decision *d = model != NULL ? cx_dmn_decision(model, r.decision) : NULL;
    if (d != NULL && read_lines(&lines, d, r.inputs))
        code = r.print ? print_answers(&r, d, &lines, arena) : measure(&r, d, &lines, arena);
    cx_model_destroy(&model);
    cx_arena_destroy(&arena);
    cx_arena_destroy(&lines.arena);
    free(lines.at);
    return code;
}
