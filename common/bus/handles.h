/* What the files of common/bus share beside conf.h. Not for others. */
#ifndef CX_BUS_HANDLES_H
#define CX_BUS_HANDLES_H

#include <librdkafka/rdkafka.h>

#include "common/bus/admin.h"

struct cx_admin {
    rd_kafka_t *rk;
};

struct cx_member {
    rd_kafka_consumer_group_metadata_t *metadata;
};

cx_rc cx_member_take(rd_kafka_t *consumer, cx_member **out, cx_err *err);

#endif
