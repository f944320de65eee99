/* One message, from its bytes to its end: over several transactions where a walk is long. */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/run/inside.h"

struct work {
    cx_run *run;
    cx_part *part;
    cx_about about;
    cx_step step;  /* as the message's own; a walk's steps are made from it */
    bool midnight; /* it was the first tick of a day */
};

static cx_rc decode(struct work *w, cx_err *err) {
    cx_part *part = w->part;
    cx_codec *codec = w->run->codec;
    const cx_taken *t = &part->taken;
    if (t->value.p == NULL)
        return cx_fail(err, CX_NOT_AVRO, "the message is empty");
    cx_rc rc = cx_codec_decode(codec, t->input->type, t->value, w->run->arena, &w->step.event, err);
    if (rc != CX_UNKNOWN_SCHEMA || t->value.p[0] == 0) /* a registry's framing: it was asked */
        return rc;
    CX_TRY(cx_tables_poll(w->run, 50, err)); /* it may have been published a moment ago */
    return cx_codec_decode(codec, t->input->type, t->value, w->run->arena, &w->step.event, err);
}

/* Stamps place and time. */
static void stamp(struct work *w) {
    const cx_part *part = w->part;
    w->step.cause = CX_STEP_MESSAGE;
    w->step.input = part->taken.input_index;
    w->step.key = part->taken.key;
    w->step.origin = w->about.has_origin ? w->about.origin : part->taken.place;
    w->step.received_at = part->taken.timestamp;
    w->step.now = w->about.now != CX_NO_TIME ? w->about.now : part->now.tick;
    if (part->taken.asked_at != CX_NO_TIME)
        w->step.now = part->taken.asked_at;
    if (w->about.kind == CX_EVENT_TICK)
        w->step.now = w->about.tick;
    w->step.due = w->step.now;
}

static cx_rc walk_step(struct work *w, cx_step_cause cause, cx_view key, cx_time due, cx_err *err) {
    cx_part *part = w->part;
    cx_walk_place *place = &part->now.walk;
    if (key.n > CX_METADATA_KEY)
        return cx_fail(err, CX_NOT_DECODED, "a key of state is too long for a walk");
    cx_arena_mark mark = cx_arena_mark_now(w->run->arena);
    cx_step step = w->step;
    step.cause = cause;
    step.key = cx_arena_copy(w->run->arena, key); /* decide may change the row that holds it */
    if (step.key.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    step.due = due;
    step.index = place->index + 1;
    cx_about about = w->about;
    about.index = step.index;
    CX_TRY(cx_run_step(w->run, part, &step, &about, err));
    place->index++;
    place->due = due;
    place->key_n = key.n;
    (void)memcpy(place->key, step.key.p, key.n);
    cx_arena_rewind(w->run->arena, mark);
    atomic_fetch_add(&w->run->metrics.walk_steps, 1);
    return CX_OK;
}

static cx_rc walk_due(struct work *w, bool *done, cx_err *err) {
    cx_part *part = w->part;
    cx_walk_place *place = &part->now.walk;
    if (place->kind == CX_WALK_NONE)
        *place = (cx_walk_place){.kind = CX_WALK_DUE, .due = CX_NO_TIME};
    cx_due next;
    for (;;) {
        if (place->index > 0 && cx_batch_is_full(w->run, cx_metrics_now()))
            return CX_OK;
        cx_due after = {place->due, {(const char *)place->key, place->key_n}};
        if (!cx_state_next_due(part->state, place->index > 0 ? &after : NULL, w->about.tick, &next))
            break;
        CX_TRY(walk_step(w, CX_STEP_DUE, next.key, next.due, err));
    }
    cx_rc rc = cx_state_walked(part->state);
    *done = rc == CX_OK;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* The rows that there are when the walk begins, in key order, behind its place. */
static cx_rc walk_all(struct work *w, bool *done, cx_err *err) {
    cx_part *part = w->part;
    cx_walk_place *place = &part->now.walk;
    if (place->kind == CX_WALK_NONE)
        *place = (cx_walk_place){.kind = CX_WALK_ACTIVATION};
    if (part->walk_keys == NULL) {
        part->walk_i = 0;
        part->walk_keys = cx_state_keys(part->state, w->run->stage->row_walked, &part->walk_n);
        if (part->walk_keys == NULL && part->walk_n > 0)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        cx_view passed = {(const char *)place->key, place->key_n};
        while (place->index > 0 && part->walk_i < part->walk_n &&
               cx_view_cmp(part->walk_keys[part->walk_i], passed) <= 0)
            part->walk_i++;
    }
    for (; part->walk_i < part->walk_n; part->walk_i++) {
        if (place->index > 0 && cx_batch_is_full(w->run, cx_metrics_now()))
            return CX_OK;
        CX_TRY(walk_step(w, CX_STEP_WALK, part->walk_keys[part->walk_i], w->step.now, err));
    }
    free(part->walk_keys);
    part->walk_keys = NULL;
    *done = true;
    return CX_OK;
}

/* What is in force here, built from what is committed. */
static cx_rc build_policies(struct work *w, cx_err *err) {
    const cx_policy_ops *ops = w->run->stage->policies;
    cx_part *part = w->part;
    if (ops == NULL || part->policies != NULL)
        return CX_OK;
    void *set = ops->set_new();
    cx_rc rc = set == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < part->now.pack_n; i++) {
        const void *pack = NULL;
        rc = cx_tables_pack(w->run, part->now.packs[i], &pack, err);
        if (rc == CX_OK && ops->set_activate(set, pack) != CX_OK)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    if (rc == CX_OK)
        part->policies = set;
    else if (set != NULL)
        ops->set_destroy(&set);
    return rc;
}

/* The packs are switched at this place of the log; one that is proposed is only looked at. */
static cx_rc activate(struct work *w, cx_err *err) {
    const cx_policy_ops *ops = w->run->stage->policies;
    const void *pack = NULL;
    if (ops != NULL && w->about.proposed != NULL)
        return cx_tables_pack(w->run, w->about.proposed, &w->step.proposed, err);
    if (ops == NULL || w->about.activated == NULL)
        return CX_OK;
    CX_TRY(cx_tables_pack(w->run, w->about.activated, &pack, err));
    CX_TRY(cx_metadata_activate(&w->part->now, w->about.activated, err));
    if (ops->set_activate(w->part->policies, pack) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return CX_OK;
}

static cx_rc walk(struct work *w, bool *done, cx_err *err) {
    const cx_stage *stage = w->run->stage;
    *done = true;
    if (w->part->state == NULL || w->about.kind == CX_EVENT_PLAIN)
        return CX_OK;
    *done = false;
    if (w->about.kind == CX_EVENT_TICK && stage->row_due != NULL)
        return walk_due(w, done, err);
    bool wanted = w->about.activated != NULL || w->about.proposed != NULL;
    if (w->about.kind == CX_EVENT_ACTIVATION && wanted && stage->row_walked != NULL)
        return walk_all(w, done, err);
    *done = true;
    return CX_OK;
}

static void begin_count(struct work *w) {
    cx_metadata *m = &w->part->now;
    if (w->about.proposed == NULL || m->walk.index > 0 ||
        !cx_view_is_code(w->about.activation, sizeof m->counting - 1))
        return;
    (void)memcpy(m->counting, w->about.activation.p, w->about.activation.n);
    m->counting[w->about.activation.n] = '\0';
    m->counted = m->limit = 0;
}

/* Only when everything else is done: until then the message can be taken up again. */
static void take_tick(struct work *w) {
    cx_metadata *m = &w->part->now;
    if (w->about.kind != CX_EVENT_TICK)
        return;
    atomic_fetch_add(&w->run->metrics.ticks, 1);
    w->midnight = m->tick != CX_NO_TIME && cx_date_of_time(w->about.tick) > cx_date_of_time(m->tick);
    m->tick = w->about.tick;
    m->received_to = w->about.received_to;
    m->is_virtual = w->about.is_virtual;
}

static cx_rc go_on(struct work *w, bool *done, cx_err *err) {
    cx_part *part = w->part;
    stamp(w);
    *done = w->about.kind == CX_EVENT_TICK && part->now.tick != CX_NO_TIME && w->about.tick <= part->now.tick;
    if (*done) /* the clock wrote it twice */
        return CX_OK;
    if (!part->marked)
        CX_TRY(cx_run_mark_build(w->run, part, &w->step, err));
    CX_TRY(build_policies(w, err));
    CX_TRY(activate(w, err));
    begin_count(w);
    CX_TRY(walk(w, done, err));
    if (!*done)
        return CX_OK;
    *done = false;
    CX_TRY(cx_run_step(w->run, part, &w->step, &w->about, err));
    take_tick(w);
    if (w->about.proposed != NULL)
        w->run->tables.changed = true; /* the count is to be told */
    *done = true;
    return CX_OK;
}

static cx_rc work(struct work *w, bool *done, cx_err *err) {
    cx_err why = {0};
    cx_rc rc = cx_run_take(w->run, w->part, &why);
    if (rc == CX_OK)
        rc = decode(w, &why);
    if (rc == CX_OK) {
        w->part->taken.input->about(w->step.event, &w->about);
        return go_on(w, done, err);
    }
    if (cx_rc_class(rc) == CX_CLASS_POISON && w->run->stage->reject != NULL) {
        stamp(w);
        w->step.event = NULL;
        *done = true;
        return cx_run_reject(w->run, w->part, &w->step, &w->about, &why, err);
    }
    return cx_fail(err, cx_rc_class(rc) == CX_CLASS_POISON ? CX_NOT_DECODED : rc,
                   "%s partition %d offset %lld: %s", w->part->topic, (int)w->part->partition,
                   (long long)w->part->held.offset, why.text);
}

cx_rc cx_run_advance(cx_run *run, cx_part *part, bool *done, cx_err *err) {
    struct work w = {.run = run, .part = part, .about = {.now = CX_NO_TIME, .tick = CX_NO_TIME}};
    *done = false;
    cx_arena_reset(run->arena);
    part->touched = true;
    cx_rc rc = work(&w, done, err);
    cx_message_release(&part->again);
    CX_TRY(rc);
    if (*done) {
        part->now.walk = (cx_walk_place){.kind = CX_WALK_NONE};
        part->next = part->held.offset + 1;
    }
    if (w.midnight)
        cx_run_snapshot(run, part, w.step.origin.offset);
    return CX_OK;
}
