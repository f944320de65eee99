/* The analysis against tables whose faults are known, and against brute force over random tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/rules/analyse.h"
#include "common/rules/index.h"
#include "tests/unit/rules/random_table.h"
#include "tests/unit/rules/small_model.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    const char *what;
    const char *policy;
    const char *columns[4];
    const char *rows[8];
    const char *findings[6]; /* all of them, by name, in order */
    const char *example;     /* of the first, as literals */
} cases[] = {
    {"whole", "UNIQUE", {"number"}, {"< 5;1", ">= 5;2"}, {NULL}, NULL},
    {"a point is missing", "UNIQUE", {"number"}, {"< 5;1", "> 5;2"}, {"GAP"}, "5"},
    {"an interval is missing", "FIRST", {"number"}, {"< 5;1", ">= 7;2"}, {"GAP"}, "5"},
    {"a day between two days is none",
     "UNIQUE",
     {"date"},
     {"<= date(\"2026-01-01\");1", ">= date(\"2026-01-02\");2"},
     {NULL},
     NULL},
    {"a day is missing",
     "UNIQUE",
     {"date"},
     {"< date(\"2026-01-01\");1", "> date(\"2026-01-01\");2"},
     {"GAP"},
     "@\"2026-01-01\""},
    {"all allowed values", "UNIQUE", {"string|\"A\", \"B\""}, {"\"A\";1", "\"B\";2"}, {NULL}, NULL},
    {"an allowed value is missing",
     "UNIQUE",
     {"string|\"A\", \"B\", \"C\""},
     {"\"A\";1", "\"B\";2"},
     {"GAP"},
     "\"C\""},
    {"any other text", "UNIQUE", {"string"}, {"\"A\";1"}, {"GAP"}, "\"other\""},
    {"both truth values", "UNIQUE", {"boolean"}, {"true;1", "false;2"}, {NULL}, NULL},
    {"one truth value", "ANY", {"boolean"}, {"true;1"}, {"GAP"}, "false"},
    {"two columns", "UNIQUE", {"boolean", "boolean"}, {"true;-;1", "false;true;2"}, {"GAP"}, "false, false"},
    {"overlap under UNIQUE", "UNIQUE", {"number"}, {"<= 5;1", ">= 5;1"}, {"CONTRADICTION r1 r2"}, "5"},
    {"same outputs under ANY", "ANY", {"number"}, {"<= 5;1", ">= 5;1"}, {NULL}, NULL},
    {"different outputs under ANY", "ANY", {"number"}, {"<= 5;1", ">= 5;2"}, {"CONTRADICTION r1 r2"}, "5"},
    {"the hit policy chooses", "FIRST", {"number"}, {"<= 5;1", ">= 5;2"}, {"OVERLAP r1 r2"}, "5"},
    {"never reached", "FIRST", {"number"}, {"-;1", "< 5;2"}, {"UNREACHABLE r2"}, NULL},
    {"never reached for two together",
     "FIRST",
     {"number"},
     {"< 5;1", ">= 5;2", "-;3"},
     {"UNREACHABLE r3"},
     NULL},
    {"subsumed", "FIRST", {"number"}, {"[1..2];1", "-;1"}, {"SUBSUMED r1 r2"}, NULL},
    {"collected", "COLLECT", {"number"}, {"< 5;1", "< 3;2"}, {NULL}, NULL},
    {"value that cannot occur", "COLLECT", {"string|\"A\", \"B\""}, {"\"X\";1"}, {"IMPOSSIBLE r1"}, NULL},
    {"one of several cannot occur",
     "COLLECT",
     {"string|\"A\", \"B\""},
     {"\"A\", \"X\";1"},
     {"IMPOSSIBLE r1"},
     NULL},
    {"empty interval", "COLLECT", {"number"}, {"[5..1];1"}, {"IMPOSSIBLE r1"}, NULL},
    {"unused input", "COLLECT", {"number", "number"}, {"1;-;1"}, {"UNUSED"}, NULL},
    {"cells that are no constants",
     "UNIQUE",
     {"number", "number"},
     {"b;-;1", "-;< 0;2"},
     {"UNDECIDED r1 r2", "UNDECIDED"},
     NULL},
    {"allowed values that another input gives",
     "UNIQUE",
     {"number|b, 2", "number"},
     {"1;< 0;1", "not(1);< 0;2", "-;>= 0;3"},
     {"UNDECIDED"},
     NULL},
};

static cx_model *model_of(size_t i) {
    return small_load(small_table(cases[i].policy, cases[i].columns, cases[i].rows, ""));
}

static void compare(size_t i, const cx_finding *f, size_t columns, cx_arena *arena) {
    const cx_finding *first = f;
    for (size_t k = 0; cases[i].findings[k] != NULL || f != NULL; k++, f = f != NULL ? f->next : NULL) {
        const char *want = cases[i].findings[k] != NULL ? cases[i].findings[k] : "nothing";
        if (f == NULL || !cx_view_is(f->name, want))
            fail_msg("%s: %.*s instead of %s", cases[i].what,
                     CX_VIEW_ARGS(f != NULL ? f->name : CX_VIEW("nothing")), want);
    }
    if (cases[i].example == NULL)
        return;
    cx_view text = CX_VIEW("");
    assert_non_null(first->example);
    for (size_t c = 0; c < columns; c++) {
        cx_view v = cx_value_literal(first->example[c], arena);
        text = cx_arena_printf(arena, "%.*s%s%.*s", CX_VIEW_ARGS(text), c > 0 ? ", " : "", CX_VIEW_ARGS(v));
    }
    if (!cx_view_is(text, cases[i].example))
        fail_msg("%s: the example is %.*s", cases[i].what, CX_VIEW_ARGS(text));
}

static void known_faults(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    assert_non_null(arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const cx_finding *findings;
        cx_model *model = model_of(i);
        const cx_table *t = cx_decision_table(cx_model_decision(model, CX_VIEW("d")));
        assert_int_equal(cx_table_analyse(t, arena, &findings, NULL), CX_OK);
        compare(i, findings, cx_table_input_count(t), arena);
        cx_model_destroy(&model);
        cx_arena_reset(arena);
    }
    cx_arena_destroy(&arena);
}

/* A table whose index is not exact, for want of room, is analysed exactly all the same. */
static void large_table(void **state) {
    (void)state;
    enum { RULES = 5000, MISSING = 1234 };
    static const char *const columns[] = {"number", "number", "number", NULL};
    static char rows[RULES][48];
    const char *all[RULES + 1] = {NULL};
    for (int r = 0; r < RULES; r++) {
        const char *low = r == MISSING ? "(" : "[";
        if (r == 0)
            (void)snprintf(rows[r], sizeof rows[r], "< 10;-;-;0");
        else if (r == RULES - 1)
            (void)snprintf(rows[r], sizeof rows[r], ">= %d;-;-;0", r * 10);
        else
            (void)snprintf(rows[r], sizeof rows[r], "%s%d..%d);-;-;0", low, r * 10, r * 10 + 10);
        all[r] = rows[r];
    }
    cx_model *model = small_load(small_table("UNIQUE", columns, all, ""));
    cx_arena *arena = cx_arena_new(0);
    const cx_table *t = cx_decision_table(cx_model_decision(model, CX_VIEW("d")));
    const cx_finding *f;
    assert_false(t->index->axes[0].exact);
    assert_int_equal(cx_table_analyse(t, arena, &f, NULL), CX_OK);
    assert_true(f->kind == CX_FINDING_GAP && cx_value_same(f->example[0], cx_value_int(MISSING * 10)));
    for (f = f->next; f != NULL; f = f->next)
        assert_int_equal(f->kind, CX_FINDING_UNUSED);
    cx_arena_destroy(&arena);
    cx_model_destroy(&model);
}

/* --- brute force: what random inputs show, the analysis must have said -------------------------------- */

struct said {
    bool gap, contradiction, undecided;
    bool reached[200];
};

static void read_findings(const cx_finding *f, struct said *s) {
    *s = (struct said){0};
    for (size_t i = 0; i < COUNT(s->reached); i++)
        s->reached[i] = true;
    for (; f != NULL; f = f->next) {
        s->gap = s->gap || f->kind == CX_FINDING_GAP;
        s->contradiction = s->contradiction || f->kind == CX_FINDING_CONTRADICTION;
        s->undecided = s->undecided || f->kind == CX_FINDING_UNDECIDED;
        if (f->kind == CX_FINDING_UNREACHABLE)
            s->reached[f->rules[0]] = false;
    }
}

/* Null and other kinds are left out of the analysis. */
static bool within_axes(const cx_value *inputs, const random_shape *shape) {
    static const cx_kind kinds[RANDOM_KINDS] = {CX_KIND_NUMBER, CX_KIND_NUMBER,  CX_KIND_STRING,
                                                CX_KIND_DATE,   CX_KIND_BOOLEAN, CX_KIND_YEARS_MONTHS,
                                                CX_KIND_COUNT,  CX_KIND_COUNT};
    for (size_t i = 0; i < shape->columns; i++)
        if (inputs[i].kind != kinds[shape->kinds[i]])
            return false;
    return true;
}

/* An example of a gap must be one, of a contradiction too: evaluated row by row. */
static void examples_hold(const cx_decision *d, const cx_finding *f, size_t n, cx_arena *arena) {
    for (; f != NULL; f = f->next) {
        cx_answer answer;
        if (f->example == NULL)
            continue;
        for (size_t c = 0; c < n; c++)
            if (cx_value_is_null(f->example[c]))
                return; /* a column that no cell tests: any value will do */
        assert_int_equal(cx_decision_eval(d, f->example, 0, CX_EVAL_ROW_BY_ROW, arena, &answer, NULL), CX_OK);
        if (f->kind == CX_FINDING_GAP)
            assert_int_equal(answer.own->n, 0);
        if (f->kind == CX_FINDING_CONTRADICTION)
            assert_true(answer.own->n > 1 || answer.warning_count > 0);
    }
}

static size_t tables_with[3]; /* gaps, contradictions, unreachable rules, seen by the random inputs */

static void one_table(random_source *r, cx_arena *arena, cx_arena *findings_arena) {
    random_shape shape;
    char *xml = NULL;
    size_t n;
    FILE *f = open_memstream(&xml, &n);
    assert_non_null(f);
    random_model(r, f, &shape);
    assert_int_equal(fclose(f), 0);

    cx_model *model = small_load(xml);
    const cx_decision *d = cx_model_decision(model, CX_VIEW("result"));
    const cx_finding *findings;
    struct said said;
    assert_int_equal(cx_table_analyse(cx_decision_table(d), findings_arena, &findings, NULL), CX_OK);
    read_findings(findings, &said);
    examples_hold(d, findings, shape.columns, arena);
    bool gap = false, contradiction = false;
    for (int i = 0; i < 300; i++) {
        cx_value inputs[RANDOM_COLUMNS];
        cx_answer answer;
        cx_arena_reset(arena);
        for (size_t c = 0; c < shape.columns; c++)
            inputs[c] = random_input(r, shape.kinds[c]);
        if (!within_axes(inputs, &shape))
            continue;
        assert_int_equal(cx_decision_eval(d, inputs, 0, CX_EVAL_ROW_BY_ROW, arena, &answer, NULL), CX_OK);
        gap = gap || answer.own->n == 0;
        contradiction = contradiction || (shape.policy == 0 && answer.own->n > 1);
        for (size_t k = 0; k < answer.own->n && (shape.policy == 2 || shape.policy == 3); k++)
            if (!said.reached[answer.own->rules[k]]) {
                for (size_t c = 0; c < shape.columns; c++) {
                    cx_view v = cx_value_literal(inputs[c], arena);
                    print_error("input %zu: %.*s\n", c, CX_VIEW_ARGS(v));
                }
                fail_msg("rule %u is reached", answer.own->rules[k] + 1);
            }
    }
    bool single = shape.policy <= 3 && shape.rules % 3 != 0;
    if (gap && single)
        assert_true(said.gap || said.undecided);
    tables_with[0] += gap && single && said.gap ? 1 : 0;
    if (contradiction)
        assert_true(said.contradiction || said.undecided);
    tables_with[1] += contradiction && said.contradiction ? 1 : 0;
    for (size_t i = 0; i < shape.rules; i++)
        tables_with[2] += said.reached[i] ? 0 : 1;
    cx_model_destroy(&model);
}

static void brute_force(void **state) {
    (void)state;
    random_source r = {42};
    cx_arena *arena = cx_arena_new(0), *findings = cx_arena_new(0);
    assert_true(arena != NULL && findings != NULL);
    for (int i = 0; i < 1500; i++) {
        one_table(&r, arena, findings);
        cx_arena_reset(findings);
    }
    print_message("%zu tables with gaps, %zu with contradictions; %zu rules never reached\n", tables_with[0],
                  tables_with[1], tables_with[2]);
    assert_true(tables_with[0] > 20 && tables_with[1] > 20 && tables_with[2] > 20);
    cx_arena_destroy(&arena);
    cx_arena_destroy(&findings);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_faults), cmocka_unit_test(large_table),
                                       cmocka_unit_test(brute_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
