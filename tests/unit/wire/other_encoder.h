/* A second encoder, of its own making, that writes what cx_encode never does but the specification allows:
 * arrays in several blocks, and blocks with their size in bytes. */
#ifndef CX_TESTS_WIRE_OTHER_ENCODER_H
#define CX_TESTS_WIRE_OTHER_ENCODER_H

#include "common/wire/buffer.h"
#include "tests/unit/wire/random_value.h"

void other_encode(rng *r, const cx_type *type, const void *value, cx_buffer *out);
/* Numbers of avro's int and long. */
void other_encode_long(cx_buffer *out, int64_t value);

#endif
