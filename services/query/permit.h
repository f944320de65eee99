/* Whether a question may be answered: a pure function of the token, the pack in force and what is asked
 * (I-ACCESS). */
#ifndef SERVICES_QUERY_PERMIT_H
#define SERVICES_QUERY_PERMIT_H

#include "common/law/pack.h"

/* A subject, as far as it is known who it is. */
typedef struct cx_query_subject {
    bool is_person, is_organisation; /* by its identifier; neither: it was named by a reference or a token */
    cx_date birth_date;              /* CX_NO_DATE: not known */
    bool consents;                   /* named by a token of its own for this purpose */
} cx_query_subject;

typedef struct cx_query_case {
    cx_access_question question;
    bool past;             /* it is asked what was, not what is */
    const cx_token *token; /* that was shown and is valid; NULL: none */
    const cx_pack *pack;   /* in force in the token's jurisdiction; NULL: none */
    cx_view purpose;
    cx_view for_; /* of OWN_TOKEN: the purpose that the subject agrees to */
    const cx_query_subject *subject;
    cx_date today;
} cx_query_case;

/* TOKEN_INVALID, NO_PACK, PURPOSE_FORBIDDEN (not in the pack, or there as forbidden), NOT_AUTHORISED,
 * NO_CONSENT, UNDER_18. *purpose: the pack's row, where the answer is CX_OK. */
CX_MUST_CHECK cx_rc cx_query_permit(const cx_query_case *c, const cx_purpose **purpose);

#endif
