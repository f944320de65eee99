#include "common/run/registry.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/wire/buffer.h"

enum { TIMEOUT_MS = 3000, MOST_BYTES = 4 << 20, UNKNOWN = 64, BELIEVED_S = 10, URL_MAX = 2048 };

/* An id that the registry did not know, and when it said so. */
typedef struct unknown {
    uint32_t id;
    time_t since;
} unknown;

struct cx_registry {
    const char *base; /* the configuration's */
    CURL *curl;
    struct curl_slist *headers;
    cx_buffer answer;
    unknown unknown[UNKNOWN];
    size_t next_unknown;
    json_t *held; /* what the last schema points into */
};

static time_t steady(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + 1; /* 0: never */
}

/* --- asking ------------------------------------------------------------------------------------------- */
static size_t on_bytes(char *bytes, size_t size, size_t n, void *context) {
    cx_registry *r = context;
    if (r->answer.n + size * n > MOST_BYTES || cx_buffer_append(&r->answer, bytes, size * n) != CX_OK)
        return 0;
    return size * n;
}

static bool set_up(cx_registry *r) {
    CURL *c = r->curl;
    return curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HTTPHEADER, r->headers) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_bytes) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, r) == CURLE_OK;
}

/* GET, or POST of a body. Errors never quote the address: it may hold a password. */
static cx_rc ask(cx_registry *r, const char *path, const char *body, long *status, cx_err *err) {
    char url[URL_MAX];
    size_t n = strlen(r->base);
    while (n > 0 && r->base[n - 1] == '/')
        n--;
    int length = snprintf(url, sizeof url, "%.*s%s", (int)n, r->base, path);
    if (length < 0 || (size_t)length >= sizeof url)
        return cx_fail(err, CX_CONFIG, "schema.registry.url is too long");
    r->answer.n = 0;
    bool ready = curl_easy_setopt(r->curl, CURLOPT_URL, url) == CURLE_OK &&
                 (body == NULL ? curl_easy_setopt(r->curl, CURLOPT_HTTPGET, 1L)
                               : curl_easy_setopt(r->curl, CURLOPT_COPYPOSTFIELDS, body)) == CURLE_OK;
    if (!ready)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CURLcode code = curl_easy_perform(r->curl);
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
        return cx_fail(err, CX_CONFIG, "schema.registry.url is no http or https address");
    if (code != CURLE_OK)
        return cx_fail(err, CX_REGISTRY_AWAY, "%s", curl_easy_strerror(code));
    (void)curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, status);
    if (*status >= 500 || *status == 429 || *status == 408)
        return cx_fail(err, CX_REGISTRY_AWAY, "it answers with status %ld", *status);
    return CX_OK;
}

static json_t *answer_of(const cx_registry *r) {
    return json_loadb((const char *)r->answer.p, r->answer.n, 0, NULL);
}

/* --- schemas by id ------------------------------------------------------------------------------------ */
static bool is_unknown(const cx_registry *r, uint32_t id) {
    for (size_t i = 0; i < UNKNOWN; i++)
        if (r->unknown[i].since != 0 && r->unknown[i].id == id && steady() - r->unknown[i].since < BELIEVED_S)
            return true;
    return false;
}

static cx_rc unknown_id(cx_registry *r, uint32_t id, const char *why, cx_err *err) {
    r->unknown[r->next_unknown++ % UNKNOWN] = (unknown){id, steady()};
    return cx_fail(err, CX_UNKNOWN_SCHEMA, "schema id %u of the registry: %s", id, why);
}

/* Our schemas refer to no others, and nor may a department's. */
static const char *text_of(const json_t *answer) {
    const char *type = json_string_value(json_object_get(answer, "schemaType"));
    if ((type != NULL && strcmp(type, "AVRO") != 0) ||
        json_array_size(json_object_get(answer, "references")) > 0)
        return NULL;
    return json_string_value(json_object_get(answer, "schema"));
}

static cx_rc find_schema(void *context, uint32_t id, cx_view *json, cx_err *err) {
    cx_registry *r = context;
    char path[48];
    long status = 0;
    if (is_unknown(r, id))
        return cx_fail(err, CX_UNKNOWN_SCHEMA, "schema id %u of the registry", id);
    (void)snprintf(path, sizeof path, "/schemas/ids/%u", id);
    CX_TRY(ask(r, path, NULL, &status, err));
    if (status == 404)
        return unknown_id(r, id, "there is none", err);
    if (status != 200)
        return cx_fail(err, CX_REGISTRY_AWAY, "it answers with status %ld", status);
    json_decref(r->held);
    r->held = answer_of(r);
    const char *text = text_of(r->held);
    if (text == NULL)
        return unknown_id(r, id, "no self-contained Avro schema", err);
    *json = cx_view_of(text);
    return CX_OK;
}

static void refuse_schema(void *context, uint32_t id) {
    cx_registry *r = context;
    r->unknown[r->next_unknown++ % UNKNOWN] = (unknown){id, steady()};
}

void cx_registry_serve(cx_registry *registry, cx_codec *codec) {
    if (registry != NULL)
        cx_codec_ask(codec, (cx_codec_registry){registry, find_schema, refuse_schema});
}

/* --- ids of our own ----------------------------------------------------------------------------------- */
static cx_rc take_id(const cx_registry *r, const cx_type *type, long status, uint32_t *id, cx_err *err) {
    json_t *answer = answer_of(r);
    const json_t *number = json_object_get(answer, "id");
    json_int_t value = json_integer_value(number);
    bool good = status == 200 && json_is_integer(number) && value >= 0 && value <= INT32_MAX;
    json_decref(answer);
    if (!good)
        return cx_fail(err, CX_CONFIG, "the registry refuses the schema %s (status %ld)", type->name, status);
    *id = (uint32_t)value;
    return CX_OK;
}

cx_rc cx_registry_id(cx_registry *r, const cx_type *type, uint32_t *id, cx_err *err) {
    char path[256];
    long status = 0;
    json_t *request = json_pack("{s:s, s:s}", "schemaType", "AVRO", "schema", type->json);
    char *body = request == NULL ? NULL : json_dumps(request, JSON_COMPACT);
    json_decref(request);
    if (body == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)snprintf(path, sizeof path, "/subjects/%s/versions", type->name);
    cx_rc rc = ask(r, path, body, &status, err);
    free(body);
    return rc == CX_OK ? take_id(r, type, status, id, err) : rc;
}

/* --- life --------------------------------------------------------------------------------------------- */
cx_rc cx_registry_open(const cx_config *config, cx_registry **out, cx_err *err) {
    const char *base = cx_config_text(config, "schema.registry.url");
    *out = NULL;
    if (base[0] == '\0')
        return CX_OK;
    cx_registry *r = calloc(1, sizeof *r);
    if (r == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    r->base = base;
    r->curl = curl_easy_init();
    r->headers = curl_slist_append(NULL, "Content-Type: application/vnd.schemaregistry.v1+json");
    if (r->curl == NULL || r->headers == NULL || !set_up(r)) {
        cx_registry_close(&r);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    *out = r;
    return CX_OK;
}

void cx_registry_close(cx_registry **registry) {
    cx_registry *r = *registry;
    if (r == NULL)
        return;
    json_decref(r->held);
    curl_easy_cleanup(r->curl);
    curl_slist_free_all(r->headers);
    cx_buffer_free(&r->answer);
    free(r);
    *registry = NULL;
}
