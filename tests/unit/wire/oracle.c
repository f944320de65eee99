#include "tests/unit/wire/oracle.h"

#include "common/wire/visit.h"

bool oracle_open(oracle *o, const char *json) {
    *o = (oracle){0};
    if (avro_schema_from_json_length(json, strlen(json), &o->schema) != 0)
        return false;
    o->iface = avro_generic_class_from_schema(o->schema);
    o->reader = avro_reader_memory(NULL, 0);
    return avro_generic_value_new(o->iface, &o->value) == 0;
}

void oracle_close(oracle *o) {
    avro_value_decref(&o->value);
    avro_value_iface_decref(o->iface);
    avro_schema_decref(o->schema);
    avro_reader_free(o->reader);
}

bool oracle_read(oracle *o, cx_view datum) {
    char one_more;
    avro_reader_memory_set_source(o->reader, datum.p, (int64_t)datum.n);
    return avro_value_read(o->reader, &o->value) == 0 && avro_read(o->reader, &one_more, 1) != 0;
}

/* Bit by bit: NaNs and negative zero are values too. */
static bool same_bits(const void *a, const void *b, size_t n) {
    return memcmp(a, b, n) == 0;
}

static bool same_number(const avro_value_t *v, const cx_type *type, const void *at) {
    int32_t i = 0;
    int64_t l = 0;
    float f = 0;
    double d = 0;
    int e = 0;
    if (type->kind == CX_AVRO_INT)
        return avro_value_get_int(v, &i) == 0 && i == *(const int32_t *)at;
    if (type->kind == CX_AVRO_LONG)
        return avro_value_get_long(v, &l) == 0 && l == *(const int64_t *)at;
    if (type->kind == CX_AVRO_FLOAT)
        return avro_value_get_float(v, &f) == 0 && same_bits(&f, at, sizeof f);
    if (type->kind == CX_AVRO_DOUBLE)
        return avro_value_get_double(v, &d) == 0 && same_bits(&d, at, sizeof d);
    if (type->kind == CX_AVRO_BOOLEAN)
        return avro_value_get_boolean(v, &e) == 0 && (e != 0) == *(const bool *)at;
    return avro_value_get_enum(v, &e) == 0 && (uint32_t)e == *(const uint32_t *)at;
}

static bool same_bytes(const avro_value_t *v, const cx_type *type, const void *at) {
    size_t n = 0;
    const char *text = NULL;
    const void *p = NULL;
    const cx_view *view = at;
    if (type->kind == CX_AVRO_STRING) /* it counts the NUL */
        return avro_value_get_string(v, &text, &n) == 0 && cx_view_eq(*view, (cx_view){text, n - 1});
    if (type->kind == CX_AVRO_BYTES)
        return avro_value_get_bytes(v, &p, &n) == 0 && cx_view_eq(*view, (cx_view){p, n});
    return avro_value_get_fixed(v, &p, &n) == 0 && n == type->size && memcmp(p, at, n) == 0;
}

static bool same_array(const avro_value_t *v, const cx_type *item, const cx_items *array) {
    size_t n = 0;
    if (avro_value_get_size(v, &n) != 0 || n != array->n)
        return false;
    for (size_t i = 0; i < n; i++) {
        avro_value_t element;
        if (avro_value_get_by_index(v, i, &element, NULL) != 0 ||
            !oracle_same(&element, item, (const char *)array->items + i * item->size))
            return false;
    }
    return true;
}

static bool same_field(const avro_value_t *v, const cx_field *field, const void *record) {
    cx_slot slot = cx_field_slot(field, record);
    avro_value_t branch = *v;
    int which = 0;
    if (field->form != CX_FORM_PLAIN &&
        (avro_value_get_discriminant(v, &which) != 0 || (uint32_t)which != slot.branch ||
         avro_value_get_current_branch(v, &branch) != 0))
        return false;
    if (slot.value == NULL)
        return avro_value_get_null(&branch) == 0;
    return oracle_same(&branch, slot.type, slot.value);
}

static bool same_record(const avro_value_t *v, const cx_type *type, const void *record) {
    for (uint32_t i = 0; i < type->fields_n; i++) {
        avro_value_t field;
        const char *name = NULL;
        if (avro_value_get_by_index(v, i, &field, &name) != 0 || strcmp(name, type->fields[i].name) != 0 ||
            !same_field(&field, &type->fields[i], record))
            return false;
    }
    return true;
}

bool oracle_same(const avro_value_t *v, const cx_type *type, const void *at) {
    switch (type->kind) {
    case CX_AVRO_RECORD:
        return same_record(v, type, at);
    case CX_AVRO_ARRAY:
        return same_array(v, type->item, at);
    case CX_AVRO_STRING:
    case CX_AVRO_BYTES:
    case CX_AVRO_FIXED:
        return same_bytes(v, type, at);
    case CX_AVRO_BOOLEAN:
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_ENUM:
        return same_number(v, type, at);
    case CX_AVRO_NULL:
        return avro_value_get_null(v) == 0;
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return false;
}
