#include "ops/cli/breaker.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "ops/cli/decoding.h"
#include "ops/cli/table_read.h"

const char cx_breaker_reason[] = "HELD_BY_BREAKER";

/* The newest row under one key. */
struct row {
    UT_hash_handle hh;
    cx_view key, value;
};

struct reading {
    cx_decoding decoding;
    struct row *rows;
    cx_breakers *out;
};

static bool has(const cx_view_array *views, cx_view v) {
    for (size_t i = 0; i < views->n; i++)
        if (cx_view_eq(views->items[i], v))
            return true;
    return false;
}

static cx_breaker_view *of(struct reading *v, cx_view department) {
    for (size_t i = 0; i < v->out->n; i++)
        if (cx_view_eq(v->out->list[i].of, department))
            return &v->out->list[i];
    if (v->out->n == CX_BREAKERS_MOST)
        return NULL;
    v->out->list[v->out->n] =
        (cx_breaker_view){.of = cx_arena_copy(v->out->arena, department), .id = CX_VIEW("")};
    return &v->out->list[v->out->n++];
}

static cx_rc add_official(struct reading *v, cx_breaker_view *b, cx_view official) {
    if (has(&b->officials, official))
        return CX_OK;
    cx_view *items = cx_arena_alloc(v->out->arena, (b->officials.n + 1) * sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    if (b->officials.n > 0)
        (void)memcpy(items, b->officials.items, b->officials.n * sizeof *items);
    items[b->officials.n] = cx_arena_copy(v->out->arena, official);
    b->officials = (cx_view_array){items, b->officials.n + 1};
    return CX_OK;
}

/* Of partitions that tripped at once the smaller id counts everywhere; the one that counted says how many. */
static cx_rc merge(struct reading *v, cx_breaker_view *b, const cx_breaker_state *row) {
    bool first = !b->tripped;
    if (!row->tripped && b->tripped)
        return CX_OK;
    if (b->id.n == 0 || (row->tripped && (first || cx_view_cmp(row->id, b->id) < 0)))
        b->id = cx_arena_copy(v->out->arena, row->id);
    b->tripped = row->tripped;
    if (b->since == 0 || (row->since != 0 && row->since < b->since) || (row->tripped && first))
        b->since = row->since;
    if (row->limit > 0) {
        b->hour = row->hour;
        b->limit = row->limit;
    }
    for (size_t i = 0; row->tripped && i < row->officials.n; i++)
        CX_TRY(add_official(v, b, row->officials.items[i]));
    return b->id.p != NULL && b->of.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

/* From malloc: a row is written at each listing, and only the newest of each key is of interest. */
static cx_rc keep(struct row *row, cx_view value) {
    char *copy = malloc(value.n + 1);
    if (copy == NULL)
        return CX_OUT_OF_MEMORY;
    (void)memcpy(copy, value.p, value.n);
    free((char *)(uintptr_t)row->value.p);
    row->value.p = copy;
    row->value.n = value.n;
    return CX_OK;
}

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    struct reading *v = context;
    struct row *row = NULL;
    if (m->key.n < 6 || m->key.p[0] != 'b') /* breakers' rows: services/registrar/decide.h */
        return CX_OK;
    HASH_FIND(hh, v->rows, m->key.p, (unsigned)m->key.n, row);
    if (row == NULL) {
        cx_view key = cx_arena_copy(v->out->arena, m->key);
        row = cx_arena_calloc(v->out->arena, 1, sizeof *row);
        if (key.p == NULL || row == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        row->key = key;
        HASH_ADD_KEYPTR(hh, v->rows, row->key.p, (unsigned)key.n, row);
    }
    return keep(row, m->value) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc merge_all(struct reading *v, cx_err *err) {
    for (struct row *row = v->rows; row != NULL; row = row->hh.next) {
        const void *value = NULL;
        if (row->value.n == 0)
            continue; /* removed */
        CX_TRY(cx_decoding_take(&v->decoding, &cx_breaker_state_type,
                                &(cx_message){.topic = CX_VIEW("credit.state"), .value = row->value}, &value,
                                err));
        const cx_breaker_state *state = value;
        cx_breaker_view *b = of(v, state->department);
        if (b == NULL || merge(v, b, state) != CX_OK)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    return CX_OK;
}

static void count_letters(cx_breakers *v) {
    for (size_t i = 0; i < v->letters.n; i++)
        for (size_t k = 0; k < v->n; k++)
            v->list[k].letters += cx_view_eq(v->letters.list[i]->department, v->list[k].of) &&
                                  cx_view_is(v->letters.list[i]->reason, cx_breaker_reason) &&
                                  v->letters.list[i]->state == CX_LETTER_OPEN;
}

static int by_name(const void *a, const void *b) {
    return cx_view_cmp(((const cx_breaker_view *)a)->of, ((const cx_breaker_view *)b)->of);
}

static cx_rc read_rows(const cx_config *config, struct reading *r, cx_err *err) {
    static const cx_type *const types[] = {&cx_breaker_state_type, NULL};
    CX_TRY(cx_decoding_open(config, types, &r->decoding, err));
    CX_TRY(cx_topic_read(config, "credit.state", take, r, err));
    CX_TRY(merge_all(r, err));
    qsort(r->out->list, r->out->n, sizeof r->out->list[0], by_name);
    CX_TRY(cx_letters_read(config, NULL, &r->out->letters, err));
    count_letters(r->out);
    return CX_OK;
}

cx_rc cx_breakers_read(const cx_config *config, cx_breakers *out, cx_err *err) {
    struct reading r = {.out = out};
    *out = (cx_breakers){.arena = cx_arena_new(0)};
    cx_rc rc = out->arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : read_rows(config, &r, err);
    for (struct row *row = r.rows; row != NULL; row = row->hh.next)
        free((char *)(uintptr_t)row->value.p);
    HASH_CLEAR(hh, r.rows);
    cx_decoding_close(&r.decoding);
    return rc;
}

void cx_breakers_close(cx_breakers *breakers) {
    cx_letters_close(&breakers->letters);
    cx_arena_destroy(&breakers->arena);
}
