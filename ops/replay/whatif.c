#include "ops/replay/whatif.h"

#include <stdlib.h>

#include "common/base/home.h"
#include "common/run/state.h"
#include "ops/replay/births.h"

enum { PASSES = 8, PROGRESS_EVERY = 5000, SUBJECT = 16 };

typedef struct whatif {
    const cx_replay_source *source;
    const cx_pack *pack;
    cx_time to;
    const cx_whatif_events *events;
    cx_whatif_tally *tally;
    cx_stages *stages;
    cx_arena *record;   /* of the event in work */
    cx_births old;      /* what stands in credit.records */
    cx_births read;     /* what this pass reads instead, by place */
    cx_births made;     /* what it makes */
    cx_state *subjects; /* pseudonym -> its partition */
    int64_t *ends;      /* by partition: what a late one's offset begins at */
    cx_whatif_side side;
    cx_time tick;
    int32_t count;       /* partitions that there were where it stands */
    size_t placed, late; /* the next of `read` in the partition in work */
} whatif;

/* --- what the stages ask for and hand out ------------------------------------------------------------- */
static const cx_pack *find_pack(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const whatif *w = context;
    const cx_pack *then = w->source->pack(w->source->context, hash);
    bool replaced = w->side == CX_WHATIF_INSTEAD && then != NULL &&
                    cx_pack_jurisdiction(then) == cx_pack_jurisdiction(w->pack);
    return replaced ? w->pack : then;
}

static cx_rc keep_birth(whatif *w, const cx_stages_output *o, cx_err *err) {
    const cx_event *event = o->value;
    CX_ASSERT(event->cause != NULL);
    cx_birth birth = {.cause = {event->cause->partition, event->cause->offset},
                      .index = event->cause->index,
                      .partition = o->partition,
                      .offset = -1,
                      .now = w->tick,
                      .key = o->key,
                      .bytes = o->bytes};
    return cx_births_add(&w->made, &birth) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    whatif *w = context;
    if (o->topic == CX_STAGES_DERIVED)
        CX_TRY(keep_birth(w, o, err));
    return w->events->output(w->events->context, w->side, o, err);
}

/* --- the log read once -------------------------------------------------------------------------------- */
static cx_rc decode(whatif *w, cx_position at, cx_view bytes, const cx_event **out, cx_err *err) {
    const void *value = NULL;
    cx_err why = {0};
    cx_arena_reset(w->record);
    cx_rc rc = cx_codec_decode(w->source->codec, &cx_event_type, bytes, w->record, &value, &why);
    *out = value;
    return rc == CX_OK ? CX_OK
                       : cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)at.partition,
                                 (long long)at.offset, why.text);
}

static cx_rc look_at(void *context, const cx_replay_message *m, cx_err *err) {
    whatif *w = context;
    const cx_event *event;
    cx_view where = {(const char *)&m->partition, sizeof m->partition};
    CX_TRY(decode(w, (cx_position){m->partition, m->offset}, m->value, &event, err));
    w->tally->records++;
    w->ends[m->partition] = m->offset + 1;
    if (m->key.n == SUBJECT && cx_state_get(w->subjects, m->key).p == NULL) {
        if (cx_state_put(w->subjects, m->key, where, CX_NO_TIME) != CX_OK)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        cx_state_keep(w->subjects);
    }
    if (event->cause == NULL)
        return CX_OK;
    cx_birth birth = {.cause = {event->cause->partition, event->cause->offset},
                      .index = event->cause->index,
                      .partition = m->partition,
                      .offset = m->offset,
                      .key = m->key,
                      .bytes = m->value};
    w->tally->derived[CX_WHATIF_THEN]++;
    return cx_births_add(&w->old, &birth) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- a partition in a pass ---------------------------------------------------------------------------- */
static cx_rc feed(whatif *w, cx_position at, cx_view key, const cx_event *event, cx_err *err) {
    cx_err why = {0};
    cx_rc rc = cx_stages_read(w->stages, at, key, event, &why);
    return rc == CX_OK ? CX_OK
                       : cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)at.partition,
                                 (long long)at.offset, why.text);
}

static cx_rc feed_birth(whatif *w, const cx_birth *birth, cx_err *err) {
    const cx_event *event;
    cx_position at = {birth->partition, birth->offset};
    CX_TRY(decode(w, at, birth->bytes, &event, err));
    return feed(w, at, birth->key, event, err);
}

static bool is_late_here(const whatif *w, int32_t partition) {
    return w->late < w->read.n && w->read.items[w->late].partition == partition;
}

/* Those whose cause's tick is before `tick`; CX_NO_TIME: all. */
static cx_rc feed_late(whatif *w, int32_t partition, cx_time tick, cx_err *err) {
    while (is_late_here(w, partition) && (tick == CX_NO_TIME || w->read.items[w->late].now < tick))
        CX_TRY(feed_birth(w, &w->read.items[w->late++], err));
    return CX_OK;
}

/* In place of a derived event that stands in the log. */
static cx_rc feed_successor(whatif *w, cx_position at, cx_err *err) {
    const cx_birth *items = w->read.items;
    while (w->placed < w->read.n && items[w->placed].partition == at.partition && !items[w->placed].late &&
           items[w->placed].offset < at.offset)
        w->placed++;
    bool here = w->placed < w->read.n && items[w->placed].partition == at.partition &&
                !items[w->placed].late && items[w->placed].offset == at.offset;
    return here ? feed_birth(w, &items[w->placed++], err) : CX_OK;
}

/* Where partitions were split, those that were split off get what is theirs: they come later. */
static cx_rc cross(whatif *w, int32_t partition, int64_t offset, cx_err *err) {
    const cx_split *next;
    while ((next = cx_splits_next(w->source->splits, partition, w->count)) != NULL &&
           offset >= next->cuts[partition]) {
        for (int32_t to = partition + next->from; to < next->into; to += next->from)
            CX_TRY(cx_split_hand_over(w->stages, partition, to, next, err));
        CX_TRY(cx_split_keep_own(w->stages, partition, next, err));
        w->count = next->into;
        cx_stages_count(w->stages, w->count);
    }
    return CX_OK;
}

static cx_rc take_record(whatif *w, const cx_replay_message *m, bool *done, cx_err *err) {
    const cx_event *event;
    cx_position at = {m->partition, m->offset};
    CX_TRY(cross(w, m->partition, m->offset, err));
    CX_TRY(decode(w, at, m->value, &event, err));
    if (event->body_kind == CX_EVENT_BODY_TICK &&
        (w->tick == CX_NO_TIME || event->body.tick->time > w->tick)) {
        cx_time tick = event->body.tick->time;
        *done = w->to != CX_NO_TIME && tick > w->to;
        if (*done)
            return CX_OK;
        CX_TRY(feed_late(w, m->partition, tick, err));
        CX_TRY(decode(w, at, m->value, &event, err)); /* what was fed took the arena */
        w->tick = tick;
    }
    if (event->cause != NULL && w->side == CX_WHATIF_INSTEAD)
        return feed_successor(w, at, err);
    return feed(w, at, m->key, event, err);
}

static void find_first(whatif *w, int32_t partition) {
    size_t i = 0;
    while (i < w->read.n && w->read.items[i].partition < partition)
        i++;
    w->placed = w->late = i;
    while (is_late_here(w, partition) && !w->read.items[w->late].late)
        w->late++;
}

static cx_rc pass_partition(whatif *w, int32_t partition, cx_err *err) {
    bool done = false;
    int64_t low, end;
    w->tick = cx_stages_tick(w->stages, CX_STAGES_CLASSIFIER, partition);
    w->count = cx_splits_at(w->source->splits, partition, -1, w->source->partitions);
    cx_stages_count(w->stages, w->count);
    if (w->tick == CX_NO_TIME && cx_splits_birth(w->source->splits, partition) != NULL)
        return CX_OK; /* what it was split off from had come to its end before */
    find_first(w, partition);
    CX_TRY(w->source->begin(w->source->context, partition, NULL, err));
    w->source->range(w->source->context, CX_REPLAY_RECORDS, &low, &end);
    if (low > 0)
        return cx_fail(err, CX_POSITION_LOST, "credit.records partition %d begins at offset %lld",
                       (int)partition, (long long)low);
    for (size_t n = 0; !done; n++) {
        cx_replay_message m;
        CX_TRY(w->source->next(w->source->context, CX_REPLAY_RECORDS, &m, err));
        if (m.value.p == NULL)
            break;
        if (n % PROGRESS_EVERY == 0 && w->events->progress != NULL)
            w->events->progress(w->events->context, partition, m.offset, end);
        CX_TRY(take_record(w, &m, &done, err));
    }
    CX_TRY(feed_late(w, partition, CX_NO_TIME, err));
    return done ? CX_OK : cross(w, partition, INT64_MAX, err);
}

static cx_rc pass(whatif *w, cx_whatif_side side, cx_err *err) {
    w->side = side;
    w->events->begin(w->events->context, side);
    cx_births_clear(&w->made);
    cx_stages_reset(w->stages);
    for (int32_t p = 0; p < w->source->partitions; p++)
        CX_TRY(pass_partition(w, p, err));
    cx_births_by_cause(&w->made);
    return CX_OK;
}

/* --- the passes --------------------------------------------------------------------------------------- */
static int32_t partition_of(const whatif *w, const cx_birth *birth) {
    int32_t partition = birth->cause.partition;
    cx_view where = cx_state_get(w->subjects, birth->key);
    if (w->source->splits != NULL && w->source->splits->n > 0)
        return cx_home(birth->key, w->source->partitions);
    if (where.p != NULL)
        (void)memcpy(&partition, where.p, sizeof partition);
    return partition;
}

/* What was made becomes what is read; what was read is forgotten. */
static void turn_over(whatif *w) {
    cx_births was = w->read;
    w->read = w->made;
    w->made = was;
    cx_births_place(&w->read, &w->old);
    for (size_t i = 0; i < w->read.n; i++) {
        cx_birth *b = &w->read.items[i];
        if (b->late && b->partition < 0)
            b->partition = partition_of(w, b);
        if (b->late)
            b->offset = w->ends[b->partition] + (int64_t)i;
    }
    cx_births_by_place(&w->read);
}

static cx_rc pass_until_settled(whatif *w, cx_err *err) {
    cx_births_clear(&w->read);
    while (!w->tally->settled && w->tally->passes < PASSES) {
        CX_TRY(pass(w, CX_WHATIF_INSTEAD, err));
        w->tally->passes++;
        cx_births_by_cause(&w->read);
        w->tally->settled = cx_births_same(&w->read, &w->made);
        w->tally->derived[CX_WHATIF_INSTEAD] = w->made.n;
        if (!w->tally->settled)
            turn_over(w);
    }
    return CX_OK;
}

static cx_rc open_whatif(whatif *w, cx_err *err) {
    w->record = cx_arena_new(0);
    w->old.arena = cx_arena_new(0);
    w->read.arena = cx_arena_new(0);
    w->made.arena = cx_arena_new(0);
    w->subjects = cx_state_new();
    w->ends = calloc((size_t)w->source->partitions, sizeof *w->ends);
    w->stages = cx_stages_new(w->source->partitions,
                              &(cx_stages_events){.context = w, .pack = find_pack, .output = take_output});
    bool whole = w->record != NULL && w->old.arena != NULL && w->read.arena != NULL &&
                 w->made.arena != NULL && w->subjects != NULL && w->ends != NULL && w->stages != NULL;
    return whole ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_whatif_run(const cx_replay_source *source, const cx_pack *pack, cx_time to,
                    const cx_whatif_events *events, cx_whatif_tally *tally, cx_err *err) {
    whatif w = {
        .source = source, .pack = pack, .to = to, .events = events, .tally = tally, .tick = CX_NO_TIME};
    *tally = (cx_whatif_tally){.records = 0};
    cx_rc rc = open_whatif(&w, err);
    if (rc == CX_OK)
        rc = source->each_record(source->context, look_at, &w, err);
    cx_births_by_cause(&w.old);
    if (rc == CX_OK)
        rc = pass(&w, CX_WHATIF_THEN, err);
    if (rc == CX_OK)
        rc = pass_until_settled(&w, err);
    cx_stages_destroy(&w.stages);
    cx_state_destroy(&w.subjects);
    cx_births_free(&w.old);
    cx_births_free(&w.read);
    cx_births_free(&w.made);
    cx_arena_destroy(&w.record);
    free(w.ends);
    return rc;
}
