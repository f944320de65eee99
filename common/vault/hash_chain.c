#include "common/vault/hash_chain.h"

#include <string.h>

#include "common/vault/hash.h"

enum { LEAF = 0, NODE = 1, LINK = 2 };

_Static_assert((int)CX_CHAIN_HASH == (int)CX_HASH256, "the chain's hash is BLAKE2b-256");

static void hash_of(uint8_t kind, cx_view a, cx_view b, cx_chain_hash out) {
    cx_view parts[] = {{(const char *)&kind, 1}, a, b};
    cx_hash256(parts, b.p == NULL ? 2 : 3, out);
}

static cx_view view_of(const cx_chain_hash hash) {
    return (cx_view){(const char *)hash, CX_CHAIN_HASH};
}

void cx_chain_leaf(cx_view message, cx_chain_hash out) {
    hash_of(LEAF, message, (cx_view){NULL, 0}, out);
}

void cx_chain_link(const cx_chain_hash head, const cx_chain_hash leaf, cx_chain_hash out) {
    hash_of(LINK, view_of(head), view_of(leaf), out);
}

static void node(const cx_chain_hash left, const cx_chain_hash right, cx_chain_hash out) {
    hash_of(NODE, view_of(left), view_of(right), out);
}

int cx_chain_peaks(const cx_hash_chain *chain) {
    return __builtin_popcountll((uint64_t)(chain->n - chain->from));
}

void cx_chain_add(cx_hash_chain *chain, cx_view message) {
    cx_chain_hash leaf;
    int peaks = cx_chain_peaks(chain);
    uint64_t before = (uint64_t)(chain->n - chain->from);
    CX_ASSERT(before + 1 < (uint64_t)1 << CX_CHAIN_PEAKS);
    cx_chain_leaf(message, leaf);
    cx_chain_link(chain->head, leaf, chain->head);
    for (; (before & 1) != 0; before >>= 1) /* two subtrees of a size become one */
        node(chain->peaks[--peaks], leaf, leaf);
    (void)memcpy(chain->peaks[peaks], leaf, sizeof leaf);
    chain->n++;
}

void cx_chain_root(const cx_hash_chain *chain, cx_chain_hash out) {
    int at = cx_chain_peaks(chain) - 1;
    (void)memset(out, 0, CX_CHAIN_HASH);
    if (at >= 0)
        (void)memcpy(out, chain->peaks[at], CX_CHAIN_HASH);
    while (--at >= 0)
        node(chain->peaks[at], out, out);
}

void cx_chain_cut(cx_hash_chain *chain) {
    chain->from = chain->n;
}

/* --- proofs ------------------------------------------------------------------------------------------- */
/* The largest power of two below n, n > 1: where RFC 6962 splits. */
static size_t split_of(size_t n) {
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    return k;
}

void cx_chain_tree(const cx_chain_hash *leaves, size_t n, cx_chain_hash out) {
    cx_hash_chain chain = {.n = 0}; /* its peaks alone are used */
    for (size_t i = 0; i < n; i++) {
        cx_chain_hash top;
        int peaks = cx_chain_peaks(&chain);
        (void)memcpy(top, leaves[i], sizeof top);
        for (uint64_t before = (uint64_t)chain.n; (before & 1) != 0; before >>= 1)
            node(chain.peaks[--peaks], top, top);
        (void)memcpy(chain.peaks[peaks], top, sizeof top);
        chain.n++;
    }
    cx_chain_root(&chain, out);
}

size_t cx_chain_path(const cx_chain_hash *leaves, size_t n, size_t at, cx_chain_hash *path) {
    size_t depth = 0;
    CX_ASSERT(at < n);
    while (n > 1) { /* from the root down: the other half's root each time */
        size_t k = split_of(n);
        CX_ASSERT(depth < CX_CHAIN_PEAKS);
        if (at < k) {
            cx_chain_tree(leaves + k, n - k, path[depth]);
            n = k;
        } else {
            cx_chain_tree(leaves, k, path[depth]);
            leaves += k;
            at -= k;
            n -= k;
        }
        depth++;
    }
    for (size_t i = 0; i < depth / 2; i++) { /* told from the leaf up */
        cx_chain_hash other;
        (void)memcpy(other, path[i], sizeof other);
        (void)memcpy(path[i], path[depth - 1 - i], sizeof other);
        (void)memcpy(path[depth - 1 - i], other, sizeof other);
    }
    return depth;
}

/* RFC 9162, section 2.1.3.2. */
bool cx_chain_proves(const cx_chain_hash leaf, uint64_t at, uint64_t n, const cx_chain_hash *path,
                     size_t path_n, const cx_chain_hash root) {
    cx_chain_hash found;
    uint64_t here = at, last = n - 1;
    if (n == 0 || at >= n)
        return false;
    (void)memcpy(found, leaf, sizeof found);
    for (size_t i = 0; i < path_n; i++) {
        if (last == 0)
            return false;
        if ((here & 1) != 0 || here == last) {
            node(path[i], found, found);
            while ((here & 1) == 0 && here != 0) {
                here >>= 1;
                last >>= 1;
            }
        } else {
            node(found, path[i], found);
        }
        here >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(found, root, CX_CHAIN_HASH) == 0;
}
