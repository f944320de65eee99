/* What the parts of `chengxin rebuild` share. */
#ifndef OPS_CLI_REBUILD_H
#define OPS_CLI_REBUILD_H

#include "common/base/config.h"
#include "common/run/codec.h"
#include "common/run/registry.h"

/* What was done, for the report. */
typedef struct cx_rebuild {
    const cx_config *config;
    int generation;
    bool terminal;         /* progress goes to stderr */
    cx_registry *registry; /* NULL: none is configured */
    cx_codec *codec;
    size_t messages; /* read */
    size_t rows;     /* written */
    double build_seconds, switch_seconds;
    size_t tries; /* of the switch */
} cx_rebuild;

void cx_rebuild_progress(const cx_rebuild *rebuild, const char *what);
double cx_rebuild_now(void); /* seconds, of a clock that only goes forward */

/* All writers' schemas, for the types that the codec knows by now. */
CX_MUST_CHECK cx_rc cx_rebuild_schemas(cx_rebuild *rebuild, cx_err *err);

/* A second database of the same Redis is filled from credit.status while the first serves; then both change
 * places in one step, at a moment at which the new one holds all that the old one does. */
CX_MUST_CHECK cx_rc cx_rebuild_redis(cx_rebuild *rebuild, cx_err *err);
/* Schema history_next is filled from the log while history serves; then, in one transaction, history becomes
 * history_old and history_next becomes history. */
CX_MUST_CHECK cx_rc cx_rebuild_postgres(cx_rebuild *rebuild, cx_err *err);

#endif
