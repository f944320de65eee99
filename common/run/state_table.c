/* Open addressing: keys to rows; rows that are read back. */
#include <stdlib.h>
#include <string.h>

#include "common/run/state_table.h"

enum { FIRST_SLOTS = 1024 };

static uint32_t tag_of(cx_view key) {
    uint64_t h = 0x9e3779b97f4a7c15u ^ key.n;
    size_t i = 0;
    for (; i + 8 <= key.n; i += 8) {
        uint64_t w;
        (void)memcpy(&w, key.p + i, sizeof w);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    for (; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 0x100000001b3u;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    return (uint32_t)(h ^ (h >> 29));
}

static bool make_slots(cx_state *s, size_t room) {
    s->slots = calloc(room, sizeof *s->slots);
    s->tags = calloc(room, sizeof *s->tags);
    s->room = room;
    if (s->slots != NULL && s->tags != NULL)
        return true;
    free(s->slots);
    free(s->tags);
    return false;
}

cx_state *cx_state_new(void) {
    cx_state *s = calloc(1, sizeof *s);
    if (s != NULL && !make_slots(s, FIRST_SLOTS)) {
        free(s);
        return NULL;
    }
    return s;
}

void cx_state_destroy(cx_state **state) {
    cx_state *s = *state;
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->change_n; i++)
        free(s->changes[i].value);
    for (size_t i = 0; i < s->room; i++)
        if (s->slots[i] != NULL) {
            free(s->slots[i]->value);
            free(s->slots[i]);
        }
    free(s->slots);
    free(s->tags);
    free(s->changes);
    free(s->heap.entries);
    free(s->passed);
    free(s);
    *state = NULL;
}

/* The slot that holds the key, or the empty one where it would go. */
static size_t slot_of(const cx_state *s, cx_view key, uint32_t tag) {
    size_t i = tag & (s->room - 1);
    while (s->slots[i] != NULL && (s->tags[i] != tag || !cx_view_eq(cx_row_key(s->slots[i]), key)))
        i = (i + 1) & (s->room - 1);
    return i;
}

static cx_rc grow(cx_state *s) {
    if ((s->used + 1) * 10 < s->room * 7)
        return CX_OK;
    cx_state bigger;
    CX_ASSERT(s->room * 2 <= (size_t)UINT32_MAX + 1); /* what a tag can tell apart */
    if (!make_slots(&bigger, s->room * 2))
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < s->room; i++) {
        if (s->slots[i] == NULL)
            continue;
        size_t at = s->tags[i] & (bigger.room - 1);
        while (bigger.slots[at] != NULL)
            at = (at + 1) & (bigger.room - 1);
        bigger.slots[at] = s->slots[i];
        bigger.tags[at] = s->tags[i];
    }
    free(s->slots);
    free(s->tags);
    s->slots = bigger.slots;
    s->tags = bigger.tags;
    s->room = bigger.room;
    return CX_OK;
}

/* Takes an empty row out of the table, closing the gap that probing would stop at. */
static void forget(cx_state *s, cx_row *row) {
    size_t gap = slot_of(s, cx_row_key(row), tag_of(cx_row_key(row)));
    CX_ASSERT(s->slots[gap] == row && row->value == NULL && row->in_heap == 0);
    free(row);
    s->slots[gap] = NULL;
    s->used--;
    for (size_t i = (gap + 1) & (s->room - 1); s->slots[i] != NULL; i = (i + 1) & (s->room - 1)) {
        size_t home = s->tags[i] & (s->room - 1);
        if (((i - home) & (s->room - 1)) < ((i - gap) & (s->room - 1)))
            continue;
        s->slots[gap] = s->slots[i];
        s->tags[gap] = s->tags[i];
        s->slots[i] = NULL;
        gap = i;
    }
}

cx_view cx_state_get(const cx_state *s, cx_view key) {
    const cx_row *row = s->slots[slot_of(s, key, tag_of(key))];
    return row == NULL || row->value == NULL ? (cx_view){NULL, 0} : (cx_view){row->value, row->value_n};
}

cx_rc cx_state_row_for(cx_state *s, cx_view key, cx_row **out) {
    CX_TRY(grow(s));
    uint32_t tag = tag_of(key);
    size_t i = slot_of(s, key, tag);
    if (s->slots[i] == NULL) {
        cx_row *row = calloc(1, sizeof *row + key.n);
        if (row == NULL)
            return CX_OUT_OF_MEMORY;
        row->key_n = (uint32_t)key.n;
        row->due = CX_NO_TIME;
        (void)memcpy(row->key, key.p, key.n);
        s->slots[i] = row;
        s->tags[i] = tag;
        s->used++;
    }
    *out = s->slots[i];
    return CX_OK;
}

void cx_state_count(cx_state *s, const cx_row *row, bool in) {
    if (row->value == NULL)
        return;
    size_t n = (size_t)row->key_n + row->value_n;
    s->rows += in ? 1 : (size_t)-1;
    s->bytes += in ? n : (size_t)0 - n;
}

void cx_state_forget_if_empty(cx_state *s, cx_row *row) {
    if (row->value == NULL && row->in_heap == 0 && row->touched == 0)
        forget(s, row);
}

cx_rc cx_state_load(cx_state *s, cx_view key, cx_view value) {
    CX_ASSERT(s->change_n == 0 && key.n > 0 && key.n <= UINT16_MAX && value.n <= UINT32_MAX);
    cx_row *row = NULL;
    CX_TRY(cx_state_row_for(s, key, &row));
    CX_ASSERT(row->in_heap == 0);
    cx_state_count(s, row, false);
    if (value.p == NULL) {
        free(row->value);
        row->value = NULL;
        row->value_n = 0;
        cx_state_forget_if_empty(s, row);
        return CX_OK;
    }
    if (row->value == NULL || row->value_n != value.n) {
        char *room = realloc(row->value, value.n + 1);
        if (room == NULL) {
            cx_state_count(s, row, true);
            return CX_OUT_OF_MEMORY;
        }
        row->value = room;
    }
    (void)memcpy(row->value, value.p, value.n);
    row->value_n = (uint32_t)value.n;
    cx_state_count(s, row, true);
    return CX_OK;
}

cx_rc cx_state_index(cx_state *s, cx_state_due_of due_of, void *context) {
    for (size_t i = 0; i < s->room; i++) {
        cx_row *row = s->slots[i];
        cx_time due = CX_NO_TIME;
        if (row == NULL || row->value == NULL)
            continue;
        CX_TRY(due_of(context, cx_row_key(row), (cx_view){row->value, row->value_n}, &due));
        if (due == CX_NO_TIME)
            continue;
        CX_TRY(cx_heap_push(&s->heap, due, row));
        row->due = due;
    }
    return CX_OK;
}

bool cx_state_each(const cx_state *s, bool (*visit)(void *context, cx_view key, cx_view value),
                   void *context) {
    for (size_t i = 0; i < s->room; i++) {
        const cx_row *row = s->slots[i];
        if (row != NULL && row->value != NULL &&
            !visit(context, cx_row_key(row), (cx_view){row->value, row->value_n}))
            return false;
    }
    return true;
}

size_t cx_state_rows(const cx_state *s) {
    return s->rows;
}
size_t cx_state_bytes(const cx_state *s) {
    return s->bytes;
}
