#include "tests/model/rows.h"

/* FNV-1a, 64 bits. */
static uint64_t hash_of(cx_view key) {
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (uint8_t)key.p[i]) * 1099511628211U;
    return h;
}

static cx_row *slot(const cx_rows *rows, cx_view key) {
    size_t i = (size_t)hash_of(key) & (rows->room - 1);
    while (rows->items[i].key.p != NULL && !cx_view_eq(rows->items[i].key, key))
        i = (i + 1) & (rows->room - 1);
    return &rows->items[i];
}

const void *cx_rows_get(const cx_rows *rows, cx_view key) {
    return rows->room == 0 ? NULL : slot(rows, key)->value;
}

static cx_rc grow(cx_rows *rows, cx_arena *arena) {
    cx_rows more = {.room = rows->room == 0 ? 64 : 2 * rows->room, .n = rows->n};
    more.items = cx_arena_calloc(arena, more.room, sizeof *more.items);
    if (more.items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < rows->room; i++)
        if (rows->items[i].key.p != NULL)
            *slot(&more, rows->items[i].key) = rows->items[i];
    *rows = more;
    return CX_OK;
}

cx_rc cx_rows_put(cx_rows *rows, cx_view key, const void *value, cx_arena *arena) {
    if (2 * (rows->n + 1) > rows->room)
        CX_TRY(grow(rows, arena));
    cx_row *row = slot(rows, key);
    if (row->key.p == NULL) {
        row->key = cx_arena_copy(arena, key);
        if (row->key.p == NULL)
            return CX_OUT_OF_MEMORY;
        rows->n++;
    }
    row->value = value;
    return CX_OK;
}
