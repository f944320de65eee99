/* chengxin token: what its files share. */
#ifndef OPS_CLI_TOKEN_H
#define OPS_CLI_TOKEN_H

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/vault/token.h"
#include "ops/cli/acts.h"
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
/* What a department's token shall be; purposes: codes with semicolons. pack NULL: that of pack.dir. */
typedef struct cx_token_request {
    const char *department, *purposes, *pack;
    int64_t days;
    bool private;       /* for somebody who is no department */
    int64_t patience_s; /* of a drill: for each step */
} cx_token_request;

/* Issues it: `text` is to be shown once and wiped. PURPOSE_FORBIDDEN, NOT_AUTHORISED, USAGE, TOPIC_MISSING.
 */
CX_MUST_CHECK cx_rc cx_token_issue(const cx_config *config, const cx_token_request *request,
                                   const cx_actor *actor, char text[CX_TOKEN_TEXT], char id[CX_TOKEN_ID],
                                   cx_time *expires, cx_err *err);
/* *before: it was revoked before. NOT_FOUND. */
CX_MUST_CHECK cx_rc cx_token_revoke(const cx_config *config, const char *id, const cx_actor *actor,
                                    bool *before, cx_err *err);
/* The act that a token is traced, before anything is told of it. */
CX_MUST_CHECK cx_rc cx_token_tell_traced(const cx_config *config, const char *id, const cx_actor *actor,
                                         cx_err *err);
struct json_t;
/* What history.trace_token tells of it: token, queries, allowed, refused, first, last, asked, affected. The
 * caller's to release. */
CX_MUST_CHECK cx_rc cx_token_traced(const cx_config *config, const char *id, struct json_t **out,
                                    cx_err *err);
/* chengxin token trace: logged, then printed. NOT_FOUND where nobody ever showed it. */
CX_MUST_CHECK cx_rc cx_token_trace(const cx_config *config, const char *id, const cx_actor *actor, bool json,
                                   cx_err *err);
/* chengxin token drill: a leak from its beginning to its end, about nobody. DRILL_FAILED names the step that
 * did not hold; the token is revoked in any case. */
CX_MUST_CHECK cx_rc cx_token_drill(const cx_config *config, const cx_token_request *request,
                                   const cx_actor *actor, bool json, cx_err *err);
/* Prints them. */
CX_MUST_CHECK cx_rc cx_token_list(const cx_config *config, bool json, cx_err *err);

#endif
