#include "ops/replay/one.h"

const cx_type *cx_one_type(cx_stages_topic topic) {
    static const cx_type *const types[CX_STAGES_TOPICS] = {
        [CX_STAGES_CLASSIFIED] = &cx_classified_type, [CX_STAGES_DECIDED] = &cx_decided_type,
        [CX_STAGES_NOTICES] = &cx_dispatch_type,      [CX_STAGES_INCENTIVES] = &cx_dispatch_type,
        [CX_STAGES_STATUS] = &cx_status_type,         [CX_STAGES_DERIVED] = &cx_event_type};
    return types[topic];
}

static bool is_dispatch(cx_stages_topic topic) {
    return topic == CX_STAGES_NOTICES || topic == CX_STAGES_INCENTIVES;
}

/* The event decided on; NULL in a notice, which does not carry it. */
static const cx_classified *classified_of(cx_stages_topic topic, const void *value) {
    if (topic == CX_STAGES_CLASSIFIED)
        return value;
    return topic == CX_STAGES_DECIDED ? &((const cx_decided *)value)->classified : NULL;
}

static void read_dispatch(const cx_dispatch *d, cx_one *one) {
    one->origin = (cx_position){d->origin.partition, d->origin.offset};
    one->index = d->index;
    (void)memcpy(one->subject, d->subject, sizeof one->subject);
}

static void read_derived(const cx_event *e, cx_one *one) {
    CX_ASSERT(e->cause != NULL);
    one->origin = (cx_position){e->cause->partition, e->cause->offset};
    one->index = e->cause->index;
    (void)memcpy(one->subject, e->subject, sizeof one->subject);
}

void cx_one_read(cx_stages_topic topic, const void *value, cx_one *one) {
    const cx_classified *c = classified_of(topic, value);
    one->value = value;
    if (is_dispatch(topic)) {
        read_dispatch(value, one);
    } else if (topic == CX_STAGES_DERIVED) {
        read_derived(value, one);
    } else {
        CX_ASSERT(c != NULL);
        const cx_decided *d = topic == CX_STAGES_DECIDED ? value : NULL;
        one->origin = (cx_position){c->origin.partition, c->origin.offset};
        one->index = d != NULL ? d->index : 0;
        (void)memcpy(one->subject, d != NULL ? d->subject : c->event.subject, sizeof one->subject);
    }
}

cx_rc cx_ones_add(cx_ones *ones, const cx_one *one, cx_arena *arena) {
    cx_one *copy = cx_arena_calloc(arena, 1, sizeof *copy);
    if (copy == NULL)
        return CX_OUT_OF_MEMORY;
    *copy = *one;
    copy->next = NULL;
    copy->value = NULL;
    copy->key = cx_arena_copy(arena, one->key);
    copy->bytes = cx_arena_copy(arena, one->bytes);
    if (copy->key.p == NULL || copy->bytes.p == NULL)
        return CX_OUT_OF_MEMORY;
    if (ones->last == NULL)
        ones->first = copy;
    else
        ones->last->next = copy;
    ones->last = copy;
    ones->n++;
    return CX_OK;
}

static bool same_partition(const cx_one *recorded, const cx_one *again) {
    return again->partition < 0 || recorded->partition == again->partition;
}

bool cx_one_same_bytes(const cx_one *recorded, const cx_one *again) {
    return recorded->index == again->index && same_partition(recorded, again) &&
           cx_view_eq(recorded->key, again->key) && cx_view_eq(recorded->bytes, again->bytes);
}

static cx_view notice_of(const cx_dispatch *d) {
    return d->notice != NULL      ? d->notice->id
           : d->rejection != NULL ? d->rejection->event_id
                                  : (cx_view){NULL, 0};
}

bool cx_one_is(cx_stages_topic topic, const cx_one *recorded, const cx_one *again) {
    if (recorded->index != again->index || !same_partition(recorded, again) ||
        memcmp(recorded->subject, again->subject, sizeof recorded->subject) != 0)
        return false;
    if (is_dispatch(topic))
        return cx_view_eq(notice_of(recorded->value), notice_of(again->value));
    return topic != CX_STAGES_DERIVED ||
           ((const cx_event *)recorded->value)->body_kind == ((const cx_event *)again->value)->body_kind;
}

const uint8_t *cx_one_pack(cx_stages_topic topic, const void *value) {
    const cx_classified *c = classified_of(topic, value);
    if (is_dispatch(topic)) {
        const cx_dispatch *d = value;
        return d->notice != NULL ? d->notice->pack : NULL;
    }
    if (topic == CX_STAGES_DECIDED) {
        const cx_decided *d = value;
        for (size_t i = 0; i < d->changes.n; i++)
            if (d->changes.items[i].entry != NULL)
                return d->changes.items[i].entry->pack;
    }
    return c != NULL && c->classification != NULL ? c->classification->pack : NULL;
}

void cx_one_describe(cx_stages_topic topic, const cx_one *one, cx_replay_difference *out) {
    const cx_classified *c = classified_of(topic, one->value);
    const cx_event *event = topic == CX_STAGES_DERIVED ? one->value : c != NULL ? &c->event : NULL;
    out->origin = one->origin;
    out->index = one->index;
    out->subject = one->subject;
    out->type = cx_one_type(topic);
    out->derived = topic == CX_STAGES_DERIVED;
    out->pack = cx_one_pack(topic, one->value);
    out->event_id = out->department = CX_VIEW("");
    if (event != NULL && event->header != NULL) {
        out->event_id = event->header->event_id;
        out->department = event->header->department;
    } else if (is_dispatch(topic)) {
        out->department = ((const cx_dispatch *)one->value)->department;
        out->event_id = notice_of(one->value);
    }
    out->stage = topic == CX_STAGES_CLASSIFIED   ? CX_STAGES_CLASSIFIER
                 : topic == CX_STAGES_NOTICES    ? CX_STAGES_SANCTIONER
                 : topic == CX_STAGES_INCENTIVES ? CX_STAGES_POINTS
                                                 : CX_STAGES_REGISTRAR;
}
