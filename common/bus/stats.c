#include "common/bus/stats.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { MISSED = 3 /* reports, and the client is not at work */, LEAST_MS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cx_bus_stats newest[CX_BUS_CLIENTS];
static int64_t taken_ms[CX_BUS_CLIENTS], every_ms[CX_BUS_CLIENTS]; /* when; how long after the one before */

static int64_t now_ms(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A client that was given up, because its broker is away, tells nothing any more, least of all that. */
void cx_bus_stats_get(cx_bus_client client, cx_bus_stats *out) {
    (void)pthread_mutex_lock(&lock);
    *out = newest[client];
    bool silent = out->known && now_ms() - taken_ms[client] > MISSED * every_ms[client];
    (void)pthread_mutex_unlock(&lock);
    for (size_t i = 0; silent && i < out->broker_n; i++)
        out->brokers[i].up = 0;
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

/* Calls take for each value of an object. */
static void each(const json_t *of, void (*take)(const json_t *value, cx_bus_stats *stats),
                 cx_bus_stats *stats) {
    json_t *object = (json_t *)(uintptr_t)of;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
        take(json_object_iter_value(at), stats);
}

static void take_partition(const json_t *partition, cx_bus_stats *s) {
    s->fetched_messages += number(partition, "fetchq_cnt");
    s->fetched_bytes += number(partition, "fetchq_size");
}

static void take_topic(const json_t *topic, cx_bus_stats *s) {
    each(json_object_get(topic, "partitions"), take_partition, s);
}

void cx_bus_stats_take(cx_bus_client client, const char *text, size_t n) {
    json_t *root = json_loadb(text, n, 0, NULL);
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
    each(json_object_get(root, "brokers"), take_broker, &s);
    each(json_object_get(root, "topics"), take_topic, &s);
    json_decref(root);
    (void)pthread_mutex_lock(&lock);
    int64_t now = now_ms(), gap = now - taken_ms[client];
    bool again = newest[client].known && gap < CX_BUS_STATS_MS;
    every_ms[client] = !again ? CX_BUS_STATS_MS : gap < LEAST_MS ? LEAST_MS : gap;
    taken_ms[client] = now;
    newest[client] = s;
    (void)pthread_mutex_unlock(&lock);
}
