#include "services/history/columns.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/time.h"
#include "common/wire/visit.h"
#include "services/history/copy.h"

/* A column with its path looked up. */
typedef struct cx_bound_column {
    const cx_column *spec;
    const cx_field *steps[CX_COLUMN_DEPTH];
    int depth;
} cx_bound_column;

struct cx_sheet {
    const cx_sheet_spec *spec;
    int32_t generation;
    cx_bound_column columns[CX_COLUMNS_MOST];
    char *statement;
    cx_buffer rows;
    size_t n;
};

/* --- looking the paths up ------------------------------------------------------------------------------ */

/* The record in which the next step of a path looks: a record, or what a union of null and one record holds.
 */
static const cx_type *record_of(const cx_field *field) {
    const cx_type *type = field->type;
    if (field->form == CX_FORM_POINTER)
        type = type->branches[type->branches[0]->kind == CX_AVRO_NULL ? 1 : 0];
    return type->kind == CX_AVRO_RECORD ? type : NULL;
}

static cx_rc bind_column(const cx_sheet_spec *spec, const cx_column *column, cx_bound_column *out,
                         cx_err *err) {
    *out = (cx_bound_column){.spec = column};
    if (column->path == NULL)
        return CX_OK;
    const cx_type *type = spec->roots[column->root];
    cx_view rest = cx_view_of(column->path);
    while (rest.n > 0) {
        cx_view name = cx_view_split(rest, '.', &rest);
        const cx_field *field =
            type != NULL && out->depth < CX_COLUMN_DEPTH ? cx_type_field(type, name) : NULL;
        if (field == NULL)
            return cx_fail(err, CX_CONFIG, "history.%s.%s: no field %s", spec->table, column->name,
                           column->path);
        out->steps[out->depth++] = field;
        type = record_of(field);
    }
    return CX_OK;
}

static cx_rc write_statement(cx_sheet *sheet, const char *schema, cx_err *err) {
    const cx_sheet_spec *spec = sheet->spec;
    size_t room = 96 + strlen(schema) + strlen(spec->table), at;
    for (size_t i = 0; i < spec->n; i++)
        room += strlen(spec->columns[i].name) + 2;
    char *s = sheet->statement = malloc(room);
    if (s == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    at = (size_t)snprintf(s, room, "COPY %s.%s (", schema, spec->table);
    for (size_t i = 0; i < spec->n; i++)
        at += (size_t)snprintf(s + at, room - at, "%s%s", i > 0 ? ", " : "", spec->columns[i].name);
    (void)snprintf(s + at, room - at, ") FROM STDIN (FORMAT binary)");
    return CX_OK;
}

cx_rc cx_sheet_new(const cx_sheet_spec *spec, const char *schema, int generation, cx_sheet **out,
                   cx_err *err) {
    *out = NULL;
    CX_ASSERT(spec->n <= CX_COLUMNS_MOST);
    cx_sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    sheet->spec = spec;
    sheet->generation = generation;
    cx_rc rc = CX_OK;
    for (size_t i = 0; i < spec->n && rc == CX_OK; i++)
        rc = bind_column(spec, &spec->columns[i], &sheet->columns[i], err);
    if (rc == CX_OK)
        rc = write_statement(sheet, schema, err);
    if (rc != CX_OK)
        cx_sheet_destroy(&sheet);
    *out = sheet;
    return rc;
}

void cx_sheet_destroy(cx_sheet **sheet) {
    if (*sheet == NULL)
        return;
    cx_buffer_free(&(*sheet)->rows);
    free((*sheet)->statement);
    free(*sheet);
    *sheet = NULL;
}

/* --- rows ---------------------------------------------------------------------------------------------- */

/* What the column's path leads to; value NULL: null, there or on the way. */
static cx_slot slot_of(const cx_bound_column *column, const cx_row *row) {
    const void *record = row->roots[column->spec->root];
    cx_slot slot = {0};
    for (int i = 0; i < column->depth; i++) {
        if (record == NULL)
            return (cx_slot){0};
        slot = cx_field_slot(column->steps[i], record);
        record = slot.value;
    }
    return slot;
}

static cx_rc put_json(cx_buffer *out, const cx_slot *slot) {
    size_t at;
    CX_TRY(cx_copy_begin(out, &at));
    CX_TRY(cx_struct_print(slot->type, slot->value, 0, out));
    cx_copy_end(out, at);
    return CX_OK;
}

static cx_rc put_enum(cx_buffer *out, const cx_slot *slot) {
    uint32_t number;
    (void)memcpy(&number, slot->value, sizeof number);
    CX_ASSERT(number < slot->type->symbols_n); /* decoded, so in range */
    return cx_copy_bytes(out, cx_view_of(slot->type->symbols[number]));
}

static cx_rc put_value(cx_buffer *out, const cx_slot *slot) {
    const cx_type *type = slot->type;
    const void *value = slot->value;
    switch (type->kind) {
    case CX_AVRO_BOOLEAN:
        return cx_copy_boolean(out, *(const bool *)value);
    case CX_AVRO_INT:
        return type->logical == CX_LOGICAL_DATE ? cx_copy_date(out, *(const cx_date *)value)
                                                : cx_copy_int(out, *(const int32_t *)value);
    case CX_AVRO_LONG:
        return type->logical == CX_LOGICAL_TIMESTAMP_MILLIS ? cx_copy_time(out, *(const cx_time *)value)
                                                            : cx_copy_long(out, *(const int64_t *)value);
    case CX_AVRO_STRING:
    case CX_AVRO_BYTES:
        return cx_copy_bytes(out, *(const cx_view *)value);
    case CX_AVRO_FIXED:
        return cx_copy_bytes(out, (cx_view){value, type->size});
    case CX_AVRO_ENUM:
        return put_enum(out, slot);
    case CX_AVRO_ARRAY:
        return type->item->kind == CX_AVRO_STRING ? cx_copy_texts(out, *(const cx_view_array *)value)
                                                  : put_json(out, slot);
    case CX_AVRO_NULL:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_RECORD:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return put_json(out, slot);
}

static cx_rc put_column(cx_sheet *sheet, const cx_bound_column *column, const cx_row *row) {
    cx_buffer *out = &sheet->rows;
    cx_slot slot = slot_of(column, row);
    switch (column->spec->kind) {
    case CX_COLUMN_GENERATION:
        return cx_copy_int(out, sheet->generation);
    case CX_COLUMN_NUMBER:
        return cx_copy_int(out, row->number);
    case CX_COLUMN_TIME:
        return cx_copy_time(out, row->time);
    case CX_COLUMN_TEXT:
        return cx_copy_bytes(out, row->text);
    case CX_COLUMN_BYTES:
        return cx_copy_bytes(out, row->message);
    case CX_COLUMN_PARTITION:
        return cx_copy_int(out, row->partition);
    case CX_COLUMN_SEQ:
        return cx_copy_long(out, row->seq);
    case CX_COLUMN_LINK:
        return cx_copy_bytes(out, row->link);
    case CX_COLUMN_BRANCH:
        return slot.type == NULL ? cx_copy_null(out)
                                 : cx_copy_bytes(out, cx_view_of(cx_type_short_name(slot.type)));
    case CX_COLUMN_JSON:
        return slot.value == NULL ? cx_copy_null(out) : put_json(out, &slot);
    case CX_COLUMN_VALUE:
        break;
    }
    return slot.value == NULL ? cx_copy_null(out) : put_value(out, &slot);
}

cx_rc cx_sheet_add(cx_sheet *sheet, const cx_row *row, cx_err *err) {
    size_t before = sheet->rows.n;
    cx_rc rc = cx_copy_row(&sheet->rows, (int)sheet->spec->n);
    for (size_t i = 0; i < sheet->spec->n && rc == CX_OK; i++)
        rc = put_column(sheet, &sheet->columns[i], row);
    if (rc != CX_OK) {
        sheet->rows.n = before;
        return cx_fail(err, rc, NULL);
    }
    sheet->n++;
    return CX_OK;
}

void cx_sheet_clear(cx_sheet *sheet) {
    sheet->rows.n = 0;
    sheet->n = 0;
}

size_t cx_sheet_rows(const cx_sheet *sheet) {
    return sheet->n;
}

cx_view cx_sheet_bytes(const cx_sheet *sheet) {
    return cx_buffer_view(&sheet->rows, 0);
}

const char *cx_sheet_statement(const cx_sheet *sheet) {
    return sheet->statement;
}
