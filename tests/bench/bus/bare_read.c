/* A topic as fast as it can be read: what a restore of state is measured by. */
#include <stdio.h>

#include "tests/bench/bus/bare.h"

enum { WAIT_MS = 10000, POLL_MS = 200 };

struct totals {
    size_t messages, key_bytes, value_bytes, header_bytes;
};

static size_t headers_of(const rd_kafka_message_t *m) {
    rd_kafka_headers_t *headers = NULL;
    size_t total = 0;
    if (rd_kafka_message_headers(m, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    const char *name;
    const void *value;
    size_t n;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &n) == RD_KAFKA_RESP_ERR_NO_ERROR;
         i++)
        total += n;
    return total;
}

static rd_kafka_topic_partition_list_t *places_of(rd_kafka_t *rk, const char *topic) {
    const struct rd_kafka_metadata *found = NULL;
    rd_kafka_topic_t *rkt = rd_kafka_topic_new(rk, topic, NULL);
    if (rkt == NULL || rd_kafka_metadata(rk, 0, rkt, &found, WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        found->topics[0].partition_cnt == 0)
        bare_die("no such topic", topic);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(found->topics[0].partition_cnt);
    for (int p = 0; p < found->topics[0].partition_cnt; p++)
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_metadata_destroy(found);
    rd_kafka_topic_destroy(rkt);
    return list;
}

static void take(struct totals *t, const rd_kafka_message_t *m) {
    t->messages++;
    t->key_bytes += m->key_len;
    t->value_bytes += m->len;
    t->header_bytes += headers_of(m);
}

void bare_read(const cx_config *config, const char *topic) {
    struct totals t = {0};
    rd_kafka_conf_t *conf = NULL;
    double began = bare_now();
    rd_kafka_t *rk = bare_client(config, CX_CONF_READER, &conf);
    (void)rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *places = places_of(rk, topic);
    if (rd_kafka_assign(rk, places) != RD_KAFKA_RESP_ERR_NO_ERROR)
        bare_die("assigning", topic);
    for (int open = places->cnt; open > 0;) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, POLL_MS);
        if (m == NULL)
            continue;
        if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            open--;
        else if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            bare_die("reading", rd_kafka_message_errstr(m));
        else
            take(&t, m);
        rd_kafka_message_destroy(m);
    }
    (void)printf("{\"seconds\": %.6f, \"messages\": %zu, \"key_bytes\": %zu, \"value_bytes\": %zu, "
                 "\"header_bytes\": %zu}\n",
                 bare_now() - began, t.messages, t.key_bytes, t.value_bytes, t.header_bytes);
    rd_kafka_topic_partition_list_destroy(places);
    (void)rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}
