/* FEEL by cases: an expression, what it gives, and whether the caller is warned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/rules/small_model.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    const char *text;
    const char *result; /* as a literal */
    bool warned;
} cases[] = {
    /* numbers: decimal, 34 digits, half to even */
    {"0.1 + 0.2", "0.3", false},
    {"1 / 3", "0.3333333333333333333333333333333333", false},
    {"2 / 3", "0.6666666666666666666666666666666667", false},
    {"1 / 3 * 3 = 1", "false", false},
    {"9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000", false},
    {"-5 ** 2", "25", false},
    {"2 ** -2", "0.25", false},
    {"1.50 = 1.5", "true", false},
    {".5 + 1e3", "1000.5", false},
    {"decimal(2.5, 0)", "2", false},
    {"decimal(-3.5, 0)", "-4", false},
    {"round half down(2.5, 0)", "2", false},
    {"round up(-2.1, 0)", "-3", false},
    {"modulo(-12, 5)", "3", false},
    {"modulo(10.1, -4.5)", "-3.4", false},
    /* what FEEL calls an error is null, with a warning */
    {"1 / 0", "null", true},
    {"0 / 0", "null", true},
    {"9e6144 * 10", "null", true},
    {"10 ** 99999", "null", true},
    {"sqrt(-1)", "null", true},
    {"log(0)", "null", true},
    {"1 + \"1\"", "null", true},
    {"1 < \"1\"", "null", true},
    {"-\"a\"", "null", true},
    {"substring(\"a\")", "null", true},
    {"string length(text: \"a\")", "null", true},
    {"date(2026, 2, 30)", "null", true},
    {"date(\"2026-02-30\")", "null", true},
    {"number(\"1,5\")", "null", true},
    {"sum([1, \"2\"])", "null", true},
    {"[1..\"z\"]", "null", true},
    {"x(1)", "null", true},
    {"{a: 1}.b", "null", true},
    {"sort([1, \"a\"])", "null", true},
    {"{f: function(a: number) a, r: f(\"1\")}.r", "null", true},
    /* null and three values */
    {"null + 1", "null", false},
    {"null = 0", "false", false},
    {"null = null", "true", false},
    {"false and null", "false", false},
    {"true or null", "true", false},
    {"true and null", "null", false},
    {"not(null)", "null", false},
    /* text: code points */
    {"string length(\"失信😀\")", "3", false},
    {"substring(\"失信名单\", 2, 2)", "\"信名\"", false},
    {"substring(\"foobar\", -2, 1)", "\"a\"", false},
    {"\"\\uD83D\\uDE00\" = \"😀\"", "true", false},
    {"\"\\U01F600\" = \"😀\"", "true", false},
    {"upper case(\"aбü失\")", "\"AБÜ失\"", false},
    {"\"z\" < \"é\"", "true", false},
    /* time */
    {"date(\"2026-01-31\") + duration(\"P1M\")", "@\"2026-02-28\"", false},
    {"date(\"2024-02-29\") - duration(\"P1Y\")", "@\"2023-02-28\"", false},
    {"date(\"2026-03-01\") - date(\"2026-02-01\")", "@\"P28D\"", false},
    {"date(\"-0001-12-31\").year", "-1", false},
    {"today()", "@\"2026-11-22\"", false},
    {"now()", "@\"2026-11-22T08:30:00+08:00\"", false},
    {"date(\"2026-11-22\").weekday", "7", false},
    {"week of year(date(\"2005-01-01\"))", "53", false},
    {"years and months duration(date(\"2026-01-31\"), date(\"2026-02-28\"))", "@\"P0M\"", false},
    {"time(\"23:30:00\") + duration(\"PT1H\")", "@\"00:30:00\"", false},
    {"duration(\"P1DT2H\") / 2", "@\"PT13H\"", false},
    {"@\"2026-01-01T00:00:00+08:00\" = @\"2025-12-31T16:00:00Z\"", "true", false},
    /* names, scopes, functions */
    {"{first name: 1, r: first name + 1}.r", "2", false},
    {"{a: 1, b: {c: 2}}.b.c", "2", false},
    {"{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", "3628800", false},
    {"for i in 1..3, j in 1..i return i * j", "[1, 2, 4, 3, 6, 9]", false},
    {"for i in 1..5 return if i = 1 then 1 else partial[-1] * i", "[1, 2, 6, 24, 120]", false},
    {"(for i in 1..3 return function() i)[2]()", "2", false},
    {"[{k: 1, v: 2}, {k: 3, v: 4}][k > 1].v", "[4]", false},
    {"[1, 2, 3, 4][item > 2]", "[3, 4]", false},
    {"[1, 2, 3][-1]", "3", false},
    {"some z in [1, 2] satisfies z > 1", "true", false},
    {"every z in [1, null] satisfies z > 0", "null", false},
    {"sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]", false},
    {"5 in (< 3, [5..9])", "true", false},
    {"5 in (1..5)", "false", false},
    {"5 in ]1..5]", "true", false},
    {"5 in [1..5[", "false", false},
    {"x in y", "true", false},
    {"1 /* one */ + 1 // two", "2", false},
    {"@\"2026-01-01\" instance of date", "true", false},
    {"[1, 2] instance of list<number>", "true", false},
    {"-1 instance of number", "null", true},
};

static cx_value evaluate(const char *text, cx_arena *arena, cx_rc want, size_t *warnings) {
    cx_model *model = small_load(small_expression(text));
    cx_value inputs[2] = {cx_value_int(2), cx_value_null()};
    cx_value items[2] = {cx_value_int(1), cx_value_int(2)};
    cx_answer answer;
    cx_err err = {0};
    cx_time now = 0;
    inputs[1] = cx_value_list(items, 2);
    assert_true(cx_time_parse(CX_VIEW("2026-11-22T08:30:00+08:00"), &now));
    cx_rc rc = cx_decision_eval(cx_model_decision(model, CX_VIEW("d")), inputs, now, 0, arena, &answer, &err);
    if (rc != want)
        fail_msg("%s: %s %s", text, cx_rc_name(rc), err.text);
    *warnings = answer.warning_count;
    cx_value v = answer.value;
    cx_view literal = cx_value_literal(v, arena); /* before the model goes: constants live in it */
    v = rc == CX_OK ? cx_value_string(literal) : cx_value_null();
    cx_model_destroy(&model);
    return v;
}

static void expressions(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    assert_non_null(arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t warnings;
        cx_view got = {NULL, 0};
        cx_arena_reset(arena);
        assert_true(cx_value_to_string(evaluate(cases[i].text, arena, CX_OK, &warnings), &got));
        if (!cx_view_is(got, cases[i].result))
            fail_msg("%s gives %.*s, not %s", cases[i].text, CX_VIEW_ARGS(got), cases[i].result);
        if ((warnings > 0) != cases[i].warned)
            fail_msg("%s: %zu warnings", cases[i].text, warnings);
    }
    cx_arena_destroy(&arena);
}

/* What never ends, or grows without end, is given up. */
static void limits(void **state) {
    (void)state;
    static const struct {
        const char *text;
        cx_rc rc;
    } endless[] = {{"{f: function(n) f(n + 1), r: f(1)}.r", CX_EVAL_LIMIT},
                   {"count(for i in 1..100000, j in 1..100000 return 1)", CX_EVAL_LIMIT},
                   {"some i in 1..100000000000 satisfies i < 0", CX_EVAL_LIMIT},
                   {"for i in 1..1000000 return concatenate(partial, partial)", CX_OUT_OF_MEMORY}};
    for (size_t i = 0; i < COUNT(endless); i++) {
        size_t warnings;
        cx_arena *arena = cx_arena_new((size_t)(endless[i].rc == CX_OUT_OF_MEMORY ? 8 : 4000) << 20);
        assert_non_null(arena);
        (void)evaluate(endless[i].text, arena, endless[i].rc, &warnings);
        cx_arena_destroy(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(expressions), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
