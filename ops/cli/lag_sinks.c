/* Positions that are not Kafka's: the cache's stands in Redis beside its rows, the history's in PostgreSQL.
 */
#include <stdio.h>

#include "common/store/postgres.h"
#include "common/store/redis.h"
#include "ops/cli/lag.h"

enum { OFFSETS_COLUMNS = 5 };

static bool number(cx_view text, int64_t *out) {
    return text.p != NULL && cx_view_to_int64(text, out);
}

static cx_rc read_mark(cx_redis *redis, int32_t partition, cx_lag_visit visit, void *context, cx_err *err) {
    char key[32];
    (void)snprintf(key, sizeof key, "cx:asof:%d", (int)partition);
    const cx_view words[] = {CX_VIEW("HMGET"), cx_view_of(key), CX_VIEW("next"), CX_VIEW("tick"),
                             CX_VIEW("received_to")};
    cx_redis_reply reply;
    CX_TRY(cx_redis_call(redis, 5, words, &reply, err));
    cx_lag_position at = {.topic = "credit.status", .partition = partition, .next = CX_LAG_NONE};
    if (reply.n != 3)
        return cx_fail(err, CX_STORE, "Redis: a watermark has %zu fields", reply.n);
    if (!number(reply.elements[0], &at.next))
        at.next = CX_LAG_NONE;
    if (!number(reply.elements[1], &at.tick))
        at.tick = CX_NO_TIME;
    if (!number(reply.elements[2], &at.received_to))
        at.received_to = CX_NO_TIME;
    return visit(context, &at);
}

cx_rc cx_lag_redis(const cx_config *config, int32_t partitions, cx_lag_visit visit, void *context,
                   cx_err *err) {
    cx_redis *redis = NULL;
    cx_rc rc =
        cx_redis_open(cx_config_text(config, "redis.socket"), cx_config_text(config, "query.redis.user"),
                      cx_config_text(config, "query.redis.password.file"), &redis, err);
    for (int32_t p = 0; rc == CX_OK && p < partitions; p++)
        rc = read_mark(redis, p, visit, context, err);
    cx_redis_close(&redis);
    return rc;
}

static cx_rc read_offset(const cx_pg_rows *rows, int i, cx_lag_visit visit, void *context, cx_err *err) {
    int64_t values[OFFSETS_COLUMNS - 1];
    for (int column = 1; column < OFFSETS_COLUMNS; column++) {
        const char *text = cx_pg_value(rows, i, column);
        if (text == NULL)
            values[column - 1] = CX_NO_TIME;
        else if (!cx_view_to_int64(cx_view_of(text), &values[column - 1]))
            return cx_fail(err, CX_STORE, "PostgreSQL: history.offsets holds no number");
    }
    return visit(context, &(cx_lag_position){.topic = cx_pg_value(rows, i, 0),
                                             .partition = (int32_t)values[0],
                                             .next = values[1],
                                             .tick = values[2],
                                             .received_to = values[3]});
}

cx_rc cx_lag_postgres(const cx_config *config, cx_lag_visit visit, void *context, cx_err *err) {
    static const char sql[] =
        "SELECT topic, partition, next_offset, (extract(epoch FROM tick) * 1000)::bigint,"
        " (extract(epoch FROM received_to) * 1000)::bigint FROM history.offsets o"
        " WHERE generation = (SELECT max(generation) FROM history.offsets)";
    cx_pg *pg = NULL;
    cx_pg_rows *rows = NULL;
    cx_rc rc = cx_pg_open(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin lag", &pg, err);
    if (rc == CX_OK)
        rc = cx_pg_query(pg, sql, NULL, 0, &rows, err);
    for (int i = 0; rc == CX_OK && i < cx_pg_rows_count(rows); i++)
        rc = read_offset(rows, i, visit, context, err);
    cx_pg_rows_free(&rows);
    cx_pg_close(&pg);
    return rc;
}
