/* I-CATALOG and I-PERSONAL: which measures go out, and whom they may bind. */
#include "common/law/procedure.h"
#include "tests/property/credit.h"
#include "tests/property/hold.h"

static const cx_measure *measure_of(const cx_ledger *l, const uint8_t *hash, cx_view code) {
    const cx_pack *pack = cx_ledger_pack(l, hash);
    const cx_measure *m = pack != NULL ? cx_pack_measure(pack, code) : NULL;
    return m != NULL ? m : cx_pack_measure(l->pack, code);
}

static bool binds(const cx_measure *m, const cx_list_entry *e) {
    bool person = e->subject_type == CX_SUBJECT_TYPE_PERSON;
    return (m->roles & (1U << e->role)) != 0 && (person ? m->person : m->organisation);
}

/* The organisation's entry of a share, else the entry itself. */
static const cx_known_entry *root_of(const cx_ledger *l, const cx_known_entry *e) {
    const cx_known_entry *org =
        e->now->organisation_entry.n > 0 ? cx_ledger_entry(l, e->now->organisation_entry) : NULL;
    return org != NULL ? org : e;
}

/* --- I-CATALOG ---------------------------------------------------------------------------------------- */
/* The decision named the measure. */
static bool was_decided(const cx_ledger *l, const cx_known_entry *e, cx_view code) {
    const cx_known_entry *root = root_of(l, e);
    const cx_sent *s = cx_ledger_sent(l, root->now->department, root->now->decision, root->subject);
    if (s == NULL)
        return false;
    return s->event->body_kind == CX_CREDIT_EVENT_BODY_LISTING_DECISION
               ? cx_views_have(&s->event->body.listing_decision->measures, code)
               : s->event->body_kind == CX_CREDIT_EVENT_BODY_RED_LISTING &&
                     cx_views_have(&s->event->body.red_listing->measures, code);
}

static bool fits_list(const cx_measure *m, cx_view list) {
    return m->lists.n == 0 || cx_words_have(m->lists, list);
}

bool cx_hold_catalog_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                            const cx_notice *n, cx_fault *f) {
    bool begins = n->kind == CX_NOTICE_KIND_IMPOSE || n->kind == CX_NOTICE_KIND_INCENTIVE;
    bool lasts = begins || n->kind == CX_NOTICE_KIND_RESUME || n->kind == CX_NOTICE_KIND_CHANGE;
    (void)subject;
    if (!lasts || n->measure.n == 0)
        return true;
    const cx_measure *m = measure_of(l, n->pack, n->measure);
    const cx_known_entry *e = cx_ledger_entry(l, n->entry);
    if (m == NULL || e == NULL)
        return cx_broken(f, "%.*s is in no catalog, or of no entry", CX_VIEW_ARGS(n->measure));
    if (n->basis.n == 0 || !cx_view_eq(n->basis, m->basis))
        return cx_broken(f, "%.*s goes out without the catalog's basis", CX_VIEW_ARGS(n->measure));
    if (!cx_words_have(m->responders, department))
        return cx_broken(f, "%.*s does not carry out %.*s", CX_VIEW_ARGS(department),
                         CX_VIEW_ARGS(n->measure));
    if (!n->has_from || (!n->has_until && !n->has_review_on))
        return cx_broken(f, "%.*s has no start, or neither end nor review", CX_VIEW_ARGS(n->measure));
    if (n->has_until && e->now->has_until && n->until > e->now->until)
        return cx_broken(f, "%.*s outlives its entry", CX_VIEW_ARGS(n->measure));
    if (n->measure_kind != m->kind ||
        (m->kind == CX_MEASURE_KIND_INCENTIVE) != (n->measure_kind == CX_MEASURE_KIND_INCENTIVE))
        return cx_broken(f, "%.*s goes out as another kind", CX_VIEW_ARGS(n->measure));
    if (begins && (m->kind == CX_MEASURE_KIND_INCENTIVE) != (n->kind == CX_NOTICE_KIND_INCENTIVE))
        return cx_broken(f, "advice or incentive as a command: %.*s", CX_VIEW_ARGS(n->measure));
    if (!fits_list(m, root_of(l, e)->now->list) || !binds(m, e->now))
        return cx_broken(f, "%.*s is not for this list or subject", CX_VIEW_ARGS(n->measure));
    return was_decided(l, e, n->measure) || cx_broken(f, "nobody decided %.*s", CX_VIEW_ARGS(n->measure));
}

static const cx_told *told_of(const cx_ledger *l, cx_view entry, cx_view code, cx_view department) {
    const cx_told *found = NULL;
    for (size_t i = 0; i < l->told_n; i++)
        if (cx_view_eq(l->told[i].entry, entry) && cx_view_eq(l->told[i].code, code) &&
            cx_view_eq(l->told[i].department, department) && (found == NULL || l->told[i].out))
            found = &l->told[i];
    return found;
}

/* Every measure of an entry in force is with every department that carries it out. */
static bool reaches_all(const cx_ledger *l, const cx_known_entry *e, cx_fault *f) {
    cx_rest rest = cx_ledger_rest(l, e);
    for (size_t i = 0; i < e->now->measures.n; i++) {
        const cx_pack *pack = cx_ledger_pack(l, e->now->pack);
        const cx_measure *m = measure_of(l, e->now->pack, e->now->measures.items[i]);
        if (m == NULL || !binds(m, e->now) || cx_ledger_rests(pack != NULL ? pack : l->pack, m, rest))
            continue;
        for (size_t k = 0; k < m->responders.n; k++) {
            const cx_told *t = told_of(l, e->id, m->code, m->responders.items[k]);
            if (t == NULL || !t->out)
                return cx_broken(f, "%.*s was not told of %.*s", CX_VIEW_ARGS(m->responders.items[k]),
                                 CX_VIEW_ARGS(m->code));
        }
    }
    return true;
}

/* Nothing is out that its entry does not carry. */
static bool carried(const cx_ledger *l, const cx_told *t, cx_fault *f) {
    const cx_known_entry *e = cx_ledger_entry(l, t->entry);
    if (!t->out)
        return true;
    bool special =
        e != NULL && (e->now->state == CX_ENTRY_STATE_EXPIRED || e->now->state == CX_ENTRY_STATE_REPAIRED ||
                      e->now->state == CX_ENTRY_STATE_RECALLED);
    if (special)
        return true; /* I-EXPIRY, I-REPAIR and I-RECALL look at those */
    return (e != NULL && cx_state_is_live(e->now->state) && cx_views_have(&e->now->measures, t->code)) ||
           cx_broken(f, "%.*s is out without a live entry", CX_VIEW_ARGS(t->code));
}

bool cx_hold_catalog_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->entry_n; i++)
        if (cx_state_is_live(l->entries[i].now->state) && !reaches_all(l, &l->entries[i], f))
            return false;
    for (size_t i = 0; i < l->told_n; i++)
        if (!carried(l, &l->told[i], f))
            return false;
    return true;
}

/* --- I-PERSONAL --------------------------------------------------------------------------------------- */
/* What a record says by now: as sent, or as its last accepted correction or variation says. */
static const cx_sent *newest_of(const cx_ledger *l, cx_view department, cx_view id, const uint8_t *subject,
                                const cx_record **record) {
    const cx_sent *found = NULL;
    for (size_t i = 0; i < l->sent_n; i++) {
        const cx_sent *s = &l->sent[i];
        const cx_credit_event *e = s->event;
        const cx_record *r = NULL;
        if (!s->accepted || !cx_ledger_same(l, s->subject, subject))
            continue;
        if (e->body_kind == CX_CREDIT_EVENT_BODY_RECORD && cx_view_eq(s->department, department) &&
            cx_view_eq(e->event_id, id))
            r = e->body.record;
        if (e->body_kind == CX_CREDIT_EVENT_BODY_CORRECTION && cx_view_eq(s->department, department) &&
            cx_view_eq(e->body.correction->target, id))
            r = e->body.correction->record;
        if (e->body_kind == CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME &&
            cx_view_eq(e->body.review_outcome->target.event_id, id) &&
            cx_view_eq(e->body.review_outcome->target.department, department))
            r = e->body.review_outcome->record;
        if (r != NULL) {
            *record = r;
            found = s;
        }
    }
    return found;
}

/* Whether the records prove that the person held the role on that day; CX_NO_DATE: on any day. */
static bool proved(const cx_ledger *l, const cx_known_entry *org, const uint8_t *person, cx_role role,
                   cx_date day) {
    for (size_t i = 0; i < org->now->rests_on.n; i++) {
        const cx_record *r = NULL;
        const cx_sent *s = newest_of(l, org->now->department, org->now->rests_on.items[i], org->subject, &r);
        for (size_t k = 0; s != NULL && k < r->roles.n; k++) {
            const cx_role_holder *h = &r->roles.items[k];
            uint8_t holder[CX_CHAIN_SUBJECT];
            if (h->role != role || h->evidence.n == 0 || h->holder < 0 ||
                (size_t)h->holder >= s->event->others.n)
                continue;
            cx_line_subject(cx_credit_name(&s->event->others.items[h->holder]), holder);
            bool on = day == CX_NO_DATE || (h->from <= day && (!h->has_to || day <= h->to));
            if (on && cx_ledger_same(l, holder, person))
                return true;
        }
    }
    return false;
}

bool cx_hold_personal_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    const cx_list_entry *e = c->entry;
    if (e == NULL || !cx_state_is_live(e->state))
        return true;
    if (e->role == CX_ROLE_SUBJECT) { /* nobody is listed by a decision about somebody else */
        const cx_sent *s = cx_ledger_sent(l, e->department, e->decision, d->subject);
        return s != NULL || cx_view_is(c->cause, "LINKED") ||
               cx_broken(f, "listed by a decision about another");
    }
    const cx_known_entry *org = cx_ledger_entry(l, e->organisation_entry);
    const cx_list *list = cx_pack_list(l->pack, e->list);
    if (org == NULL || org->now->role != CX_ROLE_SUBJECT ||
        org->now->subject_type != CX_SUBJECT_TYPE_ORGANISATION)
        return cx_broken(f, "a share in no organisation's entry");
    if (list != NULL && list->procedure == CX_PROCEDURE_COURT)
        return cx_broken(f, "the list of judgment defaulters passed to a person");
    return cx_view_is(c->cause, "LINKED") || proved(l, org, d->subject, e->role, CX_NO_DATE) ||
           cx_broken(f, "no record proves the role");
}

static cx_date first_act(const cx_ledger *l, const cx_known_entry *org) {
    cx_date first = org->now->act_on;
    for (size_t i = 0; i < org->now->rests_on.n; i++) {
        const cx_sent *s = cx_ledger_sent(l, org->now->department, org->now->rests_on.items[i], org->subject);
        if (s != NULL && (i == 0 || s->event->happened_on < first))
            first = s->event->happened_on;
    }
    return first;
}

bool cx_hold_personal_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                             const cx_notice *n, cx_fault *f) {
    const cx_known_entry *e = cx_ledger_entry(l, n->entry);
    (void)department;
    if (n->kind != CX_NOTICE_KIND_IMPOSE || e == NULL)
        return true;
    const cx_measure *m = measure_of(l, n->pack, n->measure);
    if (m == NULL || (m->roles & (1U << n->role)) == 0)
        return cx_broken(f, "the basis of %.*s does not name the role", CX_VIEW_ARGS(n->measure));
    if (n->role == CX_ROLE_SUBJECT)
        return cx_ledger_same(l, e->subject, subject) ||
               cx_broken(f, "a measure on another than the entry's subject");
    const cx_known_entry *org = cx_ledger_entry(l, e->now->organisation_entry);
    if (org == NULL)
        return cx_broken(f, "a measure on a person for nobody's failing");
    bool taken_up = cx_view_is(n->cause, "LINKED"); /* it was issued before, to the same person */
    cx_date day = taken_up                              ? CX_NO_DATE
                  : m->role_date == CX_ROLE_AT_ACT      ? first_act(l, org)
                  : m->role_date == CX_ROLE_AT_DECISION ? org->now->document.date
                                                        : l->today;
    return proved(l, org, subject, n->role, day) ||
           cx_broken(f, "%.*s on one who was not in that role then", CX_VIEW_ARGS(n->measure));
}
