/* Single-object Avro of the spine, both ways, for all types of a stage: plans by type and writer.
 *
 * Not thread-safe: one owner.
 */
#ifndef CX_RUN_CODEC_H
#define CX_RUN_CODEC_H

#include "common/wire/decode.h"
#include "common/wire/encode.h"

typedef struct cx_codec cx_codec;

cx_codec *cx_codec_new(void);
void cx_codec_destroy(cx_codec **codec);
/* Types to be decoded; again changes nothing. */
cx_rc cx_codec_add(cx_codec *codec, const cx_type *type, cx_err *err);
/* A writer's schema, for each type that it resolves against. `new_one` says whether it was unknown. */
cx_rc cx_codec_writer(cx_codec *codec, cx_view json, bool *new_one, cx_err *err);
bool cx_codec_knows(const cx_codec *codec, uint64_t fingerprint);
/* *out is in the arena and points into `bytes`. POISON codes of framing and decode; UNKNOWN_SCHEMA. */
cx_rc cx_codec_decode(const cx_codec *codec, const cx_type *type, cx_view bytes, cx_arena *arena,
                      const void **out, cx_err *err);
/* Until the next encode. */
cx_rc cx_codec_encode(cx_codec *codec, const cx_type *type, const void *value, cx_view *out, cx_err *err);

#endif
