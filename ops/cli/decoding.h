/* Messages of our own topics for a command: decoded, whichever version of ours wrote them. */
#ifndef OPS_CLI_DECODING_H
#define OPS_CLI_DECODING_H

#include "common/bus/message.h"
#include "common/run/codec.h"
#include "common/run/registry.h"
#include "common/base/config.h"

typedef struct cx_decoding {
    const cx_config *config;
    cx_codec *codec;
    cx_registry *registry; /* NULL: none is configured */
    cx_arena *arena;       /* emptied before each message */
    bool schemas_read;     /* credit.schemas, when a message names a schema that is not this program's */
} cx_decoding;

/* types: NULL at the end. The caller closes it in any case. */
CX_MUST_CHECK cx_rc cx_decoding_open(const cx_config *config, const cx_type *const *types, cx_decoding *out,
                                     cx_err *err);
void cx_decoding_close(cx_decoding *decoding);
/* *out: until the next message. NOT_DECODED names the message's place; REGISTRY_AWAY. */
CX_MUST_CHECK cx_rc cx_decoding_take(cx_decoding *decoding, const cx_type *type, const cx_message *message,
                                     const void **out, cx_err *err);

#endif
