/* Avro bytes -> a generated struct: a plan, compiled once for a writer's and a reader's schema, and run per
 * message.
 *
 * One pass that validates every byte and binds fields, strings without copying. Resolution of the writer's
 * schema against the reader's is in the plan (Apache Avro 1.11 specification, "Schema Resolution"): fields by
 * name, else by the reader's aliases; reader's defaults; promotions; string and bytes both ways; enums by
 * symbol, with the reader's default symbol; unions on either side. Where a writer's type fits several
 * branches of a reader's union, one of the same type is preferred to one that needs promotion.
 *
 * Hostile bytes cost no more than the limits say: nothing is allocated for a count that the remaining bytes
 * cannot hold, and schemas that contain themselves are refused. A plan is constant once compiled: share it
 * between threads, each with its own arena.
 */
#ifndef CX_WIRE_DECODE_H
#define CX_WIRE_DECODE_H

#include "common/base/arena.h"
#include "common/wire/type.h"

/* Most of each that one message may have; more is CX_OVERSIZED. */
typedef struct cx_limits {
    size_t message; /* bytes of the datum */
    size_t string;  /* bytes of one string or bytes value */
    size_t items;   /* array and map items in the whole message */
    size_t memory;  /* bytes taken from the arena for the message, without strings, which are not copied */
} cx_limits;

/* 16 MiB, 8 MiB, 1 million, 64 MiB. */
extern const cx_limits cx_limits_default;

typedef struct cx_plan cx_plan;

/* writer_json: the writer's schema; {NULL, 0}: written with the reader's own (also where `reader` is a nested
 * record). `reader` must outlive the plan. Errors: CX_SCHEMA_INVALID, CX_SCHEMA_RECURSIVE,
 * CX_SCHEMA_INCOMPATIBLE (*err names the field), CX_OUT_OF_MEMORY. */
cx_rc cx_plan_compile(cx_view writer_json, const cx_type *reader, cx_plan **out, cx_err *err) CX_MUST_CHECK;
/* The same for the reader's first `head` fields alone, and for cx_plan_decode_first: it ends behind the last
 * of them (*data is then no other datum); what follows is neither read nor validated. The others stay zero.
 */
cx_rc cx_plan_compile_head(cx_view writer_json, const cx_type *reader, uint32_t head, cx_plan **out,
                           cx_err *err) CX_MUST_CHECK;
/* *plan may be NULL; it becomes NULL. */
void cx_plan_destroy(cx_plan **plan);
/* Before the plan is shared. A limit of 0 keeps the default. */
void cx_plan_limit(cx_plan *plan, cx_limits limits);
/* CRC-64-AVRO of the writer's schema. */
uint64_t cx_plan_fingerprint(const cx_plan *plan);

/* Whether every value of the writer's schema is one of the reader's: no branch and no symbol without a place.
 * false: *err (CX_NO_VALUE) names the field. A schema is compatible with another, fully, where this holds
 * both ways. */
bool cx_plan_is_total(const cx_plan *plan, cx_err *err);

/* Decodes the whole datum (what follows the framing) into *out, the struct of the plan's reader: reader->size
 * bytes, which need not be cleared. Strings, bytes and nullable fixed point into `datum` (or into constants,
 * for defaults), arrays and nullable records into `arena`: *out lives as long as both.
 *
 * Errors, each with the field's path and the byte in *err (may be NULL; never a value): CX_TRUNCATED,
 * CX_TRAILING_BYTES, CX_OVERSIZED, CX_BAD_UTF8, CX_NUL_IN_STRING, CX_BAD_ENUM, CX_BAD_BOOLEAN, CX_BAD_UNION,
 * CX_BAD_COUNT (negative length; a block's size that is not its items'), CX_BAD_VARINT, CX_NO_VALUE (valid,
 * but the reader's schema has no place for it), CX_OUT_OF_MEMORY. After an error *out is undefined. */
cx_rc cx_plan_decode(const cx_plan *plan, cx_view datum, cx_arena *arena, void *out,
                     cx_err *err) CX_MUST_CHECK;

/* The same for the first of several datums that follow each other without framing, as in a container's block:
 * *data becomes what follows it. No CX_TRAILING_BYTES. After an error *data is as before. */
cx_rc cx_plan_decode_first(const cx_plan *plan, cx_view *data, cx_arena *arena, void *out,
                           cx_err *err) CX_MUST_CHECK;

/* The field's path in an error of cx_plan_decode or cx_encode: "body.Record.facts[].name"; empty where the
 * failure is the message's as a whole, and for errors of other functions. Points into *err. */
cx_view cx_err_field(const cx_err *err);

/* Plans of many writers for one reader, by fingerprint and by registry id. Adding is not thread-safe. */
typedef struct cx_plans cx_plans;
/* Holds the reader's own schema already. NULL when out of memory. `reader` must have a schema file of its
 * own. */
cx_plans *cx_plans_new(const cx_type *reader, cx_limits limits);
/* Of cx_plan_compile_head. */
cx_plans *cx_plans_new_head(const cx_type *reader, uint32_t head, cx_limits limits);
void cx_plans_destroy(cx_plans **plans);
/* Adds a writer's schema; one that is there already changes nothing. schema_id: its id in a Confluent
 * registry, or -1. Errors as cx_plan_compile. */
cx_rc cx_plans_add(cx_plans *plans, cx_view writer_json, int64_t schema_id, cx_err *err) CX_MUST_CHECK;
/* NULL: CX_UNKNOWN_SCHEMA. */
const cx_plan *cx_plans_find(const cx_plans *plans, uint64_t fingerprint);
const cx_plan *cx_plans_find_id(const cx_plans *plans, uint32_t schema_id);

#endif
