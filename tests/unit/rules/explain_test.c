/* What an answer tells beside its value: rules, notes, tests that matched, the nearest rule, warnings; and
 * that threads share a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "tests/unit/rules/small_model.h"

static const char *const columns[] = {"number", "string|\"minor\", \"general\", \"serious\"", "boolean",
                                      NULL};
static const char *const rows[] = {"< 1000;\"minor\";-;\"none\"", ">= 1000;not(\"minor\");true;\"list\"",
                                   ">= 1000;not(\"minor\");false;\"warn\"", NULL};

static void inputs_of(int64_t amount, const char *grade, bool repeated, cx_value *to) {
    to[0] = cx_value_int(amount);
    to[1] = cx_value_string(cx_view_of(grade));
    to[2] = cx_value_bool(repeated);
}

static void expect_note(const cx_rule_note *note, uint32_t rule, const char *cells) {
    assert_int_equal(note->rule, rule);
    for (size_t c = 0; cells[c] != '\0'; c++)
        assert_int_equal(note->cells[c].matched, cells[c] == '+');
}

static void why(void **state) {
    (void)state;
    cx_model *model = small_load(small_table("UNIQUE", columns, rows, ""));
    const cx_decision *d = cx_model_decision(model, CX_VIEW("d"));
    cx_arena *arena = cx_arena_new(0);
    cx_value inputs[3];
    cx_answer answer;
    inputs_of(5000, "serious", true, inputs);
    assert_int_equal(cx_decision_eval(d, inputs, 0, CX_EVAL_EXPLAIN, arena, &answer, NULL), CX_OK);
    assert_true(cx_value_same(answer.value, cx_value_string(CX_VIEW("list"))));
    const cx_explanation *x = answer.explanation;
    assert_non_null(x);
    assert_null(x->next);
    assert_true(cx_view_is(x->decision, "d"));
    assert_true(cx_value_same(x->inputs[1], inputs[1]));
    assert_int_equal(x->n, 1);
    expect_note(&x->rules[0], 1, "+++");
    assert_true(cx_view_is(x->rules[0].cells[1].test, "not(\"minor\")"));
    assert_true(x->has_nearest);
    expect_note(&x->nearest, 2, "++-");
    assert_true(cx_view_is(cx_table_rule_id(x->table, x->nearest.rule), "r3"));
    assert_int_equal(answer.own->n, 1);
    assert_int_equal(answer.own->rules[0], 1);
    assert_ptr_equal(answer.own->decision, d);
    cx_arena_destroy(&arena);
    cx_model_destroy(&model);
}

/* No rule matches: null, no rules, and still the nearest. An input that is not allowed: null and a warning.
 */
static void why_not(void **state) {
    (void)state;
    cx_model *model = small_load(small_table("UNIQUE", columns, rows, ""));
    const cx_decision *d = cx_model_decision(model, CX_VIEW("d"));
    cx_arena *arena = cx_arena_new(0);
    cx_value inputs[3];
    cx_answer answer;
    inputs_of(10, "general", false, inputs);
    assert_int_equal(cx_decision_eval(d, inputs, 0, CX_EVAL_EXPLAIN, arena, &answer, NULL), CX_OK);
    assert_true(cx_value_is_null(answer.value));
    assert_int_equal(answer.own->n, 0);
    assert_int_equal(answer.warning_count, 0);
    assert_int_equal(answer.explanation->n, 0);
    expect_note(&answer.explanation->nearest, 0, "+-+");
    inputs[1] = cx_value_string(CX_VIEW("grave"));
    assert_int_equal(cx_decision_eval(d, inputs, 0, 0, arena, &answer, NULL), CX_OK);
    assert_true(cx_value_is_null(answer.value));
    assert_int_equal(answer.warning_count, 1);
    assert_true(cx_view_is(answer.warnings->decision, "d"));
    assert_null(answer.explanation);
    cx_arena_destroy(&arena);
    cx_model_destroy(&model);
}

/* Allowed values may name other inputs: what is allowed, of default outputs too, is then known in an
 * evaluation alone. */
static void allowed_by_another_input(void **state) {
    (void)state;
    static const char *const two[] = {"number|b, 2", "number", NULL};
    static const char *const rules[] = {"1;-;7", "2;-;8", NULL};
    static const struct {
        int64_t a, b, want; /* 0: null, with a warning */
    } expected[] = {{1, 1, 0}, {1, 7, 0}, {2, 8, 8}, {2, 7, 0}, {1, 8, 0}, {3, 3, 0}, {4, 4, 9}};
    cx_model *model = small_load(
        small_table("UNIQUE", two, rules,
                    "<outputValues><text>b, 9</text></outputValues>"
                    "<defaultOutputEntry><text>if b = 4 then 9 else 5</text></defaultOutputEntry>"));
    const cx_decision *d = cx_model_decision(model, CX_VIEW("d"));
    cx_arena *arena = cx_arena_new(0);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        cx_value inputs[2] = {cx_value_int(expected[i].a), cx_value_int(expected[i].b)};
        cx_value want = expected[i].want != 0 ? cx_value_int(expected[i].want) : cx_value_null();
        cx_answer answer;
        assert_int_equal(cx_decision_eval(d, inputs, 0, 0, arena, &answer, NULL), CX_OK);
        assert_true(cx_value_same(answer.value, want));
        assert_int_equal(answer.warning_count, expected[i].want != 0 ? 0 : 1);
    }
    cx_arena_destroy(&arena);
    cx_model_destroy(&model);
}

/* The arena's end is an error, never a wrong answer. */
static void out_of_memory(void **state) {
    (void)state;
    cx_model *model = small_load(small_expression("sum(for i in 1..1000 return i)"));
    const cx_decision *d = cx_model_decision(model, CX_VIEW("d"));
    cx_value inputs[2] = {cx_value_null(), cx_value_null()};
    size_t failures = 0;
    for (size_t limit = 64; limit < 1 << 20; limit *= 2) {
        cx_arena *arena = cx_arena_new(limit);
        cx_answer answer;
        cx_err err = {0};
        assert_non_null(arena);
        cx_rc rc = cx_decision_eval(d, inputs, 0, 0, arena, &answer, &err);
        failures += rc == CX_OUT_OF_MEMORY ? 1 : 0;
        if (rc == CX_OK)
            assert_true(cx_value_same(answer.value, cx_value_int(500500)));
        else
            assert_int_equal(rc, CX_OUT_OF_MEMORY);
        cx_arena_destroy(&arena);
    }
    assert_in_range(failures, 3, 13);
    cx_model_destroy(&model);
}

enum { THREADS = 4, TURNS = 20000 };

struct worker {
    const cx_decision *d;
    size_t wrong;
};

static void *work(void *arg) {
    struct worker *w = arg;
    cx_arena *arena = cx_arena_new(0);
    for (int64_t i = 0; arena != NULL && i < TURNS; i++) {
        cx_value inputs[3];
        cx_answer answer;
        inputs_of(i % 2000, i % 3 == 0 ? "minor" : "serious", i % 2 == 0, inputs);
        const char *want = i % 2000 < 1000 ? (i % 3 == 0 ? "none" : NULL)
                           : i % 3 == 0    ? NULL
                           : i % 2 == 0    ? "list"
                                           : "warn";
        cx_value v = want != NULL ? cx_value_string(cx_view_of(want)) : cx_value_null();
        cx_arena_reset(arena);
        cx_rc rc = cx_decision_eval(w->d, inputs, 0, 0, arena, &answer, NULL);
        w->wrong += rc != CX_OK || !cx_value_same(answer.value, v) ? 1 : 0;
    }
    w->wrong += arena == NULL ? 1 : 0;
    cx_arena_destroy(&arena);
    return NULL;
}

static void threads_share_a_model(void **state) {
    (void)state;
    cx_model *model = small_load(small_table("UNIQUE", columns, rows, ""));
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){cx_model_decision(model, CX_VIEW("d")), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].wrong, 0);
    }
    cx_model_destroy(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(why), cmocka_unit_test(why_not), cmocka_unit_test(allowed_by_another_input),
        cmocka_unit_test(out_of_memory), cmocka_unit_test(threads_share_a_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
