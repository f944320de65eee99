/* Tokens: their form, their rows, their end, and how often one may ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/vault/keys.h"
#include "services/query/book.h"

struct desk {
    cx_codec *codec;
    cx_book *book;
    cx_arena *arena;
};

static int open_desk(void **state) {
    static struct desk d;
    d = (struct desk){.codec = cx_codec_new(), .arena = cx_arena_new(0)};
    *state = &d;
    return cx_vault_init(NULL) == CX_OK && cx_codec_add(d.codec, &cx_token_type, NULL) == CX_OK &&
                   (d.book = cx_book_new(d.codec)) != NULL
               ? 0
               : -1;
}

static int close_desk(void **state) {
    struct desk *d = *state;
    cx_book_destroy(&d->book);
    cx_codec_destroy(&d->codec);
    cx_arena_destroy(&d->arena);
    return 0;
}

static cx_view row_of(const struct desk *d, const cx_token_shown *made, bool revoked) {
    cx_view purpose = CX_VIEW("LICENSING"), bytes;
    cx_token row = {.id = cx_view_of(made->id),
                    .kind = CX_TOKEN_KIND_DEPARTMENT,
                    .department = CX_VIEW("tax"),
                    .purposes = {&purpose, 1},
                    .issued_at = 1000,
                    .expires_at = 2000,
                    .revoked = revoked};
    (void)memcpy(row.hash, made->hash, sizeof row.hash);
    assert_int_equal(cx_codec_encode(d->codec, &cx_token_type, &row, &bytes, NULL), CX_OK);
    return bytes;
}

static void enter(struct desk *d, cx_view key, const cx_token_shown *made, bool revoked) {
    assert_int_equal(cx_book_take(d->book, key, row_of(d, made, revoked), d->arena, NULL), CX_OK);
}

static void enter_ahead(struct desk *d, cx_view key, const cx_token_shown *made, bool revoked) {
    assert_int_equal(cx_book_enter(d->book, key, row_of(d, made, revoked), d->arena, NULL), CX_OK);
}

static bool lets_in(const struct desk *d, const cx_token_shown *shown, cx_time now) {
    const cx_token *token = NULL;
    assert_int_equal(cx_book_find(d->book, shown, now, d->arena, &token, NULL), CX_OK);
    return token != NULL;
}

static void a_token_is_read_as_it_was_made(void **state) {
    char text[CX_TOKEN_TEXT], other[CX_TOKEN_TEXT];
    cx_token_shown made, again, read;
    (void)state;
    cx_token_make(text, &made);
    cx_token_make(other, &again);
    assert_string_not_equal(text, other);
    assert_true(cx_token_read(cx_view_of(text), &read));
    assert_string_equal(read.id, made.id);
    assert_true(cx_token_same(read.hash, made.hash));
    assert_false(cx_token_same(read.hash, again.hash));
    for (size_t i = 0; i < CX_TOKEN_TEXT - 1;
         i++) { /* whichever character is another, it is no longer this token */
        char spoilt[CX_TOKEN_TEXT];
        (void)memcpy(spoilt, text, sizeof spoilt);
        spoilt[i] = spoilt[i] == '0' ? '1' : '0';
        bool whole = cx_token_read(cx_view_of(spoilt), &read);
        assert_false(whole && cx_token_same(read.hash, made.hash) && strcmp(read.id, made.id) == 0);
        assert_false(cx_token_read((cx_view){text, i}, &read));
    }
    assert_false(cx_token_read((cx_view){NULL, 0}, &read));
}

static void a_token_lets_in_while_it_is_valid(void **state) {
    struct desk *d = *state;
    char text[CX_TOKEN_TEXT];
    cx_token_shown one, other, none;
    cx_token_make(text, &one);
    cx_token_make(text, &other);
    assert_false(lets_in(d, &one, 1500));
    enter(d, CX_VIEW("k"), &one, false);
    assert_true(lets_in(d, &one, 1000));
    assert_true(lets_in(d, &one, 1999));
    assert_false(lets_in(d, &one, 999));
    assert_false(lets_in(d, &one, 2000));
    assert_false(lets_in(d, &other, 1500));
    cx_token_shown forged = other; /* the id of one, the secret of another */
    (void)memcpy(forged.id, one.id, sizeof forged.id);
    assert_false(lets_in(d, &forged, 1500));
    (void)cx_token_read(CX_VIEW("nonsense"), &none);
    assert_false(lets_in(d, &none, 1500));
    enter(d, CX_VIEW("k"), &other, false); /* another under the same key replaces it */
    assert_false(lets_in(d, &one, 1500));
    assert_true(lets_in(d, &other, 1500));
    enter(d, CX_VIEW("k"), &other, true);
    assert_false(lets_in(d, &other, 1500));
    enter(d, CX_VIEW("k"), &other, false);
    assert_int_equal(cx_book_take(d->book, CX_VIEW("k"), (cx_view){NULL, 0}, d->arena, NULL), CX_OK);
    assert_false(lets_in(d, &other, 1500));
    assert_int_equal(cx_book_take(d->book, CX_VIEW("k"), CX_VIEW("rubbish"), d->arena, NULL), CX_NOT_DECODED);
}

/* Two requests of a batch show one token; what the first does ends it: the other still knows whose it was. */
static void a_token_that_was_found_outlives_its_row(void **state) {
    struct desk *d = *state;
    char text[CX_TOKEN_TEXT];
    cx_token_shown one, newer;
    const cx_token *first = NULL, *second = NULL;
    cx_token_make(text, &one);
    cx_token_make(text, &newer);
    enter(d, CX_VIEW("k"), &one, false);
    assert_int_equal(cx_book_find(d->book, &one, 1500, d->arena, &first, NULL), CX_OK);
    assert_int_equal(cx_book_find(d->book, &one, 1500, d->arena, &second, NULL), CX_OK);
    enter(d, CX_VIEW("k"), &newer, true);
    assert_int_equal(cx_book_take(d->book, CX_VIEW("k"), (cx_view){NULL, 0}, d->arena, NULL), CX_OK);
    assert_true(first != NULL && second != NULL);
    assert_true(cx_view_is(second->department, "tax") && cx_view_is(second->id, one.id));
    assert_true(second->purposes.n == 1 && cx_view_is(second->purposes.items[0], "LICENSING"));
    assert_true(cx_view_is(first->department, "tax"));
}

/* The topic is read behind what was committed: it says the issue when the revocation has been entered. */
static void a_revoked_token_stays_revoked_while_the_topic_is_read(void **state) {
    struct desk *d = *state;
    char text[CX_TOKEN_TEXT];
    cx_token_shown one, other;
    cx_token_make(text, &one);
    cx_token_make(text, &other);
    enter_ahead(d, CX_VIEW("own"), &one, false);
    assert_true(lets_in(d, &one, 1500));
    enter_ahead(d, CX_VIEW("own"), &one, true);
    enter(d, CX_VIEW("own"), &one, false); /* as read */
    assert_false(lets_in(d, &one, 1500));
    enter(d, CX_VIEW("own"), &one, true);
    assert_false(lets_in(d, &one, 1500));
    enter(d, CX_VIEW("own"), &other, false); /* what another instance wrote after that */
    assert_true(lets_in(d, &other, 1500));
}

static void a_token_asks_only_so_often(void **state) {
    struct desk *d = *state;
    cx_view id = CX_VIEW("0123456789abcdef");
    cx_time at = 1000 * CX_DAY;
    for (int i = 0; i < 3; i++)
        assert_int_equal(cx_book_count(d->book, id, at + i, 3, 5, NULL), CX_OK);
    assert_int_equal(cx_book_count(d->book, id, at + 4, 3, 5, NULL), CX_QUERY_RATE);
    assert_int_equal(cx_book_count(d->book, CX_VIEW("fedcba9876543210"), at, 3, 5, NULL), CX_OK);
    assert_int_equal(cx_book_count(d->book, id, at + CX_MINUTE, 3, 5, NULL), CX_OK);
    assert_int_equal(cx_book_count(d->book, id, at + CX_MINUTE, 3, 5, NULL),
                     CX_QUERY_RATE); /* the sixth of the day */
    assert_int_equal(cx_book_count(d->book, id, at + CX_DAY, 3, 5, NULL), CX_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_read_as_it_was_made),
        cmocka_unit_test(a_token_lets_in_while_it_is_valid),
        cmocka_unit_test(a_token_that_was_found_outlives_its_row),
        cmocka_unit_test(a_revoked_token_stays_revoked_while_the_topic_is_read),
        cmocka_unit_test(a_token_asks_only_so_often),
    };
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
