/* Double-publication files (双公示): a department's CSV of penalties or permits, row by row, as events.
 *
 * docs/events.md says what becomes of each column. Reads UTF-8 and GB18030.
 */
#ifndef OPS_CLI_PUBLICATION_H
#define OPS_CLI_PUBLICATION_H

#include "common/law/sheet.h"
#include "schemas/types.h"

/* What the pack says of rows: publication.csv of the flat pack, and its jurisdiction. */
typedef struct cx_publication_rules {
    cx_sheet rows; /* form, department, class, item, basis */
    int32_t jurisdiction;
    cx_view department; /* who publishes */
} cx_publication_rules;

/* A file being read. */
typedef struct cx_publication cx_publication;

/* bytes must outlive it. CSV where the header is none of the two forms or has a column that is not known;
 * FILE where the bytes are neither UTF-8 nor GB18030. */
CX_MUST_CHECK cx_rc cx_publication_open(cx_view bytes, const cx_publication_rules *rules, cx_arena *arena,
                                        cx_publication **out, cx_err *err);
/* Data rows that were read; broken quoting ends them early (cx_publication_broken_row). */
size_t cx_publication_rows(const cx_publication *publication);
/* The number (header is 1) of the row at which quoting broke; 0: nowhere. */
size_t cx_publication_broken_row(const cx_publication *publication);

/* The event of data row i (from 0) in the arena. Otherwise the reason, and *column names where (static text
 * or of the arena). */
CX_MUST_CHECK cx_rc cx_publication_event(const cx_publication *publication, size_t i, cx_arena *arena,
                                         cx_credit_event *out, const char **column);

#endif
