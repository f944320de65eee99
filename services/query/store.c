/* What Redis and PostgreSQL know of one subject. */
#include <jansson.h>
#include <string.h>

#include "common/run/in_force.h"
#include "common/store/cached.h"
#include "services/query/service.h"

void cx_query_stores_close(cx_query_service *q) {
    cx_redis_close(&q->redis);
    cx_pg_close(&q->pg);
}

/* --- Redis ------------------------------------------------------------------------------------------------
 */

static cx_rc open_redis(cx_query_service *q, cx_err *err) {
    if (q->redis != NULL)
        return CX_OK;
    return cx_redis_open(cx_config_text(q->config, "redis.socket"),
                         cx_config_text(q->config, "query.redis.user"),
                         cx_config_text(q->config, "query.redis.password.file"), &q->redis, err);
}

static cx_rc nothing_known(cx_query_service *q, json_t **out, cx_err *err) {
    cx_time tick, received_to;
    CX_TRY(cx_cached_freshness(q->redis, q->partitions, &tick, &received_to, err));
    *out = json_pack("{s:I,s:I,s:[],s:[]}", "tick", (json_int_t)tick, "received_to", (json_int_t)received_to,
                     "entries", "records");
    return *out != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_query_status(cx_query_service *q, const uint8_t subject[16], json_t **out, cx_err *err) {
    cx_rc rc = open_redis(q, err);
    *out = NULL;
    if (rc == CX_OK)
        rc = cx_in_force(q->redis, subject, out, err);
    if (rc == CX_OK && *out == NULL)
        rc = nothing_known(q, out, err);
    if (rc == CX_OK)
        return CX_OK;
    json_decref(*out);
    *out = NULL;
    if (rc != CX_ROW_NOT_YET)
        cx_redis_close(&q->redis);
    return rc;
}

/* --- PostgreSQL -------------------------------------------------------------------------------------------
 */

static cx_rc open_pg(cx_query_service *q, cx_err *err) {
    if (q->pg != NULL)
        return CX_OK;
    CX_TRY(cx_pg_open(cx_config_text(q->config, "postgres.conninfo"), "cx_query", "chengxin-query", &q->pg,
                      err));
    return cx_pg_query(
        q->pg, "SELECT set_config('statement_timeout', '10s', false), set_config('jit', 'off', false)", NULL,
        0, NULL, err);
}

/* The one value that a statement gives. */
static cx_rc ask_pg(cx_query_service *q, const char *sql, const char *const *values, int n, json_t **out,
                    cx_err *err) {
    *out = NULL;
    cx_rc rc = open_pg(q, err);
    if (rc == CX_OK)
        rc = cx_pg_json(q->pg, sql, values, n, out, err);
    if (rc == CX_OK && *out == NULL)
        rc = cx_fail(err, CX_STORE, "PostgreSQL gave no answer");
    if (rc != CX_OK)
        cx_pg_close(&q->pg);
    return rc;
}

static const char *bytea(const uint8_t subject[16], char out[CX_CACHED_HEX + 2]) {
    out[0] = '\\';
    out[1] = 'x';
    (void)cx_cached_hex(subject, out + 2);
    return out;
}

static const char *time_or_ever(cx_time t, char out[CX_TIME_TEXT]) {
    return t == CX_NO_TIME ? "infinity" : cx_time_format(t, out);
}

cx_rc cx_query_status_at(cx_query_service *q, const uint8_t subject[16], cx_time at, cx_time known_at,
                         json_t **out, cx_err *err) {
    char hex[CX_CACHED_HEX + 2], a[CX_TIME_TEXT], k[CX_TIME_TEXT];
    const char *const values[] = {bytea(subject, hex), time_or_ever(at, a), time_or_ever(known_at, k)};
    return ask_pg(q, "SELECT history.status_json($1, $2, $3)", values, 3, out, err);
}

cx_rc cx_query_own_report(cx_query_service *q, const uint8_t subject[16], json_t **out, cx_err *err) {
    char hex[CX_CACHED_HEX + 2];
    const char *const values[] = {bytea(subject, hex)};
    return ask_pg(q, "SELECT history.own_report($1)", values, 1, out, err);
}

cx_rc cx_query_same(cx_query_service *q, const uint8_t a[16], const uint8_t b[16], bool *same, cx_err *err) {
    char one[CX_CACHED_HEX + 2], other[CX_CACHED_HEX + 2];
    const char *const values[] = {bytea(a, one), bytea(b, other)};
    json_t *answer = NULL;
    cx_rc rc = ask_pg(q, "SELECT to_json($2::bytea = ANY (history.pseudonyms($1)))", values, 2, &answer, err);
    *same = rc == CX_OK && json_is_true(answer);
    json_decref(answer);
    return rc;
}
