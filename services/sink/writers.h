/* Writers' schemas, from credit.schemas: every one was published there before its first use. */
#ifndef SERVICES_SINK_WRITERS_H
#define SERVICES_SINK_WRITERS_H

#include "common/base/config.h"
#include "common/run/codec.h"

typedef struct cx_writers cx_writers;

/* Reads the topic to its present end into the codec. CX_BUS_AWAY where that takes too long. */
cx_rc cx_writers_open(const cx_config *config, cx_codec *codec, cx_writers **out, cx_err *err) CX_MUST_CHECK;
void cx_writers_close(cx_writers **writers);
/* Takes what has come since, without waiting. */
cx_rc cx_writers_poll(cx_writers *writers, cx_err *err) CX_MUST_CHECK;

#endif
