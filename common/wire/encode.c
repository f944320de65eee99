#include "common/wire/encode.h"

#include "common/wire/framing.h"
#include "common/wire/path.h"
#include "common/wire/text.h"

enum { LONGEST_VARINT = 10, LARGEST_TEXT = INT32_MAX };

/* Where an encoding writes, and where it failed. */
typedef struct encoder {
    cx_buffer *out;
    cx_path path;
} encoder;

/* What takes items or fields apart calls itself; the rest is a few instructions, and stands in each caller.
 */
static inline __attribute__((always_inline)) cx_rc put(encoder *e, const cx_type *type, const void *value);

/* The caller has made room. */
static inline void write_varint(cx_buffer *out, int64_t value) {
    uint64_t n = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    uint8_t *p = out->p + out->n;
    if (n <= 0x7F) {
        *p = (uint8_t)n;
        out->n++;
        return;
    }
    while (n > 0x7F) {
        *p++ = (uint8_t)(n | 0x80);
        n >>= 7;
    }
    *p++ = (uint8_t)n;
    out->n = (size_t)(p - out->p);
}

static inline cx_rc put_long(encoder *e, int64_t value) {
    CX_TRY(cx_buffer_reserve(e->out, LONGEST_VARINT));
    write_varint(e->out, value);
    return CX_OK;
}

static inline cx_rc put_view(encoder *e, cx_view v) {
    if (v.n > LARGEST_TEXT)
        return CX_OVERSIZED;
    CX_TRY(cx_buffer_reserve(e->out, LONGEST_VARINT + v.n));
    write_varint(e->out, (int64_t)v.n);
    if (v.n > 0)
        memcpy(e->out->p + e->out->n, v.p, v.n);
    e->out->n += v.n;
    return CX_OK;
}

static inline cx_rc put_raw(encoder *e, const void *bytes, size_t n) {
    CX_TRY(cx_buffer_reserve(e->out, n));
    memcpy(e->out->p + e->out->n, bytes, n);
    e->out->n += n;
    return CX_OK;
}

/* Numbers of 4 and 8 bytes go out little-endian, as they lie in memory on every machine that we build for. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are written as they lie in memory");

static __attribute__((noinline)) cx_rc put_array(encoder *e, const cx_type *item, const cx_items *array) {
    if (array->n > LARGEST_TEXT)
        return CX_OVERSIZED;
    if (array->n > 0)
        CX_TRY(put_long(e, (int64_t)array->n));
    for (size_t i = 0; i < array->n; i++) {
        cx_rc rc = put(e, item, (const char *)array->items + i * item->size);
        if (rc != CX_OK) {
            cx_path_join(&e->path, "[]");
            return rc;
        }
    }
    return put_long(e, 0);
}

/* A field that may be null and needs no pointer: the quick way for most unions. */
static inline cx_rc put_nullable(encoder *e, const cx_field *field, const char *record) {
    const char *at = record + field->offset;
    bool view = field->form == CX_FORM_VIEW;
    bool there = view ? ((const cx_view *)(const void *)at)->p != NULL : *(const bool *)(record + field->tag);
    uint32_t null = field->type->branches[0]->kind == CX_AVRO_NULL ? 0 : 1;
    CX_TRY(put_long(e, there ? 1 - null : null));
    return there ? put(e, field->type->branches[1 - null], at) : CX_OK;
}

static __attribute__((noinline)) cx_rc put_union(encoder *e, const cx_field *field, const char *record) {
    if (field->form == CX_FORM_VIEW || field->form == CX_FORM_FLAG)
        return put_nullable(e, field, record);
    cx_slot slot = cx_field_slot(field, record);
    if (slot.type == NULL)
        return CX_BAD_UNION;
    CX_TRY(put_long(e, slot.branch));
    if (slot.type->kind == CX_AVRO_NULL)
        return CX_OK;
    cx_rc rc = slot.value == NULL ? CX_BAD_UNION : put(e, slot.type, slot.value);
    if (rc != CX_OK && field->form == CX_FORM_TAG)
        cx_path_join(&e->path, cx_type_short_name(slot.type));
    return rc;
}

static __attribute__((noinline)) cx_rc put_record(encoder *e, const cx_type *type, const char *record) {
    for (uint32_t i = 0; i < type->fields_n; i++) {
        const cx_field *field = &type->fields[i];
        cx_rc rc = field->form == CX_FORM_PLAIN ? put(e, field->type, record + field->offset)
                                                : put_union(e, field, record);
        if (rc != CX_OK) {
            cx_path_join(&e->path, field->name);
            return rc;
        }
    }
    return CX_OK;
}

static cx_rc put_enum(encoder *e, const cx_type *type, uint32_t value) {
    return value < type->symbols_n ? put_long(e, value) : CX_BAD_ENUM;
}

static inline __attribute__((always_inline)) cx_rc put(encoder *e, const cx_type *type, const void *value) {
    switch (type->kind) {
    case CX_AVRO_BOOLEAN:
        return put_raw(e, *(const bool *)value ? "\1" : "\0", 1);
    case CX_AVRO_INT:
        return put_long(e, *(const int32_t *)value);
    case CX_AVRO_LONG:
        return put_long(e, *(const int64_t *)value);
    case CX_AVRO_STRING: {
        const cx_view *v = value;
        CX_TRY(cx_text_check((const uint8_t *)v->p, v->n));
        return put_view(e, *v);
    }
    case CX_AVRO_BYTES:
        return put_view(e, *(const cx_view *)value);
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
        return put_raw(e, value, type->size);
    case CX_AVRO_ENUM:
        return put_enum(e, type, *(const uint32_t *)value);
    case CX_AVRO_ARRAY:
        return put_array(e, type->item, value);
    case CX_AVRO_RECORD:
        return put_record(e, type, value);
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return CX_OK; /* a null; unions are fields and maps are never in a generated struct */
}

cx_rc cx_encode(const cx_type *type, const void *value, cx_buffer *out, cx_err *err) {
    size_t before = out->n;
    encoder e = {.out = out, .path.from = CX_PATH};
    cx_rc rc = put(&e, type, value);
    if (rc == CX_OK)
        return CX_OK;
    out->n = before;
    return cx_fail(err, rc, "%.*s: %s", (int)(CX_PATH - e.path.from), e.path.text + e.path.from,
                   cx_rc_text(rc));
}

cx_rc cx_encode_single(const cx_type *type, const void *value, cx_buffer *out, cx_err *err) {
    CX_ASSERT(type->json != NULL);
    size_t before = out->n;
    if (cx_frame_write_single(out, type->fingerprint) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_encode(type, value, out, err);
    if (rc != CX_OK)
        out->n = before;
    return rc;
}
