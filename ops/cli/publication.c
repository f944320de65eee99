/* The table of a double-publication file: encoding, header, rows of any width. */
#include "ops/cli/publication.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "ops/cli/publication_row.h"

struct reading {
    cx_publication *p;
    cx_rc rc;
    cx_view cells[CX_PUBLICATION_CELLS];
    size_t n;
    bool header_done;
    bool too_many;
    cx_view header[CX_PUBLICATION_CELLS];
    size_t header_n;
};

/* The row in which the n-th byte lies, the header being row 1: line ends count but for those inside quotes. A
 * quote and a line end are no part of any GB18030 character. */
static size_t row_of(cx_view bytes, size_t n) {
    size_t row = 1;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        quoted = quoted != (bytes.p[i] == '"');
        row += !quoted && bytes.p[i] == '\n';
    }
    return row;
}

/* GB18030 -> UTF-8, in the arena. What is neither was meant to be the one of which more can be read. */
static cx_rc to_utf8(cx_view bytes, cx_arena *arena, cx_view *out, cx_err *err) {
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return cx_fail(err, CX_FILE, "this system cannot read GB18030");
    size_t room = 2 * bytes.n + 16, left = room, in_left = bytes.n;
    char *text = cx_arena_alloc(arena, room), *to = text, *from = (char *)(uintptr_t)bytes.p;
    bool ok = text != NULL && iconv(converter, &from, &in_left, &to, &left) != (size_t)-1 && in_left == 0;
    (void)iconv_close(converter);
    if (text == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *out = (cx_view){text, room - left};
    size_t at = bytes.n - in_left, utf8 = cx_view_utf8_length(bytes);
    at = utf8 > at ? utf8 : at;
    return ok ? CX_OK
              : cx_fail(err, CX_CSV, "row %zu, byte %zu of the file: neither UTF-8 nor GB18030",
                        row_of(bytes, at), at + 1);
}

static void on_cell(void *bytes, size_t n, void *data) {
    struct reading *r = data;
    if (r->n >= CX_PUBLICATION_CELLS) {
        r->too_many = true;
        return;
    }
    cx_view cell = cx_arena_copy(r->p->arena, cx_view_trim((cx_view){bytes, n}));
    if (cell.p == NULL)
        r->rc = CX_OUT_OF_MEMORY;
    r->cells[r->n++] = cell;
}

static bool make_room(cx_publication *p) {
    if (p->rows < p->room)
        return true;
    size_t room = p->room == 0 ? 256 : 2 * p->room;
    cx_publication_row *rows = cx_arena_alloc(p->arena, room * sizeof *rows);
    if (rows == NULL)
        return false;
    if (p->rows > 0)
        (void)memcpy(rows, p->row, p->rows * sizeof *rows);
    p->row = rows;
    p->room = room;
    return true;
}

static void keep_row(struct reading *r) {
    cx_publication *p = r->p;
    cx_publication_row row = {.cells = cx_arena_alloc(p->arena, (r->n + 1) * sizeof(cx_view)), .n = r->n};
    if (row.cells == NULL || !make_room(p)) {
        r->rc = CX_OUT_OF_MEMORY;
        return;
    }
    (void)memcpy(row.cells, r->cells, r->n * sizeof(cx_view));
    p->row[p->rows++] = row;
}

static void on_row(int ending, void *data) {
    (void)ending;
    struct reading *r = data;
    if (!r->header_done) {
        (void)memcpy(r->header, r->cells, r->n * sizeof(cx_view));
        r->header_n = r->n;
        r->header_done = true;
    } else if (r->n > 1 || (r->n == 1 && r->cells[0].n > 0)) {
        if (r->too_many)
            r->n = 0; /* a width that no header has: refused as a row */
        keep_row(r);
    }
    r->too_many = false;
    r->n = 0;
}

static cx_rc parse(struct reading *r, cx_view text, cx_err *err) {
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    bool whole = csv_parse(&parser, text.p, text.n, on_cell, on_row, r) == text.n &&
                 csv_fini(&parser, on_cell, on_row, r) == 0;
    csv_free(&parser);
    if (r->rc != CX_OK)
        return cx_fail(err, r->rc, NULL);
    if (!r->header_done)
        return cx_fail(err, CX_CSV, "row 1: the header is missing");
    r->p->broken_row = whole ? 0 : r->p->rows + 2;
    return CX_OK;
}

cx_rc cx_publication_open(cx_view bytes, const cx_publication_rules *rules, cx_arena *arena,
                          cx_publication **out, cx_err *err) {
    cx_publication *p = cx_arena_calloc(arena, 1, sizeof *p);
    struct reading *r = cx_arena_calloc(arena, 1, sizeof *r);
    if (p == NULL || r == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    p->arena = arena;
    p->rules = *rules;
    r->p = p;
    cx_view text = bytes;
    if (!cx_view_is_utf8(bytes))
        CX_TRY(to_utf8(bytes, arena, &text, err));
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
        text = (cx_view){text.p + 3, text.n - 3};
    CX_TRY(parse(r, text, err));
    CX_TRY(cx_publication_header(p, r->header, r->header_n, err));
    *out = p;
    return CX_OK;
}

size_t cx_publication_rows(const cx_publication *publication) {
    return publication->rows;
}

size_t cx_publication_broken_row(const cx_publication *publication) {
    return publication->broken_row;
}
