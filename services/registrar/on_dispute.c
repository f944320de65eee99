/* Objection, complaint, ruling; review, stay and their outcomes: on entries and on records. */
#include "services/registrar/work.h"

/* The target's department: the sender's own where it is empty. */
static cx_view department_of(const cx_work *w, const cx_target *target) {
    return target->department.n > 0 ? target->department : w->header->department;
}

static cx_rc mark_record(cx_work *w, size_t i, cx_mark_kind kind, cx_date received_on, const char *cause) {
    cx_kept_record *r = cx_work_record(w, i);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    if (r->state == CX_ENTRY_STATE_RECALLED)
        return CX_ILLEGAL_TRANSITION;
    cx_mark *items = cx_append(w->arena, r->marks.items, r->marks.n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    cx_mark *mark = &items[r->marks.n];
    *mark = (cx_mark){.kind = kind, .event_id = w->header->event_id, .department = w->header->department};
    mark->open = true;
    cx_period period = {0};
    if (w->pack != NULL && kind != CX_MARK_KIND_REVIEW)
        period = kind == CX_MARK_KIND_COMPLAINT ? cx_pack_deadlines(w->pack)->complaint_answer
                                                : cx_pack_deadlines(w->pack)->objection_provider;
    if (period.days > 0) {
        bool provisional = false; /* in the subject's favour: never refused for want of a calendar */
        mark->has_due_on = true;
        mark->due_on = cx_calendar_last_day(cx_pack_calendar(w->pack), received_on, period, &provisional);
    }
    r->marks = (cx_mark_array){items, r->marks.n + 1};
    return cx_work_say_record(w, cause, r->state, r);
}

static cx_rc dispute(cx_work *w, const cx_target *target, cx_mark_kind kind, cx_move move, cx_date on) {
    cx_view department = department_of(w, target);
    ptrdiff_t i = cx_work_find_record(w, department, target->event_id);
    if (i >= 0)
        return mark_record(w, (size_t)i, kind, on, cx_move_name(move));
    return cx_work_move_target(w, department, target->event_id, move);
}

cx_rc cx_on_objection(cx_work *w) {
    const cx_objection *o = w->event->body.objection;
    return dispute(w, &o->target, CX_MARK_KIND_OBJECTION, CX_MOVE_OBJECTION, o->received_on);
}

cx_rc cx_on_complaint(cx_work *w) {
    const cx_complaint *o = w->event->body.complaint;
    return dispute(w, &o->target, CX_MARK_KIND_COMPLAINT, CX_MOVE_COMPLAINT, o->received_on);
}

/* The open objection or complaint that the sender may rule on: on what the sender itself decided. */
static const cx_mark *open_mark(const cx_mark_array *marks, cx_view id) {
    for (size_t i = 0; i < marks->n; i++)
        if (marks->items[i].open && marks->items[i].kind != CX_MARK_KIND_REVIEW &&
            cx_view_eq(marks->items[i].event_id, id))
            return &marks->items[i];
    return NULL;
}

static cx_rc rule_on_record(cx_work *w, size_t i, cx_ruling_outcome outcome) {
    cx_kept_record *r = cx_work_record(w, i);
    cx_mark *items = r != NULL ? cx_append(w->arena, r->marks.items, r->marks.n, sizeof *items) : NULL;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t k = 0; k < r->marks.n; k++)
        if (items[k].kind != CX_MARK_KIND_REVIEW && cx_view_eq(items[k].event_id, w->ruled_id) &&
            cx_view_eq(items[k].department, w->ruled_department))
            items[k].open = false;
    r->marks.items = items;
    if (outcome == CX_RULING_OUTCOME_UPHELD)
        return cx_recall_record(w, i, cx_move_name(CX_MOVE_RULING_UPHELD));
    cx_move move = outcome == CX_RULING_OUTCOME_REJECTED ? CX_MOVE_RULING_REJECTED : CX_MOVE_RULING_PARTLY;
    return cx_work_say_record(w, cx_move_name(move), r->state, r);
}

static cx_rc rule_on_entry(cx_work *w, size_t i, cx_ruling_outcome outcome) {
    static const cx_move moves[] = {[CX_RULING_OUTCOME_UNKNOWN] = CX_MOVE_RULING_REJECTED,
                                    [CX_RULING_OUTCOME_REJECTED] = CX_MOVE_RULING_REJECTED,
                                    [CX_RULING_OUTCOME_UPHELD] = CX_MOVE_RULING_UPHELD,
                                    [CX_RULING_OUTCOME_PARTLY_UPHELD] = CX_MOVE_RULING_PARTLY};
    CX_ASSERT(outcome <= CX_RULING_OUTCOME_PARTLY_UPHELD);
    return cx_work_move(w, i, moves[outcome]);
}

cx_rc cx_on_ruling(cx_work *w) {
    const cx_ruling *ruling = w->event->body.ruling;
    if (ruling->outcome == CX_RULING_OUTCOME_UNKNOWN)
        return CX_DECISION_INCOMPLETE;
    bool others = false, done = false;
    size_t records = w->state.records.n, entries = w->state.entries.n;
    for (size_t i = 0; i < records + entries; i++) {
        bool is_record = i < records;
        const cx_kept_record *r = is_record ? &w->state.records.items[i] : NULL;
        const cx_list_entry *e = is_record ? NULL : &w->state.entries.items[i - records];
        const cx_mark *mark = open_mark(is_record ? &r->marks : &e->marks, ruling->objection);
        if (mark == NULL)
            continue;
        if (!cx_view_eq(is_record ? r->department : e->department, w->header->department)) {
            others = true;
            continue;
        }
        if (done && !cx_view_eq(mark->department, w->ruled_department))
            continue; /* another department's objection that bears the same id */
        done = true;
        w->ruled_id = mark->event_id;
        w->ruled_department = mark->department;
        CX_TRY(is_record ? rule_on_record(w, i, ruling->outcome)
                         : rule_on_entry(w, i - records, ruling->outcome));
    }
    return done ? CX_OK : others ? CX_NOT_YOUR_EVENT : CX_NO_SUCH_OBJECTION;
}

/* Courts and review bodies only, each on its own topic. */
static cx_rc check_court(const cx_work *w) {
    const cx_department *sender = cx_pack_department(w->pack, w->header->department);
    bool may =
        sender != NULL && (sender->kind == CX_DEPARTMENT_COURT || sender->kind == CX_DEPARTMENT_REVIEW);
    return may ? CX_OK : CX_NOT_A_COURT;
}

cx_rc cx_on_review_filed(cx_work *w) {
    CX_TRY(check_court(w));
    return dispute(w, &w->event->body.review_filed->target, CX_MARK_KIND_REVIEW, CX_MOVE_REVIEW_FILED,
                   w->today);
}

/* A stay on an entry; on a record it rests every entry that is built on it. */
cx_rc cx_on_stay_ordered(cx_work *w) {
    const cx_target *target = &w->event->body.stay_ordered->target;
    cx_view department = department_of(w, target);
    CX_TRY(check_court(w));
    if (cx_work_find_record(w, department, target->event_id) < 0)
        return cx_work_move_target(w, department, target->event_id, CX_MOVE_STAY_ORDERED);
    cx_rc rc = CX_ILLEGAL_TRANSITION; /* nothing rests on the record that could be stayed */
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (e->role != CX_ROLE_SUBJECT || !cx_view_eq(e->department, department) ||
            !cx_views_have(&e->rests_on, target->event_id))
            continue;
        cx_rc one = cx_work_move(w, i, CX_MOVE_STAY_ORDERED);
        if (one != CX_OK && !cx_is_verdict(one))
            return one;
        if (one == CX_OK)
            rc = CX_OK;
    }
    return rc;
}

cx_rc cx_on_stay_lifted(cx_work *w) {
    cx_view stay = w->event->body.stay_lifted->stay;
    CX_TRY(check_court(w));
    bool found = false;
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        bool has = false;
        for (size_t k = 0; k < e->suspensions.n && !has; k++) {
            const cx_suspension *s = &e->suspensions.items[k];
            has = s->cause == CX_SUSPENSION_CAUSE_STAY && !s->inherited && cx_view_eq(s->event_id, stay) &&
                  cx_view_eq(s->department, w->header->department);
        }
        if (!has)
            continue;
        found = true;
        CX_TRY(cx_work_move(w, i, CX_MOVE_STAY_LIFTED));
    }
    return found ? CX_OK : CX_NO_SUCH_EVENT;
}

/* An annulled or illegal document: whatever rests on it goes, on this subject and on those whom the document
 * named beside it (行政处罚法 48). A decision confirmed illegal but left standing carries no sanction either.
 */
static cx_rc annul(cx_work *w, size_t i) {
    cx_kept_record r = w->state.records.items[i];
    CX_TRY(cx_recall_record(w, i, cx_move_name(CX_MOVE_REVIEW_ANNULLED)));
    for (size_t k = 0; k < w->state.records.n; k++) {
        const cx_kept_record *other = &w->state.records.items[k];
        if (other->state != CX_ENTRY_STATE_RECALLED && r.document.number.n > 0 &&
            cx_view_eq(other->document.number, r.document.number) &&
            cx_view_eq(other->department, r.department))
            CX_TRY(cx_recall_record(w, k, cx_move_name(CX_MOVE_REVIEW_ANNULLED)));
    }
    for (size_t k = 0; k < r.others.n; k++) {
        cx_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
        cx_annulled *body = cx_arena_calloc(w->arena, 1, sizeof *body);
        if (event == NULL || body == NULL)
            return CX_OUT_OF_MEMORY;
        *body = (cx_annulled){.target = {.department = r.department, .event_id = r.event_id},
                              .document = r.document.number};
        (void)memcpy(event->subject, r.others.items[k].subject, CX_SUBJECT);
        event->header = w->event->header;
        event->body_kind = CX_EVENT_BODY_ANNULLED;
        event->body.annulled = body;
        if (!cx_same_subject(event->subject, w->state.subject))
            CX_TRY(cx_work_derive(w, event, false, -1));
    }
    return CX_OK;
}

static cx_rc review_record(cx_work *w, size_t i, const cx_review_outcome *outcome) {
    cx_kept_record *r = cx_work_record(w, i);
    cx_mark *items = r != NULL ? cx_append(w->arena, r->marks.items, r->marks.n, sizeof *items) : NULL;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    if (r->state == CX_ENTRY_STATE_RECALLED)
        return CX_ILLEGAL_TRANSITION;
    for (size_t k = 0; k < r->marks.n; k++)
        if (items[k].kind == CX_MARK_KIND_REVIEW && cx_view_eq(items[k].department, w->header->department))
            items[k].open = false;
    r->marks.items = items;
    if (outcome->outcome == CX_REVIEW_RESULT_UPHELD)
        return cx_work_say_record(w, cx_move_name(CX_MOVE_REVIEW_UPHELD), r->state, r);
    if (outcome->outcome != CX_REVIEW_RESULT_VARIED)
        return annul(w, i);
    return outcome->record == NULL
               ? CX_DECISION_INCOMPLETE
               : cx_correct_record(w, i, outcome->record, cx_move_name(CX_MOVE_REVIEW_VARIED));
}

cx_rc cx_on_review_outcome(cx_work *w) {
    static const cx_move moves[] = {[CX_REVIEW_RESULT_UNKNOWN] = CX_MOVE_REVIEW_UPHELD,
                                    [CX_REVIEW_RESULT_UPHELD] = CX_MOVE_REVIEW_UPHELD,
                                    [CX_REVIEW_RESULT_VARIED] = CX_MOVE_REVIEW_VARIED,
                                    [CX_REVIEW_RESULT_ANNULLED] = CX_MOVE_REVIEW_ANNULLED,
                                    [CX_REVIEW_RESULT_CONFIRMED_ILLEGAL] = CX_MOVE_REVIEW_ANNULLED};
    const cx_review_outcome *outcome = w->event->body.review_outcome;
    CX_TRY(check_court(w));
    if (outcome->outcome == CX_REVIEW_RESULT_UNKNOWN)
        return CX_DECISION_INCOMPLETE;
    cx_view department = department_of(w, &outcome->target);
    ptrdiff_t i = cx_work_find_record(w, department, outcome->target.event_id);
    if (i >= 0)
        return review_record(w, (size_t)i, outcome);
    return cx_work_move_target(w, department, outcome->target.event_id, moves[outcome->outcome]);
}

cx_rc cx_on_annulled(cx_work *w) {
    const cx_annulled *a = w->event->body.annulled;
    for (size_t i = 0; i < w->state.records.n; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (r->state != CX_ENTRY_STATE_RECALLED && a->document.n > 0 &&
            cx_view_eq(r->document.number, a->document) && cx_view_eq(r->department, a->target.department))
            CX_TRY(cx_recall_record(w, i, cx_move_name(CX_MOVE_REVIEW_ANNULLED)));
    }
    return CX_OK;
}
