#include "common/wire/schema_parts.h"

#include <stdalign.h>

#include "common/wire/visit.h"

enum { LARGEST_RECORD = 16 * 1024 * 1024 };

uint32_t cx_schema_size(cx_avro_kind kind) {
    switch (kind) {
    case CX_AVRO_BOOLEAN:
        return sizeof(bool);
    case CX_AVRO_INT:
    case CX_AVRO_ENUM:
    case CX_AVRO_FLOAT:
        return 4;
    case CX_AVRO_LONG:
    case CX_AVRO_DOUBLE:
        return 8;
    case CX_AVRO_BYTES:
    case CX_AVRO_STRING:
        return sizeof(cx_view);
    case CX_AVRO_ARRAY:
        return sizeof(cx_items);
    case CX_AVRO_FIXED:
    case CX_AVRO_NULL:
    case CX_AVRO_RECORD:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return 0;
}

uint32_t cx_schema_align(cx_avro_kind kind) {
    uint32_t size = cx_schema_size(kind);
    uint32_t most = alignof(cx_view);
    return size == 0 ? 1 : size < most ? size : most;
}

/* What stands in the struct: a value, or a pointer to it. */
typedef struct place {
    uint32_t size;
    uint32_t align;
} place;

static place value_place(const cx_type *type) {
    return (place){type->size, type->align};
}

/* The C union of a tagged union's branches. */
static place union_place(const cx_type *type) {
    place all = {0, 1};
    for (uint32_t i = 0; i < type->branches_n; i++) {
        const cx_type *b = type->branches[i];
        if (b->kind == CX_AVRO_NULL)
            continue;
        bool by_pointer = b->kind == CX_AVRO_RECORD || b->kind == CX_AVRO_FIXED;
        place one = by_pointer ? (place){sizeof(void *), alignof(void *)} : value_place(b);
        all.size = one.size > all.size ? one.size : all.size;
        all.align = one.align > all.align ? one.align : all.align;
    }
    all.size = (all.size + all.align - 1) / all.align * all.align;
    return all;
}

static place field_place(const cx_field *field) {
    if (field->form == CX_FORM_PLAIN)
        return value_place(field->type);
    if (field->form == CX_FORM_POINTER)
        return (place){sizeof(void *), alignof(void *)};
    if (field->form == CX_FORM_TAG)
        return union_place(field->type);
    return value_place(field->type->branches[field->type->branches[0]->kind == CX_AVRO_NULL ? 1 : 0]);
}

static cx_form form_of(const cx_type *type) {
    if (type->kind != CX_AVRO_UNION)
        return CX_FORM_PLAIN;
    if (type->branches_n != 2)
        return CX_FORM_TAG;
    bool first = type->branches[0]->kind == CX_AVRO_NULL, second = type->branches[1]->kind == CX_AVRO_NULL;
    if (!first && !second)
        return CX_FORM_TAG;
    cx_avro_kind kind = type->branches[first ? 1 : 0]->kind;
    if (kind == CX_AVRO_RECORD || kind == CX_AVRO_FIXED)
        return CX_FORM_POINTER;
    return kind == CX_AVRO_STRING || kind == CX_AVRO_BYTES ? CX_FORM_VIEW : CX_FORM_FLAG;
}

static uint32_t lay(uint64_t *end, uint32_t *align, place where) {
    *end = (*end + where.align - 1) / where.align * where.align;
    uint64_t at = *end;
    *end += where.size;
    *align = where.align > *align ? where.align : *align;
    return (uint32_t)at;
}

bool cx_schema_layout(cx_type *record, cx_field *fields) {
    uint64_t end = 0;
    uint32_t align = 1;
    for (uint32_t i = 0; i < record->fields_n && end <= LARGEST_RECORD; i++) {
        cx_field *f = &fields[i];
        f->form = form_of(f->type);
        if (f->form == CX_FORM_FLAG)
            f->tag = lay(&end, &align, (place){sizeof(bool), alignof(bool)});
        if (f->form == CX_FORM_TAG)
            f->tag = lay(&end, &align, (place){4, 4});
        f->offset = lay(&end, &align, field_place(f));
    }
    if (record->fields_n == 0)
        end = 1;
    record->align = align;
    record->size = (uint32_t)((end + align - 1) / align * align);
    return end <= LARGEST_RECORD;
}
