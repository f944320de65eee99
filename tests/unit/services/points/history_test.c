/* Points over histories decided by hand (the file histories/points.txt, in the form of
 * tests/model/history.h), in one partition and in several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/model/history.h"

static void histories_hold(void **state) {
    static const int32_t partitions[] = {1, 3, 8};
    (void)state;
    for (size_t i = 0; i < sizeof partitions / sizeof partitions[0]; i++) {
        cx_history_result result;
        assert_true(
            cx_history_run("tests/unit/services/points/histories/points.txt", partitions[i], &result));
        assert_int_equal(result.failures, 0);
        assert_true(result.histories >= 11 && result.lines >= 25);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(histories_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
