#include "ops/cli/event_json.h"

#include <jansson.h>

#include "common/base/time.h"

enum { PATH = 160, MAX_DEPTH = 16 };

struct reading {
    cx_arena *arena;
    cx_err *err;
    char path[PATH];
    int depth;
};

static cx_rc read_value(struct reading *r, const cx_type *type, json_t *json, void *out);

static cx_rc fail(const struct reading *r, const char *what) {
    return cx_fail(r->err, CX_JSON, "%s: %s", r->path[0] != '\0' ? r->path : "the line", what);
}

static cx_rc read_text(struct reading *r, json_t *json, cx_view *out) {
    if (!json_is_string(json))
        return fail(r, "a text is needed");
    *out = cx_arena_copy(r->arena, (cx_view){json_string_value(json), json_string_length(json)});
    return out->p != NULL ? CX_OK : cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc read_integer(const struct reading *r, json_t *json, int64_t least, int64_t most, int64_t *out) {
    *out = json_is_integer(json) ? json_integer_value(json) : 0;
    if (!json_is_integer(json) || *out < least || *out > most)
        return fail(r, "a whole number in range is needed");
    return CX_OK;
}

static cx_rc read_int(struct reading *r, const cx_type *type, json_t *json, int32_t *out) {
    int64_t number;
    cx_view text;
    if (type->logical != CX_LOGICAL_DATE) {
        CX_TRY(read_integer(r, json, INT32_MIN, INT32_MAX, &number));
        *out = (int32_t)number;
        return CX_OK;
    }
    CX_TRY(read_text(r, json, &text));
    return cx_date_parse(text, out) ? CX_OK : fail(r, "a date such as 2026-03-02 is needed");
}

static cx_rc read_long(struct reading *r, const cx_type *type, json_t *json, int64_t *out) {
    cx_view text;
    if (type->logical != CX_LOGICAL_TIMESTAMP_MILLIS)
        return read_integer(r, json, INT64_MIN, INT64_MAX, out);
    CX_TRY(read_text(r, json, &text));
    return cx_time_parse(text, out) ? CX_OK : fail(r, "a time such as 2026-03-02T09:00:00+08:00 is needed");
}

static cx_rc read_enum(const struct reading *r, const cx_type *type, json_t *json, int32_t *out) {
    const char *symbol = json_string_value(json);
    for (uint32_t i = 0; symbol != NULL && i < type->symbols_n; i++)
        if (strcmp(symbol, type->symbols[i]) == 0) {
            *out = (int32_t)i;
            return CX_OK;
        }
    return fail(r, "not one of the words that docs/events.md lists");
}

static cx_rc read_array(struct reading *r, const cx_type *type, json_t *json, void *out) {
    struct {
        void *items;
        size_t n;
    } array = {NULL, json_array_size(json)};
    if (!json_is_array(json))
        return fail(r, "a list is needed");
    array.items = cx_arena_calloc(r->arena, array.n + 1, type->item->size);
    if (array.items == NULL)
        return cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < array.n; i++)
        CX_TRY(
            read_value(r, type->item, json_array_get(json, i), (char *)array.items + i * type->item->size));
    (void)memcpy(out, &array, sizeof array);
    return CX_OK;
}

/* A value that lies behind a pointer. */
static cx_rc read_pointed(struct reading *r, const cx_type *type, json_t *json, void *at) {
    void *value = cx_arena_calloc(r->arena, 1, type->size);
    if (value == NULL)
        return cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
    (void)memcpy(at, &value, sizeof value);
    return read_value(r, type, json, value);
}

static bool fits_plainly(const cx_type *type, const json_t *json) {
    return (type->kind == CX_AVRO_BOOLEAN && json_is_boolean(json)) ||
           (type->kind == CX_AVRO_LONG && json_is_integer(json)) ||
           (type->kind == CX_AVRO_STRING && json_is_string(json));
}

static cx_rc read_union(struct reading *r, const cx_field *field, json_t *json, char *record) {
    const cx_type *type = field->type;
    const char *name = json_is_object(json) && json_object_size(json) == 1
                           ? json_object_iter_key(json_object_iter(json))
                           : NULL;
    for (uint32_t i = 0; i < type->branches_n; i++) {
        const cx_type *branch = type->branches[i];
        bool is_record = branch->kind == CX_AVRO_RECORD;
        if (is_record ? name == NULL || strcmp(name, cx_type_short_name(branch)) != 0
                      : !fits_plainly(branch, json))
            continue;
        (void)memcpy(record + field->tag, &i, sizeof i);
        return is_record ? read_pointed(r, branch, json_object_get(json, name), record + field->offset)
                         : read_value(r, branch, json, record + field->offset);
    }
    return fail(r, name != NULL ? "there is no such kind" : "not of a kind that this field may have");
}

static const cx_type *other_than_null(const cx_type *type) {
    return type->branches[0]->kind == CX_AVRO_NULL ? type->branches[1] : type->branches[0];
}

static cx_rc read_field(struct reading *r, const cx_field *field, json_t *json, char *record) {
    switch (field->form) {
    case CX_FORM_PLAIN:
        return read_value(r, field->type, json, record + field->offset);
    case CX_FORM_POINTER:
        return read_pointed(r, other_than_null(field->type), json, record + field->offset);
    case CX_FORM_FLAG:
        *(bool *)(record + field->tag) = true;
        return read_value(r, other_than_null(field->type), json, record + field->offset);
    case CX_FORM_VIEW:
        return read_value(r, other_than_null(field->type), json, record + field->offset);
    case CX_FORM_TAG:
        return read_union(r, field, json, record);
    }
    return fail(r, "not of a kind that this field may have");
}

/* Every default of an inbound event is null, false, "" or []: what a cleared struct holds already. */
static bool default_is_zero(const cx_field *field) {
    return field->default_bytes != NULL && field->default_n == 1 && field->default_bytes[0] == 0;
}

static cx_rc read_record(struct reading *r, const cx_type *type, json_t *json, char *out) {
    if (!json_is_object(json))
        return fail(r, "an object is needed");
    size_t known = 0, n = strlen(r->path);
    for (uint32_t i = 0; i < type->fields_n; i++) {
        const cx_field *field = &type->fields[i];
        json_t *value = json_object_get(json, field->name);
        known += value != NULL;
        (void)snprintf(r->path + n, sizeof r->path - n, "%s%s", n > 0 ? "." : "", field->name);
        bool absent = value == NULL || json_is_null(value);
        if (absent && !default_is_zero(field))
            return fail(r, "is missing");
        if (!absent)
            CX_TRY(read_field(r, field, value, out));
        r->path[n] = '\0';
    }
    return known == json_object_size(json) ? CX_OK : fail(r, "has a name that the schema does not know");
}

static cx_rc read_value(struct reading *r, const cx_type *type, json_t *json, void *out) {
    if (++r->depth > MAX_DEPTH)
        return fail(r, "too deep");
    cx_rc rc = CX_OK;
    switch (type->kind) {
    case CX_AVRO_RECORD:
        rc = read_record(r, type, json, out);
        break;
    case CX_AVRO_ARRAY:
        rc = read_array(r, type, json, out);
        break;
    case CX_AVRO_STRING:
        rc = read_text(r, json, out);
        break;
    case CX_AVRO_BOOLEAN:
        *(bool *)out = json_is_true(json);
        rc = json_is_boolean(json) ? CX_OK : fail(r, "true or false is needed");
        break;
    case CX_AVRO_INT:
        rc = read_int(r, type, json, out);
        break;
    case CX_AVRO_LONG:
        rc = read_long(r, type, json, out);
        break;
    case CX_AVRO_ENUM:
        rc = read_enum(r, type, json, out);
        break;
    case CX_AVRO_NULL:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_BYTES:
    case CX_AVRO_FIXED:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        rc = fail(r, "not of a kind that an event holds");
        break;
    }
    r->depth--;
    return rc;
}

cx_rc cx_json_read(const cx_type *type, cx_view line, cx_arena *arena, void *out, cx_err *err) {
    json_error_t why;
    json_t *json = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL)
        return cx_fail(err, CX_JSON, "column %d: not JSON", why.column);
    struct reading r = {.arena = arena, .err = err};
    (void)memset(out, 0, type->size);
    cx_rc rc = read_value(&r, type, json, out);
    json_decref(json);
    return rc;
}
