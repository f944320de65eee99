#include "services/classifier/decide.h"

#include "services/classifier/check.h"

/* Events of departments are judged; ticks, activations and what the registrar derived pass. */
static bool is_judged(const cx_event *event) {
    bool derived = event->cause != NULL && !event->cause->forwarded;
    return event->header != NULL && !derived && event->body_kind >= CX_EVENT_BODY_RECORD &&
           event->body_kind <= CX_EVENT_BODY_DISCLOSURE;
}

cx_rc cx_classifier_decide(cx_step *step) {
    const cx_event *event = step->event;
    cx_classified *out = cx_arena_calloc(step->arena, 1, sizeof *out);
    if (out == NULL)
        return CX_OUT_OF_MEMORY;
    out->origin = (cx_origin){.partition = step->origin.partition, .offset = step->origin.offset};
    out->now = step->now;
    out->event = *event;
    cx_rc rc = CX_OK;
    if (is_judged(event)) {
        cx_case c = {.event = event,
                     .header = event->header,
                     .policies = step->policies,
                     .now = step->now,
                     .arena = step->arena};
        rc = cx_case_open(&c);
        if (rc == CX_OK)
            rc = cx_case_judge(&c);
        if (rc == CX_OUT_OF_MEMORY)
            return rc;
        out->classification = c.result;
    }
    out->verdict = cx_view_of(cx_rc_name(rc));
    CX_TRY(cx_step_emit(step, CX_CLASSIFIER_CLASSIFIED, step->key, out));
    if (event->header == NULL)
        step->last->partition = step->origin.partition; /* ticks and activations have no key */
    return CX_OK;
}
