/* Redis: one connection over a Unix socket (or loopback: hiredis 0.14 has no TLS), commands sent in a
 * pipeline.
 *
 * After any failure close the connection and open another: a late reply would pair with the next command
 * (pitfall 25). Error texts hold at most the first word of Redis's own. The process ignores SIGPIPE. One
 * connection belongs to one thread.
 *
 * Errors: CX_STORE_AWAY (not there, not in time, loading, out of memory, function not loaded yet), CX_CONFIG
 * (password or rights), CX_FENCED (the cache holds a later log), CX_STORE (anything else), CX_OUT_OF_MEMORY.
 */
#ifndef CX_STORE_REDIS_H
#define CX_STORE_REDIS_H

#include "common/base/error.h"
#include "common/base/view.h"

enum { CX_REDIS_WAIT_MS = 10000, CX_REDIS_ELEMENTS = 8 };

typedef struct cx_redis cx_redis;

/* A reply; what it holds lives until the next call. */
typedef struct cx_redis_reply {
    bool null;
    int64_t integer;
    cx_view text;                        /* of a string or status */
    cx_view elements[CX_REDIS_ELEMENTS]; /* of an array of strings */
    size_t n;
} cx_redis_reply;

/* address: a path, or 127.0.0.1:PORT. password_file: holds the password of `user`; "" for none of both. */
cx_rc cx_redis_open(const char *address, const char *user, const char *password_file, cx_redis **out,
                    cx_err *err) CX_MUST_CHECK;
void cx_redis_close(cx_redis **redis);

/* Queues a command; the bytes are copied. */
cx_rc cx_redis_send(cx_redis *redis, int n, const cx_view *words, cx_err *err) CX_MUST_CHECK;
/* The reply to the oldest command sent and not yet answered; sends what is queued. */
cx_rc cx_redis_receive(cx_redis *redis, cx_redis_reply *reply, cx_err *err) CX_MUST_CHECK;
/* Both: one command and its reply. */
cx_rc cx_redis_call(cx_redis *redis, int n, const cx_view *words, cx_redis_reply *reply,
                    cx_err *err) CX_MUST_CHECK;

/* Calls visit for each key that fits the pattern; one may come twice. Keys that come or go meanwhile may be
 * missed. visit may not use the connection. */
cx_rc cx_redis_scan(cx_redis *redis, cx_view pattern, cx_rc (*visit)(void *context, cx_view key, cx_err *err),
                    void *context, cx_err *err) CX_MUST_CHECK;

#endif
