/* A history that commits its rows first and its offsets afterwards, and dies between the two: the rows come
 * again. */
#include "common/store/fence.h"
#include "tests/chaos/mistakes/once.h"

cx_rc __real_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err);
cx_rc __wrap_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err);

enum { BUSY = 5 }; /* writes after which rows of events are among them */

cx_rc __wrap_cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err) {
    static int turn;
    if (++turn < BUSY || !cx_mistake_waits("history"))
        return __real_cx_advance_run(advance, pg, err);
    CX_TRY(cx_pg_commit(pg, err));
    cx_mistake_die("history");
    return CX_OK;
}
