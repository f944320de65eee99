/* A model of what Kafka promises to transactions: topics of partitions, producers with epochs, groups with
 * generations, read_committed. Messages and the markers of commits and aborts take offsets; what is open
 * hides everything behind it. A commit of offsets checks producer epoch and group generation, never who owns
 * a partition (measured on brokers: pitfalls.md 13a).
 *
 * Nothing here decides when anything fails: that is the simulation's. Not thread-safe.
 */
#ifndef TESTS_SIMULATE_BROKER_H
#define TESTS_SIMULATE_BROKER_H

#include "common/base/arena.h"
#include "common/base/time.h"

enum {
    CX_BROKER_PARTITIONS = 3,
    CX_BROKER_GROUPS = 5,
    CX_BROKER_SLOTS = 2,
    CX_BROKER_MESSAGES = 4096,
    CX_BROKER_PACKS = 8
};

typedef enum cx_broker_topic {
    CX_TOPIC_IN, /* what departments send */
    CX_TOPIC_RECORDS,
    CX_TOPIC_CLASSIFIED,
    CX_TOPIC_DECIDED,
    CX_TOPIC_NOTICES,
    CX_TOPIC_STATUS,
    CX_TOPIC_STATE,     /* the registrar's changelog */
    CX_TOPIC_MEASURES,  /* the sanctioner's */
    CX_TOPIC_REJECTED,  /* what intake sends home */
    CX_TOPIC_DELIVERED, /* what the courier brings to departments */
    CX_BROKER_TOPICS
} cx_broker_topic;

typedef enum cx_broker_txn { CX_TXN_NONE, CX_TXN_OPEN, CX_TXN_COMMITTED, CX_TXN_ABORTED } cx_broker_txn;

/* A message, or (key and bytes without p, marker) where a transaction ended. */
typedef struct cx_broker_message {
    cx_view key, bytes; /* bytes.p NULL: a tombstone */
    int txn;            /* index of its transaction; -1: none */
    bool marker;
} cx_broker_message;

/* A committed position, with what its metadata carries. */
typedef struct cx_broker_position {
    int64_t next;
    cx_time tick;
    const void *packs[CX_BROKER_PACKS];
    size_t packs_n;
} cx_broker_position;

typedef struct cx_broker cx_broker;

cx_broker *cx_broker_new(void);
void cx_broker_destroy(cx_broker **broker);
void cx_broker_reset(cx_broker *broker);

/* Producers. A new epoch fences the older one of that slot, and aborts what it left open. */
int cx_broker_init(cx_broker *b, int group, int slot);
int cx_broker_begin(cx_broker *b, int group, int slot, int epoch); /* the transaction; -1: fenced */
bool cx_broker_send(cx_broker *b, int txn, int epoch, cx_broker_topic topic, int32_t partition, cx_view key,
                    cx_view bytes); /* false: fenced */
/* The position becomes part of the transaction, if the group's generation is that; who owns the partition is
 * not asked, and what happens to the group afterwards does not matter. False: fenced, or over. */
bool cx_broker_send_position(cx_broker *b, int txn, int epoch, int generation, int32_t partition,
                             const cx_broker_position *position);
bool cx_broker_commit(cx_broker *b, int txn, int epoch); /* false: fenced */
void cx_broker_abort(cx_broker *b, int txn, int epoch);
/* Without a transaction: a department, the clock; and (a mistake) a position by itself. */
void cx_broker_publish(cx_broker *b, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes);
void cx_broker_commit_position(cx_broker *b, int group, int32_t partition,
                               const cx_broker_position *position);
/* What hangs is aborted after transaction.timeout.ms. */
void cx_broker_time_out(cx_broker *b);

/* Groups. */
int cx_broker_rebalance(cx_broker *b, int group); /* the new generation */
int cx_broker_generation(const cx_broker *b, int group);
const cx_broker_position *cx_broker_position_of(const cx_broker *b, int group, int32_t partition);
/* Whether an open transaction carries a position of the partition: then a group that asks for what is stable
 * gets no answer yet. */
bool cx_broker_is_pending(const cx_broker *b, int group, int32_t partition);

/* Whether nothing in the partition is open: then a reader sees to its true end. */
bool cx_broker_is_stable(const cx_broker *b, cx_broker_topic topic, int32_t partition);
/* The next message at or behind `from` that a read_committed reader sees, or NULL; *at is its offset. With
 * `dirty` (a mistake) whatever is there. */
const cx_broker_message *cx_broker_read(const cx_broker *b, cx_broker_topic topic, int32_t partition,
                                        int64_t from, bool dirty, int64_t *at);

#endif
