#include "services/points/decide.h"

#include "services/points/work.h"

cx_time cx_points_due(cx_view key, const void *row) {
    const cx_points_state *state = row;
    (void)key;
    return state != NULL && state->has_due ? state->due : CX_NO_TIME;
}

bool cx_points_walked(cx_view key) {
    return key.n == CX_SUBJECT;
}

/* The tick or activation itself; what its walk decided has an index above 0. */
static bool is_tick(const cx_decided *in) {
    cx_event_body_kind kind = in->classified.event.body_kind;
    return in->index == 0 && (kind == CX_EVENT_BODY_TICK || kind == CX_EVENT_BODY_ACTIVATION);
}

cx_rc cx_points_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n) {
    const cx_decided *in = step->event;
    *n = 0;
    if (step->cause != CX_STEP_MESSAGE)
        keys[(*n)++] = step->key;
    else if (!is_tick(in) && cx_view_is(in->verdict, "OK"))
        keys[(*n)++] = (cx_view){(const char *)in->subject, CX_SUBJECT};
    return CX_OK;
}

static void begin(cx_till *t, cx_step *step, const uint8_t subject[CX_SUBJECT]) {
    const cx_points_state *row = step->rows[0];
    *t = (cx_till){.step = step, .arena = step->arena, .in = step->event};
    t->walks = step->cause != CX_STEP_MESSAGE;
    t->today = cx_date_of_time(t->walks ? step->due : t->in->effective);
    if (row != NULL)
        t->state = *row;
    (void)memcpy(t->state.subject, subject, CX_SUBJECT);
}

static void sooner(cx_points_state *s, cx_date day) {
    cx_time at = cx_time_of_date(day);
    if (!s->has_due || at < s->due)
        s->due = at;
    s->has_due = true;
}

static cx_rc write_row(cx_till *t) {
    cx_points_state *row = cx_arena_alloc(t->arena, sizeof *row);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    *row = t->state;
    row->has_due = false;
    row->due = 0;
    for (size_t i = 0; i < row->consents.n; i++)
        if (row->consents.items[i].has_until)
            sooner(row, row->consents.items[i].until + 1);
    bool empty = row->consents.n == 0 && row->linked_to == NULL;
    return cx_step_emit(t->step, CX_POINTS_STATE, (cx_view){(const char *)row->subject, CX_SUBJECT},
                        empty ? NULL : row);
}

static cx_rc close_till(cx_till *t) {
    cx_till_tidy(t);
    CX_TRY(cx_till_settle(t));
    return t->touched ? write_row(t) : CX_OK;
}

static cx_rc walk(cx_step *step) {
    cx_till t;
    if (step->rows[0] == NULL || step->proposed != NULL)
        return CX_OK; /* a pack that was proposed is not the law */
    begin(&t, step, (const uint8_t *)step->key.p);
    t.pack = cx_policies_now(step->policies, t.state.jurisdiction);
    CX_TRY(cx_till_value(&t));
    return close_till(&t);
}

cx_rc cx_points_decide(cx_step *step) {
    const cx_decided *in = step->event;
    cx_till t;
    if (step->cause != CX_STEP_MESSAGE)
        return walk(step);
    if (is_tick(in) || !cx_view_is(in->verdict, "OK"))
        return CX_OK;
    begin(&t, step, in->subject);
    if (in->index == 0)
        CX_TRY(cx_till_hear(&t, &in->classified.event));
    t.pack = cx_policies_now(step->policies, t.state.jurisdiction);
    for (size_t i = 0; i < in->changes.n; i++)
        if (in->changes.items[i].record != NULL)
            CX_TRY(cx_till_count(&t, in->changes.items[i].record));
    return t.state.consents.n > 0 || t.state.opened.n > 0 || t.touched ? close_till(&t) : CX_OK;
}
