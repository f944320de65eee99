#include "common/wire/visit.h"
#include "ops/replay/replay_inside.h"
#include "services/points/decide.h"

enum { LOOK_AHEAD = 64 };

static const char *const topics[CX_STAGES_COUNT] = {"credit.classified", "credit.decided", "credit.notices",
                                                    "credit.notices"};

/* --- reading along ------------------------------------------------------------------------------------ */
static cx_rc decode(const cx_replay *r, cx_stages_topic topic, cx_view bytes, cx_arena *arena,
                    const void **out, cx_err *err) {
    return cx_codec_decode(r->source->codec, cx_one_type(topic), bytes, arena, out, err);
}

/* Sanctioner and points write into one topic: each is compared with its own. */
static bool is_of(cx_stages_topic topic, const void *value) {
    const cx_dispatch *d = value;
    if (topic != CX_STAGES_NOTICES && topic != CX_STAGES_INCENTIVES)
        return true;
    bool by_points = d->notice != NULL && cx_points_notice_is(d->notice->cause);
    return by_points == (topic == CX_STAGES_INCENTIVES);
}

static cx_rc read_next(cx_replay *r, cx_stages_topic topic, const void **value, cx_err *err) {
    cx_replay_cursor *c = &r->cursors[topic];
    cx_replay_message m;
    cx_err why = {0};
    cx_arena_reset(c->arena);
    CX_TRY(r->source->next(r->source->context, (cx_replay_topic)topic, &m, err));
    c->at_end = m.value.p == NULL;
    c->offset = m.offset;
    if (c->at_end) {
        int64_t low;
        r->source->range(r->source->context, (cx_replay_topic)topic, &low, &c->offset);
        return CX_OK;
    }
    cx_rc rc = decode(r, topic, m.value, c->arena, value, &why);
    if (rc != CX_OK)
        return cx_fail(err, rc, "%s partition %d offset %lld: %s", topics[topic], (int)m.partition,
                       (long long)m.offset, why.text);
    c->ahead = (cx_one){.partition = m.partition, .key = m.key, .bytes = m.value};
    return CX_OK;
}

static cx_rc advance(cx_replay *r, cx_stages_topic topic, cx_err *err) {
    cx_replay_cursor *c = &r->cursors[topic];
    const void *value = NULL;
    do {
        CX_TRY(read_next(r, topic, &value, err));
    } while (!c->at_end && !is_of(topic, value));
    if (!c->at_end)
        cx_one_read(topic, value, &c->ahead);
    return CX_OK;
}

cx_rc cx_match_cursor_begin(cx_replay *r, cx_stages_topic topic, const cx_replay_begin *at, cx_err *err) {
    cx_replay_cursor *c = &r->cursors[topic];
    int64_t low, high;
    r->source->range(r->source->context, (cx_replay_topic)topic, &low, &high);
    c->whole = low == 0 || low < at->from[topic];
    do
        CX_TRY(advance(r, topic, err));
    while (!at->exact && !c->at_end && c->ahead.origin.offset < r->begun);
    return CX_OK;
}

/* --- what is counted and told ------------------------------------------------------------------------- */
static bool is_wanted(const cx_replay *r, const cx_one *one) {
    if (!r->compares)
        return false;
    for (size_t i = 0; i < r->wanted->subject_n; i++)
        if (memcmp(r->wanted->subjects[i], one->subject, sizeof one->subject) == 0)
            return true;
    return r->wanted->subject_n == 0;
}

static void count(cx_replay *r, cx_stages_topic topic) {
    if (topic == CX_STAGES_DERIVED)
        r->tally.derived++;
    else
        r->tally.compared[topic]++;
}

/* recorded or again may be NULL. */
static cx_rc tell(cx_replay *r, cx_stages_topic topic, const cx_one *recorded, const cx_one *again,
                  cx_err *err) {
    const cx_one *one = recorded != NULL ? recorded : again;
    if (!is_wanted(r, one))
        return CX_OK;
    cx_replay_difference d = {.recorded = recorded != NULL ? recorded->value : NULL,
                              .again = again != NULL ? again->value : NULL};
    cx_one_describe(topic, one, &d);
    d.again_pack = again != NULL ? cx_one_pack(topic, again->value) : NULL;
    d.recorded_key = recorded != NULL ? recorded->key : (cx_view){NULL, 0};
    d.again_key = again != NULL ? again->key : (cx_view){NULL, 0};
    if (r->wanted->has_stage && d.stage != r->wanted->stage)
        return CX_OK;
    r->tally.differences++;
    (void)pthread_mutex_lock(&r->team->lock);
    cx_rc rc = r->team->events->difference(r->team->events->context, &d, err);
    (void)pthread_mutex_unlock(&r->team->lock);
    return rc;
}

/* --- one topic at one origin -------------------------------------------------------------------------- */
/* The next one made, from `at` on, that the recorded one is byte by byte. */
static cx_one *same_ahead(cx_one *at, const cx_one *recorded) {
    for (int i = 0; at != NULL && i < LOOK_AHEAD; at = at->next, i++)
        if (!at->matched && cx_one_same_bytes(recorded, at))
            return at;
    return NULL;
}

/* Sets aside what is not the very same, in order. */
static cx_rc take(cx_replay *r, cx_stages_topic topic, cx_one **at, const cx_one *recorded, cx_ones *aside,
                  cx_err *err) {
    cx_one *same = same_ahead(*at, recorded);
    if (same == NULL)
        return cx_ones_add(aside, recorded, r->arena) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    same->matched = true;
    *at = same->next;
    if (is_wanted(r, same))
        count(r, topic);
    return CX_OK;
}

static cx_rc value_of(cx_replay *r, cx_stages_topic topic, cx_one *one, cx_err *err) {
    return one->value != NULL ? CX_OK : decode(r, topic, one->bytes, r->arena, &one->value, err);
}

/* The recorded one against its like among those made; or it is one too many. */
static cx_rc compare(cx_replay *r, cx_stages_topic topic, cx_one *recorded, cx_err *err) {
    CX_TRY(value_of(r, topic, recorded, err));
    cx_one *again = r->made[topic].first;
    for (; again != NULL; again = again->next) {
        if (again->matched)
            continue;
        CX_TRY(value_of(r, topic, again, err));
        if (cx_one_is(topic, recorded, again))
            break;
    }
    if (again == NULL)
        return tell(r, topic, recorded, NULL, err);
    again->matched = true;
    if (is_wanted(r, again))
        count(r, topic);
    if (cx_view_eq(recorded->key, again->key) &&
        cx_struct_same(cx_one_type(topic), recorded->value, again->value, NULL))
        return CX_OK; /* written by another schema */
    return tell(r, topic, recorded, again, err);
}

/* What was made and is not recorded: not written yet, removed by retention, or missing. */
static cx_rc left_over(cx_replay *r, cx_stages_topic topic, bool pending, bool removed, cx_err *err) {
    for (cx_one *again = r->made[topic].first; again != NULL; again = again->next) {
        if (again->matched || !is_wanted(r, again))
            continue;
        r->tally.removed += removed;
        r->tally.pending += !removed && pending;
        if (removed || pending)
            continue;
        CX_TRY(value_of(r, topic, again, err));
        CX_TRY(tell(r, topic, NULL, again, err));
    }
    return CX_OK;
}

static cx_rc match_topic(cx_replay *r, cx_stages_topic topic, cx_position origin, bool *pending,
                         cx_err *err) {
    cx_replay_cursor *c = &r->cursors[topic];
    cx_ones aside = {.n = 0};
    cx_one *at = r->made[topic].first;
    bool removed = !c->whole;
    while (!c->at_end && c->ahead.origin.offset <= origin.offset) {
        c->whole = true;
        if (c->ahead.origin.offset < origin.offset)
            CX_TRY(tell(r, topic, &c->ahead, NULL, err));
        else
            CX_TRY(take(r, topic, &at, &c->ahead, &aside, err));
        CX_TRY(advance(r, topic, err));
    }
    for (cx_one *one = aside.first; one != NULL; one = one->next)
        CX_TRY(compare(r, topic, one, err));
    *pending = c->at_end;
    return left_over(r, topic, c->at_end, removed, err);
}

cx_rc cx_match_derived(cx_replay *r, const cx_replay_birth *recorded, size_t n, bool pending, cx_err *err) {
    cx_ones aside = {.n = 0};
    for (size_t i = 0; i < n; i++) {
        cx_one *from = r->made[CX_STAGES_DERIVED].first;
        CX_TRY(take(r, CX_STAGES_DERIVED, &from, &recorded[i].one, &aside, err));
    }
    for (cx_one *one = aside.first; one != NULL; one = one->next)
        CX_TRY(compare(r, CX_STAGES_DERIVED, one, err));
    return left_over(r, CX_STAGES_DERIVED, pending, false, err);
}

cx_rc cx_match(cx_replay *r, cx_position origin, cx_err *err) {
    bool pending[CX_STAGES_COUNT];
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        CX_TRY(match_topic(r, (cx_stages_topic)i, origin, &pending[i], err));
    /* A derived event is written in the transaction of its Decided: where that is pending, so may this be. */
    for (const cx_one *one = r->made[CX_STAGES_DERIVED].first; one != NULL && r->compares; one = one->next)
        CX_TRY(cx_derived_keep(r, one, true, pending[CX_STAGES_REGISTRAR], err));
    return CX_OK;
}
