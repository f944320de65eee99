#include "services/registrar/decide.h"

#include "services/registrar/work.h"
#include "common/base/mistake.h"

/* Each kind of event: who handles it, and whether it burdens a subject that may have ended. */
typedef struct handler {
    cx_rc (*handle)(cx_work *w);
    bool burdens;
} handler;

static cx_rc nothing(cx_work *w) {
    (void)w; /* kept in the log; it changes no entry (commitments; feedback is the sanctioner's) */
    return CX_OK;
}

static const handler handlers[] = {
    [CX_EVENT_BODY_RECORD] = {cx_on_record, true},
    [CX_EVENT_BODY_LISTING_NOTICE] = {cx_on_listing_notice, true},
    [CX_EVENT_BODY_STATEMENT] = {cx_on_statement, false},
    [CX_EVENT_BODY_LISTING_DECISION] = {cx_on_listing_decision, true},
    [CX_EVENT_BODY_NOTICE_WITHDRAWN] = {cx_on_notice_withdrawn, false},
    [CX_EVENT_BODY_OBJECTION] = {cx_on_objection, false},
    [CX_EVENT_BODY_COMPLAINT] = {cx_on_complaint, false},
    [CX_EVENT_BODY_RULING] = {cx_on_ruling, false},
    [CX_EVENT_BODY_CORRECTION] = {cx_on_correction, false},
    [CX_EVENT_BODY_WITHDRAWAL] = {cx_on_withdrawal, false},
    [CX_EVENT_BODY_PERFORMANCE] = {cx_on_performance, false},
    [CX_EVENT_BODY_EXTENSION] = {cx_on_extension, true},
    [CX_EVENT_BODY_REPAIR] = {cx_on_repair, false},
    [CX_EVENT_BODY_REPAIR_REVOKED] = {cx_on_repair_revoked, true},
    [CX_EVENT_BODY_COMMITMENT] = {nothing, true},
    [CX_EVENT_BODY_CONSENT] = {cx_on_consent, true},
    [CX_EVENT_BODY_CONSENT_REVOKED] = {cx_on_consent_revoked, false},
    [CX_EVENT_BODY_RED_NOMINATION] = {cx_on_red_nomination, true},
    [CX_EVENT_BODY_RED_LISTING] = {cx_on_red_listing, true},
    [CX_EVENT_BODY_REVIEW_FILED] = {cx_on_review_filed, false},
    [CX_EVENT_BODY_STAY_ORDERED] = {cx_on_stay_ordered, false},
    [CX_EVENT_BODY_STAY_LIFTED] = {cx_on_stay_lifted, false},
    [CX_EVENT_BODY_REVIEW_OUTCOME] = {cx_on_review_outcome, false},
    [CX_EVENT_BODY_SUBJECT_EVENT] = {cx_on_subject_event, false},
    [CX_EVENT_BODY_MEASURE_FEEDBACK] = {nothing, false},
    [CX_EVENT_BODY_BREAKER_RELEASE] = {cx_on_breaker_release, false},
    [CX_EVENT_BODY_DISCLOSURE] = {cx_on_disclosure, true},
    [CX_EVENT_BODY_BOUND] = {cx_on_bound, false},
    [CX_EVENT_BODY_LINKED] = {cx_on_linked, false},
    [CX_EVENT_BODY_ANNULLED] = {cx_on_annulled, false},
    [CX_EVENT_BODY_BREAKER] = {cx_on_breaker, false},
    [CX_EVENT_BODY_QUERIED] = {cx_on_queried, false},
};

/* --- the decision ------------------------------------------------------------------------------------- */
static cx_time months_after(cx_time t, int months) {
    return cx_time_of_date(cx_date_add_months(cx_date_of_time(t), months));
}

/* What is refused before anybody looks at the body. */
static cx_rc admit(const cx_work *w) {
    const cx_seen_event *seen = w->header != NULL && !cx_is_derived(w->event) ? w->step->rows[1] : NULL;
    if (seen != NULL)
        return memcmp(seen->content, w->header->content, sizeof seen->content) == 0 ? CX_DUPLICATE
                                                                                    : CX_ID_REUSED;
    if (w->header == NULL || cx_is_derived(w->event))
        return CX_OK;
    if (months_after(w->header->issued_at, CX_SEEN_MONTHS) < w->now - CX_DAY)
        return CX_TOO_OLD;
    bool any = w->event->body_kind == CX_EVENT_BODY_QUERIED; /* under whatever law it is asked */
    return w->pack == NULL && !any ? CX_NO_PACK : CX_OK;
}

static cx_rc decide_event(cx_work *w) {
    cx_event_body_kind kind = w->event->body_kind;
    CX_ASSERT((size_t)kind < sizeof handlers / sizeof handlers[0] && handlers[kind].handle != NULL);
    CX_TRY(admit(w));
    bool stays = kind == CX_EVENT_BODY_LINKED || kind == CX_EVENT_BODY_BREAKER ||
                 kind == CX_EVENT_BODY_MEASURE_FEEDBACK; /* it answers a notice about this pseudonym */
    if (w->state.linked_to != NULL && !stays)
        return cx_forward(w);
    if (w->state.ended != CX_SUBJECT_EVENT_KIND_UNKNOWN && handlers[kind].burdens &&
        !CX_MISTAKE(THE_DEAD_ARE_LISTED))
        return CX_SUBJECT_ENDED;
    return handlers[kind].handle(w);
}

static cx_rc emit_decided(cx_work *w, cx_view verdict, bool accepted) {
    cx_decided *d = cx_arena_calloc(w->arena, 1, sizeof *d);
    if (d == NULL)
        return CX_OUT_OF_MEMORY;
    d->classified = *w->in;
    d->index = w->step->index;
    (void)memcpy(d->subject, w->state.subject, CX_SUBJECT);
    d->effective = w->now;
    d->verdict = verdict;
    d->because = w->because;
    if (accepted) {
        d->changes = w->changes;
        d->publications = w->publications;
        d->tell = w->tell;
        d->revoked = w->revoked;
    }
    bool partitions = w->event->body_kind == CX_EVENT_BODY_BREAKER; /* and no subject's */
    cx_view key = {partitions ? NULL : (const char *)d->subject, partitions ? 0 : CX_SUBJECT};
    CX_TRY(cx_step_emit(w->step, CX_REGISTRAR_DECIDED, key, d));
    if (partitions)
        w->step->last->partition = w->step->origin.partition;
    return CX_OK;
}

/* Nothing is left that a later event could meet. */
static bool is_empty(const cx_subject_state *s) {
    return s->entries.n + s->records.n + s->consents.n + s->queried.n + s->publications.n == 0 &&
           s->linked_to == NULL && s->reorganisation.n == 0 && s->ended == CX_SUBJECT_EVENT_KIND_UNKNOWN;
}

static cx_rc emit_state(cx_work *w) {
    if (!w->touched)
        return CX_OK;
    cx_subject_state *row = cx_arena_alloc(w->arena, sizeof *row);
    cx_view key = cx_subject_key(w->arena, w->state.subject);
    if (row == NULL || key.p == NULL)
        return CX_OUT_OF_MEMORY;
    cx_state_set_due(&w->state);
    *row = w->state;
    CX_TRY(cx_step_emit(w->step, CX_REGISTRAR_STATE, key, is_empty(row) ? NULL : row));
    if ((w->changes.n == 0 && !w->relinked) || (CX_MISTAKE(REDIS_FORGOTTEN) && w->header == NULL))
        return CX_OK;
    cx_status *status;
    CX_TRY(cx_status_of(w, &status));
    return cx_step_emit(w->step, CX_REGISTRAR_STATUS, (cx_view){(const char *)status->subject, CX_SUBJECT},
                        status);
}

/* Remembers the event's id. A forwarded event is remembered where it was decided. */
static cx_rc emit_seen(cx_work *w) {
    bool forwarded = w->state.linked_to != NULL && w->changes.n == 0 && !w->touched;
    if (w->header == NULL || cx_is_derived(w->event) || forwarded)
        return CX_OK;
    cx_seen_event *row = cx_arena_calloc(w->arena, 1, sizeof *row);
    cx_view key = cx_seen_key(w->arena, w->state.subject, w->header->department, w->header->event_id);
    if (row == NULL || key.p == NULL)
        return CX_OUT_OF_MEMORY;
    (void)memcpy(row->content, w->header->content, sizeof row->content);
    row->origin = (cx_origin){.partition = w->step->origin.partition, .offset = w->step->origin.offset};
    cx_time last = w->header->issued_at > w->now ? w->header->issued_at : w->now;
    row->drop_after = months_after(last, CX_SEEN_MONTHS) + 2 * CX_DAY;
    return cx_step_emit(w->step, CX_REGISTRAR_STATE, key, row);
}

static cx_rc decide_message(cx_step *step, const cx_classified *in) {
    cx_work w;
    cx_work_begin(&w, step, step->rows[0], in->event.subject);
    cx_rc rc = admit(&w);
    if (rc == CX_OK && !cx_view_is(in->verdict, "OK"))
        return emit_decided(&w, in->verdict, false); /* the classifier's refusal passes through */
    if (rc == CX_OK)
        rc = decide_event(&w);
    if (rc == CX_OK)
        rc = cx_review_publications(&w);
    if (rc != CX_OK && !cx_is_verdict(rc))
        return rc;
    CX_TRY(cx_work_say_because(&w, rc));
    CX_TRY(emit_decided(&w, cx_view_of(cx_rc_name(rc)), rc == CX_OK));
    if (rc != CX_OK)
        return CX_OK;
    CX_TRY(emit_state(&w));
    return emit_seen(&w);
}

/* --- ticks, activations, walks ------------------------------------------------------------------------ */
static cx_rc tick_status(cx_step *step, const cx_tick *tick) {
    cx_status *s = cx_arena_calloc(step->arena, 1, sizeof *s);
    uint8_t *key = cx_arena_alloc(step->arena, 4);
    if (s == NULL || key == NULL)
        return CX_OUT_OF_MEMORY;
    uint32_t p = (uint32_t)step->origin.partition;
    key[0] = (uint8_t)(p >> 24), key[1] = (uint8_t)(p >> 16), key[2] = (uint8_t)(p >> 8), key[3] = (uint8_t)p;
    s->origin = (cx_origin){.partition = step->origin.partition, .offset = step->origin.offset};
    s->tick = tick->time;
    s->received_to = tick->received_to;
    s->virtual = tick->virtual;
    CX_TRY(cx_step_emit(step, CX_REGISTRAR_STATUS, (cx_view){(const char *)key, 4}, s));
    step->last->partition = step->origin.partition;
    return CX_OK;
}

/* Passes a tick or an activation on, in its own partition, behind what its walk decided. */
static cx_rc forward(cx_step *step, const cx_classified *in) {
    cx_decided *d = cx_arena_calloc(step->arena, 1, sizeof *d);
    if (d == NULL)
        return CX_OUT_OF_MEMORY;
    d->classified = *in;
    d->effective = in->event.body_kind == CX_EVENT_BODY_TICK ? in->event.body.tick->time : step->now;
    d->verdict = in->verdict;
    d->because = CX_VIEW("");
    CX_TRY(cx_step_emit(step, CX_REGISTRAR_DECIDED, (cx_view){NULL, 0}, d));
    step->last->partition = step->origin.partition;
    return in->event.body_kind == CX_EVENT_BODY_TICK ? tick_status(step, in->event.body.tick)
                                                     : cx_settle_activation(step, in->event.body.activation);
}

/* An event id whose time is over is forgotten, unless something still rests on it. */
static cx_rc walk_seen(cx_step *step) {
    const cx_subject_state *state = step->rows[0];
    const cx_seen_event *seen = step->rows[1];
    if (seen == NULL || seen->drop_after > step->due)
        return CX_OK;
    cx_view rest = {step->key.p + 1 + CX_SUBJECT, step->key.n - 1 - CX_SUBJECT};
    cx_view id, department = cx_view_split(rest, '\0', &id);
    if (state == NULL || !cx_state_mentions(state, department, id, cx_date_of_time(step->due)))
        return cx_step_emit(step, CX_REGISTRAR_STATE, step->key, NULL);
    cx_seen_event *later = cx_arena_alloc(step->arena, sizeof *later);
    if (later == NULL)
        return CX_OUT_OF_MEMORY;
    *later = *seen;
    later->drop_after =
        months_after(step->due, 3); /* looked at again: it is kept too long, never too short */
    return cx_step_emit(step, CX_REGISTRAR_STATE, step->key, later);
}

static cx_rc walk(cx_step *step) {
    cx_work w;
    if (cx_registrar_row_of(step->key) == CX_ROW_SEEN)
        return step->cause == CX_STEP_DUE ? walk_seen(step) : CX_OK;
    if (cx_registrar_row_of(step->key) != CX_ROW_SUBJECT || step->rows[0] == NULL)
        return CX_OK;
    cx_work_begin(&w, step, step->rows[0], (const uint8_t *)step->key.p + 1);
    cx_rc rc = step->cause == CX_STEP_DUE ? cx_walk_due(&w) : cx_walk_activation(&w);
    CX_ASSERT(!cx_is_verdict(rc) || step->cause == CX_STEP_WALK); /* what is due is always legal */
    if (rc != CX_OK && !cx_is_verdict(rc))
        return rc;
    if (rc != CX_OK) /* a new table that gives up on a row relieves nobody */
        cx_work_begin(&w, step, step->rows[0], (const uint8_t *)step->key.p + 1);
    CX_TRY(cx_review_publications(&w));
    if (w.changes.n + w.publications.n > 0)
        CX_TRY(emit_decided(&w, CX_VIEW("OK"), true));
    return emit_state(&w);
}

cx_rc cx_registrar_decide(cx_step *step) {
    const cx_classified *in = step->event;
    if (step->cause != CX_STEP_MESSAGE)
        return walk(step);
    return cx_is_tick(&in->event) ? forward(step, in) : decide_message(step, in);
}
