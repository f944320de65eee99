/* I-PRIVATE, of what is public: by its department's own disclosure, about one subject, while the decision is
 * in force and nothing rests; persons on a statute, a State Council basis or their consent; what is to
 * anybody's credit with consent. Read from what was told to the history and from the events that were sent.
 */
#include "common/law/procedure.h"
#include "tests/property/hold.h"

static bool wrong(const cx_known_public *p, const char *how, cx_fault *f) {
    return cx_broken(f, "%.*s is public %s", CX_VIEW_ARGS(p->now->event_id), how);
}

static const cx_known_entry *entry_of(const cx_ledger *l, const cx_known_public *p) {
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_known_entry *e = &l->entries[i];
        if (e->now->role == CX_ROLE_SUBJECT && cx_view_eq(e->now->decision, p->now->target) &&
            cx_view_eq(e->now->department, p->now->department) &&
            memcmp(e->subject, p->subject, CX_CHAIN_SUBJECT) == 0)
            return e;
    }
    return NULL;
}

static const cx_known_record *record_of(const cx_ledger *l, const cx_known_public *p) {
    const cx_known_entry *e = p->now->what == CX_PUBLIC_WHAT_ENTRY ? entry_of(l, p) : NULL;
    cx_view id = e == NULL                ? p->now->target
                 : e->now->rests_on.n > 0 ? e->now->rests_on.items[0]
                                          : CX_VIEW("");
    return cx_ledger_record(l, p->subject, p->now->department, id);
}

/* The department's own, signed, about this subject alone. */
static bool was_disclosed(const cx_ledger *l, const cx_known_public *p, cx_fault *f) {
    const cx_sent *s = cx_ledger_sent(l, p->now->department, p->now->event_id, p->subject);
    if (s == NULL || s->event->body_kind != CX_CREDIT_EVENT_BODY_DISCLOSURE)
        return wrong(p, "by no disclosure", f);
    if (s->event->others.n > 0)
        return wrong(p, "with others", f);
    return s->event->official.role != CX_OFFICIAL_ROLE_NONE || wrong(p, "by no official", f);
}

static bool is_in_force(const cx_ledger *l, const cx_known_public *p, cx_fault *f) {
    if (p->now->has_until && p->now->until <= l->today)
        return wrong(p, "past its end", f);
    if (p->now->what == CX_PUBLIC_WHAT_ENTRY) {
        const cx_known_entry *e = entry_of(l, p);
        if (e == NULL || e->now->state != CX_ENTRY_STATE_IN_FORCE ||
            (e->now->has_until && e->now->until <= l->today))
            return wrong(p, "and its entry is not in force", f);
        cx_rest rest = cx_ledger_rest(l, e);
        return !(rest.objection || rest.stay || rest.reorganisation) || wrong(p, "and its entry rests", f);
    }
    const cx_known_record *r = record_of(l, p);
    return (r != NULL && r->now->state == CX_ENTRY_STATE_IN_FORCE &&
            r->now->classification.has_display_until && r->now->classification.display_until >= l->today &&
            r->now->consent_scope.n == 0) ||
           wrong(p, "and its record is not shown", f);
}

/* A consent to be published, of this subject, that nobody revoked and whose time is not over. */
static bool is_consented(const cx_ledger *l, const cx_known_public *p) {
    bool stands = false;
    for (size_t i = 0; i < l->sent_n; i++) {
        const cx_sent *s = &l->sent[i];
        if (!s->accepted || !cx_ledger_same(l, s->subject, p->subject))
            continue;
        if (s->event->body_kind == CX_CREDIT_EVENT_BODY_CONSENT_REVOKED &&
            cx_view_eq(s->event->body.consent_revoked->consent, p->now->consent))
            return false;
        if (s->event->body_kind != CX_CREDIT_EVENT_BODY_CONSENT ||
            !cx_view_eq(s->event->event_id, p->now->consent))
            continue;
        const cx_consent *c = s->event->body.consent;
        stands = (cx_view_is(c->scope, "PUBLICATION") || cx_view_is(c->scope, "ROLE_MODEL")) &&
                 (!c->has_until || c->until >= l->today);
    }
    return stands;
}

/* By the item of the law in force there: a statute's or the State Council's basis of something adverse. */
static bool is_lawful(const cx_ledger *l, const cx_known_public *p, cx_fault *f) {
    const cx_known_record *r = record_of(l, p);
    const cx_item *item = r != NULL ? cx_pack_item(l->pack, r->now->item) : NULL;
    if (item == NULL || (!cx_view_is(item->display_name, "yes") && !cx_view_is(item->display_name, "masked")))
        return wrong(p, "and is not on the open-data list", f);
    bool person = ((const char *)p->subject)[0] == 'p', based = false;
    for (size_t i = 0; i < item->bases.n; i++) {
        const cx_basis *b = cx_pack_basis(l->pack, item->bases.items[i]);
        based = based || (b != NULL && b->level <= CX_LEVEL_STATE_COUNCIL);
    }
    if (person && cx_view_is(item->display_name, "masked") && p->now->naming != CX_NAMING_MASKED)
        return wrong(p, "under the full name", f);
    bool needs = item->direction == CX_DIRECTION_POSITIVE ||
                 (person && !(based && item->direction == CX_DIRECTION_ADVERSE));
    return !needs || is_consented(l, p) || wrong(p, "without consent", f);
}

static bool is_clean(const cx_ledger *l, const cx_known_public *p, cx_fault *f) {
    if (!is_consented(l, p))
        return wrong(p, "without consent", f);
    for (size_t i = 0; i < l->record_n; i++) {
        const cx_known_record *r = &l->records[i];
        bool open = false;
        for (size_t k = 0; k < r->now->marks.n; k++)
            open = open || r->now->marks.items[k].open;
        if (memcmp(r->subject, p->subject, CX_CHAIN_SUBJECT) == 0 && !open &&
            r->now->state == CX_ENTRY_STATE_IN_FORCE && r->now->classification.has_display_until &&
            r->now->classification.direction == CX_DIRECTION_ADVERSE)
            return wrong(p, "as clean, and a record stands", f);
    }
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_known_entry *e = &l->entries[i];
        const cx_list *list = cx_ledger_list(l, e->now);
        if (memcmp(e->subject, p->subject, CX_CHAIN_SUBJECT) == 0 && cx_state_is_live(e->now->state) &&
            (list == NULL || list->black) && !cx_ledger_is_marked(l, e))
            return wrong(p, "as clean, and an entry stands", f);
    }
    return (p->now->has_until && p->now->until > l->today) || wrong(p, "as clean without an end", f);
}

bool cx_hold_public_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->public_n; i++) {
        const cx_known_public *p = &l->publics[i];
        if (p->now->ended.n > 0)
            continue;
        cx_known_subject s = cx_ledger_subject(l, p->subject);
        if (s.gone || s.incapable)
            return wrong(p, "and the subject is not there any more", f);
        if (cx_ledger_resolve(l, p->subject) != p->subject)
            return wrong(p, "under an identifier that was changed", f);
        if (!was_disclosed(l, p, f))
            return false;
        bool clean = p->now->what == CX_PUBLIC_WHAT_CLEAN;
        if (clean ? !is_clean(l, p, f) : !is_in_force(l, p, f) || !is_lawful(l, p, f))
            return false;
    }
    return true;
}
