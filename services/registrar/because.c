/* What a refusal rests on: the events that this one names and that are not known here. They may have been
 * refused themselves, or be on their way; whoever redrives them redrives this one behind them. */
#include "services/registrar/work.h"

/* The one event that the body names, and whose it is where it is another department's. */
static cx_view named(const cx_event *event, cx_view *department) {
    *department = CX_VIEW("");
    switch ((int)event->body_kind) {
    case CX_EVENT_BODY_STATEMENT:
        return event->body.statement->notice;
    case CX_EVENT_BODY_LISTING_DECISION:
        return event->body.listing_decision->notice;
    case CX_EVENT_BODY_NOTICE_WITHDRAWN:
        return event->body.notice_withdrawn->notice;
    case CX_EVENT_BODY_RULING:
        return event->body.ruling->objection;
    case CX_EVENT_BODY_CORRECTION:
        return event->body.correction->target;
    case CX_EVENT_BODY_WITHDRAWAL:
        return event->body.withdrawal->target;
    case CX_EVENT_BODY_PERFORMANCE:
        return event->body.performance->target;
    case CX_EVENT_BODY_EXTENSION:
        return event->body.extension->target;
    case CX_EVENT_BODY_REPAIR:
        return event->body.repair->target;
    case CX_EVENT_BODY_REPAIR_REVOKED:
        return event->body.repair_revoked->repair;
    case CX_EVENT_BODY_CONSENT_REVOKED:
        return event->body.consent_revoked->consent;
    case CX_EVENT_BODY_RED_LISTING:
        return event->body.red_listing->nomination;
    case CX_EVENT_BODY_DISCLOSURE:
        return event->body.disclosure->target;
    case CX_EVENT_BODY_STAY_LIFTED:
        return event->body.stay_lifted->stay;
    default:
        return CX_VIEW("");
    }
}

static const cx_target *target(const cx_event *event) {
    switch ((int)event->body_kind) {
    case CX_EVENT_BODY_OBJECTION:
        return &event->body.objection->target;
    case CX_EVENT_BODY_COMPLAINT:
        return &event->body.complaint->target;
    case CX_EVENT_BODY_REVIEW_FILED:
        return &event->body.review_filed->target;
    case CX_EVENT_BODY_STAY_ORDERED:
        return &event->body.stay_ordered->target;
    case CX_EVENT_BODY_REVIEW_OUTCOME:
        return &event->body.review_outcome->target;
    default:
        return NULL;
    }
}

static cx_rc one(const cx_work *w, cx_view *out) {
    cx_view department, id = named(w->event, &department);
    const cx_target *t = target(w->event);
    if (t != NULL) {
        id = t->event_id;
        department = cx_view_eq(t->department, w->header->department) ? CX_VIEW("") : t->department;
    }
    *out = id;
    if (department.n == 0 || id.n == 0)
        return CX_OK;
    *out = cx_arena_printf(w->arena, "%.*s/%.*s", CX_VIEW_ARGS(department), CX_VIEW_ARGS(id));
    return out->p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

/* The records of a listing that are not kept here. */
static cx_rc missing(const cx_work *w, const cx_view_array *rests_on, cx_view *out) {
    *out = CX_VIEW("");
    for (size_t i = 0; i < rests_on->n; i++) {
        if (cx_work_find_record(w, w->header->department, rests_on->items[i]) >= 0)
            continue;
        *out = cx_arena_printf(w->arena, "%.*s%s%.*s", CX_VIEW_ARGS(*out), out->n > 0 ? " " : "",
                               CX_VIEW_ARGS(rests_on->items[i]));
        if (out->p == NULL)
            return CX_OUT_OF_MEMORY;
    }
    return CX_OK;
}

static cx_rc records(const cx_work *w, cx_view *out) {
    switch ((int)w->event->body_kind) {
    case CX_EVENT_BODY_LISTING_NOTICE:
        return missing(w, &w->event->body.listing_notice->rests_on, out);
    case CX_EVENT_BODY_LISTING_DECISION:
        return missing(w, &w->event->body.listing_decision->rests_on, out);
    case CX_EVENT_BODY_RED_NOMINATION:
        return missing(w, &w->event->body.red_nomination->rests_on, out);
    default:
        return CX_OK;
    }
}

cx_rc cx_work_say_because(cx_work *w, cx_rc reason) {
    switch ((int)reason) {
    case CX_NO_RECORD:
        return w->header != NULL ? records(w, &w->because) : CX_OK;
    case CX_NO_SUCH_EVENT:
    case CX_NO_NOTICE:
    case CX_NO_SUCH_OBJECTION:
        return w->header != NULL ? one(w, &w->because) : CX_OK;
    default:
        return CX_OK;
    }
}
