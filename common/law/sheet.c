#include "common/law/sheet.h"

#include <csv.h>

/* What libcsv's callbacks fill. */
struct reading {
    const char *const *columns;
    size_t width;
    cx_arena *arena;
    cx_view file;
    cx_err *err;
    cx_rc rc;
    cx_view *cells; /* grows by doubling within the arena */
    size_t room;
    size_t rows;
    size_t column; /* of the row being read */
    bool in_header;
};

static bool make_room(struct reading *r) {
    if ((r->rows + 1) * r->width <= r->room)
        return true;
    size_t room = r->room == 0 ? 64 * r->width : 2 * r->room;
    cx_view *cells = cx_arena_alloc(r->arena, room * sizeof *cells);
    if (cells == NULL)
        return false;
    if (r->room > 0)
        (void)memcpy(cells, r->cells, r->rows * r->width * sizeof *cells);
    r->cells = cells;
    r->room = room;
    return true;
}

static void on_cell(void *bytes, size_t n, void *data) {
    struct reading *r = data;
    cx_view cell = {bytes, n};
    if (r->rc != CX_OK)
        return;
    if (r->column >= r->width) {
        r->column++;
        return; /* told at the row's end */
    }
    if (r->in_header) {
        if (!cx_view_is(cx_view_trim(cell), r->columns[r->column]))
            r->rc = cx_fail(r->err, CX_CSV, "%.*s, row 1: column %zu is not \"%s\"", CX_VIEW_ARGS(r->file),
                            r->column + 1, r->columns[r->column]);
        r->column++;
        return;
    }
    cx_view *place = make_room(r) ? &r->cells[r->rows * r->width + r->column] : NULL;
    if (place != NULL)
        *place = cx_arena_copy(r->arena, cx_view_trim(cell));
    if (place == NULL || place->p == NULL)
        r->rc = cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
    r->column++;
}

static void on_row(int ending, void *data) {
    (void)ending;
    struct reading *r = data;
    if (r->rc != CX_OK)
        return;
    if (r->column != r->width)
        r->rc = cx_fail(r->err, CX_CSV, "%.*s, row %zu: %zu columns, and %zu are expected",
                        CX_VIEW_ARGS(r->file), r->in_header ? 1 : r->rows + 2, r->column, r->width);
    else if (!r->in_header && ++r->rows > CX_SHEET_MAX_ROWS)
        r->rc = cx_fail(r->err, CX_CSV, "%.*s has too many rows", CX_VIEW_ARGS(r->file));
    r->in_header = false;
    r->column = 0;
}

static cx_view without_mark(cx_view bytes) {
    bool marked = bytes.n >= 3 && memcmp(bytes.p, "\xEF\xBB\xBF", 3) == 0;
    return marked ? (cx_view){bytes.p + 3, bytes.n - 3} : bytes;
}

cx_rc cx_sheet_read(cx_view file, cx_view bytes, const char *const *columns, size_t n, cx_arena *arena,
                    cx_sheet *out, cx_err *err) {
    CX_ASSERT(n > 0 && n <= CX_SHEET_COLUMNS);
    if (!cx_view_is_utf8(bytes) || memchr(bytes.p != NULL ? bytes.p : "", '\0', bytes.n) != NULL)
        return cx_fail(err, CX_CSV, "%.*s is not UTF-8 text", CX_VIEW_ARGS(file));
    bytes = without_mark(bytes);
    struct reading r = {
        .columns = columns, .width = n, .arena = arena, .file = file, .err = err, .in_header = true};
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    bool ok = csv_parse(&parser, bytes.p, bytes.n, on_cell, on_row, &r) == bytes.n &&
              csv_fini(&parser, on_cell, on_row, &r) == 0;
    csv_free(&parser);
    if (r.rc != CX_OK)
        return r.rc;
    if (!ok)
        return cx_fail(err, CX_CSV, "%.*s, row %zu: the quoting is broken", CX_VIEW_ARGS(file), r.rows + 2);
    if (r.in_header)
        return cx_fail(err, CX_CSV, "%.*s is empty; its header row is missing", CX_VIEW_ARGS(file));
    *out = (cx_sheet){file, columns, n, r.rows, r.cells};
    return CX_OK;
}

cx_rc cx_sheet_fail(const cx_sheet *sheet, size_t row, size_t column, cx_err *err, const char *what) {
    cx_view key = cx_sheet_row(sheet, row)[0];
    return cx_fail(err, CX_PACK_INVALID, "%.*s, row %zu (%.*s), column %s: %s", CX_VIEW_ARGS(sheet->file),
                   row + 2, CX_VIEW_ARGS(key), sheet->columns[column], what);
}

static size_t count_lines(cx_view bytes) {
    size_t n = 1;
    for (size_t i = 0; i < bytes.n; i++)
        n += bytes.p[i] == '\n';
    return n;
}

cx_rc cx_properties_read(cx_view file, cx_view bytes, cx_arena *arena, cx_property **out, size_t *n,
                         cx_err *err) {
    *n = 0;
    *out = cx_arena_alloc(arena, count_lines(bytes) * sizeof **out);
    cx_view text = cx_arena_copy(arena, without_mark(bytes));
    if (*out == NULL || text.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (!cx_view_is_utf8(text))
        return cx_fail(err, CX_PACK_INVALID, "%.*s is not UTF-8 text", CX_VIEW_ARGS(file));
    for (size_t number = 1; text.n > 0; number++) {
        cx_view value, line = cx_view_trim(cx_view_split(text, '\n', &text));
        if (line.n == 0 || line.p[0] == '#')
            continue;
        cx_view key = cx_view_trim(cx_view_split(line, '=', &value));
        if (value.p == NULL || key.n == 0)
            return cx_fail(err, CX_PACK_INVALID, "%.*s, line %zu: not key = value", CX_VIEW_ARGS(file),
                           number);
        if (cx_properties_get(*out, *n, key).p != NULL)
            return cx_fail(err, CX_PACK_INVALID, "%.*s, line %zu: %.*s is set twice", CX_VIEW_ARGS(file),
                           number, CX_VIEW_ARGS(key));
        (*out)[(*n)++] = (cx_property){key, cx_view_trim(value)};
    }
    return CX_OK;
}

cx_view cx_properties_get(const cx_property *properties, size_t n, cx_view key) {
    for (size_t i = 0; i < n; i++)
        if (cx_view_eq(properties[i].key, key))
            return properties[i].value;
    return (cx_view){NULL, 0};
}
