/* What there is on the bus: topics and partitions, where they begin and end, who has committed what.
 *
 * Reads past open transactions (isolation read_uncommitted): `high` is the true end. All calls from one
 * thread; each waits at most about ten seconds and then is CX_BUS_AWAY.
 */
#ifndef CX_BUS_ADMIN_H
#define CX_BUS_ADMIN_H

#include "common/bus/consumer.h"

typedef struct cx_admin cx_admin;

cx_rc cx_admin_new(const cx_config *config, cx_admin **out, cx_err *err);
void cx_admin_destroy(cx_admin **admin);

/* How many partitions a topic has; CX_TOPIC_MISSING where there is no such topic. */
cx_rc cx_admin_partitions(cx_admin *admin, const char *topic, int32_t *n, cx_err *err);
/* Calls visit for each topic whose name begins with prefix. */
typedef cx_rc (*cx_admin_visit)(void *context, const char *topic, int32_t partitions);
cx_rc cx_admin_topics(cx_admin *admin, const char *prefix, cx_admin_visit visit, void *context, cx_err *err);
/* First offset that is there, and the one after the last. */
cx_rc cx_admin_ends(cx_admin *admin, const char *topic, int32_t partition, int64_t *low, int64_t *high,
                    cx_err *err);

/* Offsets and metadata that `group` has committed: fills offset (CX_POSITION_NONE) of each place, and
 * metadata with a string in `texts`, CX_ADMIN_METADATA bytes for each place, or NULL for "not wanted". */
enum { CX_ADMIN_METADATA = 4097 };
cx_rc cx_admin_committed(cx_admin *admin, const char *group, cx_place *places, size_t n,
                         char (*texts)[CX_ADMIN_METADATA], cx_err *err);
/* Sets the positions of a group that has no member, with the metadata beside them. BUS: it is refused. */
cx_rc cx_admin_set_positions(cx_admin *admin, const char *group, const cx_place *places, size_t n,
                             cx_err *err) CX_MUST_CHECK;
/* group.instance.id of each member of a group, NUL after each, in `out`; *count becomes how many. */
cx_rc cx_admin_members(cx_admin *admin, const char *group, char *out, size_t size, size_t *count,
                       cx_err *err);

#endif
