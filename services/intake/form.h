/* The form of an inbound event. Inside the intake service. */
#ifndef SERVICES_INTAKE_FORM_H
#define SERVICES_INTAKE_FORM_H

#include "services/intake/decide.h"

/* CX_OK, or the first reason to refuse the event; *field then names the place ("body.item"). Static text. */
cx_rc cx_intake_check_form(const cx_credit_event *event, const cx_intake_prepared *prepared,
                           const char **field);

#endif
