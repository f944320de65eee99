#include "ops/cli/grid.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ops/cli/print.h"

enum { GAP = 2, MINUTE = 60, HOUR = 3600, DAY = 86400 };

struct plan {
    const cx_grid_column *columns;
    size_t n, total;
    size_t natural[CX_GRID_COLUMNS], width[CX_GRID_COLUMNS];
    bool out[CX_GRID_COLUMNS];
};

static void measure(struct plan *p, const cx_view *cells, size_t rows) {
    for (size_t c = 0; c < p->n; c++) {
        p->natural[c] = cx_text_width(cx_view_of(p->columns[c].heading));
        for (size_t r = 0; r < rows; r++) {
            size_t w = cx_text_width(cells[r * p->n + c]);
            p->natural[c] = w > p->natural[c] ? w : p->natural[c];
        }
    }
}

static void begin(struct plan *p) {
    p->total = 0;
    for (size_t c = 0; c < p->n; c++) {
        p->width[c] = p->natural[c];
        if (!p->out[c])
            p->total += p->width[c] + (p->total > 0 ? GAP : 0);
    }
}

/* Takes from the widest that can give. */
static bool shrink(struct plan *p, size_t width) {
    while (p->total > width) {
        size_t best = p->n;
        for (size_t c = 0; c < p->n; c++)
            if (!p->out[c] && p->columns[c].least > 0 && p->width[c] > p->columns[c].least &&
                (best == p->n || p->width[c] > p->width[best]))
                best = c;
        if (best == p->n)
            return false;
        p->width[best]--;
        p->total--;
    }
    return true;
}

static bool leave_one_out(struct plan *p) {
    size_t best = p->n;
    for (size_t c = 0; c < p->n; c++)
        if (!p->out[c] && p->columns[c].spare > 0 &&
            (best == p->n || p->columns[c].spare > p->columns[best].spare))
            best = c;
    if (best == p->n)
        return false;
    p->out[best] = true;
    return true;
}

/* The bytes of a text that take at most `width` columns. */
static cx_view fit(cx_view text, size_t width) {
    size_t n = 0;
    for (;;) {
        size_t end = n + 1;
        while (end < text.n && ((unsigned char)text.p[end] & 0xC0) == 0x80)
            end++;
        if (n >= text.n || cx_text_width((cx_view){text.p, end}) > width)
            return (cx_view){text.p, n};
        n = end;
    }
}

static size_t put(cx_view text, size_t width, FILE *to) {
    if (cx_text_width(text) <= width) {
        (void)fprintf(to, "%.*s", CX_VIEW_ARGS(text));
        return cx_text_width(text);
    }
    if (width == 0)
        return 0;
    cx_view cut = fit(text, width - 1);
    (void)fprintf(to, "%.*s…", CX_VIEW_ARGS(cut));
    return cx_text_width(cut) + 1;
}

static void put_row(const struct plan *p, const cx_view *cells, size_t limit, FILE *to) {
    size_t at = 0, wanted = 0;
    for (size_t c = 0; c < p->n; c++) {
        if (p->out[c])
            continue;
        if (wanted > 0)
            wanted += GAP;
        cx_view cell = cells[c];
        size_t own = cx_text_width(cell) < p->width[c] ? cx_text_width(cell) : p->width[c];
        size_t start = wanted + (p->columns[c].right ? p->width[c] - own : 0);
        if (own > 0 && start < limit) { /* blanks only before something: no line ends in them */
            (void)fprintf(to, "%*s", (int)(start - at), "");
            at = start + put(cell, own < limit - start ? own : limit - start, to);
        }
        wanted += p->width[c];
    }
    (void)fputc('\n', to);
}

cx_rc cx_grid_print(const cx_grid_column *columns, size_t n, const cx_view *cells, size_t rows, size_t width,
                    FILE *to) {
    CX_ASSERT(n > 0 && n <= CX_GRID_COLUMNS);
    struct plan p = {.columns = columns, .n = n};
    size_t limit = width == CX_GRID_ANY_WIDTH ? SIZE_MAX : width;
    cx_view headings[CX_GRID_COLUMNS];
    measure(&p, cells, rows);
    do
        begin(&p);
    while (!shrink(&p, limit) && leave_one_out(&p));
    for (size_t c = 0; c < n; c++)
        headings[c] = cx_view_of(columns[c].heading);
    put_row(&p, headings, limit, to);
    for (size_t r = 0; r < rows; r++)
        put_row(&p, cells + r * n, limit, to);
    return ferror(to) ? CX_FILE : CX_OK;
}

static size_t number_of(const char *text) {
    int64_t n = 0;
    return text != NULL && cx_view_to_int64(cx_view_of(text), &n) && n > 0 && n < 10000 ? (size_t)n : 0;
}

size_t cx_grid_terminal(FILE *to, size_t *lines) {
    struct winsize size = {0};
    bool is_one = ioctl(fileno(to), TIOCGWINSZ, &size) == 0;
    size_t width = number_of(getenv("COLUMNS")), height = number_of(getenv("LINES"));
    *lines = height > 0 ? height : is_one ? size.ws_row : 0;
    return width > 0 ? width : is_one ? size.ws_col : CX_GRID_ANY_WIDTH;
}

const char *cx_grid_duration(double seconds, char out[CX_GRID_DURATION]) {
    if (seconds < 0)
        (void)snprintf(out, CX_GRID_DURATION, "-");
    else if (seconds < 99.95)
        (void)snprintf(out, CX_GRID_DURATION, seconds > 0 ? "%.1f s" : "0 s", seconds);
    else if (seconds < HOUR)
        (void)snprintf(out, CX_GRID_DURATION, "%d m %02d s", (int)seconds / MINUTE, (int)seconds % MINUTE);
    else if (seconds < DAY)
        (void)snprintf(out, CX_GRID_DURATION, "%d h %02d m", (int)seconds / HOUR,
                       (int)seconds % HOUR / MINUTE);
    else
        (void)snprintf(out, CX_GRID_DURATION, "%lld d %02lld h", (long long)seconds / DAY,
                       (long long)seconds % DAY / HOUR);
    return out;
}
