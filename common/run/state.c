#include "common/run/state_table.h"

#include <stdlib.h>
#include <string.h>

static cx_rc remember(cx_state *s, cx_row *row) {
    if (s->change_n == s->change_room) {
        size_t room = s->change_room == 0 ? 256 : s->change_room * 2;
        struct change *more = realloc(s->changes, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        s->changes = more;
        s->change_room = room;
    }
    s->changes[s->change_n++] = (struct change){row, row->value, row->value_n, row->due};
    row->touched++;
    return CX_OK;
}

cx_rc cx_state_put(cx_state *s, cx_view key, cx_view value, cx_time due) {
    CX_ASSERT(key.n > 0 && key.n <= UINT16_MAX && value.n <= UINT32_MAX);
    cx_row *row = NULL;
    CX_TRY(cx_state_row_for(s, key, &row));
    char *copy = value.p == NULL ? NULL : malloc(value.n + 1);
    if (value.p != NULL && copy == NULL)
        return CX_OUT_OF_MEMORY;
    if (value.p == NULL)
        due = CX_NO_TIME;
    cx_rc rc = due != CX_NO_TIME && due != row->due ? cx_heap_push(&s->heap, due, row) : CX_OK;
    if (rc == CX_OK)
        rc = remember(s, row);
    if (rc != CX_OK) {
        free(copy);
        return rc;
    }
    cx_state_count(s, row, false);
    if (copy != NULL)
        (void)memcpy(copy, value.p, value.n);
    row->value = copy;
    row->value_n = (uint32_t)value.n;
    row->due = due;
    cx_state_count(s, row, true);
    return CX_OK;
}

void cx_state_keep(cx_state *s) {
    for (size_t i = 0; i < s->change_n; i++) {
        free(s->changes[i].value);
        s->changes[i].row->touched--;
        cx_state_forget_if_empty(s, s->changes[i].row);
    }
    s->change_n = 0;
}

void cx_state_undo(cx_state *s) {
    for (size_t i = s->change_n; i-- > 0;) {
        struct change *c = &s->changes[i];
        cx_state_count(s, c->row, false);
        free(c->row->value);
        c->row->value = c->value;
        c->row->value_n = c->value_n;
        c->row->due = c->due;
        cx_state_count(s, c->row, true);
        if (c->due != CX_NO_TIME) { /* its entry may have been popped meanwhile; one too many does no harm */
            cx_rc rc = cx_heap_push(&s->heap, c->due, c->row);
            CX_ASSERT(rc == CX_OK);
        }
        c->row->touched--;
        cx_state_forget_if_empty(s, c->row);
    }
    s->change_n = 0;
    cx_rc rc = cx_state_walked(s); /* the walk may begin again before what it passed by */
    CX_ASSERT(rc == CX_OK);
}

static cx_rc pass(cx_state *s, cx_heap_entry entry) {
    if (s->passed_n == s->passed_room) {
        size_t room = s->passed_room == 0 ? 64 : s->passed_room * 2;
        cx_heap_entry *more = realloc(s->passed, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        s->passed = more;
        s->passed_room = room;
    }
    entry.row->in_heap++;
    s->passed[s->passed_n++] = entry;
    return CX_OK;
}

bool cx_state_next_due(cx_state *s, const cx_due *after, cx_time until, cx_due *out) {
    while (s->heap.n > 0 && s->heap.entries[0].due <= until) {
        cx_heap_entry first = s->heap.entries[0];
        cx_view key = cx_row_key(first.row);
        bool stale = first.row->due != first.due;
        if (!stale && (after == NULL || cx_heap_order(first.due, key, after->due, after->key) > 0)) {
            *out = (cx_due){first.due, key};
            return true;
        }
        (void)cx_heap_pop(&s->heap);
        if (!stale) {
            cx_rc rc = pass(s, first);
            CX_ASSERT(rc == CX_OK);
        }
        cx_state_forget_if_empty(s, first.row);
    }
    return false;
}

cx_rc cx_state_walked(cx_state *s) {
    for (size_t i = 0; i < s->passed_n; i++) {
        cx_row *row = s->passed[i].row;
        row->in_heap--;
        if (row->due == s->passed[i].due)
            CX_TRY(cx_heap_push(&s->heap, row->due, row));
        cx_state_forget_if_empty(s, row);
    }
    s->passed_n = 0;
    return CX_OK;
}

static int by_key(const void *a, const void *b) {
    return cx_view_cmp(*(const cx_view *)a, *(const cx_view *)b);
}

cx_view *cx_state_keys(const cx_state *s, bool (*wanted)(cx_view key), size_t *n) {
    *n = 0;
    for (size_t i = 0; i < s->room; i++)
        *n += s->slots[i] != NULL && s->slots[i]->value != NULL && wanted(cx_row_key(s->slots[i]));
    cx_view *keys = *n == 0 ? NULL : malloc(*n * sizeof *keys);
    size_t k = 0;
    for (size_t i = 0; keys != NULL && i < s->room; i++)
        if (s->slots[i] != NULL && s->slots[i]->value != NULL && wanted(cx_row_key(s->slots[i])))
            keys[k++] = cx_row_key(s->slots[i]);
    if (keys != NULL)
        qsort(keys, *n, sizeof *keys, by_key);
    return keys;
}
