/* Signed heads of the history's chains: made by the history sink, checked by `chengxin verify` and `chengxin
 * receipt`.
 *
 * What is signed is a text of nine lines, each ending in a line feed (docs/checkpoints.md):
 *
 *   chengxin checkpoint 1 / generation G / topic T / partition P / tick 2026-03-02T09:00:00.000+08:00 /
 *   from F / n N / head <64 hexadecimal digits> / root <64>
 *
 * Pure; thread-safe on different values.
 */
#ifndef SERVICES_HISTORY_CHECKPOINT_H
#define SERVICES_HISTORY_CHECKPOINT_H

#include "common/base/chain_place.h"
#include "common/vault/keys.h"
#include "schemas/types.h"

enum { CX_CHECKPOINT_TEXT = 640, CX_CHECKPOINT_KEY = 360 };

/* The text that is signed; body must be a ChainHead. */
cx_view cx_checkpoint_text(const cx_checkpoint *checkpoint, char out[CX_CHECKPOINT_TEXT]);
/* The message's key: "chain/1/credit.decided/0/2026-03-02T09:00:00.000+08:00". */
cx_view cx_checkpoint_key(const cx_checkpoint *checkpoint, char out[CX_CHECKPOINT_KEY]);

/* Fills the head's from, n, head and root from where the chain stands. */
void cx_checkpoint_take(cx_chain_head *head, const cx_hash_chain *chain);
/* Fills key and signature. KEY_WRONG, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_checkpoint_sign(cx_checkpoint *checkpoint, const cx_key *secret, cx_err *err);
/* false: not signed with the secret half of that key, or changed since. */
bool cx_checkpoint_holds(const cx_checkpoint *checkpoint, const cx_key *public_key);

#endif
