#include "ops/replay/replay.h"

#include <stdlib.h>

#include "ops/replay/replay_inside.h"

enum { PROGRESS_EVERY = 5000 };

/* --- what comes out of the stages --------------------------------------------------------------------- */
static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    cx_replay *r = context;
    if (o->topic == CX_STAGES_STATUS) /* compacted: what stands there is the newest alone */
        return r->events->status != NULL ? r->events->status(r->events->context, o, err) : CX_OK;
    cx_one one = {.partition = o->partition, .key = o->key, .bytes = o->bytes};
    cx_one_read(o->topic, o->value, &one);
    return cx_ones_add(&r->made[o->topic], &one, r->arena) == CX_OK ? CX_OK
                                                                    : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static const cx_pack *find_pack(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const cx_replay *r = context;
    return r->source->pack(r->source->context, hash);
}

/* --- one record --------------------------------------------------------------------------------------- */
static void look_at_time(cx_replay *r, const cx_event *event) {
    const cx_replay_wanted *w = r->wanted;
    if (event->body_kind == CX_EVENT_BODY_TICK && (r->tick == CX_NO_TIME || event->body.tick->time > r->tick))
        r->tick = event->body.tick->time;
    bool late = w->from == CX_NO_TIME || (r->tick != CX_NO_TIME && r->tick >= w->from);
    bool early = w->to == CX_NO_TIME || r->tick == CX_NO_TIME || r->tick <= w->to;
    r->compares = late && early;
}

static cx_rc read_record(cx_replay *r, const cx_replay_message *m, bool *done, cx_err *err) {
    const void *event = NULL;
    cx_err why = {0};
    cx_position origin = {m->partition, m->offset};
    cx_arena_reset(r->record);
    cx_arena_reset(r->arena);
    for (int i = 0; i < CX_STAGES_TOPICS; i++)
        r->made[i] = (cx_ones){.n = 0};
    cx_rc rc = cx_codec_decode(r->source->codec, &cx_event_type, m->value, r->record, &event, &why);
    if (rc == CX_OK) {
        look_at_time(r, event);
        *done = r->wanted->to != CX_NO_TIME && r->tick != CX_NO_TIME && r->tick > r->wanted->to;
        if (*done)
            return CX_OK;
        r->tally->records++;
        rc = cx_stages_read(r->stages, origin, m->key, event, &why);
    }
    if (rc != CX_OK)
        return cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)m->partition,
                       (long long)m->offset, why.text);
    return cx_match(r, origin, err);
}

/* --- a partition -------------------------------------------------------------------------------------- */
static cx_rc begin(cx_replay *r, int32_t partition, int64_t *end, cx_err *err) {
    int64_t low;
    cx_stages_reset(r->stages);
    r->tick = CX_NO_TIME;
    CX_TRY(r->source->begin(r->source->context, partition, err));
    r->source->range(r->source->context, CX_REPLAY_RECORDS, &low, end);
    if (low > 0)
        return cx_fail(err, CX_POSITION_LOST,
                       "credit.records partition %d begins at offset %lld: what came before is gone, and "
                       "nothing can be decided again without it",
                       (int)partition, (long long)low);
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        CX_TRY(cx_match_cursor_begin(r, (cx_stages_topic)i, err));
    return CX_OK;
}

static cx_rc replay_partition(cx_replay *r, int32_t partition, cx_err *err) {
    int64_t end = 0;
    bool done = false;
    CX_TRY(begin(r, partition, &end, err));
    for (size_t n = 0; !done; n++) {
        cx_replay_message m;
        CX_TRY(r->source->next(r->source->context, CX_REPLAY_RECORDS, &m, err));
        if (m.value.p == NULL || (r->wanted->has_until && m.offset > r->wanted->until))
            break;
        if (n % PROGRESS_EVERY == 0 && r->events->progress != NULL)
            r->events->progress(r->events->context, partition, m.offset, end);
        CX_TRY(read_record(r, &m, &done, err));
    }
    return CX_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------- */
static cx_rc open_replay(cx_replay *r, cx_err *err) {
    r->record = cx_arena_new(0);
    r->arena = cx_arena_new(0);
    r->derived.arena = cx_arena_new(0);
    bool whole = r->record != NULL && r->arena != NULL && r->derived.arena != NULL;
    for (int i = 0; i < CX_STAGES_COUNT; i++) {
        r->cursors[i].arena = cx_arena_new(0);
        whole = whole && r->cursors[i].arena != NULL;
    }
    r->stages = cx_stages_new(r->source->partitions,
                              &(cx_stages_events){.context = r, .pack = find_pack, .output = take_output});
    return whole && r->stages != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static void close_replay(cx_replay *r) {
    cx_stages_destroy(&r->stages);
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        cx_arena_destroy(&r->cursors[i].arena);
    cx_arena_destroy(&r->record);
    cx_arena_destroy(&r->arena);
    cx_arena_destroy(&r->derived.arena);
    free(r->derived.items);
}

cx_rc cx_replay_run(const cx_replay_source *source, const cx_replay_wanted *wanted,
                    const cx_replay_events *events, cx_replay_tally *tally, cx_err *err) {
    cx_replay r = {.source = source, .wanted = wanted, .events = events, .tally = tally};
    *tally = (cx_replay_tally){.records = 0};
    if (wanted->has_partition && (wanted->partition < 0 || wanted->partition >= source->partitions))
        return cx_fail(err, CX_USAGE, "there are the partitions 0 to %d", (int)source->partitions - 1);
    cx_rc rc = open_replay(&r, err);
    if (rc == CX_OK)
        rc = cx_derived_read(&r, err);
    for (int32_t p = 0; rc == CX_OK && p < source->partitions; p++)
        if (!wanted->has_partition || wanted->partition == p)
            rc = replay_partition(&r, p, err);
    close_replay(&r);
    return rc;
}
