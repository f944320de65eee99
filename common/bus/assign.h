/* What a consumer reads. Not for others than common/bus. */
#ifndef CX_BUS_ASSIGN_H
#define CX_BUS_ASSIGN_H

#include <librdkafka/rdkafka.h>

/* rd_kafka_assign, and returns when what it takes away has stopped; list NULL: nothing is read any more, and
 * inside a rebalance: that is over. librdkafka 2.0.2 stops a partition twice where the next assignment comes
 * sooner, and ends the process (rdkafka_assignment.c, partition_stopped: "rktp->rktp_started"). Never inside
 * rd_kafka_consumer_close: it might not return. */
rd_kafka_resp_err_t cx_assign(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *list);

#endif
