/* The form of an inbound event. Inside the intake service. */
#ifndef SERVICES_INTAKE_FORM_H
#define SERVICES_INTAKE_FORM_H

#include "services/intake/decide.h"

/* CX_OK, or the first reason to refuse the event; *field then names the place ("body.item"). Static text. */
cx_rc cx_intake_check_form(const cx_credit_event *event, const cx_intake_prepared *prepared,
                           const char **field);

/* Whether the event holds what must not be collected, whatever else is wrong with it: forbidden or sensitive
 * facts, a reporter, a minor. Its bytes then go nowhere (I-FORBIDDEN, I-CAPACITY, I-REPORTER). */
bool cx_intake_must_not_be_kept(const cx_credit_event *event, const cx_intake_prepared *prepared);

#endif
