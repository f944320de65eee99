/* Working days and deadlines against days counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/law/calendar.h"
#include "common/law/facts.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static cx_date day(const char *text) {
    cx_date d;
    assert_true(cx_date_parse(cx_view_of(text), &d));
    return d;
}

/* The National Day holiday of 2025: 1 to 8 October off, 28 September (Sunday) and 11 October (Saturday)
 * worked. */
static cx_calendar october(cx_arena *arena) {
    static const char *const off[] = {"2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04",
                                      "2025-10-05", "2025-10-06", "2025-10-07", "2025-10-08"};
    cx_calendar_row rows[COUNT(off) + 2];
    for (size_t i = 0; i < COUNT(off); i++)
        rows[i] = (cx_calendar_row){day(off[i]), false};
    rows[COUNT(off)] = (cx_calendar_row){day("2025-09-28"), true};
    rows[COUNT(off) + 1] = (cx_calendar_row){day("2025-10-11"), true};
    cx_calendar calendar;
    cx_err err = {0};
    assert_int_equal(cx_calendar_build(rows, COUNT(rows), arena, &calendar, &err), CX_OK);
    return calendar;
}

static void deadlines(void **state) {
    (void)state;
    static const struct {
        const char *from;
        const char *period;
        const char *last;
        bool provisional;
    } cases[] = {
        {"2025-09-26", "1w", "2025-09-28", false}, /* Friday: the worked Sunday counts */
        {"2025-09-30", "1w", "2025-10-09", false}, /* over the holiday */
        {"2025-09-30", "3w", "2025-10-11", false}, /* 9, 10, and the worked Saturday 11 */
        {"2025-09-30", "4w", "2025-10-13", false},
        {"2025-09-24", "10d", "2025-10-09", false}, /* ends in it: moves */
        {"2025-03-03", "5d", "2025-03-10", false},  /* Saturday 8 March: Monday */
        {"2025-12-31", "1w", "2026-01-01", true},   /* beyond: Monday to Friday, provisional */
        {"2024-12-30", "2w", "2025-01-01", true},
        {"2025-06-02", "0d", "2025-06-02", false},
    };
    cx_arena *arena = cx_arena_new(0);
    cx_calendar calendar = october(arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_period period;
        bool provisional = false;
        char got[CX_DATE_TEXT];
        assert_true(cx_period_parse(cx_view_of(cases[i].period), &period));
        cx_date last = cx_calendar_last_day(&calendar, day(cases[i].from), period, &provisional);
        assert_string_equal(cx_date_format(last, got), cases[i].last);
        assert_int_equal(provisional, cases[i].provisional);
    }
    cx_arena_destroy(&arena);
}

static void periods(void **state) {
    (void)state;
    static const char *const bad[] = {"5", "w", "-1d", "5m", "99999d", "5 w", "1.5w"};
    cx_period p;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(cx_period_parse(cx_view_of(bad[i]), &p));
    assert_true(cx_period_parse(CX_VIEW(""), &p));
    assert_int_equal(p.days, 0);
}

static void a_day_named_twice_is_refused(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_calendar calendar;
    cx_err err = {0};
    cx_calendar_row rows[] = {{100, true}, {100, false}};
    assert_int_equal(cx_calendar_build(rows, 2, arena, &calendar, &err), CX_PACK_INVALID);
    cx_arena_destroy(&arena);
}

/* I-FORBIDDEN: names of facts, whatever their dress; and words that only look alike. */
static void forbidden_facts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        cx_sensitivity want;
    } cases[] = {{"religion", CX_FACT_FORBIDDEN},
                 {"Blood_Type", CX_FACT_FORBIDDEN},
                 {"subject.fingerprint", CX_FACT_FORBIDDEN},
                 {"指纹信息", CX_FACT_FORBIDDEN},
                 {"public security record", CX_FACT_FORBIDDEN},
                 {"public_security", CX_FACT_FORBIDDEN},
                 {"real_estate", CX_FACT_SENSITIVE},
                 {"annual-income", CX_FACT_SENSITIVE},
                 {"家庭存款", CX_FACT_SENSITIVE},
                 {"reporter", CX_FACT_REPORTER},
                 {"举报人姓名", CX_FACT_REPORTER},
                 {"general", CX_FACT_ORDINARY},
                 {"penalty", CX_FACT_ORDINARY},
                 {"surface", CX_FACT_ORDINARY},
                 {"outcome", CX_FACT_ORDINARY},
                 {"", CX_FACT_ORDINARY}};
    for (size_t i = 0; i < COUNT(cases); i++)
        if (cx_fact_sensitivity(cx_view_of(cases[i].name)) != cases[i].want)
            fail_msg("%s is not judged as it should be", cases[i].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(deadlines), cmocka_unit_test(periods),
                                       cmocka_unit_test(a_day_named_twice_is_refused),
                                       cmocka_unit_test(forbidden_facts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
