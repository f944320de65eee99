/* chengxin token: what its files share. */
#ifndef OPS_CLI_TOKEN_H
#define OPS_CLI_TOKEN_H

#include "common/base/arena.h"
#include "common/base/config.h"
#include "schemas/types.h"

/* A token as credit.tokens has it last, and its key. */
typedef struct cx_token_row {
    cx_view key;
    const cx_token *token;
} cx_token_row;

/* The departments' tokens in the order of their keys, in the arena; *own counts the subjects' that are in
 * time. */
CX_MUST_CHECK cx_rc cx_token_rows(const cx_config *config, cx_arena *arena, cx_token_row **rows, size_t *n,
                                  size_t *own, cx_err *err);
/* Prints them. */
CX_MUST_CHECK cx_rc cx_token_list(const cx_config *config, bool json, cx_err *err);

#endif
