#include "common/run/about.h"

#include "schemas/types.h"

void cx_about_credit_event(const void *event, cx_about *about) {
    about->event_id = ((const cx_credit_event *)event)->event_id;
}

void cx_about_event(const void *event, cx_about *about) {
    const cx_event *e = event;
    if (e->header != NULL)
        about->event_id = e->header->event_id;
    if (e->body_kind == CX_EVENT_BODY_TICK) {
        about->kind = CX_EVENT_TICK;
        about->tick = e->body.tick->time;
        about->received_to = e->body.tick->received_to;
        about->is_virtual = e->body.tick->virtual;
    } else if (e->body_kind == CX_EVENT_BODY_ACTIVATION) {
        const cx_activation *a = e->body.activation;
        about->kind = CX_EVENT_ACTIVATION;
        about->activation = a->id;
        about->activated = a->state == CX_ACTIVATION_STATE_ACTIVATED ? a->pack : NULL;
        about->proposed = a->state == CX_ACTIVATION_STATE_PROPOSED ? a->pack : NULL;
    }
}

static void set_origin(cx_about *about, const cx_origin *origin, cx_time now) {
    about->has_origin = true;
    about->origin = (cx_position){origin->partition, origin->offset};
    about->now = now;
}

void cx_about_classified(const void *event, cx_about *about) {
    const cx_classified *c = event;
    cx_about_event(&c->event, about);
    set_origin(about, &c->origin, c->now);
}

void cx_about_decided(const void *event, cx_about *about) {
    const cx_decided *d = event;
    if (d->index == 0)
        cx_about_classified(&d->classified, about);
    else
        set_origin(about, &d->classified.origin, d->classified.now);
    about->index = d->index;
}

void cx_about_dispatch(const void *event, cx_about *about) {
    const cx_dispatch *d = event;
    set_origin(about, &d->origin, d->now);
    about->index = d->index;
    if (d->notice != NULL)
        about->pack = d->notice->pack;
    if (d->rejection != NULL)
        about->event_id = d->rejection->event_id;
}
