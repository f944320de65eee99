#include "common/wire/schema_parts.h"

#include <string.h>

enum { LARGEST_DEFAULT = 64 * 1024 };

static bool put_long(cx_buffer *out, int64_t value) {
    uint64_t n = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    uint8_t bytes[10];
    size_t i = 0;
    for (; n > 0x7F; n >>= 7)
        bytes[i++] = (uint8_t)(n | 0x80);
    bytes[i++] = (uint8_t)n;
    return cx_buffer_append(out, bytes, i) == CX_OK;
}

static bool put_integer(cx_buffer *out, const json_t *value, int64_t least, int64_t most) {
    json_int_t n = json_integer_value(value);
    return json_is_integer(value) && n >= least && n <= most && put_long(out, n);
}

static bool put_float(cx_buffer *out, const json_t *value, bool single) {
    if (!json_is_number(value))
        return false;
    double d = json_number_value(value);
    float f = (float)d;
    return cx_buffer_append(out, single ? (const void *)&f : &d, single ? sizeof f : sizeof d) == CX_OK;
}

/* Bytes stand in JSON as the characters U+0000 to U+00FF. A NUL in them jansson refuses to read. */
static bool put_bytes(cx_buffer *out, const cx_type *type, const json_t *value) {
    cx_buffer plain = {0};
    const char *p = json_string_value(value);
    bool good = json_is_string(value);
    for (size_t i = 0, n = good ? json_string_length(value) : 0; good && i < n; i++) {
        uint8_t b = (uint8_t)p[i];
        if ((b & 0xE0) == 0xC0) { /* two bytes of UTF-8 hold 0x80 to 0x7FF */
            unsigned wide = (unsigned)(b & 0x1F) << 6 | ((uint8_t)p[++i] & 0x3F);
            good = wide <= 0xFF;
            b = (uint8_t)wide;
        } else {
            good = b < 0x80;
        }
        good = good && cx_buffer_append(&plain, &b, 1) == CX_OK;
    }
    bool fixed = type->kind == CX_AVRO_FIXED;
    good = good && (fixed ? plain.n == type->size : put_long(out, (int64_t)plain.n));
    good = good && cx_buffer_append(out, plain.p, plain.n) == CX_OK;
    cx_buffer_free(&plain);
    return good;
}

static bool put_enum(cx_buffer *out, const cx_type *type, const json_t *value) {
    const char *symbol = json_string_value(value);
    for (uint32_t i = 0; symbol != NULL && i < type->symbols_n; i++)
        if (strcmp(symbol, type->symbols[i]) == 0)
            return put_long(out, i);
    return false;
}

static bool put_array(cx_buffer *out, const cx_type *type, const json_t *value) {
    size_t n = json_array_size(value);
    bool good = json_is_array(value) && (n == 0 || put_long(out, (int64_t)n));
    for (size_t i = 0; good && i < n; i++)
        good = cx_schema_default(type->item, json_array_get(value, i), out);
    return good && put_long(out, 0);
}

static bool put_record(cx_buffer *out, const cx_type *type, const json_t *value) {
    bool good = json_is_object(value);
    for (uint32_t i = 0; good && i < type->fields_n; i++) {
        const cx_field *f = &type->fields[i];
        const json_t *member = json_object_get(value, f->name);
        if (member != NULL)
            good = cx_schema_default(f->type, member, out);
        else
            good = f->default_bytes != NULL && cx_buffer_append(out, f->default_bytes, f->default_n) == CX_OK;
    }
    return good;
}

bool cx_schema_default(const cx_type *type, const json_t *value, cx_buffer *out) {
    if (out->n > LARGEST_DEFAULT)
        return false;
    switch (type->kind) {
    case CX_AVRO_NULL:
        return json_is_null(value);
    case CX_AVRO_BOOLEAN:
        return json_is_boolean(value) && cx_buffer_append(out, json_is_true(value) ? "\1" : "\0", 1) == CX_OK;
    case CX_AVRO_INT:
        return put_integer(out, value, INT32_MIN, INT32_MAX);
    case CX_AVRO_LONG:
        return put_integer(out, value, INT64_MIN, INT64_MAX);
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
        return put_float(out, value, type->kind == CX_AVRO_FLOAT);
    case CX_AVRO_STRING:
        return json_is_string(value) && put_long(out, (int64_t)json_string_length(value)) &&
               cx_buffer_append(out, json_string_value(value), json_string_length(value)) == CX_OK;
    case CX_AVRO_BYTES:
    case CX_AVRO_FIXED:
        return put_bytes(out, type, value);
    case CX_AVRO_ENUM:
        return put_enum(out, type, value);
    case CX_AVRO_ARRAY:
        return put_array(out, type, value);
    case CX_AVRO_RECORD:
        return put_record(out, type, value);
    case CX_AVRO_UNION:
        return put_long(out, 0) && cx_schema_default(type->branches[0], value, out);
    case CX_AVRO_MAP:
        break;
    }
    return false; /* a map: no reader has one */
}
