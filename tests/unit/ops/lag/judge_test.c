/* What a look says of a partition: a table of two looks each, ten seconds apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/lag_show.h"

enum { NONE = -1 };
static const cx_time first_look = 1800000000000, second_look = 1800000010000;
static const cx_lag_wanted wanted = {.ok_ms = 5000, .stall_ms = 6000};

struct look {
    int64_t position, end;
    int64_t messages; /* as told by whoever looked behind the position */
    double waits;     /* seconds that the oldest has waited; < 0: not known */
};

static const struct {
    const char *what;
    const char *member;
    struct look before, now;
    double seconds, rate;
    cx_lag_state state;
} cases[] = {
    {"nothing waits", "m", {10, 10, 0, 0}, {10, 10, 0, 0}, 0, 0, CX_LAG_OK},
    {"only markers follow", "m", {10, 11, 0, 0}, {10, 12, 0, 0}, 0, 0, CX_LAG_OK},
    {"something waits, not for long", "m", {10, 20, 10, 1}, {20, 30, 10, 5}, 5, 1, CX_LAG_OK},
    {"it waits, and is read", "m", {10, 200, 190, 60}, {20, 210, 190, 60}, 60, 1, CX_LAG_BEHIND},
    {"it waits, and is not read", "m", {10, 20, 10, 60}, {10, 30, 20, 70}, 70, 0, CX_LAG_STALLED},
    {"it is not read, and nothing comes", "m", {10, 20, 10, 60}, {10, 20, 10, 70}, 70, 0, CX_LAG_BEHIND},
    {"nobody has it", NULL, {10, 20, 10, 60}, {10, 30, 20, 70}, 70, 0, CX_LAG_STOPPED},
    {"nobody has it, and nothing waits", NULL, {10, 10, 0, 0}, {10, 10, 0, 0}, 0, 0, CX_LAG_STOPPED},
    {"it went back", "m", {15, 20, 5, 60}, {10, 20, 10, 70}, 70, NONE, CX_LAG_REWOUND},
    {"it went back, and nobody has it", NULL, {15, 20, 5, 60}, {10, 20, 10, 70}, 70, NONE, CX_LAG_REWOUND},
    {"what it names was removed", "m", {2, 20, 17, 60}, {2, 20, 17, 70}, 70, 0, CX_LAG_LOST},
    {"it lies behind the end", "m", {30, 20, 0, 0}, {30, 20, 0, 0}, 0, 0, CX_LAG_LOST},
    {"how long is not known", "m", {10, 20, 10, NONE}, {12, 20, 8, NONE}, NONE, 0.2, CX_LAG_BEHIND},
    {"no position, and how much is not known",
     "m",
     {NONE, 20, NONE, NONE},
     {NONE, 20, NONE, NONE},
     NONE,
     NONE,
     CX_LAG_BEHIND},
    {"the first position", "m", {NONE, 20, NONE, NONE}, {20, 20, 0, 0}, 0, NONE, CX_LAG_OK},
};

static cx_lag_row row_of(const struct look *look, const char *member, cx_time at) {
    return (cx_lag_row){.group = "g",
                        .topic = "t",
                        .member = member,
                        .position = look->position,
                        .low = 3,
                        .end = look->end,
                        .messages = look->messages,
                        .tick = CX_NO_TIME,
                        .since = look->waits < 0 ? CX_NO_TIME : at - (cx_time)(look->waits * 1000)};
}

static void each_case(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_lag_group group = {.name = "g"};
        cx_lag_row was = row_of(&cases[i].before, cases[i].member, first_look);
        cx_lag_row is = row_of(&cases[i].now, cases[i].member, second_look);
        cx_lag before = {
            .at = first_look, .log_now = first_look, .groups = &group, .group_n = 1, .rows = &was, .n = 1};
        cx_lag now = {
            .at = second_look, .log_now = second_look, .groups = &group, .group_n = 1, .rows = &is, .n = 1};
        cx_lag_judge(&before, NULL, &wanted);
        assert_true(was.rate < 0); /* one look tells no rate, and cannot tell what stands */
        assert_true(was.state != CX_LAG_STALLED && was.state != CX_LAG_REWOUND);
        cx_lag_judge(&now, &before, &wanted);
        if (is.state != cases[i].state || is.seconds < cases[i].seconds || is.seconds > cases[i].seconds ||
            (cases[i].rate < 0 ? is.rate >= 0 : is.rate < cases[i].rate || is.rate > cases[i].rate))
            fail_msg("%s: %s, %f s, %f/s", cases[i].what, cx_lag_state_name(is.state), is.seconds, is.rate);
        assert_ptr_equal(cx_lag_worst(&now, &group), &is);
    }
}

/* Rewound until it is back where it was; and what stands stays stalled. */
static void over_three_looks(void **state) {
    (void)state;
    static const struct {
        int64_t position[3];
        cx_lag_state state[3];
    } lives[] = {{{10, 5, 10}, {CX_LAG_BEHIND, CX_LAG_REWOUND, CX_LAG_BEHIND}},
                 {{10, 5, 9}, {CX_LAG_BEHIND, CX_LAG_REWOUND, CX_LAG_REWOUND}},
                 {{10, 10, 10}, {CX_LAG_BEHIND, CX_LAG_STALLED, CX_LAG_STALLED}},
                 {{10, 10, 11}, {CX_LAG_BEHIND, CX_LAG_STALLED, CX_LAG_BEHIND}}};
    for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        cx_lag looks[3];
        cx_lag_row rows[3];
        cx_lag_group group = {.name = "g"};
        for (int k = 0; k < 3; k++) {
            cx_time at = first_look + k * 10 * CX_SECOND;
            struct look look = {lives[i].position[k], 100 + k, 90, 60};
            rows[k] = row_of(&look, "m", at);
            looks[k] =
                (cx_lag){.at = at, .log_now = at, .groups = &group, .group_n = 1, .rows = &rows[k], .n = 1};
            cx_lag_judge(&looks[k], k > 0 ? &looks[k - 1] : NULL, &wanted);
            assert_int_equal(rows[k].state, lives[i].state[k]);
        }
    }
}

/* On a virtual log what is read of the spine is old by the log's clock, what arrives by the wall's. */
static void each_topic_by_the_clock_that_wrote_it(void **state) {
    (void)state;
    cx_lag_row rows[] = {{.group = "g",
                          .topic = "credit.decided",
                          .member = "m",
                          .end = 9,
                          .messages = 9,
                          .tick = CX_NO_TIME,
                          .since = 1000},
                         {.group = "g",
                          .topic = "credit.in.market",
                          .member = "m",
                          .end = 9,
                          .messages = 9,
                          .tick = CX_NO_TIME,
                          .since = second_look - 7000},
                         {.group = "g",
                          .topic = "credit.records",
                          .member = "m",
                          .end = 9,
                          .messages = 9,
                          .tick = 2000,
                          .since = second_look},
                         {.group = "g",
                          .topic = "other",
                          .member = "m",
                          .end = 9,
                          .messages = 9,
                          .tick = CX_NO_TIME,
                          .since = second_look - 8000}};
    static const double seconds[] = {9, 7, 8, 8};
    cx_lag_group group = {.name = "g"};
    cx_lag lag = {.at = second_look,
                  .log_now = 10000,
                  .has_log = true,
                  .is_virtual = true,
                  .groups = &group,
                  .group_n = 1,
                  .rows = rows,
                  .n = 4};
    lag.sinks[CX_LAG_REDIS] = (cx_lag_sink){.name = "redis", .known = true, .as_of = 4000, .tick = 4000};
    lag.sinks[CX_LAG_POSTGRES] = (cx_lag_sink){.name = "postgres", .why = "away"};
    cx_lag_judge(&lag, NULL, &wanted);
    for (int i = 0; i < 4; i++)
        assert_true(rows[i].seconds >= seconds[i] && rows[i].seconds <= seconds[i]);
    assert_true(lag.sinks[CX_LAG_REDIS].seconds >= 6 && lag.sinks[CX_LAG_REDIS].seconds <= 6);
    assert_true(lag.sinks[CX_LAG_POSTGRES].seconds < 0);
}

/* What is told holds what was judged, and no line is wider than the terminal. */
static void told_in_any_width(void **state) {
    (void)state;
    cx_lag_row row = {.group = "credit.classifier",
                      .topic = "credit.records",
                      .partition = 3,
                      .position = 10,
                      .low = 0,
                      .end = 1000010,
                      .messages = 1000000,
                      .tick = CX_NO_TIME,
                      .since = second_look - 3700000};
    cx_lag_group group = {.name = "credit.classifier", .known = true};
    cx_lag lag = {.at = second_look,
                  .log_now = second_look,
                  .has_log = true,
                  .groups = &group,
                  .group_n = 1,
                  .rows = &row,
                  .n = 1};
    lag.sinks[CX_LAG_REDIS] = (cx_lag_sink){.name = "redis", .known = true, .as_of = second_look - 1000};
    lag.sinks[CX_LAG_POSTGRES] =
        (cx_lag_sink){.name = "postgres", .why = "the server is starting, so says the log of it"};
    lag.favour = (cx_lag_favour){.known = true,
                                 .seconds = 75,
                                 .topic = "credit.classified",
                                 .change = "Repair",
                                 .partition = 2,
                                 .offset = 33};
    cx_lag_judge(&lag, NULL, &wanted);
    for (size_t width = 8; width <= 120; width++) {
        char *text = NULL;
        size_t n = 0;
        FILE *to = open_memstream(&text, &n);
        assert_int_equal(cx_lag_show(&lag, false, width, 0, to), CX_OK);
        (void)fclose(to);
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
            assert_true((size_t)(end - line) <= width + 4); /* an ellipsis is three bytes */
        assert_true(width < 40 || (strstr(text, "stopped") != NULL && strstr(text, "1 h 01 m") != NULL));
        assert_true(width < 80 || (strstr(text, "credit.records") != NULL &&
                                   strstr(text, "1000000") != NULL && strstr(text, "Repair") != NULL));
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case),
        cmocka_unit_test(over_three_looks),
        cmocka_unit_test(each_topic_by_the_clock_that_wrote_it),
        cmocka_unit_test(told_in_any_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
