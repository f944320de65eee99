/* Where a hash chain over messages stands, and the tree over those of them that no checkpoint covers yet: a
 * plain value that whoever keeps positions keeps along with them. What it means and how it grows:
 * common/vault/hash_chain.h. */
#ifndef CX_BASE_CHAIN_PLACE_H
#define CX_BASE_CHAIN_PLACE_H

#include <stdint.h>

enum { CX_CHAIN_HASH = 32, CX_CHAIN_PEAKS = 40 };

/* The place before the first message is all zeros. */
typedef struct cx_hash_chain {
    int64_t n;                   /* messages in the chain */
    int64_t from;                /* messages that the checkpoints cover */
    uint8_t head[CX_CHAIN_HASH]; /* zeros while n is 0 */
    /* Of the tree over messages from + 1 to n: the roots of its perfect subtrees, largest first; as many as n
     * - from has bits set. */
    uint8_t peaks[CX_CHAIN_PEAKS][CX_CHAIN_HASH];
} cx_hash_chain;

#endif
