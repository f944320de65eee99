/* A request of credit.activations, from its arrival to its answer in the log. Ticks go on meanwhile. */
#include <string.h>

#include "common/base/log.h"
#include "services/clock/clock.h"
#include "services/clock/plan.h"

enum { LEAP_TICKS = 32, PATIENCE_MS = 600000 };

/* The request is answered: what follows it may come. */
static cx_rc finish(cx_clock *c, const cx_metadata *now, cx_err *err) {
    CX_TRY(cx_clock_commit(c, c->held.offset + 1, now, err));
    cx_message_release(&c->held);
    return CX_OK;
}

static cx_rc pass_over(cx_clock *c, const char *why, cx_err *err) {
    cx_log_warn("the request at offset %lld of credit.activations is passed over: %s",
                (long long)c->held.offset, why);
    CX_TRY(cx_clock_begin(c, err));
    cx_metadata now = c->now;
    now.counting[0] = '\0';
    return finish(c, &now, err);
}

static cx_rc leap(cx_clock *c, cx_time to, cx_err *err) {
    if (!c->now.is_virtual)
        return pass_over(c, "only a virtual log's clock can be moved", err);
    cx_metadata now = c->now;
    CX_TRY(cx_clock_begin(c, err));
    for (int i = 0; i < LEAP_TICKS && now.tick < to; i++) {
        now.tick = now.received_to = cx_clock_leap(now.tick, to);
        CX_TRY(cx_clock_tick(c, now.tick, now.received_to, err));
    }
    bool there = now.tick >= to;
    CX_TRY(there ? finish(c, &now, err) : cx_clock_commit(c, c->next, &now, err));
    c->base_log = c->now.tick; /* it runs on from there */
    c->base_steady = cx_clock_steady();
    return CX_OK;
}

static cx_rc answer(cx_clock *c, const cx_activation_request *request, cx_activation_state state,
                    int64_t listed, int64_t limit, cx_err *err) {
    cx_log_info("activation %.*s: %s, %lld more subjects to be listable, of %lld that may be",
                CX_VIEW_ARGS(request->id), cx_activation_state_name(state), (long long)listed,
                (long long)limit);
    CX_TRY(cx_clock_begin(c, err));
    CX_TRY(cx_clock_activation(c, request, state, listed, limit, err));
    cx_metadata now = c->now;
    now.counting[0] = '\0';
    if (state != CX_ACTIVATION_STATE_PROPOSED)
        return finish(c, &now, err);
    (void)memcpy(now.counting, request->id.p, request->id.n);
    now.counting[request->id.n] = '\0';
    return cx_clock_commit(c, c->next, &now, err);
}

static cx_rc activate(cx_clock *c, const cx_activation_request *request, cx_err *err) {
    bool all = false;
    int64_t listed = 0, limit = 0;
    if (!cx_view_is_code(request->id, sizeof c->now.counting - 1))
        return pass_over(c, "its id is no code", err);
    if (!cx_view_is(request->id, c->now.counting)) {
        CX_TRY(cx_reports_compiled(c, request->pack, &all, err));
        if (all)
            return answer(c, request, CX_ACTIVATION_STATE_PROPOSED, 0, 0, err);
        bool late = cx_clock_steady() - c->held_since > PATIENCE_MS;
        return late ? answer(c, request, CX_ACTIVATION_STATE_HELD, 0, 0, err)
                    : CX_OK; /* some stage cannot use the pack */
    }
    CX_TRY(cx_reports_counted(c, request->id, &all, &listed, &limit, err));
    if (!all)
        return CX_OK;
    return answer(c, request, cx_clock_judges(listed, limit), listed, limit, err);
}

cx_rc cx_clock_request(cx_clock *c, cx_err *err) {
    const void *decoded = NULL;
    cx_err why = {0};
    if (!c->owner || c->held.handle == NULL || c->now.tick == CX_NO_TIME)
        return CX_OK;
    cx_arena_reset(c->arena);
    if (cx_codec_decode(c->codec, &cx_activation_request_type, c->held.value, c->arena, &decoded, &why) !=
        CX_OK)
        return pass_over(c, why.text, err);
    const cx_activation_request *request = decoded;
    return request->has_clock_to ? leap(c, request->clock_to, err) : activate(c, request, err);
}
