/* Disclosure: one decision about one subject is made public by the department that decided, while it is in
 * force (I-PRIVATE). What is public is judged again after every decision and walk, by the same function, so
 * that a stay, a repair, an annulment, an expiry, a revoked consent, a death or a new law ends it at once. */
#include "common/law/procedure_checks.h"
#include "common/law/publication.h"
#include "services/registrar/work.h"
#include "common/base/mistake.h"

enum { CLEAN_MONTHS = 12 }; /* ours: that nothing adverse is known is said anew each year */

/* What a disclosure is about, as it stands. */
struct base {
    const cx_kept_record *record; /* for an entry: the first that it rests on */
    const cx_list_entry *entry;
    bool hidden; /* never shown, whatever its state */
    bool rests;
    bool in_force;
    bool has_until;
    cx_date until;
};

static bool is_stayed(const cx_work *w, const cx_kept_record *r) {
    for (size_t i = 0; i < w->state.entries.n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        for (size_t k = 0; k < e->suspensions.n; k++)
            if (e->suspensions.items[k].cause == CX_SUSPENSION_CAUSE_STAY &&
                cx_view_eq(e->department, r->department) && cx_views_have(&e->rests_on, r->event_id))
                return true;
    }
    return false;
}

static bool find_record(const cx_work *w, const cx_public_decision *p, struct base *b) {
    const cx_kept_record *r = cx_state_record(&w->state, p->department, p->target);
    if (r == NULL)
        return false;
    bool shown = r->classification.has_display_until;
    *b = (struct base){.record = r,
                       .hidden = !shown,
                       .rests = is_stayed(w, r),
                       .in_force = r->state == CX_ENTRY_STATE_IN_FORCE,
                       .has_until = shown,
                       .until = shown ? r->classification.display_until + 1 : 0};
    return true;
}

/* A person's share in an organisation's entry is never published (I-PERSONAL). */
static bool find_entry(const cx_work *w, const cx_public_decision *p, struct base *b) {
    for (size_t i = 0; i < w->state.entries.n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        cx_view id = e->decision.n > 0 ? e->decision : e->notice;
        if (!cx_view_eq(e->department, p->department) || !cx_view_eq(id, p->target))
            continue;
        *b = (struct base){.entry = e,
                           .hidden = e->role != CX_ROLE_SUBJECT,
                           .rests = e->state == CX_ENTRY_STATE_SUSPENDED,
                           .in_force = e->state == CX_ENTRY_STATE_IN_FORCE,
                           .has_until = e->has_until,
                           .until = e->until};
        if (e->rests_on.n > 0)
            b->record = cx_state_record(&w->state, e->department, e->rests_on.items[0]);
        return true;
    }
    return false;
}

static bool find(const cx_work *w, const cx_public_decision *p, struct base *b) {
    *b = (struct base){.in_force = false};
    return p->what == CX_PUBLIC_WHAT_RECORD  ? find_record(w, p, b)
           : p->what == CX_PUBLIC_WHAT_ENTRY ? find_entry(w, p, b)
                                             : false;
}

/* --- consent ------------------------------------------------------------------------------------------ */
static bool covers(const cx_kept_consent *c, bool credit) {
    return cx_view_is(c->scope, "PUBLICATION") || (credit && cx_view_is(c->scope, "ROLE_MODEL"));
}

/* The consent that the disclosure names: credit: of what is to the subject's credit. NO_CONSENT,
 * CONSENT_REVOKED; no consent is named: CX_OK, and *found is NULL. */
static cx_rc find_consent(const cx_work *w, cx_view id, bool credit, const cx_kept_consent **found) {
    bool revoked = false;
    *found = NULL;
    for (size_t i = 0; i < w->state.consents.n; i++) {
        const cx_kept_consent *c = &w->state.consents.items[i];
        if (id.n == 0 || !cx_view_eq(c->event_id, id) || !covers(c, credit))
            continue;
        revoked = revoked || c->revoked; /* the id may come again, 13 months later */
        if (!c->revoked && (!c->has_until || w->today <= c->until))
            *found = c;
    }
    if (id.n == 0 || *found != NULL)
        return CX_OK;
    return revoked ? CX_CONSENT_REVOKED : CX_NO_CONSENT;
}

/* --- the judge ---------------------------------------------------------------------------------------- */
static void sooner(cx_public_decision *p, bool has, cx_date until) {
    if (has && (!p->has_until || until < p->until)) {
        p->has_until = true;
        p->until = until;
    }
}

/* With the subject's consent, that nothing adverse stands. */
static cx_rc judge_clean(const cx_work *w, const cx_pack *pack, cx_public_decision *p) {
    const cx_kept_consent *consent;
    cx_status *status;
    CX_TRY(find_consent(w, p->consent, true, &consent));
    if (consent == NULL && !CX_MISTAKE(PUBLISHED_UNASKED))
        return CX_NO_CONSENT;
    CX_TRY(cx_status_of(w, &status));
    if (!cx_clean_now(pack, status))
        return CX_NOT_CLEAN;
    p->naming = p->subject_type == CX_SUBJECT_TYPE_PERSON ? CX_NAMING_MASKED : CX_NAMING_IN_FULL;
    sooner(p, true, cx_date_add_months(p->from, CLEAN_MONTHS));
    sooner(p, consent != NULL && consent->has_until, consent != NULL ? consent->until + 1 : 0);
    return p->until > w->today ? CX_OK : CX_NOT_IN_FORCE;
}

/* A person's basis is the pack's; the decision's own serves where none is needed. */
static void set_basis(const cx_pack *pack, const cx_item *item, cx_public_decision *p) {
    const cx_basis *basis = cx_item_public_basis(pack, item);
    if (p->subject_type == CX_SUBJECT_TYPE_PERSON && basis != NULL)
        p->basis = basis->code;
}

static cx_rc judge_decision(const cx_work *w, const cx_pack *pack, cx_public_decision *p) {
    struct base b;
    const cx_kept_consent *consent;
    if (!find(w, p, &b))
        return CX_NO_SUCH_EVENT;
    if (b.hidden)
        return CX_NOT_PUBLIC;
    if (b.rests)
        return CX_DECISION_RESTS;
    if (!b.in_force || (b.has_until && b.until <= w->today))
        return CX_NOT_IN_FORCE;
    if (b.record != NULL && b.record->consent_scope.n > 0)
        return CX_SENSITIVE_RECORD;
    const cx_item *item = b.record != NULL ? cx_pack_item(pack, b.record->item) : NULL;
    bool credit = item != NULL && item->direction == CX_DIRECTION_POSITIVE;
    CX_TRY(find_consent(w, p->consent, credit, &consent));
    cx_published is = {.item = item,
                       .type = p->subject_type,
                       .in_force = true,
                       .has_until = b.has_until,
                       .until = b.until,
                       .today = w->today,
                       .consents = consent != NULL};
    CX_TRY(cx_publication_judge(pack, &is, &p->naming));
    set_basis(pack, item, p);
    sooner(p, b.has_until, b.until);
    sooner(p, consent != NULL && consent->has_until, consent != NULL ? consent->until + 1 : 0);
    return p->has_until && p->until <= w->today ? CX_NOT_IN_FORCE : CX_OK;
}

/* Whether it may be public today, how the name stands, on which basis, until when. */
static cx_rc judge(const cx_work *w, cx_public_decision *p) {
    const cx_pack *pack = w->policies != NULL ? cx_policies_now(w->policies, p->jurisdiction) : NULL;
    if (pack == NULL)
        return CX_NO_PACK;
    if (w->state.ended != CX_SUBJECT_EVENT_KIND_UNKNOWN)
        return CX_SUBJECT_ENDED;
    return p->what == CX_PUBLIC_WHAT_CLEAN ? judge_clean(w, pack, p) : judge_decision(w, pack, p);
}

/* --- what is public ----------------------------------------------------------------------------------- */
static cx_rc add(cx_arena *arena, cx_public_decision_array *to, const cx_public_decision *p) {
    cx_public_decision *items = cx_append(arena, to->items, to->n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    items[to->n] = *p;
    *to = (cx_public_decision_array){items, to->n + 1};
    return CX_OK;
}

/* Takes i out of what is public, and says why. */
static cx_rc end(cx_work *w, size_t i, const char *why) {
    cx_public_decision ended = w->state.publications.items[i];
    cx_public_decision_array left = {0};
    for (size_t k = 0; k < w->state.publications.n; k++)
        if (k != i)
            CX_TRY(add(w->arena, &left, &w->state.publications.items[k]));
    w->state.publications = left;
    w->touched = true;
    ended.ended = cx_view_of(why);
    return add(w->arena, &w->publications, &ended);
}

cx_rc cx_review_publications(cx_work *w) {
    for (size_t i = w->state.publications.n; i-- > 0 && !CX_MISTAKE(PUBLISHED_FOREVER);) {
        cx_public_decision now = w->state.publications.items[i];
        cx_rc rc = judge(w, &now);
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
        bool less = rc == CX_OK && now.naming < w->state.publications.items[i].naming; /* by a new law */
        if (rc != CX_OK || less)
            CX_TRY(end(w, i, cx_rc_name(less ? CX_NOT_PUBLIC : rc)));
    }
    return CX_OK;
}

cx_rc cx_withdraw_disclosure(cx_work *w, cx_view event_id) {
    for (size_t i = 0; i < w->state.publications.n; i++) {
        const cx_public_decision *p = &w->state.publications.items[i];
        if (cx_view_eq(p->event_id, event_id) && cx_view_eq(p->department, w->header->department))
            return end(w, i, cx_move_name(CX_MOVE_WITHDRAWAL));
    }
    return CX_NO_SUCH_EVENT;
}

/* --- the event ---------------------------------------------------------------------------------------- */
/* By an official of a public body, about one subject. */
static cx_rc admit(const cx_work *w) {
    const cx_department *sender = cx_pack_department(w->pack, w->header->department);
    if (w->header->others.n > 0)
        return CX_BULK_PUBLICATION;
    CX_TRY(cx_check_signed(w->header));
    return sender == NULL || sender->kind > CX_DEPARTMENT_PROCURATORATE ? CX_NOT_COMPETENT : CX_OK;
}

static bool is_public(const cx_work *w, const cx_public_decision *p) {
    for (size_t i = 0; i < w->state.publications.n; i++) {
        const cx_public_decision *other = &w->state.publications.items[i];
        if (other->what == p->what && cx_view_eq(other->department, p->department) &&
            cx_view_eq(other->target, p->target))
            return true;
    }
    return false;
}

cx_rc cx_on_disclosure(cx_work *w) {
    const cx_disclosure *d = w->event->body.disclosure;
    struct base b = {.in_force = false};
    cx_public_decision p = {.event_id = w->header->event_id,
                            .department = w->header->department,
                            .jurisdiction = w->header->jurisdiction,
                            .what = d->target.n == 0 ? CX_PUBLIC_WHAT_CLEAN : CX_PUBLIC_WHAT_RECORD,
                            .target = d->target,
                            .subject_type = w->header->subject_type,
                            .basis = w->header->document.legal_basis,
                            .consent = d->consent,
                            .from = w->today,
                            .ended = CX_VIEW("")};
    CX_TRY(admit(w));
    if (d->target.n > 0 && !find(w, &p, &b)) {
        p.what = CX_PUBLIC_WHAT_ENTRY;
        if (!find(w, &p, &b))
            return cx_work_no_target(w, d->target);
    }
    if (p.what == CX_PUBLIC_WHAT_RECORD || p.what == CX_PUBLIC_WHAT_ENTRY) /* by the law of its own place */
        p.jurisdiction = b.entry != NULL ? b.entry->jurisdiction : b.record->jurisdiction;
    if (is_public(w, &p))
        return CX_PUBLIC_ALREADY;
    CX_TRY(judge(w, &p));
    w->touched = true;
    CX_TRY(add(w->arena, &w->state.publications, &p));
    return add(w->arena, &w->publications, &p);
}
