/* A member of a consumer group whose positions are its owner's business.
 *
 * It joins with a static instance id and an eager assignor. When it gets partitions it reads their stable
 * committed offsets (waiting for transactions that still hold some), asks its owner where to begin, and
 * assigns just that: there is no automatic reset, commit or store. When it loses them, the owner's
 * `revoked` has aborted and dropped everything before the group is told. All calls from one thread; the
 * callbacks run inside cx_consumer_poll and cx_consumer_destroy.
 */
#ifndef CX_BUS_CONSUMER_H
#define CX_BUS_CONSUMER_H

#include "common/base/config.h"
#include "common/bus/message.h"

typedef struct cx_consumer cx_consumer;
/* Who we were, to the group, at the moment it was taken. Goes along with a transaction's offsets. */
typedef struct cx_member cx_member;

enum { CX_POSITION_NONE = -1, CX_POSITION_BEGINNING = -2, CX_POSITION_END = -3 };

typedef struct cx_place {
    const char *topic; /* NUL-terminated; owned by the consumer during the call */
    int32_t partition;
    int64_t offset;       /* the next to be read; in `assigned` first the committed one or CX_POSITION_NONE */
    const char *metadata; /* what was committed beside it; "" for none */
} cx_place;

typedef struct cx_consumer_events {
    void *context;
    /* Sets each place's offset to where reading begins (CX_POSITION_BEGINNING, CX_POSITION_END or an offset);
     * one that stays CX_POSITION_NONE is CX_POSITION_LOST. A failure reaches the caller of cx_consumer_poll.
     */
    cx_rc (*assigned)(void *context, cx_place *places, size_t n, cx_err *err);
    /* Nothing of what was assigned may be written any more when it returns. */
    void (*revoked)(void *context);
} cx_consumer_events;

typedef struct cx_consumer_spec {
    const char *group;
    const char *instance;      /* group.instance.id */
    const char *const *topics; /* names, or patterns that begin with ^ */
    size_t topic_count;
    bool round_robin;     /* else range: partition p of each topic goes to the same member */
    bool positions_apart; /* offsets live elsewhere: committed ones are not read */
    cx_consumer_events events;
} cx_consumer_spec;

cx_rc cx_consumer_new(const cx_config *config, const cx_consumer_spec *spec, cx_consumer **out, cx_err *err);
/* Leaves the group (calling `revoked`) and frees. Every message must have been released. */
void cx_consumer_destroy(cx_consumer **consumer);

/* *message gets the next one, handle NULL where none came within timeout_ms. Never blocks longer, except
 * for a rebalance. BUS_AWAY and friends as in common/bus; after FENCED, BUS, POSITION_LOST: give up. */
cx_rc cx_consumer_poll(cx_consumer *consumer, int timeout_ms, cx_message *message, cx_err *err);

/* Begins again with what is assigned, as if it had just been assigned: `revoked`, then `assigned` with the
 * offsets committed by now. For after a transaction whose outcome is not known, and after a TRANSIENT failure
 * of a poll (a rebalance in which `assigned` failed); when it fails so itself, call it again. */
cx_rc cx_consumer_begin_again(cx_consumer *consumer, cx_err *err);
/* Holds a partition back, or lets it go on. What was fetched from it and not yet polled is
 * not delivered meanwhile. */
cx_rc cx_consumer_pause(cx_consumer *consumer, const char *topic, int32_t partition, cx_err *err);
cx_rc cx_consumer_resume(cx_consumer *consumer, const char *topic, int32_t partition, cx_err *err);
/* Whether it has joined and holds its assignment (which may be empty). */
bool cx_consumer_is_ready(const cx_consumer *consumer);

/* Take it when a batch's first message has been polled. CX_BUS_AWAY when we are in no generation:
 * the broker would check nothing for generation -1, so we must not commit. */
cx_rc cx_consumer_member(cx_consumer *consumer, cx_member **out, cx_err *err);
void cx_member_destroy(cx_member **member);

#endif
