/* How long what a position has not passed has waited: looked up once for each distinct place. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/peek.h"
#include "ops/cli/lag.h"

static bool is_open(const cx_lag_row *row) {
    return row->messages > 0;
}

static int by_place(const void *a, const void *b) {
    const cx_lag_row *x = *(cx_lag_row *const *)a, *y = *(cx_lag_row *const *)b;
    int order = strcmp(x->topic, y->topic);
    if (order == 0)
        order = (x->partition > y->partition) - (x->partition < y->partition);
    return order != 0 ? order : (x->next > y->next) - (x->next < y->next);
}

static bool same_place(const cx_lag_row *row, const cx_peek *peek) {
    return row->partition == peek->partition && row->next == peek->offset &&
           strcmp(row->topic, peek->topic) == 0;
}

/* Open rows in the order of their places, and those places, each once. */
struct places {
    cx_lag_row **rows;
    cx_peek *peeks;
    size_t row_n, n;
};

static cx_rc gather(cx_lag *lag, struct places *out, cx_err *err) {
    out->rows = calloc(lag->n + 1, sizeof *out->rows);
    out->peeks = calloc(lag->n + 1, sizeof *out->peeks);
    if (out->rows == NULL || out->peeks == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < lag->n; i++)
        if (is_open(&lag->rows[i]))
            out->rows[out->row_n++] = &lag->rows[i];
    qsort(out->rows, out->row_n, sizeof *out->rows, by_place);
    for (size_t i = 0; i < out->row_n; i++) {
        const cx_lag_row *row = out->rows[i];
        if (out->n == 0 || !same_place(row, &out->peeks[out->n - 1]))
            out->peeks[out->n++] =
                (cx_peek){.topic = row->topic, .partition = row->partition, .offset = row->next};
    }
    return CX_OK;
}

/* Only markers, or messages of a transaction that is still open, follow: those of an open one wait, too. */
static void take_end(cx_lag_row *row, const cx_peek *peek) {
    row->messages = peek->at < row->end ? row->end - peek->at : 0;
    row->next = peek->at;
}

/* Both lists are in the order of places. Returns how many ends lie before a true end: open transactions. */
static size_t take(struct places *at, bool committed) {
    size_t open = 0;
    for (size_t r = 0, p = 0; r < at->row_n; r++) {
        cx_lag_row *row = at->rows[r];
        while (p < at->n && !same_place(row, &at->peeks[p]))
            p++;
        if (p == at->n)
            return open; /* what is left was answered in the first pass */
        const cx_peek *peek = &at->peeks[p];
        bool message = peek->kind == CX_PEEK_MESSAGE, end = peek->kind == CX_PEEK_END;
        if (message && peek->at < row->end)
            row->since = peek->timestamp;
        else if (message || (end && !committed))
            row->messages = 0; /* what follows came after the look at the ends, or there are markers alone */
        else if (end)
            take_end(row, peek);
        open += committed && end && row->messages > 0;
    }
    return open;
}

/* Those rows alone whose position is followed by an open transaction. */
static void keep_open(struct places *at) {
    size_t n = 0;
    at->n = 0;
    for (size_t i = 0; i < at->row_n; i++) {
        cx_lag_row *row = at->rows[i];
        if (!is_open(row) || row->since != CX_NO_TIME)
            continue;
        at->rows[n++] = row;
        if (at->n == 0 || !same_place(row, &at->peeks[at->n - 1]))
            at->peeks[at->n++] =
                (cx_peek){.topic = row->topic, .partition = row->partition, .offset = row->next};
    }
    at->row_n = n;
}

cx_rc cx_lag_since(const cx_config *config, cx_lag *lag, int32_t timeout_ms, cx_err *err) {
    struct places at = {0};
    cx_rc rc = gather(lag, &at, err);
    if (rc == CX_OK)
        rc = cx_peek_all(config, true, at.peeks, at.n, timeout_ms, err);
    if (rc == CX_OK && take(&at, true) > 0) {
        keep_open(&at);
        rc = cx_peek_all(config, false, at.peeks, at.n, timeout_ms, err);
        if (rc == CX_OK)
            (void)take(&at, false);
    }
    free(at.rows);
    free(at.peeks);
    return rc;
}
