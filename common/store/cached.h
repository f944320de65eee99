/* What is in force, as Redis holds it: the calls of deploy/redis/chengxin.lua, which says what lies under
 * which key.
 *
 * Rows go out about CX_CACHED_ROWS at a time, several calls in flight; each call writes its rows and the
 * partition's watermark in one step, so that Redis never holds one without the other. Errors as in redis.h.
 * Not thread-safe.
 */
#ifndef CX_STORE_CACHED_H
#define CX_STORE_CACHED_H

#include "common/base/time.h"
#include "common/store/redis.h"

enum { CX_CACHED_ROWS = 100, CX_CACHED_IN_FLIGHT = 16, CX_CACHED_HEX = 33 };

/* A subject's row. */
typedef struct cx_cached_row {
    uint8_t subject[16];
    int64_t origin_offset;    /* cx_cached_order */
    cx_date until;            /* latest end, from which day on Redis may forget it; CX_NO_DATE: none */
    cx_view entries, records; /* JSON arrays */
    bool has_linked_to;       /* it all stands under another pseudonym now: that */
    uint8_t linked_to[16];
} cx_cached_row;

/* What a call says of its partition. */
typedef struct cx_cached_mark {
    int generation;
    int32_t partition;
    int64_t next;              /* offset in credit.status to be read next, once these rows are in */
    cx_time tick, received_to; /* tick CX_NO_TIME: none came with these rows */
    bool virtual;
} cx_cached_mark;

/* A row's place in its subject's order within a partition of credit.status: the offset of its origin; 0 where
 * that lies in another partition, out of which this one was split: everything in its own comes later. */
static inline int64_t cx_cached_order(int32_t partition, int32_t origin_partition, int64_t origin_offset) {
    return partition == origin_partition ? origin_offset : 0;
}
/* Loads the functions, replacing others of their name. library: the Lua text. */
cx_rc cx_cached_load(cx_redis *redis, cx_view library, cx_err *err) CX_MUST_CHECK;
/* *next becomes the offset at which to begin: 0 where Redis holds nothing of this log. CX_FENCED: a later
 * log. */
cx_rc cx_cached_watermark(cx_redis *redis, int generation, int32_t partition, int64_t *next,
                          cx_err *err) CX_MUST_CHECK;
/* Queues one call, n <= CX_CACHED_ROWS, with copies. *in_flight counts the calls not yet answered. */
cx_rc cx_cached_send(cx_redis *redis, const cx_cached_mark *mark, const cx_cached_row *rows, size_t n,
                     size_t *in_flight, cx_err *err) CX_MUST_CHECK;
/* Waits until at most `leave` calls are unanswered. */
cx_rc cx_cached_drain(cx_redis *redis, size_t leave, size_t *in_flight, cx_err *err) CX_MUST_CHECK;

/* "0123...": a pseudonym in 32 hexadecimal digits. */
const char *cx_cached_hex(const uint8_t subject[16], char out[CX_CACHED_HEX]);
/* How fresh the stalest of so many partitions is. ROW_NOT_YET while one of them has told nothing yet. */
cx_rc cx_cached_freshness(cx_redis *redis, int32_t partitions, cx_time *tick, cx_time *received_to,
                          cx_err *err) CX_MUST_CHECK;
/* A subject's status through the function cx_status, as JSON; p NULL: nothing is known of it. Until the next
 * call. */
cx_rc cx_cached_status(cx_redis *redis, const uint8_t subject[16], cx_view *json, cx_err *err) CX_MUST_CHECK;

#endif
