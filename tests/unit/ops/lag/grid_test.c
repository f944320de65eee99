/* Tables that fit a terminal, and durations. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/grid.h"
#include "ops/cli/print.h"

static const cx_grid_column columns[] = {{"state", false, 0, 0},
                                         {"group", false, 6, 0},
                                         {"end", true, 0, 2},
                                         {"waits", true, 0, 0},
                                         {"rate", true, 0, 1}};
enum { COLUMNS = sizeof columns / sizeof columns[0] };
static const cx_view cells[] = {
    CX_VIEW("ok"),      CX_VIEW("credit.classifier"), CX_VIEW("1000"), CX_VIEW("0 s"),   CX_VIEW("1.5"),
    CX_VIEW("stalled"), CX_VIEW("市场监督管理局组"),  CX_VIEW("7"),    CX_VIEW("3.2 s"), CX_VIEW("-")};

static char *print(size_t width) {
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    assert_int_equal(cx_grid_print(columns, COLUMNS, cells, 2, width, to), CX_OK);
    (void)fclose(to);
    return text;
}

static void exactly(size_t width, const char *wanted) {
    char *text = print(width);
    assert_string_equal(text, wanted);
    free(text);
}

static void what_is_wide_shrinks_and_what_matters_least_goes(void **state) {
    (void)state;
    exactly(CX_GRID_ANY_WIDTH, "state    group               end  waits  rate\n"
                               "ok       credit.classifier  1000    0 s   1.5\n"
                               "stalled  市场监督管理局组      7  3.2 s     -\n");
    exactly(40, "state    group          end  waits  rate\n"
                "ok       credit.clas…  1000    0 s   1.5\n"
                "stalled  市场监督管…      7  3.2 s     -\n");
    exactly(30, "state    group     waits  rate\n"
                "ok       credit.…    0 s   1.5\n"
                "stalled  市场监…   3.2 s     -\n");
    exactly(24, "state    group     waits\n"
                "ok       credit.…    0 s\n"
                "stalled  市场监…   3.2 s\n");
}

static void nothing_is_ever_wider(void **state) {
    (void)state;
    for (size_t width = 1; width < 60; width++) {
        char *text = print(width);
        int lines = 0;
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++)
            assert_true(cx_text_width((cx_view){line, (size_t)(end - line)}) <= width);
        assert_int_equal(lines, 3);
        free(text);
    }
}

static void durations(void **state) {
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{-1, "-"},
                 {0, "0 s"},
                 {0.04, "0.0 s"},
                 {3.25, "3.2 s"},
                 {99.94, "99.9 s"},
                 {99.96, "1 m 39 s"},
                 {200, "3 m 20 s"},
                 {3599, "59 m 59 s"},
                 {3600, "1 h 00 m"},
                 {7500, "2 h 05 m"},
                 {86400, "1 d 00 h"},
                 {273600, "3 d 04 h"},
                 {1e15, "11574074074 d 01 h"}};
    char out[CX_GRID_DURATION];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(cx_grid_duration(cases[i].seconds, out), cases[i].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wide_shrinks_and_what_matters_least_goes),
        cmocka_unit_test(nothing_is_ever_wider),
        cmocka_unit_test(durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
