/* Redis against credit.status: the newest row of every subject, as the cache would write it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/run/state.h"
#include "common/store/cached.h"
#include "common/vault/hash.h"
#include "common/wire/visit.h"
#include "ops/cli/table_read.h"
#include "ops/cli/verify.h"
#include "schemas/types.h"

enum { SUBJECT = 16, ROUNDS = 20, PAUSE_MS = 250, FIELDS = 6, NUMBER = 24, PREFIX = 10 };

struct redis_job {
    cx_verify *verify;
    cx_redis *redis;
    cx_state *status;  /* subject -> struct place and the message */
    cx_state *unknown; /* subjects of Redis that were not there */
    cx_arena *arena;
    bool virtual;
    size_t behind; /* of the last round: rows that Redis does not have yet */
};

/* --- what should be there --------------------------------------------------------------------------------
 */
struct place {
    int32_t partition;
    int64_t offset;
};

/* The row stands where it was before its partition was split. */
static bool has_moved_on(const struct redis_job *job, const cx_message *m) {
    struct place place = {.partition = 0};
    cx_view stood = cx_state_get(job->status, m->key);
    if (stood.p != NULL)
        (void)memcpy(&place, stood.p, sizeof place);
    return place.partition > m->partition;
}

static cx_rc take_status(void *context, const cx_message *m, cx_err *err) {
    struct redis_job *job = context;
    struct place place = {m->partition, m->offset};
    if (m->key.n != SUBJECT || m->value.p == NULL)
        return CX_OK;
    if (has_moved_on(job, m))
        return CX_OK;
    cx_arena_reset(job->arena);
    char *kept = cx_arena_alloc(job->arena, sizeof place + m->value.n);
    if (kept == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)memcpy(kept, &place, sizeof place);
    (void)memcpy(kept + sizeof place, m->value.p, m->value.n);
    cx_rc rc = cx_state_put(job->status, m->key, (cx_view){kept, sizeof place + m->value.n}, CX_NO_TIME);
    cx_state_keep(job->status);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc print(const cx_status *s, const char *field, cx_buffer *out, cx_err *err) {
    cx_slot slot = cx_field_slot(cx_type_field(&cx_status_type, cx_view_of(field)), s);
    out->n = 0;
    return cx_struct_print(slot.type, slot.value, 0, out) == CX_OK ? CX_OK
                                                                   : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- what is there ---------------------------------------------------------------------------------------
 */
static void tell(struct redis_job *job, cx_view subject, const char *what, const char *field) {
    char hex[2 * SUBJECT + 1];
    json_t *d = json_pack("{s:s, s:s, s:s}", "where", "redis", "what", what, "subject",
                          cx_hex((const uint8_t *)subject.p, SUBJECT, hex));
    if (field != NULL)
        (void)json_object_set_new(d, "field", json_string(field));
    cx_verify_tell(job->verify, d);
}

static cx_rc next_of(const struct redis_job *job, int32_t partition, int64_t *next, cx_err *err) {
    return cx_cached_watermark(job->redis, job->verify->generation, partition, next, err);
}

/* On a wall log a key expires at its latest end. */
static bool has_expired(const struct redis_job *job, const cx_status *s) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return !job->virtual && s->has_until && cx_time_of_date(s->until) <= (cx_time)now.tv_sec * 1000;
}

/* Which field differs; NULL: none. */
static cx_rc compare(struct redis_job *job, int32_t stands, const cx_status *s, const cx_redis_reply *reply,
                     const char **field, cx_err *err) {
    char version[2 * NUMBER], partition[NUMBER], until[CX_DATE_TEXT], linked[CX_CACHED_HEX];
    cx_buffer text = {0};
    cx_view should[FIELDS];
    static const char *const names[FIELDS] = {"version", "partition", "until",
                                              "entries", "records",   "linked"};
    int n = snprintf(version, sizeof version, "%d.%" PRId64, job->verify->generation,
                     cx_cached_order(stands, s->origin.partition, s->origin.offset));
    should[0] = (cx_view){version, (size_t)n};
    should[1] = (cx_view){partition, (size_t)snprintf(partition, sizeof partition, "%" PRId32, stands)};
    should[2] = s->has_until ? cx_view_of(cx_date_format(s->until, until)) : CX_VIEW("");
    should[5] = s->linked_to != NULL ? cx_view_of(cx_cached_hex(s->linked_to, linked)) : (cx_view){NULL, 0};
    cx_rc rc = CX_OK;
    *field = NULL;
    for (size_t i = 0; rc == CX_OK && *field == NULL && i < FIELDS; i++) {
        if (i == 3 || i == 4) {
            rc = print(s, names[i], &text, err);
            should[i] = cx_buffer_view(&text, 0);
        }
        if (rc == CX_OK && (i >= reply->n || !cx_view_eq(should[i], reply->elements[i])))
            *field = names[i];
    }
    cx_buffer_free(&text);
    return rc;
}

static cx_rc check(struct redis_job *job, cx_view subject, bool last, bool *differs, cx_err *err) {
    struct place place;
    const void *value = NULL;
    const char *field = NULL;
    char hex[2 * SUBJECT + 1], key[64];
    cx_redis_reply reply;
    int64_t next = 0;
    *differs = false;
    cx_view kept = cx_state_get(job->status, subject);
    (void)memcpy(&place, kept.p, sizeof place);
    cx_arena_reset(job->arena);
    CX_TRY(cx_codec_decode(job->verify->codec, &cx_status_type,
                           (cx_view){kept.p + sizeof place, kept.n - sizeof place}, job->arena, &value, err));
    int n = snprintf(key, sizeof key, "cx:status:{%s}", cx_hex((const uint8_t *)subject.p, SUBJECT, hex));
    cx_view words[] = {CX_VIEW("HMGET"), {key, (size_t)n},   CX_VIEW("version"), CX_VIEW("partition"),
                       CX_VIEW("until"), CX_VIEW("entries"), CX_VIEW("records"), CX_VIEW("linked")};
    CX_TRY(cx_redis_call(job->redis, 8, words, &reply, err));
    bool none = reply.n == 0 || reply.elements[0].n == 0;
    CX_TRY(compare(job, place.partition, value, &reply, &field, err));
    if (field == NULL || (none && has_expired(job, value)))
        return CX_OK;
    CX_TRY(next_of(job, place.partition, &next, err)); /* read last: it may be on its way */
    if (next <= place.offset)
        job->behind++;
    if (last)
        tell(job, subject,
             none                   ? "REMOVED"
             : next <= place.offset ? "BEHIND"
                                    : "ALTERED",
             none ? NULL : field);
    *differs = true;
    return CX_OK;
}

/* --- all of it -------------------------------------------------------------------------------------------
 */
static bool any(cx_view key) {
    return key.n == SUBJECT;
}

/* Those that differ stay in `subjects`. */
static cx_rc one_round(struct redis_job *job, cx_view *subjects, size_t *n, bool last, cx_err *err) {
    size_t left = 0;
    job->behind = 0;
    for (size_t i = 0; i < *n; i++) {
        bool differs = false;
        CX_TRY(check(job, subjects[i], last, &differs, err));
        if (differs)
            subjects[left++] = subjects[i];
    }
    *n = left;
    return CX_OK;
}

/* The pipeline may be at work: what differs is looked at again, with what credit.status holds by then. Only
 * what the cache has passed by and still differs is wrong. */
static cx_rc rounds(struct redis_job *job, cx_view *subjects, size_t n, cx_err *err) {
    static const struct timespec pause = {0, PAUSE_MS * 1000000L};
    CX_TRY(one_round(job, subjects, &n, false, err));
    for (int i = 0; n > 0 && i < ROUNDS; i++) {
        bool settled = job->behind == 0 && i > 0;
        (void)nanosleep(&pause, NULL);
        CX_TRY(cx_topic_read(job->verify->config, "credit.status", take_status, job, err));
        CX_TRY(one_round(job, subjects, &n, settled || i == ROUNDS - 1, err));
        if (settled)
            break;
    }
    return CX_OK;
}

static bool is_known(const struct redis_job *job, cx_view subject) {
    return cx_state_get(job->status, subject).p != NULL;
}

static cx_rc take_key(void *context, cx_view key, cx_err *err) {
    struct redis_job *job = context;
    uint8_t bytes[SUBJECT];
    cx_view subject = {(const char *)bytes, SUBJECT};
    if (key.n != PREFIX + 2 * SUBJECT + 2 ||
        !cx_unhex((cx_view){key.p + PREFIX + 1, 2 * SUBJECT}, bytes, SUBJECT) || is_known(job, subject))
        return CX_OK;
    cx_rc rc = cx_state_put(job->unknown, subject, CX_VIEW("?"), CX_NO_TIME);
    cx_state_keep(job->unknown);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* Keys of Redis that credit.status does not know, not even once they have been seen. */
static cx_rc scan(struct redis_job *job, cx_err *err) {
    size_t n = 0;
    CX_TRY(cx_redis_scan(job->redis, CX_VIEW("cx:status:*"), take_key, job, err));
    if (cx_state_rows(job->unknown) > 0)
        CX_TRY(cx_topic_read(job->verify->config, "credit.status", take_status, job, err));
    cx_view *unknown = cx_state_keys(job->unknown, any, &n);
    if (unknown == NULL && n > 0)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < n; i++)
        if (!is_known(job, unknown[i]))
            tell(job, unknown[i], "INSERTED", NULL);
    free(unknown);
    return CX_OK;
}

static cx_rc is_virtual(struct redis_job *job, cx_err *err) {
    cx_view words[] = {CX_VIEW("HMGET"), CX_VIEW("cx:asof:0"), CX_VIEW("virtual")};
    cx_redis_reply reply;
    CX_TRY(cx_redis_call(job->redis, 3, words, &reply, err));
    job->virtual = reply.n > 0 && cx_view_is(reply.elements[0], "1");
    return CX_OK;
}

static cx_rc run(struct redis_job *job, cx_err *err) {
    const cx_config *config = job->verify->config;
    size_t n = 0;
    CX_TRY(cx_redis_open(cx_config_text(config, "redis.socket"), cx_config_text(config, "query.redis.user"),
                         cx_config_text(config, "query.redis.password.file"), &job->redis, err));
    CX_TRY(is_virtual(job, err));
    CX_TRY(cx_topic_read(config, "credit.status", take_status, job, err));
    cx_view *subjects = cx_state_keys(job->status, any, &n);
    if (subjects == NULL && n > 0)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_verify_count(job->verify, "redis", "subjects", n);
    cx_rc rc = rounds(job, subjects, n, err);
    free(subjects);
    return rc == CX_OK ? scan(job, err) : rc;
}

cx_rc cx_verify_redis(cx_verify *verify, cx_err *err) {
    struct redis_job job = {
        .verify = verify, .status = cx_state_new(), .unknown = cx_state_new(), .arena = cx_arena_new(0)};
    cx_rc rc = job.status == NULL || job.unknown == NULL || job.arena == NULL
                   ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                   : run(&job, err);
    cx_redis_close(&job.redis);
    cx_state_destroy(&job.status);
    cx_state_destroy(&job.unknown);
    cx_arena_destroy(&job.arena);
    return rc;
}
