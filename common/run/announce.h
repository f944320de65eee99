/* Writer schemas on credit.schemas: published, and acknowledged by the commit, before their first use, so
 * that every message of the log can be read by whoever has the log. */
#ifndef CX_RUN_ANNOUNCE_H
#define CX_RUN_ANNOUNCE_H

#include "common/bus/producer.h"
#include "common/wire/type.h"

/* Sends the schema under its fingerprint, as that stands in the framing, within the producer's open
 * transaction. at: the message's timestamp. Errors of cx_producer_send. */
CX_MUST_CHECK cx_rc cx_announce(cx_producer *producer, const cx_type *type, cx_time at, cx_err *err);

#endif
