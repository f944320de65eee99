/* Which ticks come next, from tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "services/clock/plan.h"

static void the_next_tick(void **unused) {
    (void)unused;
    static const struct {
        cx_time last, now, wanted;
    } cases[] = {
        {CX_NO_TIME, 5000, 5000}, /* the first is now */
        {5000, 5000, CX_NO_TIME}, /* none twice */
        {5000, 4000, CX_NO_TIME}, /* a clock that was set back waits */
        {5000, 5999, CX_NO_TIME}, /* not before the second is over */
        {5000, 6000, 6000},       /* each second */
        {5000, 6003, 6003},       /* late is late, not doubled */
        {0, 60000, 60000},        /* an outage of a minute is one step */
        {0, 60001, 60000},        /* a longer one is caught up in steps */
        {60000, 3600000, 120000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cx_clock_next(cases[i].last, cases[i].now, 1000), cases[i].wanted);
}

static cx_time at(const char *text) {
    cx_time t = CX_NO_TIME;
    assert_true(cx_time_parse(cx_view_of(text), &t));
    return t;
}

static void a_leap_stops_at_each_midnight(void **unused) {
    (void)unused;
    static const char *const stops[] = {"2026-02-27T12:00:00", "2026-02-28", "2026-03-01", "2026-03-02",
                                        "2026-03-02T08:30:00"};
    size_t n = sizeof stops / sizeof stops[0];
    for (size_t i = 0; i + 1 < n; i++)
        assert_int_equal(cx_clock_leap(at(stops[i]), at(stops[n - 1])), at(stops[i + 1]));
    assert_int_equal(cx_clock_leap(at(stops[n - 1]), at(stops[n - 1])), CX_NO_TIME);
    assert_int_equal(cx_clock_leap(at("2026-03-05"), at("2026-03-04")), CX_NO_TIME);
    assert_int_equal(cx_clock_leap(at("2026-03-01"), at("2026-03-02")), at("2026-03-02"));
}

static void freshness_is_never_overstated(void **unused) {
    (void)unused;
    assert_int_equal(cx_clock_received_to(1000, CX_NO_TIME, 0, false), 1000); /* nothing waits */
    assert_int_equal(cx_clock_received_to(1000, 400, 1000, false), 400);      /* the oldest that waits */
    assert_int_equal(cx_clock_received_to(1000, 1400, 1500, false), 1000);    /* arrived behind the tick */
    assert_int_equal(cx_clock_received_to(9000, 400, 1000, true), 8400);      /* virtual: by its wall age */
    assert_int_equal(cx_clock_received_to(9000, 1400, 1000, true), 9000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_tick),
        cmocka_unit_test(a_leap_stops_at_each_midnight),
        cmocka_unit_test(freshness_is_never_overstated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
