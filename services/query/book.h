/* The tokens that are known, as credit.tokens holds them, and how often each has asked. One owner. */
#ifndef SERVICES_QUERY_BOOK_H
#define SERVICES_QUERY_BOOK_H

#include "common/run/codec.h"
#include "common/vault/token.h"
#include "schemas/types.h"

typedef struct cx_book cx_book;

/* codec: knows cx_token_type; outlives the book. NULL: out of memory. */
cx_book *cx_book_new(cx_codec *codec);
void cx_book_destroy(cx_book **book);

/* Our own row, committed and not yet read back: it counts at once, and whatever the topic says of its key
 * before it says this very row is passed by. Errors as of cx_book_take. */
CX_MUST_CHECK cx_rc cx_book_enter(cx_book *book, cx_view key, cx_view value, cx_arena *arena, cx_err *err);
/* A row of the topic, newest last; value.p NULL removes it. What cannot be decoded is NOT_DECODED. */
CX_MUST_CHECK cx_rc cx_book_take(cx_book *book, cx_view key, cx_view value, cx_arena *arena, cx_err *err);
/* The token that was shown, all of it in the arena: its row may go. *out NULL where none such is valid at
 * `now`. */
CX_MUST_CHECK cx_rc cx_book_find(const cx_book *book, const cx_token_shown *shown, cx_time now,
                                 cx_arena *arena, const cx_token **out, cx_err *err);
/* Counts a question of that token. QUERY_RATE where it has asked more than per_minute or per_day times within
 * the minute or the day of the clock; what is refused counts, too. */
CX_MUST_CHECK cx_rc cx_book_count(cx_book *book, cx_view id, cx_time now, int64_t per_minute, int64_t per_day,
                                  cx_err *err);

/* A subject's own token's key: pseudonym and purpose. */
enum { CX_BOOK_KEY = 16 + 64 };
cx_view cx_book_own_key(const uint8_t subject[16], cx_view purpose, char out[CX_BOOK_KEY]);

#endif
