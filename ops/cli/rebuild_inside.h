/* Inside `chengxin rebuild postgres`: rebuild_postgres.c reads the log, rebuild_schema.c has the statements.
 */
#ifndef OPS_CLI_REBUILD_INSIDE_H
#define OPS_CLI_REBUILD_INSIDE_H

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/store/postgres_out.h"
#include "ops/cli/rebuild.h"
#include "ops/cli/verify_heads.h"
#include "services/history/history.h"
#include "services/history/rows.h"

/* One topic's partition. */
typedef struct cx_rebuild_chain {
    char *topic; /* owned */
    int32_t partition;
    int64_t next, end; /* offset to be read next; the end when the rebuild began */
    cx_reader *reader; /* NULL: not asked for yet, or done */
    cx_heads_walk walk;
} cx_rebuild_chain;

typedef struct cx_rebuild_pg {
    cx_rebuild *rebuild;
    cx_verify verify; /* for the signed heads */
    cx_heads *heads;
    cx_admin *admin;
    cx_pg *owner;    /* of the database: makes and renames schemas */
    cx_sink_run run; /* of the history sink */
    cx_metrics metrics;
    cx_rebuild_chain *chains;
    size_t chain_n;
} cx_rebuild_pg;

/* rebuild_schema.c */
/* Applies the files of the setting sql.dir with `name` in the place of "history"; anew: drops what is there
 * of that name first, else tables are left as they are. */
CX_MUST_CHECK cx_rc cx_rebuild_schema(cx_rebuild_pg *rebuild, const char *name, bool anew, cx_err *err);
/* Reads the signed heads. */
CX_MUST_CHECK cx_rc cx_rebuild_heads(cx_rebuild_pg *rebuild, cx_err *err);
/* Retention has removed what lies before `low`: goes on from a signed head behind it, with the old schema's
 * rows before. */
CX_MUST_CHECK cx_rc cx_rebuild_begin_behind(cx_rebuild_pg *rebuild, cx_rebuild_chain *chain, int64_t low,
                                            cx_err *err);
/* The old schema stands still for a moment, the new one catches up, and they change names. */
CX_MUST_CHECK cx_rc cx_rebuild_switch(cx_rebuild_pg *rebuild, cx_err *err);

/* rebuild_postgres.c: offsets: topic, partition, next_offset. */
CX_MUST_CHECK cx_rc cx_rebuild_catch_up(cx_rebuild_pg *rebuild, const cx_pg_rows *offsets, cx_err *err);

#endif
