/* A leak as an exercise, on the running system: a token is lost, used about nobody, found, ended. Whom it is
 * about is a number of the region 99, which was never assigned: no real person is looked at
 * (docs/runbook.md).
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/law/identifier.h"
#include "common/run/post.h"
#include "common/vault/keys.h"
#include "ops/cli/print.h"
#include "ops/cli/token.h"

enum { PAUSE_US = 50000, QUERY_PORT = 9590, CANARY = 19 };

struct drill {
    const cx_config *config;
    const cx_token_request *request;
    const cx_actor *actor;
    cx_post *post;
    char token[CX_TOKEN_TEXT], id[CX_TOKEN_ID], canary[CANARY], matter[16];
    size_t refused;             /* of what the history told last: before it was known, it was refused, too */
    int64_t found_ms, ended_ms; /* from the answer until the history tells; from the revocation until 401 */
};

static int64_t now_ms(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the thief ---------------------------------------------------------------------------------------- */
/* A credit code of nobody: region 990100, an organisation number out of the token's id, which is random, and
 * both check characters right. */
static void make_canary(const char *id, char out[CANARY]) {
    (void)snprintf(out, CANARY, "91990100%08llu", strtoull(id, NULL, 16) % 100000000);
    out[16] = cx_organisation_check(out + 8);
    out[17] = cx_credit_code_check(out);
    out[18] = '\0';
}

static cx_rc open_post(struct drill *d, cx_err *err) {
    char url[256];
    const char *path = cx_config_text(d->config, "query.socket");
    int64_t port = cx_config_integer(d->config, "query.port");
    if (path[0] != '\0')
        (void)snprintf(url, sizeof url, "http://localhost/v1/status");
    else
        (void)snprintf(url, sizeof url, "http://%s:%lld/v1/status",
                       cx_config_text(d->config, "query.address"),
                       (long long)(port != 0 ? port : QUERY_PORT));
    return cx_post_new(path, url, d->token, d->request->patience_s, &d->post, err);
}

/* Asks with the token about the canary; *status as HTTP has it. */
static cx_rc ask(struct drill *d, long *status, cx_view *answer, cx_err *err) {
    char body[512];
    (void)snprintf(
        body, sizeof body,
        "{\"purpose\": \"%s\", \"official\": \"DRILL\", \"matter\": \"%s\", \"subject\": {\"id\": \"%s\"}}",
        d->request->purposes, d->matter, d->canary);
    return cx_post_send(d->post, body, status, answer, err);
}

/* Until it answers with that status: a token is known, and its end is, once the service has read of it. */
static cx_rc ask_until(struct drill *d, long wanted, const char *what, cx_err *err) {
    int64_t end = now_ms() + d->request->patience_s * 1000;
    for (long status = 0; status != wanted;) {
        cx_view answer;
        CX_TRY(ask(d, &status, &answer, err));
        if (status != wanted && (now_ms() > end || (status != 401 && status != 200)))
            return cx_fail(err, CX_DRILL_FAILED, "%s: the query service answers with %ld, %.200s", what,
                           status, answer.p);
        if (status != wanted)
            (void)usleep(PAUSE_US);
    }
    return CX_OK;
}

/* --- who looks for it --------------------------------------------------------------------------------- */
static size_t matching(const json_t *traced, const char *matter, bool allowed) {
    size_t i, n = 0;
    const json_t *row;
    json_array_foreach(json_object_get(traced, "asked"), i, row) {
        const char *said = json_string_value(json_object_get(row, "matter"));
        bool was = json_is_true(json_object_get(row, "allowed"));
        n += was == allowed && (!allowed || (said != NULL && strcmp(said, matter) == 0));
    }
    return n;
}

/* Until the history tells of the use (allowed), or of the refusal. */
static cx_rc trace_until(struct drill *d, bool allowed, cx_err *err) {
    int64_t end = now_ms() + d->request->patience_s * 1000;
    for (;;) {
        json_t *traced = NULL;
        CX_TRY(cx_token_traced(d->config, d->id, &traced, err));
        size_t refused = matching(traced, d->matter, false);
        bool told = allowed ? matching(traced, d->matter, true) > 0 : refused > d->refused;
        bool one = json_array_size(json_object_get(traced, "affected")) == 1;
        json_decref(traced);
        if (told && one) {
            d->refused = refused;
            return CX_OK;
        }
        if (now_ms() > end)
            return cx_fail(err, CX_DRILL_FAILED, "the history does not tell of %s with the token %s",
                           allowed ? "what was asked" : "what was refused", d->id);
        (void)usleep(PAUSE_US);
    }
}

static cx_rc play(struct drill *d, cx_err *err) {
    bool before = false;
    CX_TRY(open_post(d, err));
    CX_TRY(ask_until(d, 200, "the stolen token", err));
    int64_t since = now_ms();
    CX_TRY(cx_token_tell_traced(d->config, d->id, d->actor, err));
    CX_TRY(trace_until(d, true, err));
    d->found_ms = now_ms() - since;
    since = now_ms();
    CX_TRY(cx_token_revoke(d->config, d->id, d->actor, &before, err));
    CX_TRY(ask_until(d, 401, "the revoked token", err));
    d->ended_ms = now_ms() - since;
    return trace_until(d, false, err);
}

static cx_rc print_outcome(const struct drill *d, bool json, cx_err *err) {
    if (json)
        return cx_print_json(json_pack("{s:s,s:s,s:b,s:I,s:I}", "token", d->id, "matter", d->matter, "passed",
                                       1, "found_after_ms", (json_int_t)d->found_ms, "ended_after_ms",
                                       (json_int_t)d->ended_ms),
                             err);
    (void)printf(
        "a token was issued, and asked with about nobody (official DRILL, matter %s): answered\n"
        "the history told of it %.1f s later: chengxin token trace %s\n"
        "revoked, it opened nothing any more %.1f s later, and the refusal is in the access log, too\n"
        "the drill is passed; chengxin verify postgres tells whether the log of it stands as it was signed\n",
        d->matter, (double)d->found_ms / 1000, d->id, (double)d->ended_ms / 1000);
    return CX_OK;
}

cx_rc cx_token_drill(const cx_config *config, const cx_token_request *request, const cx_actor *actor,
                     bool json, cx_err *err) {
    struct drill d = {.config = config, .request = request, .actor = actor};
    cx_time expires;
    CX_TRY(cx_token_issue(config, request, actor, d.token, d.id, &expires, err));
    make_canary(d.id, d.canary);
    (void)snprintf(d.matter, sizeof d.matter, "drill-%.8s", d.id);
    cx_rc rc = play(&d, err);
    if (rc != CX_OK) { /* whatever failed: it must not stay valid */
        bool before;
        cx_err also;
        if (cx_token_revoke(config, d.id, actor, &before, &also) != CX_OK)
            (void)fprintf(stderr, "chengxin token: revoke %s by hand\n", d.id);
    }
    cx_post_destroy(&d.post);
    explicit_bzero(d.token, sizeof d.token);
    return rc == CX_OK ? print_outcome(&d, json, err) : rc;
}
