#include "ops/cli/decoding.h"

#include "ops/cli/table_read.h"

cx_rc cx_decoding_open(const cx_config *config, const cx_type *const *types, cx_decoding *out, cx_err *err) {
    *out = (cx_decoding){.config = config, .codec = cx_codec_new(), .arena = cx_arena_new(0)};
    if (out->codec == NULL || out->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_registry_open(config, &out->registry, err)); /* departments' topics are framed as it has them */
    cx_registry_serve(out->registry, out->codec);
    for (size_t i = 0; types[i] != NULL; i++)
        CX_TRY(cx_codec_add(out->codec, types[i], err));
    return CX_OK;
}

void cx_decoding_close(cx_decoding *decoding) {
    cx_codec_destroy(&decoding->codec);
    cx_registry_close(&decoding->registry);
    cx_arena_destroy(&decoding->arena);
}

static cx_rc take_schema(void *context, const cx_message *m, cx_err *err) {
    bool is_new = false;
    cx_decoding *d = context;
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(d->codec, m->value, &is_new, err);
    return rc == CX_OUT_OF_MEMORY ? rc : CX_OK;
}

cx_rc cx_decoding_take(cx_decoding *d, const cx_type *type, const cx_message *m, const void **out,
                       cx_err *err) {
    cx_arena_reset(d->arena);
    cx_rc rc = cx_codec_decode(d->codec, type, m->value, d->arena, out, err);
    if (rc == CX_UNKNOWN_SCHEMA && !d->schemas_read) {
        d->schemas_read = true;
        CX_TRY(cx_topic_read(d->config, "credit.schemas", take_schema, d, err));
        rc = cx_codec_decode(d->codec, type, m->value, d->arena, out, err);
    }
    if (rc == CX_OK || rc == CX_OUT_OF_MEMORY || rc == CX_REGISTRY_AWAY)
        return rc;
    return cx_fail(err, CX_NOT_DECODED, "%.*s partition %d offset %lld", CX_VIEW_ARGS(m->topic),
                   (int)m->partition, (long long)m->offset);
}
