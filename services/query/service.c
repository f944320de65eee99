/* From settings to a service that answers, and down again. */
#include "services/query/service.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/process.h"

enum { CONNECTIONS = 256, SILENT_SECONDS = 15, IDLE_MS = 50, DEFAULT_PORT = 9590 };

void cx_query_free(void *memory) {
    if (memory == NULL)
        return;
    explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static bool knows(const char *path) {
    return cx_query_route_of(path) != NULL;
}

static cx_rc open_web(cx_query_service *q, cx_err *err) {
    int64_t port = cx_config_integer(q->config, "query.port"), slot = cx_config_integer(q->config, "slot");
    const char *set = cx_config_text(q->config, "query.socket");
    char socket[128] = "";
    if (set[0] != '\0' && slot > 0)
        (void)snprintf(socket, sizeof socket, "%s-%d", set, (int)slot);
    else
        (void)snprintf(socket, sizeof socket, "%s", set);
    const cx_web_spec spec = {.socket = socket,
                              .address = cx_config_text(q->config, "query.address"),
                              .port = (int)(port > 0 ? port : DEFAULT_PORT + slot),
                              .body_most = CX_QUERY_BODY,
                              .connections = CONNECTIONS,
                              .seconds = SILENT_SECONDS,
                              .knows = knows};
    CX_TRY(cx_web_open(&spec, &q->web, err));
    if (socket[0] != '\0')
        cx_log_info("queries on %s", socket);
    else
        cx_log_info("queries on http://%s:%d", spec.address, spec.port);
    return CX_OK;
}

static cx_rc open_bus(cx_query_service *q, cx_err *err) {
    CX_TRY(cx_admin_new(q->config, &q->admin, err));
    CX_TRY(cx_admin_partitions(q->admin, "credit.records", &q->partitions, err));
    int32_t n = 0;
    CX_TRY(cx_admin_partitions(q->admin, "credit.access", &n, err));
    CX_TRY(cx_writers_open(q->config, q->codec, &q->writers, err));
    CX_TRY(cx_query_follow(q, err));
    return cx_query_publish_schemas(q, err);
}

static cx_rc open_query(void *query, cx_err *err) {
    cx_query_service *q = query;
    const char *vault = cx_config_text(q->config, "vault.dir");
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_key_read(vault, "pseudonym.key", &q->pseudonym_key, err));
    CX_TRY(cx_key_read(vault, "reference.key", &q->reference_key, err));
    q->codec = cx_codec_new();
    q->arena = cx_arena_new(0);
    if (q->codec == NULL || q->arena == NULL || (q->packs = cx_packs_new(q->codec)) == NULL ||
        (q->book = cx_book_new(q->codec)) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_add(q->codec, &cx_token_type, err));
    CX_TRY(cx_codec_add(q->codec, &cx_policy_pack_type, err));
    CX_TRY(open_bus(q, err));
    return open_web(q, err);
}

static void close_query(void *query) {
    cx_query_service *q = query;
    cx_web_close(&q->web);
    cx_query_stores_close(q);
    cx_producer_destroy(&q->producer);
    cx_follow_close(&q->follow);
    cx_writers_close(&q->writers);
    cx_admin_destroy(&q->admin);
    cx_policies_destroy(&q->policies);
    cx_packs_destroy(&q->packs);
    cx_book_destroy(&q->book);
    cx_codec_destroy(&q->codec);
    cx_arena_destroy(&q->arena);
    cx_key_destroy(&q->pseudonym_key);
    cx_key_destroy(&q->reference_key);
}

/* What cannot be followed for now leaves what was known; an answer is logged or is none, whatever is away. */
static cx_rc turn(cx_query_service *q, cx_err *err) {
    atomic_fetch_add(&q->metrics.turns, 1);
    CX_TRY(cx_web_turn(q->web, IDLE_MS, err));
    CX_TRY(cx_query_batch(q, err));
    cx_rc rc = cx_query_follow_on(q, err);
    atomic_store(&q->metrics.ready, rc == CX_OK);
    if (rc != CX_OK && cx_rc_class(rc) == CX_CLASS_TRANSIENT) {
        cx_log_failure(CX_LOG_WARN, "again", err);
        atomic_fetch_add(&q->metrics.retries[rc], 1);
        rc = CX_OK;
    }
    if (q->producer != NULL)
        cx_producer_poll(q->producer);
    return rc;
}

static cx_rc serve(cx_query_service *q, cx_err *err) {
    cx_rc rc = cx_process_patiently(open_query, close_query, q, err);
    while (rc == CX_OK && !cx_process_stopping)
        rc = turn(q, err);
    atomic_store(&q->metrics.ready, false);
    return rc;
}

static bool is_ready(void *counts) {
    return atomic_load(&((cx_query_counts *)counts)->metrics->ready);
}

static bool is_healthy(void *counts) {
    return cx_metrics_is_alive(((cx_query_counts *)counts)->metrics);
}

static cx_rc serve_metrics(cx_query_service *q, cx_metrics_server **out, cx_err *err) {
    int64_t port = cx_metrics_port(q->config, CX_QUERY_NUMBER);
    const cx_metrics_pages pages = {&q->counts, cx_query_counts_text, is_ready, is_healthy};
    *out = NULL;
    return port < 0 ? CX_OK
                    : cx_metrics_serve_pages(&pages, cx_config_text(q->config, "metrics.address"), (int)port,
                                             out, err);
}

static cx_rc name_instance(cx_query_service *q, cx_err *err) {
    uint64_t number = 0;
    int slot = (int)cx_config_integer(q->config, "slot");
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        return cx_fail(err, CX_FILE, "no random numbers");
    (void)snprintf(q->instance, sizeof q->instance, "query-%d-%016llx", slot, (unsigned long long)number);
    (void)snprintf(q->producer_id, sizeof q->producer_id, "credit.query-%d", slot);
    (void)snprintf(q->metrics.stage, sizeof q->metrics.stage, "query");
    q->metrics.slot = slot;
    atomic_store(&q->metrics.tick, CX_NO_TIME);
    atomic_store(&q->metrics.received_to, CX_NO_TIME);
    q->counts.metrics = &q->metrics;
    cx_query_counts *c = &q->counts;
    c->series[c->n++] =
        (cx_query_series){.outcome = CX_TOKEN_INVALID}; /* a rate wants a zero to begin with */
    return CX_OK;
}

cx_rc cx_query_run(void *none, const cx_config *config, cx_err *err) {
    (void)none;
    static cx_query_service q; /* one a process */
    cx_metrics_server *server = NULL;
    q.config = config;
    json_set_alloc_funcs(malloc, cx_query_free);
    CX_TRY(name_instance(&q, err));
    CX_TRY(serve_metrics(&q, &server, err));
    cx_rc rc = serve(&q, err);
    cx_process_hurry(config);
    close_query(&q);
    cx_metrics_stop(&server);
    return rc;
}
