#include "common/vault/hash.h"

#include <sodium.h>

static void hash(const cx_view *parts, size_t n, uint8_t *out, size_t size) {
    crypto_generichash_state state;
    CX_ASSERT(crypto_generichash_init(&state, NULL, 0, size) == 0);
    for (size_t i = 0; i < n; i++)
        (void)crypto_generichash_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
    (void)crypto_generichash_final(&state, out, size);
}

void cx_hash256(const cx_view *parts, size_t n, uint8_t out[CX_HASH256]) {
    hash(parts, n, out, CX_HASH256);
}

_Static_assert(sizeof(cx_hashing) == sizeof(crypto_generichash_state), "what libsodium needs");

void cx_hash_begin(cx_hashing *h) {
    CX_ASSERT(crypto_generichash_init((crypto_generichash_state *)(void *)h->state, NULL, 0, CX_HASH256) ==
              0);
}

void cx_hash_add(cx_hashing *h, const void *bytes, size_t n) {
    (void)crypto_generichash_update((crypto_generichash_state *)(void *)h->state, bytes, n);
}

void cx_hash_end(cx_hashing *h, uint8_t out[CX_HASH256]) {
    (void)crypto_generichash_final((crypto_generichash_state *)(void *)h->state, out, CX_HASH256);
}

void cx_hash128(const cx_view *parts, size_t n, uint8_t out[CX_HASH128]) {
    hash(parts, n, out, CX_HASH128);
}

void cx_keyed_hash128(const uint8_t key[CX_KEY], const cx_view *parts, size_t n, uint8_t out[CX_HASH128]) {
    crypto_generichash_state state;
    CX_ASSERT(crypto_generichash_init(&state, key, CX_KEY, CX_HASH128) == 0);
    for (size_t i = 0; i < n; i++) {
        unsigned char length[8];
        for (unsigned b = 0; b < sizeof length; b++)
            length[b] = (unsigned char)((uint64_t)parts[i].n >> (8U * b));
        (void)crypto_generichash_update(&state, length, sizeof length);
        (void)crypto_generichash_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
    }
    (void)crypto_generichash_final(&state, out, CX_HASH128);
    sodium_memzero(&state, sizeof state);
}

char *cx_hex(const uint8_t *bytes, size_t n, char *out) {
    return sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

bool cx_unhex(cx_view text, uint8_t *out, size_t n) {
    size_t got = 0;
    return text.n == 2 * n && sodium_hex2bin(out, n, text.p, text.n, NULL, &got, NULL) == 0 && got == n;
}
