/* A log in memory before the spine's stages in one process (ops/replay/stages.h): partitions of
 * credit.records, what the stages made of them, and the registrar's derived events back in it. No bus, no
 * clock, no threads. For tests of histories, for properties over random ones, and as the reference of
 * simulated faults.
 *
 * All that is returned lives until the next cx_chain_reset. Not thread-safe.
 */
#ifndef TESTS_MODEL_CHAIN_H
#define TESTS_MODEL_CHAIN_H

#include "common/base/step.h"
#include "common/law/policies.h"

enum { CX_CHAIN_SUBJECT = 16, CX_CHAIN_PARTITIONS = 16 };

typedef struct cx_chain cx_chain;

/* Everything a stage wrote to one topic, in the order of writing. */
typedef struct cx_chain_message {
    int32_t partition;
    cx_view key;
    const void *value; /* the generated struct */
    cx_view bytes;     /* as on the wire */
} cx_chain_message;

typedef struct cx_chain_log {
    cx_chain_message *items;
    size_t n;
} cx_chain_log;

typedef enum cx_chain_topic {
    CX_CHAIN_RECORDS,    /* cx_event: what was published, and what the registrar derived */
    CX_CHAIN_CLASSIFIED, /* cx_classified */
    CX_CHAIN_DECIDED,    /* cx_decided */
    CX_CHAIN_STATUS,     /* cx_status */
    CX_CHAIN_NOTICES,    /* cx_dispatch: the sanctioner's */
    CX_CHAIN_INCENTIVES, /* cx_dispatch: those of points */
    CX_CHAIN_TOPICS
} cx_chain_topic;

/* partitions: 1 to CX_CHAIN_PARTITIONS. NULL when out of memory. */
cx_chain *cx_chain_new(int32_t partitions);
void cx_chain_destroy(cx_chain **chain);
/* A new log: forgets messages, rows and packs in force. */
void cx_chain_reset(cx_chain *chain);

/* Appends to credit.records: an event to its subject's partition; a tick, an activation to every one. The
 * pack belongs to the caller and outlives the chain's use of it. */
CX_MUST_CHECK cx_rc cx_chain_publish(cx_chain *chain, const cx_event *event);
CX_MUST_CHECK cx_rc cx_chain_tick(cx_chain *chain, cx_time time);
CX_MUST_CHECK cx_rc cx_chain_activate(cx_chain *chain, const cx_pack *pack);
/* The activation as it stands, to every partition. */
CX_MUST_CHECK cx_rc cx_chain_publish_activation(cx_chain *chain, const cx_pack *pack,
                                                const cx_activation *activation);
/* Asks for it as the clock does: PROPOSED; run; then ACTIVATED or HELD by the registrars' counts, and run. */
CX_MUST_CHECK cx_rc cx_chain_propose(cx_chain *chain, const cx_pack *pack, const char *who,
                                     cx_activation *outcome, cx_err *err);
/* Lets every stage read what is there, derived events included. OUT_OF_MEMORY, or what a stage or the wire
 * failed with: *err says which. */
CX_MUST_CHECK cx_rc cx_chain_run(cx_chain *chain, cx_err *err);

/* In which order the partitions of credit.records are read: NULL (the default) takes the first that has
 * something; else `pick` says which of those waiting (n > 0) is next. */
void cx_chain_order(cx_chain *chain, size_t (*pick)(void *context, size_t n), void *context);

const cx_chain_log *cx_chain_log_of(const cx_chain *chain, cx_chain_topic topic);
int32_t cx_chain_partition(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT]);
/* The newest row, decoded; NULL: none. */
const cx_subject_state *cx_chain_state(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT]);
const cx_measure_state *cx_chain_measures(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT]);
const cx_status *cx_chain_status(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT]);
/* Rows of the registrar in all partitions, by their first byte ('s', 'i', 'b'). */
size_t cx_chain_rows(const cx_chain *chain, char kind);

#endif
