/* Rows of a table as they should be, against those that are there: which were altered, removed, inserted or
 * reordered.
 *
 * Rows are in the binary COPY format, both sides in the order of their key: the place in the chain where the
 * table has one, else origin and number. Pure but for the callbacks; one owner.
 */
#ifndef OPS_CLI_VERIFY_ROWS_H
#define OPS_CLI_VERIFY_ROWS_H

#include "common/base/arena.h"
#include "services/history/columns.h"

typedef enum cx_rows_what {
    CX_ROWS_ALTERED,
    CX_ROWS_REMOVED,
    CX_ROWS_INSERTED,
    CX_ROWS_REORDERED
} cx_rows_what;
/* "ALTERED". */
const char *cx_rows_text(cx_rows_what what);

typedef struct cx_rows_events {
    void *context;
    /* The next row that is there; p NULL: the end. Lives until the next call. */
    cx_rc (*next)(void *context, cx_view *row, cx_err *err);
    /* should: p NULL for INSERTED; is: p NULL for REMOVED. */
    void (*tell)(void *context, cx_rows_what what, cx_view should, cx_view is);
} cx_rows_events;

typedef struct cx_rows cx_rows;

/* The column of that name, or -1. */
int cx_rows_column(const cx_sheet_spec *spec, const char *name);
/* NULL when out of memory. */
cx_rows *cx_rows_new(const cx_sheet_spec *spec, const cx_rows_events *events);
void cx_rows_destroy(cx_rows **rows);
/* The next row that should be there. */
CX_MUST_CHECK cx_rc cx_rows_should(cx_rows *rows, cx_view row, cx_err *err);
/* No more: tells what differs. */
CX_MUST_CHECK cx_rc cx_rows_finish(cx_rows *rows, cx_err *err);
/* Rows that should be there, so far. */
size_t cx_rows_count(const cx_rows *rows);

#endif
