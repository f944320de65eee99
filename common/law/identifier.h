/* Identifiers of subjects: their normal form and what can be checked without asking anybody.
 *
 * GB 11643-1999 citizen numbers, GB 32100-2015 unified social credit codes, GB 11714-1997 organisation
 * codes, 15-digit registration and tax numbers, and other documents by type. Pure; thread-safe.
 */
#ifndef CX_LAW_IDENTIFIER_H
#define CX_LAW_IDENTIFIER_H

#include "common/base/error.h"
#include "common/base/time.h"
#include "common/base/view.h"
#include "schemas/types.h"

enum { CX_IDENTIFIER_ROOM = 32, CX_TEST_REGION = 99 };

/* An identifier that passed its checks. */
typedef struct cx_identifier {
    cx_id_type type;             /* the type under which the subject is keyed */
    char id[CX_IDENTIFIER_ROOM]; /* normal form: upper case, without blanks and hyphens; ends in NUL */
    size_t n;
    bool test;          /* lies in the never-assigned region 99xxxx */
    cx_date birth_date; /* persons: from the number, or as given; CX_NO_DATE when not known */
} cx_identifier;

/* Checks and normalises. WRONG_LENGTH, WRONG_CHECK_DIGIT, IMPOSSIBLE_DATE (birth), UNKNOWN_REGION,
 * UNKNOWN_ID_TYPE (the type does not fit the kind of subject). `born` is the birth date given for
 * documents that do not hold one, or CX_NO_DATE; `today` refuses births in the future.
 *
 * One subject, one key: an organisation's credit code holds its nine-character organisation code
 * (characters 9 to 17), and a legacy organisation code keys the same subject; so an organisation that
 * has either is keyed by the nine characters, under ORGANISATION_CODE. */
CX_MUST_CHECK cx_rc cx_identifier_check(cx_subject_type subject, cx_id_type type, cx_view id, cx_date born,
                                        cx_date today, cx_identifier *out);

/* The same for a number that somebody asks by: type is a symbol of IdType, or empty where its check digits
 * are to tell whether it is a citizen's number, a credit code or an organisation code. *subject: of what kind
 * it then is. USAGE: it may be of several kinds. */
CX_MUST_CHECK cx_rc cx_identifier_tell(cx_view id, cx_view type, cx_date today, cx_identifier *out,
                                       cx_subject_type *subject);

/* Whether somebody born on that day was at least 18 on `day` (民法典 art. 17: from the birthday on). */
bool cx_is_adult(cx_date born, cx_date day);

/* GB 11643: the check character of 17 digits, or 0 when they are not digits. */
char cx_citizen_check(const char digits[17]);
/* GB 32100: the check character of 17 characters, or 0 when one is not of its alphabet. */
char cx_credit_code_check(const char characters[17]);
/* GB 11714: the check character of 8 characters, or 0. */
char cx_organisation_check(const char characters[8]);

#endif
