/* Schema resolution: the writer's type against the reader's, as a program (Avro specification, "Schema
 * Resolution"). */
#include "common/wire/plan.h"

#include <stdio.h>
#include <string.h>

enum { DEEPEST = 64 };

/* Where a value goes: the reader's type, and its place from dst on. */
typedef struct target {
    const cx_type *type;
    cx_form form;
    uint32_t offset;
    uint32_t tag;
} target;

static void resolve(cx_builder *b, const cx_type *writer, target to);
static void resolve_fields(cx_builder *b, const cx_type *writer, const cx_type *reader, uint32_t base,
                           uint32_t head);

static void emit(cx_builder *b, cx_op_code code, uint32_t offset, uint32_t n) {
    (void)cx_plan_emit(b, (cx_op){.code = (uint16_t)code, .offset = offset, .b = n});
}

static void incompatible(cx_builder *b, const cx_type *writer, const cx_type *reader) {
    char what[200];
    (void)snprintf(what, sizeof what, "the writer's %.80s cannot become the reader's %.80s", writer->name,
                   reader->name);
    cx_plan_refuse(b, CX_SCHEMA_INCOMPATIBLE, what);
}

/* --- values that are no unions --- */

static void resolve_enum(cx_builder *b, const cx_type *writer, const cx_type *reader, uint32_t offset) {
    uint32_t other = reader->default_symbol < 0 ? CX_PLAN_NO_SYMBOL : (uint32_t)reader->default_symbol;
    uint32_t table = cx_plan_table(b, writer->symbols_n, other);
    bool same = true;
    for (uint32_t i = 0; i < writer->symbols_n && b->rc == CX_OK; i++) {
        for (uint32_t j = 0; j < reader->symbols_n; j++)
            if (strcmp(writer->symbols[i], reader->symbols[j]) == 0)
                b->plan->tables[table + i] = j;
        same = same && b->plan->tables[table + i] == i;
    }
    (void)cx_plan_emit(b, (cx_op){.code = (uint16_t)(same ? CX_OP_ENUM : CX_OP_ENUM_MAP),
                                  .offset = offset,
                                  .b = writer->symbols_n,
                                  .c = table});
}

static void resolve_array(cx_builder *b, const cx_type *writer, const cx_type *reader, uint32_t offset) {
    const cx_type *item = reader->item;
    uint32_t before = cx_plan_enter(b, "[]");
    if (item->kind == CX_AVRO_UNION || item->kind == CX_AVRO_MAP)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the reader's array holds what no generated struct can");
    cx_plan_frame(b, 1);
    uint32_t array = cx_plan_emit(
        b,
        (cx_op){.code = CX_OP_ARRAY, .a = cx_plan_least(b, writer->item), .offset = offset, .b = item->size});
    resolve(b, writer->item, (target){.type = item, .form = CX_FORM_PLAIN});
    (void)cx_plan_emit(b, (cx_op){.code = CX_OP_NEXT, .b = item->size, .c = array + 1});
    cx_plan_land(b, array);
    cx_plan_frame(b, -1);
    b->node = before;
}

static void resolve_number(cx_builder *b, cx_avro_kind from, cx_avro_kind to, uint32_t offset) {
    static const cx_op_code ops[][4] = {
        /* to:  int, long, float, double */
        {CX_OP_INT, CX_OP_INT_TO_LONG, CX_OP_INT_TO_FLOAT, CX_OP_INT_TO_DOUBLE},
        {CX_OP_FAIL, CX_OP_LONG, CX_OP_LONG_TO_FLOAT, CX_OP_LONG_TO_DOUBLE},
        {CX_OP_FAIL, CX_OP_FAIL, CX_OP_FIXED, CX_OP_FLOAT_TO_DOUBLE},
        {CX_OP_FAIL, CX_OP_FAIL, CX_OP_FAIL, CX_OP_FIXED}};
    emit(b, ops[from - CX_AVRO_INT][to - CX_AVRO_INT], offset, to == CX_AVRO_FLOAT ? 4 : 8);
}

static void resolve_value(cx_builder *b, const cx_type *writer, const cx_type *reader, uint32_t offset) {
    switch (reader->kind) {
    case CX_AVRO_NULL:
        break;
    case CX_AVRO_BOOLEAN:
        emit(b, CX_OP_BOOLEAN, offset, 0);
        break;
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
        resolve_number(b, writer->kind, reader->kind, offset);
        break;
    case CX_AVRO_STRING: /* of bytes too: they must be UTF-8 then */
        emit(b, CX_OP_STRING, offset, 0);
        break;
    case CX_AVRO_BYTES: /* of a string, they are UTF-8 still */
        emit(b, writer->kind == CX_AVRO_STRING ? CX_OP_STRING : CX_OP_BYTES, offset, 0);
        break;
    case CX_AVRO_FIXED:
        emit(b, CX_OP_FIXED, offset, reader->size);
        break;
    case CX_AVRO_ENUM:
        resolve_enum(b, writer, reader, offset);
        break;
    case CX_AVRO_ARRAY:
        resolve_array(b, writer, reader, offset);
        break;
    case CX_AVRO_RECORD:
        resolve_fields(b, writer, reader, offset, b->depth == 1 ? b->head : UINT32_MAX);
        break;
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the reader's schema holds what no generated struct can");
        break;
    }
}

/* --- unions --- */

static void resolve_behind_pointer(cx_builder *b, const cx_type *writer, const cx_type *reader,
                                   uint32_t offset) {
    if (reader->kind == CX_AVRO_FIXED) {
        emit(b, CX_OP_FIXED_REF, offset, reader->size);
        return;
    }
    cx_plan_frame(b, 1);
    emit(b, CX_OP_NEW, offset, reader->size);
    resolve_value(b, writer, reader, 0);
    emit(b, CX_OP_LEAVE, 0, 0);
    cx_plan_frame(b, -1);
}

/* The writer's type is no union. Null needs no operation but a tag: the struct is zeroed. */
static void resolve_branch(cx_builder *b, const cx_type *writer, target to) {
    uint32_t at = 0;
    const cx_type *branch = cx_plan_best_branch(writer, to.type, &at);
    if (branch == NULL) {
        incompatible(b, writer, to.type);
        return;
    }
    uint32_t before = b->node;
    bool pointer = branch->kind == CX_AVRO_RECORD || branch->kind == CX_AVRO_FIXED;
    if (to.form == CX_FORM_TAG) {
        emit(b, CX_OP_SET_TAG, to.tag, at);
        if (branch->kind != CX_AVRO_NULL)
            before = cx_plan_enter(b, cx_type_short_name(branch));
    }
    if (to.form == CX_FORM_FLAG && branch->kind != CX_AVRO_NULL)
        emit(b, CX_OP_SET_FLAG, to.tag, 0);
    if (pointer)
        resolve_behind_pointer(b, writer, branch, to.offset);
    else
        resolve_value(b, writer, branch, to.offset);
    b->node = before;
}

/* ["null", T] read into a place that can be null: one operation, and the program of T. */
static bool resolve_nullable(cx_builder *b, const cx_type *writer, target to) {
    bool first = writer->branches[0]->kind == CX_AVRO_NULL;
    bool simple = writer->branches_n == 2 && (first || writer->branches[1]->kind == CX_AVRO_NULL);
    if (!simple || to.form == CX_FORM_PLAIN || to.form == CX_FORM_TAG)
        return false;
    uint32_t null = cx_plan_emit(b, (cx_op){.code = CX_OP_NULLABLE, .a = first ? 0 : 1});
    const cx_type *other = writer->branches[first ? 1 : 0];
    if (cx_plan_fits(other, to.type))
        resolve(b, other, to);
    else
        emit(b, CX_OP_FAIL, 0, CX_NO_VALUE);
    cx_plan_land(b, null);
    return true;
}

static void resolve_union(cx_builder *b, const cx_type *writer, target to) {
    if (resolve_nullable(b, writer, to))
        return;
    uint32_t table = cx_plan_table(b, writer->branches_n, 0);
    (void)cx_plan_emit(b, (cx_op){.code = CX_OP_SWITCH, .b = writer->branches_n, .c = table});
    uint32_t last = 0; /* jumps to the end are a chain, through c, until the end is known */
    bool any = false;
    for (uint32_t i = 0; i < writer->branches_n && b->rc == CX_OK; i++) {
        b->plan->tables[table + i] = cx_plan_here(b);
        bool fitting = cx_plan_fits(writer->branches[i], to.type);
        any = any || fitting;
        if (fitting)
            resolve(b, writer->branches[i], to);
        else
            emit(b, CX_OP_FAIL, 0, CX_NO_VALUE);
        last = cx_plan_emit(b, (cx_op){.code = CX_OP_JUMP, .c = last});
    }
    if (!any)
        incompatible(b, writer, to.type);
    while (b->rc == CX_OK && last != 0) {
        uint32_t before = b->plan->ops[last].c;
        cx_plan_land(b, last);
        last = before;
    }
}

static void resolve(cx_builder *b, const cx_type *writer, target to) {
    if (++b->depth > DEEPEST)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema nests deeper than allowed");
    if (b->rc == CX_OK && writer->kind == CX_AVRO_UNION)
        resolve_union(b, writer, to);
    else if (b->rc == CX_OK && to.form != CX_FORM_PLAIN)
        resolve_branch(b, writer, to);
    else if (b->rc == CX_OK && !cx_plan_fits(writer, to.type))
        incompatible(b, writer, to.type);
    else if (b->rc == CX_OK)
        resolve_value(b, writer, to.type, to.offset);
    b->depth--;
}

/* --- records --- */

static const cx_field *by_name(const cx_type *record, const char *name) {
    for (uint32_t i = 0; i < record->fields_n; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

/* The writer's field for a reader's: by its name, else by the first alias that the writer has and that is not
 * the name of another of the reader's fields. */
static const cx_field *source_of(const cx_field *field, const cx_type *writer, const cx_type *reader) {
    const cx_field *found = by_name(writer, field->name);
    for (const char *const *alias = field->aliases; found == NULL && alias != NULL && *alias != NULL; alias++)
        if (by_name(reader, *alias) == NULL)
            found = by_name(writer, *alias);
    return found;
}

static target place_of(const cx_field *field, uint32_t base) {
    return (target){field->type, field->form, base + field->offset, base + field->tag};
}

static void resolve_default(cx_builder *b, const cx_field *field, uint32_t base) {
    uint32_t before = cx_plan_enter(b, field->name);
    const cx_type *type = field->type;
    if (field->default_bytes == NULL)
        cx_plan_refuse(b, CX_SCHEMA_INCOMPATIBLE,
                       "the writer has no such field, and the reader no default for it");
    bool null = type->kind == CX_AVRO_UNION && type->branches[0]->kind == CX_AVRO_NULL;
    bool zero = null && field->form != CX_FORM_TAG; /* the struct is zeroed */
    if (b->rc == CX_OK && !zero) {
        cx_view bytes = {(const char *)field->default_bytes, field->default_n};
        uint32_t feed = cx_plan_feed(b, bytes);
        cx_plan_frame(b, 1);
        (void)cx_plan_emit(b, (cx_op){.code = CX_OP_FEED, .c = feed});
        resolve(b, type, place_of(field, base));
        emit(b, CX_OP_UNFEED, 0, 0);
        cx_plan_frame(b, -1);
    }
    b->node = before;
}

/* The reader's field that a writer's field goes to, or NULL. */
static const cx_field *destination_of(const cx_field *field, const cx_type *writer, const cx_type *reader) {
    for (uint32_t i = 0; i < reader->fields_n; i++)
        if (source_of(&reader->fields[i], writer, reader) == field)
            return &reader->fields[i];
    return NULL;
}

/* How many of the writer's fields it takes until each of the reader's first `head` has had its source. */
static uint32_t reach(const cx_type *writer, const cx_type *reader, uint32_t head) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < reader->fields_n && i < head; i++) {
        const cx_field *from = source_of(&reader->fields[i], writer, reader);
        if (from != NULL && (uint32_t)(from - writer->fields) >= n)
            n = (uint32_t)(from - writer->fields) + 1;
    }
    return n;
}

/* The reader's first `head` fields; behind the last of them the program is at its end. */
static void resolve_fields(cx_builder *b, const cx_type *writer, const cx_type *reader, uint32_t base,
                           uint32_t head) {
    uint32_t n = head >= reader->fields_n ? writer->fields_n : reach(writer, reader, head);
    for (uint32_t i = 0; i < n && b->rc == CX_OK; i++) {
        const cx_field *from = &writer->fields[i], *to = destination_of(from, writer, reader);
        uint32_t before = cx_plan_enter(b, from->name);
        if (to != NULL && to - reader->fields < head)
            resolve(b, from->type, place_of(to, base));
        else
            cx_plan_skip(b, from->type);
        b->node = before;
    }
    for (uint32_t i = 0; i < reader->fields_n && i < head && b->rc == CX_OK; i++)
        if (source_of(&reader->fields[i], writer, reader) == NULL)
            resolve_default(b, &reader->fields[i], base);
}

void cx_plan_resolve(cx_builder *b, const cx_type *writer, const cx_type *reader) {
    resolve(b, writer, (target){.type = reader, .form = CX_FORM_PLAIN});
}
