#include "common/store/fence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER = 24 };

void cx_claims_clear(cx_claims *claims) {
    for (size_t i = 0; i < claims->n; i++)
        free(claims->items[i].topic);
    claims->n = 0;
}

void cx_claims_free(cx_claims *claims) {
    cx_claims_clear(claims);
    free(claims->items);
    claims->items = NULL;
    claims->room = 0;
}

cx_claim *cx_claims_find(cx_claims *claims, cx_view topic, int32_t partition) {
    for (size_t i = 0; i < claims->n; i++)
        if (claims->items[i].partition == partition && cx_view_is(topic, claims->items[i].topic))
            return &claims->items[i];
    return NULL;
}

static cx_rc add_claim(cx_claims *claims, const char *topic, int32_t partition, cx_claim **out, cx_err *err) {
    if (claims->n == claims->room) {
        size_t room = claims->room == 0 ? 16 : 2 * claims->room;
        cx_claim *items = realloc(claims->items, room * sizeof *items);
        if (items == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        claims->items = items;
        claims->room = room;
    }
    char *copy = strdup(topic);
    if (copy == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *out = &claims->items[claims->n++];
    **out = (cx_claim){.topic = copy, .partition = partition};
    return CX_OK;
}

static cx_rc number_of(const char *text, int64_t *out, cx_err *err) {
    if (text == NULL || !cx_view_to_int64(cx_view_of(text), out))
        return cx_fail(err, CX_STORE, "history.offsets holds no number where one belongs");
    return CX_OK;
}

static cx_rc take(const cx_claims *claims, cx_claim *c, cx_pg *pg, cx_err *err) {
    char generation[NUMBER], partition[NUMBER], epoch[NUMBER];
    (void)snprintf(generation, sizeof generation, "%d", claims->generation);
    (void)snprintf(partition, sizeof partition, "%" PRId32, c->partition);
    (void)snprintf(epoch, sizeof epoch, "%" PRId64, c->epoch);
    const char *const values[] = {generation, c->topic, partition, epoch};
    bool fresh = c->epoch == 0;
    cx_pg_rows *rows = NULL;
    CX_TRY(cx_pg_query(pg,
                       fresh ? "SELECT next_offset, epoch FROM history.take($1, $2, $3)"
                             : "SELECT * FROM history.keep($1, $2, $3, $4) AS next_offset",
                       values, fresh ? 3 : 4, &rows, err));
    cx_rc rc = CX_OK;
    if (cx_pg_rows_count(rows) != 1)
        rc = cx_fail(err, CX_FENCED, "%s partition %d has another owner", c->topic, (int)c->partition);
    if (rc == CX_OK)
        rc = number_of(cx_pg_value(rows, 0, 0), &c->at, err);
    if (rc == CX_OK && fresh)
        rc = number_of(cx_pg_value(rows, 0, 1), &c->epoch, err);
    cx_pg_rows_free(&rows);
    return rc;
}

cx_rc cx_claims_place(cx_claims *claims, cx_pg *pg, const char *topic, int32_t partition, cx_claim **out,
                      cx_err *err) {
    cx_claim *c = cx_claims_find(claims, cx_view_of(topic), partition);
    if (c == NULL)
        CX_TRY(add_claim(claims, topic, partition, &c, err));
    CX_TRY(take(claims, c, pg, err));
    c->next = c->at;
    c->tick = c->received_to = CX_NO_TIME;
    *out = c;
    return CX_OK;
}

/* --- advancing: seven arrays, as text ------------------------------------------------------------------- */

typedef enum cx_part { TOPIC, PARTITION, EPOCH, OLD, NEW, TICK, RECEIVED, PARTS } cx_part;

static int write_part(char *out, size_t size, const cx_claim *c, cx_part part) {
    char time[CX_TIME_TEXT];
    switch (part) {
    case TOPIC:
        return snprintf(out, size, "\"%s\"", c->topic); /* Kafka's names hold no quote */
    case PARTITION:
        return snprintf(out, size, "%" PRId32, c->partition);
    case EPOCH:
        return snprintf(out, size, "%" PRId64, c->epoch);
    case OLD:
        return snprintf(out, size, "%" PRId64, c->at);
    case NEW:
        return snprintf(out, size, "%" PRId64, c->next);
    case TICK:
    case RECEIVED:
    case PARTS:
        break;
    }
    cx_time t = part == TICK ? c->tick : c->received_to;
    return t == CX_NO_TIME ? snprintf(out, size, "NULL")
                           : snprintf(out, size, "\"%s\"", cx_time_format(t, time));
}

static char *part_array(const cx_claims *claims, cx_part part) {
    enum { EACH = 300 }; /* a topic's name has at most 249 bytes */
    char *text = malloc(claims->n * EACH + 3);
    if (text == NULL)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < claims->n; i++) {
        const cx_claim *c = &claims->items[i];
        if (c->next == c->at)
            continue;
        text[at] = at == 0 ? '{' : ',';
        at += 1 + (size_t)write_part(text + at + 1, EACH - 1, c, part);
    }
    text[at++] = '}';
    text[at] = '\0';
    return text;
}

static size_t moved(const cx_claims *claims) {
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++)
        n += claims->items[i].next != claims->items[i].at;
    return n;
}

void cx_advance_free(cx_advance *advance) {
    for (int i = 0; i < CX_ADVANCE_VALUES; i++)
        free(advance->values[i]);
    *advance = (cx_advance){0};
}

cx_rc cx_claims_prepare(const cx_claims *claims, cx_advance *out, cx_err *err) {
    _Static_assert(CX_ADVANCE_VALUES == 1 + PARTS, "the log's number, then the arrays");
    *out = (cx_advance){.n = moved(claims)};
    if (out->n == 0)
        return CX_OK;
    bool whole = (out->values[0] = malloc(NUMBER)) != NULL;
    if (whole)
        (void)snprintf(out->values[0], NUMBER, "%d", claims->generation);
    for (int i = 0; i < PARTS && whole; i++)
        whole = (out->values[1 + i] = part_array(claims, (cx_part)i)) != NULL;
    if (whole)
        return CX_OK;
    cx_advance_free(out);
    return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_advance_run(const cx_advance *advance, cx_pg *pg, cx_err *err) {
    if (advance->n == 0)
        return CX_OK;
    cx_pg_rows *rows = NULL;
    CX_TRY(cx_pg_query(pg, "SELECT history.advance($1, $2, $3, $4, $5, $6, $7, $8)",
                       (const char *const *)advance->values, CX_ADVANCE_VALUES, &rows, err));
    int64_t n = -1;
    cx_rc rc = number_of(cx_pg_rows_count(rows) == 1 ? cx_pg_value(rows, 0, 0) : NULL, &n, err);
    cx_pg_rows_free(&rows);
    if (rc == CX_OK && n != (int64_t)advance->n)
        rc = cx_fail(err, CX_FENCED, "%d of %d offsets could be moved", (int)n, (int)advance->n);
    return rc;
}

void cx_claims_committed(cx_claims *claims) {
    for (size_t i = 0; i < claims->n; i++) {
        claims->items[i].at = claims->items[i].next;
        claims->items[i].tick = claims->items[i].received_to = CX_NO_TIME;
    }
}

void cx_claims_drop(cx_claims *claims) {
    for (size_t i = 0; i < claims->n; i++) {
        claims->items[i].next = claims->items[i].at;
        claims->items[i].tick = claims->items[i].received_to = CX_NO_TIME;
    }
}
