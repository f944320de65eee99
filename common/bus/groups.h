/* Consumer groups, all of them at once: who is in them, what they have been given, what they have committed.
 *
 * For an operator's view of hundreds of groups: few requests, many in flight, nothing kept. All calls from
 * the admin's thread; each waits at most about ten seconds and then is CX_BUS_AWAY. Names in a callback live
 * until it returns.
 */
#ifndef CX_BUS_GROUPS_H
#define CX_BUS_GROUPS_H

#include "common/bus/admin.h"

typedef struct cx_groups_visit {
    void *context;
    /* A group that the cluster knows, before its owners. */
    cx_rc (*group)(void *context, const char *group, size_t members);
    /* A member of it has been given this partition. member: its group.instance.id where it is a static one,
     * else its id. NULL: not wanted. */
    cx_rc (*owner)(void *context, const char *group, const char *member, const char *topic,
                   int32_t partition);
} cx_groups_visit;

/* Every group of the cluster, or `only` that one (no visit where there is none of that name). */
cx_rc cx_groups_list(cx_admin *admin, const char *only, const cx_groups_visit *visit, cx_err *err);

/* A partition in which a group has committed a position. */
typedef struct cx_group_place {
    size_t group; /* index in `groups` */
    const char *topic;
    int32_t partition;
    int64_t offset;
    cx_view metadata; /* not NUL-terminated */
} cx_group_place;
typedef cx_rc (*cx_groups_place)(void *context, const cx_group_place *place);

/* Visits what each of n groups has committed, groups in no order. A group that went away has nothing. */
cx_rc cx_groups_committed(cx_admin *admin, const char *const *groups, size_t n, cx_groups_place visit,
                          void *context, cx_err *err);

/* Where partitions begin (or end, past open transactions): one question to each broker. Fills offset;
 * CX_POSITION_NONE where that could not be told, as for a topic that is being deleted. */
cx_rc cx_groups_ends(cx_admin *admin, cx_place *places, size_t n, bool begin, cx_err *err);
/* The first message at or behind a time: offset holds ms since 1970 and becomes the offset, CX_POSITION_NONE
 * where there is none so late. */
cx_rc cx_groups_times(cx_admin *admin, cx_place *places, size_t n, cx_err *err);

/* Reads a member's assignment as Kafka's consumer protocol writes it: int16 version, int32 count, then of
 * each topic a string and an array of int32. False where it is cut or too long. Pure. */
typedef cx_rc (*cx_groups_assigned)(void *context, cx_view topic, int32_t partition);
bool cx_groups_read_assignment(cx_view bytes, cx_groups_assigned visit, void *context, cx_rc *rc);
/* "credit.cache-0" of "credit.cache-0-5f1c...-...": a static member's id is its instance id, '-' and a UUID.
 */
cx_view cx_groups_member_name(cx_view member_id);

#endif
