/* Inside `chengxin verify`: one partition's part of schema history, in one snapshot of the database. */
#ifndef OPS_CLI_VERIFY_POSTGRES_H
#define OPS_CLI_VERIFY_POSTGRES_H

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/store/postgres_out.h"
#include "ops/cli/verify_heads.h"
#include "services/history/rows.h"

enum { CX_VERIFY_AHEAD = 4, CX_VERIFY_TABLES = 3, CX_VERIFY_SQL = 4096 };

/* A chain as history.offsets knows it. */
typedef struct cx_verify_chain {
    const char *topic;
    int32_t partition;
    int64_t next_offset;
    int64_t n;
    uint8_t head[CX_CHAIN_HASH];
} cx_verify_chain;

typedef struct cx_verify_snapshot {
    cx_verify *verify;
    cx_pg *pgs[CX_VERIFY_TABLES]; /* connections that see the same */
    cx_heads *heads;
    cx_admin *admin;
    cx_reader *readers[CX_VERIFY_AHEAD]; /* of the chain in work and the next ones, from their beginnings */
    cx_reader *reader;                   /* of the chain in work; NULL: nothing was ever read of it */
} cx_verify_snapshot;

/* "SELECT columns FROM history.x WHERE it is the chain's, in order". columns: NULL for those of the sheet;
 * after: only what lies behind that place in the chain, 0: all. */
CX_MUST_CHECK cx_rc cx_verify_select(const cx_verify *verify, const cx_verify_chain *chain,
                                     cx_history_table table, const char *columns, int64_t after,
                                     char sql[CX_VERIFY_SQL], cx_err *err);

/* verify_chain.c: what the database holds, by itself, against the signed heads. */
CX_MUST_CHECK cx_rc cx_verify_chain_alone(cx_verify_snapshot *snapshot, const cx_verify_chain *chain,
                                          cx_err *err);
/* verify_log.c: against the messages on the bus, and those against the signed heads. */
CX_MUST_CHECK cx_rc cx_verify_chain_log(cx_verify_snapshot *snapshot, const cx_verify_chain *chain,
                                        cx_err *err);

#endif
