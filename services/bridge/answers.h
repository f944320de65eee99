/* What the other installation refused of what crossed, brought home: from credit.rejected.<as> there to our
 * credit.exchange.refused, a row for each refused event (compacted; key "<peer>/<as>/<event id>"), without
 * the body. It reads from the beginning of what is kept there, at each start: writing a row again changes
 * nothing. One owner. */
#ifndef SERVICES_BRIDGE_ANSWERS_H
#define SERVICES_BRIDGE_ANSWERS_H

#include "common/base/config.h"
#include "common/law/pack.h"
#include "common/run/codec.h"

typedef struct cx_answers cx_answers;

/* there: the other cluster's settings; it must outlive the answers, as must the codec. */
CX_MUST_CHECK cx_rc cx_answers_open(const cx_config *config, const cx_config *there, cx_codec *codec,
                                    cx_answers **out, cx_err *err);
void cx_answers_close(cx_answers **answers);
/* A department's code over there: its refusals are read from now on. */
CX_MUST_CHECK cx_rc cx_answers_of(cx_answers *answers, cx_view as, cx_err *err);
/* Brings home what has come, now and then, without waiting long. */
CX_MUST_CHECK cx_rc cx_answers_poll(cx_answers *answers, cx_arena *arena, cx_err *err);

#endif
