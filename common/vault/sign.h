/* Signatures (Ed25519, RFC 8032, by libsodium): the same message under the same key always has the same one,
 * so that what is published twice is the same twice. Thread-safe. */
#ifndef CX_VAULT_SIGN_H
#define CX_VAULT_SIGN_H

#include "common/base/view.h"
#include "common/vault/keys.h"

enum { CX_SIGNATURE = 64 };

/* secret: what cx_key_make_signing_pair wrote (the seed). */
void cx_sign(const cx_key *secret, cx_view message, uint8_t out[CX_SIGNATURE]);
/* The public half. NULL when out of memory. */
cx_key *cx_sign_public(const cx_key *secret);
bool cx_sign_holds(const cx_key *public_key, cx_view message, const uint8_t signature[CX_SIGNATURE]);

#endif
