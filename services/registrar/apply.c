/* What each move changes in an entry, its state apart. One function for a move, one table of them. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"
#include "common/law/publication.h"

typedef cx_rc (*apply_fn)(cx_work *w, cx_case *c, cx_list_entry *e);

static cx_rc apply_notice(cx_work *w, cx_case *c, cx_list_entry *e) {
    e->notice = w->header->event_id;
    e->rests_on = c->rests_on;
    e->act_on = c->act_on;
    e->grade = c->grade;
    e->category = c->category;
    e->has_window_ends = c->window_ends != CX_NO_DATE;
    e->window_ends = e->has_window_ends ? c->window_ends : 0;
    e->has_lapses_on = c->lapses_on != CX_NO_DATE;
    e->lapses_on = e->has_lapses_on ? c->lapses_on : 0;
    e->has_served_on = w->event->body_kind == CX_EVENT_BODY_LISTING_NOTICE;
    e->served_on = e->has_served_on ? w->event->body.listing_notice->served_on : 0;
    return CX_OK;
}

static cx_rc apply_statement(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    cx_statement_state *items =
        cx_append(w->arena, e->statements.items, e->statements.n, sizeof(cx_statement_state));
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    items[e->statements.n] = (cx_statement_state){.event_id = w->header->event_id};
    e->statements = (cx_statement_state_array){items, e->statements.n + 1};
    return CX_OK;
}

static cx_rc answer_all(cx_work *w, cx_list_entry *e) {
    if (e->statements.n == 0)
        return CX_OK;
    cx_statement_state *items =
        cx_append(w->arena, e->statements.items, e->statements.n, sizeof(cx_statement_state));
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->statements.n; i++)
        items[i].answered = true;
    e->statements.items = items;
    return CX_OK;
}

/* A listing is published by the item of the first record that it rests on. */
static void set_publish_by(const cx_work *w, const cx_case *c, cx_list_entry *e) {
    const cx_kept_record *r =
        e->rests_on.n > 0 ? cx_state_record(&w->state, e->department, e->rests_on.items[0]) : NULL;
    const cx_item *item = r != NULL ? cx_pack_item(c->pack, r->item) : NULL;
    cx_date by = item != NULL ? cx_publication_due(c->pack, item, e->subject_type, true, e->document.date)
                              : CX_NO_DATE;
    e->has_publish_by = by != CX_NO_DATE;
    e->publish_by = e->has_publish_by ? by : 0;
}

/* The decision of a black or a red list: what it names, judged by the chosen pack. */
static cx_rc apply_decision(cx_work *w, cx_case *c, cx_list_entry *e) {
    bool black = w->event->body_kind == CX_EVENT_BODY_LISTING_DECISION;
    e->decision = w->header->event_id;
    e->document = w->header->document;
    e->official = w->header->official;
    e->case_ = black ? w->event->body.listing_decision->case_ : CX_VIEW("");
    e->rests_on = c->rests_on;
    e->measures = c->measures;
    e->grade = c->grade;
    e->category = c->category;
    e->act_on = c->act_on;
    (void)memcpy(e->pack, cx_pack_hash(c->chosen), CX_PACK_HASH);
    e->has_from = true;
    e->from = c->from;
    e->has_until = c->until != CX_NO_DATE;
    e->until = e->has_until ? c->until : 0;
    e->has_review_on = c->review_on != CX_NO_DATE;
    e->review_on = e->has_review_on ? c->review_on : 0;
    set_publish_by(w, c, e);
    return answer_all(w, e);
}

static cx_rc add_cause(cx_work *w, cx_list_entry *e, cx_suspension_cause cause) {
    cx_suspension *items = cx_append(w->arena, e->suspensions.items, e->suspensions.n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    /* Its own stand before those of the organisation's entry, which a share inherits. */
    (void)memmove(items + 1, items, e->suspensions.n * sizeof *items);
    items[0] =
        (cx_suspension){.cause = cause, .event_id = w->header->event_id, .department = w->header->department};
    e->suspensions = (cx_suspension_array){items, e->suspensions.n + 1};
    return CX_OK;
}

/* Drops the causes of a kind that are the entry's own: id and department, where not empty, must fit. */
static cx_rc drop_cause(cx_work *w, cx_list_entry *e, cx_suspension_cause cause, cx_view id,
                        cx_view department) {
    cx_suspension *items = cx_append(w->arena, e->suspensions.items, e->suspensions.n, sizeof *items);
    size_t n = 0;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->suspensions.n; i++) {
        const cx_suspension *s = &e->suspensions.items[i];
        bool drop = CX_MISTAKE(ALL_CAUSES_DROP) ||
                    (s->cause == cause && !s->inherited && (id.n == 0 || cx_view_eq(s->event_id, id)) &&
                     (department.n == 0 || cx_view_eq(s->department, department)));
        if (!drop)
            items[n++] = *s;
    }
    e->suspensions = (cx_suspension_array){items, n};
    return CX_OK;
}

static cx_rc add_mark(cx_work *w, const cx_case *c, cx_list_entry *e, cx_mark_kind kind) {
    cx_mark *items = cx_append(w->arena, e->marks.items, e->marks.n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    items[e->marks.n] =
        (cx_mark){.kind = kind, .event_id = w->header->event_id, .department = w->header->department};
    cx_mark *mark = &items[e->marks.n];
    mark->open = !CX_MISTAKE(NOT_MARKED);
    const cx_deadlines *deadlines = cx_pack_deadlines(c->pack);
    cx_period period =
        kind == CX_MARK_KIND_COMPLAINT ? deadlines->complaint_answer : deadlines->objection_provider;
    if (kind != CX_MARK_KIND_REVIEW && period.days > 0) {
        cx_date from = kind == CX_MARK_KIND_COMPLAINT ? w->event->body.complaint->received_on
                                                      : w->event->body.objection->received_on;
        mark->has_due_on = true;
        mark->due_on = cx_calendar_last_day(cx_pack_calendar(c->pack), from, period, &e->provisional);
    }
    e->marks = (cx_mark_array){items, e->marks.n + 1};
    return CX_OK;
}

static bool was_objected(const cx_list_entry *e) {
    for (size_t i = 0; i < e->marks.n; i++)
        if (e->marks.items[i].kind != CX_MARK_KIND_REVIEW)
            return true;
    return false;
}

/* Marks at once; suspends where the pack says so, but not again for the same facts (I-OBJECTION). */
static cx_rc dispute(cx_work *w, const cx_case *c, cx_list_entry *e, cx_mark_kind kind, bool new_facts) {
    bool again = was_objected(e) && !new_facts;
    CX_TRY(add_mark(w, c, e, kind));
    cx_objection_effect effect = CX_OBJECTION_MARK;
    if (c->list != NULL && c->list->procedure != CX_PROCEDURE_COURT)
        effect =
            e->subject_type == CX_SUBJECT_TYPE_ORGANISATION ? c->list->on_organisation : c->list->on_person;
    bool rests = effect == CX_OBJECTION_SUSPEND && !again &&
                 (e->state == CX_ENTRY_STATE_NOTIFIED || cx_state_is_live(e->state));
    return rests ? add_cause(w, e, CX_SUSPENSION_CAUSE_OBJECTION) : CX_OK;
}

static cx_rc apply_objection(cx_work *w, cx_case *c, cx_list_entry *e) {
    return dispute(w, c, e, CX_MARK_KIND_OBJECTION, w->event->body.objection->new_facts);
}

static cx_rc apply_complaint(cx_work *w, cx_case *c, cx_list_entry *e) {
    return dispute(w, c, e, CX_MARK_KIND_COMPLAINT, w->event->body.complaint->new_facts);
}

/* Closes marks: of reviews, those of the sender; else the one that the ruling answers. */
static cx_rc close_marks(cx_work *w, cx_list_entry *e, bool reviews) {
    cx_mark *items = cx_append(w->arena, e->marks.items, e->marks.n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->marks.n; i++) {
        bool answered = reviews ? items[i].kind == CX_MARK_KIND_REVIEW &&
                                      cx_view_eq(items[i].department, w->header->department)
                                : items[i].kind != CX_MARK_KIND_REVIEW &&
                                      cx_view_eq(items[i].event_id, w->ruled_id) &&
                                      cx_view_eq(items[i].department, w->ruled_department);
        items[i].open = items[i].open && !answered;
    }
    e->marks.items = items;
    return CX_OK;
}

static cx_rc apply_ruling(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    CX_TRY(close_marks(w, e, false));
    if (CX_MISTAKE(SUSPENSION_EXTENDS) && e->has_until)
        e->until += 30;
    return drop_cause(w, e, CX_SUSPENSION_CAUSE_OBJECTION, w->ruled_id, w->ruled_department);
}

static cx_rc apply_review_filed(cx_work *w, cx_case *c, cx_list_entry *e) {
    return add_mark(w, c, e, CX_MARK_KIND_REVIEW);
}

static cx_rc apply_stay(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    return add_cause(w, e, CX_SUSPENSION_CAUSE_STAY);
}

static cx_rc apply_stay_lifted(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    return drop_cause(w, e, CX_SUSPENSION_CAUSE_STAY, w->event->body.stay_lifted->stay,
                      w->header->department);
}

/* The outcome ends the review and the stay that the same body had ordered. */
static cx_rc apply_review_outcome(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    CX_TRY(close_marks(w, e, true));
    return drop_cause(w, e, CX_SUSPENSION_CAUSE_STAY, CX_VIEW(""), w->header->department);
}

cx_rc cx_keep_former(cx_arena *arena, cx_list_entry *e, const cx_view_array *left) {
    for (size_t i = 0; i < e->measures.n; i++)
        if (!cx_views_have(left, e->measures.items[i]) && !cx_views_have(&e->former, e->measures.items[i]))
            CX_TRY(cx_add_view(arena, &e->former, e->measures.items[i]));
    return CX_OK;
}

/* The next version; the term still runs from where it ran (I-CORRECT). */
static cx_rc apply_correction(cx_work *w, cx_case *c, cx_list_entry *e) {
    CX_TRY(cx_keep_former(w->arena, e, &c->measures));
    e->version++;
    e->measures = c->measures;
    e->rests_on = c->rests_on;
    e->grade = c->grade;
    if (cx_view_eq(w->header->department, e->department))
        e->document.number = w->header->document.number;
    e->has_until = c->until != CX_NO_DATE;
    e->until = e->has_until ? c->until : 0;
    e->has_review_on = e->has_review_on && !e->has_until;
    return CX_OK;
}

static cx_rc apply_varied(cx_work *w, cx_case *c, cx_list_entry *e) {
    CX_TRY(apply_correction(w, c, e));
    return apply_review_outcome(w, c, e);
}

static cx_rc apply_extension(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)w;
    e->version++;
    e->until = c->until;
    return CX_OK;
}

static cx_rc apply_repair(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    e->repair = w->header->event_id;
    return CX_OK;
}

static cx_rc apply_repair_revoked(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)w;
    (void)c;
    e->repair = CX_VIEW("");
    return CX_OK;
}

static cx_rc apply_review_due(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    while (e->has_review_on && e->review_on <= w->today)
        e->review_on = cx_date_add_months(e->review_on, 12);
    return CX_OK;
}

static cx_rc apply_reorganisation(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    return add_cause(w, e, CX_SUSPENSION_CAUSE_REORGANISATION);
}

static cx_rc apply_reorganisation_ended(cx_work *w, cx_case *c, cx_list_entry *e) {
    (void)c;
    return drop_cause(w, e, CX_SUSPENSION_CAUSE_REORGANISATION, CX_VIEW(""), CX_VIEW(""));
}

/* Moves that are missing here change nothing but the state. */
static const apply_fn applies[CX_MOVE_COUNT] = {
    [CX_MOVE_LISTING_NOTICE] = apply_notice,
    [CX_MOVE_RED_NOMINATION] = apply_notice,
    [CX_MOVE_STATEMENT] = apply_statement,
    [CX_MOVE_LISTING_DECISION] = apply_decision,
    [CX_MOVE_RED_LISTING] = apply_decision,
    [CX_MOVE_OBJECTION] = apply_objection,
    [CX_MOVE_COMPLAINT] = apply_complaint,
    [CX_MOVE_RULING_REJECTED] = apply_ruling,
    [CX_MOVE_RULING_PARTLY] = apply_ruling,
    [CX_MOVE_RULING_UPHELD] = apply_ruling,
    [CX_MOVE_CORRECTION] = apply_correction,
    [CX_MOVE_EXTENSION] = apply_extension,
    [CX_MOVE_REPAIR] = apply_repair,
    [CX_MOVE_REPAIR_REVOKED] = apply_repair_revoked,
    [CX_MOVE_REVIEW_FILED] = apply_review_filed,
    [CX_MOVE_STAY_ORDERED] = apply_stay,
    [CX_MOVE_STAY_LIFTED] = apply_stay_lifted,
    [CX_MOVE_REVIEW_UPHELD] = apply_review_outcome,
    [CX_MOVE_REVIEW_VARIED] = apply_varied,
    [CX_MOVE_REVIEW_ANNULLED] = apply_review_outcome,
    [CX_MOVE_REORGANISATION] = apply_reorganisation,
    [CX_MOVE_REORGANISATION_ENDED] = apply_reorganisation_ended,
    [CX_MOVE_REVIEW_DUE] = apply_review_due,
};

cx_rc cx_apply_move(cx_work *w, cx_case *c, cx_list_entry *entry, cx_move move) {
    CX_ASSERT((unsigned)move < CX_MOVE_COUNT);
    return applies[move] != NULL ? applies[move](w, c, entry) : CX_OK;
}
