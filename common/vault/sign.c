#include "common/vault/sign.h"

#include <sodium.h>

_Static_assert(CX_KEY == crypto_sign_SEEDBYTES && CX_KEY == crypto_sign_PUBLICKEYBYTES,
               "keys are of 32 bytes");
_Static_assert(CX_SIGNATURE == crypto_sign_BYTES, "signatures are of 64 bytes");

void cx_sign(const cx_key *secret, cx_view message, uint8_t out[CX_SIGNATURE]) {
    uint8_t public_half[crypto_sign_PUBLICKEYBYTES], both[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_seed_keypair(public_half, both, cx_key_bytes(secret));
    (void)crypto_sign_detached(out, NULL, (const unsigned char *)message.p, message.n, both);
    sodium_memzero(both, sizeof both);
}

cx_key *cx_sign_public(const cx_key *secret) {
    uint8_t public_half[crypto_sign_PUBLICKEYBYTES], both[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_seed_keypair(public_half, both, cx_key_bytes(secret));
    sodium_memzero(both, sizeof both);
    return cx_key_of(public_half);
}

bool cx_sign_holds(const cx_key *public_key, cx_view message, const uint8_t signature[CX_SIGNATURE]) {
    return crypto_sign_verify_detached(signature, (const unsigned char *)message.p, message.n,
                                       cx_key_bytes(public_key)) == 0;
}
