/* A log line is one line and one JSON object, whatever the text holds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"

static void escapes(void **unused) {
    (void)unused;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"plain", "plain"},
        {"a\"b\\c", "a\\\"b\\\\c"},
        {"line\nnext\r\t\x7f\x01", "line\\u000anext\\u000d\\u0009\\u007f\\u0001"},
        {"\xe8\xaf\x9a\xe4\xbf\xa1", "\xe8\xaf\x9a\xe4\xbf\xa1"}, /* 诚信 */
        {"bad \xe8\xaf end", "bad ?? end"},
        {"", ""},
    };
    char out[256];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = cx_log_escape(cases[i].text, out, sizeof out);
        assert_string_equal(out, cases[i].wanted);
        assert_int_equal(n, strlen(out));
    }
}

static void a_cut_leaves_whole_characters(void **unused) {
    (void)unused;
    char out[12];
    (void)cx_log_escape("abcd\xe8\xaf\x9a\xe4\xbf\xa1", out,
                        sizeof out); /* room for five bytes and an escape */
    assert_string_equal(out, "abcd");
    (void)cx_log_escape("abcd\n\n\n", out, sizeof out);
    assert_string_equal(out, "abcd\\u000a");
}

/* What the process writes to standard error while `call` runs. */
static size_t capture(void (*call)(void), char *out, size_t size) {
    char path[] = "/tmp/cx_log_XXXXXX";
    int file = mkstemp(path), kept = dup(STDERR_FILENO);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    call();
    (void)dup2(kept, STDERR_FILENO);
    (void)lseek(file, 0, SEEK_SET);
    ssize_t n = read(file, out, size - 1);
    out[n < 0 ? 0 : n] = '\0';
    (void)close(file);
    (void)close(kept);
    (void)unlink(path);
    return strlen(out);
}

static void say(void) {
    cx_log_info("one %d\n{\"level\":\"error\"}", 1);
    cx_log_debug("not shown at level info");
    cx_err err = {0};
    (void)cx_fail(&err, CX_TOPIC_MISSING, "topic x is missing");
    cx_log_failure(CX_LOG_ERROR, "start", &err);
}

static void lines_are_json(void **unused) {
    (void)unused;
    char out[4096];
    assert_int_equal(cx_log_open("tester", 4, "loud", NULL), CX_CONFIG);
    assert_int_equal(cx_log_open("tester", 4, "info", NULL), CX_OK);
    assert_true(capture(say, out, sizeof out) > 0);
    char *second = strchr(out, '\n');
    assert_non_null(second);
    *second++ = '\0';
    assert_non_null(
        strstr(out, "\"level\":\"info\",\"service\":\"tester\",\"slot\":4,\"message\":\"one 1\\u000a{"));
    assert_int_equal(out[0], '{');
    assert_int_equal(out[strlen(out) - 1], '}');
    assert_non_null(strstr(second, "start: TOPIC_MISSING: topic x is missing; run: chengxin topics apply"));
    assert_null(strstr(second, "not shown"));
    assert_int_equal(strchr(second, '\n')[1], '\0');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(a_cut_leaves_whole_characters),
        cmocka_unit_test(lines_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
