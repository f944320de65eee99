#include "ops/cli/verify_rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/postgres_out.h"

enum { KEYS = 3, MOST = 5000 };

/* A row without its like at its place. */
struct left {
    cx_view row;
    bool done;
};

struct list {
    struct left items[MOST];
    size_t n;
};

struct cx_rows {
    const cx_sheet_spec *spec;
    cx_rows_events events;
    int keys[KEYS], key_n;
    int seq, link;
    cx_arena *arena;
    struct list should, is;
    cx_view ahead; /* p NULL: not read yet, or the end */
    bool ended;
    size_t n;
};

const char *cx_rows_text(cx_rows_what what) {
    static const char *const texts[] = {"ALTERED", "REMOVED", "INSERTED", "REORDERED"};
    return texts[what];
}

int cx_rows_column(const cx_sheet_spec *spec, const char *name) {
    for (size_t i = 0; i < spec->n; i++)
        if (strcmp(spec->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

cx_rows *cx_rows_new(const cx_sheet_spec *spec, const cx_rows_events *events) {
    static const char *const names[KEYS] = {"origin_offset", "origin_index", "number"};
    cx_rows *r = calloc(1, sizeof *r);
    if (r == NULL || (r->arena = cx_arena_new(0)) == NULL) {
        free(r);
        return NULL;
    }
    r->spec = spec;
    r->events = *events;
    r->seq = cx_rows_column(spec, "seq");
    r->link = cx_rows_column(spec, "link");
    r->key_n = r->seq >= 0 ? 1 : KEYS;
    for (int i = 0; i < r->key_n; i++)
        r->keys[i] = r->seq >= 0 ? r->seq : cx_rows_column(spec, names[i]);
    return r;
}

void cx_rows_destroy(cx_rows **rows) {
    if (*rows == NULL)
        return;
    cx_arena_destroy(&(*rows)->arena);
    free(*rows);
    *rows = NULL;
}

size_t cx_rows_count(const cx_rows *rows) {
    return rows->n;
}

/* --- keys and contents -------------------------------------------------------------------------------- */
static int64_t number_of(cx_view field) {
    uint64_t v = field.n > 0 && ((unsigned char)field.p[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < field.n && i < 8; i++)
        v = v << 8 | (unsigned char)field.p[i];
    return (int64_t)v;
}

static int order(const cx_rows *r, cx_view a, cx_view b) {
    for (int i = 0; i < r->key_n; i++) {
        int64_t x = number_of(cx_pg_out_field(a, r->keys[i])), y = number_of(cx_pg_out_field(b, r->keys[i]));
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

/* The same but for the place in the chain. */
static bool same_content(const cx_rows *r, cx_view a, cx_view b) {
    for (int i = 0; i < (int)r->spec->n; i++) {
        cx_view x = cx_pg_out_field(a, i), y = cx_pg_out_field(b, i);
        if (i != r->seq && i != r->link && (!cx_view_eq(x, y) || (x.p == NULL) != (y.p == NULL)))
            return false;
    }
    return true;
}

/* --- side by side ------------------------------------------------------------------------------------- */
static cx_rc set_aside(cx_rows *r, struct list *list, cx_view row, cx_err *err) {
    if (list->n == MOST)
        return CX_OK; /* the first thousands are told */
    cx_view copy = cx_arena_copy(r->arena, row);
    if (copy.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    list->items[list->n++] = (struct left){copy, false};
    return CX_OK;
}

static cx_rc look_ahead(cx_rows *r, cx_err *err) {
    if (r->ahead.p != NULL || r->ended)
        return CX_OK;
    CX_TRY(r->events.next(r->events.context, &r->ahead, err));
    r->ended = r->ahead.p == NULL;
    return CX_OK;
}

cx_rc cx_rows_should(cx_rows *r, cx_view row, cx_err *err) {
    r->n++;
    for (;;) {
        CX_TRY(look_ahead(r, err));
        if (r->ended)
            return set_aside(r, &r->should, row, err);
        if (cx_view_eq(r->ahead, row)) {
            r->ahead = (cx_view){NULL, 0};
            return CX_OK;
        }
        int before = order(r, r->ahead, row);
        if (before <= 0) {
            CX_TRY(set_aside(r, &r->is, r->ahead, err));
            r->ahead = (cx_view){NULL, 0};
        }
        if (before >= 0)
            return set_aside(r, &r->should, row, err);
    }
}

/* Rows of both sides that `fits` are one and the same. */
static void pair_up(cx_rows *r, bool (*fits)(const cx_rows *, cx_view, cx_view), bool told,
                    cx_rows_what what) {
    for (size_t i = 0; i < r->should.n; i++)
        for (size_t k = 0; k < r->is.n && !r->should.items[i].done; k++) {
            if (r->is.items[k].done || !fits(r, r->should.items[i].row, r->is.items[k].row))
                continue;
            r->should.items[i].done = r->is.items[k].done = true;
            if (told)
                r->events.tell(r->events.context, what, r->should.items[i].row, r->is.items[k].row);
        }
}

static bool wholly_same(const cx_rows *r, cx_view a, cx_view b) {
    (void)r;
    return cx_view_eq(a, b);
}

static bool same_key(const cx_rows *r, cx_view a, cx_view b) {
    return order(r, a, b) == 0;
}

cx_rc cx_rows_finish(cx_rows *r, cx_err *err) {
    static const cx_view none = {NULL, 0};
    for (;;) {
        CX_TRY(look_ahead(r, err));
        if (r->ended)
            break;
        CX_TRY(set_aside(r, &r->is, r->ahead, err));
        r->ahead = none;
    }
    pair_up(r, wholly_same, false, CX_ROWS_ALTERED);
    if (r->seq >= 0)
        pair_up(r, same_content, true, CX_ROWS_REORDERED);
    pair_up(r, same_key, true, CX_ROWS_ALTERED);
    for (size_t i = 0; i < r->should.n; i++)
        if (!r->should.items[i].done)
            r->events.tell(r->events.context, CX_ROWS_REMOVED, r->should.items[i].row, none);
    for (size_t i = 0; i < r->is.n; i++)
        if (!r->is.items[i].done)
            r->events.tell(r->events.context, CX_ROWS_INSERTED, none, r->is.items[i].row);
    return CX_OK;
}
