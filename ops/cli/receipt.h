/* What the two halves of `chengxin receipt` share. */
#ifndef OPS_CLI_RECEIPT_H
#define OPS_CLI_RECEIPT_H

#include <jansson.h>

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/vault/hash_chain.h"
#include "schemas/types.h"

enum { CX_RECEIPT_MOST = 16 << 20 }; /* bytes of a receipt's file */
extern const char cx_receipt_format[];

/* The subject's receipt, from schema history. *out is NULL after an error; NOT_FOUND: no event of the subject
 * is known, or none is covered by a checkpoint yet; STORE: the rows do not lead to the signed root: run
 * chengxin verify. */
CX_MUST_CHECK cx_rc cx_receipt_make(const cx_config *config, const uint8_t subject[16], json_t **out,
                                    cx_err *err);

/* Checks a receipt with the public key alone: no server is asked. Prints each event, and false where anything
 * does not hold. An error is that it cannot be read. */
CX_MUST_CHECK cx_rc cx_receipt_check(const char *file, const char *key_file, bool json, bool *holds,
                                     cx_err *err);

#endif
