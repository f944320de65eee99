/* Dates and instants against a table of known days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/time.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void dates_round_trip(void **state) {
    (void)state;
    cx_date last = cx_date_from_civil((cx_civil){9999, 12, 31});
    for (cx_date d = cx_date_from_civil((cx_civil){1, 1, 1}); d <= last; d++) {
        cx_civil c = cx_date_to_civil(d);
        if (!cx_civil_is_valid(c) || cx_date_from_civil(c) != d)
            fail_msg("day %d does not come back", d);
    }
}

static void known_days(void **state) {
    (void)state;
    static const struct {
        const char *text;
        cx_date date;
        int weekday;
    } cases[] = {
        {"1970-01-01", 0, 4}, {"2000-02-29", 11016, 2}, {"2026-11-22", 20779, 0}, {"1969-12-31", -1, 3}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_date d;
        char out[CX_DATE_TEXT];
        assert_true(cx_date_parse(cx_view_of(cases[i].text), &d));
        assert_int_equal(d, cases[i].date);
        assert_int_equal(cx_date_weekday(d), cases[i].weekday);
        assert_string_equal(cx_date_format(d, out), cases[i].text);
    }
}

static void refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",          "2026",        "2026-02-29", "2026-13-01",
                                        "2026-1-01", "2026-01-01x", "0000-01-01", "2026-01-01T25:00"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        cx_time t;
        assert_false(cx_time_parse(cx_view_of(texts[i]), &t));
    }
}

static void instants(void **state) {
    (void)state;
    cx_time t;
    char out[CX_TIME_TEXT];
    assert_true(cx_time_parse(CX_VIEW("2027-06-01"), &t));
    assert_string_equal(cx_time_format(t, out), "2027-06-01T00:00:00.000+08:00");
    assert_int_equal(cx_date_of_time(t), cx_date_of_time(t + CX_DAY - 1));
    assert_int_equal(cx_date_of_time(t - 1) + 1, cx_date_of_time(t));
    assert_true(cx_time_parse(CX_VIEW("1970-01-01T00:00:00.001Z"), &t));
    assert_int_equal(t, 1);
    assert_true(cx_time_parse(CX_VIEW("1970-01-01T08:00:01"), &t));
    assert_int_equal(t, 1000);
}

static void months(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int n;
        const char *to;
    } cases[] = {{"2026-01-31", 1, "2026-02-28"},
                 {"2024-01-31", 1, "2024-02-29"},
                 {"2026-03-31", -1, "2026-02-28"},
                 {"2026-11-22", 36, "2029-11-22"},
                 {"2026-12-31", 2, "2027-02-28"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_date d;
        char out[CX_DATE_TEXT];
        assert_true(cx_date_parse(cx_view_of(cases[i].from), &d));
        assert_string_equal(cx_date_format(cx_date_add_months(d, cases[i].n), out), cases[i].to);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates_round_trip), cmocka_unit_test(known_days),
                                       cmocka_unit_test(refused), cmocka_unit_test(instants),
                                       cmocka_unit_test(months)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
