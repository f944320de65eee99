/* The courier: the last step of a notice or a refusal, onto the department's own topic.
 *
 * Reads credit.notices. The vault's step before decide (switched on in the descriptor) makes the department's
 * own reference of the subject and seals the identity for that department; decide only puts them in. It
 * sees no key and no identifier. Pure; see common/base/step.h.
 */
#ifndef CX_COURIER_DECIDE_H
#define CX_COURIER_DECIDE_H

#include "common/base/step.h"

/* Values: cx_notice on credit.notices.<department>, keyed by the department's reference; cx_rejection on
 * credit.rejected.<department>, keyed by the event id. */
enum { CX_COURIER_NOTICES, CX_COURIER_REJECTED, CX_COURIER_OUTPUTS };

/* What the vault's step found for a Dispatch that has a notice (step->prepared). */
typedef struct cx_courier_prepared {
    cx_view reference;
    cx_view identity; /* p NULL: the subject was erased, the reference goes alone */
} cx_courier_prepared;

/* CX_OK, ROW_NOT_YET where a notice was not prepared (its identity has not arrived), OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_courier_decide(cx_step *step);

#endif
