#include "services/classifier/decide.h"
#include "services/registrar/decide.h"
#include "services/sanctioner/decide.h"
#include "tests/model/chain_inside.h"

void cx_chain_describe(cx_chain *c) {
    c->stages[CLASSIFIER] = (chain_stage){.name = "classifier", .decide = cx_classifier_decide};
    c->stages[REGISTRAR] = (chain_stage){.name = "registrar",
                                         .decide = cx_registrar_decide,
                                         .keys = cx_registrar_keys,
                                         .due = cx_registrar_due};
    c->stages[SANCTIONER] = (chain_stage){.name = "sanctioner",
                                          .decide = cx_sanctioner_decide,
                                          .keys = cx_sanctioner_keys,
                                          .due = cx_sanctioner_due};
}

/* --- a stage ------------------------------------------------------------------------------------------ */

static const cx_type *row_type(int s, cx_view key) {
    if (s == SANCTIONER)
        return &cx_measure_state_type;
    switch (cx_registrar_row_of(key)) {
    case CX_ROW_SUBJECT:
        return &cx_subject_state_type;
    case CX_ROW_SEEN:
        return &cx_seen_event_type;
    case CX_ROW_BREAKER:
        return &cx_breaker_state_type;
    case CX_ROW_UNKNOWN:
        break;
    }
    return NULL;
}

static cx_rc put_row(cx_chain *c, int s, int32_t partition, const cx_effect *e, cx_err *err) {
    const void *row = NULL;
    cx_view bytes;
    const cx_type *type = row_type(s, e->key);
    if (type == NULL)
        return cx_fail(err, CX_NOT_DECODED, "%s writes a row under an unknown key", c->stages[s].name);
    if (e->value != NULL)
        CX_TRY(cx_chain_pass(c, type, e->value, &row, &bytes, err));
    return cx_rows_put(&c->stages[s].parts[partition].rows, e->key, row, c->arena);
}

/* A message on its way from a stage to the next. */
static cx_rc forward(cx_chain *c, int s, const chain_input *in, const cx_effect *e, cx_err *err) {
    static const cx_chain_topic topics[STAGES] = {CX_CHAIN_CLASSIFIED, CX_CHAIN_DECIDED, CX_CHAIN_NOTICES};
    static const cx_type *const types[STAGES] = {&cx_classified_type, &cx_decided_type, &cx_dispatch_type};
    const void *value;
    if (e->partition >= 0 && e->partition != in->partition)
        return cx_fail(err, CX_TOPIC_PARTITIONS, "%s left its partition", c->stages[s].name);
    CX_TRY(cx_chain_append(c, topics[s], in->partition, e->key, types[s], e->value, &value, err));
    if (s == SANCTIONER)
        return CX_OK;
    chain_input m = {.partition = in->partition, .key = e->key, .value = value};
    const cx_classified *classified = s == CLASSIFIER ? value : &((const cx_decided *)value)->classified;
    m.origin = (cx_position){classified->origin.partition, classified->origin.offset};
    m.now = classified->now;
    m.event = &classified->event;
    m.index = s == CLASSIFIER ? 0 : ((const cx_decided *)value)->index;
    return cx_chain_deliver(c, s + 1, &m, err);
}

/* The registrar's other outputs. */
static cx_rc side_effect(cx_chain *c, const chain_input *in, const cx_effect *e, cx_err *err) {
    if (e->output == CX_REGISTRAR_STATUS)
        return cx_chain_append(c, CX_CHAIN_STATUS, in->partition, e->key, &cx_status_type, e->value, NULL,
                               err);
    const cx_event *event = e->value;
    int32_t p = e->partition >= 0 ? e->partition : cx_chain_partition(c, event->subject);
    return cx_chain_append(c, CX_CHAIN_RECORDS, p, e->key, &cx_event_type, event, NULL, err);
}

static cx_rc take_effects(cx_chain *c, int s, const chain_input *in, const cx_step *step, cx_err *err) {
    for (const cx_effect *e = step->first; e != NULL; e = e->next) {
        bool state = (s == REGISTRAR && e->output == CX_REGISTRAR_STATE) ||
                     (s == SANCTIONER && e->output == CX_SANCTIONER_MEASURES);
        if (state)
            CX_TRY(put_row(c, s, in->partition, e, err));
        else if (e->output == 0)
            CX_TRY(forward(c, s, in, e, err));
        else
            CX_TRY(side_effect(c, in, e, err));
    }
    return CX_OK;
}

static cx_rc decide(cx_chain *c, int s, const chain_input *m, cx_step *step, cx_err *err) {
    chain_stage *st = &c->stages[s];
    cx_view keys[CX_STEP_KEYS];
    int n = 0;
    step->event = m->value;
    step->origin = m->origin;
    step->partitions = c->partitions;
    step->policies = st->parts[m->partition].policies;
    step->arena = c->arena;
    cx_rc rc = st->keys != NULL ? st->keys(step, keys, &n) : CX_OK;
    for (int i = 0; i < n; i++)
        step->rows[i] = cx_rows_get(&st->parts[m->partition].rows, keys[i]);
    if (rc == CX_OK)
        rc = st->decide(step);
    if (rc != CX_OK)
        return cx_fail(err, rc, "%s: %s", st->name, cx_rc_name(rc));
    return take_effects(c, s, m, step, err);
}

/* --- walks -------------------------------------------------------------------------------------------- */
typedef struct place {
    cx_time due;
    cx_view key;
} place;

static bool is_before(place a, place b) {
    return a.due != b.due ? a.due < b.due : cx_view_cmp(a.key, b.key) < 0;
}

/* The first row behind `after` that wants a walk at or before `tick`; in an activation's walk (due NULL) the
 * first subject's. */
static bool next_row(const chain_part *part, cx_time (*due)(cx_view, const void *), cx_time tick,
                     const place *after, place *out) {
    bool found = false;
    for (size_t i = 0; i < part->rows.room; i++) {
        const cx_row *row = &part->rows.items[i];
        if (row->key.p == NULL || row->value == NULL || (due == NULL && row->key.p[0] != 's'))
            continue;
        place at = {due != NULL ? due(row->key, row->value) : 0, row->key};
        if (at.due == CX_NO_TIME || (due != NULL && at.due > tick))
            continue;
        if ((after == NULL || is_before(*after, at)) && (!found || is_before(at, *out))) {
            *out = at;
            found = true;
        }
    }
    return found;
}

static cx_rc walk(cx_chain *c, int s, const chain_input *m, cx_time tick, bool due, cx_err *err) {
    chain_stage *st = &c->stages[s];
    chain_part *part = &st->parts[m->partition];
    place last, at;
    int32_t index = 0;
    while (next_row(part, due ? st->due : NULL, tick, index > 0 ? &last : NULL, &at)) {
        cx_step step = {.cause = due ? CX_STEP_DUE : CX_STEP_WALK,
                        .key = at.key,
                        .index = ++index,
                        .now = part->tick,
                        .due = due ? at.due : part->tick};
        CX_TRY(decide(c, s, m, &step, err));
        last = at;
    }
    return CX_OK;
}

static const cx_pack *pack_of(const cx_chain *c, const uint8_t hash[CX_PACK_HASH]) {
    for (size_t i = 0; i < c->pack_n; i++)
        if (memcmp(cx_pack_hash(c->packs[i]), hash, CX_PACK_HASH) == 0)
            return c->packs[i];
    return NULL;
}

cx_rc cx_chain_deliver(cx_chain *c, int s, const chain_input *m, cx_err *err) {
    chain_part *part = &c->stages[s].parts[m->partition];
    const cx_event *event = m->event;
    bool whole = m->index == 0; /* not what a walk decided of a tick */
    if (whole && event->body_kind == CX_EVENT_BODY_TICK) {
        if (part->tick != CX_NO_TIME && event->body.tick->time <= part->tick)
            return CX_OK;
        part->tick = event->body.tick->time;
        if (c->stages[s].due != NULL)
            CX_TRY(walk(c, s, m, part->tick, true, err));
    } else if (whole && event->body_kind == CX_EVENT_BODY_ACTIVATION) {
        const cx_pack *pack = pack_of(c, event->body.activation->pack);
        if (pack == NULL)
            return cx_fail(err, CX_NOT_FOUND, "an activation of an unknown pack");
        CX_TRY(cx_policies_activate(part->policies, pack));
        if (s == REGISTRAR)
            CX_TRY(walk(c, s, m, part->tick, false, err));
    }
    cx_time now = m->now != CX_NO_TIME ? m->now : part->tick;
    cx_step step = {.cause = CX_STEP_MESSAGE, .key = m->key, .index = 0, .now = now, .due = now};
    return decide(c, s, m, &step, err);
}
