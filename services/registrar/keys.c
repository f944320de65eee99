/* Keys of the registrar's rows, and which of them an event needs. */
#include "services/registrar/work.h"

bool cx_is_tick(const cx_event *event) {
    return event->body_kind == CX_EVENT_BODY_TICK || event->body_kind == CX_EVENT_BODY_ACTIVATION;
}

bool cx_is_derived(const cx_event *event) {
    return event->cause != NULL && (!event->cause->forwarded || event->body_kind >= CX_EVENT_BODY_BOUND);
}

cx_view cx_subject_key(cx_arena *arena, const void *subject) {
    char *p = cx_arena_alloc(arena, 1 + CX_SUBJECT);
    if (p == NULL)
        return (cx_view){NULL, 0};
    p[0] = 's';
    (void)memcpy(p + 1, subject, CX_SUBJECT);
    return (cx_view){p, 1 + CX_SUBJECT};
}

cx_view cx_seen_key(cx_arena *arena, const void *subject, cx_view department, cx_view id) {
    size_t n = 1 + CX_SUBJECT + department.n + 1 + id.n;
    char *p = cx_arena_alloc(arena, n);
    if (p == NULL)
        return (cx_view){NULL, 0};
    p[0] = 'i';
    (void)memcpy(p + 1, subject, CX_SUBJECT);
    if (department.n > 0)
        (void)memcpy(p + 1 + CX_SUBJECT, department.p, department.n);
    p[1 + CX_SUBJECT + department.n] = '\0';
    if (id.n > 0)
        (void)memcpy(p + 2 + CX_SUBJECT + department.n, id.p, id.n);
    return (cx_view){p, n};
}

cx_registrar_row cx_registrar_row_of(cx_view key) {
    if (key.n == 1 + CX_SUBJECT && key.p[0] == 's')
        return CX_ROW_SUBJECT;
    if (key.n > 1 + CX_SUBJECT && key.p[0] == 'i')
        return CX_ROW_SEEN;
    return key.n > 5 && key.p[0] == 'b' ? CX_ROW_BREAKER : CX_ROW_UNKNOWN;
}

cx_time cx_registrar_due(cx_view key, const void *row) {
    if (row == NULL)
        return CX_NO_TIME;
    if (cx_registrar_row_of(key) == CX_ROW_SEEN)
        return ((const cx_seen_event *)row)->drop_after;
    if (cx_registrar_row_of(key) != CX_ROW_SUBJECT)
        return CX_NO_TIME;
    const cx_subject_state *state = row;
    return state->has_due ? state->due : CX_NO_TIME;
}

static cx_rc message_keys(const cx_step *step, const cx_event *event, cx_view *keys, int *n) {
    keys[(*n)++] = cx_subject_key(step->arena, event->subject);
    bool derived = cx_is_derived(event);
    if (!derived && event->header != NULL)
        keys[(*n)++] =
            cx_seen_key(step->arena, event->subject, event->header->department, event->header->event_id);
    if (derived && event->body_kind == CX_EVENT_BODY_BREAKER)
        keys[(*n)++] = cx_breaker_key(step->arena, step->origin.partition, event->body.breaker->department);
    if (event->header != NULL && (event->body_kind == CX_EVENT_BODY_LISTING_DECISION ||
                                  event->body_kind == CX_EVENT_BODY_BREAKER_RELEASE))
        keys[(*n)++] = cx_breaker_key(step->arena, step->origin.partition, cx_breaker_of(event));
    return CX_OK;
}

cx_rc cx_registrar_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n) {
    const cx_classified *in = step->event;
    *n = 0;
    if (step->cause == CX_STEP_MESSAGE && !cx_is_tick(&in->event)) {
        CX_TRY(message_keys(step, &in->event, keys, n));
    } else if (step->cause == CX_STEP_MESSAGE && in->event.body_kind == CX_EVENT_BODY_ACTIVATION) {
        cx_view id = cx_activation_breaker(step->arena, in->event.body.activation);
        if (id.p == NULL)
            return CX_OUT_OF_MEMORY;
        keys[(*n)++] = cx_breaker_key(step->arena, step->origin.partition, id);
    } else if (step->cause != CX_STEP_MESSAGE && cx_registrar_row_of(step->key) == CX_ROW_SUBJECT) {
        keys[(*n)++] = step->key;
    } else if (step->cause == CX_STEP_DUE && cx_registrar_row_of(step->key) == CX_ROW_SEEN) {
        keys[(*n)++] = cx_subject_key(step->arena, step->key.p + 1);
        keys[(*n)++] = step->key;
    }
    for (int i = 0; i < *n; i++)
        if (keys[i].p == NULL)
            return CX_OUT_OF_MEMORY;
    return CX_OK;
}
