#include "services/registrar/work.h"

void cx_work_begin(cx_work *w, cx_step *step, const cx_subject_state *row,
                   const uint8_t subject[CX_SUBJECT]) {
    const cx_classified *in = step->event;
    *w = (cx_work){.step = step, .arena = step->arena, .in = in, .event = &in->event};
    w->policies = step->policies;
    w->because = CX_VIEW("");
    w->header = step->cause == CX_STEP_MESSAGE ? in->event.header : NULL;
    if (w->header != NULL && w->policies != NULL)
        w->pack = cx_policies_now(w->policies, w->header->jurisdiction);
    w->now = step->cause == CX_STEP_DUE ? step->due : step->now;
    if (w->now == CX_NO_TIME)
        w->now = in->now != CX_NO_TIME ? in->now : 0;
    w->today = cx_date_of_time(w->now);
    if (row != NULL)
        w->state = *row;
    (void)memcpy(w->state.subject, subject, CX_SUBJECT);
}

void *cx_append(cx_arena *arena, const void *items, size_t n, size_t size) {
    char *copy = cx_arena_calloc(arena, n + 1, size);
    if (copy != NULL && n > 0)
        (void)memcpy(copy, items, n * size);
    return copy;
}

cx_rc cx_add_view(cx_arena *arena, cx_view_array *views, cx_view v) {
    cx_view *items = cx_append(arena, views->items, views->n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    items[views->n] = v;
    *views = (cx_view_array){items, views->n + 1};
    return CX_OK;
}

/* One accessor and one adder for each array of the row: the array is copied, with room for one more, before
 * its first change. */
#define CX_WORK_ARRAY(name, type, field, own)                                                                \
    type *cx_work_##name(cx_work *w, size_t i) {                                                             \
        CX_ASSERT(i < w->state.field.n);                                                                     \
        if (!w->own) {                                                                                       \
            type *copy = cx_append(w->arena, w->state.field.items, w->state.field.n, sizeof *copy);          \
            if (copy == NULL)                                                                                \
                return NULL;                                                                                 \
            w->state.field.items = copy;                                                                     \
            w->own = true;                                                                                   \
        }                                                                                                    \
        w->touched = true;                                                                                   \
        return &w->state.field.items[i];                                                                     \
    }                                                                                                        \
    type *cx_work_add_##name(cx_work *w) {                                                                   \
        type *copy = cx_append(w->arena, w->state.field.items, w->state.field.n, sizeof *copy);              \
        if (copy == NULL)                                                                                    \
            return NULL;                                                                                     \
        w->state.field.items = copy;                                                                         \
        w->own = true;                                                                                       \
        w->touched = true;                                                                                   \
        return &w->state.field.items[w->state.field.n++];                                                    \
    }

CX_WORK_ARRAY(entry, cx_list_entry, entries, own_entries)
CX_WORK_ARRAY(record, cx_kept_record, records, own_records)
CX_WORK_ARRAY(consent, cx_kept_consent, consents, own_consents)

static cx_change *add_change(cx_work *w) {
    if (w->changes.n == w->change_room) {
        size_t room = w->change_room == 0 ? 4 : 2 * w->change_room;
        cx_change *more = cx_arena_calloc(w->arena, room, sizeof *more);
        if (more == NULL)
            return NULL;
        if (w->changes.n > 0)
            (void)memcpy(more, w->changes.items, w->changes.n * sizeof *more);
        w->changes.items = more;
        w->change_room = room;
    }
    return &w->changes.items[w->changes.n++];
}

cx_rc cx_work_say_entry(cx_work *w, const char *cause, cx_entry_state from, const cx_list_entry *entry) {
    cx_list_entry *copy = cx_arena_alloc(w->arena, sizeof *copy);
    cx_change *change = add_change(w);
    if (copy == NULL || change == NULL)
        return CX_OUT_OF_MEMORY;
    *copy = *entry;
    *change = (cx_change){.cause = cx_view_of(cause), .from = from, .entry = copy};
    return CX_OK;
}

cx_rc cx_work_say_record(cx_work *w, const char *cause, cx_entry_state from, const cx_kept_record *record) {
    cx_kept_record *copy = cx_arena_alloc(w->arena, sizeof *copy);
    cx_change *change = add_change(w);
    if (copy == NULL || change == NULL)
        return CX_OUT_OF_MEMORY;
    *copy = *record;
    *change = (cx_change){.cause = cx_view_of(cause), .from = from, .record = copy};
    return CX_OK;
}

ptrdiff_t cx_work_find_record(const cx_work *w, cx_view department, cx_view event_id) {
    const cx_kept_record *record = cx_state_record(&w->state, department, event_id);
    return record != NULL ? record - w->state.records.items : -1;
}

bool cx_entry_is_of(const cx_list_entry *entry, cx_view department, cx_view event_id) {
    return cx_view_eq(entry->department, department) &&
           (cx_view_eq(entry->decision, event_id) || cx_view_eq(entry->notice, event_id));
}

cx_rc cx_work_no_target(const cx_work *w, cx_view event_id) {
    for (size_t i = 0; i < w->state.records.n; i++)
        if (cx_view_eq(w->state.records.items[i].event_id, event_id))
            return CX_NOT_YOUR_EVENT;
    for (size_t i = 0; i < w->state.entries.n; i++)
        if (cx_entry_is_of(&w->state.entries.items[i], w->state.entries.items[i].department, event_id))
            return CX_NOT_YOUR_EVENT;
    return CX_NO_SUCH_EVENT;
}

bool cx_may_cause(const cx_event *cause, cx_event_body_kind kind, bool forwarded) {
    if (forwarded) /* the same event, at another subject */
        return !cx_is_tick(cause) && kind == cause->body_kind;
    if (cx_is_tick(cause))
        return cause->body_kind == CX_EVENT_BODY_ACTIVATION && kind == CX_EVENT_BODY_BOUND;
    if (cause->body_kind == CX_EVENT_BODY_ANNULLED || cause->body_kind == CX_EVENT_BODY_LINKED)
        return kind == CX_EVENT_BODY_BOUND;
    return !cx_is_derived(cause) && kind >= CX_EVENT_BODY_BOUND && kind <= CX_EVENT_BODY_BREAKER;
}

cx_rc cx_work_derive(cx_work *w, cx_event *event, bool forwarded, int32_t partition) {
    enum { EACH = 4096 }; /* derived events of one subject within a walk */
    CX_ASSERT(cx_may_cause(w->event, event->body_kind, forwarded));
    cx_cause *cause = cx_arena_alloc(w->arena, sizeof *cause);
    if (cause == NULL)
        return CX_OUT_OF_MEMORY;
    *cause = (cx_cause){.partition = w->step->origin.partition,
                        .offset = w->step->origin.offset,
                        .index = w->step->index * EACH + w->derived++,
                        .forwarded = forwarded};
    event->cause = cause;
    cx_view key = partition < 0 ? (cx_view){(const char *)event->subject, CX_SUBJECT} : (cx_view){NULL, 0};
    CX_TRY(cx_step_emit(w->step, CX_REGISTRAR_RECORDS, key, event));
    w->step->last->partition = partition;
    return CX_OK;
}
