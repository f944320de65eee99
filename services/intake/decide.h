/* Intake: the form of an inbound event, and nothing that a policy pack could change.
 *
 * An accepted event goes on without identity: coded fields and pseudonyms to credit.records, what was
 * sealed to credit.identities. A refused one goes home to credit.rejected.<department> with its reason.
 */
#ifndef SERVICES_INTAKE_DECIDE_H
#define SERVICES_INTAKE_DECIDE_H

#include "common/base/step.h"
#include "common/law/identifier.h"

enum { CX_INTAKE_RECORDS, CX_INTAKE_IDENTITIES, CX_INTAKE_REJECTED, CX_INTAKE_OUTPUTS };

/* What the step before decide found about one subject. */
typedef struct cx_intake_subject {
    cx_rc rc; /* CX_OK, or why the identifier is refused */
    cx_identifier identifier;
    uint8_t pseudonym[16];
} cx_intake_subject;

/* A sealed row for credit.identities. */
typedef struct cx_intake_sealed {
    cx_view key;
    const cx_identity *row;
} cx_intake_sealed;

/* step->prepared: made by the runner's step before decide, which alone holds keys. */
typedef struct cx_intake_prepared {
    const cx_intake_subject *subject; /* NULL when the event names none */
    const cx_intake_subject *others;  /* as many as the event has */
    uint8_t content[16];              /* keyed hash of the event, as it is encoded by our own schema */
    const cx_intake_sealed
        *sealed; /* one for each subject with an identifier, one for text and consented facts */
    size_t sealed_n;
} cx_intake_prepared;

/* step->event: a cx_credit_event; step->department, origin (inbound partition and offset), received_at and
 * prepared must be set. OUT_OF_MEMORY is the only failure: a refusal is an effect. */
CX_MUST_CHECK cx_rc cx_intake_decide(cx_step *step);

/* The effect that sends a message home: also for what could not even be decoded. field: where it went wrong,
 * or empty; body: the message's bytes, or NULL where they must not be kept. */
CX_MUST_CHECK cx_rc cx_intake_reject(cx_step *step, cx_rc reason, cx_view field, cx_view event_id,
                                     cx_view body);

#endif
