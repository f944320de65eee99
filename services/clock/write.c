/* What the clock writes: to every partition, in one transaction. */
#include <string.h>

#include "common/base/log.h"
#include "services/clock/clock.h"

cx_rc cx_clock_begin(cx_clock *c, cx_err *err) {
    if (c->producer == NULL || c->producer_broken) {
        cx_producer_destroy(&c->producer);
        CX_TRY(cx_producer_new(c->config, c->instance, &c->producer, err));
        c->producer_broken = false;
    }
    return cx_producer_is_open(c->producer) ? CX_OK : cx_producer_begin(c->producer, err);
}

static cx_rc send_everywhere(cx_clock *c, const cx_event *event, cx_time at, cx_err *err) {
    cx_view value;
    cx_outgoing m = {.timestamp = at > 0 ? at : 1};
    CX_TRY(cx_codec_encode(c->codec, &cx_event_type, event, &value, err));
    CX_TRY(cx_producer_topic(c->producer, "credit.records", &m.topic, err));
    m.value = value;
    for (m.partition = 0; m.partition < c->partitions; m.partition++)
        CX_TRY(cx_producer_send(c->producer, &m, err));
    return CX_OK;
}

cx_rc cx_clock_tick(cx_clock *c, cx_time tick, cx_time received_to, cx_err *err) {
    cx_tick body = {.time = tick, .received_to = received_to, .virtual = c->now.is_virtual};
    cx_event event = {.body_kind = CX_EVENT_BODY_TICK, .body.tick = &body};
    return send_everywhere(c, &event, tick, err);
}

cx_rc cx_clock_activation(cx_clock *c, const cx_activation_request *request, cx_activation_state state,
                          int64_t listed, int64_t limit, cx_err *err) {
    cx_activation body = {.id = request->id,
                          .jurisdiction = request->jurisdiction,
                          .state = state,
                          .who = request->who,
                          .listed = listed,
                          .limit = limit};
    (void)memcpy(body.pack, request->pack, sizeof body.pack);
    cx_event event = {.body_kind = CX_EVENT_BODY_ACTIVATION, .body.activation = &body};
    return send_everywhere(c, &event, c->now.tick, err);
}

cx_rc cx_clock_commit(cx_clock *c, int64_t next, const cx_metadata *now, cx_err *err) {
    char text[CX_METADATA_TEXT];
    cx_member *member = NULL;
    cx_place place = {"credit.activations", 0, next, text};
    uint64_t began = cx_metrics_now();
    cx_rc rc = cx_metadata_format(now, text, err);
    if (rc == CX_OK)
        rc = cx_consumer_member(c->consumer, &member, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(c->producer, &place, 1, member, err);
    cx_member_destroy(&member);
    if (rc != CX_OK) {
        c->producer_broken = true;
        return rc;
    }
    c->next = next;
    c->now = *now;
    cx_histogram_add(&c->metrics.commit_seconds, cx_metrics_now() - began);
    atomic_fetch_add(&c->metrics.batches, 1);
    atomic_fetch_add(&c->metrics.ticks, 1);
    atomic_fetch_add(&c->metrics.effects, cx_producer_sent(c->producer));
    atomic_store(&c->metrics.tick, now->tick);
    atomic_store(&c->metrics.received_to, now->received_to);
    return CX_OK;
}

void cx_clock_drop(cx_clock *c) {
    cx_err err = {0};
    if (c->producer == NULL || !cx_producer_is_open(c->producer))
        return;
    atomic_fetch_add(&c->metrics.aborts, 1);
    if (!c->producer_broken && cx_producer_abort(c->producer, &err) == CX_OK)
        return;
    c->producer_broken = true;
    cx_producer_destroy(&c->producer);
}
