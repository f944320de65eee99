/* Asks a service of ours over HTTP, as a client would: POST, JSON, a bearer's token. By a Unix socket or an
 * address of this machine; no proxy is asked. Not thread-safe: one owner.
 */
#ifndef CX_RUN_POST_H
#define CX_RUN_POST_H

#include "common/base/error.h"
#include "common/base/view.h"

typedef struct cx_post cx_post;

/* socket: its path, or "". bearer is copied, and wiped in the end. timeout_s: for each answer. */
CX_MUST_CHECK cx_rc cx_post_new(const char *socket, const char *url, const char *bearer, int64_t timeout_s,
                                cx_post **out, cx_err *err);
void cx_post_destroy(cx_post **post);
/* *status as HTTP has it, whatever it is; *answer until the next call, at most 64 KiB of it, ends in NUL.
 * STORE_AWAY: there was no answer. */
CX_MUST_CHECK cx_rc cx_post_send(cx_post *post, const char *body, long *status, cx_view *answer, cx_err *err);

#endif
