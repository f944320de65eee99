#include "services/query/book.h"

#include <stdlib.h>

#include "common/run/state.h"

struct cx_book {
    cx_codec *codec;
    cx_state *rows, *keys; /* key -> row, id -> key */
    cx_state *counts;      /* id -> struct count */
    cx_state *ahead;       /* key -> our own row, until the topic has said it, too */
};

struct count {
    int64_t minute, day, in_minute, in_day;
};

cx_book *cx_book_new(cx_codec *codec) {
    cx_book *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    *b = (cx_book){codec, cx_state_new(), cx_state_new(), cx_state_new(), cx_state_new()};
    if (b->rows == NULL || b->keys == NULL || b->counts == NULL || b->ahead == NULL)
        cx_book_destroy(&b);
    return b;
}

void cx_book_destroy(cx_book **book) {
    if (*book == NULL)
        return;
    cx_state_destroy(&(*book)->rows);
    cx_state_destroy(&(*book)->keys);
    cx_state_destroy(&(*book)->counts);
    cx_state_destroy(&(*book)->ahead);
    free(*book);
    *book = NULL;
}

static cx_rc decode(const cx_book *b, cx_view value, cx_arena *arena, const cx_token **out, cx_err *err) {
    const void *row = NULL;
    cx_rc rc = cx_codec_decode(b->codec, &cx_token_type, value, arena, &row, err);
    *out = row;
    if (rc == CX_OK || rc == CX_OUT_OF_MEMORY)
        return rc;
    return cx_fail(err, CX_NOT_DECODED, "a token's row");
}

static cx_rc put(cx_book *b, cx_view key, cx_view value, cx_arena *arena, cx_err *err) {
    cx_view before = cx_state_get(b->rows, key);
    const cx_token *old = NULL, *token = NULL;
    cx_rc rc = CX_OK;
    if (before.p != NULL)
        CX_TRY(decode(b, before, arena, &old, err));
    if (value.p != NULL)
        CX_TRY(decode(b, value, arena, &token, err));
    if (old != NULL)
        rc = cx_state_load(b->keys, old->id, (cx_view){NULL, 0});
    if (rc == CX_OK && token != NULL)
        rc = cx_state_load(b->keys, token->id, key);
    if (rc == CX_OK)
        rc = cx_state_load(b->rows, key, value);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

cx_rc cx_book_enter(cx_book *b, cx_view key, cx_view value, cx_arena *arena, cx_err *err) {
    CX_TRY(put(b, key, value, arena, err));
    cx_rc rc = cx_state_load(b->ahead, key, value);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* What stands in the topic before our own row is older than it: a token that we have revoked stays revoked.
 */
cx_rc cx_book_take(cx_book *b, cx_view key, cx_view value, cx_arena *arena, cx_err *err) {
    cx_view ours = cx_state_get(b->ahead, key);
    if (ours.p == NULL)
        return put(b, key, value, arena, err);
    if (value.p == NULL || !cx_view_eq(value, ours))
        return CX_OK;
    cx_rc rc = cx_state_load(b->ahead, key, (cx_view){NULL, 0});
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* Compared even where there is none of that id, so that the time tells nothing. */
cx_rc cx_book_find(const cx_book *b, const cx_token_shown *shown, cx_time now, cx_arena *arena,
                   const cx_token **out, cx_err *err) {
    static const uint8_t none[CX_TOKEN_HASH];
    const cx_token *token = NULL;
    *out = NULL;
    cx_view key = cx_state_get(b->keys, cx_view_of(shown->id));
    cx_view row = key.p != NULL ? cx_state_get(b->rows, key) : key;
    if (row.p != NULL) { /* what is decoded lies in the bytes that are decoded: a copy outlives the row */
        row = cx_arena_copy(arena, row);
        if (row.p == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        CX_TRY(decode(b, row, arena, &token, err));
    }
    bool same = cx_token_same(token != NULL ? token->hash : none, shown->hash);
    if (same && token != NULL && cx_view_is(token->id, shown->id) && !token->revoked &&
        token->issued_at <= now && now < token->expires_at)
        *out = token;
    return CX_OK;
}

cx_rc cx_book_count(cx_book *b, cx_view id, cx_time now, int64_t per_minute, int64_t per_day, cx_err *err) {
    struct count c = {now / CX_MINUTE, now / CX_DAY, 0, 0};
    cx_view before = cx_state_get(b->counts, id);
    struct count was = c;
    if (before.p != NULL)
        (void)memcpy(&was, before.p, sizeof was);
    c.in_minute = (was.minute == c.minute ? was.in_minute : 0) + 1;
    c.in_day = (was.day == c.day ? was.in_day : 0) + 1;
    cx_rc rc = cx_state_load(b->counts, id, (cx_view){(const char *)&c, sizeof c});
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    if (c.in_minute > per_minute)
        return cx_fail(err, CX_QUERY_RATE, "more than %lld queries in a minute", (long long)per_minute);
    return c.in_day > per_day
               ? cx_fail(err, CX_QUERY_RATE, "more than %lld queries in a day", (long long)per_day)
               : CX_OK;
}

cx_view cx_book_own_key(const uint8_t subject[16], cx_view purpose, char out[CX_BOOK_KEY]) {
    size_t n = purpose.n < CX_BOOK_KEY - 16 ? purpose.n : CX_BOOK_KEY - 16;
    (void)memcpy(out, subject, 16);
    if (n > 0)
        (void)memcpy(out + 16, purpose.p, n);
    return (cx_view){out, 16 + n};
}
