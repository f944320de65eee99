#include "common/run/state.h"

#include <stdlib.h>
#include <string.h>

#include "common/run/heap.h"

enum { FIRST_SLOTS = 1024 };

struct change { /* what a row was before this batch touched it (again) */
    cx_row *row;
    char *value;
    uint32_t value_n;
    cx_time due;
};

struct cx_state {
    cx_row **slots; /* open addressing, linear probing; a power of two */
    size_t room;
    size_t used; /* slots taken, rows without value too */
    size_t rows, bytes;
    struct change *changes;
    size_t change_n, change_room;
    cx_heap heap;
    cx_heap_entry *passed; /* still due, but behind the walk's place */
    size_t passed_n, passed_room;
};

static uint64_t hash_of(cx_view key) {
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
    return h ^ (h >> 29);
}

cx_state *cx_state_new(void) {
    cx_state *s = calloc(1, sizeof *s);
    if (s != NULL && (s->slots = calloc(FIRST_SLOTS, sizeof *s->slots)) == NULL) {
        free(s);
        return NULL;
    }
    if (s != NULL)
        s->room = FIRST_SLOTS;
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
    free(s->changes);
    free(s->heap.entries);
    free(s->passed);
    free(s);
    *state = NULL;
}

/* The slot that holds the key, or the empty one where it would go. */
static size_t slot_of(const cx_state *s, cx_view key) {
    size_t i = hash_of(key) & (s->room - 1);
    while (s->slots[i] != NULL && !cx_view_eq(cx_row_key(s->slots[i]), key))
        i = (i + 1) & (s->room - 1);
    return i;
}

static cx_rc grow(cx_state *s) {
    if ((s->used + 1) * 10 < s->room * 7)
        return CX_OK;
    cx_state bigger = {.room = s->room * 2};
    bigger.slots = calloc(bigger.room, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < s->room; i++)
        if (s->slots[i] != NULL)
            bigger.slots[slot_of(&bigger, cx_row_key(s->slots[i]))] = s->slots[i];
    free(s->slots);
    s->slots = bigger.slots;
    s->room = bigger.room;
    return CX_OK;
}

/* Takes an empty row out of the table, closing the gap that probing would stop at. */
static void forget(cx_state *s, cx_row *row) {
    size_t gap = slot_of(s, cx_row_key(row));
    CX_ASSERT(s->slots[gap] == row && row->value == NULL && row->in_heap == 0);
    free(row);
    s->slots[gap] = NULL;
    s->used--;
    for (size_t i = (gap + 1) & (s->room - 1); s->slots[i] != NULL; i = (i + 1) & (s->room - 1)) {
        size_t home = hash_of(cx_row_key(s->slots[i])) & (s->room - 1);
        if (((i - home) & (s->room - 1)) < ((i - gap) & (s->room - 1)))
            continue;
        s->slots[gap] = s->slots[i];
        s->slots[i] = NULL;
        gap = i;
    }
}

cx_view cx_state_get(const cx_state *s, cx_view key) {
    const cx_row *row = s->slots[slot_of(s, key)];
    return row == NULL || row->value == NULL ? (cx_view){NULL, 0} : (cx_view){row->value, row->value_n};
}

static cx_rc row_for(cx_state *s, cx_view key, cx_row **out) {
    CX_TRY(grow(s));
    size_t i = slot_of(s, key);
    if (s->slots[i] == NULL) {
        cx_row *row = calloc(1, sizeof *row + key.n);
        if (row == NULL)
            return CX_OUT_OF_MEMORY;
        row->key_n = (uint32_t)key.n;
        row->due = CX_NO_TIME;
        (void)memcpy(row->key, key.p, key.n);
        s->slots[i] = row;
        s->used++;
    }
    *out = s->slots[i];
    return CX_OK;
}

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

static void count(cx_state *s, const cx_row *row, bool in) {
    if (row->value == NULL)
        return;
    size_t n = (size_t)row->key_n + row->value_n;
    s->rows += in ? 1 : (size_t)-1;
    s->bytes += in ? n : (size_t)0 - n;
}

cx_rc cx_state_put(cx_state *s, cx_view key, cx_view value, cx_time due) {
    CX_ASSERT(key.n > 0 && key.n <= UINT16_MAX && value.n <= UINT32_MAX);
    cx_row *row = NULL;
    CX_TRY(row_for(s, key, &row));
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
    count(s, row, false);
    if (copy != NULL)
        (void)memcpy(copy, value.p, value.n);
    row->value = copy;
    row->value_n = (uint32_t)value.n;
    row->due = due;
    count(s, row, true);
    return CX_OK;
}

/* Nothing is there, and nothing points to it. */
static void forget_if_empty(cx_state *s, cx_row *row) {
    if (row->value == NULL && row->in_heap == 0 && row->touched == 0)
        forget(s, row);
}

void cx_state_keep(cx_state *s) {
    for (size_t i = 0; i < s->change_n; i++) {
        free(s->changes[i].value);
        s->changes[i].row->touched--;
        forget_if_empty(s, s->changes[i].row);
    }
    s->change_n = 0;
}

void cx_state_undo(cx_state *s) {
    for (size_t i = s->change_n; i-- > 0;) {
        struct change *c = &s->changes[i];
        count(s, c->row, false);
        free(c->row->value);
        c->row->value = c->value;
        c->row->value_n = c->value_n;
        c->row->due = c->due;
        count(s, c->row, true);
        if (c->due != CX_NO_TIME) { /* its entry may have been popped meanwhile; one too many does no harm */
            cx_rc rc = cx_heap_push(&s->heap, c->due, c->row);
            CX_ASSERT(rc == CX_OK);
        }
        c->row->touched--;
        forget_if_empty(s, c->row);
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
        forget_if_empty(s, first.row);
    }
    return false;
}

cx_rc cx_state_walked(cx_state *s) {
    for (size_t i = 0; i < s->passed_n; i++) {
        cx_row *row = s->passed[i].row;
        row->in_heap--;
        if (row->due == s->passed[i].due)
            CX_TRY(cx_heap_push(&s->heap, row->due, row));
        forget_if_empty(s, row);
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

size_t cx_state_rows(const cx_state *s) {
    return s->rows;
}
size_t cx_state_bytes(const cx_state *s) {
    return s->bytes;
}
