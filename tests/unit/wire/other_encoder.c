#include "tests/unit/wire/other_encoder.h"

#include "common/wire/visit.h"

static void put(cx_buffer *out, const void *bytes, size_t n) {
    CX_ASSERT(cx_buffer_append(out, bytes, n) == CX_OK);
}

void other_encode_long(cx_buffer *out, int64_t value) {
    uint64_t n = value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
    do {
        uint8_t b = (uint8_t)((n & 0x7F) | (n > 0x7F ? 0x80u : 0));
        put(out, &b, 1);
        n >>= 7;
    } while (n != 0);
}

static void encode_array(rng *r, const cx_type *item, const cx_items *array, cx_buffer *out) {
    for (size_t i = 0; i < array->n;) {
        size_t n = 1 + rng_below(r, (uint32_t)(array->n - i));
        cx_buffer block = {0};
        for (size_t k = 0; k < n; k++)
            other_encode(r, item, (const char *)array->items + (i + k) * item->size, &block);
        bool sized = rng_below(r, 2) == 0;
        other_encode_long(out, sized ? -(int64_t)n : (int64_t)n);
        if (sized)
            other_encode_long(out, (int64_t)block.n);
        put(out, block.p, block.n);
        cx_buffer_free(&block);
        i += n;
    }
    other_encode_long(out, 0);
}

static void encode_field(rng *r, const cx_field *field, const void *record, cx_buffer *out) {
    cx_slot slot = cx_field_slot(field, record);
    if (field->form != CX_FORM_PLAIN)
        other_encode_long(out, slot.branch);
    if (slot.value != NULL)
        other_encode(r, slot.type, slot.value, out);
}

void other_encode(rng *r, const cx_type *type, const void *value, cx_buffer *out) {
    const cx_view *view = value;
    switch (type->kind) {
    case CX_AVRO_BOOLEAN:
        put(out, value, 1);
        break;
    case CX_AVRO_INT:
        other_encode_long(out, *(const int32_t *)value);
        break;
    case CX_AVRO_LONG:
        other_encode_long(out, *(const int64_t *)value);
        break;
    case CX_AVRO_ENUM:
        other_encode_long(out, *(const uint32_t *)value);
        break;
    case CX_AVRO_BYTES:
    case CX_AVRO_STRING:
        other_encode_long(out, (int64_t)view->n);
        put(out, view->p, view->n);
        break;
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
        put(out, value, type->size);
        break;
    case CX_AVRO_ARRAY:
        encode_array(r, type->item, value, out);
        break;
    case CX_AVRO_RECORD:
        for (uint32_t i = 0; i < type->fields_n; i++)
            encode_field(r, &type->fields[i], value, out);
        break;
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
}
