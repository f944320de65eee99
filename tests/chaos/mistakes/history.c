/* A history that commits its rows first and its offsets afterwards, and dies between the two: the rows come
 * again. */
#include <string.h>

#include "common/store/fence.h"
#include "tests/chaos/mistakes/once.h"

cx_rc __real_cx_pg_copy(cx_pg *pg, const char *statement, const void *rows, size_t n, cx_err *err);
cx_rc __wrap_cx_pg_copy(cx_pg *pg, const char *statement, const void *rows, size_t n, cx_err *err);
cx_rc __real_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err);
cx_rc __wrap_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err);

static enum {
    NO_EVENTS,
    EVENTS,
    CHECKPOINTS
} copied; /* into the transaction in hand: the writer's thread alone */

/* A write of events must come twice; one of checkpoints could not, for their key is unique. */
cx_rc __wrap_cx_pg_copy(cx_pg *pg, const char *statement, const void *rows, size_t n, cx_err *err) {
    if (strstr(statement, ".checkpoints ") != NULL)
        copied = CHECKPOINTS;
    else if (strstr(statement, ".events ") != NULL && copied == NO_EVENTS)
        copied = EVENTS;
    return __real_cx_pg_copy(pg, statement, rows, n, err);
}

cx_rc __wrap_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err) {
    bool twice = copied == EVENTS;
    copied = NO_EVENTS;
    if (!twice || !cx_mistake_waits("history"))
        return __real_cx_advance_run(advance, pg, err);
    CX_TRY(cx_pg_commit(pg, err));
    cx_mistake_die("history");
    return CX_OK;
}
