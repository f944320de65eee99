/* One assignment close behind another, on the library's own model of a broker. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "common/bus/assign.h"
#include "common/bus/conf.h"

enum { PARTITIONS = 4, TIMES = 60, WAIT_MS = 10000 };

static rd_kafka_t *consumer_of_a_model(void) {
    cx_config *config = cx_config_new();
    rd_kafka_conf_t *conf = NULL;
    rd_kafka_t *rk = NULL;
    assert_int_equal(cx_config_set(config, "kafka.test.mock.num.brokers", "1", "flag", NULL), CX_OK);
    assert_int_equal(cx_conf_new(config, CX_CONF_READER, &conf, NULL), CX_OK);
    assert_int_equal(cx_conf_open(&conf, RD_KAFKA_CONSUMER, &rk, NULL), CX_OK);
    (void)rd_kafka_poll_set_consumer(rk);
    cx_config_destroy(&config);
    return rk;
}

/* Partitions that are not known are never started. */
static void make_known(rd_kafka_t *rk) {
    rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "t", NULL);
    const struct rd_kafka_metadata *found = NULL;
    assert_int_equal(rd_kafka_metadata(rk, 0, topic, &found, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(found->topics[0].partition_cnt, PARTITIONS);
    rd_kafka_metadata_destroy(found);
    rd_kafka_topic_destroy(topic);
}

/* With rd_kafka_assign in its place the process is gone within the first ten. */
static void it_may_be_changed_at_once(void **unused) {
    (void)unused;
    rd_kafka_t *rk = consumer_of_a_model();
    make_known(rk);
    for (int i = 0; i < TIMES; i++) {
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(PARTITIONS), *now = NULL;
        for (int p = 0; p < PARTITIONS; p++)
            rd_kafka_topic_partition_list_add(list, "t", p)->offset = i;
        assert_int_equal(cx_assign(rk, list), RD_KAFKA_RESP_ERR_NO_ERROR);
        assert_int_equal(cx_assign(rk, i % 3 == 2 ? NULL : list), RD_KAFKA_RESP_ERR_NO_ERROR);
        assert_int_equal(rd_kafka_assignment(rk, &now), RD_KAFKA_RESP_ERR_NO_ERROR);
        assert_int_equal(now->cnt, i % 3 == 2 ? 0 : PARTITIONS);
        rd_kafka_topic_partition_list_destroy(now);
        rd_kafka_topic_partition_list_destroy(list);
    }
    (void)rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_may_be_changed_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
