/* Taking in what was told: versions, causes by the events that were accepted, and what departments know. */
#include "tests/property/ledger_inside.h"

#include "common/law/procedure.h"

static bool has_ended(cx_entry_state s) {
    return s != CX_ENTRY_STATE_NOTIFIED && !cx_state_is_live(s);
}

static void end_causes(cx_ledger *l, cx_view entry) {
    for (size_t i = 0; i < l->cause_n; i++)
        if (cx_view_eq(l->causes[i].entry, entry))
            l->causes[i].suspends = false;
}

/* --- versions ----------------------------------------------------------------------------------------- */
static cx_known_entry *entry_for(cx_ledger *l, cx_view id, bool *first) {
    cx_known_entry *e = cx_ledger_entry(l, id);
    *first = e == NULL;
    if (e != NULL)
        return e;
    if (l->entry_n == CX_LEDGER_ENTRIES) {
        l->full = true;
        return &l->entries[0];
    }
    e = &l->entries[l->entry_n++];
    *e = (cx_known_entry){.id = id};
    return e;
}

static void take_entry(cx_ledger *l, const cx_decided *d, const cx_change *c) {
    bool first;
    cx_known_entry *e = entry_for(l, c->entry->id, &first);
    const cx_event *event = &d->classified.event;
    /* What went to another pseudonym is told there before or after it is told as removed here. */
    bool leaves = cx_view_is(c->cause, "LINKED") && c->entry->state == CX_ENTRY_STATE_REMOVED;
    if (leaves && !first)
        return;
    e->before = e->now;
    e->now = c->entry;
    e->since = cx_date_of_time(d->effective);
    e->known_on = first ? e->since : e->known_on;
    e->moved_by = c->cause;
    e->stood = e->stood || cx_state_is_live(c->entry->state);
    if (event->body_kind == CX_EVENT_BODY_EXTENSION)
        e->extended += event->body.extension->months;
    (void)memcpy(e->subject, d->subject, CX_CHAIN_SUBJECT);
    if (event->header != NULL && !cx_ledger_is_derived(event) && d->index == 0) {
        cx_ledger_dispute(l, event, c);
        cx_ledger_close(l, event, c);
        cx_ledger_reorganise(l, event, e, c, first);
    }
    /* Of a dissolved organisation's entry nobody rules any more: what rested on persons for it rests on. */
    if (has_ended(c->entry->state) && !has_ended(c->from) && !cx_view_is(c->cause, "SUBJECT_ENDED"))
        end_causes(l, e->id);
}

static void take_record(cx_ledger *l, const cx_decided *d, const cx_change *c) {
    const cx_event *event = &d->classified.event;
    cx_known_record *r =
        (cx_known_record *)cx_ledger_record(l, d->subject, c->record->department, c->record->event_id);
    if (r == NULL && l->record_n == CX_LEDGER_RECORDS) {
        l->full = true;
        return;
    }
    if (r == NULL) {
        r = &l->records[l->record_n++];
        *r = (cx_known_record){0};
    }
    r->before = r->now;
    r->now = c->record;
    r->since = cx_date_of_time(d->effective);
    (void)memcpy(r->subject, d->subject, CX_CHAIN_SUBJECT);
    if (event->header != NULL && !cx_ledger_is_derived(event) && d->index == 0) {
        cx_ledger_dispute(l, event, c);
        cx_ledger_close(l, event, c);
    }
}

void cx_ledger_change(cx_ledger *l, const cx_decided *d, const cx_change *c) {
    if (c->entry != NULL)
        take_entry(l, d, c);
    if (c->record != NULL)
        take_record(l, d, c);
}

/* --- subjects ----------------------------------------------------------------------------------------- */
static cx_known_subject *subject_for(cx_ledger *l, const uint8_t *subject) {
    for (size_t i = 0; i < l->subject_n; i++)
        if (memcmp(l->subjects[i].subject, subject, CX_CHAIN_SUBJECT) == 0)
            return &l->subjects[i];
    if (l->subject_n == 32) {
        l->full = true;
        return &l->subjects[0];
    }
    cx_known_subject *s = &l->subjects[l->subject_n++];
    *s = (cx_known_subject){.gone = false};
    (void)memcpy(s->subject, subject, CX_CHAIN_SUBJECT);
    return s;
}

/* The event was passed on to another pseudonym: it takes effect there. */
static bool passes_on(const cx_ledger *l, const cx_decided *d) {
    const cx_chain_log *log = cx_chain_log_of(l->chain, CX_CHAIN_RECORDS);
    const cx_origin *at = &d->classified.origin;
    for (size_t i = log->n; i-- > 0;) {
        const cx_cause *cause = ((const cx_event *)log->items[i].value)->cause;
        if (cause != NULL && cause->forwarded && cause->partition == at->partition &&
            cause->offset == at->offset)
            return true;
    }
    return false;
}

static void befall(cx_ledger *l, const cx_decided *d) {
    cx_subject_event_kind kind = d->classified.event.body.subject_event->kind;
    if (passes_on(l, d))
        return;
    cx_known_subject *s = subject_for(l, d->subject);
    s->gone = s->gone || kind == CX_SUBJECT_EVENT_KIND_DEATH || kind == CX_SUBJECT_EVENT_KIND_DEREGISTRATION;
    s->incapable = (s->incapable || kind == CX_SUBJECT_EVENT_KIND_INCAPACITY) &&
                   kind != CX_SUBJECT_EVENT_KIND_CAPACITY_RESTORED;
    s->reorganised = (s->reorganised || kind == CX_SUBJECT_EVENT_KIND_REORGANISATION) &&
                     kind != CX_SUBJECT_EVENT_KIND_REORGANISATION_ENDED;
}

/* One subject, one status: a reorganisation suspends what stands under either identifier. */
static void reorganise_all(cx_ledger *l, const cx_header *h, const uint8_t *subject) {
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_known_entry *e = &l->entries[i];
        const cx_list *list = cx_ledger_list(l, e->now);
        bool pending = e->now->state == CX_ENTRY_STATE_NOTIFIED || cx_state_is_live(e->now->state);
        cx_rest rest = {false, false, false};
        if (!pending || !cx_ledger_same(l, e->subject, subject) || list == NULL ||
            list->procedure == CX_PROCEDURE_COURT || e->now->role != CX_ROLE_SUBJECT)
            continue;
        rest = cx_ledger_rest(l, e);
        if (rest.reorganisation)
            continue;
        cx_cause_known *k = cx_ledger_add_cause(l, CX_CAUSE_REORGANISATION, h);
        k->entry = e->id;
        k->suspends = true;
    }
}

/* An accepted change of identifier: from here on the subject is known under the other pseudonym. Where that
 * one had been linked the other way, the circle is opened: the newer link counts. */
static void take_link(cx_ledger *l, const cx_decided *d) {
    const cx_linked *linked = d->classified.event.body.linked;
    const uint8_t *target = d->subject;
    size_t n = 0;
    for (size_t i = 0; i < l->link_n; i++)
        if (memcmp(l->linked[i][0], target, CX_CHAIN_SUBJECT) != 0) {
            if (n != i)
                (void)memcpy(l->linked[n], l->linked[i], sizeof l->linked[n]);
            n++;
        }
    l->link_n = n;
    if (l->link_n == 32 || memcmp(linked->from, target, CX_CHAIN_SUBJECT) == 0)
        return;
    (void)memcpy(l->linked[l->link_n][0], linked->from, CX_CHAIN_SUBJECT);
    (void)memcpy(l->linked[l->link_n++][1], target, CX_CHAIN_SUBJECT);
    cx_known_subject *to = subject_for(l, target), *from = subject_for(l, linked->from);
    to->gone = to->gone || from->gone;
    to->incapable = to->incapable || from->incapable;
    to->reorganised = to->reorganised || from->reorganised;
    from->gone = from->incapable = from->reorganised = false;
    if (to->reorganised)
        reorganise_all(l, d->classified.event.header, target);
}

static void take_publication(cx_ledger *l, const cx_decided *d, const cx_public_decision *p) {
    size_t i = 0;
    while (i < l->public_n && !(cx_view_eq(l->publics[i].now->event_id, p->event_id) &&
                                cx_view_eq(l->publics[i].now->department, p->department) &&
                                memcmp(l->publics[i].subject, d->subject, CX_CHAIN_SUBJECT) == 0))
        i++;
    if (i == CX_LEDGER_PUBLICS) {
        l->full = true;
        return;
    }
    l->public_n = i == l->public_n ? i + 1 : l->public_n;
    l->publics[i].now = p;
    (void)memcpy(l->publics[i].subject, d->subject, CX_CHAIN_SUBJECT);
}

void cx_ledger_decided(cx_ledger *l, const cx_decided *d) {
    const cx_event *event = &d->classified.event;
    for (size_t i = 0; i < d->publications.n; i++)
        take_publication(l, d, &d->publications.items[i]);
    bool absorbed =
        event->body_kind == CX_EVENT_BODY_LINKED && cx_view_is(d->verdict, "OK") && !passes_on(l, d);
    if (absorbed)
        take_link(l, d);
    if (event->header == NULL || cx_ledger_is_derived(event))
        return;
    if (event->body_kind == CX_EVENT_BODY_SUBJECT_EVENT && cx_view_is(d->verdict, "OK"))
        befall(l, d);
    cx_sent *s = (cx_sent *)cx_ledger_sent_by_number(l, event->header->inbound_offset);
    if (s == NULL)
        return;
    s->decided = d;
    s->verdict = d->verdict;
    s->accepted = cx_view_is(d->verdict, "OK");
    if (s->accepted && event->body_kind == CX_EVENT_BODY_MEASURE_FEEDBACK) {
        cx_told *t = (cx_told *)cx_ledger_told(l, s->department, event->body.measure_feedback->measure);
        if (t != NULL)
            t->answered_on = l->today;
    }
}

/* --- departments -------------------------------------------------------------------------------------- */
void cx_ledger_notice(cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                      const cx_notice *n) {
    cx_told *t = (cx_told *)cx_ledger_told(l, department, n->measure_id);
    if (n->kind == CX_NOTICE_KIND_TELL) {
        if (t != NULL && cx_view_is(n->cause, "OVERDUE"))
            t->reminded = true;
        return;
    }
    if (t == NULL && l->told_n == CX_LEDGER_TOLD) {
        l->full = true;
        return;
    }
    if (t == NULL) {
        t = &l->told[l->told_n++];
        *t = (cx_told){
            .department = department, .measure_id = n->measure_id, .code = n->measure, .entry = n->entry};
        t->first = n;
    }
    bool begins = n->kind == CX_NOTICE_KIND_IMPOSE || n->kind == CX_NOTICE_KIND_INCENTIVE;
    bool ends = n->kind == CX_NOTICE_KIND_STOP || n->kind == CX_NOTICE_KIND_UNDO;
    t->last = n;
    t->told_on = l->today;
    t->answered_on = CX_NO_DATE;
    t->reminded = false;
    (void)memcpy(t->subject, subject, CX_CHAIN_SUBJECT);
    t->out = begins || (t->out && !ends);
    t->runs = t->out && n->kind != CX_NOTICE_KIND_SUSPEND &&
              (begins || n->kind == CX_NOTICE_KIND_RESUME || t->runs);
}
