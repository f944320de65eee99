#include "ops/cli/publish_bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uthash.h>

#include "common/bus/producer.h"
#include "common/vault/hash.h"
#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/framing.h"
#include "ops/cli/table_read.h"

enum { COMMIT_EVERY = 1000, TOPIC_ROOM = 256 };

struct known_id {
    UT_hash_handle hh;
    char id[]; /* NUL-terminated */
};

struct cx_publisher {
    char topic[TOPIC_ROOM];
    struct known_id *known;
    cx_producer *producer;
    cx_topic *handle;
    cx_buffer buffer;
    size_t in_transaction;
};

static struct known_id *find(const cx_publisher *p, cx_view id) {
    struct known_id *found = NULL;
    HASH_FIND(hh, p->known, id.p, (unsigned)id.n, found);
    return found;
}

static cx_rc remember(cx_publisher *p, cx_view id) {
    if (find(p, id) != NULL)
        return CX_OK;
    struct known_id *new = malloc(sizeof *new + id.n + 1);
    if (new == NULL)
        return CX_OUT_OF_MEMORY;
    (void)memcpy(new->id, id.p, id.n);
    new->id[id.n] = '\0';
    HASH_ADD_KEYPTR(hh, p->known, new->id, (unsigned)id.n, new);
    return CX_OK;
}

/* The id of a message that stands on the topic; what is no event of ours is passed over. */
static cx_rc learn(cx_publisher *p, const cx_plans *plans, cx_view value, cx_arena *arena) {
    cx_frame frame;
    cx_credit_event event;
    cx_arena_reset(arena);
    if (cx_frame_read(value, &frame, NULL) != CX_OK || frame.framing != CX_FRAMING_SINGLE_OBJECT)
        return CX_OK;
    const cx_plan *plan = cx_plans_find(plans, frame.fingerprint);
    if (plan == NULL || cx_plan_decode(plan, frame.datum, arena, &event, NULL) != CX_OK)
        return CX_OK;
    return remember(p, event.event_id);
}

struct learning {
    cx_publisher *publisher;
    cx_plans *plans;
    cx_arena *arena;
};

static cx_rc learn_message(void *context, const cx_message *message, cx_err *err) {
    struct learning *l = context;
    return learn(l->publisher, l->plans, message->value, l->arena) == CX_OK
               ? CX_OK
               : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* Every id that stands on the department's topic. */
static cx_rc learn_all(cx_publisher *p, const cx_config *config, cx_err *err) {
    struct learning l = {p, cx_plans_new(&cx_credit_event_type, cx_limits_default), cx_arena_new(0)};
    cx_rc rc = l.plans == NULL || l.arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                                                  : cx_topic_read(config, p->topic, learn_message, &l, err);
    cx_plans_destroy(&l.plans);
    cx_arena_destroy(&l.arena);
    return rc;
}

cx_rc cx_publisher_open(const cx_config *config, const char *department, cx_publisher **out, cx_err *err) {
    *out = NULL;
    cx_publisher *p = calloc(1, sizeof *p);
    if (p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)snprintf(p->topic, sizeof p->topic, "credit.in.%s", department);
    char id[TOPIC_ROOM];
    (void)snprintf(id, sizeof id, "publish-%s", department);
    cx_rc rc = learn_all(p, config, err);
    if (rc == CX_OK)
        rc = cx_producer_new(config, id, &p->producer, err);
    if (rc == CX_OK)
        rc = cx_producer_topic(p->producer, p->topic, &p->handle, err);
    if (rc != CX_OK)
        cx_publisher_close(&p);
    *out = p;
    return rc;
}

bool cx_publisher_has(const cx_publisher *publisher, cx_view event_id) {
    return find(publisher, event_id) != NULL;
}

static cx_time wall_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (cx_time)now.tv_sec * CX_SECOND + now.tv_nsec / 1000000;
}

cx_rc cx_publisher_send(cx_publisher *publisher, const cx_credit_event *event, cx_err *err) {
    cx_publisher *p = publisher;
    if (p->in_transaction == 0)
        CX_TRY(cx_producer_begin(p->producer, err));
    p->buffer.n = 0;
    CX_TRY(cx_encode_single(&cx_credit_event_type, event, &p->buffer, err));
    /* The key spreads subjects over partitions where there are several; it holds no identifier. */
    uint8_t key[CX_HASH256];
    cx_hash256((cx_view[]){event->subject != NULL ? event->subject->id : CX_VIEW("")}, 1, key);
    cx_outgoing message = {.topic = p->handle,
                           .partition = -1,
                           .key = {(const char *)key, 8},
                           .value = cx_buffer_view(&p->buffer, 0),
                           .timestamp = wall_clock()};
    CX_TRY(cx_producer_send(p->producer, &message, err));
    if (remember(p, event->event_id) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
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
    struct known_id *id, *next;
    HASH_ITER(hh, p->known, id, next) {
        HASH_DELETE(hh, p->known, id);
        free(id);
    }
    cx_buffer_free(&p->buffer);
    free(p);
    *publisher = NULL;
}
