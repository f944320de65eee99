/* One request: who asks, for what, about whom; whether it may be answered; and the answer, which leaves
 * later. */
#include <string.h>

#include "services/query/mask.h"
#include "services/query/service.h"

/* --- judging ----------------------------------------------------------------------------------------------
 */

/* Whether the failure is that of a subject that is named wrongly, which an identity check answers with no
 * match. */
static bool is_misnaming(cx_rc rc) {
    static const cx_rc reasons[] = {CX_WRONG_LENGTH,   CX_WRONG_CHECK_DIGIT, CX_IMPOSSIBLE_DATE,
                                    CX_UNKNOWN_REGION, CX_UNKNOWN_ID_TYPE,   CX_REFERENCE_UNKNOWN,
                                    CX_NO_CONSENT};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i] == rc)
            return true;
    return false;
}

static cx_rc resolve(cx_query_service *q, cx_query_work *w, const cx_query_named *named, uint8_t subject[16],
                     bool *known, cx_err *err) {
    cx_rc rc = cx_query_resolve(q, w, named, subject, known, err);
    return w->question == CX_ACCESS_QUESTION_MATCH && is_misnaming(rc) ? CX_OK : rc;
}

static cx_rc resolve_both(cx_query_service *q, cx_query_work *w, cx_err *err) {
    if (w->token->kind == CX_TOKEN_KIND_SUBJECT && w->token->subject != NULL) {
        (void)memcpy(w->subject, w->token->subject, sizeof w->subject);
        w->known = true;
        return CX_OK;
    }
    CX_TRY(resolve(q, w, &w->form.subject, w->subject, &w->known, err));
    return resolve(q, w, &w->form.against, w->other, &w->other_known, err);
}

static cx_rc show_token(cx_query_service *q, cx_query_work *w, cx_err *err) {
    cx_time now = cx_query_now();
    (void)cx_token_read(w->request->bearer, &w->shown);
    CX_TRY(cx_book_find(q->book, &w->shown, now, q->arena, &w->token, err));
    if (w->token == NULL)
        return cx_fail(err, CX_TOKEN_INVALID, NULL);
    return cx_book_count(q->book, w->token->id, now, cx_config_integer(q->config, "query.rate.minute"),
                         cx_config_integer(q->config, "query.rate.day"), err);
}

static cx_rc judge(cx_query_service *q, cx_query_work *w, cx_err *err) {
    CX_TRY(show_token(q, w, err));
    if (w->request->too_large)
        return cx_fail(err, CX_QUERY_FORM, "the body is longer than %d bytes", CX_QUERY_BODY);
    bool own = w->token->kind == CX_TOKEN_KIND_SUBJECT;
    CX_TRY(cx_query_form_read(w->route, own, w->request->body, &w->form, err));
    bool past = w->form.at != CX_NO_TIME || w->form.known_at != CX_NO_TIME;
    w->question = past ? CX_ACCESS_QUESTION_STATUS_AT : w->question;
    w->pack = q->policies != NULL ? cx_policies_now(q->policies, w->token->jurisdiction) : NULL;
    cx_err unresolved = {0};
    cx_rc rc = resolve_both(q, w, &unresolved);
    const cx_query_case c = {.question = w->question,
                             .past = past,
                             .token = w->token,
                             .pack = w->pack,
                             .purpose = cx_view_of(w->form.purpose),
                             .for_ = cx_view_of(w->form.for_),
                             .subject = &w->about,
                             .today = cx_date_of_time(cx_query_now())};
    cx_rc verdict = cx_query_permit(&c, &w->purpose);
    if (verdict != CX_OK && (verdict != CX_NO_CONSENT || rc == CX_OK))
        return cx_fail(err, verdict, NULL);
    *err = unresolved;
    return rc;
}

/* --- answering --------------------------------------------------------------------------------------------
 */

static cx_rc put_time(json_t *to, const char *name, cx_time t, cx_err *err) {
    char text[CX_TIME_TEXT];
    return json_object_set_new(to, name, json_string(cx_time_format(t, text))) == 0
               ? CX_OK
               : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* As of when, and until when it may be used: counted from what it is as of, so that a stale answer ends
 * sooner. */
static cx_rc put_freshness(const cx_query_work *w, const json_t *status, json_t *to, cx_err *err) {
    const json_t *tick = json_object_get(status, "tick"), *received = json_object_get(status, "received_to");
    if (!json_is_integer(tick) || !json_is_integer(received))
        return cx_fail(err, CX_ROW_NOT_YET, "it is not known yet how fresh the answer would be");
    cx_time at = json_integer_value(tick);
    CX_TRY(put_time(to, "tick", at, err));
    CX_TRY(put_time(to, "as_of", json_integer_value(received), err));
    return put_time(to, "expires", at + w->purpose->valid.days * CX_DAY, err);
}

static cx_rc answer_status(cx_query_service *q, cx_query_work *w, cx_err *err) {
    json_t *status = NULL;
    CX_TRY(w->question == CX_ACCESS_QUESTION_STATUS_AT
               ? cx_query_status_at(q, w->subject, w->form.at, w->form.known_at, &status, err)
               : cx_query_status(q, w->subject, &status, err));
    w->answer = cx_query_mask(status, w->purpose, w->pack);
    cx_rc rc =
        w->answer != NULL ? put_freshness(w, status, w->answer, err) : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    json_decref(status);
    return rc;
}

static cx_rc answer_match(cx_query_service *q, cx_query_work *w, cx_err *err) {
    bool same = false;
    if (w->known && w->other_known)
        CX_TRY(cx_query_same(q, w->subject, w->other, &same, err));
    w->answer = json_pack("{s:b}", "match", (int)same);
    return w->answer == NULL
               ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
               : put_time(w->answer, "expires", cx_query_now() + w->purpose->valid.days * CX_DAY, err);
}

static cx_rc answer_entitled(cx_query_service *q, cx_query_work *w, cx_err *err) {
    json_t *status = NULL;
    CX_TRY(cx_query_status(q, w->subject, &status, err));
    w->answer = json_pack("{s:b}", "entitled", (int)cx_query_entitled(status, w->purpose, w->pack));
    cx_rc rc =
        w->answer != NULL ? put_freshness(w, status, w->answer, err) : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    json_decref(status);
    return rc;
}

static const char *period(cx_period p, char out[16]) {
    (void)snprintf(out, 16, "%d%c", (int)p.days, p.working ? 'w' : 'd');
    return out;
}

/* Where to object, and by when it is answered: n calendar (d) or working (w) days. */
static json_t *rights_of(const cx_pack *pack) {
    const cx_deadlines *d = cx_pack_deadlines(pack);
    char mark[16], provider[16], repair[16], complaint[16];
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "object_to", "the department that an entry or record names",
                     "objection_marked_in", period(d->objection_mark, mark), "objection_answered_in",
                     period(d->objection_provider, provider), "corrected_in",
                     period(d->objection_repair, repair), "complaint_answered_in",
                     period(d->complaint_answer, complaint));
}

static cx_rc answer_own(cx_query_service *q, cx_query_work *w, cx_err *err) {
    json_t *history = NULL;
    CX_TRY(answer_status(q, w, err));
    if (!cx_query_name(w->answer, w->pack))
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_query_own_report(q, w->subject, &history, err));
    bool whole = json_object_update(w->answer, history) == 0 &&
                 json_object_set_new(w->answer, "rights", rights_of(w->pack)) == 0;
    json_decref(history);
    return whole ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* The row that the topic will hold under the subject's pseudonym and the purpose: it replaces the one before.
 */
static cx_rc make_row(cx_query_service *q, cx_query_work *w, cx_view purpose, const cx_token_shown *made,
                      cx_time expires, cx_err *err) {
    char key[CX_BOOK_KEY];
    cx_view *purposes = cx_arena_alloc(q->arena, sizeof *purposes);
    w->row_key = cx_arena_copy(q->arena, cx_book_own_key(w->subject, purpose, key));
    if (purposes == NULL || w->row_key.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *purposes = cx_arena_copy(q->arena, purpose);
    w->row = (cx_token){.id = cx_arena_copy(q->arena, cx_view_of(made->id)),
                        .kind = CX_TOKEN_KIND_SUBJECT,
                        .department = w->token->department,
                        .jurisdiction = w->token->jurisdiction,
                        .purposes = {purposes, 1},
                        .subject = w->subject,
                        .issued_at = cx_query_now(),
                        .expires_at = expires,
                        .revoked = expires == 0};
    (void)memcpy(w->row.hash, made->hash, sizeof w->row.hash);
    return purposes->p != NULL && w->row.id.p != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc answer_own_token(cx_query_service *q, cx_query_work *w, cx_err *err) {
    char text[CX_TOKEN_TEXT];
    cx_token_shown made;
    cx_time expires = cx_query_now() + w->form.minutes * CX_MINUTE;
    cx_token_make(text, &made);
    w->answer = json_pack("{s:s,s:s}", "token", text, "for", w->form.for_);
    explicit_bzero(text, sizeof text);
    if (w->answer == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(put_time(w->answer, "expires", expires, err));
    return make_row(q, w, cx_view_of(w->form.for_), &made, expires, err);
}

/* By a window: of the subject, for a purpose. By the token itself: that one. */
static cx_rc answer_own_revoke(cx_query_service *q, cx_query_work *w, cx_err *err) {
    static const cx_token_shown none = {"0000000000000000", {0}};
    bool itself = w->token->kind == CX_TOKEN_KIND_SUBJECT;
    if (itself && w->token->purposes.n != 1)
        return cx_fail(err, CX_TOKEN_INVALID, NULL);
    w->answer = json_pack("{s:b}", "revoked", 1);
    if (w->answer == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return make_row(q, w, itself ? w->token->purposes.items[0] : cx_view_of(w->form.for_), &none, 0, err);
}

static cx_rc answer(cx_query_service *q, cx_query_work *w, cx_err *err) {
    switch (w->question) {
    case CX_ACCESS_QUESTION_STATUS:
    case CX_ACCESS_QUESTION_STATUS_AT:
        return answer_status(q, w, err);
    case CX_ACCESS_QUESTION_MATCH:
        return answer_match(q, w, err);
    case CX_ACCESS_QUESTION_ENTITLED:
        return answer_entitled(q, w, err);
    case CX_ACCESS_QUESTION_OWN:
        return answer_own(q, w, err);
    case CX_ACCESS_QUESTION_OWN_TOKEN:
        return answer_own_token(q, w, err);
    case CX_ACCESS_QUESTION_OWN_REVOKE:
        return answer_own_revoke(q, w, err);
    case CX_ACCESS_QUESTION_UNKNOWN:
    case CX_ACCESS_QUESTION_EXPLAIN:
        break;
    }
    return cx_fail(err, CX_NOT_AUTHORISED, NULL);
}

void cx_query_prepare(cx_query_service *q, cx_query_work *w) {
    w->question = w->route->question;
    w->about.birth_date = CX_NO_DATE;
    w->form.purpose = w->route->purpose;
    w->form.for_ = "";
    w->verdict = judge(q, w, &w->why);
    if (w->verdict == CX_OK)
        w->verdict = answer(q, w, &w->why);
    if (w->verdict == CX_OK)
        return;
    json_decref(w->answer);
    w->answer = NULL;
    w->row_key = (cx_view){NULL, 0};
}
