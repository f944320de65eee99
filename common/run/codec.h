/* Single-object Avro of the spine, both ways, for all types of a stage: plans by type and writer. Confluent
 * framing too, where somebody knows the ids.
 *
 * Not thread-safe: one owner.
 */
#ifndef CX_RUN_CODEC_H
#define CX_RUN_CODEC_H

#include "common/wire/decode.h"
#include "common/wire/encode.h"

typedef struct cx_codec cx_codec;

/* Who knows schemas by the ids of Confluent framing (common/run/registry.h). */
typedef struct cx_codec_registry {
    void *context;
    /* The schema's JSON, until the next call; UNKNOWN_SCHEMA, or a TRANSIENT code. */
    cx_rc (*schema)(void *context, uint32_t id, cx_view *json, cx_err *err);
    void (*refuse)(void *context,
                   uint32_t id); /* it is no schema for what was expected: need not be asked again */
} cx_codec_registry;

cx_codec *cx_codec_new(void);
void cx_codec_destroy(cx_codec **codec);
/* Types to be decoded; again changes nothing. */
cx_rc cx_codec_add(cx_codec *codec, const cx_type *type, cx_err *err);
/* Also the first `head` fields of a type that was added, for cx_codec_decode_head. */
cx_rc cx_codec_add_head(cx_codec *codec, const cx_type *type, uint32_t head, cx_err *err);
/* A writer's schema, for each type that it resolves against. `new_one` says whether it was unknown. */
cx_rc cx_codec_writer(cx_codec *codec, cx_view json, bool *new_one, cx_err *err);
bool cx_codec_knows(const cx_codec *codec, uint64_t fingerprint);
/* From now on unknown ids of Confluent framing are asked for. */
void cx_codec_ask(cx_codec *codec, cx_codec_registry registry);
/* *out is in the arena and points into `bytes`. POISON codes of framing and decode; UNKNOWN_SCHEMA; what the
 * registry fails with. */
cx_rc cx_codec_decode(cx_codec *codec, const cx_type *type, cx_view bytes, cx_arena *arena, const void **out,
                      cx_err *err);
/* Of single-object framing, the head alone: the other fields are zero, and what follows is not validated. */
cx_rc cx_codec_decode_head(const cx_codec *codec, const cx_type *type, cx_view bytes, cx_arena *arena,
                           const void **out, cx_err *err);
/* Until the next encode. */
cx_rc cx_codec_encode(cx_codec *codec, const cx_type *type, const void *value, cx_view *out, cx_err *err);
/* The same in Confluent framing, under the id of the type's own schema. */
cx_rc cx_codec_encode_confluent(cx_codec *codec, const cx_type *type, uint32_t schema_id, const void *value,
                                cx_view *out, cx_err *err);

#endif
