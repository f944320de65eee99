/* Numbers as text, both ways. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>

#include "common/base/view.h"

static void there_and_back(int64_t number) {
    char text[CX_INT64_TEXT], printed[CX_INT64_TEXT];
    const char *end = cx_int64_print(number, text);
    int64_t back = 0;
    (void)snprintf(printed, sizeof printed, "%" PRId64, number);
    assert_string_equal(text, printed);
    assert_int_equal(end - text, (ptrdiff_t)cx_view_of(printed).n);
    assert_true(cx_view_to_int64(cx_view_of(text), &back));
    assert_int_equal(back, number);
}

static void numbers_go_there_and_back(void **unused) {
    (void)unused;
    there_and_back(0);
    there_and_back(INT64_MIN);
    there_and_back(INT64_MAX);
    for (int64_t n = 1; n < INT64_MAX / 10; n *= 10) {
        there_and_back(n);
        there_and_back(n - 1);
        there_and_back(-n);
    }
}

static void what_is_no_number_or_does_not_fit(void **unused) {
    (void)unused;
    static const char *const bad[] = {
        "", "-", "+1", " 1", "1 ", "0x1", "1.0", "9223372036854775808", "-9223372036854775809"};
    int64_t out = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(cx_view_to_int64(cx_view_of(bad[i]), &out));
    assert_int_equal(out, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_go_there_and_back),
                                       cmocka_unit_test(what_is_no_number_or_does_not_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
