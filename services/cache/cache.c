#include "services/cache/cache.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/store/cached.h"
#include "common/wire/visit.h"
#include "schemas/types.h"

enum { TICK_KEY = 4 };

/* The rows of one partition that have not gone out yet. Their texts lie in `text`, one after the other. */
typedef struct cx_lane {
    struct cx_lane *next_lane;
    cx_cached_mark mark;
    cx_cached_row rows[CX_CACHED_ROWS];
    size_t n;
    bool touched; /* since its last call */
    cx_buffer text;
} cx_lane;

typedef struct cx_cache {
    cx_redis *redis; /* NULL: not connected */
    int generation;
    cx_lane *lanes;
    size_t in_flight;
    const cx_field *entries, *records;
} cx_cache;

/* --- opening and placing ------------------------------------------------------------------------------- */

static void free_lanes(cx_cache *c) {
    while (c->lanes != NULL) {
        cx_lane *lane = c->lanes;
        c->lanes = lane->next_lane;
        cx_buffer_free(&lane->text);
        free(lane);
    }
}

static void close_cache(cx_sink_run *run) {
    cx_cache *c = run->context;
    free_lanes(c);
    cx_redis_close(&c->redis);
    free(c);
    run->context = NULL;
}

static cx_rc open_cache(cx_sink_run *run, cx_err *err) {
    cx_cache *c = calloc(1, sizeof *c);
    if (c == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    run->context = c;
    c->generation = (int)cx_config_integer(run->config, "log.generation");
    c->entries = cx_type_field(&cx_status_type, CX_VIEW("entries"));
    c->records = cx_type_field(&cx_status_type, CX_VIEW("records"));
    return CX_OK;
}

static cx_rc connect(cx_sink_run *run, cx_err *err) {
    cx_cache *c = run->context;
    cx_view library = {(const char *)cx_cache_library, cx_cache_library_size};
    cx_redis_close(&c->redis); /* replies of what was dropped may still be on their way */
    c->in_flight = 0;
    CX_TRY(cx_redis_open(cx_config_text(run->config, "redis.socket"),
                         cx_config_text(run->config, "redis.user"),
                         cx_config_text(run->config, "redis.password.file"), &c->redis, err));
    CX_TRY(cx_cached_load(c->redis, library, err));
    cx_log_info("connected to Redis");
    return CX_OK;
}

static cx_rc add_lane(cx_cache *c, const cx_place *place, cx_err *err) {
    cx_lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    lane->mark =
        (cx_cached_mark){.generation = c->generation, .partition = place->partition, .tick = CX_NO_TIME};
    lane->next_lane = c->lanes;
    c->lanes = lane;
    return CX_OK;
}

static cx_rc place_all(cx_cache *c, cx_place *places, size_t n, cx_err *err) {
    for (size_t i = 0; i < n; i++) {
        int64_t next = 0;
        CX_TRY(cx_cached_watermark(c->redis, c->generation, places[i].partition, &next, err));
        CX_TRY(add_lane(c, &places[i], err));
        places[i].offset = next == 0 ? CX_POSITION_BEGINNING : next;
        cx_log_info("%s partition %d: from offset %" PRId64, places[i].topic, (int)places[i].partition, next);
    }
    return CX_OK;
}

static cx_rc place_cache(cx_sink_run *run, cx_place *places, size_t n, cx_err *err) {
    cx_cache *c = run->context;
    free_lanes(c);
    cx_rc rc = connect(run, err);
    if (rc == CX_OK)
        rc = place_all(c, places, n, err);
    if (rc != CX_OK)
        cx_redis_close(&c->redis);
    return rc;
}

static void lose_cache(cx_sink_run *run) {
    free_lanes(run->context);
}

/* --- taking messages ----------------------------------------------------------------------------------- */

static cx_lane *find_lane(const cx_cache *c, int32_t partition) {
    cx_lane *lane = c->lanes;
    while (lane != NULL && lane->mark.partition != partition)
        lane = lane->next_lane;
    return lane;
}

/* The texts have found their places: views become pointers. Until now `p` was NULL and `n` the length. */
static void point(cx_lane *lane) {
    size_t at = 0;
    for (size_t i = 0; i < lane->n; i++) {
        cx_cached_row *r = &lane->rows[i];
        r->entries.p = (const char *)lane->text.p + at;
        r->records.p = r->entries.p + r->entries.n;
        at += r->entries.n + r->records.n;
    }
}

static cx_rc send_lane(cx_cache *c, cx_lane *lane, cx_err *err) {
    if (!lane->touched)
        return CX_OK;
    point(lane);
    CX_TRY(cx_cached_send(c->redis, &lane->mark, lane->rows, lane->n, &c->in_flight, err));
    lane->n = 0;
    lane->text.n = 0;
    lane->touched = false;
    lane->mark.tick = CX_NO_TIME;
    return CX_OK;
}

static cx_rc print_field(cx_lane *lane, const cx_field *field, const cx_status *s, size_t *n, cx_err *err) {
    size_t before = lane->text.n;
    cx_slot slot = cx_field_slot(field, s);
    cx_rc rc = cx_struct_print(slot.type, slot.value, 0, &lane->text);
    *n = lane->text.n - before;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc take_status(cx_cache *c, cx_lane *lane, const cx_status *s, cx_err *err) {
    cx_cached_row *r = &lane->rows[lane->n];
    int64_t order = cx_cached_order(lane->mark.partition, s->origin.partition, s->origin.offset);
    *r = (cx_cached_row){.origin_offset = order, .until = s->has_until ? s->until : CX_NO_DATE};
    (void)memcpy(r->subject, s->subject, sizeof r->subject);
    r->has_linked_to = s->linked_to != NULL;
    if (r->has_linked_to)
        (void)memcpy(r->linked_to, s->linked_to, sizeof r->linked_to);
    CX_TRY(print_field(lane, c->entries, s, &r->entries.n, err));
    CX_TRY(print_field(lane, c->records, s, &r->records.n, err));
    lane->n++;
    return CX_OK;
}

static void take_tick(cx_sink_run *run, cx_lane *lane, const cx_status *s) {
    lane->mark.tick = s->tick;
    lane->mark.received_to = s->received_to;
    lane->mark.virtual = s->virtual;
    atomic_store(&run->metrics->tick, s->tick);
    atomic_store(&run->metrics->received_to, s->received_to);
}

static cx_rc take_cache(cx_sink_run *run, const cx_message *m, bool *full, cx_err *err) {
    cx_cache *c = run->context;
    cx_lane *lane = find_lane(c, m->partition);
    const void *value = NULL;
    if (lane == NULL || m->offset < lane->mark.next)
        return cx_fail(err, CX_BUS, "a message from a place that was not asked for");
    if (m->value.p != NULL) { /* else its row went to a partition that was split off, where it is read */
        CX_TRY(cx_sink_decode(run, &cx_status_type, m, &value, err));
        if (m->key.n == TICK_KEY)
            take_tick(run, lane, value);
        else
            CX_TRY(take_status(c, lane, value, err));
    }
    lane->mark.next = m->offset + 1;
    lane->touched = true;
    *full = false;
    return lane->n == CX_CACHED_ROWS ? send_lane(c, lane, err) : CX_OK;
}

static cx_rc write_all(cx_cache *c, cx_err *err) {
    for (cx_lane *lane = c->lanes; lane != NULL; lane = lane->next_lane)
        CX_TRY(send_lane(c, lane, err));
    return cx_cached_drain(c->redis, 0, &c->in_flight, err);
}

static cx_rc write_cache(cx_sink_run *run, cx_err *err) {
    return write_all(run->context, err);
}

static const char *const topics[] = {"credit.status"};
static const cx_type *const types[] = {&cx_status_type, NULL};

static const char *const writes[] = {"Redis", NULL};

const cx_sink cx_cache_sink = {
    .name = "cache",
    .number = 7,
    .does = "keeps in Redis what is in force now, and how fresh that is",
    .writes = writes,
    .topics = topics,
    .topic_count = 1,
    .types = types,
    .open = open_cache,
    .close = close_cache,
    .place = place_cache,
    .take = take_cache,
    .write = write_cache,
    .lose = lose_cache,
};
