/* All requests that wait: judged, logged in one transaction, answered. */
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/law/inquiry.h"
#include "common/run/announce.h"
#include "services/query/service.h"

/* --- the log ----------------------------------------------------------------------------------------------
 */

static cx_rc send(cx_query_service *q, const char *topic, cx_view key, cx_view value, cx_err *err) {
    cx_outgoing m = {.partition = -1, .key = key, .value = value, .timestamp = cx_query_now()};
    CX_TRY(cx_producer_topic(q->producer, topic, &m.topic, err));
    return cx_producer_send(q->producer, &m, err);
}

static cx_rc send_row(cx_query_service *q, const char *topic, const cx_type *type, const void *row,
                      cx_view key, cx_err *err) {
    cx_view bytes;
    CX_TRY(cx_codec_encode(q->codec, type, row, &bytes, err));
    return send(q, topic, key, bytes, err);
}

static cx_rc send_access(void *q, const cx_access *row, cx_view key, cx_err *err) {
    return send_row(q, "credit.access", &cx_access_type, row, key, err);
}

static cx_rc send_event(void *q, const cx_event *event, cx_err *err) {
    return send_row(q, "credit.records", &cx_event_type, event,
                    (cx_view){(const char *)event->subject, sizeof event->subject}, err);
}

static cx_view who(const cx_query_work *w) {
    return w->token == NULL                          ? CX_VIEW("")
           : w->token->kind == CX_TOKEN_KIND_SUBJECT ? CX_VIEW("SELF")
                                                     : w->token->department;
}

/* A recall reaches a department that was told a status; a subject, a merchant and a yes or no are told none.
 */
static bool tells_status(const cx_query_work *w) {
    return (w->question == CX_ACCESS_QUESTION_STATUS || w->question == CX_ACCESS_QUESTION_STATUS_AT) &&
           cx_pack_department(w->pack, w->token->department) != NULL;
}

static cx_rc log_one(cx_query_service *q, const cx_query_work *w, cx_err *err) {
    cx_inquiry inquiry = {.purpose = w->form.purpose,
                          .question = w->question,
                          .target = cx_view_of(w->form.for_),
                          .n = w->known,
                          .token = cx_view_of(w->shown.id),
                          .official = w->form.official,
                          .matter = w->form.matter};
    (void)memcpy(inquiry.subjects[0], w->subject, sizeof w->subject);
    cx_asked asked = {who(w), cx_view_of(q->instance), cx_query_now(), q->sequence++};
    const cx_inquiry_log_to to = {q, send_access, send_event, NULL};
    bool ok = w->verdict == CX_OK;
    CX_TRY(cx_inquiry_rows(&inquiry, w->verdict, ok && tells_status(w), &asked, &to, err));
    return ok && w->row_key.p != NULL ? send_row(q, "credit.tokens", &cx_token_type, &w->row, w->row_key, err)
                                      : CX_OK;
}

cx_rc cx_query_open_producer(cx_query_service *q, cx_err *err) {
    return q->producer != NULL ? CX_OK : cx_producer_new(q->config, q->producer_id, &q->producer, err);
}

/* A transaction of what `send_all` sends; the next producer's epoch settles what was left open. */
static cx_rc commit(cx_query_service *q,
                    cx_rc (*send_all)(cx_query_service *q, const void *what, size_t n, cx_err *err),
                    const void *what, size_t n, cx_err *err) {
    uint64_t began = cx_metrics_now();
    cx_rc rc = cx_query_open_producer(q, err);
    if (rc == CX_OK)
        rc = cx_producer_begin(q->producer, err);
    if (rc == CX_OK)
        rc = send_all(q, what, n, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(q->producer, NULL, 0, NULL, err);
    if (rc == CX_OK)
        cx_histogram_add(&q->metrics.commit_seconds, cx_metrics_now() - began);
    else
        cx_producer_destroy(&q->producer);
    return rc;
}

static cx_rc log_all(cx_query_service *q, const void *what, size_t n, cx_err *err) {
    const cx_query_work *works = what;
    for (size_t i = 0; i < n; i++)
        CX_TRY(log_one(q, &works[i], err));
    return CX_OK;
}

static cx_rc send_schemas(cx_query_service *q, const void *what, size_t n, cx_err *err) {
    const cx_type *const *types = what;
    for (size_t i = 0; i < n; i++)
        CX_TRY(cx_announce(q->producer, types[i], cx_query_now(), err));
    return CX_OK;
}

cx_rc cx_query_publish_schemas(cx_query_service *q, cx_err *err) {
    static const cx_type *const types[] = {&cx_access_type, &cx_event_type, &cx_token_type};
    return commit(q, send_schemas, types, sizeof types / sizeof types[0], err);
}

/* --- the answers ------------------------------------------------------------------------------------------
 */

static unsigned status_of(cx_rc rc) {
    static const struct {
        cx_rc rc;
        unsigned status;
    } rows[] = {{CX_OK, 200},         {CX_TOKEN_INVALID, 401},     {CX_PURPOSE_FORBIDDEN, 403},
                {CX_NO_CONSENT, 403}, {CX_NOT_AUTHORISED, 403},    {CX_UNDER_18, 403},
                {CX_NO_PACK, 403},    {CX_REFERENCE_UNKNOWN, 404}, {CX_QUERY_RATE, 429}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].rc == rc)
            return rows[i].status;
    cx_class class = cx_rc_class(rc);
    return class == CX_CLASS_TRANSIENT ? 503 : class == CX_CLASS_FATAL ? 500 : 400;
}

/* What is ours and not the asker's is said by its code alone. */
static char *text_of(const cx_query_work *w, cx_rc rc) {
    if (rc == CX_OK)
        return json_dumps(w->answer, JSON_COMPACT | JSON_SORT_KEYS);
    bool ours = cx_rc_class(rc) == CX_CLASS_TRANSIENT || cx_rc_class(rc) == CX_CLASS_FATAL;
    json_t *refusal =
        json_pack("{s:s,s:s,s:s}", "error", cx_rc_name(rc), "text",
                  ours || w->why.text[0] == '\0' ? cx_rc_text(rc) : w->why.text, "advice", cx_rc_advice(rc));
    char *text = json_dumps(refusal, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(refusal);
    return text;
}

static void reply(cx_query_service *q, cx_query_work *w, cx_rc logged) {
    enum { SECONDS_OF_RATE = 60, SECONDS_AWAY = 2 };
    cx_rc rc = logged == CX_OK ? w->verdict : logged;
    char *text = text_of(w, rc);
    unsigned status = text != NULL ? status_of(rc) : 500;
    cx_web_answer(q->web, w->request, status, cx_view_of(text != NULL ? text : "{}"),
                  status == 429   ? SECONDS_OF_RATE
                  : status == 503 ? SECONDS_AWAY
                                  : 0);
    cx_query_free(text);
    bool known = w->pack != NULL && cx_pack_purpose(w->pack, cx_view_of(w->form.purpose)) != NULL;
    cx_query_count(&q->counts, who(w), known ? cx_view_of(w->form.purpose) : CX_VIEW(""), rc);
    bool ours = cx_rc_class(w->verdict) == CX_CLASS_TRANSIENT || cx_rc_class(w->verdict) == CX_CLASS_FATAL;
    if (ours)
        cx_log_failure(CX_LOG_WARN, "a query is not answered", &w->why);
}

/* What was issued counts at once; the topic says the same a moment later. */
static cx_rc enter(cx_query_service *q, const cx_query_work *w, cx_err *err) {
    cx_view bytes;
    if (w->row_key.p == NULL)
        return CX_OK;
    CX_TRY(cx_codec_encode(q->codec, &cx_token_type, &w->row, &bytes, err));
    return cx_book_enter(q->book, w->row_key, bytes, q->arena, err);
}

static void finish(cx_query_service *q, cx_query_work *w) {
    json_decref(w->answer);
    cx_query_form_free(&w->form);
    explicit_bzero(w, sizeof *w);
    (void)q;
}

cx_rc cx_query_batch(cx_query_service *q, cx_err *err) {
    static cx_query_work works[CX_QUERY_BATCH]; /* one thread */
    size_t n = 0;
    for (cx_web_request *r; n < CX_QUERY_BATCH && (r = cx_web_next(q->web)) != NULL; n++) {
        works[n] = (cx_query_work){.request = r, .route = cx_query_route_of(r->path.p)};
        cx_query_prepare(q, &works[n]);
    }
    if (n == 0)
        return CX_OK;
    cx_rc logged = commit(q, log_all, works, n, err);
    if (logged != CX_OK)
        cx_log_failure(CX_LOG_WARN, "queries cannot be logged, so they are not answered", err);
    cx_rc rc = logged == CX_OK || cx_rc_class(logged) == CX_CLASS_TRANSIENT ? CX_OK : logged;
    for (size_t i = 0; rc == CX_OK && logged == CX_OK && i < n; i++)
        rc = enter(q, &works[i], err);
    for (size_t i = 0; i < n; i++) {
        reply(q, &works[i], logged);
        finish(q, &works[i]);
    }
    atomic_fetch_add(&q->metrics.batches, 1);
    atomic_fetch_add(&q->metrics.events, n);
    cx_histogram_count(&q->metrics.batch_events, n);
    cx_arena_reset(q->arena);
    return rc;
}
