/* A generated struct -> Avro bytes. Exact: what it writes, the plan of the same schema reads back as the same
 * value.
 *
 * Arrays are written as one block. No allocation but the buffer's growth. Thread-safe on different buffers.
 */
#ifndef CX_WIRE_ENCODE_H
#define CX_WIRE_ENCODE_H

#include "common/base/arena.h"
#include "common/wire/buffer.h"
#include "common/wire/type.h"

/* Appends the datum of *value, the struct that `type` (a record) describes. What the decoder would refuse is
 * refused here: CX_BAD_UTF8, CX_NUL_IN_STRING, CX_BAD_ENUM (no symbol has that number), CX_BAD_UNION (no
 * branch has that number, or the chosen branch's pointer is NULL), CX_OVERSIZED (2 GiB or more), and
 * CX_OUT_OF_MEMORY. *err (may be NULL) names the field's path, "body.Record.amount", as cx_err_field reads
 * it. After an error *out is as before. */
cx_rc cx_encode(const cx_type *type, const void *value, cx_buffer *out, cx_err *err) CX_MUST_CHECK;

/* The same behind single-object framing, with type->fingerprint: type must have a schema file of its own. */
cx_rc cx_encode_single(const cx_type *type, const void *value, cx_buffer *out, cx_err *err) CX_MUST_CHECK;

#endif
