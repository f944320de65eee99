/* A small HTTP server for POST requests with short bodies, by libmicrohttpd, without a thread of its own:
 * requests are collected while cx_web_turn runs, answered by whoever owns it, and sent by a later turn. Many
 * connections wait at a time; one that is slow holds up no other.
 *
 * It listens on a Unix socket (mode 660) or on a loopback address: there is no TLS here, so it can be reached
 * from the machine alone. Nothing of a request is logged. One owner; not thread-safe.
 */
#ifndef CX_RUN_WEB_H
#define CX_RUN_WEB_H

#include "common/base/error.h"
#include "common/base/view.h"

typedef struct cx_web cx_web;

/* A whole request. Its views live until it is answered. */
typedef struct cx_web_request {
    cx_view path;   /* one that `knows` knew */
    cx_view bearer; /* of "Authorization: Bearer ..."; empty: none */
    cx_view body;
    bool too_large; /* the body was longer than allowed: it is empty */
    struct cx_web_request *next;
} cx_web_request;

typedef struct cx_web_spec {
    const char *socket;  /* a path; "": none, then address and port */
    const char *address; /* 127.x.x.x */
    int port;
    size_t body_most;     /* bytes; from eight times as many on the connection is closed without an answer */
    unsigned connections; /* at a time */
    unsigned seconds;     /* that a connection may be silent */
    bool (*knows)(const char *path); /* any other is answered with 404 */
} cx_web_spec;

/* CX_CONFIG where it cannot listen there. A socket that was at its path is taken over. */
CX_MUST_CHECK cx_rc cx_web_open(const cx_web_spec *spec, cx_web **out, cx_err *err);
/* Requests that were not answered are dropped. */
void cx_web_close(cx_web **web);
/* Reads and writes what is at hand; waits at most that long for it. */
CX_MUST_CHECK cx_rc cx_web_turn(cx_web *web, int timeout_ms, cx_err *err);
/* The oldest request that is waiting, now the caller's to answer; NULL: none. */
cx_web_request *cx_web_next(cx_web *web);
/* Answers with JSON (copied) and wipes the request, which is gone. retry_after: seconds; 0: not said. */
void cx_web_answer(cx_web *web, cx_web_request *request, unsigned status, cx_view json, unsigned retry_after);

#endif
