/* One message through the stages: as common/run does it (advance.c, step.c), without a bus. */
#include <stdlib.h>

#include "ops/replay/stages_inside.h"
#include "services/registrar/decide.h"

enum { WALK_KEY = 512 };

/* A message before a stage. */
struct input {
    cx_stages_name stage;
    int32_t partition;
    cx_view key;
    const void *value;
    cx_about about;
    cx_position origin;
};

/* --- what a stage hands out --------------------------------------------------------------------------- */
static cx_rc deliver(cx_stages *s, struct input *in, cx_err *err);

/* Whether a stage's input is what that other stage writes. */
static bool reads_from(cx_stages_name stage, cx_stages_name writer) {
    static const int writers[CX_STAGES_COUNT] = {-1, CX_STAGES_CLASSIFIER, CX_STAGES_REGISTRAR,
                                                 CX_STAGES_REGISTRAR};
    return writers[stage] == (int)writer;
}

/* Over the wire, and to the caller. */
static cx_rc hand_out(cx_stages *s, const struct input *in, const cx_effect *e, cx_stages_output *out,
                      cx_err *err) {
    cx_view bytes;
    CX_TRY(cx_codec_encode(s->codec, out->type, e->value, &bytes, err));
    out->bytes = cx_arena_copy(s->arena, bytes);
    if (out->bytes.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_decode(s->codec, out->type, out->bytes, s->arena, &out->value, err));
    out->origin = in->origin;
    out->key = e->key;
    return s->events.output(s->events.context, out, err);
}

/* A message on its way from a stage to the next. */
static cx_rc forward(cx_stages *s, const struct input *in, const cx_effect *e, cx_err *err) {
    const cx_stages_plan *st = &cx_stages_plans[in->stage];
    cx_stages_output out = {.topic = st->topic, .partition = in->partition, .type = st->type};
    if (e->partition >= 0 && e->partition != in->partition)
        return cx_fail(err, CX_TOPIC_PARTITIONS, "%s left its partition", st->name);
    CX_TRY(hand_out(s, in, e, &out, err));
    for (int i = 0; i < CX_STAGES_COUNT && !s->alone; i++) {
        struct input next = {.stage = (cx_stages_name)i,
                             .partition = in->partition,
                             .key = e->key,
                             .value = out.value,
                             .origin = in->origin};
        if (reads_from((cx_stages_name)i, in->stage))
            CX_TRY(deliver(s, &next, err));
    }
    return CX_OK;
}

static void add_count(cx_stages_part *part, const cx_activation_count *count) {
    part->listed += count->listed;
    if (count->limit != 0)
        part->limit = count->limit;
}

static cx_rc take_effects(cx_stages *s, const struct input *in, const cx_step *step, cx_err *err) {
    for (const cx_effect *e = step->first; e != NULL; e = e->next) {
        if (e->output == cx_stages_plans[in->stage].state) {
            CX_TRY(cx_stages_put(s, in->stage, in->partition, e->key, e->value, err));
        } else if (in->stage == CX_STAGES_REGISTRAR && e->output == CX_REGISTRAR_COUNT) {
            add_count(&s->parts[in->stage][in->partition], e->value);
        } else if (e->output == 0) {
            CX_TRY(forward(s, in, e, err));
        } else {
            bool status = e->output == CX_REGISTRAR_STATUS;
            cx_stages_output out = {.topic = status ? CX_STAGES_STATUS : CX_STAGES_DERIVED,
                                    .partition = status ? in->partition : e->partition,
                                    .type = status ? &cx_status_type : &cx_event_type};
            CX_TRY(hand_out(s, in, e, &out, err));
        }
    }
    return CX_OK;
}

static cx_rc decide(cx_stages *s, const struct input *in, cx_step *step, cx_err *err) {
    const cx_stages_plan *st = &cx_stages_plans[in->stage];
    cx_view keys[CX_STEP_KEYS];
    int n = 0;
    step->event = in->value;
    step->origin = in->origin;
    step->partitions = s->count;
    step->policies = s->parts[in->stage][in->partition].policies;
    step->arena = s->arena;
    cx_rc rc = st->keys != NULL ? st->keys(step, keys, &n) : CX_OK;
    for (int i = 0; rc == CX_OK && i < n; i++)
        rc = cx_stages_find(s, in->stage, in->partition, keys[i], s->arena, &step->rows[i], err);
    if (rc == CX_OK)
        rc = st->decide(step);
    if (rc != CX_OK)
        return cx_fail(err, rc, "%s: %s", st->name, cx_rc_name(rc));
    return take_effects(s, in, step, err);
}

/* --- walks, as in common/run/advance.c ---------------------------------------------------------------- */
/* What has been walked: index steps, up to (due, key). */
struct place {
    int32_t index;
    cx_time due;
    char key[WALK_KEY];
    size_t key_n;
};

static cx_rc walk_step(cx_stages *s, const struct input *in, cx_step step, cx_view key, struct place *place,
                       cx_err *err) {
    if (key.n > WALK_KEY)
        return cx_fail(err, CX_NOT_DECODED, "a key of state is too long for a walk");
    cx_arena_mark mark = cx_arena_mark_now(s->arena);
    step.key = cx_arena_copy(s->arena, key); /* decide may change the row that holds it */
    if (step.key.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    step.index = place->index + 1;
    CX_TRY(decide(s, in, &step, err));
    place->index++;
    place->due = step.due;
    place->key_n = step.key.n;
    (void)memcpy(place->key, step.key.p, step.key.n);
    cx_arena_rewind(s->arena, mark);
    return CX_OK;
}

static cx_rc walk_due(cx_stages *s, const struct input *in, cx_step step, cx_err *err) {
    cx_state *rows = s->parts[in->stage][in->partition].rows;
    struct place place = {.index = 0};
    cx_due next;
    step.cause = CX_STEP_DUE;
    for (;;) {
        cx_due after = {place.due, {place.key, place.key_n}};
        if (!cx_state_next_due(rows, place.index > 0 ? &after : NULL, in->about.tick, &next))
            break;
        step.due = next.due;
        CX_TRY(walk_step(s, in, step, next.key, &place, err));
    }
    cx_rc rc = cx_state_walked(rows);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* The rows that there are when the walk begins, in key order. Their keys live on: nothing is kept before the
 * message is done. */
static cx_rc walk_all(cx_stages *s, const struct input *in, cx_step step, cx_err *err) {
    struct place place = {.index = 0};
    size_t n = 0;
    cx_view *keys =
        cx_state_keys(s->parts[in->stage][in->partition].rows, cx_stages_plans[in->stage].row_walked, &n);
    cx_rc rc = keys == NULL && n > 0 ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    step.cause = CX_STEP_WALK;
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        rc = walk_step(s, in, step, keys[i], &place, err);
    free(keys);
    return rc;
}

static cx_rc walk(cx_stages *s, const struct input *in, const cx_step *step, cx_err *err) {
    const cx_stages_plan *st = &cx_stages_plans[in->stage];
    if (in->about.kind == CX_EVENT_TICK && st->row_due != NULL)
        return walk_due(s, in, *step, err);
    bool wanted = in->about.activated != NULL || in->about.proposed != NULL;
    if (in->about.kind == CX_EVENT_ACTIVATION && wanted && st->row_walked != NULL)
        return walk_all(s, in, *step, err);
    return CX_OK;
}

/* A pack that was proposed and never activated may be gone: then nobody is counted. */
static cx_rc activate(cx_stages *s, const struct input *in, cx_step *step, cx_err *err) {
    cx_stages_part *part = &s->parts[in->stage][in->partition];
    if (in->about.proposed != NULL) {
        step->proposed = s->events.pack(s->events.context, in->about.proposed);
        part->listed = part->limit = 0;
    }
    if (in->about.activated == NULL)
        return CX_OK;
    const cx_pack *pack = s->events.pack(s->events.context, in->about.activated);
    if (pack == NULL)
        return cx_fail(err, CX_NOT_FOUND, "an activation of a pack that is not known");
    cx_rc rc = cx_policies_activate(part->policies, pack);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc deliver(cx_stages *s, struct input *in, cx_err *err) {
    cx_stages_part *part = &s->parts[in->stage][in->partition];
    CX_TRY(cx_stages_open(part, err));
    in->about = (cx_about){.now = CX_NO_TIME, .tick = CX_NO_TIME};
    cx_stages_plans[in->stage].about(in->value, &in->about);
    bool ticks = in->about.kind == CX_EVENT_TICK;
    if (ticks && part->tick != CX_NO_TIME && in->about.tick <= part->tick)
        return CX_OK; /* the clock wrote it twice */
    cx_step step = {.cause = CX_STEP_MESSAGE, .key = in->key};
    step.now = in->about.now != CX_NO_TIME ? in->about.now : part->tick;
    step.now = ticks ? in->about.tick : step.now;
    step.due = step.now;
    CX_TRY(activate(s, in, &step, err));
    CX_TRY(walk(s, in, &step, err));
    CX_TRY(decide(s, in, &step, err));
    if (ticks)
        part->tick = in->about.tick;
    return CX_OK;
}

cx_rc cx_stages_read(cx_stages *s, cx_position origin, cx_view key, const cx_event *event, cx_err *err) {
    CX_ASSERT(origin.partition >= 0 && origin.partition < s->partitions);
    cx_arena_reset(s->arena);
    struct input in = {.stage = CX_STAGES_CLASSIFIER,
                       .partition = origin.partition,
                       .key = key,
                       .value = event,
                       .origin = origin};
    CX_TRY(deliver(s, &in, err));
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        if (s->parts[i][origin.partition].rows != NULL)
            cx_state_keep(s->parts[i][origin.partition].rows);
    return CX_OK;
}

cx_rc cx_stages_read_alone(cx_stages *s, cx_stages_name stage, cx_position origin, cx_view key, cx_view bytes,
                           cx_err *err) {
    static const cx_type *const inputs[CX_STAGES_COUNT] = {&cx_event_type, &cx_classified_type,
                                                           &cx_decided_type, &cx_decided_type};
    const void *value;
    CX_ASSERT(origin.partition >= 0 && origin.partition < s->partitions);
    cx_arena_reset(s->arena);
    CX_TRY(cx_codec_decode(s->codec, inputs[stage], bytes, s->arena, &value, err));
    /* Behind the classifier the event's origin is in the message. */
    if (stage == CX_STAGES_REGISTRAR)
        origin.offset = ((const cx_classified *)value)->origin.offset;
    if (stage == CX_STAGES_SANCTIONER || stage == CX_STAGES_POINTS)
        origin.offset = ((const cx_decided *)value)->classified.origin.offset;
    struct input in = {
        .stage = stage, .partition = origin.partition, .key = key, .value = value, .origin = origin};
    s->alone = true;
    cx_rc rc = deliver(s, &in, err);
    s->alone = false;
    if (rc == CX_OK && s->parts[stage][origin.partition].rows != NULL)
        cx_state_keep(s->parts[stage][origin.partition].rows);
    return rc;
}
