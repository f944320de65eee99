/* I-ACCESS, I-PRIVATE, and that Redis and PostgreSQL say the same. */
#include "common/law/procedure.h"
#include "tests/property/hold.h"

/* --- I-ACCESS ----------------------------------------------------------------------------------------- */
/* Uses that rights.md refuses, and those it allows: R46, R21-22. */
static bool is_lawful(cx_view purpose) {
    static const char *const lawful[] = {"OWN_REPORT",  "OBJECTION", "SUPERVISION", "LICENSING",
                                         "PROCUREMENT", "FUNDING",   "TITLES",      "RECRUITING",
                                         "COURT",       "AUDIT",     "OPERATION"};
    for (size_t i = 0; i < sizeof lawful / sizeof lawful[0]; i++)
        if (cx_view_is(purpose, lawful[i]))
            return true;
    return false;
}

static bool is_logged(const cx_ledger *l, const cx_inquired *a, bool allowed) {
    for (size_t i = a->rows_before; i < a->rows_after; i++)
        if (cx_view_eq(l->access[i].who, a->who) && cx_view_eq(l->access[i].purpose, a->purpose) &&
            l->access[i].allowed == allowed &&
            memcmp(l->access[i].subject, a->subject, CX_CHAIN_SUBJECT) == 0)
            return true;
    return false;
}

bool cx_hold_access_standing(const cx_ledger *l, cx_fault *f) {
    if (l->answer_n == 0)
        return true;
    const cx_inquired *a = &l->answers[l->answer_n - 1];
    if (a->answered && !is_lawful(a->purpose))
        return cx_broken(f, "answered for %.*s", CX_VIEW_ARGS(a->purpose));
    if (a->log_failed)
        return (!a->answered && a->rows_before == a->rows_after && a->queried_before == a->queried_after) ||
               cx_broken(f, "an answer without a log");
    if (!is_logged(l, a, a->answered))
        return cx_broken(f,
                         a->answered ? "answered before it was logged" : "a refused query is not in the log");
    return !a->answered || a->queried_after == a->queried_before + 1 ||
           cx_broken(f, "the subject cannot see who looked");
}

/* --- I-PRIVATE ---------------------------------------------------------------------------------------- */
/* Whether the department had a part in it: it decided, it disputed or judged, it asked, or it carries out. */
static bool has_part(const cx_ledger *l, cx_view department, const cx_notice *n) {
    const cx_pack *pack = cx_ledger_pack(l, n->pack);
    const cx_measure *m = n->measure.n == 0 ? NULL : pack != NULL ? cx_pack_measure(pack, n->measure) : NULL;
    if (m == NULL && n->measure.n > 0)
        m = cx_pack_measure(l->pack, n->measure);
    if ((m != NULL && cx_words_have(m->responders, department)) ||
        cx_view_eq(n->deciding_department, department))
        return true;
    for (size_t i = 0; i < l->cause_n; i++)
        if (cx_view_eq(l->causes[i].department, department))
            return true;
    for (size_t i = 0; i < l->answer_n; i++)
        if (cx_view_eq(l->answers[i].who, department) && l->answers[i].answered)
            return true;
    for (size_t i = 0; i < l->told_n; i++)
        if (cx_view_eq(l->told[i].department, department) && cx_view_eq(l->told[i].entry, n->entry))
            return true;
    return false;
}

bool cx_hold_private_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                            const cx_notice *n, cx_fault *f) {
    (void)subject;
    return has_part(l, department, n) ||
           cx_broken(f, "%.*s was told of what is not its business", CX_VIEW_ARGS(department));
}

/* What is shown of a record is shown for a term, within the law's longest. */
static bool shown_for_a_term(const cx_ledger *l, const cx_known_record *r, cx_fault *f) {
    const cx_status *s = cx_chain_status(l->chain, r->subject);
    const cx_pack *pack = cx_ledger_pack(l, r->now->classification.pack);
    for (size_t i = 0; s != NULL && pack != NULL && i < s->records.n; i++) {
        const cx_status_record *shown = &s->records.items[i];
        if (!cx_view_eq(shown->event_id, r->now->event_id) ||
            !cx_view_eq(shown->department, r->now->department))
            continue;
        int32_t months = cx_pack_display_months(pack, shown->direction, shown->grade);
        if (months <= 0 || shown->until > cx_date_add_months(r->now->document.date, months) + 1)
            return cx_broken(f, "a record is shown longer than the law's term");
    }
    return true;
}

bool cx_hold_private_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->record_n; i++)
        if (l->records[i].now->state == CX_ENTRY_STATE_IN_FORCE && !shown_for_a_term(l, &l->records[i], f))
            return false;
    return cx_hold_public_standing(l, f);
}

/* --- the stores --------------------------------------------------------------------------------------- */
static const cx_status_entry *in_redis(const cx_ledger *l, const cx_known_entry *e) {
    const cx_status *s = cx_chain_status(l->chain, e->subject);
    for (size_t i = 0; s != NULL && i < s->entries.n; i++)
        if (cx_view_eq(s->entries.items[i].id, e->id))
            return &s->entries.items[i];
    return NULL;
}

static bool record_in_redis(const cx_ledger *l, const cx_known_record *r) {
    const cx_status *s = cx_chain_status(l->chain, r->subject);
    for (size_t i = 0; s != NULL && i < s->records.n; i++)
        if (cx_view_eq(s->records.items[i].event_id, r->now->event_id) &&
            cx_view_eq(s->records.items[i].department, r->now->department))
            return true;
    return false;
}

bool cx_hold_stores_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_known_entry *e = &l->entries[i];
        const cx_status_entry *s = in_redis(l, e);
        bool live = cx_state_is_live(e->now->state);
        if (live != (s != NULL))
            return cx_broken(f, "%.*s is %s in PostgreSQL and %s in Redis", CX_VIEW_ARGS(e->id),
                             cx_entry_state_name(e->now->state), s != NULL ? "shown" : "not shown");
        if (live && (s->state != e->now->state || s->version != e->now->version ||
                     s->has_until != e->now->has_until || (s->has_until && s->until != e->now->until)))
            return cx_broken(f, "Redis and PostgreSQL differ about %.*s", CX_VIEW_ARGS(e->id));
    }
    for (size_t i = 0; i < l->record_n; i++) {
        const cx_known_record *r = &l->records[i];
        if (cx_ledger_resolve(l, r->subject) != r->subject)
            continue; /* it went to another pseudonym, under which it is looked at */
        bool shown = r->now->state == CX_ENTRY_STATE_IN_FORCE && r->now->classification.has_display_until &&
                     r->now->classification.display_until >= l->today;
        if (shown != record_in_redis(l, r))
            return cx_broken(f, "record %.*s is %s", CX_VIEW_ARGS(r->now->event_id),
                             shown ? "not shown" : "shown");
    }
    return true;
}
