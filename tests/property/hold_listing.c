/* I-NOTICE and I-HUMAN: how an entry comes into force. */
#include "common/law/procedure.h"
#include "tests/property/hold.h"

/* The last day of a period that runs from a day, counted here one day at a time. */
static cx_date last_day(const cx_pack *pack, cx_date from, cx_period period) {
    const cx_calendar *calendar = cx_pack_calendar(pack);
    cx_date day = from;
    if (!period.working) {
        day += period.days;
        while (!cx_calendar_is_work(calendar, day))
            day++;
        return day;
    }
    for (int left = period.days; left > 0;)
        left -= cx_calendar_is_work(calendar, ++day) ? 1 : 0;
    return day;
}

/* It stands now, and did not before. */
static bool enters(const cx_ledger *l, const cx_change *c) {
    if (c->entry == NULL || !cx_state_is_live(c->entry->state) || cx_state_is_live(c->from))
        return false;
    const cx_known_entry *known = cx_ledger_entry(l, c->entry->id);
    bool moved = cx_view_is(c->cause, "LINKED") && known != NULL && cx_state_is_live(known->now->state);
    return !moved;
}

/* --- I-NOTICE ----------------------------------------------------------------------------------------- */
static bool answered(const cx_listing_decision *d, cx_view statement) {
    for (size_t i = 0; i < d->answers.n; i++)
        if (cx_view_eq(d->answers.items[i].statement, statement) && d->answers.items[i].reason.n > 0)
            return true;
    return false;
}

static bool statements_answered(const cx_ledger *l, const cx_sent *s, cx_view notice, cx_fault *f) {
    for (size_t i = 0; i < l->sent_n && l->sent[i].number < s->number; i++) {
        const cx_sent *t = &l->sent[i];
        if (t->accepted && t->event->body_kind == CX_CREDIT_EVENT_BODY_STATEMENT &&
            cx_view_eq(t->department, s->department) && cx_ledger_same(l, t->subject, s->subject) &&
            cx_view_eq(t->event->body.statement->notice, notice) &&
            !answered(s->event->body.listing_decision, t->event->event_id))
            return cx_broken(f, "statement %.*s was not answered", CX_VIEW_ARGS(t->event->event_id));
    }
    return true;
}

static bool by_notice(const cx_ledger *l, const cx_sent *s, const cx_list_entry *e, cx_fault *f) {
    const cx_sent *n = cx_ledger_sent(l, s->department, e->notice, s->subject);
    if (e->notice.n == 0 || n == NULL || n->event->body_kind != CX_CREDIT_EVENT_BODY_LISTING_NOTICE)
        return cx_broken(f, "no served notice");
    const cx_listing_notice *notice = n->event->body.listing_notice;
    const cx_list *list = cx_pack_list(n->pack, e->list);
    if (!cx_view_eq(notice->list, e->list) || notice->reason.n == 0 || !notice->rights_told || list == NULL)
        return cx_broken(f, "the notice told of another list, of no reason or no rights");
    cx_date last = last_day(n->pack, notice->served_on, list->window);
    if (s->event->document.date <= last || l->today <= last)
        return cx_broken(f, "decided inside the window");
    if (list->lapse.days > 0 && s->event->document.date > last_day(n->pack, notice->served_on, list->lapse))
        return cx_broken(f, "decided after the notice had lapsed");
    for (size_t i = 0; i < e->rests_on.n; i++)
        if (!cx_views_have(&notice->rests_on, e->rests_on.items[i]))
            return cx_broken(f, "it rests on what the notice did not tell");
    return statements_answered(l, s, e->notice, f);
}

static bool by_nomination(const cx_ledger *l, const cx_sent *s, const cx_list_entry *e, cx_fault *f) {
    const cx_sent *n = cx_ledger_sent(l, s->department, e->notice, s->subject);
    if (n == NULL || n->event->body_kind != CX_CREDIT_EVENT_BODY_RED_NOMINATION)
        return cx_broken(f, "no nomination");
    const cx_red_nomination *nomination = n->event->body.red_nomination;
    const cx_list *list = cx_pack_list(n->pack, e->list);
    if (list != NULL && list->window.days > 0 &&
        (!nomination->has_public_from ||
         l->today <= last_day(n->pack, nomination->public_from, list->window)))
        return cx_broken(f, "listed inside the public notice");
    for (size_t i = 0; i < l->cause_n; i++)
        if (cx_view_eq(l->causes[i].entry, e->id) && l->causes[i].kind == CX_CAUSE_DISPUTE &&
            l->causes[i].marks)
            return cx_broken(f, "an objection to the nomination was not ruled on");
    return true;
}

static bool is_competent(const cx_sent *s, cx_view list) {
    const cx_department *d = cx_pack_department(s->pack, s->department);
    return d != NULL && cx_words_have(d->competent_for, list);
}

bool cx_hold_notice_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    const cx_event *event = &d->classified.event;
    if (!enters(l, c) || c->entry->role != CX_ROLE_SUBJECT || event->header == NULL ||
        cx_ledger_is_derived(event))
        return true;
    const cx_sent *s = cx_ledger_sent_by_number(l, event->header->inbound_offset);
    const cx_list *list = cx_ledger_list(l, c->entry);
    bool listing = cx_view_is(c->cause, "LISTING_DECISION") || cx_view_is(c->cause, "RED_LISTING");
    if (!listing || s == NULL || list == NULL)
        return true; /* I-HUMAN looks at those */
    if (!is_competent(s, c->entry->list))
        return cx_broken(f, "%.*s is not competent for the list", CX_VIEW_ARGS(s->department));
    if (list->procedure == CX_PROCEDURE_RED)
        return by_nomination(l, s, c->entry, f);
    const cx_listing_decision *decision = s->event->body.listing_decision;
    if (s->event->document.number.n == 0 || s->event->document.legal_basis.n == 0 ||
        decision->measures.n == 0 || decision->exit.n == 0 || decision->remedy.n == 0)
        return cx_broken(f, "the decision lacks number, basis, sanctions, exit terms or remedy");
    return list->procedure == CX_PROCEDURE_COURT || by_notice(l, s, c->entry, f);
}

/* --- I-HUMAN ------------------------------------------------------------------------------------------ */
/* The records on which it rests lead to the list by themselves, each: no count of lesser ones does. */
static bool rests_on_serious(const cx_ledger *l, const cx_decided *d, const cx_list_entry *e, cx_fault *f) {
    const cx_list *list = cx_ledger_list(l, e);
    for (size_t i = 0; list != NULL && list->black && i < e->rests_on.n; i++) {
        const cx_known_record *r = cx_ledger_record(l, d->subject, e->department, e->rests_on.items[i]);
        if (r == NULL || r->now->state != CX_ENTRY_STATE_IN_FORCE ||
            r->now->classification.direction != CX_DIRECTION_ADVERSE ||
            !cx_view_eq(r->now->classification.list, e->list))
            return cx_broken(f, "it rests on a record that does not lead to the list");
        if (e->grade > r->now->classification.grade && e->rests_on.n == 1)
            return cx_broken(f, "the grade is above the record's");
    }
    bool none = list != NULL && list->procedure == CX_PROCEDURE_NOTICE && e->rests_on.n == 0;
    return !none || cx_broken(f, "it rests on no record");
}

static bool by_official(const cx_sent *s, const cx_list *list, cx_fault *f) {
    const cx_department *d = cx_pack_department(s->pack, s->department);
    const cx_official *o = &s->event->official;
    if (o->role == CX_OFFICIAL_ROLE_NONE || o->number.n == 0)
        return cx_broken(f, "no official decided");
    if (d == NULL || d->kind > CX_DEPARTMENT_PROCURATORATE)
        return cx_broken(f, "a bureau, bank, association or provider decided");
    bool court = list != NULL && list->procedure == CX_PROCEDURE_COURT;
    return !court || (d->kind == CX_DEPARTMENT_COURT && o->role == CX_OFFICIAL_ROLE_JUDGE) ||
           cx_broken(f, "no judge of a court decided");
}

bool cx_hold_human_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    const cx_event *event = &d->classified.event;
    if (!enters(l, c))
        return true;
    const cx_list_entry *e = c->entry;
    if (cx_view_is(c->cause, "BOUND") && e->role != CX_ROLE_SUBJECT)
        return cx_ledger_entry(l, e->organisation_entry) != NULL || cx_broken(f, "a share of no entry");
    if (d->index != 0 || event->header == NULL || cx_ledger_is_derived(event))
        return cx_broken(f, "%.*s lists without a decision", CX_VIEW_ARGS(c->cause));
    const cx_sent *s = cx_ledger_sent_by_number(l, event->header->inbound_offset);
    const cx_list *list = cx_ledger_list(l, e);
    if (s == NULL)
        return cx_broken(f, "listed by what nobody sent");
    if (cx_view_is(c->cause, "ACT_RECALLED")) /* back on a red list, which an act that never was had ended */
        return (list != NULL && !list->black) || cx_broken(f, "back on a black list");
    if (cx_view_is(c->cause, "REPAIR_REVOKED"))
        return s->event->body_kind == CX_CREDIT_EVENT_BODY_REPAIR_REVOKED && by_official(s, list, f);
    bool decided = s->event->body_kind == CX_CREDIT_EVENT_BODY_LISTING_DECISION ||
                   s->event->body_kind == CX_CREDIT_EVENT_BODY_RED_LISTING;
    if (!decided || c->entry->role != CX_ROLE_SUBJECT)
        return cx_broken(f, "%.*s lists without a decision", CX_VIEW_ARGS(c->cause));
    return by_official(s, list, f) && rests_on_serious(l, d, e, f);
}
