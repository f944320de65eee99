#include "services/query/permit.h"

#include "common/law/identifier.h"

/* What a purpose must allow for a question; 0: no purpose allows it. */
static uint32_t asks_of(const cx_query_case *c) {
    switch (c->question) {
    case CX_ACCESS_QUESTION_STATUS:
    case CX_ACCESS_QUESTION_STATUS_AT:
        return c->past ? CX_ASKS_PAST : CX_ASKS_STATUS;
    case CX_ACCESS_QUESTION_MATCH:
        return CX_ASKS_MATCH;
    case CX_ACCESS_QUESTION_ENTITLED:
        return CX_ASKS_ENTITLED;
    case CX_ACCESS_QUESTION_OWN:
    case CX_ACCESS_QUESTION_OWN_TOKEN:
    case CX_ACCESS_QUESTION_OWN_REVOKE:
        return CX_ASKS_OWN;
    case CX_ACCESS_QUESTION_UNKNOWN:
    case CX_ACCESS_QUESTION_EXPLAIN:
        break;
    }
    return 0;
}

static bool covers(const cx_token *token, cx_view purpose) {
    for (size_t i = 0; i < token->purposes.n; i++)
        if (cx_view_eq(token->purposes.items[i], purpose))
            return true;
    return false;
}

static bool token_fits(const cx_query_case *c, const cx_purpose *purpose) {
    bool own = c->token->kind == CX_TOKEN_KIND_SUBJECT;
    if (!covers(c->token, purpose->code))
        return false;
    return own ? c->question == CX_ACCESS_QUESTION_OWN
               : cx_purpose_asker(purpose, cx_pack_department(c->pack, c->token->department));
}

/* What a subject may agree to: a purpose that wants its consent, its own report, or being told apart. */
static bool may_be_agreed_to(const cx_query_case *c) {
    const cx_purpose *for_ = cx_pack_purpose(c->pack, c->for_);
    return for_ != NULL && for_->permitted &&
           (for_->consent || (for_->asks & (CX_ASKS_OWN | CX_ASKS_MATCH)) != 0);
}

/* Where it is not known what a subject is, it is treated as a person. */
static cx_rc judge_subject(const cx_query_case *c, const cx_purpose *purpose) {
    const cx_query_subject *s = c->subject;
    if ((s->is_person && !purpose->person) || (s->is_organisation && !purpose->organisation))
        return CX_NOT_AUTHORISED;
    bool own = (purpose->asks & CX_ASKS_OWN) != 0;
    if (!own && s->birth_date != CX_NO_DATE && !cx_is_adult(s->birth_date, c->today))
        return CX_UNDER_18;
    bool by_itself = c->question == CX_ACCESS_QUESTION_ENTITLED;
    return (by_itself || (purpose->consent && !s->is_organisation)) && !s->consents ? CX_NO_CONSENT : CX_OK;
}

cx_rc cx_query_permit(const cx_query_case *c, const cx_purpose **out) {
    *out = NULL;
    if (c->token == NULL)
        return CX_TOKEN_INVALID;
    if (c->pack == NULL)
        return CX_NO_PACK;
    const cx_purpose *purpose = cx_pack_purpose(c->pack, c->purpose);
    if (purpose == NULL || !purpose->permitted)
        return CX_PURPOSE_FORBIDDEN;
    bool itself = c->question == CX_ACCESS_QUESTION_OWN_REVOKE && c->token->kind == CX_TOKEN_KIND_SUBJECT;
    if ((!itself && !token_fits(c, purpose)) || (purpose->asks & asks_of(c)) == 0)
        return CX_NOT_AUTHORISED;
    if (c->question == CX_ACCESS_QUESTION_OWN_TOKEN && !may_be_agreed_to(c))
        return CX_PURPOSE_FORBIDDEN;
    CX_TRY(judge_subject(c, purpose));
    *out = purpose;
    return CX_OK;
}
