/* Causes of marks and of suspension, by the events that were accepted. */
#include "common/law/procedure.h"
#include "tests/property/ledger_inside.h"

/* --- causes ------------------------------------------------------------------------------------------- */
cx_cause_known *cx_ledger_add_cause(cx_ledger *l, cx_cause_kind kind, const cx_header *h) {
    if (l->cause_n == CX_LEDGER_CAUSES) {
        l->full = true;
        return &l->causes[0];
    }
    cx_cause_known *c = &l->causes[l->cause_n++];
    *c = (cx_cause_known){.kind = kind, .id = h->event_id, .department = h->department};
    return c;
}

static bool was_disputed(const cx_ledger *l, cx_view entry) {
    for (size_t i = 0; i < l->cause_n; i++)
        if (l->causes[i].kind == CX_CAUSE_DISPUTE && cx_view_eq(l->causes[i].entry, entry))
            return true;
    return false;
}

/* Whether the law in force suspends for an objection, to that kind of subject. */
static bool law_suspends(const cx_ledger *l, const cx_list_entry *e) {
    const cx_list *list = cx_ledger_list(l, e);
    if (list == NULL || list->procedure == CX_PROCEDURE_COURT)
        return false;
    bool organisation = e->subject_type == CX_SUBJECT_TYPE_ORGANISATION;
    return (organisation ? list->on_organisation : list->on_person) == CX_OBJECTION_SUSPEND;
}

static void dispute(cx_ledger *l, const cx_event *event, const cx_change *c, bool new_facts) {
    bool again = c->entry != NULL && was_disputed(l, c->entry->id) && !new_facts;
    bool pending = c->entry != NULL && (c->from == CX_ENTRY_STATE_NOTIFIED || cx_state_is_live(c->from));
    cx_cause_known *k = cx_ledger_add_cause(l, CX_CAUSE_DISPUTE, event->header);
    k->marks = true;
    if (c->entry != NULL) {
        k->entry = c->entry->id;
        k->suspends = pending && !again && law_suspends(l, c->entry);
    } else {
        k->record = c->record->event_id;
        k->record_department = c->record->department;
    }
}

void cx_ledger_dispute(cx_ledger *l, const cx_event *event, const cx_change *c) {
    bool entry = c->entry != NULL;
    switch ((int)event->body_kind) {
    case CX_EVENT_BODY_OBJECTION:
        dispute(l, event, c, event->body.objection->new_facts);
        break;
    case CX_EVENT_BODY_COMPLAINT:
        dispute(l, event, c, event->body.complaint->new_facts);
        break;
    case CX_EVENT_BODY_REVIEW_FILED: {
        cx_cause_known *k = cx_ledger_add_cause(l, CX_CAUSE_REVIEW, event->header);
        k->marks = true;
        k->entry = entry ? c->entry->id : (cx_view){NULL, 0};
        if (!entry) {
            k->record = c->record->event_id;
            k->record_department = c->record->department;
        }
        break;
    }
    case CX_EVENT_BODY_STAY_ORDERED: {
        cx_cause_known *k = cx_ledger_add_cause(l, CX_CAUSE_STAY, event->header);
        k->entry = c->entry->id;
        k->suspends = true;
        break;
    }
    default:
        break;
    }
}

static bool about(const cx_cause_known *k, const cx_change *c) {
    return c->entry != NULL ? cx_view_eq(k->entry, c->entry->id)
                            : k->entry.n == 0 && cx_view_eq(k->record, c->record->event_id) &&
                                  cx_view_eq(k->record_department, c->record->department);
}

/* Rulings close the dispute that they name; a review's outcome the reviews and stays of the same body. */
void cx_ledger_close(cx_ledger *l, const cx_event *event, const cx_change *c) {
    const cx_header *h = event->header;
    for (size_t i = 0; i < l->cause_n; i++) {
        cx_cause_known *k = &l->causes[i];
        bool by_itself =
            c->cause.n > 6 && (memcmp(c->cause.p, "REVIEW", 6) == 0 || memcmp(c->cause.p, "RULING", 6) == 0);
        if (!about(k, c) || (event->body_kind != CX_EVENT_BODY_STAY_LIFTED &&
                             event->body_kind != CX_EVENT_BODY_SUBJECT_EVENT && !by_itself))
            continue; /* what the event brought about elsewhere answers nothing here */
        bool closed = false;
        if (event->body_kind == CX_EVENT_BODY_RULING)
            closed = k->kind == CX_CAUSE_DISPUTE && cx_view_eq(k->id, event->body.ruling->objection);
        else if (event->body_kind == CX_EVENT_BODY_REVIEW_OUTCOME)
            closed = (k->kind == CX_CAUSE_REVIEW || k->kind == CX_CAUSE_STAY) &&
                     cx_view_eq(k->department, h->department);
        else if (event->body_kind == CX_EVENT_BODY_STAY_LIFTED)
            closed = k->kind == CX_CAUSE_STAY && cx_view_eq(k->id, event->body.stay_lifted->stay) &&
                     cx_view_eq(k->department, h->department);
        else if (event->body_kind == CX_EVENT_BODY_SUBJECT_EVENT)
            closed = k->kind == CX_CAUSE_REORGANISATION &&
                     event->body.subject_event->kind == CX_SUBJECT_EVENT_KIND_REORGANISATION_ENDED;
        if (closed)
            k->suspends = k->marks = false;
    }
}

/* A reorganisation suspends what stands when it begins, and what is opened while it lasts; no court's entry.
 */
void cx_ledger_reorganise(cx_ledger *l, const cx_event *event, const cx_known_entry *e, const cx_change *c,
                          bool first) {
    const cx_list *list = cx_ledger_list(l, c->entry);
    if (list == NULL || list->procedure == CX_PROCEDURE_COURT || c->entry->role != CX_ROLE_SUBJECT)
        return;
    bool begins = event->body_kind == CX_EVENT_BODY_SUBJECT_EVENT &&
                  event->body.subject_event->kind == CX_SUBJECT_EVENT_KIND_REORGANISATION;
    bool opened = first && !cx_view_is(c->cause, "LINKED") && event->header != NULL &&
                  cx_ledger_subject(l, e->subject).reorganised;
    if (!begins && !opened)
        return;
    cx_cause_known *k = cx_ledger_add_cause(l, CX_CAUSE_REORGANISATION, event->header);
    k->entry = c->entry->id;
    k->suspends = true;
}
