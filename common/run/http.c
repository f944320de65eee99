/* Serves a service's metrics and readiness, by libmicrohttpd. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/run/metrics.h"

enum { BASE_PORT = 9464, SLOT_STEP = 20 };

struct cx_metrics_server {
    struct MHD_Daemon *daemon;
    cx_metrics_pages pages;
};

static enum MHD_Result answer_text(struct MHD_Connection *to, unsigned status, char *text, size_t n,
                                   enum MHD_ResponseMemoryMode mode) {
    struct MHD_Response *response = MHD_create_response_from_buffer(n, text, mode);
    if (response == NULL)
        return MHD_NO;
    (void)MHD_add_response_header(response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result sent = MHD_queue_response(to, status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result answer_word(struct MHD_Connection *to, unsigned status, const char *word) {
    return answer_text(to, status, (char *)(uintptr_t)word, strlen(word), MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *to, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state) {
    const cx_metrics_server *server = context;
    (void)version, (void)upload, (void)state;
    if (*upload_n > 0 || (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0))
        return answer_word(to, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
    if (strcmp(url, "/healthz") == 0)
        return server->pages.healthy(server->pages.context)
                   ? answer_word(to, MHD_HTTP_OK, "ok\n")
                   : answer_word(to, MHD_HTTP_SERVICE_UNAVAILABLE, "stuck\n");
    if (strcmp(url, "/readyz") == 0)
        return server->pages.ready(server->pages.context)
                   ? answer_word(to, MHD_HTTP_OK, "ready\n")
                   : answer_word(to, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready\n");
    if (strcmp(url, "/metrics") != 0)
        return answer_word(to, MHD_HTTP_NOT_FOUND, "/metrics, /healthz, /readyz\n");
    size_t n = 0;
    char *text = server->pages.text(server->pages.context, &n);
    return text == NULL ? MHD_NO : answer_text(to, MHD_HTTP_OK, text, n, MHD_RESPMEM_MUST_FREE);
}

cx_rc cx_metrics_serve_pages(const cx_metrics_pages *pages, const char *address, int port,
                             cx_metrics_server **out, cx_err *err) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    *out = NULL;
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
        return cx_fail(err, CX_CONFIG, "metrics.address must be an IPv4 address");
    cx_metrics_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    server->pages = *pages;
    server->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL,
                                      on_request, server, MHD_OPTION_SOCK_ADDR, &at,
                                      MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_CONNECTION_LIMIT, 32u,
                                      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (server->daemon == NULL) {
        free(server);
        return cx_fail(err, CX_CONFIG, "metrics.port %d on %s is taken", port, address);
    }
    cx_log_info("metrics on http://%s:%d/metrics", address, port);
    *out = server;
    return CX_OK;
}

static char *text_of(void *metrics, size_t *n) {
    return cx_metrics_text(metrics, n);
}

static bool is_ready(void *metrics) {
    return atomic_load(&((cx_metrics *)metrics)->ready);
}

static bool is_healthy(void *metrics) {
    return cx_metrics_is_alive(metrics);
}

int cx_metrics_port(const cx_config *config, int number) {
    int port = (int)cx_config_integer(config, "metrics.port");
    return port != 0 ? port : BASE_PORT + number + SLOT_STEP * (int)cx_config_integer(config, "slot");
}

cx_rc cx_metrics_serve(cx_metrics *metrics, const cx_config *config, int number, cx_metrics_server **out,
                       cx_err *err) {
    *out = NULL;
    int port = cx_metrics_port(config, number);
    if (port < 0)
        return CX_OK;
    const cx_metrics_pages pages = {metrics, text_of, is_ready, is_healthy};
    return cx_metrics_serve_pages(&pages, cx_config_text(config, "metrics.address"), port, out, err);
}

void cx_metrics_stop(cx_metrics_server **server) {
    if (*server == NULL)
        return;
    MHD_stop_daemon((*server)->daemon);
    free(*server);
    *server = NULL;
}
