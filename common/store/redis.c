#include "common/store/redis.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

enum { CALL_WORDS = 1024, PASSWORD = 512, FIRST_WORD = 24 };

struct cx_redis {
    redisContext *context;
    redisReply *reply; /* the last one, to which views point */
};

/* --- errors -------------------------------------------------------------------------------------------- */

static cx_rc lost(const cx_redis *r, const char *what, cx_err *err) {
    return cx_fail(err, CX_STORE_AWAY, "Redis, %s: %s", what,
                   r->context != NULL && r->context->err == REDIS_ERR_EOF ? "connection closed"
                                                                          : "no answer");
}

/* Redis's first word is its code: the rest may quote what was sent. */
static cx_rc refused(const redisReply *reply, cx_err *err) {
    static const struct {
        const char *word;
        cx_rc rc;
    } known[] = {
        {"LOADING", CX_STORE_AWAY},    {"BUSY", CX_STORE_AWAY},     {"OOM", CX_STORE_AWAY},
        {"MISCONF", CX_STORE_AWAY},    {"READONLY", CX_STORE_AWAY}, {"NOAUTH", CX_CONFIG},
        {"WRONGPASS", CX_CONFIG},      {"NOPERM", CX_CONFIG},       {"OLDLOG", CX_FENCED},
        {"MASTERDOWN", CX_STORE_AWAY},
    };
    cx_view rest, word = cx_view_split((cx_view){reply->str, reply->len}, ' ', &rest);
    if (cx_view_is(word, "ERR") && cx_view_is(rest, "Function not found"))
        return cx_fail(err, CX_STORE_AWAY, "Redis has not loaded our functions");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (cx_view_is(word, known[i].word))
            return cx_fail(err, known[i].rc, "Redis refused: %s", known[i].word);
    return cx_fail(err, CX_STORE, "Redis refused: %.*s", word.n < FIRST_WORD ? (int)word.n : FIRST_WORD,
                   word.p);
}

/* --- connection ---------------------------------------------------------------------------------------- */

static cx_rc connect_to(cx_redis *r, const char *address, cx_err *err) {
    const struct timeval wait = {CX_REDIS_WAIT_MS / 1000, 0};
    const char *colon = strrchr(address, ':');
    char host[64];
    if (colon == NULL) {
        r->context = redisConnectUnixWithTimeout(address, wait);
    } else {
        int64_t port = 0;
        (void)snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
        if (!cx_view_to_int64(cx_view_of(colon + 1), &port) || port < 1 || port > 65535 ||
            (strncmp(host, "127.", 4) != 0 && strcmp(host, "localhost") != 0))
            return cx_fail(err, CX_CONFIG,
                           "redis.socket: a path or 127.0.0.1:PORT; there is no TLS, so no other host");
        r->context = redisConnectWithTimeout(host, (int)port, wait);
    }
    if (r->context == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (r->context->err != 0 || redisSetTimeout(r->context, wait) != REDIS_OK)
        return cx_fail(err, CX_STORE_AWAY, "Redis: no connection to %s", address);
    return CX_OK;
}

static cx_rc authenticate(cx_redis *r, const char *user, const char *password_file, cx_err *err) {
    char password[PASSWORD];
    if (password_file[0] == '\0')
        return CX_OK;
    FILE *f = fopen(password_file, "re");
    size_t n = f != NULL ? fread(password, 1, sizeof password, f) : 0;
    if (f != NULL)
        (void)fclose(f);
    if (n == 0 || n == sizeof password)
        return cx_fail(err, CX_CONFIG, "%s holds no password that can be read", password_file);
    cx_view words[] = {CX_VIEW("AUTH"), cx_view_of(user), cx_view_trim((cx_view){password, n})};
    cx_redis_reply reply;
    cx_rc rc = cx_redis_call(r, 3, words, &reply, err);
    explicit_bzero(password, sizeof password);
    return rc;
}

cx_rc cx_redis_open(const char *address, const char *user, const char *password_file, cx_redis **out,
                    cx_err *err) {
    *out = NULL;
    cx_redis *r = calloc(1, sizeof *r);
    if (r == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = connect_to(r, address, err);
    if (rc == CX_OK)
        rc = authenticate(r, user, password_file, err);
    if (rc != CX_OK)
        cx_redis_close(&r);
    *out = r;
    return rc;
}

void cx_redis_close(cx_redis **redis) {
    if (*redis == NULL)
        return;
    if ((*redis)->reply != NULL)
        freeReplyObject((*redis)->reply);
    if ((*redis)->context != NULL)
        redisFree((*redis)->context);
    free(*redis);
    *redis = NULL;
}

/* --- commands ------------------------------------------------------------------------------------------ */

cx_rc cx_redis_send(cx_redis *r, int n, const cx_view *words, cx_err *err) {
    const char *argv[CALL_WORDS];
    size_t lengths[CALL_WORDS];
    CX_ASSERT(n > 0 && n <= CALL_WORDS);
    for (int i = 0; i < n; i++) {
        argv[i] = words[i].p != NULL ? words[i].p : "";
        lengths[i] = words[i].n;
    }
    return redisAppendCommandArgv(r->context, n, argv, lengths) == REDIS_OK ? CX_OK : lost(r, "sending", err);
}

static cx_view text_of(const redisReply *r) {
    bool text = r->type == REDIS_REPLY_STRING || r->type == REDIS_REPLY_STATUS;
    return text ? (cx_view){r->str, r->len} : (cx_view){NULL, 0};
}

cx_rc cx_redis_receive(cx_redis *r, cx_redis_reply *out, cx_err *err) {
    void *got = NULL;
    if (r->reply != NULL)
        freeReplyObject(r->reply);
    r->reply = NULL;
    *out = (cx_redis_reply){0};
    if (redisGetReply(r->context, &got) != REDIS_OK || got == NULL)
        return lost(r, "waiting", err);
    r->reply = got;
    if (r->reply->type == REDIS_REPLY_ERROR)
        return refused(r->reply, err);
    out->null = r->reply->type == REDIS_REPLY_NIL;
    out->integer = r->reply->type == REDIS_REPLY_INTEGER ? r->reply->integer : 0;
    out->text = text_of(r->reply);
    if (r->reply->type == REDIS_REPLY_ARRAY)
        for (; out->n < r->reply->elements && out->n < CX_REDIS_ELEMENTS; out->n++)
            out->elements[out->n] = text_of(r->reply->element[out->n]);
    return CX_OK;
}

cx_rc cx_redis_call(cx_redis *r, int n, const cx_view *words, cx_redis_reply *reply, cx_err *err) {
    CX_TRY(cx_redis_send(r, n, words, err));
    return cx_redis_receive(r, reply, err);
}

cx_rc cx_redis_scan(cx_redis *r, cx_view pattern, cx_rc (*visit)(void *context, cx_view key, cx_err *err),
                    void *context, cx_err *err) {
    char cursor[FIRST_WORD] = "0";
    do {
        cx_view words[] = {CX_VIEW("SCAN"), cx_view_of(cursor), CX_VIEW("MATCH"),
                           pattern,         CX_VIEW("COUNT"),   CX_VIEW("1000")};
        cx_redis_reply reply;
        CX_TRY(cx_redis_call(r, 6, words, &reply, err));
        if (reply.n != 2 || reply.elements[0].n >= sizeof cursor ||
            r->reply->element[1]->type != REDIS_REPLY_ARRAY)
            return cx_fail(err, CX_STORE, "Redis answered SCAN with what is no place");
        (void)snprintf(cursor, sizeof cursor, "%.*s", CX_VIEW_ARGS(reply.elements[0]));
        const redisReply *keys = r->reply->element[1];
        for (size_t i = 0; i < keys->elements; i++)
            CX_TRY(visit(context, text_of(keys->element[i]), err));
    } while (cursor[0] != '0' || cursor[1] != '\0');
    return CX_OK;
}
