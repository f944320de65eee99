/* A line of a history as the message that a department sends, with identifiers, names and free text in clear;
 * and what intake's step before decide finds of it. So a history begins where the departments do.
 *
 * Names: o0 to o999 organisations, p0 to p999 persons born in 1980, but in 2010 where the number ends in 9.
 * An identifier is made from the name (region 99, which was never assigned), with its check digits. Beside
 * the keys of tests/model/line.h: text=1 free text; id=wrong an identifier with a wrong check digit; plain=1
 * a subject whose identity was not verified. A fact with the value SECRET, CLOSED, CONSENTED or REPORTER
 * becomes a canary.
 */
#ifndef TESTS_PROPERTY_CREDIT_H
#define TESTS_PROPERTY_CREDIT_H

#include "services/intake/decide.h"
#include "tests/model/line.h"

/* What must not be found where it does not belong. Each begins with CX_CANARY. */
#define CX_CANARY "CANARY"
#define CX_CANARY_NAME "CANARYNAME"           /* names: in no output of the spine */
#define CX_CANARY_TEXT "CANARYTEXT"           /* free text: likewise */
#define CX_CANARY_FORBIDDEN "CANARYFORBIDDEN" /* forbidden facts: nowhere, not even sent home */
#define CX_CANARY_SENSITIVE "CANARYSENSITIVE" /* income and the like: sealed with consent, else nowhere */
#define CX_CANARY_REPORTER "CANARYREPORTER"   /* who reported: nowhere */

/* How identifiers of the test region begin. */
#define CX_CANARY_CITIZEN "990101"
#define CX_CANARY_CREDIT_CODE "91990100"

/* False, and a message, when the line cannot be read. All in the arena. */
bool cx_credit_event_of(const cx_line *line, cx_date today, int64_t number, cx_arena *arena,
                        cx_credit_event *out, cx_err *err);
/* What the step before decide finds: identifiers checked, pseudonyms (those of cx_line_subject), no seals. */
CX_MUST_CHECK cx_rc cx_credit_prepare(const cx_credit_event *event, const cx_line *line, cx_date today,
                                      cx_arena *arena, cx_intake_prepared *out);
/* Whether the name is that of somebody born in 2010. */
bool cx_credit_is_young(cx_view name);
/* Which canary of a subject's name this name carries, for messages: "o1". */
cx_view cx_credit_name(const cx_subject *subject);

#endif
