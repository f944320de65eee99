#include "common/bus/offsets.h"

#include <time.h>

#include "common/base/log.h"
#include "common/bus/conf.h"

enum {
    COMMITTED_TRY_MS = 5000,
    COMMITTED_TRIES = 12,
    METADATA_TRIES = 50,
    METADATA_PAUSE_NS = 100 * 1000 * 1000
};

/* Offsets that no open transaction can still change: the broker answers UNSTABLE, and the library asks
 * again, until the transactions of a partition's last owner have ended. */
cx_rc cx_offsets_committed(rd_kafka_t *rk, const char *group, rd_kafka_topic_partition_list_t *list,
                           cx_err *err) {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < COMMITTED_TRIES; i++) {
        code = rd_kafka_committed(rk, list, COMMITTED_TRY_MS);
        for (int p = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && p < list->cnt; p++)
            code = list->elems[p].err;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return CX_OK;
        cx_log_info("committed offsets of group %s: %s; asking again", group, rd_kafka_err2name(code));
    }
    return cx_conf_fail(err, "reading committed offsets", code);
}

/* A topic made a moment ago, which the group's leader knew and this member does not yet. */
static bool is_new_topic(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION;
}

/* Asks the brokers for all topics again, after a moment. */
static void refresh_metadata(rd_kafka_t *rk) {
    const struct rd_kafka_metadata *metadata = NULL;
    (void)nanosleep(&(struct timespec){0, METADATA_PAUSE_NS}, NULL);
    if (rd_kafka_metadata(rk, 1, NULL, &metadata, COMMITTED_TRY_MS) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_metadata_destroy(metadata);
}

static bool is_logical(const cx_place *place) {
    return place->offset == CX_POSITION_BEGINNING || place->offset == CX_POSITION_END;
}

/* Of all in one request to each broker: a consumer's answers wait behind its fetches, half a second each. */
static rd_kafka_resp_err_t query(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list) {
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(rk, list, COMMITTED_TRY_MS);
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++) {
        code = list->elems[i].err;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[i].offset < 0)
            code = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE; /* an answer without an offset is none */
    }
    return code;
}

static rd_kafka_topic_partition_list_t *list_logical(const cx_place *places, size_t n) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++)
        if (is_logical(&places[i]))
            rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
                places[i].offset == CX_POSITION_BEGINNING ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    return list;
}

/* The list is used up by an answer. */
static rd_kafka_resp_err_t query_logical(rd_kafka_t *rk, cx_place *places, size_t n) {
    rd_kafka_topic_partition_list_t *list = list_logical(places, n);
    rd_kafka_resp_err_t code = list->cnt > 0 ? query(rk, list) : RD_KAFKA_RESP_ERR_NO_ERROR;
    for (size_t i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < n; i++)
        if (is_logical(&places[i]))
            places[i].offset =
                rd_kafka_topic_partition_list_find(list, places[i].topic, places[i].partition)->offset;
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

/* "The beginning" and "the end" become offsets before they are assigned. Left to the library (2.0.2), each
 * starts a timer that a later assignment does not stop: half a second after it, the old question is asked
 * again, and the partition jumps to the answer, over messages that were never read (seen in a test, with
 * END). */
cx_rc cx_offsets_resolve(rd_kafka_t *rk, cx_place *places, size_t n, cx_err *err) {
    rd_kafka_resp_err_t code = query_logical(rk, places, n);
    for (int i = 0; i < METADATA_TRIES && is_new_topic(code); i++) {
        refresh_metadata(rk);
        code = query_logical(rk, places, n);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? CX_OK
               : cx_conf_fail(err, "reading where partitions begin and end", code);
}
