/* The small tables of a pack: CSV with a fixed header, and key=value properties.
 *
 * Read by libcsv (RFC 4180). Cells are copied into the arena. Pure; thread-safe.
 */
#ifndef CX_LAW_SHEET_H
#define CX_LAW_SHEET_H

#include "common/base/arena.h"

enum { CX_SHEET_COLUMNS = 32, CX_SHEET_MAX_ROWS = 200000 };

typedef struct cx_sheet {
    cx_view file;
    const char *const *columns;
    size_t width;         /* columns */
    size_t rows;          /* without the header */
    const cx_view *cells; /* row by row */
} cx_sheet;

/* Reads a CSV file whose header is exactly `columns` (n <= CX_SHEET_COLUMNS). An empty row is skipped. CSV:
 * the text names file, row (the header is row 1) and what is wrong. A byte order mark is accepted. */
CX_MUST_CHECK cx_rc cx_sheet_read(cx_view file, cx_view bytes, const char *const *columns, size_t n,
                                  cx_arena *arena, cx_sheet *out, cx_err *err);
/* One row's cells, `width` of them. */
static inline const cx_view *cx_sheet_row(const cx_sheet *sheet, size_t row) {
    return sheet->cells + row * sheet->width;
}
/* Fails with "file, row, column: ..." for the cell. */
cx_rc cx_sheet_fail(const cx_sheet *sheet, size_t row, size_t column, cx_err *err, const char *what);

/* Lines `key = value`; `#` begins a comment line. Later lines of the same key are refused. */
typedef struct cx_property {
    cx_view key;
    cx_view value;
} cx_property;
CX_MUST_CHECK cx_rc cx_properties_read(cx_view file, cx_view bytes, cx_arena *arena, cx_property **out,
                                       size_t *n, cx_err *err);
/* Empty (p NULL) when there is no such key. */
cx_view cx_properties_get(const cx_property *properties, size_t n, cx_view key);

#endif
