/* What can be done with any generated struct, by its table: reach into it, compare, print, copy.
 *
 * Pure; thread-safe on different buffers and arenas. Values must be ones that cx_plan_decode or cx_encode
 * accepts.
 */
#ifndef CX_WIRE_VISIT_H
#define CX_WIRE_VISIT_H

#include "common/base/arena.h"
#include "common/wire/buffer.h"
#include "common/wire/type.h"

/* A field's value within a record's struct. */
typedef struct cx_slot {
    const cx_type *type; /* of the value: for a union, of the branch chosen; NULL: the tag names no branch */
    const void *value;   /* NULL: null, or the pointer of the branch is NULL */
    uint32_t branch;     /* of a union; else 0 */
} cx_slot;
cx_slot cx_field_slot(const cx_field *field, const void *record);
/* The field of that name, or NULL. */
const cx_field *cx_type_field(const cx_type *record, cx_view name);

/* An array's items. */
typedef struct cx_items {
    const void *items;
    size_t n;
} cx_items;

enum { CX_PATH = 256 };

/* Whether two values are the same, field by field (floats by their bits). false: `path` (may be NULL) becomes
 * the first field in which they differ, "changes[2].entry.until", cut to CX_PATH - 1 bytes. */
bool cx_struct_same(const cx_type *type, const void *a, const void *b, char path[CX_PATH]);

/* Appends one JSON value. Enums by symbol, dates as "2027-06-01", instants as in cx_time_format, fixed and
 * bytes in lower-case hexadecimal; null as null; a union of records as {"Record": {...}}, any other as the
 * plain value. indent: spaces a level; 0: one line. CX_OUT_OF_MEMORY only. */
cx_rc cx_struct_print(const cx_type *type, const void *value, int indent, cx_buffer *out) CX_MUST_CHECK;

/* A deep copy of a record, strings and all, into the arena; NULL when out of memory. */
void *cx_struct_copy(const cx_type *type, const void *value, cx_arena *arena);

#endif
