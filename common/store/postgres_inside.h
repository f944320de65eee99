/* What the files of common/store share of a connection. Not for others. */
#ifndef CX_STORE_POSTGRES_INSIDE_H
#define CX_STORE_POSTGRES_INSIDE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "common/store/postgres.h"

struct cx_pg {
    PGconn *conn;
};

int64_t cx_pg_now_ms(void);
/* Until the socket can be read (or written, too). false: not in time, or no socket any more. */
bool cx_pg_await(const cx_pg *pg, bool write, int64_t deadline);
/* What the server said, without its words. result may be NULL. */
cx_rc cx_pg_fail(const cx_pg *pg, const PGresult *result, const char *what, cx_err *err);
/* The command's first result, drained to its end unless data follow; the caller's to clear, whatever it says.
 */
cx_rc cx_pg_only_result(cx_pg *pg, const char *what, PGresult **out, cx_err *err) CX_MUST_CHECK;

#endif
