/* Messages from standard input, handed to a producer at an even rate: so many in each millisecond. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/bus/bare.h"

enum { SLICE_NS = 1000000, FLUSH_MS = 60000, TOPICS = 8 };

struct input {
    unsigned char *bytes;
    size_t n, at;
};

struct paced {
    rd_kafka_t *rk;
    struct {
        char name[BARE_TOPIC];
        rd_kafka_topic_t *rkt;
    } topics[TOPICS];
    size_t topic_n;
};

static struct input read_all(void) {
    struct input in = {0};
    size_t room = 1 << 20;
    for (size_t got = 1; got > 0; in.n += got) {
        if (in.bytes == NULL || in.n == room) {
            room *= in.bytes == NULL ? 1 : 2;
            in.bytes = realloc(in.bytes, room);
            if (in.bytes == NULL)
                bare_die("reading", "out of memory");
        }
        got = fread(in.bytes + in.n, 1, room - in.n, stdin);
    }
    return in;
}

/* Four bytes of length, little endian, and as many of content. */
static const unsigned char *take(struct input *in, size_t *n) {
    if (in->n - in->at < 4)
        bare_die("reading", "the input ends within a message");
    const unsigned char *p = in->bytes + in->at;
    *n = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
    in->at += 4;
    if (in->n - in->at < *n)
        bare_die("reading", "the input ends within a message");
    in->at += *n;
    return p + 4;
}

static rd_kafka_topic_t *topic_of(struct paced *p, const unsigned char *name, size_t n) {
    for (size_t i = 0; i < p->topic_n; i++)
        if (strlen(p->topics[i].name) == n && memcmp(p->topics[i].name, name, n) == 0)
            return p->topics[i].rkt;
    if (p->topic_n == TOPICS || n >= BARE_TOPIC)
        bare_die("topics", "too many, or a name that is too long");
    (void)memcpy(p->topics[p->topic_n].name, name, n);
    p->topics[p->topic_n].rkt = rd_kafka_topic_new(p->rk, p->topics[p->topic_n].name, NULL);
    return p->topics[p->topic_n++].rkt;
}

static double wall(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void send_next(struct paced *p, struct input *in) {
    size_t name_n = 0, n = 0;
    const unsigned char *name = take(in, &name_n), *value = take(in, &n);
    rd_kafka_topic_t *topic = topic_of(p, name, name_n);
    double at = wall();
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, (void *)(uintptr_t)value, n,
                            NULL, 0, NULL) != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            bare_die("producing", rd_kafka_err2str(rd_kafka_last_error()));
        (void)rd_kafka_poll(p->rk, 10);
    }
    (void)printf("%.6f\n", at);
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        bare_die("delivery", rd_kafka_err2str(message->err));
}

void bare_pace(const cx_config *config, double rate) {
    struct input in = read_all();
    struct paced p = {0};
    rd_kafka_conf_t *conf = NULL;
    cx_err err = {0};
    if (cx_conf_new(config, CX_CONF_PRODUCER, &conf, &err) != CX_OK)
        bare_die("settings", err.text);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    p.rk = bare_client(config, CX_CONF_PRODUCER, &conf);
    double began = bare_now();
    for (size_t sent = 0; in.at < in.n;) {
        for (double due = (bare_now() - began) * rate; in.at < in.n && (double)sent < due; sent++)
            send_next(&p, &in);
        (void)rd_kafka_poll(p.rk, 0);
        (void)nanosleep(&(struct timespec){0, SLICE_NS}, NULL);
    }
    if (rd_kafka_flush(p.rk, FLUSH_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        bare_die("flushing", "not everything was delivered");
    for (size_t i = 0; i < p.topic_n; i++)
        rd_kafka_topic_destroy(p.topics[i].rkt);
    rd_kafka_destroy(p.rk);
    free(in.bytes);
}
