/* The chain and its tree: against a tree made as RFC 6962 words it, and every proof of every leaf; signatures
 * against RFC 8032's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/vault/hash.h"
#include "common/vault/hash_chain.h"
#include "common/vault/sign.h"

enum { MOST = 70 };

static cx_view message(int i, char out[16]) {
    return (cx_view){out, (size_t)snprintf(out, 16, "message %d", i)};
}

/* MTH of RFC 6962, 2.1, word by word. */
static void by_the_book(const cx_chain_hash *leaves, size_t n, cx_chain_hash out) {
    cx_chain_hash left, right;
    size_t k = 1;
    if (n == 1) {
        (void)memcpy(out, leaves[0], CX_CHAIN_HASH);
        return;
    }
    while (k * 2 < n)
        k *= 2;
    by_the_book(leaves, k, left);
    by_the_book(leaves + k, n - k, right);
    cx_hash256(
        (cx_view[]){{"\x01", 1}, {(const char *)left, sizeof left}, {(const char *)right, sizeof right}}, 3,
        out);
}

static void every_leaf_is_proved(void **state) {
    static const cx_chain_hash zeros;
    cx_hash_chain chain = {.n = 0};
    cx_chain_hash leaves[MOST], root, book, path[CX_CHAIN_PEAKS];
    char text[16];
    (void)state;
    cx_chain_root(&chain, root);
    assert_memory_equal(zeros, root, sizeof root);
    for (int i = 0; i < 5; i++) /* an earlier checkpoint's: they are not in this tree */
        cx_chain_add(&chain, message(1000 + i, text));
    cx_chain_cut(&chain);
    for (size_t n = 1; n <= MOST; n++) {
        cx_chain_leaf(message((int)n, text), leaves[n - 1]);
        cx_chain_add(&chain, message((int)n, text));
        cx_chain_root(&chain, root);
        by_the_book(leaves, n, book);
        assert_memory_equal(book, root, sizeof root);
        cx_chain_tree(leaves, n, book);
        assert_memory_equal(book, root, sizeof root);
        for (size_t at = 0; at < n; at++) {
            size_t depth = cx_chain_path(leaves, n, at, path);
            assert_true(cx_chain_proves(leaves[at], at, n, path, depth, root));
            assert_false(cx_chain_proves(leaves[at], at + 1, n, path, depth, root));
            assert_false(cx_chain_proves(leaves[(at + 1) % MOST], at, n, path, depth, root) && n > 1);
            if (depth > 0) {
                assert_false(cx_chain_proves(leaves[at], at, n, path, depth - 1, root));
                path[depth / 2][0] ^= 1;
                assert_false(cx_chain_proves(leaves[at], at, n, path, depth, root));
            }
        }
    }
    assert_int_equal(5 + MOST, chain.n);
}

static void head_of(const int *numbers, int n, cx_chain_hash out) {
    cx_hash_chain chain = {.n = 0};
    char text[16];
    for (int i = 0; i < n; i++)
        cx_chain_add(&chain, message(numbers[i], text));
    (void)memcpy(out, chain.head, CX_CHAIN_HASH);
}

static void the_head_knows_every_message_and_their_order(void **state) {
    static const struct {
        int n, numbers[5];
    } others[] = {{4, {1, 2, 3, 5}}, {3, {1, 2, 3}},       {3, {1, 2, 4}}, {4, {1, 3, 2, 4}},
                  {4, {2, 1, 3, 4}}, {5, {1, 2, 2, 3, 4}}, {3, {2, 3, 4}}, {5, {1, 2, 3, 4, 4}}};
    cx_chain_hash head, other;
    (void)state;
    head_of((const int[]){1, 2, 3, 4}, 4, head);
    head_of((const int[]){1, 2, 3, 4}, 4, other);
    assert_memory_equal(head, other, sizeof head);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        head_of(others[i].numbers, others[i].n, other);
        assert_memory_not_equal(head, other, sizeof head);
    }
}

/* RFC 8032, 7.1, test 2. */
static void a_known_signature(void **state) {
    uint8_t seed[CX_KEY], wanted[CX_SIGNATURE], found[CX_SIGNATURE];
    char text[2 * CX_KEY + 1];
    (void)state;
    assert_true(cx_unhex(CX_VIEW("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), seed,
                         sizeof seed));
    assert_true(cx_unhex(CX_VIEW("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                         wanted, sizeof wanted));
    cx_key *secret = cx_key_of(seed), *public_key = cx_sign_public(secret);
    assert_string_equal("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                        cx_hex(cx_key_bytes(public_key), CX_KEY, text));
    cx_sign(secret, CX_VIEW("\x72"), found);
    assert_memory_equal(wanted, found, sizeof found);
    assert_true(cx_sign_holds(public_key, CX_VIEW("\x72"), found));
    assert_false(cx_sign_holds(public_key, CX_VIEW("\x73"), found));
    found[10] ^= 1;
    assert_false(cx_sign_holds(public_key, CX_VIEW("\x72"), found));
    cx_key_destroy(&secret);
    cx_key_destroy(&public_key);
}

int main(void) {
    cx_err err = {0};
    if (cx_vault_init(&err) != CX_OK)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_leaf_is_proved),
                                       cmocka_unit_test(the_head_knows_every_message_and_their_order),
                                       cmocka_unit_test(a_known_signature)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
