/* Persons behind organisations (I-PERSONAL): an organisation's entry reaches a person in the roles that the
 * measures' bases name, at the date they name, with evidence; and lets go when the entry does. The
 * judgment-defaulter list never passes: of a court's entry a person bears the court's own orders alone. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"

/* Whether the decided measure is one that a holder of the role bears. */
static cx_rc bears(const cx_work *w, const cx_pack *pack, const cx_list_entry *e,
                   const cx_role_holder *holder, const cx_view_array *provided, cx_view code, bool *out) {
    const cx_measure *m = cx_pack_measure(pack, code);
    bool court = cx_work_procedure(w, e) == CX_PROCEDURE_COURT;
    *out = m != NULL && m->person && (!court || m->court_only) && cx_views_have(provided, code) &&
           cx_role_binds(m, holder, e->act_on, e->document.date, w->today) == CX_OK;
    return CX_OK;
}

static cx_rc measures_of(const cx_work *w, const cx_list_entry *e, const cx_role_holder *holder,
                         cx_view_array *out) {
    const cx_pack *pack = cx_entry_pack(w, e);
    *out = (cx_view_array){0};
    if (pack == NULL)
        return CX_OK;
    cx_entry_facts facts = {.list = e->list,
                            .category = e->category,
                            .grade = e->grade,
                            .subject_type = CX_SUBJECT_TYPE_PERSON,
                            .role = holder->role};
    cx_view_array provided;
    CX_TRY(cx_judge_entry(pack, &facts, w->now, w->arena, &provided));
    for (size_t i = 0; i < e->measures.n; i++) {
        bool yes = false;
        CX_TRY(bears(w, pack, e, holder, &provided, e->measures.items[i], &yes));
        if (yes)
            CX_TRY(cx_add_view(w->arena, out, e->measures.items[i]));
    }
    return CX_OK;
}

/* The header of what follows from the entry: its decision's, with no other subject in it. */
static cx_header *header_of(const cx_work *w, const cx_list_entry *e) {
    cx_header *h = cx_arena_calloc(w->arena, 1, sizeof *h);
    if (h != NULL)
        *h = (cx_header){.department = e->department,
                         .event_id = e->decision,
                         .received_at = w->now,
                         .issued_at = w->now,
                         .happened_on = e->act_on,
                         .jurisdiction = e->jurisdiction,
                         .document = e->document,
                         .official = e->official,
                         .subject_type = CX_SUBJECT_TYPE_PERSON,
                         .consent_scope = CX_VIEW("")};
    return h;
}

static cx_rc emit(cx_work *w, const cx_list_entry *e, const uint8_t person[CX_SUBJECT],
                  const cx_role_holder *holder, const cx_view_array *measures, cx_entry_state state) {
    cx_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
    cx_bound *b = cx_arena_calloc(w->arena, 1, sizeof *b);
    if (event == NULL || b == NULL)
        return CX_OUT_OF_MEMORY;
    *b = (cx_bound){.event_id = e->decision,
                    .entry = e->id,
                    .list = cx_work_procedure(w, e) == CX_PROCEDURE_COURT && !CX_MISTAKE(DEFAULTERS_PASS)
                                ? CX_VIEW("")
                                : e->list,
                    .grade = e->grade,
                    .category = e->category,
                    .role = *holder,
                    .measures = *measures,
                    .from = e->from,
                    .has_until = e->has_until,
                    .until = e->until,
                    .state = state,
                    .suspensions = e->suspensions};
    (void)memcpy(b->pack, e->pack, CX_PACK_HASH);
    (void)memcpy(b->organisation, w->state.subject, CX_SUBJECT);
    (void)memcpy(event->subject, person, CX_SUBJECT);
    event->header = header_of(w, e);
    if (event->header == NULL)
        return CX_OUT_OF_MEMORY;
    event->body_kind = CX_EVENT_BODY_BOUND;
    event->body.bound = b;
    return cx_work_derive(w, event, false, -1);
}

static cx_rc bind_holder(cx_work *w, const cx_list_entry *e, const cx_kept_record *r,
                         const cx_role_holder *holder, bool first) {
    if (holder->holder < 0 || (size_t)holder->holder >= r->others.n ||
        r->others.items[holder->holder].type != CX_SUBJECT_TYPE_PERSON)
        return CX_OK;
    cx_view_array measures = {0};
    cx_entry_state state = e->state;
    if (cx_state_is_live(state)) {
        CX_TRY(measures_of(w, e, holder, &measures));
        if (measures.n == 0 && first)
            return CX_OK; /* nobody bears a measure for another's conduct */
        if (measures.n == 0)
            state = CX_ENTRY_STATE_REMOVED; /* the role no longer binds */
    }
    return emit(w, e, r->others.items[holder->holder].subject, holder, &measures, state);
}

cx_rc cx_bind_persons(cx_work *w, const cx_list_entry *entry, bool first) {
    cx_list_entry e = *entry;
    for (size_t i = 0; i < e.rests_on.n; i++) {
        const cx_kept_record *r = cx_state_record(&w->state, e.department, e.rests_on.items[i]);
        for (size_t k = 0; r != NULL && k < r->roles.n; k++)
            CX_TRY(bind_holder(w, &e, r, &r->roles.items[k], first));
    }
    return CX_OK;
}

/* Whether the record still names that person in that role. */
static bool still_named(const cx_kept_record *r, const uint8_t person[CX_SUBJECT], cx_role role) {
    for (size_t i = 0; i < r->roles.n; i++)
        if (r->roles.items[i].role == role && r->roles.items[i].holder >= 0 &&
            (size_t)r->roles.items[i].holder < r->others.n &&
            cx_same_subject(r->others.items[r->roles.items[i].holder].subject, person))
            return true;
    return false;
}

/* A corrected record that names a person no longer: that person's share never was. Persons whom only the
 * correction names are not bound: that takes a new decision. */
cx_rc cx_release_persons(cx_work *w, const cx_kept_record *before, const cx_kept_record *after) {
    cx_view_array none = {0};
    for (size_t i = 0; i < w->state.entries.n; i++) {
        cx_list_entry e = w->state.entries.items[i];
        if (e.role != CX_ROLE_SUBJECT || e.decision.n == 0 || !cx_view_eq(e.department, before->department) ||
            !cx_views_have(&e.rests_on, before->event_id))
            continue;
        for (size_t k = 0; k < before->roles.n; k++) {
            const cx_role_holder *holder = &before->roles.items[k];
            if (holder->holder < 0 || (size_t)holder->holder >= before->others.n)
                continue;
            const uint8_t *person = before->others.items[holder->holder].subject;
            if (!still_named(after, person, holder->role))
                CX_TRY(emit(w, &e, person, holder, &none, CX_ENTRY_STATE_RECALLED));
        }
    }
    return CX_OK;
}

/* --- at the person ------------------------------------------------------------------------------------ */
static ptrdiff_t share_of(const cx_work *w, const cx_bound *b) {
    for (size_t i = 0; i < w->state.entries.n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (e->organisation != NULL && cx_view_eq(e->organisation_entry, b->entry) && e->role == b->role.role)
            return (
                ptrdiff_t)i; /* the entry's id is its own, whatever the organisation's identifier is now */
    }
    return -1;
}

/* Own causes, and the organisation's as inherited ones. */
static cx_rc inherit(const cx_work *w, cx_list_entry *e, const cx_suspension_array *causes) {
    cx_suspension *items = cx_arena_calloc(w->arena, e->suspensions.n + causes->n, sizeof *items);
    size_t n = 0;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->suspensions.n; i++)
        if (!e->suspensions.items[i].inherited)
            items[n++] = e->suspensions.items[i];
    for (size_t i = 0; i < causes->n; i++) {
        items[n] = causes->items[i];
        items[n++].inherited = true;
    }
    e->suspensions = (cx_suspension_array){items, n};
    return CX_OK;
}

static cx_rc open_share(cx_work *w, const cx_bound *b, cx_list_entry **out) {
    const cx_header *h = w->event->header;
    cx_list_entry *e = cx_work_add_entry(w);
    if (e == NULL)
        return CX_OUT_OF_MEMORY;
    cx_position at = w->step->origin;
    *e = (cx_list_entry){.id = cx_arena_printf(w->arena, "e.%d.%lld.0", at.partition, (long long)at.offset),
                         .list = b->list,
                         .department = h->department,
                         .jurisdiction = h->jurisdiction,
                         .decision = b->event_id,
                         .document = h->document,
                         .official = h->official,
                         .subject_type = CX_SUBJECT_TYPE_PERSON,
                         .role = b->role.role,
                         .organisation = b->organisation,
                         .organisation_entry = b->entry,
                         .act_on = h->happened_on};
    if (e->id.p == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(cx_add_view(w->arena, &e->rests_on, b->event_id));
    *out = e;
    return CX_OK;
}

/* The catalog is asked again here: no measure without a role that its basis names. */
static cx_rc check_bound(const cx_work *w, const cx_bound *b) {
    if (b->role.evidence.n == 0)
        return CX_ROLE_WITHOUT_EVIDENCE;
    for (size_t i = 0; i < b->measures.n; i++) {
        const cx_measure *m = w->pack != NULL ? cx_pack_measure(w->pack, b->measures.items[i]) : NULL;
        if (m != NULL && (m->roles & (1U << b->role.role)) == 0)
            return CX_ROLE_NOT_NAMED;
    }
    return CX_OK;
}

static void take(cx_date today, const cx_bound *b, cx_list_entry *e) {
    e->version++;
    e->organisation = b->organisation;
    e->grade = b->grade;
    e->category = b->category;
    e->has_from = true;
    e->from = b->from;
    e->has_until = b->has_until;
    e->until = b->until;
    e->has_review_on = !b->has_until;
    e->review_on = b->has_until ? 0 : cx_date_add_months(today, 12);
    (void)memcpy(e->pack, b->pack, CX_PACK_HASH);
}

static cx_rc take_live(cx_work *w, const cx_bound *b, cx_list_entry *e) {
    take(w->today, b, e);
    CX_TRY(cx_keep_former(w->arena, e, &b->measures));
    e->measures = b->measures;
    return inherit(w, e, &b->suspensions);
}

static void settle_live(const cx_work *w, cx_list_entry *e) {
    e->state = e->has_until && e->until <= w->today ? CX_ENTRY_STATE_EXPIRED
               : e->suspensions.n > 0               ? CX_ENTRY_STATE_SUSPENDED
                                                    : CX_ENTRY_STATE_IN_FORCE;
    e->has_ended_on = e->state == CX_ENTRY_STATE_EXPIRED;
    e->ended_on = e->has_ended_on ? e->until : 0;
}

static void take_end(const cx_work *w, const cx_bound *b, cx_list_entry *e) {
    if (b->state == CX_ENTRY_STATE_EXPIRED) { /* a correction moved the end into the past */
        e->has_until = b->has_until;
        e->until = b->until;
    }
    e->state = b->state;
    e->suspensions = (cx_suspension_array){0};
    e->has_ended_on = true;
    e->ended_on = w->today;
}

/* A share that the person had repaired stays so; but should the repair be revoked, it comes back as the
 * organisation's entry stands by then: with its causes of suspension, or not at all. */
static cx_rc follow_repaired(cx_work *w, const cx_bound *b, cx_list_entry *e) {
    if (cx_state_is_live(b->state))
        return take_live(w, b, e);
    e->version++;
    e->has_until = true;
    e->until = w->today;
    return CX_OK;
}

cx_rc cx_on_bound(cx_work *w) {
    const cx_bound *b = w->event->body.bound;
    bool live = cx_state_is_live(b->state), recalled = b->state == CX_ENTRY_STATE_RECALLED;
    ptrdiff_t i = share_of(w, b);
    if (w->pack == NULL)
        return CX_NO_PACK;
    if ((w->state.ended == CX_SUBJECT_EVENT_KIND_DEATH && !recalled) || (i < 0 && !live))
        return CX_OK;
    CX_TRY(live ? check_bound(w, b) : CX_OK);
    cx_list_entry *e = i >= 0 ? cx_work_entry(w, (size_t)i) : NULL;
    if (i < 0)
        CX_TRY(open_share(w, b, &e));
    if (e == NULL)
        return CX_OUT_OF_MEMORY;
    cx_entry_state from = i >= 0 ? e->state : CX_ENTRY_STATE_NONE;
    if (from == CX_ENTRY_STATE_RECALLED) /* what was recalled for the person itself stays so */
        return CX_OK;
    if (e->repair.n > 0 && !recalled)
        CX_TRY(follow_repaired(w, b, e));
    else if (live)
        CX_TRY(take_live(w, b, e));
    else
        take_end(w, b, e);
    if (live && e->repair.n == 0)
        settle_live(w, e);
    if (e->state == CX_ENTRY_STATE_RECALLED)
        CX_TRY(cx_tell_queriers(w, e->has_from, e->from));
    return cx_work_say_entry(w, "BOUND", from, e);
}
