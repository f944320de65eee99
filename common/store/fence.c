#include "common/store/fence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        return cx_fail(err, CX_STORE, "the offsets' table holds no number where one belongs");
    return CX_OK;
}

static int digit_of(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Lower-case hexadecimal of exactly n bytes. */
static bool bytes_of(const char *text, uint8_t *out, size_t n) {
    if (text == NULL || strlen(text) != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

/* Columns as history.take and history.keep give them. */
typedef enum cx_taken {
    NEXT_OFFSET,
    TICK_MS,
    CHAIN_N,
    CHAIN_FROM,
    CHAIN_HEAD,
    CHAIN_PEAKS,
    TAKEN_EPOCH
} cx_taken;

static cx_rc take_chain(const cx_pg_rows *rows, cx_hash_chain *chain, cx_err *err) {
    *chain = (cx_hash_chain){.n = 0};
    CX_TRY(number_of(cx_pg_value(rows, 0, CHAIN_N), &chain->n, err));
    CX_TRY(number_of(cx_pg_value(rows, 0, CHAIN_FROM), &chain->from, err));
    size_t peaks = (size_t)__builtin_popcountll((uint64_t)(chain->n - chain->from));
    if (chain->from < 0 || chain->n < chain->from || peaks > CX_CHAIN_PEAKS ||
        !bytes_of(cx_pg_value(rows, 0, CHAIN_HEAD), chain->head, CX_CHAIN_HASH) ||
        !bytes_of(cx_pg_value(rows, 0, CHAIN_PEAKS), chain->peaks[0], peaks * CX_CHAIN_HASH))
        return cx_fail(err, CX_STORE, "the offsets' table holds no chain where one belongs");
    return CX_OK;
}

static cx_rc take_columns(const cx_pg_rows *rows, bool fresh, cx_claim *c, cx_err *err) {
    CX_TRY(number_of(cx_pg_value(rows, 0, NEXT_OFFSET), &c->at, err));
    c->ticked_at = CX_NO_TIME;
    if (cx_pg_value(rows, 0, TICK_MS) != NULL)
        CX_TRY(number_of(cx_pg_value(rows, 0, TICK_MS), &c->ticked_at, err));
    CX_TRY(take_chain(rows, &c->chain_at, err));
    return fresh ? number_of(cx_pg_value(rows, 0, TAKEN_EPOCH), &c->epoch, err) : CX_OK;
}

static cx_rc take(const cx_claims *claims, cx_claim *c, cx_pg *pg, cx_err *err) {
    enum { STATEMENT = 160 };
    char generation[NUMBER], partition[NUMBER], epoch[NUMBER], sql[STATEMENT];
    (void)snprintf(generation, sizeof generation, "%d", claims->generation);
    (void)snprintf(partition, sizeof partition, "%" PRId32, c->partition);
    (void)snprintf(epoch, sizeof epoch, "%" PRId64, c->epoch);
    const char *const values[] = {generation, c->topic, partition, epoch};
    bool fresh = c->epoch == 0;
    cx_pg_rows *rows = NULL;
    (void)snprintf(sql, sizeof sql,
                   "SELECT next_offset, tick_ms, chain_n, chain_from, chain_head, chain_peaks%s FROM %s.%s",
                   fresh ? ", epoch" : "", claims->schema,
                   fresh ? "take($1, $2, $3)" : "keep($1, $2, $3, $4)");
    CX_TRY(cx_pg_query(pg, sql, values, fresh ? 3 : 4, &rows, err));
    cx_rc rc = CX_OK;
    if (cx_pg_rows_count(rows) != 1)
        rc = cx_fail(err, CX_FENCED, "%s partition %d has another owner", c->topic, (int)c->partition);
    if (rc == CX_OK)
        rc = take_columns(rows, fresh, c, err);
    cx_pg_rows_free(&rows);
    return rc;
}

/* What the database has is what there is. */
static void begin_at(cx_claim *c) {
    c->next = c->at;
    c->tick = c->received_to = CX_NO_TIME;
    c->ticked = c->ticked_at;
    c->chain = c->chain_at;
}

cx_rc cx_claims_place(cx_claims *claims, cx_pg *pg, const char *topic, int32_t partition, cx_claim **out,
                      cx_err *err) {
    cx_claim *c = cx_claims_find(claims, cx_view_of(topic), partition);
    if (c == NULL)
        CX_TRY(add_claim(claims, topic, partition, &c, err));
    CX_TRY(take(claims, c, pg, err));
    begin_at(c);
    *out = c;
    return CX_OK;
}

/* --- advancing: eleven arrays, as text ------------------------------------------------------------------ */

typedef enum cx_part {
    TOPIC,
    PARTITION,
    EPOCH,
    OLD,
    NEW,
    TICK,
    RECEIVED,
    LINKS,
    FROM,
    HEAD,
    PEAKS,
    PARTS
} cx_part;

/* "0123..." in quotes. */
static int write_hex(char *out, const uint8_t *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    out[at++] = '"';
    for (size_t i = 0; i < n; i++) {
        out[at++] = digits[bytes[i] >> 4];
        out[at++] = digits[bytes[i] & 15];
    }
    out[at++] = '"';
    return (int)at;
}

static int write_time(char *out, size_t size, cx_time t) {
    char time[CX_TIME_TEXT];
    return t == CX_NO_TIME ? snprintf(out, size, "NULL")
                           : snprintf(out, size, "\"%s\"", cx_time_format(t, time));
}

static int write_part(char *out, size_t size, const cx_claim *c, cx_part part) {
    const cx_hash_chain *chain = &c->chain;
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
        return write_time(out, size, c->tick);
    case RECEIVED:
        return write_time(out, size, c->received_to);
    case LINKS:
        return snprintf(out, size, "%" PRId64, chain->n);
    case FROM:
        return snprintf(out, size, "%" PRId64, chain->from);
    case HEAD:
        return write_hex(out, chain->head, CX_CHAIN_HASH);
    case PEAKS:
        return write_hex(out, chain->peaks[0],
                         (size_t)__builtin_popcountll((uint64_t)(chain->n - chain->from)) * CX_CHAIN_HASH);
    case PARTS:
        break;
    }
    return 0;
}

/* A checkpoint moves a chain's tree though nothing was read from its partition. */
static bool has_moved(const cx_claim *c) {
    return c->next != c->at || c->chain.from != c->chain_at.from;
}

static char *part_array(const cx_claims *claims, cx_part part) {
    /* a topic's name has at most 249 bytes; the chain's hashes two digits a byte */
    size_t each = part == PEAKS ? (size_t)2 * CX_CHAIN_PEAKS * CX_CHAIN_HASH + 8 : 300;
    char *text = malloc(claims->n * each + 3);
    if (text == NULL)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < claims->n; i++) {
        const cx_claim *c = &claims->items[i];
        if (!has_moved(c))
            continue;
        text[at] = at == 0 ? '{' : ',';
        at += 1 + (size_t)write_part(text + at + 1, each - 1, c, part);
    }
    text[at++] = '}';
    text[at] = '\0';
    return text;
}

static size_t moved(const cx_claims *claims) {
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++)
        n += has_moved(&claims->items[i]);
    return n;
}

void cx_advance_free(cx_advance *advance) {
    for (int i = 0; i < CX_ADVANCE_VALUES; i++)
        free(advance->values[i]);
    *advance = (cx_advance){0};
}

cx_rc cx_claims_prepare(const cx_claims *claims, cx_advance *out, cx_err *err) {
    _Static_assert(CX_ADVANCE_VALUES == 1 + PARTS, "the log's number, then the arrays");
    *out = (cx_advance){.schema = claims->schema, .n = moved(claims)};
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
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT %s.advance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                   advance->schema);
    CX_TRY(cx_pg_query(pg, sql, (const char *const *)advance->values, CX_ADVANCE_VALUES, &rows, err));
    int64_t n = -1;
    cx_rc rc = number_of(cx_pg_rows_count(rows) == 1 ? cx_pg_value(rows, 0, 0) : NULL, &n, err);
    cx_pg_rows_free(&rows);
    if (rc == CX_OK && n != (int64_t)advance->n)
        rc = cx_fail(err, CX_FENCED, "%d of %d offsets could be moved", (int)n, (int)advance->n);
    return rc;
}

void cx_claims_committed(cx_claims *claims) {
    for (size_t i = 0; i < claims->n; i++) {
        cx_claim *c = &claims->items[i];
        c->at = c->next;
        c->chain_at = c->chain;
        c->ticked_at = c->ticked;
        c->tick = c->received_to = CX_NO_TIME;
    }
}

void cx_claims_drop(cx_claims *claims) {
    for (size_t i = 0; i < claims->n; i++)
        begin_at(&claims->items[i]);
}
