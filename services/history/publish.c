#include "services/history/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/bus/producer.h"
#include "common/run/announce.h"
#include "common/vault/hash.h"
#include "common/wire/type.h"
#include "schemas/types.h"

enum { AT_A_TIME = 200, NUMBER = 24 };
typedef enum column { TOPIC, PARTITION, TICK, TICK_MS, MESSAGE } column;

struct cx_publisher {
    const cx_config *config;
    cx_producer *producer; /* NULL: none yet, or broken */
    bool schema_sent;
};

cx_rc cx_publisher_new(const cx_config *config, cx_publisher **out, cx_err *err) {
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (*out)->config = config;
    return CX_OK;
}

void cx_publisher_destroy(cx_publisher **publisher) {
    if (*publisher == NULL)
        return;
    cx_producer_destroy(&(*publisher)->producer);
    free(*publisher);
    *publisher = NULL;
}

static cx_rc open_producer(cx_publisher *p, cx_err *err) {
    char id[64];
    if (p->producer != NULL)
        return CX_OK;
    (void)snprintf(id, sizeof id, "credit.history-%d-checkpoints", (int)cx_config_integer(p->config, "slot"));
    return cx_producer_new(p->config, id, &p->producer, err);
}

static cx_rc send(cx_publisher *p, const char *topic, cx_view key, cx_view value, cx_time at, cx_err *err) {
    cx_outgoing m = {.partition = -1, .key = key, .value = value, .timestamp = at > 0 ? at : 1};
    CX_TRY(cx_producer_topic(p->producer, topic, &m.topic, err));
    return cx_producer_send(p->producer, &m, err);
}

/* The key as cx_checkpoint_key writes it. */
static cx_rc send_row(cx_publisher *p, const cx_pg_rows *rows, int row, int generation, cx_err *err) {
    int64_t ms = 0;
    char key[512], tick[CX_TIME_TEXT];
    const char *hex = cx_pg_value(rows, row, MESSAGE);
    size_t n = strlen(hex) / 2;
    uint8_t *message = malloc(n + 1);
    if (message == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    bool whole = cx_unhex(cx_view_of(hex), message, n) &&
                 cx_view_to_int64(cx_view_of(cx_pg_value(rows, row, TICK_MS)), &ms);
    int length = snprintf(key, sizeof key, "chain/%d/%s/%s/%s", generation, cx_pg_value(rows, row, TOPIC),
                          cx_pg_value(rows, row, PARTITION), cx_time_format(ms, tick));
    cx_rc rc = whole ? send(p, "credit.checkpoints", (cx_view){key, (size_t)length},
                            (cx_view){(const char *)message, n}, ms, err)
                     : cx_fail(err, CX_STORE, "history.checkpoints holds what is no checkpoint");
    free(message);
    return rc;
}

static cx_rc send_all(cx_publisher *p, const cx_pg_rows *rows, int generation, cx_err *err) {
    CX_TRY(open_producer(p, err));
    CX_TRY(cx_producer_begin(p->producer, err));
    cx_rc rc = p->schema_sent ? CX_OK : cx_announce(p->producer, &cx_checkpoint_type, 1, err);
    for (int i = 0; rc == CX_OK && i < cx_pg_rows_count(rows); i++)
        rc = send_row(p, rows, i, generation, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(p->producer, NULL, 0, NULL, err);
    if (rc == CX_OK)
        p->schema_sent = true;
    else
        cx_producer_destroy(&p->producer); /* the next one's epoch settles what was open */
    return rc;
}

static cx_rc mark(const cx_pg_rows *rows, cx_pg *pg, const char *generation, cx_err *err) {
    for (int i = 0; i < cx_pg_rows_count(rows); i++) {
        const char *const values[] = {generation, cx_pg_value(rows, i, TOPIC),
                                      cx_pg_value(rows, i, PARTITION), cx_pg_value(rows, i, TICK)};
        CX_TRY(cx_pg_query(
            pg,
            "UPDATE history.checkpoints SET published = true WHERE (generation, topic, partition, "
            "known_at) = ($1::integer, $2, $3::integer, $4::timestamptz)",
            values, 4, NULL, err));
    }
    return CX_OK;
}

/* *more: there may be others. Rows that another instance is publishing are left to it. */
static cx_rc publish_some(cx_publisher *p, cx_pg *pg, int generation, bool *more, cx_err *err) {
    char number[NUMBER];
    const char *const values[] = {number};
    cx_pg_rows *rows = NULL;
    (void)snprintf(number, sizeof number, "%d", generation);
    CX_TRY(cx_pg_begin(pg, err));
    CX_TRY(cx_pg_query(
        pg,
        "SELECT topic, partition, known_at, (extract(epoch FROM known_at) * 1000)::bigint, encode(message, "
        "'hex') FROM history.checkpoints WHERE generation = $1::integer AND NOT published "
        "ORDER BY known_at, topic, partition LIMIT 200 FOR UPDATE SKIP LOCKED",
        values, 1, &rows, err));
    *more = cx_pg_rows_count(rows) == AT_A_TIME;
    cx_rc rc = cx_pg_rows_count(rows) > 0 ? send_all(p, rows, generation, err) : CX_OK;
    if (rc == CX_OK)
        rc = mark(rows, pg, number, err);
    cx_pg_rows_free(&rows);
    if (rc == CX_OK)
        return cx_pg_commit(pg, err);
    cx_pg_rollback(pg);
    return rc;
}

cx_rc cx_publisher_run(cx_publisher *p, cx_pg *pg, int generation, cx_err *err) {
    for (bool more = true; more;)
        CX_TRY(publish_some(p, pg, generation, &more, err));
    return CX_OK;
}
