#include "common/bus/stats.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cx_bus_stats newest[CX_BUS_CLIENTS];

void cx_bus_stats_get(cx_bus_client client, cx_bus_stats *out) {
    (void)pthread_mutex_lock(&lock);
    *out = newest[client];
    (void)pthread_mutex_unlock(&lock);
}

static int64_t number(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

static void take_broker(const json_t *b, cx_bus_stats *s) {
    const char *source = json_string_value(json_object_get(b, "source"));
    int64_t id = number(b, "nodeid");
    bool is_alias =
        source == NULL || strcmp(source, "logical") == 0; /* a coordinator is one of the brokers */
    if (id < 0 || is_alias || s->broker_n == CX_BUS_BROKERS)
        return;
    const char *state = json_string_value(json_object_get(b, "state"));
    const json_t *rtt = json_object_get(b, "rtt");
    s->brokers[s->broker_n++] = (cx_bus_broker){
        .id = id,
        .up = state != NULL && strcmp(state, "UP") == 0,
        .rtt_avg_us = number(rtt, "avg"),
        .rtt_p99_us = number(rtt, "p99"),
        .errors = number(b, "txerrs") + number(b, "rxerrs"),
        .timeouts = number(b, "req_timeouts"),
        .disconnects = number(b, "disconnects"),
        .retries = number(b, "txretries"),
    };
}

static void take_partitions(const json_t *topics, cx_bus_stats *s) {
    const char *name;
    json_t *topic, *partition;
    json_object_foreach((json_t *)(uintptr_t)topics, name, topic) {
        const char *key;
        json_object_foreach(json_object_get(topic, "partitions"), key, partition) {
            s->fetched_messages += number(partition, "fetchq_cnt");
            s->fetched_bytes += number(partition, "fetchq_size");
        }
    }
}

void cx_bus_stats_take(cx_bus_client client, const char *text, size_t n) {
    json_t *root = json_loadb(text, n, 0, NULL), *broker;
    const char *name;
    if (root == NULL)
        return;
    cx_bus_stats s = {
        .known = true,
        .requests = number(root, "tx"),
        .responses = number(root, "rx"),
        .request_bytes = number(root, "tx_bytes"),
        .response_bytes = number(root, "rx_bytes"),
        .messages_sent = number(root, "txmsgs"),
        .messages_received = number(root, "rxmsgs"),
        .queued_messages = number(root, "msg_cnt"),
        .queued_bytes = number(root, "msg_size"),
        .rebalances = number(json_object_get(root, "cgrp"), "rebalance_cnt"),
    };
    json_object_foreach(json_object_get(root, "brokers"), name, broker) take_broker(broker, &s);
    take_partitions(json_object_get(root, "topics"), &s);
    json_decref(root);
    (void)pthread_mutex_lock(&lock);
    newest[client] = s;
    (void)pthread_mutex_unlock(&lock);
}
