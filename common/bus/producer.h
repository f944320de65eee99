/* A transactional producer: what is sent between begin and commit becomes visible together with the input
 * offsets, or not at all.
 *
 * All calls from one thread. When commit or abort fails with CX_BUS_AWAY the outcome is unknown: destroy
 * the producer and make it anew, which bumps the epoch and settles the transaction, then read the committed
 * offsets again (pitfall 7). After CX_FENCED or CX_BUS: give up.
 */
#ifndef CX_BUS_PRODUCER_H
#define CX_BUS_PRODUCER_H

#include "common/bus/consumer.h"

typedef struct cx_producer cx_producer;
/* A topic to send to; belongs to its producer. */
typedef struct cx_topic cx_topic;

typedef struct cx_message_header {
    const char *name;
    cx_view value;
} cx_message_header;

typedef struct cx_outgoing {
    cx_topic *topic;
    int32_t partition; /* -1: by the key, as Java clients would */
    cx_view key;       /* p NULL: none */
    cx_view value;     /* p NULL: a tombstone */
    cx_time timestamp; /* > 0 */
    const cx_message_header *headers;
    size_t header_count;
} cx_outgoing;

/* Fences any older producer of that transactional id. CX_BUS_AWAY when that takes too long. */
cx_rc cx_producer_new(const cx_config *config, const char *transactional_id, cx_producer **out, cx_err *err);
/* What is still unsent is dropped; an open transaction is left to its time-out. */
void cx_producer_destroy(cx_producer **producer);

/* The handle for a topic, made once. Topics live as long as the producer. */
cx_rc cx_producer_topic(cx_producer *producer, const char *name, cx_topic **out, cx_err *err);

/* Waits up to 8 ms where the last transaction was committed just now. */
cx_rc cx_producer_begin(cx_producer *producer, cx_err *err);
bool cx_producer_is_open(const cx_producer *producer);
/* Copies everything. Waits, bounded, while the queue is full. */
cx_rc cx_producer_send(cx_producer *producer, const cx_outgoing *message, cx_err *err);
/* Adds the offsets (n may be 0), waits until every message sent has been acknowledged, commits. */
cx_rc cx_producer_commit(cx_producer *producer, const cx_place *places, size_t n, const cx_member *member,
                         cx_err *err);
cx_rc cx_producer_abort(cx_producer *producer, cx_err *err);
/* Messages and bytes sent in the open transaction. */
size_t cx_producer_sent(const cx_producer *producer);
size_t cx_producer_sent_bytes(const cx_producer *producer);
/* The end of a partition, past open transactions. BUS_AWAY after a second. */
cx_rc cx_producer_end(cx_producer *producer, const char *topic, int32_t partition, int64_t *end, cx_err *err);
/* The broker's time of the newest acknowledged message on a topic of broker timestamps; else what we gave. */
cx_time cx_producer_last_timestamp(const cx_producer *producer);
/* Serves delivery reports; call it while idle. */
void cx_producer_poll(cx_producer *producer);

#endif
