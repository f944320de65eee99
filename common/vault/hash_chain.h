/* The hash chain over the messages of one partition, and the tree by which a single one of them is proved.
 *
 *   leaf(m)   = BLAKE2b-256(00, m)
 *   head(i)   = BLAKE2b-256(02, head(i - 1), leaf(m(i))), head(0) = 32 zero bytes
 *   root      = Merkle tree hash of RFC 6962, section 2.1, with BLAKE2b-256: node = BLAKE2b-256(01, left,
 * right); of no leaf: 32 zero bytes
 *
 * The head commits to every message from the first on and to their order; the root to those since the last
 * checkpoint, with a proof for each of them of 32 bytes a level. Both are functions of the messages' bytes
 * alone. Pure; thread-safe on different values.
 */
#ifndef CX_VAULT_HASH_CHAIN_H
#define CX_VAULT_HASH_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/chain_place.h"
#include "common/base/error.h"
#include "common/base/view.h"

typedef uint8_t cx_chain_hash[CX_CHAIN_HASH];

void cx_chain_leaf(cx_view message, cx_chain_hash out);
void cx_chain_link(const cx_chain_hash head, const cx_chain_hash leaf, cx_chain_hash out);

/* One more message. At most 2^CX_CHAIN_PEAKS - 1 between two cuts. */
void cx_chain_add(cx_hash_chain *chain, cx_view message);
/* Root of the tree over what was added since the last cut. */
void cx_chain_root(const cx_hash_chain *chain, cx_chain_hash out);
/* A checkpoint covers everything so far: a new tree begins. */
void cx_chain_cut(cx_hash_chain *chain);

/* How many peaks there are. */
int cx_chain_peaks(const cx_hash_chain *chain);

/* The proof of leaf number `at` (from 0) of n: the hashes beside the way up, from the leaf's. path has room
 * for CX_CHAIN_PEAKS; returns how many. */
size_t cx_chain_path(const cx_chain_hash *leaves, size_t n, size_t at, cx_chain_hash *path);
/* Root of n leaves. */
void cx_chain_tree(const cx_chain_hash *leaves, size_t n, cx_chain_hash out);
/* Whether the leaf is number `at` of n under that root. */
bool cx_chain_proves(const cx_chain_hash leaf, uint64_t at, uint64_t n, const cx_chain_hash *path,
                     size_t path_n, const cx_chain_hash root);

#endif
