/* What any exactly-once stage on librdkafka must do, by the shortest code that does it. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/bus/bare.h"

enum { OPEN_MS = 250, LINGER_MS = 2, IDLE_MS = 100, WAIT_MS = 30000 };

struct copy {
    const cx_config *config;
    bare_copy_plan *plan;
    rd_kafka_t *consumer, *producer;
    rd_kafka_consumer_group_metadata_t *member; /* NULL: no transaction is open */
    rd_kafka_topic_partition_list_t *places;    /* what was read in it */
    double opened, last;
    size_t in_batch, done, batches, sent, delivered;
};

static unsigned char bytes[BARE_BYTES];

static void check(const char *what, rd_kafka_error_t *error) {
    if (error != NULL)
        bare_die(what, rd_kafka_error_string(error));
}

static void check_code(const char *what, rd_kafka_resp_err_t code) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        bare_die(what, rd_kafka_err2str(code));
}

static void set(rd_kafka_conf_t *conf, const char *key, const char *value) {
    cx_err err = {0};
    if (cx_conf_set(conf, key, value, &err) != CX_OK)
        bare_die("settings", err.text);
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct copy *c = opaque;
    (void)rk;
    check_code("delivery", message->err);
    c->delivered++;
}

static void open_consumer(struct copy *c) {
    rd_kafka_conf_t *conf = NULL;
    cx_err err = {0};
    if (cx_conf_new(c->config, CX_CONF_CONSUMER, &conf, &err) != CX_OK)
        bare_die("settings", err.text);
    set(conf, "group.id", c->plan->group);
    set(conf, "auto.offset.reset", "earliest");
    c->consumer = bare_client(c->config, CX_CONF_CONSUMER, &conf);
    (void)rd_kafka_poll_set_consumer(c->consumer);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    (void)rd_kafka_topic_partition_list_add(topics, c->plan->topic, RD_KAFKA_PARTITION_UA);
    check_code("subscribing", rd_kafka_subscribe(c->consumer, topics));
    rd_kafka_topic_partition_list_destroy(topics);
}

static void open_producer(struct copy *c) {
    rd_kafka_conf_t *conf = NULL;
    cx_err err = {0};
    if (cx_conf_new(c->config, CX_CONF_PRODUCER, &conf, &err) != CX_OK)
        bare_die("settings", err.text);
    set(conf, "transactional.id", c->plan->group);
    rd_kafka_conf_set_opaque(conf, c);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    c->producer = bare_client(c->config, CX_CONF_PRODUCER, &conf);
    check("starting transactions", rd_kafka_init_transactions(c->producer, WAIT_MS));
    for (size_t i = 0; i < c->plan->output_n; i++)
        c->plan->outputs[i].rkt = rd_kafka_topic_new(c->producer, c->plan->outputs[i].topic, NULL);
}

static void begin(struct copy *c) {
    if (c->member != NULL)
        return;
    c->member = rd_kafka_consumer_group_metadata(c->consumer);
    c->places = rd_kafka_topic_partition_list_new(8);
    check("beginning", rd_kafka_begin_transaction(c->producer));
    c->opened = bare_now();
    c->in_batch = c->sent = c->delivered = 0;
}

static void commit(struct copy *c) {
    check("offsets", rd_kafka_send_offsets_to_transaction(c->producer, c->places, c->member, WAIT_MS));
    check_code("flushing", rd_kafka_flush(c->producer, WAIT_MS));
    if (c->sent != c->delivered)
        bare_die("delivery", "not everything was acknowledged");
    check("committing", rd_kafka_commit_transaction(c->producer, WAIT_MS));
    rd_kafka_consumer_group_metadata_destroy(c->member);
    rd_kafka_topic_partition_list_destroy(c->places);
    c->member = NULL;
    c->done += c->in_batch;
    c->batches++;
}

static void send_one(struct copy *c, const bare_output *o, const rd_kafka_message_t *read) {
    unsigned char key[BARE_BYTES < 512 ? BARE_BYTES : 512] = {0};
    size_t key_n = o->key < sizeof key ? o->key : sizeof key;
    if (read->key_len > 0)
        (void)memcpy(key, read->key, read->key_len < key_n ? read->key_len : key_n);
    else if (key_n >= sizeof read->offset)
        (void)memcpy(key, &read->offset, sizeof read->offset);
    for (;;) {
        int rc = rd_kafka_produce(o->rkt, o->in_place ? read->partition : RD_KAFKA_PARTITION_UA,
                                  RD_KAFKA_MSG_F_COPY, bytes, o->value, key_n > 0 ? key : NULL, key_n, NULL);
        if (rc == 0)
            break;
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            bare_die("producing", rd_kafka_err2str(rd_kafka_last_error()));
        (void)rd_kafka_poll(c->producer, 10);
    }
    if (++c->sent % 1024 == 0)
        (void)rd_kafka_poll(c->producer, 0);
}

static void take(struct copy *c, rd_kafka_message_t *m) {
    begin(c);
    for (size_t i = 0; i < c->plan->output_n; i++) {
        bare_output *o = &c->plan->outputs[i];
        for (size_t n = bare_due(o->each, &o->owed); n > 0; n--)
            send_one(c, o, m);
    }
    bare_calls(c->plan->calls, c->plan->call_n);
    const char *topic = rd_kafka_topic_name(m->rkt);
    rd_kafka_topic_partition_t *place = rd_kafka_topic_partition_list_find(c->places, topic, m->partition);
    if (place == NULL)
        place = rd_kafka_topic_partition_list_add(c->places, topic, m->partition);
    place->offset = m->offset + 1;
    c->in_batch++;
    c->last = bare_now();
}

static bool is_due(const struct copy *c, bool got) {
    if (c->member == NULL)
        return false;
    return c->in_batch >= c->plan->batch || c->done + c->in_batch >= c->plan->events ||
           bare_now() - c->opened >= OPEN_MS / 1e3 || (!got && bare_now() - c->last >= LINGER_MS / 1e3);
}

static double processor(void) {
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* Seconds from the first message to the last commit; *cpu: what they took of the processor. */
static double run(struct copy *c, double *cpu) {
    double began = 0;
    while (c->done < c->plan->events) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(c->consumer, c->member != NULL ? LINGER_MS : IDLE_MS);
        if (m != NULL) {
            check_code("reading", m->err);
            if (began == 0) {
                began = bare_now();
                *cpu = processor();
            }
            take(c, m);
            rd_kafka_message_destroy(m);
        }
        if (is_due(c, m != NULL))
            commit(c);
    }
    *cpu = processor() - *cpu;
    return bare_now() - began;
}

void bare_copy(const cx_config *config, bare_copy_plan *plan) {
    struct copy c = {.config = config, .plan = plan};
    bare_calls_open();
    open_producer(&c);
    open_consumer(&c);
    double cpu = 0, seconds = run(&c, &cpu);
    (void)printf("{\"events\": %zu, \"seconds\": %.6f, \"cpu\": %.6f, \"batches\": %zu}\n", c.done, seconds,
                 cpu, c.batches);
    (void)fflush(stdout);
    for (size_t i = 0; i < plan->output_n; i++)
        rd_kafka_topic_destroy(plan->outputs[i].rkt);
    (void)rd_kafka_consumer_close(c.consumer);
    rd_kafka_destroy(c.consumer);
    rd_kafka_destroy(c.producer);
}
