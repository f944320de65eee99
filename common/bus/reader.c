#include "common/bus/reader.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/bus/conf.h"

enum { TOPIC_NAME_BYTES = 256, ASK_MS = 1000 };

struct cx_reader {
    rd_kafka_t *rk;
    char end_topic[TOPIC_NAME_BYTES];
};

cx_rc cx_reader_new(const cx_config *config, cx_reader **out, cx_err *err) {
    *out = NULL;
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, CX_CONF_READER, &conf, err));
    cx_reader *r = calloc(1, sizeof *r);
    if (r == NULL) {
        rd_kafka_conf_destroy(conf);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    cx_rc rc = cx_conf_open(&conf, RD_KAFKA_CONSUMER, &r->rk, err);
    if (rc == CX_OK)
        (void)rd_kafka_poll_set_consumer(r->rk);
    else
        cx_reader_destroy(&r);
    *out = r;
    return rc;
}

void cx_reader_destroy(cx_reader **reader) {
    if (*reader == NULL)
        return;
    if ((*reader)->rk != NULL) {
        (void)rd_kafka_consumer_close((*reader)->rk);
        rd_kafka_destroy((*reader)->rk);
    }
    free(*reader);
    *reader = NULL;
}

/* Asks where partitions begin and end: logical offsets become what they are now, where that is told at once.
 * And leaders are known then: of a partition without one the library asks again half a second later. */
static void resolve(cx_reader *r, rd_kafka_topic_partition_list_t *list) {
    rd_kafka_topic_partition_list_t *asked = rd_kafka_topic_partition_list_copy(list);
    for (int i = 0; i < asked->cnt; i++)
        if (asked->elems[i].offset >= 0)
            asked->elems[i].offset = RD_KAFKA_OFFSET_END; /* what it answers does not matter */
    bool told =
        asked->cnt > 0 && rd_kafka_offsets_for_times(r->rk, asked, ASK_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; told && i < list->cnt; i++)
        if (list->elems[i].offset < 0 && asked->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR &&
            asked->elems[i].offset >= 0)
            list->elems[i].offset = asked->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(asked);
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
    resolve(r, list);
    rd_kafka_resp_err_t code = rd_kafka_assign(r->rk, list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        resolve(
            r,
            list); /* a broker's thread that sleeps sees an assignment up to a second later: this wakes it */
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK : cx_conf_fail(err, "assigning a reader", code);
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
