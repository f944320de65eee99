#include "common/wire/schema.h"

#include "common/wire/schema_parts.h"

/* Deeper nesting than this no schema needs; it bounds the recursion of everything that walks a type. */
enum { DEEPEST = 64, LARGEST_JSON = 4 * 1024 * 1024, LARGEST_FIXED = 1024 * 1024, MOST_FIELDS = 4096 };

typedef struct named {
    struct named *next;
    cx_type *type;
    bool open; /* its fields are being read */
} named;

typedef struct parser {
    cx_arena *arena;
    cx_err *err;
    named *first;
    int depth;
} parser;

static const struct {
    const char *name;
    cx_avro_kind kind;
} primitives[] = {{"null", CX_AVRO_NULL},    {"boolean", CX_AVRO_BOOLEAN}, {"int", CX_AVRO_INT},
                  {"long", CX_AVRO_LONG},    {"float", CX_AVRO_FLOAT},     {"double", CX_AVRO_DOUBLE},
                  {"bytes", CX_AVRO_BYTES},  {"string", CX_AVRO_STRING},   {"fixed", CX_AVRO_FIXED},
                  {"enum", CX_AVRO_ENUM},    {"array", CX_AVRO_ARRAY},     {"record", CX_AVRO_RECORD},
                  {"error", CX_AVRO_RECORD}, {"map", CX_AVRO_MAP}};

static cx_rc read_type(parser *p, const json_t *json, const char *space, cx_type **out);

static cx_rc invalid(parser *p, const char *what, const char *name) {
    return cx_fail(p->err, CX_SCHEMA_INVALID, "the schema: %s%s%.200s", what, name != NULL ? ": " : "",
                   name != NULL ? name : "");
}

static cx_rc no_memory(parser *p) {
    return cx_fail(p->err, CX_OUT_OF_MEMORY, NULL);
}

/* CX_AVRO_UNION stands for "no such name". */
static cx_avro_kind kind_by_name(const char *name) {
    for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++)
        if (strcmp(primitives[i].name, name) == 0)
            return primitives[i].kind;
    return CX_AVRO_UNION;
}

static bool is_primitive(cx_avro_kind kind) {
    return kind <= CX_AVRO_STRING;
}

/* The full name of `name` where `space` is the namespace around it; NULL when out of memory. */
static const char *full_name(parser *p, const char *name, const char *space) {
    if (strchr(name, '.') != NULL || *space == '\0')
        return cx_arena_copy(p->arena, cx_view_of(name)).p;
    return cx_arena_printf(p->arena, "%s.%s", space, name).p;
}

static cx_rc new_type(parser *p, cx_avro_kind kind, const char *name, cx_type **out) {
    *out = cx_arena_calloc(p->arena, 1, sizeof **out);
    if (*out == NULL)
        return no_memory(p);
    **out = (cx_type){.kind = kind,
                      .name = name,
                      .size = cx_schema_size(kind),
                      .align = cx_schema_align(kind),
                      .default_symbol = -1};
    return CX_OK;
}

static cx_rc read_reference(parser *p, const char *name, const char *space, cx_type **out) {
    cx_avro_kind kind = kind_by_name(name);
    if (is_primitive(kind))
        for (size_t i = 0;; i++)
            if (primitives[i].kind == kind)
                return new_type(p, kind, primitives[i].name, out);
    const char *full = full_name(p, name, space);
    if (full == NULL)
        return no_memory(p);
    for (named *n = p->first; n != NULL; n = n->next) {
        if (strcmp(n->type->name, full) != 0)
            continue;
        if (n->open)
            return cx_fail(p->err, CX_SCHEMA_RECURSIVE, "the schema: %.200s contains itself", full);
        *out = n->type;
        return CX_OK;
    }
    return invalid(p, "a type is used that was not defined before", full);
}

/* Strings of a JSON array into a list that ends in NULL; NULL where it is not there. */
static cx_rc read_strings(parser *p, const json_t *json, const char *space, const char *const **out,
                          uint32_t *n) {
    size_t count = json_array_size(json);
    const char **list = cx_arena_calloc(p->arena, count + 1, sizeof *list);
    if (list == NULL)
        return no_memory(p);
    for (size_t i = 0; i < count; i++) {
        const char *s = json_string_value(json_array_get(json, i));
        if (s == NULL || !cx_schema_is_name(s, space != NULL))
            return invalid(p, "a symbol or alias is no name", s);
        list[i] = space != NULL ? full_name(p, s, space) : cx_arena_copy(p->arena, cx_view_of(s)).p;
        if (list[i] == NULL)
            return no_memory(p);
        for (size_t j = 0; j < i; j++)
            if (strcmp(list[i], list[j]) == 0)
                return invalid(p, "a symbol or alias stands twice", s);
    }
    *out = count > 0 ? list : NULL;
    if (n != NULL)
        *n = (uint32_t)count;
    return CX_OK;
}

static cx_rc read_enum(parser *p, const json_t *json, cx_type *type) {
    CX_TRY(read_strings(p, json_object_get(json, "symbols"), NULL, &type->symbols, &type->symbols_n));
    if (type->symbols_n == 0)
        return invalid(p, "an enumeration without symbols", type->name);
    const char *preset = json_string_value(json_object_get(json, "default"));
    for (uint32_t i = 0; preset != NULL && i < type->symbols_n; i++)
        if (strcmp(type->symbols[i], preset) == 0)
            type->default_symbol = (int32_t)i;
    if (preset != NULL && type->default_symbol < 0)
        return invalid(p, "an enumeration's default is no symbol of it", type->name);
    return CX_OK;
}

static cx_rc read_fixed(parser *p, const json_t *json, cx_type *type) {
    const json_t *size = json_object_get(json, "size");
    json_int_t n = json_integer_value(size);
    if (!json_is_integer(size) || n < 0 || n > LARGEST_FIXED)
        return invalid(p, "a fixed's size is not 0 to 1 MiB", type->name);
    type->size = (uint32_t)n;
    return CX_OK;
}

/* A default that is no value of the type counts as none: writers' schemas often hold such. */
static cx_rc read_default(parser *p, const json_t *json, cx_field *field) {
    const json_t *value = json_object_get(json, "default");
    cx_buffer bytes = {0};
    if (value != NULL && cx_schema_default(field->type, value, &bytes)) {
        field->default_n = bytes.n;
        field->default_bytes = (const uint8_t *)cx_arena_copy(p->arena, cx_buffer_view(&bytes, 0)).p;
    }
    bool lost = field->default_n > 0 && field->default_bytes == NULL;
    cx_buffer_free(&bytes);
    return lost ? no_memory(p) : CX_OK;
}

static cx_rc read_field(parser *p, const json_t *json, const char *space, cx_field *field) {
    const char *name = json_string_value(json_object_get(json, "name"));
    if (name == NULL || !cx_schema_is_name(name, false))
        return invalid(p, "a field has no name that is allowed", name);
    field->name = cx_arena_copy(p->arena, cx_view_of(name)).p;
    if (field->name == NULL)
        return no_memory(p);
    cx_type *type;
    CX_TRY(read_type(p, json_object_get(json, "type"), space, &type));
    field->type = type;
    CX_TRY(read_strings(p, json_object_get(json, "aliases"), NULL, &field->aliases, NULL));
    return read_default(p, json, field);
}

static cx_rc read_record(parser *p, const json_t *json, const char *space, cx_type *type) {
    const json_t *list = json_object_get(json, "fields");
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > MOST_FIELDS)
        return invalid(p, "a record has no list of fields, or too many", type->name);
    cx_field *fields = cx_arena_calloc(p->arena, n, sizeof *fields);
    if (fields == NULL)
        return no_memory(p);
    for (size_t i = 0; i < n; i++) {
        CX_TRY(read_field(p, json_array_get(list, i), space, &fields[i]));
        for (size_t j = 0; j < i; j++)
            if (strcmp(fields[i].name, fields[j].name) == 0)
                return invalid(p, "a field stands twice", fields[i].name);
    }
    type->fields = fields;
    type->fields_n = (uint32_t)n;
    return cx_schema_layout(type, fields) ? CX_OK : invalid(p, "a record is larger than 16 MiB", type->name);
}

static cx_rc read_named(parser *p, cx_avro_kind kind, const json_t *json, const char *space, cx_type **out) {
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *own = json_string_value(json_object_get(json, "namespace"));
    if (name == NULL || !cx_schema_is_name(name, true) ||
        (own != NULL && *own != '\0' && !cx_schema_is_name(own, true)))
        return invalid(p, "a type has no name that is allowed", name);
    const char *full = full_name(p, name, own != NULL ? own : space);
    named *entry = cx_arena_calloc(p->arena, 1, sizeof *entry);
    if (full == NULL || entry == NULL)
        return no_memory(p);
    for (named *n = p->first; n != NULL; n = n->next)
        if (strcmp(n->type->name, full) == 0)
            return invalid(p, "a type is defined twice", full);
    CX_TRY(new_type(p, kind, full, out));
    *entry = (named){p->first, *out, true};
    p->first = entry;
    const char *dot = strrchr(full, '.');
    cx_view inside = cx_arena_copy(p->arena, (cx_view){full, dot == NULL ? 0 : (size_t)(dot - full)});
    if (inside.p == NULL)
        return no_memory(p);
    CX_TRY(read_strings(p, json_object_get(json, "aliases"), inside.p, &(*out)->aliases, NULL));
    if (kind == CX_AVRO_RECORD)
        CX_TRY(read_record(p, json, inside.p, *out));
    else
        CX_TRY(kind == CX_AVRO_ENUM ? read_enum(p, json, *out) : read_fixed(p, json, *out));
    entry->open = false;
    return CX_OK;
}

static cx_rc read_union(parser *p, const json_t *json, const char *space, cx_type **out) {
    size_t n = json_array_size(json);
    const cx_type **branches = cx_arena_calloc(p->arena, n, sizeof *branches);
    if (branches == NULL)
        return no_memory(p);
    for (size_t i = 0; i < n; i++) {
        cx_type *branch;
        CX_TRY(read_type(p, json_array_get(json, i), space, &branch));
        if (branch->kind == CX_AVRO_UNION)
            return invalid(p, "a union holds a union", NULL);
        for (size_t j = 0; j < i; j++)
            if (strcmp(branches[j]->name, branch->name) == 0)
                return invalid(p, "a type stands twice in a union", branch->name);
        branches[i] = branch;
    }
    if (n == 0)
        return invalid(p, "a union without branches", NULL);
    CX_TRY(new_type(p, CX_AVRO_UNION, "union", out));
    (*out)->branches = branches;
    (*out)->branches_n = (uint32_t)n;
    return CX_OK;
}

static cx_logical logical_of(cx_avro_kind kind, const json_t *json) {
    const char *name = json_string_value(json_object_get(json, "logicalType"));
    if (name != NULL && kind == CX_AVRO_INT && strcmp(name, "date") == 0)
        return CX_LOGICAL_DATE;
    if (name != NULL && kind == CX_AVRO_LONG && strcmp(name, "timestamp-millis") == 0)
        return CX_LOGICAL_TIMESTAMP_MILLIS;
    return CX_LOGICAL_NONE;
}

static cx_rc read_object(parser *p, const json_t *json, const char *space, cx_type **out) {
    const json_t *type = json_object_get(json, "type");
    const char *name = json_string_value(type);
    if (name == NULL)
        return read_type(p, type, space, out);
    cx_avro_kind kind = kind_by_name(name);
    if (kind == CX_AVRO_RECORD || kind == CX_AVRO_ENUM || kind == CX_AVRO_FIXED)
        return read_named(p, kind, json, space, out);
    if (kind == CX_AVRO_ARRAY || kind == CX_AVRO_MAP) {
        cx_type *item;
        CX_TRY(read_type(p, json_object_get(json, kind == CX_AVRO_ARRAY ? "items" : "values"), space, &item));
        CX_TRY(new_type(p, kind, kind == CX_AVRO_ARRAY ? "array" : "map", out));
        (*out)->item = item;
        return CX_OK;
    }
    CX_TRY(read_reference(p, name, space, out));
    if (is_primitive(kind))
        (*out)->logical = logical_of(kind, json);
    return CX_OK;
}

static cx_rc read_type(parser *p, const json_t *json, const char *space, cx_type **out) {
    if (p->depth >= DEEPEST)
        return invalid(p, "types are nested deeper than allowed", NULL);
    p->depth++;
    cx_rc rc;
    if (json_is_string(json))
        rc = read_reference(p, json_string_value(json), space, out);
    else if (json_is_array(json))
        rc = read_union(p, json, space, out);
    else if (json_is_object(json))
        rc = read_object(p, json, space, out);
    else
        rc = invalid(p, "a type is missing, or is no type", NULL);
    p->depth--;
    return rc;
}

cx_rc cx_schema_parse(cx_view text, cx_arena *arena, const cx_type **out, cx_err *err) {
    parser p = {.arena = arena, .err = err};
    if (text.n > LARGEST_JSON)
        return invalid(&p, "longer than 4 MiB", NULL);
    json_error_t where;
    json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (json == NULL)
        return cx_fail(err, CX_SCHEMA_INVALID, "the schema is no JSON: line %d, column %d", where.line,
                       where.column);
    cx_type *type;
    cx_rc rc = read_type(&p, json, "", &type);
    json_decref(json);
    if (rc == CX_OK)
        *out = type;
    return rc;
}
