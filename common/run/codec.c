#include "common/run/codec.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/wire/framing.h"
#include "common/wire/schema.h"

enum { CODEC_TYPES = 16, CODEC_WRITERS = 4096 };

struct cx_codec {
    const cx_type *types[CODEC_TYPES];
    cx_plans *plans[CODEC_TYPES];
    cx_plans *heads[CODEC_TYPES]; /* NULL: none wanted */
    size_t n;
    uint64_t *known; /* fingerprints that were published */
    size_t known_n;
    cx_buffer buffer;
    cx_codec_registry registry; /* schema NULL: none */
    size_t asked;
};

cx_codec *cx_codec_new(void) {
    return calloc(1, sizeof(cx_codec));
}

void cx_codec_destroy(cx_codec **codec) {
    if (*codec == NULL)
        return;
    for (size_t i = 0; i < (*codec)->n; i++) {
        cx_plans_destroy(&(*codec)->plans[i]);
        cx_plans_destroy(&(*codec)->heads[i]);
    }
    cx_buffer_free(&(*codec)->buffer);
    free((*codec)->known);
    free(*codec);
    *codec = NULL;
}

cx_rc cx_codec_add(cx_codec *c, const cx_type *type, cx_err *err) {
    for (size_t i = 0; i < c->n; i++)
        if (c->types[i] == type)
            return CX_OK;
    CX_ASSERT(c->n < CODEC_TYPES && type->json != NULL);
    c->plans[c->n] = cx_plans_new(type, cx_limits_default);
    if (c->plans[c->n] == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    c->types[c->n++] = type;
    return CX_OK;
}

static size_t place_of(const cx_codec *c, const cx_type *type) {
    size_t i = 0;
    while (i < c->n && c->types[i] != type)
        i++;
    return i;
}

cx_rc cx_codec_add_head(cx_codec *c, const cx_type *type, uint32_t head, cx_err *err) {
    size_t i = place_of(c, type);
    CX_ASSERT(i < c->n && c->known_n == 0);
    if (c->heads[i] == NULL)
        c->heads[i] = cx_plans_new_head(type, head, cx_limits_default);
    return c->heads[i] != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

bool cx_codec_knows(const cx_codec *c, uint64_t fingerprint) {
    for (size_t i = 0; i < c->known_n; i++)
        if (c->known[i] == fingerprint)
            return true;
    return false;
}

static cx_rc fingerprint_of(cx_view json, uint64_t *out, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    const cx_type *type = NULL;
    cx_rc rc =
        arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : cx_schema_parse(json, arena, &type, err);
    cx_view canonical = rc == CX_OK ? cx_schema_canonical(type, arena) : (cx_view){NULL, 0};
    if (rc == CX_OK && canonical.p == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK)
        *out = cx_schema_crc64(canonical);
    cx_arena_destroy(&arena);
    return rc;
}

static cx_rc remember(cx_codec *c, uint64_t fingerprint, cx_err *err) {
    if (c->known_n == CODEC_WRITERS)
        return cx_fail(err, CX_CONFIG, "more than %d schemas were published", CODEC_WRITERS);
    uint64_t *more = realloc(c->known, (c->known_n + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    c->known = more;
    c->known[c->known_n++] = fingerprint;
    return CX_OK;
}

cx_rc cx_codec_writer(cx_codec *c, cx_view json, bool *new_one, cx_err *err) {
    uint64_t fingerprint = 0;
    *new_one = false;
    CX_TRY(fingerprint_of(json, &fingerprint, err));
    if (cx_codec_knows(c, fingerprint))
        return CX_OK;
    for (size_t i = 0; i < c->n; i++) {
        cx_err why = {0};
        cx_rc rc = cx_plans_add(c->plans[i], json, -1, &why);
        if (rc == CX_OK && c->heads[i] != NULL)
            rc = cx_plans_add(c->heads[i], json, -1, &why);
        if (rc == CX_OUT_OF_MEMORY)
            return cx_fail(err, rc, NULL);
        if (rc != CX_OK)
            cx_log_debug("a published schema is not one for %s: %s", cx_type_short_name(c->types[i]),
                         why.text);
    }
    *new_one = true;
    return remember(c, fingerprint, err);
}

void cx_codec_ask(cx_codec *c, cx_codec_registry registry) {
    c->registry = registry;
}

static cx_plans *plans_of(const cx_codec *c, const cx_type *type) {
    size_t i = place_of(c, type);
    return i < c->n ? c->plans[i] : NULL;
}

/* Asks for the id's schema. One that is nothing for this type is as unknown as one that is not there. */
static cx_rc learn(cx_codec *c, cx_plans *plans, uint32_t id, cx_err *err) {
    cx_view json;
    cx_err why = {0};
    if (c->registry.schema == NULL || c->asked == CODEC_WRITERS)
        return cx_fail(err, CX_UNKNOWN_SCHEMA, NULL);
    CX_TRY(c->registry.schema(c->registry.context, id, &json, err));
    cx_rc rc = cx_plans_add(plans, json, id, &why);
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (rc != CX_OK) {
        c->registry.refuse(c->registry.context, id);
        return cx_fail(err, CX_UNKNOWN_SCHEMA, "schema id %u: %s", id, why.text);
    }
    c->asked++;
    return CX_OK;
}

static cx_rc find_plan(cx_codec *c, cx_plans *plans, const cx_frame *frame, const cx_plan **out,
                       cx_err *err) {
    bool by_id = frame->framing == CX_FRAMING_CONFLUENT;
    *out = by_id ? cx_plans_find_id(plans, frame->schema_id) : cx_plans_find(plans, frame->fingerprint);
    if (*out == NULL && by_id) {
        CX_TRY(learn(c, plans, frame->schema_id, err));
        *out = cx_plans_find_id(plans, frame->schema_id);
    }
    return *out != NULL ? CX_OK : cx_fail(err, CX_UNKNOWN_SCHEMA, NULL);
}

cx_rc cx_codec_decode(cx_codec *c, const cx_type *type, cx_view bytes, cx_arena *arena, const void **out,
                      cx_err *err) {
    cx_plans *plans = plans_of(c, type);
    CX_ASSERT(plans != NULL);
    cx_frame frame;
    const cx_plan *plan = NULL;
    CX_TRY(cx_frame_read(bytes, &frame, err));
    CX_TRY(find_plan(c, plans, &frame, &plan, err));
    void *value = cx_arena_alloc(arena, type->size);
    if (value == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *out = value;
    return cx_plan_decode(plan, frame.datum, arena, value, err);
}

cx_rc cx_codec_decode_head(const cx_codec *c, const cx_type *type, cx_view bytes, cx_arena *arena,
                           const void **out, cx_err *err) {
    size_t i = place_of(c, type);
    CX_ASSERT(i < c->n && c->heads[i] != NULL);
    cx_frame frame;
    CX_TRY(cx_frame_read(bytes, &frame, err));
    const cx_plan *plan =
        frame.framing == CX_FRAMING_CONFLUENT ? NULL : cx_plans_find(c->heads[i], frame.fingerprint);
    void *value = cx_arena_alloc(arena, type->size);
    if (plan == NULL || value == NULL)
        return cx_fail(err, plan == NULL ? CX_UNKNOWN_SCHEMA : CX_OUT_OF_MEMORY, NULL);
    *out = value;
    return cx_plan_decode_first(plan, &frame.datum, arena, value, err);
}

cx_rc cx_codec_encode(cx_codec *c, const cx_type *type, const void *value, cx_view *out, cx_err *err) {
    c->buffer.n = 0;
    CX_TRY(cx_encode_single(type, value, &c->buffer, err));
    *out = cx_buffer_view(&c->buffer, 0);
    return CX_OK;
}

cx_rc cx_codec_encode_confluent(cx_codec *c, const cx_type *type, uint32_t schema_id, const void *value,
                                cx_view *out, cx_err *err) {
    c->buffer.n = 0;
    if (cx_frame_write_confluent(&c->buffer, schema_id) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_encode(type, value, &c->buffer, err));
    *out = cx_buffer_view(&c->buffer, 0);
    return CX_OK;
}
