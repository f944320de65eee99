#include "common/wire/visit.h"

#include <stdio.h>

#include "common/wire/path.h"

/* A pointer and a number that lie somewhere in a struct. */
static const void *pointer_at(const void *at) {
    const void *p;
    memcpy(&p, at, sizeof p);
    return p;
}

static uint32_t number_at(const void *at) {
    uint32_t n;
    memcpy(&n, at, sizeof n);
    return n;
}

/* The branch of a union of null and one other type. */
static uint32_t null_branch(const cx_type *type) {
    return type->branches[0]->kind == CX_AVRO_NULL ? 0 : 1;
}

static cx_slot tagged_slot(const cx_field *field, const char *at, uint32_t branch) {
    if (branch >= field->type->branches_n)
        return (cx_slot){.branch = branch};
    const cx_type *type = field->type->branches[branch];
    if (type->kind == CX_AVRO_NULL)
        return (cx_slot){type, NULL, branch};
    bool by_pointer = type->kind == CX_AVRO_RECORD || type->kind == CX_AVRO_FIXED;
    return (cx_slot){type, by_pointer ? pointer_at(at) : at, branch};
}

cx_slot cx_field_slot(const cx_field *field, const void *record) {
    const char *at = (const char *)record + field->offset, *tag = (const char *)record + field->tag;
    const void *value = NULL;
    switch (field->form) {
    case CX_FORM_PLAIN:
        return (cx_slot){field->type, at, 0};
    case CX_FORM_TAG:
        return tagged_slot(field, at, number_at(tag));
    case CX_FORM_POINTER:
        value = pointer_at(at);
        break;
    case CX_FORM_VIEW:
        value = ((const cx_view *)(const void *)at)->p != NULL ? at : NULL;
        break;
    case CX_FORM_FLAG:
        value = *(const bool *)tag ? at : NULL;
        break;
    }
    uint32_t branch = value == NULL ? null_branch(field->type) : 1 - null_branch(field->type);
    return (cx_slot){field->type->branches[branch], value, branch};
}

const cx_field *cx_type_field(const cx_type *record, cx_view name) {
    for (uint32_t i = 0; i < record->fields_n; i++)
        if (cx_view_is(name, record->fields[i].name))
            return &record->fields[i];
    return NULL;
}

const char *cx_type_short_name(const cx_type *type) {
    const char *dot = strrchr(type->name, '.');
    return dot == NULL ? type->name : dot + 1;
}

static bool same(const cx_type *type, const void *a, const void *b, cx_path *path);

static bool same_array(const cx_type *item, const cx_items *a, const cx_items *b, cx_path *path) {
    for (size_t i = 0; i < a->n || i < b->n; i++) {
        bool both = i < a->n && i < b->n;
        size_t at = i * item->size;
        if (both && same(item, (const char *)a->items + at, (const char *)b->items + at, path))
            continue;
        char index[32];
        (void)snprintf(index, sizeof index, "[%zu]", i);
        cx_path_join(path, index);
        return false;
    }
    return true;
}

static bool same_field(const cx_field *field, const void *a, const void *b, cx_path *path) {
    cx_slot x = cx_field_slot(field, a), y = cx_field_slot(field, b);
    bool both = x.value != NULL && y.value != NULL;
    if (x.branch == y.branch && (both ? same(x.type, x.value, y.value, path) : x.value == y.value))
        return true;
    if (path->from < CX_PATH && field->form == CX_FORM_TAG)
        cx_path_join(path, cx_type_short_name(x.type));
    cx_path_join(path, field->name);
    return false;
}

static bool same(const cx_type *type, const void *a, const void *b, cx_path *path) {
    switch (type->kind) {
    case CX_AVRO_STRING:
    case CX_AVRO_BYTES:
        return cx_view_eq(*(const cx_view *)a, *(const cx_view *)b);
    case CX_AVRO_ARRAY:
        return same_array(type->item, a, b, path);
    case CX_AVRO_RECORD:
        for (uint32_t i = 0; i < type->fields_n; i++)
            if (!same_field(&type->fields[i], a, b, path))
                return false;
        return true;
    case CX_AVRO_BOOLEAN:
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
    case CX_AVRO_ENUM:
        return memcmp(a, b, type->size) == 0;
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return true;
}

bool cx_struct_same(const cx_type *type, const void *a, const void *b, char path[CX_PATH]) {
    cx_path found = {.from = CX_PATH};
    bool equal = same(type, a, b, &found);
    if (path != NULL) {
        size_t n = CX_PATH - found.from;
        size_t skip = n == CX_PATH ? 1 : 0; /* room for the NUL */
        (void)memcpy(path, found.text + found.from + skip, n - skip);
        path[n - skip] = '\0';
    }
    return equal;
}
