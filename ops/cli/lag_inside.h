/* What the files of a look share while it is taken. Not for others. */
#ifndef OPS_CLI_LAG_INSIDE_H
#define OPS_CLI_LAG_INSIDE_H

#include "ops/cli/lag.h"

struct cx_lag_topic {
    const char *name;
    int32_t partitions;
    int64_t first; /* of its partitions among all */
};

/* A member has been given a partition. */
struct cx_lag_owner {
    const char *group, *member, *topic;
    int32_t partition;
};

struct cx_looking {
    cx_admin *admin;
    const cx_lag_wanted *wanted;
    cx_lag *lag;
    size_t room;                 /* of rows */
    struct cx_lag_topic *topics; /* by name */
    size_t topic_n;
    struct cx_lag_owner *owners; /* by group, topic, partition */
    size_t owner_n, owner_room;
    cx_place *places; /* scratch, one for each partition of all topics */
    int64_t *lows;    /* as places */
    int64_t *slots;   /* partition among all -> index in places; -1 */
    bool *seen;       /* some row names it */
};

/* lag_rows.c */
cx_rc cx_lag_topics(struct cx_looking *looking, cx_err *err);
struct cx_lag_topic *cx_lag_topic_of(const struct cx_looking *looking, const char *name);
/* A row, in *out: NULL where its topic is no more, or was not asked for. */
cx_rc cx_lag_add(struct cx_looking *looking, const char *group, const char *topic, int32_t partition,
                 cx_lag_row **out);
/* Partitions that a service of ours reads, or a member has been given, without a position. Sorts the rows. */
cx_rc cx_lag_add_missing(struct cx_looking *looking);
/* Among the first n rows, which are sorted. */
cx_lag_row *cx_lag_row_of(const struct cx_looking *looking, const char *group, const char *topic,
                          int32_t partition, size_t n);

/* lag_groups.c: the groups wanted, by name, and who owns what. */
cx_rc cx_lag_choose(struct cx_looking *looking, cx_err *err);
bool cx_lag_is_ours(const char *group);
/* The member that has the row's partition; NULL: none. */
const char *cx_lag_member(const struct cx_looking *looking, const cx_lag_row *row);

#endif
