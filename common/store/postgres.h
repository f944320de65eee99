/* PostgreSQL: one connection, statements with text parameters, COPY BINARY, transactions that say how they
 * ended.
 *
 * Nothing blocks longer than CX_PG_WAIT_MS. After any failure but CX_FENCED close the connection and open
 * another: what the transaction came to is then in history.offsets (common/store/fence.h). Error texts hold
 * the SQLSTATE and, at most, a constraint's name: the server's own words quote values (pitfall 21). One
 * connection belongs to one thread.
 *
 * Errors: CX_STORE_AWAY (connection lost or refused, server starting or stopping, out of disk, deadlock, lock
 * not available: try again), CX_STORE (anything else: missing table, wrong type, no right), CX_CONFIG
 * (conninfo cannot be read, password missing), CX_OUT_OF_MEMORY.
 */
#ifndef CX_STORE_POSTGRES_H
#define CX_STORE_POSTGRES_H

#include "common/base/error.h"

enum { CX_PG_WAIT_MS = 30000 };

typedef struct cx_pg cx_pg;
typedef struct cx_pg_rows cx_pg_rows;

/* role: the user, whatever conninfo says. application: shown in pg_stat_activity. */
cx_rc cx_pg_open(const char *conninfo, const char *role, const char *application, cx_pg **out,
                 cx_err *err) CX_MUST_CHECK;
/* An open transaction is rolled back by the server. */
void cx_pg_close(cx_pg **pg);

/* One statement with $1, $2 ... as text (NULL: null). rows may be NULL; else free them. */
cx_rc cx_pg_query(cx_pg *pg, const char *sql, const char *const *values, int n, cx_pg_rows **rows,
                  cx_err *err) CX_MUST_CHECK;
int cx_pg_rows_count(const cx_pg_rows *rows);
/* As text, until the rows are freed; NULL: null. */
const char *cx_pg_value(const cx_pg_rows *rows, int row, int column);
void cx_pg_rows_free(cx_pg_rows **rows);

cx_rc cx_pg_begin(cx_pg *pg, cx_err *err) CX_MUST_CHECK;
/* CX_OK only when the server answered with the tag COMMIT: a failed transaction answers ROLLBACK, and is
 * CX_STORE here. After CX_STORE_AWAY the outcome is not known. */
cx_rc cx_pg_commit(cx_pg *pg, cx_err *err) CX_MUST_CHECK;
/* Ends a failed transaction on a connection that is still good; else nothing. */
void cx_pg_rollback(cx_pg *pg);

/* Runs "COPY table (columns) FROM STDIN (FORMAT binary)" with these bytes: rows without the format's header
 * and trailer, which are added here. */
cx_rc cx_pg_copy(cx_pg *pg, const char *statement, const void *rows, size_t n, cx_err *err) CX_MUST_CHECK;

/* What a SQLSTATE means to us: CX_STORE_AWAY or CX_STORE. */
cx_rc cx_pg_class(const char *sqlstate);

#endif
