#include "common/run/post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER = 65536, BEARER = 512 };

struct cx_post {
    CURL *curl;
    struct curl_slist *headers;
    char bearer[BEARER];
    char answer[ANSWER];
    size_t n;
};

static size_t keep(char *bytes, size_t size, size_t n, void *context) {
    cx_post *p = context;
    size_t room = sizeof p->answer - 1 - p->n, taken = size * n < room ? size * n : room;
    (void)memcpy(p->answer + p->n, bytes, taken);
    p->n += taken;
    return size * n;
}

static bool prepare(cx_post *p, const char *socket, const char *url, long timeout_s) {
    p->headers = curl_slist_append(NULL, p->bearer);
    p->headers = p->headers != NULL ? curl_slist_append(p->headers, "Content-Type: application/json") : NULL;
    p->curl = curl_easy_init();
    return p->curl != NULL && p->headers != NULL && curl_easy_setopt(p->curl, CURLOPT_URL, url) == CURLE_OK &&
           (socket[0] == '\0' || curl_easy_setopt(p->curl, CURLOPT_UNIX_SOCKET_PATH, socket) == CURLE_OK) &&
           curl_easy_setopt(p->curl, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(p->curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(p->curl, CURLOPT_HTTPHEADER, p->headers) == CURLE_OK &&
           curl_easy_setopt(p->curl, CURLOPT_WRITEFUNCTION, keep) == CURLE_OK &&
           curl_easy_setopt(p->curl, CURLOPT_WRITEDATA, p) == CURLE_OK &&
           curl_easy_setopt(p->curl, CURLOPT_TIMEOUT, timeout_s) == CURLE_OK;
}

cx_rc cx_post_new(const char *socket, const char *url, const char *bearer, int64_t timeout_s, cx_post **out,
                  cx_err *err) {
    cx_post *p = calloc(1, sizeof *p);
    *out = NULL;
    if (p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    int n = snprintf(p->bearer, sizeof p->bearer, "Authorization: Bearer %s", bearer);
    if (n < 0 || n >= BEARER || !prepare(p, socket, url, (long)timeout_s)) {
        cx_post_destroy(&p);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    *out = p;
    return CX_OK;
}

void cx_post_destroy(cx_post **post) {
    if (*post == NULL)
        return;
    curl_slist_free_all((*post)->headers);
    curl_easy_cleanup((*post)->curl);
    explicit_bzero(*post, sizeof **post);
    free(*post);
    *post = NULL;
}

cx_rc cx_post_send(cx_post *p, const char *body, long *status, cx_view *answer, cx_err *err) {
    p->n = 0;
    CURLcode code = curl_easy_setopt(p->curl, CURLOPT_COPYPOSTFIELDS, body);
    if (code == CURLE_OK)
        code = curl_easy_perform(p->curl);
    p->answer[p->n] = '\0';
    if (code != CURLE_OK)
        return cx_fail(err, CX_STORE_AWAY, "the service does not answer: %s", curl_easy_strerror(code));
    (void)curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, status);
    *answer = (cx_view){p->answer, p->n};
    return CX_OK;
}
