/* The bus's settings: what goes through, what is refused, and what an error means to us. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "common/bus/conf.h"

static const char *value_of(rd_kafka_conf_t *conf, const char *key) {
    static char text[256];
    size_t n = sizeof text;
    assert_int_equal(rd_kafka_conf_get(conf, key, text, &n), RD_KAFKA_CONF_OK);
    return text;
}

static void safe_settings_are_set(void **unused) {
    (void)unused;
    static const struct {
        cx_conf_kind kind;
        const char *key, *wanted;
    } cases[] = {
        {CX_CONF_CONSUMER, "enable.auto.commit", "false"},
        {CX_CONF_CONSUMER, "enable.auto.offset.store", "false"},
        {CX_CONF_CONSUMER, "check.crcs", "true"},
        {CX_CONF_CONSUMER, "isolation.level", "read_committed"},
        {CX_CONF_CONSUMER, "session.timeout.ms", "12000"},
        {CX_CONF_CONSUMER, "queued.min.messages", "10000000"},
        {CX_CONF_READER, "isolation.level", "read_committed"},
        {CX_CONF_READER, "enable.partition.eof", "true"},
        {CX_CONF_READER, "fetch.wait.max.ms", "10"},
        {CX_CONF_FOLLOWER, "isolation.level", "read_committed"},
        {CX_CONF_FOLLOWER, "fetch.wait.max.ms", "500"},
        {CX_CONF_ADMIN, "isolation.level", "read_uncommitted"},
        {CX_CONF_PRODUCER, "enable.idempotence", "true"},
        {CX_CONF_PRODUCER, "transaction.timeout.ms", "10000"},
        {CX_CONF_PRODUCER, "retry.backoff.ms", "2"},
        {CX_CONF_PRODUCER, "partitioner", "murmur2_random"},
    };
    cx_config *config = cx_config_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rd_kafka_conf_t *conf = NULL;
        assert_int_equal(cx_conf_new(config, cases[i].kind, &conf, NULL), CX_OK);
        assert_string_equal(value_of(conf, cases[i].key), cases[i].wanted);
        rd_kafka_conf_destroy(conf);
    }
    cx_config_destroy(&config);
}

static void other_keys_pass_through(void **unused) {
    (void)unused;
    cx_config *config = cx_config_new();
    rd_kafka_conf_t *conf = NULL;
    assert_int_equal(cx_config_set(config, "kafka.client.id", "me", "flag", NULL), CX_OK);
    assert_int_equal(cx_conf_new(config, CX_CONF_CONSUMER, &conf, NULL), CX_OK);
    assert_string_equal(value_of(conf, "client.id"), "me");
    rd_kafka_conf_destroy(conf);
    cx_config_destroy(&config);
}

static void what_would_break_exactly_once_is_refused(void **unused) {
    (void)unused;
    static const struct {
        const char *key, *value;
    } bad[] = {{"kafka.enable.auto.commit", "true"},
               {"kafka.isolation.level", "read_uncommitted"},
               {"kafka.auto.offset.reset", "latest"},
               {"kafka.transactional.id", "x"},
               {"kafka.acks", "1"},
               {"kafka.transaction.timeout.ms", "12000"}, /* not below the session's */
               {"kafka.session.timeout.ms", "9000"},
               {"kafka.no.such.key", "1"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cx_config *config = cx_config_new();
        rd_kafka_conf_t *conf = NULL;
        assert_int_equal(cx_config_set(config, bad[i].key, bad[i].value, "flag", NULL), CX_OK);
        if (cx_conf_new(config, CX_CONF_CONSUMER, &conf, NULL) != CX_CONFIG)
            fail_msg("%s=%s was accepted", bad[i].key, bad[i].value);
        assert_null(conf);
        cx_config_destroy(&config);
    }
}

static void errors_have_classes(void **unused) {
    (void)unused;
    static const struct {
        rd_kafka_resp_err_t code;
        cx_rc wanted;
    } cases[] = {
        {RD_KAFKA_RESP_ERR__FENCED, CX_FENCED},
        {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, CX_FENCED},
        {RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, CX_POSITION_LOST},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, CX_TOPIC_MISSING},
        {RD_KAFKA_RESP_ERR__FATAL, CX_BUS},
        {RD_KAFKA_RESP_ERR__BAD_MSG, CX_BUS},
        {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, CX_BUS_AWAY},
        {RD_KAFKA_RESP_ERR__TIMED_OUT, CX_BUS_AWAY},
        {RD_KAFKA_RESP_ERR__TRANSPORT, CX_BUS_AWAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cx_conf_class(cases[i].code), cases[i].wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(safe_settings_are_set),
        cmocka_unit_test(other_keys_pass_through),
        cmocka_unit_test(what_would_break_exactly_once_is_refused),
        cmocka_unit_test(errors_have_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
