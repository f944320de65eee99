#include "common/run/web.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/run/web_listen.h"

enum { BEARER = 128, MEMORY = 32 * 1024, DROPPED_TIMES = 8 };

/* One connection's request; the public part first. */
typedef struct exchange {
    cx_web_request request;
    struct MHD_Connection *connection;
    char path[64], bearer[BEARER];
    char *body; /* body_most bytes */
    size_t got; /* bytes of the body, those beyond its room too */
    bool answered;
    unsigned status, retry_after;
    char *answer;
    size_t answer_n;
    struct exchange *all_next, **all_prev; /* every one that there is */
} exchange;

struct cx_web {
    struct MHD_Daemon *daemon;
    cx_web_spec spec;
    char *socket; /* to be removed, */
    ino_t inode;  /* if it is still this one: a newer process may have taken the path over */
    cx_web_request *first, **last;
    exchange *all;
};

static enum MHD_Result send_json(struct MHD_Connection *to, unsigned status, const char *json, size_t n,
                                 unsigned retry_after) {
    char seconds[16];
    struct MHD_Response *r =
        MHD_create_response_from_buffer(n, (void *)(uintptr_t)json, MHD_RESPMEM_MUST_COPY);
    if (r == NULL)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Content-Type", "application/json; charset=utf-8");
    (void)MHD_add_response_header(r, "Cache-Control", "no-store");
    (void)snprintf(seconds, sizeof seconds, "%u", retry_after);
    if (retry_after > 0)
        (void)MHD_add_response_header(r, "Retry-After", seconds);
    if (status == MHD_HTTP_UNAUTHORIZED)
        (void)MHD_add_response_header(r, "WWW-Authenticate", "Bearer");
    enum MHD_Result sent = MHD_queue_response(to, status, r);
    MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result send_word(struct MHD_Connection *to, unsigned status, const char *json) {
    return send_json(to, status, json, strlen(json), 0);
}

static void free_exchange(exchange *x, size_t room) {
    if (x->body != NULL)
        explicit_bzero(x->body, room);
    if (x->answer != NULL)
        explicit_bzero(x->answer, x->answer_n);
    free(x->body);
    free(x->answer);
    explicit_bzero(x, sizeof *x);
    free(x);
}

static void forget(cx_web *web, exchange *x) {
    *x->all_prev = x->all_next;
    if (x->all_next != NULL)
        x->all_next->all_prev = x->all_prev;
    free_exchange(x, web->spec.body_most);
}

static exchange *begin(cx_web *web, struct MHD_Connection *connection, const char *path) {
    static const char scheme[] = "Bearer ";
    exchange *x = calloc(1, sizeof *x);
    if (x == NULL || (x->body = malloc(web->spec.body_most)) == NULL) {
        free(x);
        return NULL;
    }
    x->connection = connection;
    x->all_next = web->all;
    x->all_prev = &web->all;
    if (web->all != NULL)
        web->all->all_prev = &x->all_next;
    web->all = x;
    (void)snprintf(x->path, sizeof x->path, "%s", path);
    x->request.path = cx_view_of(x->path);
    const char *shown = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    if (shown != NULL && strncmp(shown, scheme, sizeof scheme - 1) == 0) {
        (void)snprintf(x->bearer, sizeof x->bearer, "%s", shown + sizeof scheme - 1);
        x->request.bearer = cx_view_of(x->bearer);
    }
    return x;
}

/* What is too long is read on for a while, so that whoever sent it gets its answer. */
static enum MHD_Result take(const cx_web *web, exchange *x, const char *upload, size_t *n) {
    size_t room = x->got < web->spec.body_most ? web->spec.body_most - x->got : 0;
    if (room > 0)
        (void)memcpy(x->body + x->got, upload, *n < room ? *n : room);
    x->got += *n;
    *n = 0;
    return x->got < DROPPED_TIMES * web->spec.body_most ? MHD_YES : MHD_NO;
}

static void complete(cx_web *web, exchange *x) {
    x->request.too_large = x->got > web->spec.body_most;
    x->request.body = (cx_view){x->body, x->request.too_large ? 0 : x->got};
    x->request.next = NULL;
    *web->last = &x->request;
    web->last = &x->request.next;
    MHD_suspend_connection(x->connection);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state) {
    cx_web *web = context;
    exchange *x = *state;
    (void)version;
    if (x == NULL) {
        if (!web->spec.knows(path))
            return send_word(connection, MHD_HTTP_NOT_FOUND, "{\"error\":\"NOT_FOUND\"}\n");
        if (strcmp(method, "POST") != 0)
            return send_word(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "{\"error\":\"METHOD\"}\n");
        *state = begin(web, connection, path);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (x->answered)
        return send_json(connection, x->status, x->answer, x->answer_n, x->retry_after);
    if (*upload_n > 0)
        return take(web, x, upload, upload_n);
    complete(web, x);
    return MHD_YES;
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code) {
    (void)connection, (void)code;
    if (*state != NULL)
        forget(context, *state);
    *state = NULL;
}

/* 0: nothing is there. */
static ino_t inode_of(const char *path) {
    struct stat there;
    return path[0] != '\0' && lstat(path, &there) == 0 ? there.st_ino : 0;
}

cx_rc cx_web_open(const cx_web_spec *spec, cx_web **out, cx_err *err) {
    int fd = -1;
    *out = NULL;
    cx_web *web = calloc(1, sizeof *web);
    if (web == NULL || (web->socket = strdup(spec->socket)) == NULL) {
        free(web);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    web->spec = *spec;
    web->last = &web->first;
    cx_rc rc = web->socket[0] != '\0' ? cx_web_listen_socket(web->socket, &fd, err)
                                      : cx_web_listen_loopback(spec->address, spec->port, &fd, err);
    if (rc == CX_OK) {
        web->inode = inode_of(web->socket);
        web->daemon =
            MHD_start_daemon(MHD_ALLOW_SUSPEND_RESUME | MHD_USE_EPOLL, 0, NULL, NULL, on_request, web,
                             MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, spec->connections,
                             MHD_OPTION_CONNECTION_TIMEOUT, spec->seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                             (size_t)MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_end, web, MHD_OPTION_END);
        if (web->daemon == NULL)
            rc = cx_fail(err, CX_CONFIG, "the query service cannot serve its socket");
    }
    if (rc != CX_OK)
        cx_web_close(&web);
    *out = web;
    return rc;
}

void cx_web_close(cx_web **out) {
    cx_web *web = *out;
    if (web == NULL)
        return;
    for (exchange *x = web->all; web->daemon != NULL && x != NULL; x = x->all_next)
        if (!x->answered &&
            x->request.body.p != NULL) { /* waits suspended, and MHD does not stop over that */
            x->answered = true;
            x->status = MHD_HTTP_SERVICE_UNAVAILABLE;
            MHD_resume_connection(x->connection);
        }
    if (web->daemon != NULL)
        MHD_stop_daemon(web->daemon);
    if (web->inode != 0 && inode_of(web->socket) == web->inode)
        (void)remove(web->socket);
    free(web->socket);
    free(web);
    *out = NULL;
}

cx_rc cx_web_turn(cx_web *web, int timeout_ms, cx_err *err) {
    return MHD_run_wait(web->daemon, web->first != NULL ? 0 : timeout_ms) == MHD_YES
               ? CX_OK
               : cx_fail(err, CX_CONFIG, "the query service can serve its socket no longer");
}

cx_web_request *cx_web_next(cx_web *web) {
    cx_web_request *request = web->first;
    if (request != NULL) {
        web->first = request->next;
        web->last = web->first != NULL ? web->last : &web->first;
        request->next = NULL;
    }
    return request;
}

void cx_web_answer(cx_web *web, cx_web_request *request, unsigned status, cx_view json,
                   unsigned retry_after) {
    exchange *x = (exchange *)request;
    x->answer = malloc(json.n + 1);
    x->status = x->answer != NULL ? status : MHD_HTTP_SERVICE_UNAVAILABLE;
    x->answer_n = x->answer != NULL ? json.n : 0;
    if (x->answer != NULL)
        (void)memcpy(x->answer, json.p, json.n);
    x->retry_after = retry_after;
    x->answered = true;
    explicit_bzero(x->body, web->spec.body_most);
    explicit_bzero(x->bearer, sizeof x->bearer);
    MHD_resume_connection(x->connection);
}
