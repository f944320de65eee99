/* One partition decided again. */
#include "ops/replay/replay.h"

#include <stdlib.h>

#include "common/base/home.h"
#include "ops/replay/replay_inside.h"

enum { PROGRESS_EVERY = 5000, SUBJECT = 16 };

/* --- what comes out of the stages --------------------------------------------------------------------- */
/* Compacted: what stands there is the newest alone, where its subject is at home by now. */
static cx_rc take_status(cx_replay *r, const cx_stages_output *o, cx_err *err) {
    const cx_replay_events *events = r->team->events;
    const cx_splits *splits = r->source->splits;
    bool split = splits != NULL && splits->n > 0, subject = o->key.n == SUBJECT;
    bool elsewhere = split && subject && cx_home(o->key, r->source->partitions) != r->partition;
    if (events->status == NULL || elsewhere || (r->quiet && !subject))
        return CX_OK;
    cx_stages_output row = *o;
    row.partition = r->partition;
    (void)pthread_mutex_lock(&r->team->lock);
    cx_rc rc = events->status(events->context, &row, err);
    (void)pthread_mutex_unlock(&r->team->lock);
    return rc;
}

static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    cx_replay *r = context;
    if (o->topic == CX_STAGES_STATUS)
        return take_status(r, o, err);
    if (r->quiet)
        return CX_OK;
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
static void look_at_time(cx_replay *r, const cx_event *event, cx_position origin) {
    const cx_replay_wanted *w = r->wanted;
    cx_replay_window *window = &r->team->windows[origin.partition];
    if (event->body_kind == CX_EVENT_BODY_TICK && (r->tick == CX_NO_TIME || event->body.tick->time > r->tick))
        r->tick = event->body.tick->time;
    bool late = w->from == CX_NO_TIME || (r->tick != CX_NO_TIME && r->tick >= w->from);
    bool early = w->to == CX_NO_TIME || r->tick == CX_NO_TIME || r->tick <= w->to;
    r->compares = late && early && origin.offset >= w->since;
    if (!r->compares)
        return;
    window->last = origin.offset;
    if (window->first > window->last)
        window->first = origin.offset;
}

static cx_rc keep_derived(cx_replay *r, const cx_replay_message *m, const cx_event *event, cx_err *err) {
    if (event->cause == NULL)
        return CX_OK;
    cx_one one = {.partition = m->partition, .key = m->key, .bytes = m->value};
    cx_one_read(CX_STAGES_DERIVED, event, &one);
    return cx_derived_keep(r, &one, false, false, err);
}

static cx_rc decide(cx_replay *r, const cx_replay_message *m, const cx_event *event, bool *done,
                    cx_err *err) {
    cx_position origin = {m->partition, m->offset};
    const cx_replay_wanted *w = r->wanted;
    look_at_time(r, event, origin);
    *done = w->to != CX_NO_TIME && r->tick != CX_NO_TIME && r->tick > w->to;
    if (*done)
        return CX_OK;
    r->tally.records++;
    CX_TRY(cx_replay_cross(r, origin, err));
    cx_arena_reset(r->arena);
    for (int i = 0; i < CX_STAGES_TOPICS; i++)
        r->made[i] = (cx_ones){.n = 0};
    CX_TRY(cx_stages_read(r->stages, origin, m->key, event, err));
    return cx_match(r, origin, err);
}

static cx_rc read_record(cx_replay *r, const cx_replay_message *m, bool *done, cx_err *err) {
    const void *event = NULL;
    cx_err why = {0};
    cx_arena_reset(r->record);
    cx_rc rc = cx_codec_decode(r->source->codec, &cx_event_type, m->value, r->record, &event, &why);
    if (rc == CX_OK)
        rc = keep_derived(r, m, event, &why);
    *done = *done || (r->wanted->has_until && m->offset > r->wanted->until);
    if (rc == CX_OK && !*done)
        rc = decide(r, m, event, done, &why);
    return rc == CX_OK ? CX_OK
                       : cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)m->partition,
                                 (long long)m->offset, why.text);
}

/* --- a partition -------------------------------------------------------------------------------------- */
/* With what it had come to. */
static cx_rc go_on(cx_replay *r, int32_t partition, const cx_replay_begin *at, cx_err *err) {
    r->tally = at->tally;
    r->team->windows[partition] = (cx_replay_window){at->first, at->last};
    for (size_t i = 0; i < at->kept_n; i++) {
        const cx_replay_kept *k = &at->kept[i];
        cx_one one = {.origin = k->cause,
                      .index = k->index,
                      .partition = k->partition,
                      .key = k->key,
                      .bytes = k->bytes};
        (void)memcpy(one.subject, k->subject, sizeof one.subject);
        CX_TRY(cx_derived_keep(r, &one, k->made, k->pending, err));
    }
    return CX_OK;
}

/* decided: the last event in credit.records that was. decides: its results were compared. */
static cx_rc save(cx_replay *r, int32_t partition, int64_t decided, bool decides, bool is_done, cx_err *err) {
    const cx_replay_events *events = r->team->events;
    cx_replay_begin at = {.origin = decided,
                          .tick = r->tick,
                          .exact = true,
                          .done = is_done,
                          .tally = r->tally,
                          .first = r->team->windows[partition].first,
                          .last = r->team->windows[partition].last};
    cx_replay_kept *kept = NULL;
    for (int i = 0; i < CX_REPLAY_TOPICS; i++)
        at.from[i] = decides && i < CX_STAGES_COUNT ? r->cursors[i].offset : CX_REPLAY_FIRST;
    at.from[CX_REPLAY_RECORDS] = decided + 1;
    CX_TRY(cx_derived_list(r, partition, &kept, &at.kept_n, err));
    at.kept = kept;
    cx_rc rc = events->save(events->context, partition, &at, is_done ? NULL : r->stages, err);
    free(kept);
    return rc;
}

static cx_rc begin(cx_replay *r, int32_t partition, bool decides, int64_t *end, bool *is_done, cx_err *err) {
    const cx_replay_source *s = r->source;
    cx_replay_begin at = {.origin = -1, .tick = CX_NO_TIME};
    int64_t low;
    for (int i = 0; i < CX_REPLAY_TOPICS; i++)
        at.from[i] = CX_REPLAY_FIRST;
    cx_stages_reset(r->stages);
    r->tally = (cx_replay_tally){.records = 0};
    if (s->restore != NULL)
        CX_TRY(s->restore(s->context, partition, decides ? r->stages : NULL, &at, err));
    r->partition = partition;
    r->count = cx_splits_at(s->splits, partition, at.origin, s->partitions);
    cx_stages_count(r->stages, r->count);
    *is_done = at.exact && at.done;
    if (decides && at.origin < 0 && !*is_done) {
        CX_TRY(cx_replay_inherit(r, partition, is_done, err));
        at.tick = cx_stages_tick(r->stages, CX_STAGES_CLASSIFIER, partition);
    }
    r->tick = at.tick;
    r->begun = at.origin + 1;
    if (at.exact)
        CX_TRY(go_on(r, partition, &at, err));
    if (*is_done)
        return CX_OK;
    CX_TRY(s->begin(s->context, partition, at.from, err));
    s->range(s->context, CX_REPLAY_RECORDS, &low, end);
    if (decides && low > r->begun)
        return cx_fail(err, CX_POSITION_LOST,
                       "credit.records partition %d begins at offset %lld: what came before is gone, and "
                       "nothing can be decided again without it",
                       (int)partition, (long long)low);
    for (int i = 0; decides && i < CX_STAGES_COUNT; i++)
        CX_TRY(cx_match_cursor_begin(r, (cx_stages_topic)i, &at, err));
    return CX_OK;
}

bool cx_replay_show(cx_replay *r, const cx_replay_message *m, int64_t end) {
    cx_replay_team *team = r->team;
    const cx_replay_events *events = team->events;
    bool stopped = events->stop != NULL && *events->stop != 0;
    (void)pthread_mutex_lock(&team->lock);
    if (events->progress != NULL && !r->quiet)
        events->progress(events->context, m->partition, m->offset, end);
    team->tally.stopped = team->tally.stopped || stopped;
    bool goes_on = team->rc == CX_OK && !stopped;
    (void)pthread_mutex_unlock(&team->lock);
    return goes_on;
}

static cx_rc read_all(cx_replay *r, int32_t partition, bool decides, int64_t end, cx_err *err) {
    const cx_replay_source *s = r->source;
    size_t every = r->team->events->save_every;
    bool done = !decides;
    int64_t last = r->begun - 1;
    for (size_t n = 0;; n++) {
        cx_replay_message m;
        CX_TRY(s->next(s->context, CX_REPLAY_RECORDS, &m, err));
        bool at_end = m.value.p == NULL;
        bool stops = !at_end && n % PROGRESS_EVERY == 0 && !cx_replay_show(r, &m, end);
        bool saves = every > 0 && (at_end || stops || (n > 0 && n % every == 0));
        if (saves)
            CX_TRY(save(r, partition, last, decides, at_end, err));
        if (at_end || stops)
            return CX_OK;
        if (m.offset < r->begun)
            continue;
        CX_TRY(read_record(r, &m, &done, err));
        last = m.offset;
    }
}

cx_rc cx_replay_partition(cx_replay *r, int32_t partition, cx_err *err) {
    int64_t end = 0;
    bool decides = !r->wanted->has_partition || r->wanted->partition == partition, is_done = false;
    CX_TRY(begin(r, partition, decides, &end, &is_done, err));
    return is_done ? CX_OK : read_all(r, partition, decides, end, err);
}

/* --- life --------------------------------------------------------------------------------------------- */
cx_rc cx_replay_open(cx_replay *r, cx_err *err) {
    r->record = cx_arena_new(0);
    r->arena = cx_arena_new(0);
    bool whole = r->record != NULL && r->arena != NULL;
    for (int i = 0; i < CX_STAGES_COUNT; i++) {
        r->cursors[i].arena = cx_arena_new(0);
        whole = whole && r->cursors[i].arena != NULL;
    }
    r->stages = cx_stages_new(r->source->partitions,
                              &(cx_stages_events){.context = r, .pack = find_pack, .output = take_output});
    return whole && r->stages != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

void cx_replay_close(cx_replay *r) {
    cx_stages_destroy(&r->stages);
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        cx_arena_destroy(&r->cursors[i].arena);
    cx_arena_destroy(&r->record);
    cx_arena_destroy(&r->arena);
}
