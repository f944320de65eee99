/* Inside `chengxin lag`: where every stage of the spine stands. */
#ifndef OPS_CLI_LAG_H
#define OPS_CLI_LAG_H

#include "common/bus/admin.h"

enum { CX_LAG_TOPIC = 250, CX_LAG_MOST = 20000 };

typedef struct cx_lag_row {
    const char *group;
    char topic[CX_LAG_TOPIC];
    int32_t partition;
    int64_t position; /* CX_POSITION_NONE: nothing committed yet */
    int64_t end;
    int64_t messages; /* end - position */
} cx_lag_row;

/* A stage: its group and what it reads (a prefix where it reads a topic of each department). */
typedef struct cx_lag_stage {
    const char *group;
    const char *topic;
    bool by_department;
} cx_lag_stage;

/* In the order of the spine. */
extern const cx_lag_stage cx_lag_stages[];
extern const size_t cx_lag_stage_count;

/* Rows of one stage are appended, *n counts them; at most CX_LAG_MOST. A topic that is not there has none. */
CX_MUST_CHECK cx_rc cx_lag_read(cx_admin *admin, const cx_lag_stage *stage, cx_lag_row *rows, size_t *n,
                                cx_err *err);

/* Transactions leave markers in a log, which nobody commits past: a partition in which only markers follow
 * the position is not behind. Looks at those that seem to be, and sets their messages to 0 where nothing
 * follows. */
CX_MUST_CHECK cx_rc cx_lag_look(const cx_config *config, cx_lag_row *rows, size_t n, cx_err *err);

#endif
