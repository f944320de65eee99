/* A schema's JSON -> a cx_type, at run time: writers' schemas, earlier versions, container files.
 *
 * Such a type has the layout that the generator would give it, so encode, decode and the visitors work on it.
 * Thread-safe on different arenas.
 */
#ifndef CX_WIRE_SCHEMA_H
#define CX_WIRE_SCHEMA_H

#include "common/base/arena.h"
#include "common/wire/type.h"

/* Reads a self-contained schema, whole, into the arena (the JSON need not outlive the call). Errors:
 * CX_SCHEMA_INVALID (names the place), CX_SCHEMA_RECURSIVE, CX_OUT_OF_MEMORY. Maps, and unions elsewhere than
 * in a record's field, are read too; they can be a writer's, not a reader's. */
cx_rc cx_schema_parse(cx_view json, cx_arena *arena, const cx_type **out, cx_err *err) CX_MUST_CHECK;

/* Appends nothing but the Parsing Canonical Form; {NULL, 0} when out of memory. */
cx_view cx_schema_canonical(const cx_type *type, cx_arena *arena);

/* CRC-64-AVRO (Rabin) of bytes, as the specification's number; of a canonical form it is the schema's
 * fingerprint. */
uint64_t cx_schema_crc64(cx_view bytes);

#endif
