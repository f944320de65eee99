/* chengxin rebuild redis. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/store/cached.h"
#include "common/wire/visit.h"
#include "ops/cli/rebuild.h"
#include "schemas/types.h"
#include "services/cache/cache.h"

enum { POLL_MS = 200, IDLE_POLLS = 100, TICK_KEY = 4, TRIES = 1000, KEY = 40 };
static const char topic[] = "credit.status";

/* One partition's rows on their way. */
struct lane {
    cx_cached_mark mark;
    cx_cached_row rows[CX_CACHED_ROWS];
    size_t starts[CX_CACHED_ROWS][2]; /* of entries and records in text: it may move while it grows */
    size_t n;
    bool touched, ended;
    cx_buffer text;
};

struct job {
    cx_rebuild *rebuild;
    cx_redis *redis;
    cx_reader *reader;
    cx_arena *arena;
    struct lane *lanes;
    cx_place *places;
    int32_t partitions;
    size_t in_flight;
};

/* --- Redis
 * -------------------------------------------------------------------------------------------------- */
static cx_rc call(struct job *job, const char *a, const char *b, const char *c, cx_redis_reply *reply,
                  cx_err *err) {
    cx_view words[] = {cx_view_of(a), cx_view_of(b != NULL ? b : ""), cx_view_of(c != NULL ? c : "")};
    return cx_redis_call(job->redis, b == NULL ? 1 : c == NULL ? 2 : 3, words, reply, err);
}

static cx_rc open_redis(struct job *job, cx_err *err) {
    const cx_config *config = job->rebuild->config;
    cx_redis_reply reply;
    CX_TRY(cx_redis_open(cx_config_text(config, "redis.socket"), cx_config_text(config, "rebuild.redis.user"),
                         cx_config_text(config, "rebuild.redis.password.file"), &job->redis, err));
    CX_TRY(cx_cached_load(job->redis, (cx_view){(const char *)cx_cache_library, cx_cache_library_size}, err));
    CX_TRY(call(job, "SELECT", "1", NULL, &reply, err));
    return call(job, "FLUSHDB", NULL, NULL, &reply, err);
}

static cx_rc send_lane(struct job *job, struct lane *lane, cx_err *err) {
    if (!lane->touched)
        return CX_OK;
    for (size_t i = 0; i < lane->n; i++) {
        lane->rows[i].entries.p = (const char *)lane->text.p + lane->starts[i][0];
        lane->rows[i].records.p = (const char *)lane->text.p + lane->starts[i][1];
    }
    CX_TRY(cx_cached_send(job->redis, &lane->mark, lane->rows, lane->n, &job->in_flight, err));
    job->rebuild->rows += lane->n;
    lane->n = 0;
    lane->text.n = 0;
    lane->touched = false;
    lane->mark.tick = CX_NO_TIME;
    return CX_OK;
}

static cx_rc send_all(struct job *job, cx_err *err) {
    for (int32_t p = 0; p < job->partitions; p++)
        CX_TRY(send_lane(job, &job->lanes[p], err));
    return cx_cached_drain(job->redis, 0, &job->in_flight, err);
}

/* --- credit.status
 * ------------------------------------------------------------------------------------------- */
static cx_rc print(struct lane *lane, const cx_status *s, const char *field, size_t *start, size_t *n,
                   cx_err *err) {
    cx_slot slot = cx_field_slot(cx_type_field(&cx_status_type, cx_view_of(field)), s);
    *start = lane->text.n;
    cx_rc rc = cx_struct_print(slot.type, slot.value, 0, &lane->text);
    *n = lane->text.n - *start;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc take_row(struct lane *lane, const cx_status *s, cx_err *err) {
    cx_cached_row *r = &lane->rows[lane->n];
    int64_t order = cx_cached_order(lane->mark.partition, s->origin.partition, s->origin.offset);
    *r = (cx_cached_row){.origin_offset = order, .until = s->has_until ? s->until : CX_NO_DATE};
    (void)memcpy(r->subject, s->subject, sizeof r->subject);
    r->has_linked_to = s->linked_to != NULL;
    if (r->has_linked_to)
        (void)memcpy(r->linked_to, s->linked_to, sizeof r->linked_to);
    CX_TRY(print(lane, s, "entries", &lane->starts[lane->n][0], &r->entries.n, err));
    CX_TRY(print(lane, s, "records", &lane->starts[lane->n][1], &r->records.n, err));
    lane->n++;
    return CX_OK;
}

static cx_rc take(struct job *job, const cx_message *m, cx_err *err) {
    struct lane *lane = &job->lanes[m->partition];
    const void *value = NULL;
    cx_arena_reset(job->arena);
    job->rebuild->messages++;
    if (m->value.p != NULL) {
        CX_TRY(cx_codec_decode(job->rebuild->codec, &cx_status_type, m->value, job->arena, &value, err));
        const cx_status *s = value;
        if (m->key.n == TICK_KEY) {
            lane->mark.tick = s->tick;
            lane->mark.received_to = s->received_to;
            lane->mark.virtual = s->virtual;
        } else {
            CX_TRY(take_row(lane, s, err));
        }
    }
    lane->mark.next = m->offset + 1;
    lane->touched = true;
    return lane->n == CX_CACHED_ROWS ? send_lane(job, lane, err) : CX_OK;
}

/* Reads on until every partition has come to its end for now. */
static cx_rc read_on(struct job *job, cx_err *err) {
    int32_t open = 0;
    for (int32_t p = 0; p < job->partitions; p++)
        open += !job->lanes[p].ended;
    for (int idle = 0; open > 0;) {
        cx_read read;
        CX_TRY(cx_reader_poll(job->reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", topic);
        bool known = read.kind != CX_READ_NOTHING && read.message.partition < job->partitions;
        if (known && read.kind == CX_READ_END && !job->lanes[read.message.partition].ended) {
            job->lanes[read.message.partition].ended = true;
            open--;
        }
        cx_rc rc = known && read.kind == CX_READ_MESSAGE ? take(job, &read.message, err) : CX_OK;
        if (read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
        CX_TRY(rc);
    }
    return CX_OK;
}

/* --- the switch
 * ---------------------------------------------------------------------------------------------- */
static const char *asof_of(int32_t partition, char out[KEY]) {
    (void)snprintf(out, KEY, "cx:asof:%" PRId32, partition);
    return out;
}

/* Whether the new database holds all that the old one does; from here on a write to the old one's watermark
 * undoes the switch. */
static cx_rc watch(struct job *job, bool *whole, cx_err *err) {
    cx_redis_reply reply;
    char key[KEY];
    *whole = true;
    CX_TRY(call(job, "SELECT", "0", NULL, &reply, err));
    for (int32_t p = 0; p < job->partitions; p++)
        CX_TRY(call(job, "WATCH", asof_of(p, key), NULL, &reply, err));
    for (int32_t p = 0; p < job->partitions; p++) {
        int64_t next = 0;
        CX_TRY(cx_cached_watermark(job->redis, job->rebuild->generation, p, &next, err));
        job->lanes[p].ended = next <= job->lanes[p].mark.next;
        *whole = *whole && job->lanes[p].ended;
    }
    return CX_OK;
}

static cx_rc try_switch(struct job *job, bool *done, cx_err *err) {
    cx_redis_reply reply;
    bool whole = false;
    *done = false;
    CX_TRY(watch(job, &whole, err));
    if (!whole) {
        CX_TRY(call(job, "UNWATCH", NULL, NULL, &reply, err));
        return call(job, "SELECT", "1", NULL, &reply, err);
    }
    CX_TRY(call(job, "MULTI", NULL, NULL, &reply, err));
    CX_TRY(call(job, "SWAPDB", "0", "1", &reply, err));
    CX_TRY(call(job, "EXEC", NULL, NULL, &reply, err));
    *done = !reply.null;
    return call(job, "SELECT", "1", NULL, &reply, err);
}

static cx_rc change_places(struct job *job, cx_err *err) {
    cx_redis_reply reply;
    bool done = false;
    double began = cx_rebuild_now();
    for (int i = 0; !done && i < TRIES; i++) {
        CX_TRY(send_all(job, err));
        CX_TRY(try_switch(job, &done, err));
        job->rebuild->tries++;
        if (!done)
            CX_TRY(read_on(job, err));
    }
    if (!done)
        return cx_fail(err, CX_STORE_AWAY, "Redis: the old database was never still; nothing was changed");
    job->rebuild->switch_seconds = cx_rebuild_now() - began;
    return call(job, "FLUSHDB", NULL, NULL, &reply, err); /* what was the old one */
}

/* --- life
 * ---------------------------------------------------------------------------------------------------- */
static cx_rc open_log(struct job *job, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(job->rebuild->config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, topic, &job->partitions, err);
    cx_admin_destroy(&admin);
    CX_TRY(rc);
    job->lanes = calloc((size_t)job->partitions, sizeof *job->lanes);
    job->places = calloc((size_t)job->partitions, sizeof *job->places);
    if (job->lanes == NULL || job->places == NULL || (job->arena = cx_arena_new(0)) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < job->partitions; p++) {
        job->lanes[p].mark =
            (cx_cached_mark){.generation = job->rebuild->generation, .partition = p, .tick = CX_NO_TIME};
        job->places[p] = (cx_place){topic, p, CX_POSITION_BEGINNING, ""};
    }
    CX_TRY(cx_reader_new(job->rebuild->config, &job->reader, err));
    return cx_reader_assign(job->reader, job->places, (size_t)job->partitions, err);
}

static cx_rc build(struct job *job, cx_err *err) {
    double began = cx_rebuild_now();
    CX_TRY(cx_codec_add(job->rebuild->codec, &cx_status_type, err));
    CX_TRY(cx_rebuild_schemas(job->rebuild, err));
    CX_TRY(open_redis(job, err));
    CX_TRY(open_log(job, err));
    cx_rebuild_progress(job->rebuild, "reading credit.status");
    CX_TRY(read_on(job, err));
    CX_TRY(send_all(job, err));
    job->rebuild->build_seconds = cx_rebuild_now() - began;
    return change_places(job, err);
}

cx_rc cx_rebuild_redis(cx_rebuild *rebuild, cx_err *err) {
    struct job job = {.rebuild = rebuild};
    cx_rc rc = build(&job, err);
    for (int32_t p = 0; job.lanes != NULL && p < job.partitions; p++)
        cx_buffer_free(&job.lanes[p].text);
    free(job.lanes);
    free(job.places);
    cx_arena_destroy(&job.arena);
    cx_reader_destroy(&job.reader);
    cx_redis_close(&job.redis);
    return rc;
}
