/* Whom a request is about: by an identifier, by the department's own reference, or by the subject's own
 * token. What is secret is wiped when it has been keyed. */
#include <string.h>

#include "common/law/identifier.h"
#include "common/vault/pseudonym.h"
#include "services/query/service.h"

static cx_rc by_id(const cx_query_service *q, cx_query_work *w, const cx_query_named *named,
                   uint8_t subject[16], cx_err *err) {
    cx_identifier id;
    cx_subject_type kind = CX_SUBJECT_TYPE_PERSON;
    cx_rc rc = cx_identifier_tell(named->value, named->type, cx_date_of_time(cx_query_now()), &id, &kind);
    if (rc == CX_USAGE)
        return cx_fail(err, CX_QUERY_FORM, "the identifier may be of several kinds: say which with type");
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    cx_pseudonym(q->pseudonym_key, cx_view_of(cx_id_type_name(id.type)), (cx_view){id.id, id.n}, subject);
    w->about.is_person |= kind == CX_SUBJECT_TYPE_PERSON;
    w->about.is_organisation |= kind != CX_SUBJECT_TYPE_PERSON;
    w->about.birth_date = id.birth_date;
    explicit_bzero(&id, sizeof id);
    return CX_OK;
}

static cx_rc by_reference(const cx_query_service *q, const cx_query_work *w, const cx_query_named *named,
                          uint8_t subject[16], cx_err *err) {
    return cx_reference_open(q->reference_key, w->token->department, named->value, subject)
               ? CX_OK
               : cx_fail(err, CX_REFERENCE_UNKNOWN, NULL);
}

/* A subject agrees to one purpose at a time; a token that is over agrees to none. Nor does one that the
 * asking department's own window made: it would be the department that agrees. */
static cx_rc by_token(const cx_query_service *q, cx_query_work *w, const cx_query_named *named,
                      uint8_t subject[16], cx_err *err) {
    cx_token_shown shown;
    const cx_token *token = NULL;
    (void)cx_token_read(named->value, &shown);
    CX_TRY(cx_book_find(q->book, &shown, cx_query_now(), q->arena, &token, err));
    bool fits = token != NULL && token->kind == CX_TOKEN_KIND_SUBJECT && token->subject != NULL &&
                token->purposes.n == 1 && cx_view_is(token->purposes.items[0], w->form.purpose);
    if (!fits)
        return cx_fail(err, CX_NO_CONSENT, "no valid token of the subject for this purpose");
    (void)memcpy(subject, token->subject, 16);
    w->about.consents = !cx_view_eq(token->department, w->token->department);
    return CX_OK;
}

cx_rc cx_query_resolve(cx_query_service *q, cx_query_work *w, const cx_query_named *named,
                       uint8_t subject[16], bool *known, cx_err *err) {
    cx_rc rc = CX_OK;
    switch (named->by) {
    case CX_NAMED_NOT:
        return CX_OK;
    case CX_NAMED_BY_ID:
        rc = by_id(q, w, named, subject, err);
        break;
    case CX_NAMED_BY_REFERENCE:
        rc = by_reference(q, w, named, subject, err);
        break;
    case CX_NAMED_BY_TOKEN:
        rc = by_token(q, w, named, subject, err);
        break;
    }
    *known = rc == CX_OK;
    return rc;
}
