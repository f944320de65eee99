#include "common/bus/producer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/log.h"
#include "common/bus/conf.h"
#include "common/bus/handles.h"

/* Below the transaction's own time-out, which ends what hangs longer. */
enum { INIT_MS = 30000, SEND_MS = 9000, FLUSH_MS = 9000, OFFSETS_MS = 9000, END_MS = 1000, MAX_HEADERS = 8 };

/* Once a transaction is committed the broker writes its markers, 5 to 8 ms here (Kafka 3.9.2). A transaction
 * that sends sooner is told CONCURRENT_TRANSACTIONS, and librdkafka 2.0.2 asks again after 20 ms whatever
 * retry.backoff.ms says (rdkafka_txnmgr.c, AddPartitionsToTxn): waiting first halved a commit, 49 to 27 ms.
 */
enum { MARKERS_MS = 8 };

struct cx_topic {
    cx_topic *next;
    rd_kafka_topic_t *rkt;
    char *name;
};

struct cx_producer {
    rd_kafka_t *rk;
    cx_topic *topics;
    bool open;
    size_t sent, sent_bytes;
    size_t good, bad; /* delivery reports of this transaction */
    rd_kafka_resp_err_t first_bad;
    cx_time last_timestamp;
    int64_t markers_by; /* ns, monotonic: when the last transaction's are probably written */
};

static int64_t now_ns(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    cx_producer *p = opaque;
    rd_kafka_timestamp_type_t type;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        p->good++;
        p->last_timestamp = rd_kafka_message_timestamp(message, &type);
        return;
    }
    if (p->bad++ == 0)
        p->first_bad = message->err;
}

static cx_rc open_producer(cx_producer *p, const cx_config *config, const char *transactional_id,
                           cx_err *err) {
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, CX_CONF_PRODUCER, &conf, err));
    cx_rc rc = cx_conf_set(conf, "transactional.id", transactional_id, err);
    if (rc != CX_OK) {
        rd_kafka_conf_destroy(conf);
        return rc;
    }
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    CX_TRY(cx_conf_open(&conf, RD_KAFKA_PRODUCER, &p->rk, err));
    return cx_conf_fail_error(err, "starting transactions", rd_kafka_init_transactions(p->rk, INIT_MS));
}

cx_rc cx_producer_new(const cx_config *config, const char *transactional_id, cx_producer **out, cx_err *err) {
    *out = NULL;
    cx_producer *p = calloc(1, sizeof *p);
    if (p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = open_producer(p, config, transactional_id, err);
    if (rc != CX_OK)
        cx_producer_destroy(&p);
    *out = p;
    return rc;
}

/* The order matters: queued messages go first, then topics, then the client. */
void cx_producer_destroy(cx_producer **producer) {
    cx_producer *p = *producer;
    if (p == NULL)
        return;
    if (p->rk != NULL) {
        (void)rd_kafka_purge(p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        (void)rd_kafka_poll(p->rk, 0);
    }
    for (cx_topic *t = p->topics; t != NULL;) {
        cx_topic *next = t->next;
        rd_kafka_topic_destroy(t->rkt);
        free(t->name);
        free(t);
        t = next;
    }
    if (p->rk != NULL)
        rd_kafka_destroy(p->rk);
    free(p);
    *producer = NULL;
}

cx_rc cx_producer_topic(cx_producer *p, const char *name, cx_topic **out, cx_err *err) {
    for (cx_topic **at = &p->topics; (*out = *at) != NULL; at = &(*out)->next)
        if (strcmp((*out)->name, name) == 0) { /* to the front: a courier writes to a hundred and more */
            *at = (*out)->next;
            (*out)->next = p->topics;
            p->topics = *out;
            return CX_OK;
        }
    cx_topic *t = calloc(1, sizeof *t);
    if (t == NULL || (t->name = strdup(name)) == NULL) {
        free(t);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    t->rkt = rd_kafka_topic_new(p->rk, name, NULL);
    if (t->rkt == NULL) {
        free(t->name);
        free(t);
        return cx_conf_fail(err, name, rd_kafka_last_error());
    }
    t->next = p->topics;
    p->topics = t;
    *out = t;
    return CX_OK;
}

static void await_markers(const cx_producer *p) {
    int64_t left = p->markers_by - now_ns();
    if (left > 0)
        (void)nanosleep(&(struct timespec){0, left}, NULL);
}

cx_rc cx_producer_begin(cx_producer *p, cx_err *err) {
    CX_ASSERT(!p->open);
    await_markers(p);
    CX_TRY(cx_conf_fail_error(err, "beginning a transaction", rd_kafka_begin_transaction(p->rk)));
    p->open = true;
    p->sent = p->sent_bytes = p->good = p->bad = 0;
    return CX_OK;
}

bool cx_producer_is_open(const cx_producer *p) {
    return p->open;
}

static rd_kafka_resp_err_t enqueue(const cx_producer *p, const cx_outgoing *m) {
    rd_kafka_headers_t *headers = NULL;
    if (m->header_count > 0) {
        headers = rd_kafka_headers_new(m->header_count);
        for (size_t i = 0; i < m->header_count; i++)
            (void)rd_kafka_header_add(headers, m->headers[i].name, -1, m->headers[i].value.p,
                                      (ssize_t)m->headers[i].value.n);
    }
    rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = m->topic->rkt},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = m->partition < 0 ? RD_KAFKA_PARTITION_UA : m->partition},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = m->timestamp},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)(uintptr_t)m->key.p, m->key.n}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)(uintptr_t)m->value.p, m->value.n}},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    rd_kafka_error_t *error = rd_kafka_produceva(p->rk, parts, headers != NULL ? 7 : 6);
    rd_kafka_resp_err_t code = error != NULL ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error != NULL) {
        rd_kafka_error_destroy(error);
        if (headers != NULL)
            rd_kafka_headers_destroy(headers); /* still ours after a failure */
    }
    return code;
}

cx_rc cx_producer_send(cx_producer *p, const cx_outgoing *m, cx_err *err) {
    CX_ASSERT(p->open);
    CX_ASSERT(m->timestamp > 0 && m->header_count <= MAX_HEADERS);
    rd_kafka_resp_err_t code = enqueue(p, m);
    for (int waited = 0; code == RD_KAFKA_RESP_ERR__QUEUE_FULL && waited < SEND_MS; waited += 20) {
        (void)rd_kafka_poll(p->rk, 20); /* makes room as reports come in */
        code = enqueue(p, m);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "sending", code);
    p->sent++;
    p->sent_bytes += m->key.n + m->value.n;
    if (p->sent % 1024 == 0)
        (void)rd_kafka_poll(p->rk, 0);
    return CX_OK;
}

static cx_rc send_offsets(const cx_producer *p, const cx_place *places, size_t n, const cx_member *member,
                          cx_err *err) {
    if (n == 0)
        return CX_OK;
    CX_ASSERT(member != NULL);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++) {
        rd_kafka_topic_partition_t *e =
            rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition);
        e->offset = places[i].offset;
        e->metadata = strdup(places[i].metadata);
        e->metadata_size = e->metadata != NULL ? strlen(e->metadata) : 0;
    }
    rd_kafka_error_t *error = rd_kafka_send_offsets_to_transaction(p->rk, list, member->metadata, OFFSETS_MS);
    rd_kafka_topic_partition_list_destroy(list);
    return cx_conf_fail_error(err, "adding offsets to the transaction", error);
}

/* Every message must have been acknowledged: flush alone can succeed though deliveries failed. */
static cx_rc await_deliveries(cx_producer *p, cx_err *err) {
    rd_kafka_resp_err_t code = rd_kafka_flush(p->rk, FLUSH_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "waiting for deliveries", code);
    if (p->bad > 0)
        return cx_conf_fail(err, "delivering", p->first_bad);
    if (p->good != p->sent)
        return cx_fail(err, CX_BUS, "%zu messages sent, %zu acknowledged", p->sent, p->good);
    return CX_OK;
}

cx_rc cx_producer_commit(cx_producer *p, const cx_place *places, size_t n, const cx_member *member,
                         cx_err *err) {
    CX_ASSERT(p->open);
    CX_TRY(send_offsets(p, places, n, member, err));
    CX_TRY(await_deliveries(p, err));
    CX_TRY(cx_conf_fail_error(err, "committing", rd_kafka_commit_transaction(p->rk, -1)));
    p->markers_by = now_ns() + MARKERS_MS * 1000000;
    p->open = false;
    return CX_OK;
}

cx_rc cx_producer_abort(cx_producer *p, cx_err *err) {
    if (!p->open)
        return CX_OK;
    p->open = false;
    return cx_conf_fail_error(err, "aborting", rd_kafka_abort_transaction(p->rk, -1));
}

size_t cx_producer_sent(const cx_producer *p) {
    return p->sent;
}
size_t cx_producer_sent_bytes(const cx_producer *p) {
    return p->sent_bytes;
}
cx_rc cx_producer_end(cx_producer *p, const char *topic, int32_t partition, int64_t *end, cx_err *err) {
    int64_t low = 0;
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(p->rk, topic, partition, &low, end, END_MS);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK : cx_conf_fail(err, topic, code);
}
cx_time cx_producer_last_timestamp(const cx_producer *p) {
    return p->last_timestamp;
}
void cx_producer_poll(cx_producer *p) {
    (void)rd_kafka_poll(p->rk, 0);
}
