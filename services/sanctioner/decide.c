#include "services/sanctioner/decide.h"

#include "services/sanctioner/work.h"
#include "common/base/mistake.h"

/* The tick or activation itself; what its walk decided has an index above 0. */
static bool is_tick(const cx_decided *in) {
    cx_event_body_kind kind = in->classified.event.body_kind;
    return in->index == 0 && (kind == CX_EVENT_BODY_TICK || kind == CX_EVENT_BODY_ACTIVATION);
}

cx_time cx_sanctioner_due(cx_view key, const void *row) {
    const cx_measure_state *state = row;
    (void)key;
    return state != NULL && state->has_due ? state->due : CX_NO_TIME;
}

bool cx_sanctioner_wrote(const void *dispatch) {
    const cx_notice *n = ((const cx_dispatch *)dispatch)->notice;
    return n == NULL || n->kind != CX_NOTICE_KIND_INCENTIVE || n->entry.n > 0;
}

cx_rc cx_sanctioner_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n) {
    const cx_decided *in = step->event;
    *n = 0;
    if (step->cause == CX_STEP_DUE)
        keys[(*n)++] = step->key;
    else if (step->cause == CX_STEP_MESSAGE && !is_tick(in))
        keys[(*n)++] = (cx_view){(const char *)in->subject, CX_SUBJECT};
    return CX_OK;
}

static void sooner(cx_time *due, cx_date day) {
    if (*due == CX_NO_TIME || cx_time_of_date(day) < *due)
        *due = cx_time_of_date(day);
}

/* The first day after a missed response; the next review. */
static cx_time due_of(const cx_issued_measure_array *rows) {
    cx_time due = CX_NO_TIME;
    for (size_t i = 0; i < rows->n; i++) {
        const cx_issued_measure *row = &rows->items[i];
        if (row->has_respond_by && !row->overdue)
            sooner(&due, row->respond_by + 1);
        if (row->has_review_on &&
            (row->state == CX_MEASURE_STAGE_ISSUED || row->state == CX_MEASURE_STAGE_RESTING))
            sooner(&due, row->review_on);
    }
    return due;
}

/* Undone and acknowledged: nothing can follow from it any more. */
static void forget_undone(cx_office *o) {
    size_t n = 0;
    for (size_t i = 0; i < o->rows.n; i++)
        if (o->rows.items[i].state != CX_MEASURE_STAGE_ENDED ||
            o->rows.items[i].last_kind != CX_NOTICE_KIND_UNDO)
            o->rows.items[n++] = o->rows.items[i];
    o->rows.n = n;
}

static cx_rc write_row(cx_office *o) {
    if (!o->own)
        return CX_OK;
    forget_undone(o);
    cx_measure_state *row = cx_arena_calloc(o->arena, 1, sizeof *row);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    cx_time due = due_of(&o->rows);
    (void)memcpy(row->subject, o->subject, CX_SUBJECT);
    row->has_due = due != CX_NO_TIME;
    row->due = row->has_due ? due : 0;
    row->measures = o->rows;
    return cx_step_emit(o->step, CX_SANCTIONER_MEASURES, (cx_view){(const char *)row->subject, CX_SUBJECT},
                        row);
}

static void begin(cx_office *o, cx_step *step, const uint8_t subject[CX_SUBJECT]) {
    const cx_measure_state *row = step->rows[0];
    *o = (cx_office){.step = step, .arena = step->arena, .in = step->event, .policies = step->policies};
    o->walks = step->cause == CX_STEP_DUE;
    o->now = o->walks ? step->due : o->in->effective;
    o->today = cx_date_of_time(o->now);
    (void)memcpy(o->subject, subject, CX_SUBJECT);
    if (row != NULL)
        o->rows = row->measures;
}

/* A refusal goes home; a duplicate changed nothing, and what the registrar derived was sent by nobody. */
static cx_rc refuse(cx_office *o) {
    const cx_event *event = &o->in->classified.event;
    bool derived =
        event->cause != NULL && (!event->cause->forwarded || event->body_kind >= CX_EVENT_BODY_BOUND);
    if (event->header == NULL || derived || cx_view_is(o->in->verdict, "DUPLICATE") ||
        CX_MISTAKE(REFUSALS_LOST))
        return CX_OK;
    bool early =
        !cx_view_is(o->in->classified.verdict, "OK") && cx_view_eq(o->in->classified.verdict, o->in->verdict);
    return cx_send_home(o, o->in->verdict, early ? "classifier" : "registrar");
}

/* The same message says more of the entry further on: departments are told once, how it stands in the end. */
static bool goes_on(const cx_decided *in, size_t i) {
    for (size_t k = i + 1; k < in->changes.n; k++)
        if (in->changes.items[k].entry != NULL &&
            cx_view_eq(in->changes.items[k].entry->id, in->changes.items[i].entry->id))
            return true;
    return false;
}

static cx_rc decide_subject(cx_step *step, const cx_decided *in) {
    cx_office o;
    begin(&o, step, in->subject);
    if (!cx_view_is(in->verdict, "OK"))
        return refuse(&o);
    for (size_t i = 0; i < in->changes.n; i++) {
        if (in->changes.items[i].entry != NULL && !goes_on(in, i))
            CX_TRY(cx_follow_entry(&o, &in->changes.items[i]));
        CX_TRY(cx_tell_change(&o, &in->changes.items[i]));
    }
    CX_TRY(cx_tell_publications(&o));
    CX_TRY(cx_undo_queries(&o));
    const cx_event *event = &in->classified.event;
    if (event->body_kind == CX_EVENT_BODY_MEASURE_FEEDBACK && in->index == 0)
        CX_TRY(cx_take_feedback(&o, event->header, event->body.measure_feedback));
    return write_row(&o);
}

/* A tick or an activation, in its own partition: it says how far this stage has come. */
static cx_rc forward(cx_step *step, const cx_decided *in) {
    cx_dispatch *d = cx_arena_calloc(step->arena, 1, sizeof *d);
    if (d == NULL)
        return CX_OUT_OF_MEMORY;
    d->origin = (cx_origin){.partition = step->origin.partition, .offset = step->origin.offset};
    d->now = in->effective;
    CX_TRY(cx_step_emit(step, CX_SANCTIONER_NOTICES, (cx_view){NULL, 0}, d));
    step->last->partition = step->origin.partition;
    return CX_OK;
}

cx_rc cx_sanctioner_decide(cx_step *step) {
    const cx_decided *in = step->event;
    if (step->cause == CX_STEP_MESSAGE)
        return is_tick(in) ? forward(step, in) : decide_subject(step, in);
    if (step->cause != CX_STEP_DUE || step->key.n != CX_SUBJECT || step->rows[0] == NULL)
        return CX_OK;
    cx_office o;
    begin(&o, step, (const uint8_t *)step->key.p);
    CX_TRY(cx_follow_time(&o));
    return write_row(&o);
}
