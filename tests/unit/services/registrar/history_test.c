/* Histories decided by hand: tests/unit/services/registrar/histories, in the form of tests/model/history.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/history.h"
#include "tests/model/loop.h"

static const char folder[] = "tests/unit/services/registrar/histories";

/* Every file, in one partition and in several: where an event lies must not matter to what comes of it. */
static void histories_hold(void **state) {
    static const int32_t partitions[] = {1, 3, 8};
    int files = 0, histories = 0, lines = 0, failures = 0;
    size_t caused[CX_LOOP_DEPTHS] = {0};
    (void)state;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (strstr(e->d_name, ".txt") == NULL)
            continue;
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        files++;
        for (size_t i = 0; i < sizeof partitions / sizeof partitions[0]; i++) {
            cx_history_result result;
            assert_true(cx_history_run(path, partitions[i], &result));
            failures += result.failures;
            assert_true(result.histories > 0 && result.lines > 0);
            histories += result.histories;
            lines += result.lines;
            for (size_t n = 0; n < CX_LOOP_DEPTHS; n++)
                caused[n] += result.caused[n];
        }
    }
    (void)closedir(dir);
    assert_true(files > 0);
    assert_int_equal(failures, 0);
    assert_true(caused[1] > 0 && caused[2] > 0); /* both are seen */
    print_message("%d files, %d histories, %d expectations\n", files, histories, lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(histories_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
