#include "common/bus/assign.h"

/* In the queue of the library's main thread stand the requests to stop, put there by the assignment, then the
 * answers to them, put there as it serves the requests. A question behind the former, and one behind the
 * latter: when both are answered all has stopped. */
static void await_stopped(rd_kafka_t *rk) {
    for (int i = 0; i < 2; i++) {
        rd_kafka_topic_partition_list_t *now = NULL;
        if (rd_kafka_assignment(rk, &now) == RD_KAFKA_RESP_ERR_NO_ERROR && now != NULL)
            rd_kafka_topic_partition_list_destroy(now);
    }
}

rd_kafka_resp_err_t cx_assign(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *list) {
    rd_kafka_resp_err_t code = rd_kafka_assign(rk, list);
    await_stopped(rk);
    return code;
}
