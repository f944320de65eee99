/* I-BASIS, I-CAPACITY, I-FORBIDDEN, I-REPORTER, and that every refusal comes home once and changes nothing.
 */
#include "tests/property/credit.h"
#include "tests/property/hold.h"

/* What a message puts on record: a record, or what a correction or review puts in its place. */
static const cx_record *record_of(const cx_credit_event *e) {
    switch ((int)e->body_kind) {
    case CX_CREDIT_EVENT_BODY_RECORD:
        return e->body.record;
    case CX_CREDIT_EVENT_BODY_CORRECTION:
        return e->body.correction->record;
    case CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME:
        return e->body.review_outcome->record;
    default:
        return NULL;
    }
}

/* --- I-BASIS ------------------------------------------------------------------------------------------ */
static bool may_report(const cx_item *item, const cx_department *d) {
    for (size_t i = 0; i < item->reporters.n; i++) {
        cx_view who = item->reporters.items[i];
        if (cx_view_eq(who, d->code) || cx_view_is(who, "@any") ||
            (cx_view_is(who, "@court") && d->kind == CX_DEPARTMENT_COURT) ||
            (cx_view_is(who, "@review") && d->kind == CX_DEPARTMENT_REVIEW))
            return true;
    }
    return false;
}

static bool restricts_by(const cx_pack *pack, cx_view code) {
    const cx_basis *b = cx_pack_basis(pack, code);
    return b != NULL && b->level != CX_LEVEL_MUNICIPAL_PLAN;
}

static bool record_based(const cx_ledger *l, const cx_sent *s, const cx_record *r, cx_fault *f) {
    const cx_item *item = cx_pack_item(s->pack, r->item);
    const cx_department *d = cx_pack_department(s->pack, s->department);
    const cx_document *doc = &s->event->document;
    if (item == NULL || d == NULL)
        return cx_broken(f, "item or department is in no catalog: %.*s", CX_VIEW_ARGS(r->item));
    if (!may_report(item, d))
        return cx_broken(f, "%.*s may not report %.*s", CX_VIEW_ARGS(s->department), CX_VIEW_ARGS(r->item));
    if (doc->number.n == 0 || !cx_words_have(item->bases, doc->legal_basis))
        return cx_broken(f, "the document names no basis of the item");
    cx_date from = doc->has_effective_on && doc->effective_on > doc->date ? doc->effective_on : doc->date;
    if (from > l->today)
        return cx_broken(f, "the document is not in effect yet");
    if (item->direction == CX_DIRECTION_ADVERSE && !restricts_by(s->pack, doc->legal_basis))
        return cx_broken(f, "a municipal plan alone burdens");
    bool person = s->event->subject->type == CX_SUBJECT_TYPE_PERSON;
    return (person ? item->person : item->organisation) ||
           cx_broken(f, "the item is not for this kind of subject");
}

bool cx_hold_basis_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f) {
    const cx_record *r = record_of(s->event);
    if (!s->accepted)
        return true;
    if (cx_pack_department(s->pack, s->department) == NULL)
        return cx_broken(f, "an event of an unknown department was accepted");
    if (r != NULL && s->event->body_kind != CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME && !record_based(l, s, r, f))
        return false;
    bool lists = s->event->body_kind == CX_CREDIT_EVENT_BODY_LISTING_NOTICE ||
                 s->event->body_kind == CX_CREDIT_EVENT_BODY_LISTING_DECISION;
    if (lists && (s->event->document.number.n == 0 || !restricts_by(s->pack, s->event->document.legal_basis)))
        return cx_broken(f, "a listing without document or on a municipal plan");
    return true;
}

bool cx_hold_basis_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                          const cx_notice *n, cx_fault *f) {
    const cx_pack *pack = cx_ledger_pack(l, n->pack);
    (void)department;
    (void)subject;
    bool restricts =
        n->measure_kind == CX_MEASURE_KIND_RIGHTS_REDUCING || n->measure_kind == CX_MEASURE_KIND_MANAGEMENT;
    if (n->kind != CX_NOTICE_KIND_IMPOSE || !restricts)
        return true;
    return restricts_by(pack != NULL ? pack : l->pack, n->basis) ||
           cx_broken(f, "%.*s is imposed without a basis above a plan", CX_VIEW_ARGS(n->measure));
}

/* --- I-CAPACITY --------------------------------------------------------------------------------------- */
static bool burdens(cx_credit_event_body_kind kind) {
    return kind == CX_CREDIT_EVENT_BODY_RECORD || kind == CX_CREDIT_EVENT_BODY_LISTING_NOTICE ||
           kind == CX_CREDIT_EVENT_BODY_LISTING_DECISION || kind == CX_CREDIT_EVENT_BODY_EXTENSION ||
           kind == CX_CREDIT_EVENT_BODY_REPAIR_REVOKED || kind == CX_CREDIT_EVENT_BODY_RED_NOMINATION ||
           kind == CX_CREDIT_EVENT_BODY_RED_LISTING;
}

/* Whether the subject had died, was dissolved or lacked capacity when this came. */
static bool had_ended(const cx_ledger *l, const cx_sent *s) {
    cx_known_subject known = cx_ledger_subject(l, s->subject);
    return known.gone || known.incapable;
}

bool cx_hold_capacity_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f) {
    if (s->young && s->decided != NULL)
        return cx_broken(f, "somebody under 18 on the day of the act went on record");
    return !s->accepted || !burdens(s->event->body_kind) || !had_ended(l, s) ||
           cx_broken(f, "an event burdens a subject that had ended or lacked capacity");
}

/* --- I-FORBIDDEN, I-REPORTER -------------------------------------------------------------------------- */
static bool has_fact(const cx_record *r, const char *canary) {
    for (size_t i = 0; r != NULL && i < r->facts.n; i++)
        if (r->facts.items[i].value_kind == CX_FACT_VALUE_STRING &&
            cx_view_is(r->facts.items[i].value.string_, canary))
            return true;
    return false;
}

static bool was_revoked(const cx_ledger *l, const cx_sent *consent, const cx_sent *before) {
    for (size_t i = 0; i < l->sent_n && l->sent[i].number < before->number; i++)
        if (l->sent[i].accepted && l->sent[i].event->body_kind == CX_CREDIT_EVENT_BODY_CONSENT_REVOKED &&
            cx_ledger_same(l, l->sent[i].subject, consent->subject) &&
            cx_view_eq(l->sent[i].event->body.consent_revoked->consent, consent->event->event_id))
            return true;
    return false;
}

/* Whether every consent of that scope was revoked, and there was one. */
static bool consent_gone(const cx_ledger *l, const cx_sent *s) {
    bool revoked = false, stands = false;
    for (size_t i = 0; i < l->sent_n && l->sent[i].number < s->number; i++) {
        const cx_sent *c = &l->sent[i];
        if (!c->accepted || c->event->body_kind != CX_CREDIT_EVENT_BODY_CONSENT ||
            !cx_ledger_same(l, c->subject, s->subject) ||
            !cx_view_eq(c->event->body.consent->scope, s->event->consent->scope))
            continue;
        bool gone = was_revoked(l, c, s);
        revoked = revoked || gone;
        stands = stands || !gone;
    }
    return revoked && !stands;
}

bool cx_hold_forbidden_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f) {
    const cx_record *r = record_of(s->event);
    if (s->decided != NULL && has_fact(r, CX_CANARY_FORBIDDEN))
        return cx_broken(f, "a forbidden fact passed intake");
    if (!has_fact(r, CX_CANARY_SENSITIVE))
        return true;
    if (s->decided != NULL && s->event->consent == NULL)
        return cx_broken(f, "a sensitive fact without consent passed intake");
    bool of_record = s->event->body_kind == CX_CREDIT_EVENT_BODY_RECORD;
    return !s->accepted || !of_record || !consent_gone(l, s) ||
           cx_broken(f, "accepted on a consent that was revoked");
}

bool cx_hold_reporter_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f) {
    (void)l;
    return s->decided == NULL || !has_fact(record_of(s->event), CX_CANARY_REPORTER) ||
           cx_broken(f, "an event that names who reported passed intake");
}

/* --- refusals ----------------------------------------------------------------------------------------- */
bool cx_hold_refusal_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f) {
    (void)l;
    bool silent = s->accepted || cx_view_is(s->verdict, "DUPLICATE");
    if (s->verdict.n == 0)
        return cx_broken(f, "a message came to nothing");
    if (s->home != (silent ? 0 : 1))
        return cx_broken(f, "%.*s came home %zu times", CX_VIEW_ARGS(s->verdict), s->home);
    bool by_sanctioner = cx_view_is(s->verdict, "FEEDBACK_UNASKED");
    return s->accepted || by_sanctioner || s->decided == NULL || s->decided->changes.n == 0 ||
           cx_broken(f, "a refused message changed something");
}
