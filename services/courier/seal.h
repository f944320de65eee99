/* The courier's step before decide: identity is put on again, for one department alone.
 *
 * Opens the sealed identity with vault.sec, makes the department's reference with reference.key and seals the
 * identity anew to departments/<department>.pub (all of the setting vault.dir). What a department gets is 32
 * bytes (the hour's public key), then nonce and XChaCha20-Poly1305 ciphertext bound to its reference
 * (common/vault/seal.h).
 */
#ifndef SERVICES_COURIER_SEAL_H
#define SERVICES_COURIER_SEAL_H

#include "common/run/stage.h"

extern const cx_hooks cx_courier_hooks;

/* The identity's row: the subject's pseudonym, where the dispatch is a notice. */
cx_rc cx_courier_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);

#endif
