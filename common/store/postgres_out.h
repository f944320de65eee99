/* Rows out of PostgreSQL in the binary COPY format, one at a time, and scripts of several statements: for
 * tools. Waiting and errors as in common/store/postgres.h. */
#ifndef CX_STORE_POSTGRES_OUT_H
#define CX_STORE_POSTGRES_OUT_H

#include "common/base/view.h"
#include "common/store/postgres.h"

typedef struct cx_pg_out cx_pg_out;

/* statement: "COPY (SELECT ...) TO STDOUT (FORMAT binary)". The connection is busy until the end of the rows.
 */
cx_rc cx_pg_out_open(cx_pg *pg, const char *statement, cx_pg_out **out, cx_err *err) CX_MUST_CHECK;
/* The next row: its number of fields in two bytes, then each field as length and bytes, until the next call.
 * p NULL: the end. */
cx_rc cx_pg_out_next(cx_pg_out *out, cx_view *row, cx_err *err) CX_MUST_CHECK;
/* Before the end: close the connection, too. */
void cx_pg_out_close(cx_pg_out **out);

/* Field number i of a row; p NULL: null, or there is none. */
cx_view cx_pg_out_field(cx_view row, int i);

/* Statements with semicolons between, in one transaction unless they say otherwise. */
cx_rc cx_pg_script(cx_pg *pg, const char *text, cx_err *err) CX_MUST_CHECK;

#endif
