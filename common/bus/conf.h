/* librdkafka's configuration, as pitfalls.md asks for it. For the files of common/bus only.
 *
 * The settings' own kafka.* keys go over the defaults here; those on which exactly-once rests are refused.
 */
#ifndef CX_BUS_CONF_H
#define CX_BUS_CONF_H

#include <librdkafka/rdkafka.h>

#include "common/base/config.h"
#include "common/bus/message.h"

typedef enum cx_conf_kind {
    CX_CONF_CONSUMER,
    CX_CONF_READER,
    CX_CONF_FOLLOWER, /* a reader whose fetches wait at the broker */
    CX_CONF_PRODUCER,
    CX_CONF_ADMIN,   /* sees open and aborted transactions */
    CX_CONF_PEEK,    /* one message of each partition, and no more than that fetched */
    CX_CONF_PEEK_ALL /* the same, past open transactions */
} cx_conf_kind;

/* A configuration of that kind, with logging; the caller adds what is its own and hands it to
 * rd_kafka_new. CX_CONFIG, CX_OUT_OF_MEMORY. */
cx_rc cx_conf_new(const cx_config *config, cx_conf_kind kind, rd_kafka_conf_t **out, cx_err *err);
cx_rc cx_conf_set(rd_kafka_conf_t *conf, const char *key, const char *value, cx_err *err);
/* rd_kafka_new; takes *conf in any case and sets it to NULL. */
cx_rc cx_conf_open(rd_kafka_conf_t **conf, rd_kafka_type_t type, rd_kafka_t **out, cx_err *err);

/* What a librdkafka error means to us: FENCED, TOPIC_MISSING, POSITION_LOST, BUS (fatal) or BUS_AWAY. */
cx_rc cx_conf_class(rd_kafka_resp_err_t code);
cx_rc cx_conf_fail(cx_err *err, const char *what, rd_kafka_resp_err_t code);
/* As above for an error object, which is destroyed; NULL is CX_OK. */
cx_rc cx_conf_fail_error(cx_err *err, const char *what, rd_kafka_error_t *error);
/* *message becomes a view of rkm, which it owns from now on. */
void cx_conf_message(rd_kafka_message_t *rkm, cx_message *message);

#endif
