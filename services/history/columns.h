/* Columns of a table, by path in the generated structs, and their rows in PostgreSQL's binary COPY format.
 *
 * A column names where its value lies ("classified.event.header.department"); what it becomes in PostgreSQL
 * follows from the Avro type: boolean, int and long as boolean, integer and bigint; date as date;
 * timestamp-millis as timestamptz; string and enum as text; bytes and fixed as bytea; an array of strings as
 * text[]; anything else as json. A null on the way is a null. Not thread-safe.
 */
#ifndef SERVICES_HISTORY_COLUMNS_H
#define SERVICES_HISTORY_COLUMNS_H

#include "common/wire/buffer.h"
#include "common/wire/type.h"

enum { CX_COLUMN_DEPTH = 5, CX_COLUMN_ROOTS = 2, CX_COLUMNS_MOST = 64 };

typedef enum cx_column_kind {
    CX_COLUMN_VALUE,      /* by its type, as above */
    CX_COLUMN_JSON,       /* as json, whatever its type */
    CX_COLUMN_BRANCH,     /* of a union: the short name of the branch, as text */
    CX_COLUMN_GENERATION, /* of the log */
    CX_COLUMN_NUMBER,     /* cx_row.number, as integer */
    CX_COLUMN_TIME,       /* cx_row.time, as timestamptz */
    CX_COLUMN_TEXT,       /* cx_row.text */
    CX_COLUMN_BYTES,      /* cx_row.message, as bytea */
    CX_COLUMN_PARTITION,  /* cx_row.partition, as integer */
    CX_COLUMN_SEQ,        /* cx_row.seq, as bigint */
    CX_COLUMN_LINK        /* cx_row.link, 32 bytes, as bytea */
} cx_column_kind;

typedef struct cx_column {
    const char *name;
    cx_column_kind kind;
    int root;         /* which of the row's values the path begins at */
    const char *path; /* fields, with dots between; kinds without a value: NULL */
} cx_column;

/* A table of history and where its values come from. */
typedef struct cx_sheet_spec {
    const char *table;
    const cx_type *roots[CX_COLUMN_ROOTS];
    const cx_column *columns;
    size_t n;
} cx_sheet_spec;

/* What a row is made of. */
typedef struct cx_row {
    const void *roots[CX_COLUMN_ROOTS]; /* structs of the spec's types */
    int32_t number;
    int64_t time; /* ms since 1970 */
    cx_view text;
    cx_view message;
    int32_t partition; /* of the topic that the message came by */
    int64_t seq;       /* its place in that partition's chain, */
    cx_view link;      /* and the chain's head behind it */
} cx_row;

typedef struct cx_sheet cx_sheet;

/* schema: in which the table is, "history". CX_CONFIG when a path does not lead to a value: a mistake of
 * ours, found at start. */
cx_rc cx_sheet_new(const cx_sheet_spec *spec, const char *schema, int generation, cx_sheet **out,
                   cx_err *err) CX_MUST_CHECK;
void cx_sheet_destroy(cx_sheet **sheet);

/* Appends a row. CX_OUT_OF_MEMORY leaves the sheet as it was. */
cx_rc cx_sheet_add(cx_sheet *sheet, const cx_row *row, cx_err *err) CX_MUST_CHECK;
/* Forgets the rows. */
void cx_sheet_clear(cx_sheet *sheet);
size_t cx_sheet_rows(const cx_sheet *sheet);
/* The rows, without COPY's header and trailer; until the next add. */
cx_view cx_sheet_bytes(const cx_sheet *sheet);
/* "COPY history.x (...) FROM STDIN (FORMAT binary)". Its names come in the order of the row's columns. */
const char *cx_sheet_statement(const cx_sheet *sheet);

#endif
