#include "common/bus/trim.h"

#include "common/bus/conf.h"
#include "common/bus/handles.h"

enum { ANSWER_MS = 10000, ERROR_TEXT = 256 };

static rd_kafka_topic_partition_list_t *list_of(const cx_place *places, size_t n) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
            places[i].offset;
    return list;
}

static cx_rc first_error(const rd_kafka_topic_partition_list_t *list, cx_err *err) {
    for (int i = 0; i < list->cnt; i++)
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return cx_conf_fail(err, list->elems[i].topic, list->elems[i].err);
    return CX_OK;
}

cx_rc cx_admin_offsets_at(cx_admin *a, cx_time at, cx_place *places, size_t n, cx_err *err) {
    rd_kafka_topic_partition_list_t *list = list_of(places, n);
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = at;
    rd_kafka_resp_err_t code = n > 0 ? rd_kafka_offsets_for_times(a->rk, list, ANSWER_MS) : 0;
    cx_rc rc = code == RD_KAFKA_RESP_ERR_NO_ERROR ? first_error(list, err)
                                                  : cx_conf_fail(err, "asking for offsets by time", code);
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        places[i].offset = list->elems[i].offset >= 0 ? list->elems[i].offset : CX_POSITION_NONE;
    rd_kafka_topic_partition_list_destroy(list);
    return rc;
}

static cx_rc read_answer(rd_kafka_queue_t *queue, cx_err *err) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ANSWER_MS + 1000);
    rd_kafka_resp_err_t code = event != NULL ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    cx_rc rc =
        code == RD_KAFKA_RESP_ERR_NO_ERROR
            ? first_error(rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event)),
                          err)
            : cx_conf_fail(err, "removing messages", code);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return rc;
}

cx_rc cx_admin_delete_before(cx_admin *a, const cx_place *places, size_t n, cx_err *err) {
    char text[ERROR_TEXT];
    if (n == 0)
        return CX_OK;
    rd_kafka_topic_partition_list_t *list = list_of(places, n);
    rd_kafka_DeleteRecords_t *records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(a->rk, RD_KAFKA_ADMIN_OP_DELETERECORDS);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
    (void)rd_kafka_AdminOptions_set_request_timeout(options, ANSWER_MS, text, sizeof text);
    rd_kafka_DeleteRecords(a->rk, &records, 1, options, queue);
    cx_rc rc = read_answer(queue, err);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_DeleteRecords_destroy(records);
    rd_kafka_topic_partition_list_destroy(list);
    return rc;
}
