/* Key files: 64 hexadecimal digits and a newline, readable by their owner alone where secret.
 *
 *   pseudonym.key  keys the pseudonyms of one log generation          intake, and the query tools
 *   reference.key  from which every department's reference key comes  intake, courier
 *   vault.pub      identities are sealed to it                        intake
 *   vault.sec      opens them                                         courier alone
 *   checkpoint.sec, .pub   sign the history's checkpoints (Ed25519)     history; the public half: auditors
 *   departments/<department>.pub   notices' identities are sealed to it   courier
 *   <department>.sec               kept by the department, never by a service
 */
#ifndef CX_VAULT_KEYS_H
#define CX_VAULT_KEYS_H

#include "common/base/error.h"
#include "common/base/view.h"
#include "common/vault/hash.h"

/* A key in memory that is locked, guarded and wiped when it is freed. */
typedef struct cx_key cx_key;

/* Must run once before anything else of common/vault; CX_KEY_WRONG when libsodium cannot start. */
cx_rc cx_vault_init(cx_err *err);

/* Reads DIR/NAME. CX_KEY_WRONG when it is missing, is not a key, or is secret and others can read
 * it; the text names the file and what to do. A file that ends in .pub may be public. */
cx_rc cx_key_read(const char *dir, const char *name, cx_key **out, cx_err *err);
/* The same by its path. */
cx_rc cx_key_read_file(const char *path, cx_key **out, cx_err *err);
/* Wipes and frees; *key becomes NULL. */
void cx_key_destroy(cx_key **key);
/* The 32 bytes; valid until the key is destroyed. Threads may share them. */
const uint8_t *cx_key_bytes(const cx_key *key);
/* A key from bytes, for tests and derivation. NULL when out of memory. */
cx_key *cx_key_of(const uint8_t bytes[CX_KEY]);
/* First 8 bytes of the key's BLAKE2b-256 in hexadecimal: what may be shown of it. */
void cx_key_fingerprint(const cx_key *key, char out[17]);

/* Writes a random secret DIR/NAME (mode 600), or leaves the one that is there. *made tells which. */
cx_rc cx_key_make_secret(const char *dir, const char *name, bool *made, cx_err *err);
/* Writes an X25519 pair: DIR/secret_name (600) and DIR/public_name (644); leaves a pair that is there,
 * and CX_KEY_WRONG where only one half is. */
cx_rc cx_key_make_pair(const char *dir, const char *secret_name, const char *public_name, bool *made,
                       cx_err *err);
/* The same for an Ed25519 pair (common/vault/sign.h): of the secret half its seed. */
cx_rc cx_key_make_signing_pair(const char *dir, const char *secret_name, const char *public_name, bool *made,
                               cx_err *err);

#endif
