/* The signed heads of credit.checkpoints, and a chain that is checked against them as it grows. */
#ifndef OPS_CLI_VERIFY_HEADS_H
#define OPS_CLI_VERIFY_HEADS_H

#include "common/base/chain_place.h"
#include "ops/cli/verify.h"
#include "schemas/types.h"

typedef struct cx_heads cx_heads;

/* Reads the topic; one whose signature does not hold is told, and not used. */
CX_MUST_CHECK cx_rc cx_heads_read(cx_verify *verify, cx_heads **out, cx_err *err);
void cx_heads_destroy(cx_heads **heads);
/* Those of one chain, by n; *n of them. */
const cx_checkpoint *const *cx_heads_of(const cx_heads *heads, cx_view topic, int32_t partition, size_t *n);

/* All of them. */
const cx_checkpoint *const *cx_heads_all(const cx_heads *heads, size_t *n);

/* One chain on its way past its heads. */
typedef struct cx_heads_walk {
    cx_verify *verify;
    const char *where; /* "chain", "log" */
    const cx_checkpoint *const *heads;
    size_t n, at;
    cx_hash_chain chain;
    bool off;  /* a head was not reached */
    bool torn; /* a message since the last head is known to be wrong: the tree cannot be right */
} cx_heads_walk;

/* Compares at every head that the chain has reached, and tells. */
void cx_heads_pass(cx_heads_walk *walk);
/* The chain's end: a head beyond it is told. */
void cx_heads_end(cx_heads_walk *walk);

#endif
