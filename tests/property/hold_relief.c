/* I-OBJECTION, I-EXPIRY and I-REPAIR. */
#include "common/law/procedure.h"
#include "tests/property/hold.h"

static const cx_measure *measure_of(const cx_ledger *l, const uint8_t *hash, cx_view code,
                                    const cx_pack **pack) {
    *pack = cx_ledger_pack(l, hash);
    const cx_measure *m = *pack != NULL ? cx_pack_measure(*pack, code) : NULL;
    if (m != NULL)
        return m;
    *pack = l->pack;
    return cx_pack_measure(l->pack, code);
}

static bool any(cx_rest rest) {
    return rest.objection || rest.stay || rest.reorganisation;
}

/* The entry as Redis shows it to a reader today; NULL: not at all. */
static const cx_status_entry *shown(const cx_ledger *l, const cx_known_entry *e) {
    const cx_status *s = cx_chain_status(l->chain, e->subject);
    for (size_t i = 0; s != NULL && i < s->entries.n; i++)
        if (cx_view_eq(s->entries.items[i].id, e->id))
            return &s->entries.items[i];
    return NULL;
}

/* --- I-OBJECTION -------------------------------------------------------------------------------------- */
bool cx_hold_objection_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                              const cx_notice *n, cx_fault *f) {
    const cx_known_entry *e = cx_ledger_entry(l, n->entry);
    const cx_pack *pack;
    (void)department;
    (void)subject;
    if (e == NULL || n->measure.n == 0)
        return true;
    const cx_measure *m = measure_of(l, n->pack, n->measure, &pack);
    bool rests = m != NULL && cx_ledger_rests(pack, m, cx_ledger_rest(l, e));
    if (n->kind == CX_NOTICE_KIND_SUSPEND && !rests)
        return cx_broken(f, "%.*s is suspended for what cannot suspend it", CX_VIEW_ARGS(n->measure));
    bool runs = n->kind == CX_NOTICE_KIND_RESUME || n->kind == CX_NOTICE_KIND_IMPOSE;
    return !runs || !rests || cx_broken(f, "%.*s runs while a cause stands", CX_VIEW_ARGS(n->measure));
}

static bool rests_right(const cx_ledger *l, const cx_told *t, cx_fault *f) {
    const cx_known_entry *e = cx_ledger_entry(l, t->entry);
    const cx_pack *pack;
    if (!t->out || e == NULL || !cx_state_is_live(e->now->state))
        return true;
    const cx_measure *m = measure_of(l, e->now->pack, t->code, &pack);
    bool rests = m != NULL && cx_ledger_rests(pack, m, cx_ledger_rest(l, e));
    return rests == !t->runs ||
           cx_broken(f,
                     rests ? "%.*s runs at %.*s while a cause stands" : "%.*s rests at %.*s without a cause",
                     CX_VIEW_ARGS(t->code), CX_VIEW_ARGS(t->department));
}

static bool shown_right(const cx_ledger *l, const cx_known_entry *e, cx_fault *f) {
    const cx_status_entry *s = shown(l, e);
    cx_rest rest = cx_ledger_rest(l, e);
    const cx_pack *pack;
    if (s == NULL)
        return true; /* STORES looks at that */
    if (s->marked != cx_ledger_is_marked(l, e))
        return cx_broken(f, s->marked ? "marked without a dispute" : "a dispute is not marked");
    if ((s->state == CX_ENTRY_STATE_SUSPENDED) != any(rest))
        return cx_broken(f, any(rest) ? "it stands while a cause does" : "suspended without a cause");
    for (size_t i = 0; i < s->measures.n; i++) {
        const cx_measure *m = measure_of(l, e->now->pack, s->measures.items[i], &pack);
        if (m != NULL && cx_ledger_rests(pack, m, rest))
            return cx_broken(f, "%.*s is shown as running", CX_VIEW_ARGS(s->measures.items[i]));
    }
    return true;
}

bool cx_hold_objection_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->told_n; i++)
        if (!rests_right(l, &l->told[i], f))
            return false;
    for (size_t i = 0; i < l->entry_n; i++)
        if (cx_state_is_live(l->entries[i].now->state) && !shown_right(l, &l->entries[i], f))
            return false;
    return true;
}

/* --- I-EXPIRY ----------------------------------------------------------------------------------------- */
static cx_date later_of(cx_date a, cx_date b) {
    return a > b ? a : b;
}

/* The term that a decision set, or the list's. */
static bool term_right(const cx_ledger *l, const cx_decided *d, const cx_list_entry *e, cx_fault *f) {
    const cx_pack *pack = cx_ledger_pack(l, e->pack);
    const cx_list *list = pack != NULL ? cx_pack_list(pack, e->list) : NULL;
    const cx_event *event = &d->classified.event;
    if (list == NULL)
        return cx_broken(f, "an entry of no list");
    bool black = event->body_kind == CX_EVENT_BODY_LISTING_DECISION;
    bool has = black ? event->body.listing_decision->has_months : event->body.red_listing->has_months;
    int32_t months = black ? event->body.listing_decision->months : event->body.red_listing->months;
    const cx_document *doc = &event->header->document;
    cx_date from = doc->has_effective_on ? later_of(doc->effective_on, doc->date) : doc->date;
    if (!e->has_from || e->from != from)
        return cx_broken(f, "it does not run from the document");
    if (has && list->months > 0 && months > list->months)
        return cx_broken(f, "the term is longer than the law's");
    bool able = black && cx_view_is(event->body.listing_decision->case_, "1") &&
                list->procedure == CX_PROCEDURE_COURT;
    int32_t term = has ? months : able ? 0 : list->months;
    if (term == 0)
        return (!e->has_until && e->has_review_on) || cx_broken(f, "without an end there is no review");
    return (e->has_until && e->until == cx_date_add_months(from, term)) ||
           cx_broken(f, "the end is not the term's");
}

static bool extended_right(const cx_ledger *l, const cx_decided *d, const cx_known_entry *e,
                           const cx_list_entry *now, cx_fault *f) {
    const cx_event *event = &d->classified.event;
    const cx_list *list = cx_ledger_list(l, now);
    if (event->body_kind != CX_EVENT_BODY_EXTENSION && now->role == CX_ROLE_SUBJECT)
        return cx_broken(f, "the end moved without an extension");
    if (event->body_kind != CX_EVENT_BODY_EXTENSION) { /* a person's share follows the organisation's entry */
        const cx_known_entry *org = cx_ledger_entry(l, now->organisation_entry);
        return (org != NULL && org->now->has_until && now->until <= org->now->until) ||
               cx_broken(f, "a share outlives the entry");
    }
    if (list == NULL || event->header->official.role == CX_OFFICIAL_ROLE_NONE ||
        now->until > cx_date_add_months(e->now->until, list->extension_months) ||
        (list->months > 0 &&
         now->until > cx_date_add_months(now->from, list->months + list->extension_months)))
        return cx_broken(f, "extended by more than the law provides, or by nobody");
    return true;
}

static bool entry_ends_right(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    const cx_list_entry *e = c->entry;
    const cx_known_entry *known = cx_ledger_entry(l, e->id);
    cx_date day = cx_date_of_time(d->effective);
    bool live = cx_state_is_live(e->state);
    if (live && e->has_until && e->until <= day)
        return cx_broken(f, "it stands past its end");
    if (live && !e->has_until && !e->has_review_on)
        return cx_broken(f, "it has neither end nor review");
    if (e->state == CX_ENTRY_STATE_EXPIRED && (!e->has_until || e->until > day))
        return cx_broken(f, "it expired before its end");
    if (cx_view_is(c->cause, "LISTING_DECISION") || cx_view_is(c->cause, "RED_LISTING"))
        return term_right(l, d, e, f);
    bool longer = live && known != NULL && known->now->has_until && known->now->decision.n > 0 &&
                  (!e->has_until || e->until > known->now->until);
    return !longer || extended_right(l, d, known, e, f);
}

/* The same message says more of the record further on. */
static bool goes_on(const cx_decided *d, const cx_change *c) {
    for (const cx_change *later = c + 1; later < d->changes.items + d->changes.n; later++)
        if (later->record != NULL && cx_view_eq(later->record->event_id, c->record->event_id) &&
            cx_view_eq(later->record->department, c->record->department))
            return true;
    return false;
}

bool cx_hold_expiry_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    if (c->entry != NULL)
        return entry_ends_right(l, d, c, f);
    const cx_classification *k = &c->record->classification;
    return c->record->state != CX_ENTRY_STATE_IN_FORCE || !k->has_display_until || goes_on(d, c) ||
           k->display_until >= cx_date_of_time(d->effective) ||
           cx_broken(f, "a record is shown past its end");
}

static bool redis_right(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT], cx_fault *f) {
    const cx_status *s = cx_chain_status(l->chain, subject);
    for (size_t i = 0; s != NULL && i < s->entries.n; i++)
        if (s->entries.items[i].has_until && s->entries.items[i].until <= l->today)
            return cx_broken(f, "Redis shows an entry past its end");
    for (size_t i = 0; s != NULL && i < s->records.n; i++)
        if (s->records.items[i].until <= l->today)
            return cx_broken(f, "Redis shows a record past its end");
    return true;
}

bool cx_hold_expiry_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_list_entry *e = l->entries[i].now;
        if (cx_state_is_live(e->state) && e->has_until && e->until <= l->today)
            return cx_broken(f, "an entry did not end by the tick");
        if (!redis_right(l, l->entries[i].subject, f))
            return false;
    }
    for (size_t i = 0; i < l->record_n; i++)
        if (!redis_right(l, l->records[i].subject, f))
            return false;
    for (size_t i = 0; i < l->told_n; i++) {
        const cx_known_entry *e = cx_ledger_entry(l, l->told[i].entry);
        if (l->told[i].out && ((e != NULL && e->now->state == CX_ENTRY_STATE_EXPIRED) ||
                               (l->told[i].last->has_until && l->told[i].last->until <= l->today)))
            return cx_broken(f, "%.*s goes on past its end", CX_VIEW_ARGS(l->told[i].code));
    }
    return true;
}

/* --- I-REPAIR ----------------------------------------------------------------------------------------- */
static bool is_price(cx_view v) {
    return cx_view_is(v, "FEE") || cx_view_is(v, "MONEY") || cx_view_is(v, "DONATION") ||
           cx_view_is(v, "CHARITY") || cx_view_is(v, "VOLUNTEERING") || cx_view_is(v, "PAYMENT") ||
           cx_view_is(v, "SPONSORSHIP");
}

static bool guards_hold(const cx_ledger *l, const cx_event *event, cx_date from, int32_t months,
                        cx_fault *f) {
    const cx_repair *r = event->body.repair;
    if (event->header->official.role == CX_OFFICIAL_ROLE_NONE || event->header->official.number.n == 0)
        return cx_broken(f, "nobody granted the repair");
    if (r->applied_on < cx_date_add_months(from, months) || r->applied_on > l->today)
        return cx_broken(f, "the minimum term was not over");
    if (!r->duties_corrected || r->commitment.n == 0)
        return cx_broken(f, "duties not corrected, or no commitment");
    for (size_t i = 0; i < r->conditions.n; i++)
        if (is_price(r->conditions.items[i]))
            return cx_broken(f, "the repair has a price");
    return true;
}

bool cx_hold_repair_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    const cx_event *event = &d->classified.event;
    if (!cx_view_is(c->cause, "REPAIR"))
        return true;
    if (event->body_kind != CX_EVENT_BODY_REPAIR)
        return cx_broken(f, "repaired by something else");
    if (c->record != NULL) {
        static const int months[] = {0, 0, 3, 12}; /* by grade: 信用修复管理办法 */
        return guards_hold(l, event, c->record->document.date, months[c->record->classification.grade], f);
    }
    const cx_list *list = cx_ledger_list(l, c->entry);
    if (list == NULL || !list->repairable)
        return cx_broken(f, "its list excludes repair");
    for (size_t i = 0; i < list->repair_conditions.n; i++)
        if (!cx_views_have(&event->body.repair->conditions, list->repair_conditions.items[i]))
            return cx_broken(f, "a condition of the basis was not met");
    return guards_hold(l, event, c->entry->from, list->repair_minimum_months, f);
}

bool cx_hold_repair_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->entry_n; i++)
        if (l->entries[i].now->state == CX_ENTRY_STATE_REPAIRED && shown(l, &l->entries[i]) != NULL)
            return cx_broken(f, "a repaired entry is shown");
    for (size_t i = 0; i < l->told_n; i++) {
        const cx_known_entry *e = cx_ledger_entry(l, l->told[i].entry);
        if (e != NULL && e->now->state == CX_ENTRY_STATE_REPAIRED && l->told[i].out)
            return cx_broken(f, "%.*s goes on after the repair", CX_VIEW_ARGS(l->told[i].code));
    }
    for (size_t i = 0; i < l->record_n; i++) {
        const cx_status *s = cx_chain_status(l->chain, l->records[i].subject);
        for (size_t k = 0;
             l->records[i].now->state == CX_ENTRY_STATE_REPAIRED && s != NULL && k < s->records.n; k++)
            if (cx_view_eq(s->records.items[k].event_id, l->records[i].now->event_id) &&
                cx_view_eq(s->records.items[k].department, l->records[i].now->department))
                return cx_broken(f, "a repaired record is shown");
    }
    return true;
}
