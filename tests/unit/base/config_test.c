/* Settings: which source wins, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/config.h"

static void write_file(char path[], const char *text) {
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
}

static void later_sources_win(void **unused) {
    (void)unused;
    char path[] = "/tmp/cx_config_XXXXXX";
    write_file(path,
               "# a comment\n\nslot = 1\nbatch.max.events=10\nlog.level=debug\nkafka.client.id= x y \n");
    char flag[64];
    (void)snprintf(flag, sizeof flag, "--config=%s", path);
    char program[] = "p", word[] = "word", events[] = "--batch.max.events", thirty[] = "30",
         other[] = "--other";
    char *argv[] = {program, word, flag, events, thirty, other, NULL};
    char level[] = "CHENGXIN_LOG_LEVEL=warn", max[] = "CHENGXIN_BATCH_MAX_EVENTS=20",
         foreign[] = "CHENGXIN_ELSE=1", kafka[] = "CHENGXIN_KAFKA_SECURITY_PROTOCOL=ssl";
    char *environment[] = {level, max, foreign, kafka, NULL};
    int argc = 6;
    cx_config *config = cx_config_new();
    assert_int_equal(cx_config_take(config, &argc, argv, environment, NULL), CX_OK);
    assert_int_equal(argc, 3); /* what is no setting stays, in order */
    assert_string_equal(argv[1], "word");
    assert_string_equal(argv[2], "--other");
    assert_null(argv[3]);
    assert_int_equal(cx_config_integer(config, "slot"), 1);
    assert_int_equal(cx_config_integer(config, "batch.max.events"), 30);
    assert_string_equal(cx_config_text(config, "log.level"), "warn");
    assert_string_equal(cx_config_text(config, "kafka.client.id"), "x y");
    assert_string_equal(cx_config_text(config, "kafka.security.protocol"), "ssl");
    assert_string_equal(cx_config_text(config, "kafka.unset"), "");
    assert_true(cx_config_is_set(config, "slot"));
    assert_false(cx_config_is_set(config, "metrics.port"));
    cx_config_destroy(&config);
    (void)unlink(path);
}

static void what_does_not_fit_is_refused(void **unused) {
    (void)unused;
    static const struct {
        const char *key, *value;
    } bad[] = {{"slot", "-1"},       {"slot", "1000"},      {"slot", "x"},
               {"slot", ""},         {"log.level", "loud"}, {"log.level", "info|"},
               {"no.such.key", "1"}, {"kafka.", "1"},       {"metrics.address", ""}};
    cx_config *config = cx_config_new();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cx_err err = {0};
        if (cx_config_set(config, bad[i].key, bad[i].value, "somewhere", &err) != CX_CONFIG)
            fail_msg("%s=%s was accepted", bad[i].key, bad[i].value);
        assert_non_null(strstr(err.text, bad[i].key));
        assert_non_null(strstr(err.text, "somewhere"));
    }
    cx_config_destroy(&config);
}

static void a_bad_line_is_named(void **unused) {
    (void)unused;
    char path[] = "/tmp/cx_config_XXXXXX";
    write_file(path, "slot = 1\nslot two\n");
    cx_config *config = cx_config_new();
    cx_err err = {0};
    assert_int_equal(cx_config_read_file(config, path, &err), CX_CONFIG);
    assert_non_null(strstr(err.text, "line 2"));
    assert_int_equal(cx_config_read_file(config, "/nowhere/at/all", &err), CX_FILE);
    cx_config_destroy(&config);
    (void)unlink(path);
}

static void a_flag_without_its_value_is_refused(void **unused) {
    (void)unused;
    char program[] = "p", slot[] = "--slot";
    char *argv[] = {program, slot, NULL};
    int argc = 2;
    cx_config *config = cx_config_new();
    assert_int_equal(cx_config_take(config, &argc, argv, NULL, NULL), CX_CONFIG);
    cx_config_destroy(&config);
}

static cx_rc find_secret(void *context, const char *key, const char *value, const char *source) {
    (void)source;
    if (strcmp(key, "kafka.sasl.password") == 0)
        (void)snprintf(context, 16, "%s", value);
    return CX_OK;
}

static void passwords_are_not_shown(void **unused) {
    (void)unused;
    char seen[16] = "";
    cx_config *config = cx_config_new();
    assert_int_equal(cx_config_set(config, "kafka.sasl.password", "hunter2", "flag", NULL), CX_OK);
    assert_int_equal(cx_config_each(config, true, find_secret, seen), CX_OK);
    assert_string_equal(seen, "***");
    assert_int_equal(cx_config_each(config, false, find_secret, seen), CX_OK);
    assert_string_equal(seen, "hunter2");
    cx_config_destroy(&config);
}

/* Every default fits its own row. */
static void defaults_are_right(void **unused) {
    (void)unused;
    size_t n = 0;
    const cx_config_row *rows = cx_config_rows(&n);
    cx_config *config = cx_config_new();
    assert_true(n > 10);
    for (size_t i = 0; i < n; i++) {
        cx_err err = {0};
        if (cx_config_set(config, rows[i].key, rows[i].value, "default", &err) != CX_OK)
            fail_msg("%s", err.text);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i].key, rows[j].key);
    }
    cx_config_destroy(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(later_sources_win),       cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_bad_line_is_named),     cmocka_unit_test(a_flag_without_its_value_is_refused),
        cmocka_unit_test(passwords_are_not_shown), cmocka_unit_test(defaults_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
