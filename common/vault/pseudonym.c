#include "common/vault/pseudonym.h"

#include <sodium.h>

void cx_pseudonym(const cx_key *pseudonym_key, cx_view kind, cx_view id, uint8_t out[CX_PSEUDONYM]) {
    cx_keyed_hash128(cx_key_bytes(pseudonym_key), (cx_view[]){CX_VIEW("subject"), kind, id}, 3, out);
}

/* One department's key for one use ("tag", "cipher"). */
static void department_key(const cx_key *reference_key, cx_view department, const char *use,
                           uint8_t out[CX_KEY]) {
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, cx_key_bytes(reference_key), CX_KEY, CX_KEY);
    (void)crypto_generichash_update(&state, (const unsigned char *)use, strlen(use) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)department.p, department.n);
    (void)crypto_generichash_final(&state, out, CX_KEY);
    sodium_memzero(&state, sizeof state);
}

static void tag_of(const cx_key *reference_key, cx_view department, const uint8_t *pseudonym,
                   uint8_t tag[16]) {
    uint8_t key[CX_KEY];
    department_key(reference_key, department, "tag", key);
    cx_keyed_hash128(key, &(cx_view){(const char *)pseudonym, CX_PSEUDONYM}, 1, tag);
    sodium_memzero(key, sizeof key);
}

/* XChaCha20 under the department's key with the tag as the nonce; enciphers and deciphers. */
static void cipher(const cx_key *reference_key, cx_view department, const uint8_t tag[16], const uint8_t *in,
                   uint8_t *out) {
    uint8_t key[CX_KEY];
    uint8_t nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};
    (void)memcpy(nonce, tag, 16);
    department_key(reference_key, department, "cipher", key);
    (void)crypto_stream_xchacha20_xor(out, in, CX_PSEUDONYM, nonce, key);
    sodium_memzero(key, sizeof key);
}

void cx_reference_make(const cx_key *reference_key, cx_view department, const uint8_t pseudonym[CX_PSEUDONYM],
                       char out[CX_REFERENCE_TEXT]) {
    uint8_t bytes[32];
    tag_of(reference_key, department, pseudonym, bytes);
    cipher(reference_key, department, bytes, pseudonym, bytes + 16);
    (void)sodium_bin2base64(out, CX_REFERENCE_TEXT, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool cx_reference_open(const cx_key *reference_key, cx_view department, cx_view reference,
                       uint8_t pseudonym[CX_PSEUDONYM]) {
    uint8_t bytes[32], tag[16];
    size_t n = 0;
    if (sodium_base642bin(bytes, sizeof bytes, reference.p, reference.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof bytes)
        return false;
    cipher(reference_key, department, bytes, bytes + 16, pseudonym);
    tag_of(reference_key, department, pseudonym, tag);
    return sodium_memcmp(tag, bytes, sizeof tag) == 0;
}
