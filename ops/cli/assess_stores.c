/* Redis's doors; and numbers of subjects in what the stores hold. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/law/identifier.h"
#include "common/store/postgres.h"
#include "common/store/redis.h"
#include "ops/cli/assess.h"
#include "ops/cli/assess_sample.h"

enum { LONG = 18, SQL = 192 };

/* --- Redis's doors ------------------------------------------------------------------------------------- */
/* One command over a connection of its own; *refused: Redis did not let it. */
static cx_rc try(const cx_assess *a, const char *user, const char *password, cx_view word, cx_view key,
                 bool *refused, cx_err *err) {
    cx_redis *redis = NULL;
    cx_redis_reply reply;
    const cx_view words[] = {word, key};
    cx_rc rc = cx_redis_open(cx_config_text(a->config, "redis.socket"), user, password, &redis, err);
    if (rc == CX_OK)
        rc = cx_redis_call(redis, key.n > 0 ? 2 : 1, words, &reply, err);
    cx_redis_close(&redis);
    *refused = rc == CX_CONFIG;
    return *refused ? CX_OK : rc;
}

cx_rc cx_assess_redis(cx_assess *a, cx_err *err) {
    const char *user = cx_config_text(a->config, "query.redis.user"),
               *password = cx_config_text(a->config, "query.redis.password.file");
    bool refused;
    CX_TRY(try(a, "", "", CX_VIEW("PING"), CX_VIEW(""), &refused, err));
    if (!refused)
        cx_assess_tell(a, "Redis answers whoever comes: switch its user default off");
    CX_TRY(try(a, user, password, CX_VIEW("PING"), CX_VIEW(""), &refused, err));
    if (refused)
        return cx_fail(err, CX_CONFIG, "Redis does not know the user %s with that password", user);
    CX_TRY(try(a, user, password, CX_VIEW("DEL"), CX_VIEW("cx:assess"), &refused,
               err)); /* there is no such key */
    if (!refused)
        cx_assess_tell(a, "Redis lets its user %s write, who is only to read", user);
    CX_TRY(try(a, user, password, CX_VIEW("GET"), CX_VIEW("assess"), &refused, err));
    if (!refused)
        cx_assess_tell(a, "Redis lets its user %s read what is not this system's", user);
    a->looked_at = 3;
    return CX_OK;
}

/* --- numbers ------------------------------------------------------------------------------------------- */
static bool is_letter_or_digit(char c) {
    return isdigit((unsigned char)c) || isupper((unsigned char)c);
}

/* A number stands by itself on its left: within longer words of digits every eleventh would be one. */
bool cx_assess_has_number(cx_view bytes) {
    cx_date ever = cx_date_from_civil((cx_civil){9999, 1, 1});
    size_t run = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        run = is_letter_or_digit(bytes.p[i]) ? run + 1 : 0;
        if (run != LONG)
            continue;
        cx_identifier id;
        cx_view text = {bytes.p + i + 1 - LONG, LONG};
        if (cx_identifier_check(CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_CITIZEN_ID, text, CX_NO_DATE, ever, &id) ==
                CX_OK ||
            cx_identifier_check(CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_CREDIT_CODE, text, CX_NO_DATE, ever,
                                &id) == CX_OK)
            return true;
    }
    return false;
}

/* Bytes as the text that they hold, all else of them as blanks: in hexadecimal a number would not be seen,
 * and what is none might look like one. */
static const char sampled[] =
    "SELECT regexp_replace(t::text, '\\\\+[0-7]{3}', ' ', 'g') FROM %.*s t LIMIT %zu";

static cx_rc text_of_bytes(cx_pg *pg, cx_err *err) {
    cx_pg_rows *rows = NULL;
    cx_rc rc = cx_pg_query(pg, "SET bytea_output = 'escape'", NULL, 0, &rows, err);
    cx_pg_rows_free(&rows);
    return rc;
}

static cx_rc look_at_table(cx_assess *a, cx_pg *pg, cx_view table, cx_err *err) {
    char sql[SQL];
    cx_pg_rows *rows = NULL;
    (void)snprintf(sql, sizeof sql, sampled, CX_VIEW_ARGS(table), a->sample);
    CX_TRY(cx_pg_query(pg, sql, NULL, 0, &rows, err));
    size_t found = 0;
    for (int i = 0; i < cx_pg_rows_count(rows); i++)
        found += cx_assess_has_number(cx_view_of(cx_pg_value(rows, i, 0)));
    a->looked_at += (size_t)cx_pg_rows_count(rows);
    if (found > 0)
        cx_assess_tell(a, "%.*s: %zu of %d rows hold a subject's number", CX_VIEW_ARGS(table), found,
                       cx_pg_rows_count(rows));
    cx_pg_rows_free(&rows);
    return CX_OK;
}

static cx_rc sample_postgres(cx_assess *a, cx_err *err) {
    cx_pg *pg = NULL;
    cx_rc rc =
        cx_pg_open(cx_config_text(a->config, "postgres.conninfo"), "cx_query", "chengxin assess", &pg, err);
    if (rc == CX_OK)
        rc = text_of_bytes(pg, err);
    for (size_t i = 0; rc == CX_OK && i < a->inventory.rows; i++) {
        const cx_view *row = cx_sheet_row(&a->inventory, i);
        if (cx_view_is(row[CX_INVENTORY_KIND], "table"))
            rc = look_at_table(a, pg, row[CX_INVENTORY_NAME], err);
    }
    cx_pg_close(&pg);
    return rc;
}

/* Keys, as many as are asked for; their rows are read once the scan is over. */
struct keys {
    cx_assess *assess;
    cx_view *items;
    size_t n;
};

static cx_rc take_key(void *context, cx_view key, cx_err *err) {
    struct keys *k = context;
    if (k->n == k->assess->sample)
        return CX_OK;
    k->items[k->n] = cx_arena_copy(k->assess->arena, key);
    return k->items[k->n++].p != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc look_at_keys(const struct keys *k, cx_redis *redis, cx_err *err) {
    size_t found = 0;
    for (size_t i = 0; i < k->n; i++) {
        const cx_view words[] = {CX_VIEW("HMGET"), k->items[i], CX_VIEW("entries"), CX_VIEW("records")};
        cx_redis_reply reply;
        CX_TRY(cx_redis_call(redis, 4, words, &reply, err));
        bool has = cx_assess_has_number(k->items[i]);
        for (size_t e = 0; e < reply.n; e++)
            has = has || (reply.elements[e].p != NULL && cx_assess_has_number(reply.elements[e]));
        found += has;
    }
    k->assess->looked_at += k->n;
    if (found > 0)
        cx_assess_tell(k->assess, "Redis: %zu of %zu keys hold a subject's number", found, k->n);
    return CX_OK;
}

static cx_rc sample_redis(cx_assess *a, cx_err *err) {
    cx_redis *redis = NULL;
    struct keys keys = {.assess = a, .items = cx_arena_calloc(a->arena, a->sample, sizeof *keys.items)};
    if (keys.items == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_redis_open(cx_config_text(a->config, "redis.socket"),
                             cx_config_text(a->config, "query.redis.user"),
                             cx_config_text(a->config, "query.redis.password.file"), &redis, err);
    if (rc == CX_OK)
        rc = cx_redis_scan(redis, CX_VIEW("cx:status:*"), take_key, &keys, err);
    if (rc == CX_OK)
        rc = look_at_keys(&keys, redis, err);
    cx_redis_close(&redis);
    return rc;
}

cx_rc cx_assess_numbers(cx_assess *a, cx_err *err) {
    CX_TRY(sample_redis(a, err));
    CX_TRY(sample_postgres(a, err));
    return cx_assess_sample_topics(a, err);
}
