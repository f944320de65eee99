#include "common/store/cached.h"

#include <inttypes.h>
#include <stdio.h>

enum { NUMBER = 24, KEY = 48, MARK_WORDS = 6, ROW_WORDS = 6 };

const char *cx_cached_hex(const uint8_t subject[16], char out[CX_CACHED_HEX]) {
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        out[2 * i] = digits[subject[i] >> 4];
        out[2 * i + 1] = digits[subject[i] & 15];
    }
    out[32] = '\0';
    return out;
}

static cx_view status_key(const uint8_t subject[16], char out[KEY]) {
    char hex[CX_CACHED_HEX];
    return (cx_view){out, (size_t)snprintf(out, KEY, "cx:status:{%s}", cx_cached_hex(subject, hex))};
}

static cx_view asof_key(int32_t partition, char out[KEY]) {
    return (cx_view){out, (size_t)snprintf(out, KEY, "cx:asof:%" PRId32, partition)};
}

static cx_view number(int64_t n, char out[NUMBER]) {
    return (cx_view){out, (size_t)snprintf(out, NUMBER, "%" PRId64, n)};
}

static cx_view time_or_none(cx_time t, char out[NUMBER]) {
    return t == CX_NO_TIME ? CX_VIEW("") : number(t, out);
}

cx_rc cx_cached_load(cx_redis *redis, cx_view library, cx_err *err) {
    cx_view words[] = {CX_VIEW("FUNCTION"), CX_VIEW("LOAD"), CX_VIEW("REPLACE"), library};
    cx_redis_reply reply;
    return cx_redis_call(redis, 4, words, &reply, err);
}

cx_rc cx_cached_watermark(cx_redis *redis, int generation, int32_t partition, int64_t *next, cx_err *err) {
    char key[KEY];
    cx_view words[] = {CX_VIEW("FCALL_RO"), CX_VIEW("cx_watermark"), CX_VIEW("1"), asof_key(partition, key)};
    cx_redis_reply reply;
    int64_t stands = 0;
    *next = 0;
    CX_TRY(cx_redis_call(redis, 4, words, &reply, err));
    if (reply.n != 2 || reply.elements[0].n == 0)
        return CX_OK;
    if (!cx_view_to_int64(reply.elements[0], &stands) || !cx_view_to_int64(reply.elements[1], next))
        return cx_fail(err, CX_STORE, "Redis holds no number in cx:asof:%d", (int)partition);
    if (stands > generation)
        return cx_fail(err, CX_FENCED, "Redis holds log %d, this is log %d", (int)stands, generation);
    if (stands < generation)
        *next = 0;
    return CX_OK;
}

cx_rc cx_cached_send(cx_redis *redis, const cx_cached_mark *mark, const cx_cached_row *rows, size_t n,
                     size_t *in_flight, cx_err *err) {
    enum { WORDS = 4 + CX_CACHED_ROWS + MARK_WORDS + CX_CACHED_ROWS * ROW_WORDS };
    static _Thread_local char keys[1 + CX_CACHED_ROWS][KEY], offsets[CX_CACHED_ROWS][NUMBER],
        expires[CX_CACHED_ROWS][NUMBER], untils[CX_CACHED_ROWS][CX_DATE_TEXT],
        links[CX_CACHED_ROWS][CX_CACHED_HEX];
    char counts[MARK_WORDS][NUMBER];
    cx_view words[WORDS];
    size_t at = 0;
    CX_ASSERT(n <= CX_CACHED_ROWS);
    words[at++] = CX_VIEW("FCALL");
    words[at++] = CX_VIEW("cx_apply");
    words[at++] = number((int64_t)n + 1, counts[0]);
    words[at++] = asof_key(mark->partition, keys[0]);
    for (size_t i = 0; i < n; i++)
        words[at++] = status_key(rows[i].subject, keys[1 + i]);
    words[at++] = number(mark->generation, counts[1]);
    words[at++] = number(mark->partition, counts[2]);
    words[at++] = number(mark->next, counts[3]);
    words[at++] = time_or_none(mark->tick, counts[4]);
    words[at++] = time_or_none(mark->received_to, counts[5]);
    words[at++] = mark->virtual ? CX_VIEW("1") : CX_VIEW("0");
    for (size_t i = 0; i < n; i++) {
        const cx_cached_row *r = &rows[i];
        words[at++] = number(r->origin_offset, offsets[i]);
        words[at++] =
            time_or_none(r->until == CX_NO_DATE ? CX_NO_TIME : cx_time_of_date(r->until), expires[i]);
        words[at++] = r->until == CX_NO_DATE ? CX_VIEW("") : cx_view_of(cx_date_format(r->until, untils[i]));
        words[at++] = r->entries;
        words[at++] = r->records;
        words[at++] = r->has_linked_to ? cx_view_of(cx_cached_hex(r->linked_to, links[i])) : CX_VIEW("");
    }
    CX_TRY(cx_redis_send(redis, (int)at, words, err));
    ++*in_flight;
    return *in_flight < CX_CACHED_IN_FLIGHT ? CX_OK
                                            : cx_cached_drain(redis, CX_CACHED_IN_FLIGHT / 2, in_flight, err);
}

cx_rc cx_cached_drain(cx_redis *redis, size_t leave, size_t *in_flight, cx_err *err) {
    while (*in_flight > leave) {
        cx_redis_reply reply;
        CX_TRY(cx_redis_receive(redis, &reply, err));
        --*in_flight;
    }
    return CX_OK;
}

cx_rc cx_cached_status(cx_redis *redis, const uint8_t subject[16], cx_view *json, cx_err *err) {
    char key[KEY];
    cx_view words[] = {CX_VIEW("FCALL_RO"), CX_VIEW("cx_status"), CX_VIEW("1"), status_key(subject, key)};
    cx_redis_reply reply;
    CX_TRY(cx_redis_call(redis, 4, words, &reply, err));
    *json = reply.null ? (cx_view){NULL, 0} : reply.text;
    return CX_OK;
}

static cx_rc freshness_of(cx_redis *redis, int32_t partition, int64_t *tick, int64_t *received_to,
                          cx_err *err) {
    char key[32];
    cx_redis_reply reply;
    (void)snprintf(key, sizeof key, "cx:asof:%d", partition);
    const cx_view words[] = {CX_VIEW("HMGET"), cx_view_of(key), CX_VIEW("tick"), CX_VIEW("received_to")};
    CX_TRY(cx_redis_call(redis, 4, words, &reply, err));
    if (reply.n == 2 && cx_view_to_int64(reply.elements[0], tick) &&
        cx_view_to_int64(reply.elements[1], received_to))
        return CX_OK;
    return cx_fail(err, CX_ROW_NOT_YET, "the cache has not told yet how fresh partition %d is", partition);
}

cx_rc cx_cached_freshness(cx_redis *redis, int32_t partitions, cx_time *tick, cx_time *received_to,
                          cx_err *err) {
    *tick = *received_to = INT64_MAX;
    for (int32_t p = 0; p < partitions; p++) {
        int64_t t = 0, r = 0;
        CX_TRY(freshness_of(redis, p, &t, &r, err));
        *tick = t < *tick ? t : *tick;
        *received_to = r < *received_to ? r : *received_to;
    }
    return CX_OK;
}
