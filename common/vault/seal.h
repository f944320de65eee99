/* Sealing to a public key, an hour at a time.
 *
 * Sealing each record by public key costs some 88 us; so the key agreement (X25519) happens once an
 * hour with a pair made for that hour, whose secret half is destroyed at once, and records are sealed
 * symmetrically (XChaCha20-Poly1305) under the agreed key, which is destroyed at the hour's end. The
 * nonce is derived from place and plaintext (keyed BLAKE2b), so sealing the same again under the same
 * hour's key gives the same bytes, and no nonce ever meets two plaintexts.
 */
#ifndef CX_VAULT_SEAL_H
#define CX_VAULT_SEAL_H

#include "common/base/arena.h"
#include "common/vault/keys.h"

enum { CX_SEAL_NONCE = 24, CX_SEAL_TAG = 16, CX_SEAL_OVERHEAD = CX_SEAL_NONCE + CX_SEAL_TAG };

/* Towards one recipient. One thread at a time. */
typedef struct cx_sealer cx_sealer;

/* NULL when out of memory. The recipient's key is copied. */
cx_sealer *cx_sealer_new(const cx_key *recipient_public);
void cx_sealer_destroy(cx_sealer **sealer);
/* Before sealing: makes a new agreement when `hour` (hours since 1970, wall time) is not that of the
 * last one. CX_KEY_WRONG when the recipient's key is no usable point. */
cx_rc cx_sealer_turn(cx_sealer *sealer, int64_t hour, cx_err *err);
/* Seals plain, bound to place (it cannot be moved to another). *hour_key: 32 bytes owned by the
 * sealer until its next turn; *sealed: in the arena, plain.n + CX_SEAL_OVERHEAD bytes. */
cx_rc cx_seal(const cx_sealer *sealer, cx_view place, cx_view plain, cx_arena *arena, cx_view *hour_key,
              cx_view *sealed);

/* The recipient's side. One thread at a time: it remembers the last agreements. */
typedef struct cx_opener cx_opener;

cx_opener *cx_opener_new(const cx_key *recipient_secret);
void cx_opener_destroy(cx_opener **opener);
/* CX_KEY_WRONG when it was sealed to another key, for another place, or was changed. */
cx_rc cx_open(cx_opener *opener, cx_view hour_key, cx_view place, cx_view sealed, cx_arena *arena,
              cx_view *plain, cx_err *err);

#endif
