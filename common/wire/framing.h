/* What stands before an Avro datum on the wire, in the two framings that are accepted.
 *
 *   single object (Avro specification, "Single-object encoding"): C3 01, fingerprint in 8 bytes
 * little-endian, datum Confluent wire format:                                        00, schema id in 4 bytes
 * big-endian, datum
 *
 * Pure; thread-safe.
 */
#ifndef CX_WIRE_FRAMING_H
#define CX_WIRE_FRAMING_H

#include "common/wire/buffer.h"

typedef enum cx_framing { CX_FRAMING_SINGLE_OBJECT, CX_FRAMING_CONFLUENT } cx_framing;

typedef struct cx_frame {
    cx_framing framing;
    uint64_t fingerprint; /* CX_FRAMING_SINGLE_OBJECT: CRC-64-AVRO of the writer's schema */
    uint32_t schema_id;   /* CX_FRAMING_CONFLUENT */
    cx_view datum;        /* a part of the message */
} cx_frame;

/* CX_NOT_AVRO where the message begins with neither framing (an empty one too), CX_TRUNCATED where it ends
 * inside one. Whether the schema is known, and whether Confluent framing is wanted at all, is the caller's
 * question (CX_UNKNOWN_SCHEMA, cx_plans_find). */
cx_rc cx_frame_read(cx_view message, cx_frame *out, cx_err *err) CX_MUST_CHECK;

/* Append the framing; the datum follows (cx_encode). CX_OUT_OF_MEMORY only. */
cx_rc cx_frame_write_single(cx_buffer *out, uint64_t fingerprint) CX_MUST_CHECK;
cx_rc cx_frame_write_confluent(cx_buffer *out, uint32_t schema_id) CX_MUST_CHECK;

#endif
