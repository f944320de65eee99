/* The other installation's bus, and exactly once over two clusters.
 *
 * What is sent and the places in our log that it came from are one transaction of the OTHER cluster: rows of
 * its credit.exchange (compacted; key "<from>/<topic>/<partition>", value "<generation> <next offset>") hold
 * the places. A start fences the producer before it, which settles what that one left open, and begins where
 * the rows say. One transactional id for a pair of installations, so one instance at a time. One owner.
 */
#ifndef SERVICES_BRIDGE_TARGET_H
#define SERVICES_BRIDGE_TARGET_H

#include "common/bus/consumer.h"

typedef struct cx_target cx_target;

/* Reads the settings bridge.target (a file with the other cluster's kafka.* keys) and bridge.from. */
CX_MUST_CHECK cx_rc cx_target_open(const cx_config *config, cx_target **out, cx_err *err);
void cx_target_close(cx_target **target);
/* The other cluster's settings; the target's. */
const cx_config *cx_target_config(const cx_target *target);
/* Fences whoever wrote before, aborts what was open, and sets each place's offset to where reading begins. */
CX_MUST_CHECK cx_rc cx_target_place(cx_target *target, cx_place *places, size_t n, cx_err *err);
/* One message for the other cluster, in the open transaction, or a new one. */
CX_MUST_CHECK cx_rc cx_target_send(cx_target *target, const char *topic, cx_view key, cx_view value,
                                   cx_time at, cx_err *err);
/* The next offset of a partition of ours is `next`. */
void cx_target_advance(cx_target *target, int32_t partition, int64_t next);
/* Commits what was sent, with the places. Where nothing was sent it does so now and then only: what is read
 * again then sends nothing again. */
CX_MUST_CHECK cx_rc cx_target_commit(cx_target *target, cx_err *err);
/* The partitions are ours no more: what is open is dropped. */
void cx_target_drop(cx_target *target);

#endif
