/* What ends by itself: the next time at which it does, and the walk that ends it (I-EXPIRY). */
#include "services/registrar/work.h"
#include "common/base/mistake.h"

static void sooner(cx_time *due, bool has, cx_date day) {
    if (has && (*due == CX_NO_TIME || cx_time_of_date(day) < *due))
        *due = cx_time_of_date(day);
}

/* What ended stays in the row for 13 months: until then a late annulment, or a repeated event, can meet it.
 */
static bool is_past(bool has_ended_on, cx_date ended_on, cx_date today) {
    return has_ended_on && cx_date_add_months(ended_on, CX_SEEN_MONTHS) <= today;
}

static bool shown(const cx_kept_record *r) {
    return r->state == CX_ENTRY_STATE_IN_FORCE && r->classification.has_display_until;
}

/* An entry is built on it: whom the entry binds stands in the record, which is kept as long as the entry. */
static bool is_base(const cx_subject_state *state, const cx_kept_record *r) {
    for (size_t i = 0; i < state->entries.n; i++)
        if (cx_view_eq(state->entries.items[i].department, r->department) &&
            cx_views_have(&state->entries.items[i].rests_on, r->event_id))
            return true;
    return false;
}

void cx_state_set_due(cx_subject_state *state) {
    cx_time due = CX_NO_TIME;
    for (size_t i = 0; i < state->entries.n; i++) {
        const cx_list_entry *e = &state->entries.items[i];
        bool live = cx_state_is_live(e->state);
        sooner(&due, e->state == CX_ENTRY_STATE_NOTIFIED && e->has_lapses_on, e->lapses_on);
        sooner(&due, live && e->has_until, e->until);
        sooner(&due, live && e->has_review_on, e->review_on);
        if (e->has_ended_on)
            sooner(&due, true, cx_date_add_months(e->ended_on, CX_SEEN_MONTHS));
    }
    for (size_t i = 0; i < state->records.n; i++) {
        const cx_kept_record *r = &state->records.items[i];
        sooner(&due, shown(r), r->classification.display_until + 1);
        if (r->has_ended_on && !is_base(state, r))
            sooner(&due, true, cx_date_add_months(r->ended_on, CX_SEEN_MONTHS));
    }
    for (size_t i = 0; i < state->publications.n; i++)
        sooner(&due, state->publications.items[i].has_until, state->publications.items[i].until);
    state->has_due = due != CX_NO_TIME;
    state->due = state->has_due ? due : 0;
}

static bool record_past(const cx_work *w, const cx_kept_record *r) {
    return is_past(r->has_ended_on, r->ended_on, w->today) && !is_base(&w->state, r);
}

/* Drops what ended long ago: entries, then records on which none rests any more. */
static cx_rc prune(cx_work *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->state.entries.n; i++)
        if (is_past(w->state.entries.items[i].has_ended_on, w->state.entries.items[i].ended_on, w->today) &&
            cx_work_entry(w, i) == NULL)
            return CX_OUT_OF_MEMORY;
    for (size_t i = 0; w->own_entries && i < w->state.entries.n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (!is_past(e->has_ended_on, e->ended_on, w->today))
            w->state.entries.items[n++] = *e;
    }
    w->state.entries.n = w->own_entries ? n : w->state.entries.n;
    for (size_t i = 0; i < w->state.records.n; i++)
        if (record_past(w, &w->state.records.items[i]) && cx_work_record(w, i) == NULL)
            return CX_OUT_OF_MEMORY;
    n = 0;
    for (size_t i = 0; w->own_records && i < w->state.records.n; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (!record_past(w, r))
            w->state.records.items[n++] = *r;
    }
    w->state.records.n = w->own_records ? n : w->state.records.n;
    return CX_OK;
}

/* The move that is due for the entry today, or CX_MOVE_COUNT. */
static cx_move due_move(const cx_list_entry *e, cx_date today) {
    if (e->state == CX_ENTRY_STATE_NOTIFIED && e->has_lapses_on && e->lapses_on <= today)
        return CX_MOVE_LAPSE;
    if (!cx_state_is_live(e->state))
        return CX_MOVE_COUNT;
    if (e->has_until && e->until <= today - (CX_MISTAKE(A_DAY_LATE) ? 1 : 0))
        return CX_MOVE_EXPIRY;
    return e->has_review_on && e->review_on <= today ? CX_MOVE_REVIEW_DUE : CX_MOVE_COUNT;
}

cx_rc cx_walk_due(cx_work *w) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        cx_move move = due_move(&w->state.entries.items[i], w->today);
        if (move != CX_MOVE_COUNT)
            CX_TRY(cx_work_move(w, i, move));
    }
    for (size_t i = 0; i < w->state.records.n; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (shown(r) && r->classification.display_until < w->today)
            CX_TRY(cx_end_record(w, i, CX_ENTRY_STATE_EXPIRED, cx_move_name(CX_MOVE_EXPIRY)));
    }
    return prune(w);
}

static bool entry_mentions(const cx_list_entry *e, cx_view department, cx_view id) {
    if (cx_view_eq(e->department, department) &&
        (cx_view_eq(e->notice, id) || cx_view_eq(e->decision, id) || cx_view_eq(e->repair, id) ||
         cx_views_have(&e->rests_on, id)))
        return true;
    for (size_t i = 0; i < e->statements.n; i++)
        if (cx_view_eq(e->statements.items[i].event_id, id) && cx_view_eq(e->department, department))
            return true;
    for (size_t i = 0; i < e->marks.n; i++)
        if (cx_view_eq(e->marks.items[i].event_id, id) &&
            cx_view_eq(e->marks.items[i].department, department))
            return true;
    for (size_t i = 0; i < e->suspensions.n; i++)
        if (cx_view_eq(e->suspensions.items[i].event_id, id) &&
            cx_view_eq(e->suspensions.items[i].department, department))
            return true;
    return false;
}

bool cx_state_mentions(const cx_subject_state *state, cx_view department, cx_view event_id, cx_date today) {
    for (size_t i = 0; i < state->entries.n; i++) {
        const cx_list_entry *e = &state->entries.items[i];
        if (!is_past(e->has_ended_on, e->ended_on, today) && entry_mentions(e, department, event_id))
            return true;
    }
    for (size_t i = 0; i < state->records.n; i++) {
        const cx_kept_record *r = &state->records.items[i];
        if (!is_past(r->has_ended_on, r->ended_on, today) && cx_view_eq(r->department, department) &&
            (cx_view_eq(r->event_id, event_id) || cx_view_eq(r->repair, event_id)))
            return true;
    }
    for (size_t i = 0; i < state->publications.n; i++)
        if (cx_view_eq(state->publications.items[i].event_id, event_id) &&
            cx_view_eq(state->publications.items[i].department, department))
            return true;
    for (size_t i = 0; i < state->consents.n; i++)
        if (!state->consents.items[i].revoked && cx_view_eq(state->consents.items[i].event_id, event_id) &&
            cx_view_eq(state->consents.items[i].department, department))
            return true;
    return false;
}
