/* Who is told of a change; feedback; what time brings about. */
#include "services/sanctioner/work.h"
#include "common/base/mistake.h"

/* The sender of these knows already what came of them. */
static bool is_own_step(cx_view cause) {
    return cx_view_is(cause, "LISTING_NOTICE") || cx_view_is(cause, "STATEMENT") ||
           cx_view_is(cause, "RED_NOMINATION") || cx_view_is(cause, "NOTICE_WITHDRAWN") ||
           cx_view_is(cause, "LINKED");
}

static bool begins(cx_view v, const char *with) {
    size_t n = strlen(with);
    return v.n >= n && memcmp(v.p, with, n) == 0;
}

/* The department that passed the objection on which a ruling was given. */
static cx_view objector(const cx_office *o, const cx_mark_array *marks) {
    const cx_event *event = &o->in->classified.event;
    if (event->body_kind != CX_EVENT_BODY_RULING)
        return CX_VIEW("");
    for (size_t i = 0; i < marks->n; i++)
        if (cx_view_eq(marks->items[i].event_id, event->body.ruling->objection) && !marks->items[i].open)
            return marks->items[i].department;
    return CX_VIEW("");
}

static cx_rc tell(cx_office *o, const cx_notice *n, cx_view department, const cx_mark_array *marks) {
    CX_TRY(cx_send_notice(o, department, n));
    if (CX_MISTAKE(BYSTANDERS_TOLD))
        CX_TRY(cx_send_notice(o, CX_VIEW("bystander"), n));
    cx_view other = objector(o, marks);
    return other.n > 0 && !cx_view_eq(other, department) ? cx_send_notice(o, other, n) : CX_OK;
}

/* What a notice about a record says, in the form of an entry: its id is the department's and the event's. */
static cx_rc as_entry(cx_office *o, const cx_kept_record *r, cx_list_entry *out) {
    *out = (cx_list_entry){
        .id = cx_arena_printf(o->arena, "%.*s/%.*s", CX_VIEW_ARGS(r->department), CX_VIEW_ARGS(r->event_id)),
        .state = r->state,
        .jurisdiction = r->jurisdiction,
        .subject_type = r->subject_type,
        .document = r->document,
        .list = r->classification.list,
        .grade = r->classification.grade,
        .role = CX_ROLE_SUBJECT,
        .department = r->department};
    (void)memcpy(out->pack, r->classification.pack, CX_PACK_HASH);
    return out->id.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static cx_rc tell_record(cx_office *o, const cx_change *change) {
    const cx_kept_record *r = change->record;
    cx_list_entry like;
    bool disputed = begins(change->cause, "RULING") || begins(change->cause, "REVIEW") ||
                    begins(change->cause, "OBJECTION") || begins(change->cause, "COMPLAINT");
    if (!disputed)
        return CX_OK;
    CX_TRY(as_entry(o, r, &like));
    cx_notice *n = cx_notice_of(o, CX_NOTICE_KIND_TELL, &like, change->cause);
    return n == NULL ? CX_OUT_OF_MEMORY : tell(o, n, r->department, &r->marks);
}

cx_rc cx_tell_change(cx_office *o, const cx_change *change) {
    const cx_list_entry *e = change->entry;
    if (e == NULL)
        return change->record != NULL ? tell_record(o, change) : CX_OK;
    if (is_own_step(change->cause))
        return CX_OK;
    cx_notice *n = cx_notice_of(o, CX_NOTICE_KIND_TELL, e, change->cause);
    return n == NULL ? CX_OUT_OF_MEMORY : tell(o, n, e->department, &e->marks);
}

/* Whoever made it public is told that it is not any more. */
static cx_rc tell_ended(cx_office *o, const cx_public_decision *p) {
    cx_view id = p->target.n > 0 ? p->target : p->event_id;
    const cx_pack *pack = cx_policies_now(o->policies, p->jurisdiction);
    cx_list_entry like = {
        .id = cx_arena_printf(o->arena, "%.*s/%.*s", CX_VIEW_ARGS(p->department), CX_VIEW_ARGS(id)),
        .list = CX_VIEW(""),
        .department = p->department,
        .document = {.number = CX_VIEW(""), .issuing_body = p->department, .legal_basis = p->basis},
        .subject_type = p->subject_type,
        .role = CX_ROLE_SUBJECT,
        .has_from = true,
        .from = p->from,
        .has_until = p->has_until,
        .until = p->until};
    if (like.id.p == NULL)
        return CX_OUT_OF_MEMORY;
    if (pack != NULL)
        (void)memcpy(like.pack, cx_pack_hash(pack), CX_PACK_HASH);
    cx_notice *n = cx_notice_of(o, CX_NOTICE_KIND_TELL, &like, CX_VIEW("PUBLICATION_ENDED"));
    return n == NULL ? CX_OUT_OF_MEMORY : cx_send_notice(o, p->department, n);
}

cx_rc cx_tell_publications(cx_office *o) {
    for (size_t i = 0; i < o->in->publications.n; i++)
        if (o->in->publications.items[i].ended.n > 0)
            CX_TRY(tell_ended(o, &o->in->publications.items[i]));
    return CX_OK;
}

/* The row by which a reader's acknowledgement is awaited: of no measure, but of the status it had seen. */
static cx_rc undo_query(cx_office *o, const cx_list_entry *e, cx_view who, const cx_pack *pack) {
    for (size_t i = 0; i < o->rows.n; i++)
        if (cx_view_eq(o->rows.items[i].entry, e->id) && cx_view_eq(o->rows.items[i].department, who))
            return CX_OK; /* told as a department that carried a measure out */
    cx_issued_measure *row = cx_office_add(o);
    cx_notice *n = cx_notice_of(o, CX_NOTICE_KIND_UNDO, e, CX_VIEW("QUERIED"));
    if (row == NULL || n == NULL)
        return CX_OUT_OF_MEMORY;
    cx_position at = o->step->origin;
    *row = (cx_issued_measure){.id = cx_arena_printf(o->arena, "m.%d.%lld.%d.%d", at.partition,
                                                     (long long)at.offset, o->in->index, o->measures++),
                               .entry = e->id,
                               .code = CX_VIEW(""),
                               .department = who,
                               .list = e->list,
                               .role = e->role,
                               .state = CX_MEASURE_STAGE_ENDING,
                               .from = o->today};
    if (row->id.p == NULL)
        return CX_OUT_OF_MEMORY;
    cx_ask(o, pack, row, CX_NOTICE_KIND_UNDO);
    n->measure_id = row->id;
    n->has_respond_by = row->has_respond_by;
    n->respond_by = row->respond_by;
    return cx_send_notice(o, who, n);
}

static cx_rc undo_change(cx_office *o, const cx_change *change, cx_view who) {
    cx_list_entry like;
    const cx_list_entry *e = change->entry;
    if (e == NULL && change->record != NULL && change->record->state == CX_ENTRY_STATE_RECALLED) {
        CX_TRY(as_entry(o, change->record, &like));
        e = &like;
    }
    if (e == NULL || e->state != CX_ENTRY_STATE_RECALLED)
        return CX_OK;
    const cx_pack *pack = cx_policies_now(o->policies, e->jurisdiction);
    bool known = pack != NULL && cx_pack_department(pack, who) != NULL;
    return known ? undo_query(o, e, who, pack) : CX_OK;
}

cx_rc cx_undo_queries(cx_office *o) {
    for (size_t i = 0; i < o->in->tell.n; i++)
        for (size_t k = 0; k < o->in->changes.n; k++)
            CX_TRY(undo_change(o, &o->in->changes.items[k], o->in->tell.items[i]));
    return CX_OK;
}

cx_rc cx_take_feedback(cx_office *o, const cx_header *header, const cx_measure_feedback *f) {
    size_t i = 0;
    while (i < o->rows.n && !(cx_view_eq(o->rows.items[i].id, f->measure) &&
                              cx_view_eq(o->rows.items[i].department, header->department)))
        i++;
    if (i == o->rows.n || f->outcome == CX_FEEDBACK_OUTCOME_UNKNOWN)
        return cx_send_home(o, CX_VIEW("FEEDBACK_UNASKED"), "sanctioner");
    cx_issued_measure *row = cx_office_row(o, i);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    row->feedback = f->outcome;
    row->has_respond_by = false;
    row->respond_by = 0;
    row->overdue = false;
    if (row->state == CX_MEASURE_STAGE_ENDING && f->outcome != CX_FEEDBACK_OUTCOME_REFUSED)
        row->state = CX_MEASURE_STAGE_ENDED;
    return CX_OK;
}

/* The newest activated pack that has the measure: a row keeps its code, not its law. */
static const cx_measure *find_measure(const cx_office *o, cx_view code, const cx_pack **pack) {
    for (size_t i = cx_policies_count(o->policies); i-- > 0;) {
        *pack = cx_policies_pack(o->policies, i);
        const cx_measure *m = cx_pack_measure(*pack, code);
        if (m != NULL)
            return m;
    }
    return NULL;
}

/* A reminder of a row, to one department. */
static cx_rc remind(cx_office *o, const cx_issued_measure *row, cx_view cause) {
    const cx_pack *pack = NULL;
    const cx_measure *m = find_measure(o, row->code, &pack);
    cx_notice *n = cx_arena_calloc(o->arena, 1, sizeof *n);
    if (n == NULL)
        return CX_OUT_OF_MEMORY;
    *n = (cx_notice){.kind = CX_NOTICE_KIND_TELL,
                     .tick = o->step->now,
                     .measure_id = row->id,
                     .measure = row->code,
                     .measure_kind = row->kind,
                     .basis = m != NULL ? m->basis : CX_VIEW(""),
                     .entry = row->entry,
                     .list = row->list,
                     .role = row->role,
                     .cause = cause,
                     .deciding_department = CX_VIEW(""),
                     .document = CX_VIEW(""),
                     .has_from = true,
                     .from = row->from,
                     .has_until = row->has_until,
                     .until = row->until,
                     .has_review_on = row->has_review_on,
                     .review_on = row->review_on,
                     .has_respond_by = row->has_respond_by,
                     .respond_by = row->respond_by};
    if (m != NULL)
        (void)memcpy(n->pack, cx_pack_hash(pack), CX_PACK_HASH);
    return cx_send_notice(o, row->department, n);
}

static bool is_overdue(const cx_issued_measure *row, cx_date today) {
    return row->has_respond_by && !row->overdue && row->respond_by < today;
}

static bool reviews(const cx_issued_measure *row) {
    return row->has_review_on &&
           (row->state == CX_MEASURE_STAGE_ISSUED || row->state == CX_MEASURE_STAGE_RESTING);
}

cx_rc cx_follow_time(cx_office *o) {
    for (size_t i = 0; i < o->rows.n; i++) {
        bool late = is_overdue(&o->rows.items[i], o->today);
        bool review = reviews(&o->rows.items[i]) && o->rows.items[i].review_on <= o->today;
        if (!late && !review)
            continue;
        cx_issued_measure *row = cx_office_row(o, i);
        if (row == NULL)
            return CX_OUT_OF_MEMORY;
        row->overdue = row->overdue || late;
        if (late)
            CX_TRY(remind(o, row, CX_VIEW("OVERDUE")));
        if (review)
            CX_TRY(remind(o, row, CX_VIEW("REVIEW_DUE")));
        while (review && row->review_on <= o->today)
            row->review_on = cx_date_add_months(row->review_on, 12);
    }
    return CX_OK;
}
