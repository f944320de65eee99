/* What the runner must know of the spine's messages: descriptors name these as their inputs' `about`. Pure.
 */
#ifndef CX_RUN_ABOUT_H
#define CX_RUN_ABOUT_H

#include "common/run/stage.h"

void cx_about_credit_event(const void *event, cx_about *about); /* cx_credit_event: no origin, no tick */
void cx_about_event(const void *event,
                    cx_about *about); /* cx_event of credit.records: its origin is its place */
void cx_about_classified(const void *event, cx_about *about);
/* cx_decided: index 0 of a tick or activation is that; the steps of a walk (1, 2 ...) are plain. */
void cx_about_decided(const void *event, cx_about *about);
void cx_about_dispatch(const void *event, cx_about *about);

#endif
