/* BLAKE2b hashes (RFC 7693, by libsodium). Thread-safe: nothing is shared. */
#ifndef CX_VAULT_HASH_H
#define CX_VAULT_HASH_H

#include "common/base/error.h"
#include "common/base/view.h"

enum { CX_HASH256 = 32, CX_HASH128 = 16, CX_KEY = 32 };

/* BLAKE2b-256 over the parts one after the other. */
void cx_hash256(const cx_view *parts, size_t n, uint8_t out[CX_HASH256]);

/* BLAKE2b-256 of bytes that come piece by piece. Allocates nothing, calls nothing but libsodium's own code.
 */
typedef struct cx_hashing {
    _Alignas(64) unsigned char state[384];
} cx_hashing;
void cx_hash_begin(cx_hashing *hashing);
void cx_hash_add(cx_hashing *hashing, const void *bytes, size_t n);
void cx_hash_end(cx_hashing *hashing, uint8_t out[CX_HASH256]);

/* BLAKE2b-128 without a key, over the parts one after the other: for names of things that are no secret. */
void cx_hash128(const cx_view *parts, size_t n, uint8_t out[CX_HASH128]);

/* Keyed BLAKE2b-128 over the parts, each preceded by its length as 8 bytes little-endian, so that
 * no two lists of parts hash the same input. */
void cx_keyed_hash128(const uint8_t key[CX_KEY], const cx_view *parts, size_t n, uint8_t out[CX_HASH128]);

/* Lower-case hexadecimal; out holds 2 * n + 1 bytes and ends in NUL. Returns out. */
char *cx_hex(const uint8_t *bytes, size_t n, char *out);
/* false unless text is exactly 2 * n hexadecimal digits. */
bool cx_unhex(cx_view text, uint8_t *out, size_t n);

#endif
