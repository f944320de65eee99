/* Inside `chengxin lag`: where every group stands, how long what it has not read has waited, and how fresh
 * Redis and PostgreSQL are.
 *
 * A look (cx_lag) is taken whole and then only read. Everything in it lives in its arena.
 */
#ifndef OPS_CLI_LAG_H
#define OPS_CLI_LAG_H

#include "common/base/arena.h"
#include "common/bus/admin.h"

typedef enum cx_lag_state {
    CX_LAG_OK,      /* nothing waits, or nothing for long */
    CX_LAG_BEHIND,  /* something waits for longer than `ok_ms`, and the position moves */
    CX_LAG_STALLED, /* the position has stood for `stall_ms` while the end moved */
    CX_LAG_STOPPED, /* no member has the partition */
    CX_LAG_REWOUND, /* the position lies before where it was */
    CX_LAG_LOST     /* the position is outside of what is there */
} cx_lag_state;

enum { CX_LAG_STATES = CX_LAG_LOST + 1, CX_LAG_WHY = 256 };

#define CX_LAG_NONE ((int64_t)-1)

typedef struct cx_lag_row {
    const char *group, *topic;
    const char *member; /* NULL: none has it */
    int32_t partition;
    int64_t position, low, end; /* CX_LAG_NONE: none, or not told */
    int64_t next;     /* where what waits begins: the position, or the first behind it that is there */
    int64_t messages; /* offsets from position to end, 0 where only markers follow; CX_LAG_NONE */
    cx_time tick;     /* the log's, at the position; CX_NO_TIME */
    cx_time since;    /* when the oldest message that waits was written; CX_NO_TIME */
    double seconds;   /* it has waited, by the clock that wrote it; 0: nothing waits; < 0: not known */
    double rate;      /* messages a second since the look before; < 0: not known */
    cx_lag_state state;
    /* Over several looks: */
    int64_t reached;  /* the furthest position seen */
    cx_time moved_at; /* the look in which the position was first seen here */
    int64_t end_then; /* and the end, in that look */
} cx_lag_row;

typedef struct cx_lag_group {
    const char *name;
    size_t members;
    bool known;      /* to the cluster: one of ours may never have run */
    size_t first, n; /* its rows */
} cx_lag_group;

/* Redis or PostgreSQL: what has become visible there. */
typedef struct cx_lag_sink {
    const char *name; /* "redis", "postgres" */
    bool known;
    char why[CX_LAG_WHY]; /* why not known; "": it was not asked for */
    cx_time tick;         /* of the partition that is furthest behind; CX_NO_TIME: no tick yet */
    cx_time as_of;        /* everything that arrived before is visible */
    double seconds;       /* age of as_of; < 0: not known */
} cx_lag_sink;

enum { CX_LAG_REDIS, CX_LAG_POSTGRES, CX_LAG_SINKS };

/* The oldest change in a subject's favour that is not visible in Redis yet. */
typedef struct cx_lag_favour {
    bool known;         /* it was looked for, to the end */
    double seconds;     /* its age; 0: there is none. Where not known: it is at most that old; < 0: nothing */
    const char *topic;  /* where it waits; NULL: nowhere */
    const char *change; /* "Repair", "expiry" ... */
    int32_t partition;
    int64_t offset;
} cx_lag_favour;

typedef struct cx_lag {
    cx_arena *arena;
    cx_time at;      /* wall time of the look */
    bool has_log;    /* there is a clock */
    bool is_virtual; /* the log's time is its own */
    cx_time log_now; /* wall log: `at`; virtual: the newest tick */
    cx_lag_group *groups;
    size_t group_n;
    cx_lag_row *rows; /* by group, topic, partition */
    size_t n;
    size_t vanished; /* positions in topics that are no more */
    cx_lag_sink sinks[CX_LAG_SINKS];
    cx_lag_favour favour;
} cx_lag;

typedef struct cx_lag_wanted {
    const char *const *groups; /* names as given: "classifier" is "credit.classifier"; n 0: the pipeline's */
    size_t group_n;
    bool all_groups;
    bool favour;       /* look for the oldest favourable change, too */
    cx_time ok_ms;     /* what has waited no longer is ok */
    cx_time stall_ms;  /* a position that stands so long while the end moves is stalled */
    const char *topic; /* NULL: every topic */
    int32_t peek_ms;   /* most time to look for timestamps */
} cx_lag_wanted;

/* What each service of the pipeline reads; a topic that ends in '.' stands for one of each department. In the
 * order of the spine. */
typedef struct cx_lag_input {
    const char *group, *topic;
} cx_lag_input;
extern const cx_lag_input cx_lag_inputs[];
extern const size_t cx_lag_input_count;
bool cx_lag_is_input(const cx_lag_input *input, const char *topic);

/* lag_look.c: NOT_FOUND where a group that was named is not there. *out is to be destroyed in any case. */
CX_MUST_CHECK cx_rc cx_lag_take(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted,
                                cx_lag **out, cx_err *err);
void cx_lag_destroy(cx_lag **lag);
cx_time cx_lag_wall(void);

/* lag_sinks.c: positions of history and cache, from where they are kept; appends rows. A store that does not
 * answer is no failure: its `why` says so. */
typedef struct cx_lag_position {
    const char *topic;
    int32_t partition;
    int64_t next;
    cx_time tick, received_to; /* CX_NO_TIME: none */
} cx_lag_position;
typedef cx_rc (*cx_lag_visit)(void *context, const cx_lag_position *position);
CX_MUST_CHECK cx_rc cx_lag_redis(const cx_config *config, int32_t partitions, cx_lag_visit visit,
                                 void *context, cx_err *err);
CX_MUST_CHECK cx_rc cx_lag_postgres(const cx_config *config, cx_lag_visit visit, void *context, cx_err *err);

/* lag_since.c: fills messages and since, once for each distinct position. */
CX_MUST_CHECK cx_rc cx_lag_since(const cx_config *config, cx_lag *lag, int32_t timeout_ms, cx_err *err);

/* lag_favour.c */
CX_MUST_CHECK cx_rc cx_lag_find_favour(const cx_config *config, cx_admin *admin, cx_lag *lag, cx_err *err);

/* lag_judge.c: seconds, rates and states, from this look and the one before (NULL: none). Pure. */
void cx_lag_judge(cx_lag *now, const cx_lag *before, const cx_lag_wanted *wanted);
const char *cx_lag_state_name(cx_lag_state state);
/* The row of the group that is worst: by state, then seconds, then messages. NULL: it has no row. */
const cx_lag_row *cx_lag_worst(const cx_lag *lag, const cx_lag_group *group);
int cx_lag_compare(const cx_lag_row *a, const cx_lag_row *b); /* by group, topic, partition */

#endif
