#include "common/bus/reader.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/bus/assign.h"
#include "common/bus/conf.h"

enum { TOPIC_NAME_BYTES = 256, ASK_MS = 1000 };

struct cx_reader {
    rd_kafka_t *rk;
    rd_kafka_topic_partition_list_t *from; /* as assigned */
    char end_topic[TOPIC_NAME_BYTES];
};

static cx_rc open_client(const cx_config *config, cx_conf_kind kind, rd_kafka_t **out, cx_err *err) {
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, kind, &conf, err));
    CX_TRY(cx_conf_open(&conf, RD_KAFKA_CONSUMER, out, err));
    (void)rd_kafka_poll_set_consumer(*out);
    return CX_OK;
}

static void close_client(rd_kafka_t *rk) {
    if (rk == NULL)
        return;
    (void)rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

static cx_rc reader_new(const cx_config *config, cx_conf_kind kind, cx_reader **out, cx_err *err) {
    cx_reader *r = *out = calloc(1, sizeof *r);
    if (r == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = open_client(config, kind, &r->rk, err);
    if (rc != CX_OK)
        cx_reader_destroy(out);
    return rc;
}

cx_rc cx_reader_new(const cx_config *config, cx_reader **out, cx_err *err) {
    return reader_new(config, CX_CONF_READER, out, err);
}

cx_rc cx_reader_new_following(const cx_config *config, cx_reader **out, cx_err *err) {
    return reader_new(config, CX_CONF_FOLLOWER, out, err);
}

static void set_from(cx_reader *r, rd_kafka_topic_partition_list_t *from) {
    if (r->from != NULL)
        rd_kafka_topic_partition_list_destroy(r->from);
    r->from = from;
}

void cx_reader_destroy(cx_reader **reader) {
    if (*reader == NULL)
        return;
    close_client((*reader)->rk);
    set_from(*reader, NULL);
    free(*reader);
    *reader = NULL;
}

/* Asks where partitions begin and end: logical offsets become what they are now, where that is told at once.
 * And leaders are known then: of a partition without one the library asks again half a second later. */
static void resolve(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list) {
    rd_kafka_topic_partition_list_t *asked = rd_kafka_topic_partition_list_copy(list);
    for (int i = 0; i < asked->cnt; i++)
        if (asked->elems[i].offset >= 0)
            asked->elems[i].offset = RD_KAFKA_OFFSET_END; /* what it answers does not matter */
    bool told = asked->cnt > 0 && rd_kafka_offsets_for_times(rk, asked, ASK_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; told && i < list->cnt; i++)
        if (list->elems[i].offset < 0 && asked->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR &&
            asked->elems[i].offset >= 0)
            list->elems[i].offset = asked->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(asked);
}

static cx_rc assign(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list, cx_err *err) {
    resolve(rk, list);
    rd_kafka_resp_err_t code = cx_assign(rk, list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "assigning a reader", code);
    resolve(rk, list); /* a broker's thread that sleeps sees it up to a second later: this wakes it */
    return CX_OK;
}

cx_rc cx_reader_assign(cx_reader *r, const cx_place *places, size_t n, cx_err *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n + 1);
    for (size_t i = 0; i < n; i++) {
        int64_t at = places[i].offset;
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
            at == CX_POSITION_BEGINNING ? RD_KAFKA_OFFSET_BEGINNING
            : at == CX_POSITION_END     ? RD_KAFKA_OFFSET_END
                                        : at;
    }
    set_from(r, list);
    return assign(r->rk, list, err);
}

/* Behind the last message that a poll has given; where there was none, as assigned. */
static rd_kafka_topic_partition_list_t *places_now(const cx_reader *r) {
    rd_kafka_topic_partition_list_t *at = rd_kafka_topic_partition_list_copy(r->from);
    rd_kafka_topic_partition_list_t *passed = rd_kafka_topic_partition_list_copy(r->from);
    (void)rd_kafka_position(r->rk, passed); /* fails for single partitions only: they say so */
    for (int i = 0; i < at->cnt; i++)
        if (passed->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR && passed->elems[i].offset >= 0)
            at->elems[i].offset = passed->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(passed);
    return at;
}

cx_rc cx_reader_follow(cx_reader *r, const cx_config *config, cx_err *err) {
    rd_kafka_t *rk = NULL;
    CX_ASSERT(r->from != NULL);
    CX_TRY(open_client(config, CX_CONF_FOLLOWER, &rk, err));
    rd_kafka_topic_partition_list_t *at = places_now(r);
    cx_rc rc = assign(rk, at, err);
    if (rc != CX_OK) {
        rd_kafka_topic_partition_list_destroy(at);
        close_client(rk);
        return rc;
    }
    close_client(r->rk);
    r->rk = rk;
    set_from(r, at);
    return CX_OK;
}

static cx_rc read_event(cx_reader *r, rd_kafka_message_t *rkm, cx_read *out, cx_err *err) {
    cx_rc rc = CX_OK;
    if (rkm->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        cx_conf_message(rkm, &out->message);
        size_t n =
            out->message.topic.n < sizeof r->end_topic ? out->message.topic.n : sizeof r->end_topic - 1;
        (void)memcpy(r->end_topic, out->message.topic.p, n);
        out->message =
            (cx_message){.topic = {r->end_topic, n}, .partition = rkm->partition, .offset = rkm->offset};
        out->kind = CX_READ_END;
    } else if (cx_conf_class(rkm->err) == CX_BUS_AWAY) {
        cx_log_warn("reader: %s (%s)", rd_kafka_message_errstr(rkm), rd_kafka_err2name(rkm->err));
    } else {
        rc = cx_conf_fail(err, "reading", rkm->err);
    }
    rd_kafka_message_destroy(rkm);
    return rc;
}

cx_rc cx_reader_poll(cx_reader *r, int timeout_ms, cx_read *out, cx_err *err) {
    *out = (cx_read){.kind = CX_READ_NOTHING};
    rd_kafka_message_t *rkm = rd_kafka_consumer_poll(r->rk, timeout_ms);
    if (rkm == NULL)
        return CX_OK;
    if (rkm->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return read_event(r, rkm, out, err);
    cx_conf_message(rkm, &out->message);
    out->kind = CX_READ_MESSAGE;
    return CX_OK;
}
