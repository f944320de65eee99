#include "common/bus/consumer.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/bus/assign.h"
#include "common/bus/conf.h"
#include "common/bus/handles.h"
#include "common/bus/offsets.h"

struct cx_consumer {
    rd_kafka_t *rk;
    cx_consumer_events events;
    char *group;
    bool positions_apart;
    bool ready;
    bool closing;
    enum { JOINING, JOINED, REJOINED } member; /* see join_again */
    rd_kafka_topic_partition_list_t *topics;   /* what it subscribes to */
    rd_kafka_topic_partition_list_t *waiting;  /* given to us, but not taken over for something TRANSIENT */
    cx_err failed;                             /* what went wrong inside a rebalance */
};

static cx_rc place_all(cx_consumer *c, rd_kafka_topic_partition_list_t *list, cx_place *places, cx_err *err) {
    size_t n = (size_t)list->cnt;
    for (size_t i = 0; i < n; i++) {
        const rd_kafka_topic_partition_t *e = &list->elems[i];
        places[i] = (cx_place){e->topic, e->partition, e->offset >= 0 ? e->offset : CX_POSITION_NONE,
                               e->metadata != NULL ? e->metadata : ""};
        if (c->positions_apart)
            places[i].offset = CX_POSITION_NONE;
    }
    CX_TRY(c->events.assigned(c->events.context, places, n, err));
    for (size_t i = 0; i < n; i++)
        if (places[i].offset == CX_POSITION_NONE)
            return cx_fail(err, CX_POSITION_LOST, "%s partition %d has no position", places[i].topic,
                           (int)places[i].partition);
    CX_TRY(cx_offsets_resolve(c->rk, places, n, err));
    for (size_t i = 0; i < n; i++)
        list->elems[i].offset = places[i].offset;
    return CX_OK;
}

/* Metadata strings of a list are NUL-terminated for our readers. */
static cx_rc terminate(rd_kafka_topic_partition_list_t *list, cx_err *err) {
    for (int i = 0; i < list->cnt; i++) {
        rd_kafka_topic_partition_t *e = &list->elems[i];
        char *text = malloc(e->metadata_size + 1);
        if (text == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        if (e->metadata_size > 0)
            (void)memcpy(text, e->metadata, e->metadata_size);
        text[e->metadata_size] = '\0';
        free(e->metadata);
        e->metadata = text;
    }
    return CX_OK;
}

/* The library (2.0.2) keeps a pause through a rebalance; an owner that begins again does not know of it. */
static void forget_pauses(cx_consumer *c, const rd_kafka_topic_partition_list_t *list) {
    rd_kafka_topic_partition_list_t *copy = rd_kafka_topic_partition_list_copy(list);
    (void)rd_kafka_resume_partitions(c->rk, copy); /* one that was never paused stays as it is */
    rd_kafka_topic_partition_list_destroy(copy);
}

static cx_rc take_over(cx_consumer *c, rd_kafka_topic_partition_list_t *list, cx_err *err) {
    cx_place *places = calloc((size_t)list->cnt + 1, sizeof *places);
    cx_rc rc = places == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    if (rc == CX_OK && !c->positions_apart && list->cnt > 0)
        rc = cx_offsets_committed(c->rk, c->group, list, err);
    if (rc == CX_OK)
        rc = terminate(list, err);
    if (rc == CX_OK)
        rc = place_all(c, list, places, err);
    free(places);
    if (rc != CX_OK)
        return rc;
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].metadata_size = strlen(list->elems[i].metadata);
    forget_pauses(c, list);
    rd_kafka_resp_err_t code = cx_assign(c->rk, list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK : cx_conf_fail(err, "assigning partitions", code);
}

static void forget_waiting(cx_consumer *c) {
    if (c->waiting != NULL)
        rd_kafka_topic_partition_list_destroy(c->waiting);
    c->waiting = NULL;
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list,
                         void *opaque) {
    cx_consumer *c = opaque;
    cx_err err = {0};
    cx_log_info("rebalance of group %s: %s, %d partitions", c->group, rd_kafka_err2name(code), list->cnt);
    forget_waiting(c);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && c->member == JOINING) {
        rd_kafka_topic_partition_list_t *nothing = rd_kafka_topic_partition_list_new(0);
        (void)cx_assign(rk, nothing); /* with NULL the rebalance would go on */
        rd_kafka_topic_partition_list_destroy(nothing);
        c->member = JOINED;
        return;
    }
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !c->closing) {
        if (take_over(c, list, &err) == CX_OK) {
            c->ready = true;
            return;
        }
        c->failed = err;
        c->waiting = rd_kafka_topic_partition_list_copy(list);
    } else {
        c->ready = false;
        c->events.revoked(c->events.context);
    }
    /* While it closes the library answers no question any more, and nothing is assigned behind this. */
    (void)(c->closing ? rd_kafka_assign(rk, NULL) : cx_assign(rk, NULL));
}

static cx_rc subscribe(cx_consumer *c, cx_err *err) {
    rd_kafka_resp_err_t code = rd_kafka_subscribe(c->rk, c->topics);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK : cx_conf_fail(err, "subscribing", code);
}

/* The broker hands a static member that comes back within its session what it had before, whatever topics and
 * partitions there are by now. Joining once more, as the same member, makes the group's leader look again (of
 * any other member the broker sees that nothing is new, and answers at once). So the first assignment of a
 * process is not taken over. */
static cx_rc join_again(cx_consumer *c, cx_err *err) {
    c->member = REJOINED;
    return subscribe(c, err);
}

static cx_rc open_consumer(cx_consumer *c, const cx_config *config, const cx_consumer_spec *spec,
                           cx_err *err) {
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, CX_CONF_CONSUMER, &conf, err));
    cx_rc rc = cx_conf_set(conf, "group.id", spec->group, err);
    if (rc == CX_OK)
        rc = cx_conf_set(conf, "group.instance.id", spec->instance, err);
    if (rc == CX_OK)
        rc = cx_conf_set(conf, "partition.assignment.strategy", spec->round_robin ? "roundrobin" : "range",
                         err);
    if (rc != CX_OK) {
        rd_kafka_conf_destroy(conf);
        return rc;
    }
    rd_kafka_conf_set_opaque(conf, c);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    CX_TRY(cx_conf_open(&conf, RD_KAFKA_CONSUMER, &c->rk, err));
    (void)rd_kafka_poll_set_consumer(c->rk);
    return subscribe(c, err);
}

cx_rc cx_consumer_new(const cx_config *config, const cx_consumer_spec *spec, cx_consumer **out, cx_err *err) {
    *out = NULL;
    cx_consumer *c = calloc(1, sizeof *c);
    if (c == NULL || (c->group = strdup(spec->group)) == NULL) {
        free(c);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    c->events = spec->events;
    c->positions_apart = spec->positions_apart;
    c->topics = rd_kafka_topic_partition_list_new((int)spec->topic_count);
    for (size_t i = 0; i < spec->topic_count; i++)
        (void)rd_kafka_topic_partition_list_add(c->topics, spec->topics[i], RD_KAFKA_PARTITION_UA);
    cx_rc rc = open_consumer(c, config, spec, err);
    if (rc != CX_OK)
        cx_consumer_destroy(&c);
    *out = c;
    return rc;
}

/* The order matters: every message is released by now; leave the group; then free. */
void cx_consumer_destroy(cx_consumer **consumer) {
    cx_consumer *c = *consumer;
    if (c == NULL)
        return;
    c->closing = true;
    forget_waiting(c);
    if (c->rk != NULL) {
        (void)rd_kafka_consumer_close(c->rk);
        rd_kafka_destroy(c->rk);
    }
    if (c->topics != NULL)
        rd_kafka_topic_partition_list_destroy(c->topics);
    free(c->group);
    free(c);
    *consumer = NULL;
}

/* A fatal error wraps what happened: fenced, as a rule. */
static cx_rc poll_error(const cx_consumer *c, rd_kafka_message_t *rkm, cx_err *err) {
    rd_kafka_resp_err_t code = rkm->err;
    const char *text = rd_kafka_message_errstr(rkm);
    bool fenced =
        code == RD_KAFKA_RESP_ERR__FATAL && cx_conf_class(rd_kafka_fatal_error(c->rk, NULL, 0)) == CX_FENCED;
    cx_rc class = fenced ? CX_FENCED : cx_conf_class(code);
    cx_rc rc = CX_OK;
    if (code == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED || class == CX_TOPIC_MISSING || class == CX_BUS_AWAY)
        cx_log_warn("consumer: %s (%s)", text,
                    rd_kafka_err2name(code)); /* the library tries again by itself */
    else
        rc = cx_fail(err, class, "consumer: %s (%s)", text, rd_kafka_err2name(code));
    rd_kafka_message_destroy(rkm);
    return rc;
}

cx_rc cx_consumer_poll(cx_consumer *c, int timeout_ms, cx_message *message, cx_err *err) {
    *message = (cx_message){0};
    rd_kafka_message_t *rkm = rd_kafka_consumer_poll(c->rk, timeout_ms);
    cx_rc rc = CX_OK;
    if (rkm != NULL && rkm->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        rc = poll_error(c, rkm, err);
    else if (rkm != NULL)
        cx_conf_message(rkm, message);
    if (rc == CX_OK && c->member == JOINED)
        return join_again(c, err);
    if (rc == CX_OK && c->failed.rc != CX_OK) {
        *err = c->failed;
        c->failed = (cx_err){0};
        cx_message_release(message);
        return err->rc;
    }
    return rc;
}

cx_rc cx_consumer_begin_again(cx_consumer *c, cx_err *err) {
    c->events.revoked(c->events.context);
    c->ready = false;
    rd_kafka_topic_partition_list_t *list = c->waiting;
    rd_kafka_resp_err_t code = list != NULL ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_assignment(c->rk, &list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "reading the assignment", code);
    c->waiting = list; /* until it has been taken over */
    CX_TRY(take_over(c, list, err));
    forget_waiting(c);
    c->ready = true;
    return CX_OK;
}

static cx_rc hold(cx_consumer *c, const char *topic, int32_t partition, bool pause, cx_err *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    (void)rd_kafka_topic_partition_list_add(list, topic, partition);
    rd_kafka_resp_err_t code =
        pause ? rd_kafka_pause_partitions(c->rk, list) : rd_kafka_resume_partitions(c->rk, list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = list->elems[0].err;
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK
                                              : cx_conf_fail(err, pause ? "pausing" : "resuming", code);
}

cx_rc cx_consumer_pause(cx_consumer *c, const char *topic, int32_t partition, cx_err *err) {
    return hold(c, topic, partition, true, err);
}

cx_rc cx_consumer_resume(cx_consumer *c, const char *topic, int32_t partition, cx_err *err) {
    return hold(c, topic, partition, false, err);
}

bool cx_consumer_is_ready(const cx_consumer *c) {
    return c->ready;
}

cx_rc cx_consumer_member(cx_consumer *c, cx_member **out, cx_err *err) {
    return cx_member_take(c->rk, out, err);
}
