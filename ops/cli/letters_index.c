#include "ops/cli/letters_index.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct by_key {
    UT_hash_handle hh;
    cx_letter *letter;
};

/* What rests on one event: department/event id. */
struct by_cause {
    UT_hash_handle hh;
    cx_letter **list;
    size_t n, room;
};

struct cx_letter_index {
    struct by_key *letters;
    struct by_cause *causes;
    size_t room;
};

const char *cx_letter_state_name(cx_letter_state state) {
    static const char *const names[] = {"OPEN", "REDRIVEN", "DISCARDED", "GONE"};
    return names[state];
}

void *cx_letter_grow(cx_arena *arena, void *items, size_t n, size_t *room, size_t size) {
    if (n < *room)
        return items;
    *room = *room == 0 ? 8 : 2 * *room;
    char *more = cx_arena_alloc(arena, *room * size);
    if (more != NULL && n > 0)
        (void)memcpy(more, items, n * size);
    return more;
}

cx_rc cx_letter_index_open(cx_letters *letters) {
    letters->index = cx_arena_calloc(letters->arena, 1, sizeof *letters->index);
    return letters->index != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

void cx_letter_index_close(cx_letters *letters) {
    if (letters->index == NULL)
        return;
    HASH_CLEAR(hh, letters->index->letters);
    HASH_CLEAR(hh, letters->index->causes);
    letters->index = NULL;
}

/* --- by message --------------------------------------------------------------------------------------- */
static cx_view key_of(cx_arena *arena, cx_view department, cx_position place) {
    return cx_arena_printf(arena, "%.*s:%d:%lld", CX_VIEW_ARGS(department), (int)place.partition,
                           (long long)place.offset);
}

static cx_letter *find(const cx_letters *letters, cx_view key) {
    struct by_key *row = NULL;
    HASH_FIND(hh, letters->index->letters, key.p, (unsigned)key.n, row);
    return row != NULL ? row->letter : NULL;
}

cx_letter *cx_letter_index_find(const cx_letters *letters, cx_view department, cx_position place) {
    cx_arena_mark mark = cx_arena_mark_now(letters->arena);
    cx_view key = key_of(letters->arena, department, place);
    cx_letter *letter = key.p != NULL ? find(letters, key) : NULL;
    cx_arena_rewind(letters->arena, mark);
    return letter;
}

cx_letter *cx_letters_find(const cx_letters *letters, const char *department, cx_position place) {
    return cx_letter_index_find(letters, cx_view_of(department), place);
}

cx_rc cx_letter_index_add(cx_letters *letters, cx_view department, cx_position place, cx_letter **out) {
    cx_arena *arena = letters->arena;
    *out = cx_letter_index_find(letters, department, place);
    if (*out != NULL)
        return CX_OK;
    cx_letter *l = cx_arena_calloc(arena, 1, sizeof *l);
    struct by_key *row = cx_arena_calloc(arena, 1, sizeof *row);
    letters->list =
        cx_letter_grow(arena, letters->list, letters->n, &letters->index->room, sizeof(cx_letter *));
    if (l == NULL || row == NULL || letters->list == NULL)
        return CX_OUT_OF_MEMORY;
    *l = (cx_letter){.department = cx_arena_copy(arena, department),
                     .key = key_of(arena, department, place),
                     .place = place,
                     .letter = {-1, -1},
                     .arrived = CX_NO_TIME};
    if (l->department.p == NULL || l->key.p == NULL)
        return CX_OUT_OF_MEMORY;
    row->letter = l;
    HASH_ADD_KEYPTR(hh, letters->index->letters, l->key.p, (unsigned)l->key.n, row);
    letters->list[letters->n++] = l;
    *out = l;
    return CX_OK;
}

/* --- by what they rest on ----------------------------------------------------------------------------- */
/* cause: an event id, the letter's own department's, or department/id. */
static cx_rc add_cause(const cx_letters *letters, cx_letter *letter, cx_view cause) {
    struct by_cause *row = NULL;
    bool whole = memchr(cause.p, '/', cause.n) != NULL;
    cx_view of = whole ? CX_VIEW("") : letter->department;
    cx_view key = cx_arena_printf(letters->arena, "%.*s%s%.*s", CX_VIEW_ARGS(of), whole ? "" : "/",
                                  CX_VIEW_ARGS(cause));
    if (key.p == NULL)
        return CX_OUT_OF_MEMORY;
    HASH_FIND(hh, letters->index->causes, key.p, (unsigned)key.n, row);
    if (row == NULL) {
        if ((row = cx_arena_calloc(letters->arena, 1, sizeof *row)) == NULL)
            return CX_OUT_OF_MEMORY;
        HASH_ADD_KEYPTR(hh, letters->index->causes, key.p, (unsigned)key.n, row);
    }
    row->list = cx_letter_grow(letters->arena, row->list, row->n, &row->room, sizeof(cx_letter *));
    if (row->list == NULL)
        return CX_OUT_OF_MEMORY;
    row->list[row->n++] = letter;
    return CX_OK;
}

cx_letter *const *cx_letters_behind(const cx_letters *letters, const cx_letter *letter, size_t *n) {
    struct by_cause *row = NULL;
    *n = 0;
    if (letter->event_id.n == 0)
        return NULL;
    cx_arena_mark mark = cx_arena_mark_now(letters->arena);
    cx_view key = cx_arena_printf(letters->arena, "%.*s/%.*s", CX_VIEW_ARGS(letter->department),
                                  CX_VIEW_ARGS(letter->event_id));
    if (key.p != NULL)
        HASH_FIND(hh, letters->index->causes, key.p, (unsigned)key.n, row);
    cx_arena_rewind(letters->arena, mark);
    *n = row != NULL ? row->n : 0;
    return row != NULL ? row->list : NULL;
}

static int compare(const void *a, const void *b) {
    const cx_letter *x = *(cx_letter *const *)a, *y = *(cx_letter *const *)b;
    int by = cx_view_cmp(x->department, y->department);
    if (by == 0)
        by = (x->place.partition > y->place.partition) - (x->place.partition < y->place.partition);
    return by != 0 ? by : (x->place.offset > y->place.offset) - (x->place.offset < y->place.offset);
}

cx_rc cx_letter_index_finish(cx_letters *letters) {
    if (letters->n > 0)
        qsort(letters->list, letters->n, sizeof *letters->list, compare);
    for (size_t i = 0; i < letters->n; i++)
        for (cx_view rest = letters->list[i]->because; rest.n > 0;) {
            cx_view one = cx_view_split(rest, ' ', &rest);
            if (one.n > 0)
                CX_TRY(add_cause(letters, letters->list[i], one));
        }
    return CX_OK;
}

bool cx_letter_is_wanted(const cx_letter *l, const cx_letters_wanted *w) {
    if (w->department != NULL && !cx_view_is(l->department, w->department))
        return false;
    if (w->has_place && (l->place.partition != w->place.partition || l->place.offset != w->place.offset))
        return false;
    if ((w->reason != NULL && !cx_view_is(l->reason, w->reason)) ||
        (w->event != NULL && !cx_view_is(l->event_id, w->event)))
        return false;
    return (w->from == CX_NO_TIME || l->at >= w->from) && (w->to == CX_NO_TIME || l->at < w->to);
}
