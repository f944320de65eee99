/* The columns of a double-publication file. */
#include "ops/cli/publication_row.h"

enum { PREFIX = 3 };

static const struct {
    const char *penalty; /* the name with either prefix */
    const char *permit;
    int in_penalty; /* 1 needed, 0 may be missing, -1 not of this form */
    int in_permit;
} columns[CX_COLUMN_COUNT] = {
#define CX_X(name, penalty, permit) [CX_COLUMN_##name] = {"CF_" #name, "XK_" #name, penalty, permit},
    CX_PUBLICATION_COLUMNS(CX_X)
#undef CX_X
};

const char *cx_publication_column_name(const cx_publication *p, cx_publication_column column) {
    return p->penalty ? columns[column].penalty : columns[column].permit;
}

/* Other names that were seen for two columns. */
static cx_view without_alias(cx_view name) {
    if (cx_view_is(name, "FDDB"))
        return CX_VIEW("FRDB");
    return cx_view_is(name, "FR_SFZH") ? CX_VIEW("FR_ZJHM") : name;
}

static int column_of(const cx_publication *p, cx_view cell) {
    bool prefixed = cell.n > PREFIX && memcmp(cell.p, p->penalty ? "CF_" : "XK_", PREFIX) == 0;
    cx_view name = without_alias(prefixed ? (cx_view){cell.p + PREFIX, cell.n - PREFIX} : cell);
    for (int i = 0; i < CX_COLUMN_COUNT; i++)
        if (cx_view_is(name, columns[i].penalty + PREFIX))
            return (p->penalty ? columns[i].in_penalty : columns[i].in_permit) < 0 ? -1 : i;
    return -1;
}

cx_rc cx_publication_header(cx_publication *p, const cx_view *cells, size_t n, cx_err *err) {
    bool penalty = false, permit = false;
    for (size_t i = 0; i < n; i++) {
        penalty |= cells[i].n > PREFIX && memcmp(cells[i].p, "CF_", PREFIX) == 0;
        permit |= cells[i].n > PREFIX && memcmp(cells[i].p, "XK_", PREFIX) == 0;
    }
    if (penalty == permit)
        return cx_fail(err, CX_CSV, "row 1: columns must begin with CF_ (penalties) or with XK_ (permits)");
    p->penalty = penalty;
    p->width = n;
    for (int i = 0; i < CX_COLUMN_COUNT; i++)
        p->column[i] = -1;
    for (size_t i = 0; i < n; i++) {
        int column = column_of(p, cells[i]);
        if (column < 0)
            return cx_fail(err, CX_CSV, "row 1, column %zu: \"%.*s\" is no column of this form", i + 1,
                           CX_VIEW_ARGS(cells[i]));
        if (p->column[column] >= 0)
            return cx_fail(err, CX_CSV, "row 1: %s stands there twice",
                           cx_publication_column_name(p, (cx_publication_column)column));
        p->column[column] = (int)i;
    }
    for (int i = 0; i < CX_COLUMN_COUNT; i++)
        if ((penalty ? columns[i].in_penalty : columns[i].in_permit) == 1 && p->column[i] < 0)
            return cx_fail(err, CX_CSV, "row 1: the column %s is missing",
                           cx_publication_column_name(p, (cx_publication_column)i));
    return CX_OK;
}

cx_view cx_publication_cell(const cx_publication *p, size_t row, cx_publication_column column) {
    int at = p->column[column];
    return at < 0 ? CX_VIEW("") : p->row[row].cells[at];
}

bool cx_publication_date(cx_view text, cx_date *out) {
    char iso[10];
    if (text.n != sizeof iso)
        return false;
    (void)memcpy(iso, text.p, sizeof iso);
    if (iso[4] == '/' && iso[7] == '/')
        iso[4] = iso[7] = '-';
    return cx_date_parse((cx_view){iso, sizeof iso}, out);
}

cx_rc cx_publication_amount(cx_view text, int64_t *fen) {
    cx_view decimals, whole = cx_view_split(text, '.', &decimals);
    int64_t ten_thousands = 0, parts = 0;
    static const int64_t longest = 1000000000; /* 万元; intake's own limit is 10^15 fen */
    if (whole.n == 0 || whole.p[0] == '-' || !cx_view_to_int64(whole, &ten_thousands) || decimals.n > 6 ||
        (decimals.p != NULL &&
         (decimals.n == 0 || decimals.p[0] == '-' || !cx_view_to_int64(decimals, &parts))))
        return CX_AMOUNT_OUT_OF_RANGE;
    for (size_t i = decimals.n; i < 6; i++)
        parts *= 10;
    if (ten_thousands > longest)
        return CX_AMOUNT_OUT_OF_RANGE;
    *fen = ten_thousands * 1000000 + parts; /* 1 万元 is 1,000,000 fen */
    return CX_OK;
}
