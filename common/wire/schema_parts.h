/* The parts of cx_schema_parse. Internal to common/wire. */
#ifndef CX_WIRE_SCHEMA_PARTS_H
#define CX_WIRE_SCHEMA_PARTS_H

#include <jansson.h>

#include "common/wire/buffer.h"
#include "common/wire/schema.h"

/* Whether it is [A-Za-z_][A-Za-z0-9_]*, with dots between such parts where `dots` allows them. */
bool cx_schema_is_name(const char *name, bool dots);

/* Gives a record its fields' forms and offsets, its size and alignment: as a C compiler lays out the
 * generated struct. false: larger than 16 MiB. */
bool cx_schema_layout(cx_type *record, cx_field *fields);
/* Size and alignment in C of a value of a kind; 0 and 1 for records, fixed, unions, maps and null. */
uint32_t cx_schema_size(cx_avro_kind kind);
uint32_t cx_schema_align(cx_avro_kind kind);

/* Appends a field's default as Avro bytes of its type; false where the JSON is no such value (*out is
 * undefined then), is larger than 64 KiB, or out of memory. A union's default is of its first branch. */
bool cx_schema_default(const cx_type *type, const json_t *value, cx_buffer *out);

#endif
