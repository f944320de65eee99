/* Topics that a process keeps beside it: read whole, then as they grow; outside any group, read_committed.
 * One owner. */
#ifndef COMMON_RUN_FOLLOW_H
#define COMMON_RUN_FOLLOW_H

#include "common/base/config.h"
#include "common/bus/message.h"

typedef struct cx_follow cx_follow;

/* One message, released afterwards. What it fails with ends the reading. */
typedef cx_rc (*cx_follow_take)(void *context, const cx_message *message, cx_err *err);

/* Every partition of these topics (names and config must outlive it), from the beginning; nothing is read
 * yet. *out is NULL where it fails: TOPIC_MISSING, BUS_AWAY, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_follow_open(const cx_config *config, const char *const *topics, size_t n,
                                   cx_follow_take take, void *context, cx_follow **out, cx_err *err);
void cx_follow_close(cx_follow **follow);
/* Partitions of the i-th topic, as there were when it was opened. */
int32_t cx_follow_partitions(const cx_follow *follow, size_t i);
/* Reads until each partition's end was met once, and only follows from then on (cx_reader_follow). BUS_AWAY
 * where that takes a minute. */
CX_MUST_CHECK cx_rc cx_follow_to_ends(cx_follow *follow, cx_err *err);
/* What has come since, without waiting. */
CX_MUST_CHECK cx_rc cx_follow_poll(cx_follow *follow, cx_err *err);

#endif
