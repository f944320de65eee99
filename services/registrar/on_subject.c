/* Events of the subject itself: death and dissolution, reorganisation, linked identifiers. */
#include "services/registrar/work.h"

/* Moves every entry that the table lets; the others stay as they are. */
static cx_rc move_all(cx_work *w, cx_move move) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        cx_rc rc = cx_work_move(w, i, move);
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
    }
    return CX_OK;
}

static cx_rc end_all(cx_work *w) {
    for (size_t i = 0; i < w->state.records.n; i++)
        if (w->state.records.items[i].state == CX_ENTRY_STATE_IN_FORCE)
            CX_TRY(cx_end_record(w, i, CX_ENTRY_STATE_REMOVED, cx_move_name(CX_MOVE_SUBJECT_ENDED)));
    return move_all(w, CX_MOVE_SUBJECT_ENDED);
}

/* Death and dissolution end display and measures; nothing passes on without a new decision. */
static cx_rc end_subject(cx_work *w, cx_subject_event_kind kind) {
    w->state.ended = kind;
    w->touched = true;
    return end_all(w);
}

static cx_rc reorganise(cx_work *w, bool begins) {
    if (begins == (w->state.reorganisation.n > 0))
        return CX_ILLEGAL_TRANSITION;
    w->state.reorganisation = begins ? w->header->event_id : CX_VIEW("");
    w->touched = true;
    return move_all(w, begins ? CX_MOVE_REORGANISATION : CX_MOVE_REORGANISATION_ENDED);
}

static cx_rc say_gone(cx_work *w) {
    for (size_t i = 0; i < w->state.entries.n; i++) {
        cx_list_entry gone = w->state.entries.items[i];
        if (!cx_state_is_live(gone.state))
            continue;
        gone.state = CX_ENTRY_STATE_REMOVED;
        CX_TRY(cx_work_say_entry(w, "LINKED", w->state.entries.items[i].state, &gone));
    }
    for (size_t i = 0; i < w->state.records.n; i++) {
        cx_kept_record gone = w->state.records.items[i];
        if (gone.state != CX_ENTRY_STATE_IN_FORCE)
            continue;
        gone.state = CX_ENTRY_STATE_REMOVED;
        CX_TRY(cx_work_say_record(w, "LINKED", CX_ENTRY_STATE_IN_FORCE, &gone));
    }
    return CX_OK;
}

/* A LINK: all rows go to the other pseudonym, and so will later events. Here the entries are told as
 * removed; there they go on as they stood. */
static cx_rc link_to(cx_work *w, const uint8_t other[CX_SUBJECT]) {
    cx_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
    cx_linked *linked = cx_arena_calloc(w->arena, 1, sizeof *linked);
    if (event == NULL || linked == NULL)
        return CX_OUT_OF_MEMORY;
    if (cx_same_subject(other, w->state.subject))
        return CX_NO_SUBJECT;
    *linked = (cx_linked){.entries = w->state.entries,
                          .records = w->state.records,
                          .consents = w->state.consents,
                          .queried = w->state.queried,
                          .reorganisation = w->state.reorganisation,
                          .ended = w->state.ended};
    (void)memcpy(linked->from, w->state.subject, CX_SUBJECT);
    (void)memcpy(linked->to, other, CX_SUBJECT);
    (void)memcpy(event->subject, other, CX_SUBJECT);
    event->header = w->event->header;
    event->body_kind = CX_EVENT_BODY_LINKED;
    event->body.linked = linked;
    CX_TRY(cx_work_derive(w, event, false, -1));
    CX_TRY(say_gone(w));
    w->state.entries = (cx_list_entry_array){0};
    w->state.records = (cx_kept_record_array){0};
    w->state.consents = (cx_kept_consent_array){0};
    w->state.queried = (cx_query_array){0};
    w->state.reorganisation = CX_VIEW("");
    w->state.ended = CX_SUBJECT_EVENT_KIND_UNKNOWN;
    w->state.linked_to = linked->to;
    w->touched = w->relinked = true;
    return CX_OK;
}

static cx_rc link_other(cx_work *w, const cx_subject_event *event) {
    if (!event->has_other || event->other < 0 || (size_t)event->other >= w->header->others.n)
        return CX_NO_SUBJECT;
    if (w->header->others.items[event->other].type != w->header->subject_type)
        return CX_ITEM_WRONG_SUBJECT; /* a person is no organisation's other identifier */
    return link_to(w, w->header->others.items[event->other].subject);
}

/* What befalls persons alone, and organisations alone. */
static bool fits_subject(const cx_subject_event *event, cx_subject_type type) {
    bool of_persons = event->kind == CX_SUBJECT_EVENT_KIND_DEATH ||
                      event->kind == CX_SUBJECT_EVENT_KIND_INCAPACITY ||
                      event->kind == CX_SUBJECT_EVENT_KIND_CAPACITY_RESTORED;
    bool of_both = event->kind == CX_SUBJECT_EVENT_KIND_IDENTIFIER_CHANGED ||
                   event->kind == CX_SUBJECT_EVENT_KIND_IDENTIFIER_DOUBLED;
    return of_both || of_persons == (type == CX_SUBJECT_TYPE_PERSON);
}

cx_rc cx_on_subject_event(cx_work *w) {
    const cx_subject_event *event = w->event->body.subject_event;
    if (event->kind != CX_SUBJECT_EVENT_KIND_UNKNOWN && !fits_subject(event, w->header->subject_type))
        return CX_ITEM_WRONG_SUBJECT;
    switch (event->kind) {
    case CX_SUBJECT_EVENT_KIND_DEATH:
    case CX_SUBJECT_EVENT_KIND_DEREGISTRATION:
        return end_subject(w, event->kind);
    case CX_SUBJECT_EVENT_KIND_INCAPACITY:
        if (w->state.ended == CX_SUBJECT_EVENT_KIND_UNKNOWN)
            w->state.ended = event->kind; /* nothing new is recorded; what stood stands. The dead stay dead */
        w->touched = true;
        return CX_OK;
    case CX_SUBJECT_EVENT_KIND_CAPACITY_RESTORED:
        if (w->state.ended != CX_SUBJECT_EVENT_KIND_INCAPACITY)
            return CX_ILLEGAL_TRANSITION;
        w->state.ended = CX_SUBJECT_EVENT_KIND_UNKNOWN;
        w->touched = true;
        return CX_OK;
    case CX_SUBJECT_EVENT_KIND_IDENTIFIER_CHANGED:
    case CX_SUBJECT_EVENT_KIND_IDENTIFIER_DOUBLED:
        return link_other(w, event);
    case CX_SUBJECT_EVENT_KIND_REORGANISATION:
    case CX_SUBJECT_EVENT_KIND_REORGANISATION_ENDED:
        return reorganise(w, event->kind == CX_SUBJECT_EVENT_KIND_REORGANISATION);
    case CX_SUBJECT_EVENT_KIND_MERGER:
    case CX_SUBJECT_EVENT_KIND_SPLIT:
        return CX_OK; /* on record; nothing passes on to the successor */
    case CX_SUBJECT_EVENT_KIND_UNKNOWN:
        break;
    }
    return CX_OUT_OF_SCOPE;
}

cx_rc cx_forward(cx_work *w) {
    cx_event *event = cx_arena_alloc(w->arena, sizeof *event);
    if (event == NULL)
        return CX_OUT_OF_MEMORY;
    *event = *w->event;
    (void)memcpy(event->subject, w->state.linked_to, CX_SUBJECT);
    return cx_work_derive(w, event, true, -1);
}

static cx_rc absorb(cx_work *w, const cx_linked *linked) {
    for (size_t i = 0; i < linked->entries.n; i++) {
        cx_list_entry *e = cx_work_add_entry(w);
        if (e == NULL)
            return CX_OUT_OF_MEMORY;
        *e = linked->entries.items[i];
        e->linked = true;
        CX_TRY(cx_work_say_entry(w, "LINKED", CX_ENTRY_STATE_NONE, e));
    }
    for (size_t i = 0; i < linked->records.n; i++) {
        const cx_kept_record *r = &linked->records.items[i];
        if (cx_state_record(&w->state, r->department, r->event_id) != NULL)
            continue; /* the same event under both identifiers is one record */
        cx_kept_record *own = cx_work_add_record(w);
        if (own == NULL)
            return CX_OUT_OF_MEMORY;
        *own = *r;
        CX_TRY(cx_work_say_record(w, "LINKED", CX_ENTRY_STATE_NONE, own));
    }
    for (size_t i = 0; i < linked->consents.n; i++) {
        cx_kept_consent *c = cx_work_add_consent(w);
        if (c == NULL)
            return CX_OUT_OF_MEMORY;
        *c = linked->consents.items[i];
    }
    return CX_OK;
}

/* The last time of each reader is enough: it tells whether a status was seen while an entry stood. */
static cx_rc add_reader(cx_work *w, cx_view who, cx_time at) {
    size_t n = w->state.queried.n, i = 0;
    cx_query *items = cx_append(w->arena, w->state.queried.items, n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    while (i < n && !cx_view_eq(items[i].who, who))
        i++;
    if (i == n || items[i].at < at)
        items[i] = (cx_query){.who = who, .at = at};
    w->state.queried = (cx_query_array){items, i == n ? n + 1 : n};
    w->touched = true;
    return CX_OK;
}

static cx_rc absorb_readers(cx_work *w, const cx_query_array *readers) {
    for (size_t i = 0; i < readers->n; i++)
        CX_TRY(add_reader(w, readers->items[i].who, readers->items[i].at));
    return CX_OK;
}

static bool rests_by(const cx_list_entry *e, cx_suspension_cause cause) {
    for (size_t i = 0; i < e->suspensions.n; i++)
        if (e->suspensions.items[i].cause == cause && !e->suspensions.items[i].inherited)
            return true;
    return false;
}

/* One subject: that it ended, or is being reorganised, is so under either identifier. */
static cx_rc absorb_subject(cx_work *w, const cx_linked *linked) {
    bool lighter =
        w->state.ended == CX_SUBJECT_EVENT_KIND_UNKNOWN || w->state.ended == CX_SUBJECT_EVENT_KIND_INCAPACITY;
    if (lighter && linked->ended != CX_SUBJECT_EVENT_KIND_UNKNOWN)
        w->state.ended = linked->ended;
    if (w->state.reorganisation.n == 0)
        w->state.reorganisation = linked->reorganisation;
    w->touched = true;
    for (size_t i = 0, n = w->state.entries.n; w->state.reorganisation.n > 0 && i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        cx_rc rc = rests_by(e, CX_SUSPENSION_CAUSE_REORGANISATION)
                       ? CX_OK
                       : cx_work_move(w, i, CX_MOVE_REORGANISATION);
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
    }
    bool over = w->state.ended == CX_SUBJECT_EVENT_KIND_DEATH ||
                w->state.ended == CX_SUBJECT_EVENT_KIND_DEREGISTRATION;
    return over ? end_all(w) : CX_OK;
}

/* Rows of another pseudonym arrive. Two that were linked to each other at the same time: the smaller stays.
 * Our own rows came back: a circle of links ends here. */
cx_rc cx_on_linked(cx_work *w) {
    const cx_linked *linked = w->event->body.linked;
    if (w->state.linked_to != NULL) {
        bool mutual = cx_same_subject(w->state.linked_to, linked->from);
        bool smaller = memcmp(w->state.subject, linked->from, CX_SUBJECT) < 0;
        bool own = cx_same_subject(w->state.subject, linked->from);
        if (!own && !(mutual && smaller))
            return cx_forward(w);
        w->state.linked_to = NULL;
        w->touched = w->relinked = true;
    }
    CX_TRY(absorb(w, linked));
    CX_TRY(absorb_readers(w, &linked->queried));
    return absorb_subject(w, linked);
}

cx_rc cx_on_queried(cx_work *w) {
    return add_reader(w, w->event->body.queried->who, w->now);
}
