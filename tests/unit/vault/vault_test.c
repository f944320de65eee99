/* Keys, pseudonyms, references, seals: what fits opens, what was moved, changed or meant for somebody else
 * does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/vault/pseudonym.h"
#include "common/vault/seal.h"

static cx_key *key_of(int n) {
    return cx_key_of((uint8_t[CX_KEY]){(uint8_t)n});
}

/* RFC 7693, appendix A: BLAKE2b-512 is not ours; this is BLAKE2b-256 of "abc", as b2sum -l 256 prints it. */
static void known_hash(void **state) {
    (void)state;
    uint8_t hash[CX_HASH256];
    char text[2 * CX_HASH256 + 1];
    cx_hash256((cx_view[]){CX_VIEW("a"), CX_VIEW(""), CX_VIEW("bc")}, 3, hash);
    assert_string_equal(cx_hex(hash, sizeof hash, text),
                        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    uint8_t back[CX_HASH256];
    assert_true(cx_unhex(cx_view_of(text), back, sizeof back));
    assert_memory_equal(back, hash, sizeof hash);
    assert_false(cx_unhex(CX_VIEW("xy"), back, 1));
    assert_false(cx_unhex(CX_VIEW("abc"), back, 1));
}

static void pseudonyms_differ_by_all_that_counts(void **state) {
    (void)state;
    cx_key *one = key_of(1), *two = key_of(2);
    uint8_t a[CX_PSEUDONYM], b[CX_PSEUDONYM];
    cx_pseudonym(one, CX_VIEW("CITIZEN_ID"), CX_VIEW("99"), a);
    cx_pseudonym(one, CX_VIEW("CITIZEN_ID"), CX_VIEW("99"), b);
    assert_memory_equal(a, b, sizeof a);
    cx_pseudonym(two, CX_VIEW("CITIZEN_ID"), CX_VIEW("99"), b);
    assert_memory_not_equal(a, b, sizeof a);
    cx_pseudonym(one, CX_VIEW("CITIZEN_ID9"), CX_VIEW("9"), b);
    assert_memory_not_equal(a, b, sizeof a);
    cx_key_destroy(&one);
    cx_key_destroy(&two);
}

static void references_open_only_at_home(void **state) {
    (void)state;
    cx_key *key = key_of(3);
    uint8_t subject[CX_PSEUDONYM] = {7, 8, 9}, back[CX_PSEUDONYM];
    char at_tax[CX_REFERENCE_TEXT], at_court[CX_REFERENCE_TEXT];
    cx_reference_make(key, CX_VIEW("tax"), subject, at_tax);
    cx_reference_make(key, CX_VIEW("court"), subject, at_court);
    assert_string_not_equal(at_tax, at_court);
    assert_true(cx_reference_open(key, CX_VIEW("tax"), cx_view_of(at_tax), back));
    assert_memory_equal(back, subject, sizeof back);
    assert_false(cx_reference_open(key, CX_VIEW("court"), cx_view_of(at_tax), back));
    for (size_t i = 0; i + 1 < sizeof at_tax; i++) {
        char changed[CX_REFERENCE_TEXT];
        (void)memcpy(changed, at_tax, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(cx_reference_open(key, CX_VIEW("tax"), cx_view_of(changed), back));
    }
    assert_false(cx_reference_open(key, CX_VIEW("tax"), CX_VIEW("short"), back));
    assert_false(cx_reference_open(key, CX_VIEW("tax"), CX_VIEW(""), back));
    cx_key_destroy(&key);
}

static void seals(void **state) {
    (void)state;
    uint8_t public_bytes[CX_KEY], secret_bytes[CX_KEY];
    (void)crypto_box_keypair(public_bytes, secret_bytes);
    cx_key *public = cx_key_of(public_bytes), *secret = cx_key_of(secret_bytes), *stranger = key_of(5);
    cx_sealer *sealer = cx_sealer_new(public);
    cx_opener *opener = cx_opener_new(secret), *wrong = cx_opener_new(stranger);
    cx_arena *arena = cx_arena_new(0);
    cx_view hour_key, sealed, again, plain;
    cx_err err = {0};
    for (int64_t hour = 0; hour < 70; hour++) { /* more agreements than an opener remembers */
        assert_int_equal(cx_sealer_turn(sealer, hour, &err), CX_OK);
        assert_int_equal(cx_seal(sealer, CX_VIEW("place"), CX_VIEW("a name"), arena, &hour_key, &sealed),
                         CX_OK);
        assert_int_equal(cx_seal(sealer, CX_VIEW("place"), CX_VIEW("a name"), arena, &hour_key, &again),
                         CX_OK);
        assert_true(cx_view_eq(sealed, again));
        assert_int_equal(cx_open(opener, hour_key, CX_VIEW("place"), sealed, arena, &plain, &err), CX_OK);
        assert_true(cx_view_is(plain, "a name"));
    }
    assert_int_equal(cx_open(opener, hour_key, CX_VIEW("elsewhere"), sealed, arena, &plain, &err),
                     CX_KEY_WRONG);
    assert_int_equal(cx_open(wrong, hour_key, CX_VIEW("place"), sealed, arena, &plain, &err), CX_KEY_WRONG);
    for (size_t i = 0; i < sealed.n; i++) {
        ((char *)(uintptr_t)sealed.p)[i] ^= 1;
        assert_int_equal(cx_open(opener, hour_key, CX_VIEW("place"), sealed, arena, &plain, &err),
                         CX_KEY_WRONG);
        ((char *)(uintptr_t)sealed.p)[i] ^= 1;
    }
    assert_int_equal(
        cx_open(opener, hour_key, CX_VIEW("place"), (cx_view){sealed.p, 39}, arena, &plain, &err),
        CX_KEY_WRONG);
    cx_arena_destroy(&arena);
    cx_sealer_destroy(&sealer);
    cx_opener_destroy(&opener);
    cx_opener_destroy(&wrong);
    cx_key_destroy(&public);
    cx_key_destroy(&secret);
    cx_key_destroy(&stranger);
}

static void key_files(void **state) {
    (void)state;
    char dir[] = "/tmp/cx-vault-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    cx_err err = {0};
    cx_key *key = NULL;
    bool made;
    assert_int_equal(cx_key_read(dir, "pseudonym.key", &key, &err), CX_KEY_WRONG);
    assert_int_equal(cx_key_make_secret(dir, "pseudonym.key", &made, &err), CX_OK);
    assert_true(made);
    assert_int_equal(cx_key_make_secret(dir, "pseudonym.key", &made, &err), CX_OK);
    assert_false(made);
    assert_int_equal(cx_key_read(dir, "pseudonym.key", &key, &err), CX_OK);
    cx_key_destroy(&key);
    (void)snprintf(path, sizeof path, "%s/pseudonym.key", dir);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(cx_key_read(dir, "pseudonym.key", &key, &err), CX_KEY_WRONG);
    assert_null(key);
    assert_int_equal(truncate(path, 10), 0);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(cx_key_read(dir, "pseudonym.key", &key, &err), CX_KEY_WRONG);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(cx_key_make_pair(dir, "vault.sec", "vault.pub", &made, &err), CX_OK);
    assert_int_equal(cx_key_read(dir, "vault.pub", &key, &err), CX_OK);
    cx_key_destroy(&key);
    (void)snprintf(path, sizeof path, "%s/vault.sec", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(cx_key_make_pair(dir, "vault.sec", "vault.pub", &made, &err), CX_KEY_WRONG);
    (void)snprintf(path, sizeof path, "%s/vault.pub", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
}

int main(void) {
    cx_err err = {0};
    if (cx_vault_init(&err) != CX_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_hash), cmocka_unit_test(pseudonyms_differ_by_all_that_counts),
        cmocka_unit_test(references_open_only_at_home), cmocka_unit_test(seals), cmocka_unit_test(key_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
