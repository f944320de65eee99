/* Resolution once more, value by value: the specification's words, as directly as they can be written. */
#include <string.h>

#include "common/wire/visit.h"
#include "tests/unit/wire/schema_pair.h"

static bool is_number(const cx_type *t) {
    return t->kind == CX_AVRO_INT || t->kind == CX_AVRO_LONG || t->kind == CX_AVRO_FLOAT ||
           t->kind == CX_AVRO_DOUBLE;
}

/* Types of the same kind, and name where they have one. */
static bool alike(const cx_type *writer, const cx_type *reader) {
    return writer->kind == reader->kind && strcmp(writer->name, reader->name) == 0;
}

static bool promotable(const cx_type *writer, const cx_type *reader) {
    bool texts = (writer->kind == CX_AVRO_STRING || writer->kind == CX_AVRO_BYTES) &&
                 (reader->kind == CX_AVRO_STRING || reader->kind == CX_AVRO_BYTES);
    return texts || (is_number(writer) && is_number(reader) && writer->kind < reader->kind);
}

static void expect_number(const cx_type *writer, const void *value, const cx_type *reader, void *out) {
    int64_t whole = writer->kind == CX_AVRO_INT    ? *(const int32_t *)value
                    : writer->kind == CX_AVRO_LONG ? *(const int64_t *)value
                                                   : 0;
    bool integer = writer->kind == CX_AVRO_INT || writer->kind == CX_AVRO_LONG;
    double real = writer->kind == CX_AVRO_FLOAT ? (double)*(const float *)value : 0;
    if (writer->kind == reader->kind)
        memcpy(out, value, reader->size);
    else if (reader->kind == CX_AVRO_LONG)
        *(int64_t *)out = whole;
    else if (reader->kind == CX_AVRO_FLOAT)
        *(float *)out = (float)whole;
    else
        *(double *)out = integer ? (double)whole : real;
}

static bool expect_enum(const cx_type *writer, uint32_t value, const cx_type *reader, uint32_t *out) {
    for (uint32_t i = 0; i < reader->symbols_n; i++)
        if (strcmp(reader->symbols[i], writer->symbols[value]) == 0) {
            *out = i;
            return true;
        }
    *out = (uint32_t)reader->default_symbol;
    return reader->default_symbol >= 0;
}

static bool expect_plain(const cx_type *writer, const void *value, const cx_type *reader, void *out,
                         cx_arena *arena);

static bool expect_array(const cx_type *writer, const cx_items *value, const cx_type *reader, cx_items *out,
                         cx_arena *arena) {
    char *items = cx_arena_calloc(arena, value->n, reader->size);
    *out = (cx_items){items, value->n};
    for (size_t i = 0; i < value->n; i++)
        if (!expect_plain(writer, (const char *)value->items + i * writer->size, reader,
                          items + i * reader->size, arena))
            return false;
    return true;
}

static bool expect_plain(const cx_type *writer, const void *value, const cx_type *reader, void *out,
                         cx_arena *arena) {
    if (!alike(writer, reader) && !promotable(writer, reader))
        return false;
    if (is_number(writer))
        expect_number(writer, value, reader, out);
    else if (writer->kind == CX_AVRO_ENUM)
        return expect_enum(writer, *(const uint32_t *)value, reader, out);
    else if (writer->kind == CX_AVRO_ARRAY)
        return expect_array(writer->item, value, reader->item, out, arena);
    else if (writer->kind == CX_AVRO_RECORD)
        return expected_value(writer, value, reader, out, arena);
    else
        memcpy(out, value, reader->size);
    return true;
}

/* The first branch of the same type, else the first that can be had by promotion. */
static const cx_type *branch_for(const cx_type *writer, const cx_type *reader, uint32_t *at) {
    for (*at = 0; *at < reader->branches_n; ++*at)
        if (alike(writer, reader->branches[*at]))
            return reader->branches[*at];
    for (*at = 0; *at < reader->branches_n; ++*at)
        if (promotable(writer, reader->branches[*at]))
            return reader->branches[*at];
    return NULL;
}

static bool expect_union(cx_slot from, const cx_field *field, char *out, cx_arena *arena) {
    uint32_t at;
    const cx_type *branch = branch_for(from.type, field->type, &at);
    if (branch == NULL)
        return false;
    if (field->form == CX_FORM_TAG)
        memcpy(out + field->tag, &at, sizeof at);
    if (branch->kind == CX_AVRO_NULL)
        return true;
    if (field->form == CX_FORM_FLAG)
        *(bool *)(out + field->tag) = true;
    if (branch->kind != CX_AVRO_RECORD && branch->kind != CX_AVRO_FIXED)
        return expect_plain(from.type, from.value, branch, out + field->offset, arena);
    void *p = cx_arena_calloc(arena, 1, branch->size);
    memcpy(out + field->offset, &p, sizeof p);
    return expect_plain(from.type, from.value, branch, p, arena);
}

/* The defaults of schema_pair.c: 7, "preset", true, null. */
static void expect_default(const cx_field *field, char *out) {
    bool first = field->type->kind == CX_AVRO_UNION;
    const cx_type *type = first ? field->type->branches[0] : field->type;
    char *at = out + field->offset;
    if (field->form == CX_FORM_FLAG)
        *(bool *)(out + field->tag) = true;
    if (type->kind == CX_AVRO_LONG)
        *(int64_t *)(void *)at = 7;
    else if (type->kind == CX_AVRO_STRING)
        *(cx_view *)(void *)at = CX_VIEW("preset");
    else if (type->kind == CX_AVRO_BOOLEAN)
        *(bool *)at = true;
}

bool expected_value(const cx_type *writer, const void *value, const cx_type *reader, void *out,
                    cx_arena *arena) {
    for (uint32_t i = 0; i < reader->fields_n; i++) {
        const cx_field *to = &reader->fields[i], *from = cx_type_field(writer, cx_view_of(to->name));
        char *record = out;
        if (from == NULL) {
            expect_default(to, record);
            continue;
        }
        cx_slot slot = cx_field_slot(from, value);
        bool good = to->form != CX_FORM_PLAIN
                        ? expect_union(slot, to, record, arena)
                        : expect_plain(slot.type, slot.value, to->type, record + to->offset, arena);
        if (!good)
            return false;
    }
    return true;
}
