/* Which events and changes are in a subject's favour, or may turn out to be. Pure. */
#include "ops/cli/lag_kinds.h"

#include "schemas/types.h"

const char *cx_lag_favourable_event(const void *event) {
    const cx_event *e = event;
    switch ((int)e->body_kind) {
    case CX_EVENT_BODY_NOTICE_WITHDRAWN:
        return "NoticeWithdrawn";
    case CX_EVENT_BODY_OBJECTION:
        return "Objection";
    case CX_EVENT_BODY_COMPLAINT:
        return "Complaint";
    case CX_EVENT_BODY_RULING:
        return "Ruling";
    case CX_EVENT_BODY_CORRECTION:
        return "Correction";
    case CX_EVENT_BODY_WITHDRAWAL:
        return "Withdrawal";
    case CX_EVENT_BODY_PERFORMANCE:
        return "Performance";
    case CX_EVENT_BODY_REPAIR:
        return "Repair";
    case CX_EVENT_BODY_STAY_ORDERED:
        return "StayOrdered";
    case CX_EVENT_BODY_REVIEW_OUTCOME:
        return "ReviewOutcome";
    case CX_EVENT_BODY_SUBJECT_EVENT:
        return "SubjectEvent";
    case CX_EVENT_BODY_ANNULLED:
        return "Annulled";
    default:
        return NULL;
    }
}

const char *cx_lag_favourable_inbound(const void *credit_event) {
    static const struct {
        cx_credit_event_body_kind from;
        cx_event_body_kind to;
    } same[] = {{CX_CREDIT_EVENT_BODY_NOTICE_WITHDRAWN, CX_EVENT_BODY_NOTICE_WITHDRAWN},
                {CX_CREDIT_EVENT_BODY_OBJECTION, CX_EVENT_BODY_OBJECTION},
                {CX_CREDIT_EVENT_BODY_COMPLAINT, CX_EVENT_BODY_COMPLAINT},
                {CX_CREDIT_EVENT_BODY_RULING, CX_EVENT_BODY_RULING},
                {CX_CREDIT_EVENT_BODY_CORRECTION, CX_EVENT_BODY_CORRECTION},
                {CX_CREDIT_EVENT_BODY_WITHDRAWAL, CX_EVENT_BODY_WITHDRAWAL},
                {CX_CREDIT_EVENT_BODY_PERFORMANCE, CX_EVENT_BODY_PERFORMANCE},
                {CX_CREDIT_EVENT_BODY_REPAIR, CX_EVENT_BODY_REPAIR},
                {CX_CREDIT_EVENT_BODY_STAY_ORDERED, CX_EVENT_BODY_STAY_ORDERED},
                {CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME, CX_EVENT_BODY_REVIEW_OUTCOME},
                {CX_CREDIT_EVENT_BODY_SUBJECT_EVENT, CX_EVENT_BODY_SUBJECT_EVENT}};
    const cx_credit_event *e = credit_event;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (same[i].from == e->body_kind)
            return cx_lag_favourable_event(&(cx_event){.body_kind = same[i].to});
    return NULL;
}

/* What stood and now rests, has ended, or is as if it had never been. */
static const char *ends(cx_entry_state from, cx_entry_state to, bool expiry_is_seen) {
    bool stood = from == CX_ENTRY_STATE_NOTIFIED || from == CX_ENTRY_STATE_IN_FORCE ||
                 from == CX_ENTRY_STATE_SUSPENDED;
    if (!stood || from == to)
        return NULL;
    switch ((int)to) {
    case CX_ENTRY_STATE_SUSPENDED:
        return "suspension";
    case CX_ENTRY_STATE_EXPIRED:
        return expiry_is_seen ? NULL : "expiry";
    case CX_ENTRY_STATE_REPAIRED:
        return "repair";
    case CX_ENTRY_STATE_RECALLED:
        return "recall";
    case CX_ENTRY_STATE_CLOSED:
    case CX_ENTRY_STATE_REMOVED:
        return "removal";
    default:
        return NULL;
    }
}

const char *cx_lag_favourable_change(const void *decided, bool expiry_is_seen) {
    const cx_decided *d = decided;
    for (size_t i = 0; i < d->changes.n; i++) {
        const cx_change *c = &d->changes.items[i];
        const char *entry = c->entry != NULL ? ends(c->from, c->entry->state, expiry_is_seen) : NULL;
        const char *record = c->record != NULL ? ends(c->from, c->record->state, expiry_is_seen) : NULL;
        if (entry != NULL || record != NULL)
            return entry != NULL ? entry : record;
    }
    return NULL;
}
