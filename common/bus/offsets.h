/* Where a consumer may begin. Not for others than common/bus. Each call asks the brokers and waits for them,
 * as long as they need to answer, and for a minute at most. */
#ifndef CX_BUS_OFFSETS_H
#define CX_BUS_OFFSETS_H

#include <librdkafka/rdkafka.h>

#include "common/bus/consumer.h"

/* The group's committed offsets and their metadata, into the list's elements. */
cx_rc cx_offsets_committed(rd_kafka_t *rk, const char *group, rd_kafka_topic_partition_list_t *list,
                           cx_err *err);
/* CX_POSITION_BEGINNING and CX_POSITION_END become the offsets that they are now; others stay. After an error
 * all of them are as they were. */
cx_rc cx_offsets_resolve(rd_kafka_t *rk, cx_place *places, size_t n, cx_err *err);

#endif
