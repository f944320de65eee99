#include "ops/cli/publish_bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uthash.h>

#include "common/bus/producer.h"
#include "common/vault/hash.h"
#include "common/wire/encode.h"
#include "ops/cli/table_read.h"

enum { COMMIT_EVERY = 1000, TOPIC_ROOM = 256 };

/* A message that stands on the topic or was sent, by the hash of its bytes. */
struct known {
    UT_hash_handle hh;
    uint8_t hash[CX_HASH256];
};

struct cx_publisher {
    char topic[TOPIC_ROOM];
    struct known *known;
    cx_producer *producer;
    cx_topic *handle;
    cx_buffer buffer;
    size_t in_transaction;
};

/* Remembers the message; *there: whether it was known. */
static cx_rc remember(cx_publisher *p, cx_view bytes, bool *there) {
    struct known *known = NULL, *new = malloc(sizeof *new);
    if (new == NULL)
        return CX_OUT_OF_MEMORY;
    cx_hash256(&bytes, 1, new->hash);
    HASH_FIND(hh, p->known, new->hash, sizeof new->hash, known);
    *there = known != NULL;
    if (*there)
        free(new);
    else
        HASH_ADD(hh, p->known, hash, sizeof new->hash, new);
    return CX_OK;
}

static cx_rc learn_message(void *context, const cx_message *message, cx_err *err) {
    bool there;
    return remember(context, message->value, &there) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_publisher_open(const cx_config *config, const char *department, cx_publisher **out, cx_err *err) {
    *out = NULL;
    cx_publisher *p = calloc(1, sizeof *p);
    if (p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)snprintf(p->topic, sizeof p->topic, "credit.in.%s", department);
    char id[TOPIC_ROOM];
    (void)snprintf(id, sizeof id, "publish-%s", department);
    cx_rc rc = cx_topic_read(config, p->topic, learn_message, p, err);
    if (rc == CX_OK)
        rc = cx_producer_new(config, id, &p->producer, err);
    if (rc == CX_OK)
        rc = cx_producer_topic(p->producer, p->topic, &p->handle, err);
    if (rc != CX_OK)
        cx_publisher_close(&p);
    *out = p;
    return rc;
}

static cx_time wall_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (cx_time)now.tv_sec * CX_SECOND + now.tv_nsec / 1000000;
}

cx_rc cx_publisher_send(cx_publisher *publisher, const cx_credit_event *event, bool *there, cx_err *err) {
    cx_publisher *p = publisher;
    p->buffer.n = 0;
    CX_TRY(cx_encode_single(&cx_credit_event_type, event, &p->buffer, err));
    if (remember(p, cx_buffer_view(&p->buffer, 0), there) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (*there)
        return CX_OK;
    if (p->in_transaction == 0)
        CX_TRY(cx_producer_begin(p->producer, err));
    /* The key spreads subjects over partitions where there are several; it holds no identifier. */
    uint8_t key[CX_HASH256];
    cx_hash256((cx_view[]){event->subject != NULL ? event->subject->id : CX_VIEW("")}, 1, key);
    cx_outgoing message = {.topic = p->handle,
                           .partition = -1,
                           .key = {(const char *)key, 8},
                           .value = cx_buffer_view(&p->buffer, 0),
                           .timestamp = wall_clock()};
    CX_TRY(cx_producer_send(p->producer, &message, err));
    p->in_transaction++;
    return p->in_transaction >= COMMIT_EVERY ? cx_publisher_flush(p, err) : CX_OK;
}

cx_rc cx_publisher_flush(cx_publisher *publisher, cx_err *err) {
    if (publisher->in_transaction == 0)
        return CX_OK;
    publisher->in_transaction = 0;
    return cx_producer_commit(publisher->producer, NULL, 0, NULL, err);
}

void cx_publisher_close(cx_publisher **publisher) {
    cx_publisher *p = *publisher;
    if (p == NULL)
        return;
    if (p->producer != NULL && cx_producer_is_open(p->producer))
        (void)cx_producer_abort(p->producer, NULL);
    cx_producer_destroy(&p->producer);
    struct known *known = p->known;
    HASH_CLEAR(hh, p->known);
    while (known != NULL) {
        struct known *next = known->hh.next;
        free(known);
        known = next;
    }
    cx_buffer_free(&p->buffer);
    free(p);
    *publisher = NULL;
}
