#include "services/intake/decide.h"

#include "common/law/facts.h"
#include "services/intake/form.h"
#include "common/base/mistake.h"

enum { ID_SHOWN = 64 };

/* The kinds of CreditEvent stand in Event's union in the same order, behind tick and activation. */
_Static_assert((int)CX_EVENT_BODY_DISCLOSURE - (int)CX_EVENT_BODY_RECORD ==
                   (int)CX_CREDIT_EVENT_BODY_DISCLOSURE - (int)CX_CREDIT_EVENT_BODY_RECORD,
               "CreditEvent.avsc and Event.avsc name the same bodies in the same order");

cx_rc cx_intake_reject(cx_step *step, cx_rc reason, cx_view field, cx_view event_id, cx_view body) {
    cx_rejection *r = cx_arena_calloc(step->arena, 1, sizeof *r);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    const char *advice = cx_rc_advice(reason);
    cx_view text =
        cx_arena_printf(step->arena, "%s%s%s", cx_rc_text(reason), advice[0] != '\0' ? "; " : "", advice);
    if (text.p == NULL)
        return CX_OUT_OF_MEMORY;
    *r = (cx_rejection){.event_id = cx_view_is_code(event_id, ID_SHOWN) ? event_id : CX_VIEW(""),
                        .partition = step->origin.partition,
                        .offset = step->origin.offset,
                        .reason = cx_view_of(cx_rc_name(reason)),
                        .text = text,
                        .stage = CX_VIEW("intake"),
                        .field = field,
                        .because = CX_VIEW("")};
    bool forbidden = (reason == CX_FORBIDDEN_FIELD && !CX_MISTAKE(FORBIDDEN_SENT_HOME)) ||
                     reason == CX_CONSENT_MISSING ||
                     (reason == CX_REPORTER_NAMED && !CX_MISTAKE(REPORTER_SENT_HOME)) ||
                     reason == CX_UNDER_18; /* what must not be kept is not sent round again */
    if (!forbidden)
        r->body = body;
    cx_view key = cx_arena_printf(step->arena, "%.*s:%d:%lld", CX_VIEW_ARGS(step->department),
                                  step->origin.partition, (long long)step->origin.offset);
    if (key.p == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(cx_step_emit(step, CX_INTAKE_REJECTED, key, r));
    step->last->department = step->department;
    return CX_OK;
}

/* Facts that need consent stay sealed; the coded record goes on without them. */
static cx_rc without_sensitive(cx_step *step, const cx_record *record, cx_record **out, bool *removed) {
    *out = cx_arena_alloc(step->arena, sizeof **out);
    cx_fact *facts = cx_arena_alloc(step->arena, (record->facts.n + 1) * sizeof *facts);
    if (*out == NULL || facts == NULL)
        return CX_OUT_OF_MEMORY;
    **out = *record;
    size_t n = 0;
    for (size_t i = 0; i < record->facts.n; i++)
        if (CX_MISTAKE(SENSITIVE_CODED) ||
            cx_fact_sensitivity(record->facts.items[i].name) == CX_FACT_ORDINARY)
            facts[n++] = record->facts.items[i];
    *removed |= n < record->facts.n;
    (*out)->facts.items = facts;
    (*out)->facts.n = n;
    return CX_OK;
}

static cx_rc make_body(cx_step *step, const cx_credit_event *event, cx_event *out, bool *removed) {
    _Static_assert(sizeof out->body == sizeof event->body, "both unions hold one pointer");
    out->body_kind = (cx_event_body_kind)((int)event->body_kind - (int)CX_CREDIT_EVENT_BODY_RECORD +
                                          (int)CX_EVENT_BODY_RECORD);
    (void)memcpy(&out->body, &event->body, sizeof out->body);
    if (event->body_kind == CX_CREDIT_EVENT_BODY_RECORD)
        return without_sensitive(step, event->body.record, &out->body.record, removed);
    if (event->body_kind == CX_CREDIT_EVENT_BODY_CORRECTION && event->body.correction->record != NULL) {
        out->body.correction = cx_arena_alloc(step->arena, sizeof *out->body.correction);
        if (out->body.correction == NULL)
            return CX_OUT_OF_MEMORY;
        *out->body.correction = *event->body.correction;
        return without_sensitive(step, event->body.correction->record, &out->body.correction->record,
                                 removed);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME &&
        event->body.review_outcome->record != NULL) {
        out->body.review_outcome = cx_arena_alloc(step->arena, sizeof *out->body.review_outcome);
        if (out->body.review_outcome == NULL)
            return CX_OUT_OF_MEMORY;
        *out->body.review_outcome = *event->body.review_outcome;
        return without_sensitive(step, event->body.review_outcome->record, &out->body.review_outcome->record,
                                 removed);
    }
    return CX_OK;
}

static cx_header make_header(const cx_step *step, const cx_credit_event *event,
                             const cx_intake_prepared *prepared) {
    cx_header h = {.department = step->department,
                   .event_id = event->event_id,
                   .inbound_partition = step->origin.partition,
                   .inbound_offset = step->origin.offset,
                   .received_at = step->received_at,
                   .issued_at = event->issued_at,
                   .happened_on = event->happened_on,
                   .jurisdiction = event->jurisdiction,
                   .document = event->document,
                   .official = event->official,
                   .has_text = event->text.p != NULL && event->text.n > 0,
                   .consent_scope = event->consent != NULL ? event->consent->scope : CX_VIEW("")};
    (void)memcpy(h.content, prepared->content, sizeof h.content);
    if (event->subject != NULL) {
        if (CX_MISTAKE(NAME_GOES_ON))
            h.document.issuing_body = event->subject->name;
        h.subject_type = event->subject->type;
        h.id_type = event->subject->id_type;
        h.verified = event->subject->verified;
        h.test_identifier = prepared->subject->identifier.test;
    }
    return h;
}

static cx_rc make_event(cx_step *step, cx_event **out) {
    const cx_credit_event *event = step->event;
    const cx_intake_prepared *prepared = step->prepared;
    cx_event *e = cx_arena_calloc(step->arena, 1, sizeof *e);
    cx_header *h = cx_arena_alloc(step->arena, sizeof *h);
    cx_other_subject *others = cx_arena_calloc(step->arena, event->others.n + 1, sizeof *others);
    if (e == NULL || h == NULL || others == NULL)
        return CX_OUT_OF_MEMORY;
    *h = make_header(step, event, prepared);
    for (size_t i = 0; i < event->others.n; i++) {
        others[i].type = event->others.items[i].type;
        (void)memcpy(others[i].subject, prepared->others[i].pseudonym, sizeof others[i].subject);
        h->test_identifier |= prepared->others[i].identifier.test;
    }
    h->others.items = others;
    h->others.n = event->others.n;
    if (prepared->subject != NULL)
        (void)memcpy(e->subject, prepared->subject->pseudonym, sizeof e->subject);
    e->header = h;
    *out = e;
    bool removed = false;
    cx_rc rc = make_body(step, event, e, &removed);
    h->has_text |= removed;
    return rc;
}

cx_rc cx_intake_decide(cx_step *step) {
    const cx_credit_event *event = step->event;
    const cx_intake_prepared *prepared = step->prepared;
    CX_ASSERT(event != NULL && prepared != NULL);
    const char *field = "";
    cx_rc reason = cx_intake_check_form(event, prepared, &field);
    if (reason != CX_OK) {
        bool kept = CX_MISTAKE(FORBIDDEN_SENT_HOME) || CX_MISTAKE(REPORTER_SENT_HOME) ||
                    !cx_intake_must_not_be_kept(event, prepared);
        return cx_intake_reject(step, reason, cx_view_of(field), event->event_id,
                                kept ? step->message : (cx_view){NULL, 0});
    }
    cx_event *out;
    CX_TRY(make_event(step, &out));
    for (size_t i = 0; i < prepared->sealed_n; i++)
        CX_TRY(cx_step_emit(step, CX_INTAKE_IDENTITIES, prepared->sealed[i].key, prepared->sealed[i].row));
    return cx_step_emit(step, CX_INTAKE_RECORDS, (cx_view){(const char *)out->subject, sizeof out->subject},
                        out);
}
