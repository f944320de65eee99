#include "common/bus/peek.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/log.h"
#include "common/bus/assign.h"
#include "common/bus/conf.h"

enum { POLL_MS = 20, WAKE_EVERY = 10, METADATA_MS = 5000 };

/* The places of one partition, in `first` .. `last` of the sorted peeks; `next` is looked at now. */
struct lane {
    size_t next, last;
    bool waits;
};

struct peeking {
    rd_kafka_t *rk;
    cx_peek *peeks;
    struct lane *lanes;
    size_t lane_n, waiting;
    uint64_t until; /* ms */
    rd_kafka_topic_t **topics;
    size_t topic_n;
};

static uint64_t now_ms(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_nsec / 1000000;
}

static int by_place(const void *a, const void *b) {
    const cx_peek *x = a, *y = b;
    int order = strcmp(x->topic, y->topic);
    if (order == 0)
        order = (x->partition > y->partition) - (x->partition < y->partition);
    return order != 0 ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static bool same_partition(const cx_peek *a, const cx_peek *b) {
    return a->partition == b->partition && strcmp(a->topic, b->topic) == 0;
}

static cx_rc make_lanes(struct peeking *p, size_t n, cx_err *err) {
    p->lanes = calloc(n, sizeof *p->lanes);
    if (p->lanes == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    qsort(p->peeks, n, sizeof *p->peeks, by_place);
    for (size_t i = 0; i < n; i++) {
        p->peeks[i].kind = CX_PEEK_UNKNOWN;
        p->peeks[i].timestamp = CX_NO_TIME;
        if (i == 0 || !same_partition(&p->peeks[i - 1], &p->peeks[i]))
            p->lanes[p->lane_n++] = (struct lane){.next = i};
        p->lanes[p->lane_n - 1].last = i;
    }
    return CX_OK;
}

static int lane_order(const void *key, const void *lane) {
    const struct peeking *p = ((const void *const *)key)[0];
    const cx_peek *wanted = ((const void *const *)key)[1];
    const cx_peek *there = &p->peeks[((const struct lane *)lane)->last];
    int order = strcmp(wanted->topic, there->topic);
    return order != 0 ? order
                      : (wanted->partition > there->partition) - (wanted->partition < there->partition);
}

static struct lane *lane_of(const struct peeking *p, const rd_kafka_message_t *m) {
    cx_peek wanted = {.topic = m->rkt != NULL ? rd_kafka_topic_name(m->rkt) : "", .partition = m->partition};
    const void *const key[] = {p, &wanted};
    return bsearch(key, p->lanes, p->lane_n, sizeof *p->lanes, lane_order);
}

/* What stands at one place stands at the next ones too, as far as they lie before it. */
static void answer(struct peeking *p, struct lane *lane, cx_peek_kind kind, int64_t at, cx_time timestamp) {
    do {
        cx_peek *peek = &p->peeks[lane->next];
        peek->kind = kind;
        peek->at = at;
        peek->timestamp = timestamp;
        lane->next++;
    } while (lane->next <= lane->last && kind != CX_PEEK_GONE && p->peeks[lane->next].offset <= at);
    lane->waits = false;
    p->waiting--;
}

static void take(struct peeking *p, const rd_kafka_message_t *m) {
    struct lane *lane = lane_of(p, m);
    rd_kafka_timestamp_type_t type;
    if (lane == NULL || !lane->waits)
        return;
    if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        int64_t at = rd_kafka_message_timestamp(m, &type);
        answer(p, lane, CX_PEEK_MESSAGE, m->offset,
               type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? CX_NO_TIME : at);
    } else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        answer(p, lane, CX_PEEK_END, m->offset, CX_NO_TIME);
    } else if (cx_conf_class(m->err) != CX_BUS_AWAY) {
        answer(p, lane, CX_PEEK_GONE, p->peeks[lane->next].offset, CX_NO_TIME);
    }
}

/* A broker's thread that sleeps sees a new assignment only when it wakes, up to a second later: any question
 * wakes it. */
static void wake(struct peeking *p) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)p->lane_n);
    for (size_t i = 0; i < p->lane_n; i++) {
        const cx_peek *peek = &p->peeks[p->lanes[i].last];
        if (p->lanes[i].waits)
            rd_kafka_topic_partition_list_add(list, peek->topic, peek->partition)->offset =
                RD_KAFKA_OFFSET_END;
    }
    (void)rd_kafka_offsets_for_times(p->rk, list, METADATA_MS); /* what it answers does not matter */
    rd_kafka_topic_partition_list_destroy(list);
}

/* Looks at the next place of every partition that has one. */
static cx_rc look_once(struct peeking *p, cx_err *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)p->lane_n);
    p->waiting = 0;
    for (size_t i = 0; i < p->lane_n; i++) {
        struct lane *lane = &p->lanes[i];
        lane->waits = lane->next <= lane->last;
        if (!lane->waits)
            continue;
        const cx_peek *peek = &p->peeks[lane->next];
        rd_kafka_topic_partition_list_add(list, peek->topic, peek->partition)->offset = peek->offset;
        p->waiting++;
    }
    rd_kafka_resp_err_t code = p->waiting == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : cx_assign(p->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "looking into partitions", code);
    for (int idle = 0; p->waiting > 0 && now_ms() < p->until;) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(p->rk, POLL_MS);
        if (m == NULL) {
            if (idle++ % WAKE_EVERY == 0)
                wake(p);
            continue;
        }
        idle = 0;
        take(p, m);
        rd_kafka_message_destroy(m);
    }
    return CX_OK;
}

static bool any_left(const struct peeking *p) {
    for (size_t i = 0; i < p->lane_n; i++)
        if (p->lanes[i].next <= p->lanes[i].last)
            return true;
    return false;
}

/* A handle that meets a topic by an assignment asks for its leaders a second later, and then fetches; one
 * that holds the topic already has asked. The handles are kept until the end. */
static cx_rc meet_topics(struct peeking *p, cx_err *err) {
    const struct rd_kafka_metadata *metadata = NULL;
    p->topics = calloc(p->lane_n, sizeof(rd_kafka_topic_t *));
    if (p->topics == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < p->lane_n; i++) {
        const char *name = p->peeks[p->lanes[i].last].topic;
        if (i > 0 && strcmp(p->peeks[p->lanes[i - 1].last].topic, name) == 0)
            continue;
        p->topics[p->topic_n] = rd_kafka_topic_new(p->rk, name, NULL);
        p->topic_n += p->topics[p->topic_n] != NULL;
    }
    rd_kafka_resp_err_t code = rd_kafka_metadata(p->rk, 0, NULL, &metadata, METADATA_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "looking into partitions", code);
    rd_kafka_metadata_destroy(metadata);
    return CX_OK;
}

static cx_rc open_peeking(struct peeking *p, const cx_config *config, bool committed, cx_err *err) {
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, committed ? CX_CONF_PEEK : CX_CONF_PEEK_ALL, &conf, err));
    CX_TRY(cx_conf_open(&conf, RD_KAFKA_CONSUMER, &p->rk, err));
    (void)rd_kafka_poll_set_consumer(p->rk);
    return meet_topics(p, err);
}

cx_rc cx_peek_all(const cx_config *config, bool committed, cx_peek *peeks, size_t n, int timeout_ms,
                  cx_err *err) {
    if (n == 0)
        return CX_OK;
    struct peeking p = {.peeks = peeks, .until = now_ms() + (uint64_t)timeout_ms};
    cx_rc rc = make_lanes(&p, n, err);
    if (rc == CX_OK)
        rc = open_peeking(&p, config, committed, err);
    while (rc == CX_OK && any_left(&p) && now_ms() < p.until)
        rc = look_once(&p, err);
    for (size_t i = 0; i < p.topic_n; i++)
        rd_kafka_topic_destroy(p.topics[i]);
    free(p.topics);
    if (p.rk != NULL) {
        (void)rd_kafka_consumer_close(p.rk);
        rd_kafka_destroy(p.rk);
    }
    free(p.lanes);
    return rc;
}
