/* What a generated struct looks like: the table from which encode, decode and visitors work.
 *
 * schemas/generate.py writes one cx_type for each Avro type of schemas/<name>.avsc, and the C structs that
 * they describe (schemas/types.h). Everything here is constant: share it between threads freely.
 *
 * How an Avro type lies in C (contract of the generated structs):
 *   boolean bool · int int32_t · long int64_t · float float · double double · date cx_date ·
 *   timestamp-millis cx_time · string, bytes cx_view · fixed uint8_t[N] · enum a C enum (4 bytes) ·
 *   record the struct by value · array struct { T *items; size_t n; } (items may be NULL when n is 0)
 * and a union, which stands in record fields only, in one of the forms of cx_form.
 */
#ifndef CX_WIRE_TYPE_H
#define CX_WIRE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cx_avro_kind {
    CX_AVRO_NULL,
    CX_AVRO_BOOLEAN,
    CX_AVRO_INT,
    CX_AVRO_LONG,
    CX_AVRO_FLOAT,
    CX_AVRO_DOUBLE,
    CX_AVRO_BYTES,
    CX_AVRO_STRING,
    CX_AVRO_FIXED,
    CX_AVRO_ENUM,
    CX_AVRO_ARRAY,
    CX_AVRO_RECORD,
    CX_AVRO_UNION,
    CX_AVRO_MAP /* in writers' schemas only: no generated struct holds one */
} cx_avro_kind;

typedef enum cx_logical { CX_LOGICAL_NONE, CX_LOGICAL_DATE, CX_LOGICAL_TIMESTAMP_MILLIS } cx_logical;

/* How a field lies in its struct. */
typedef enum cx_form {
    CX_FORM_PLAIN,   /* not a union: the value at `offset` */
    CX_FORM_POINTER, /* null or a record or fixed: a pointer at `offset`, NULL for null */
    CX_FORM_VIEW,    /* null or string or bytes: a cx_view at `offset`, p NULL for null (never for "") */
    CX_FORM_FLAG,    /* null or another type: a bool at `tag`, the value at `offset` */
    CX_FORM_TAG /* any other union: the branch's number (4 bytes) at `tag`; at `offset` a C union that holds
                   the value itself, or a pointer to it where it is a record or fixed */
} cx_form;

typedef struct cx_type cx_type;

typedef struct cx_field {
    const char *name;
    const char *const *aliases; /* ends in NULL; NULL: none */
    const cx_type *type;
    cx_form form;
    uint32_t offset;              /* in the record's struct */
    uint32_t tag;                 /* CX_FORM_FLAG and CX_FORM_TAG only */
    const uint8_t *default_bytes; /* the default, Avro-encoded as `type`; NULL: the field has none */
    size_t default_n;
} cx_field;

struct cx_type {
    cx_avro_kind kind;
    cx_logical logical;
    uint32_t size;              /* bytes of the value in C; 0 for unions and null */
    uint32_t align;             /* its alignment */
    const char *name;           /* full name of a record, enum or fixed; else the Avro type's name */
    const char *const *aliases; /* full names, ends in NULL; NULL: none */
    const cx_field *fields;     /* CX_AVRO_RECORD */
    uint32_t fields_n;
    const char *const *symbols; /* CX_AVRO_ENUM */
    uint32_t symbols_n;
    int32_t default_symbol;         /* CX_AVRO_ENUM: its default, -1 for none */
    const cx_type *item;            /* CX_AVRO_ARRAY */
    const cx_type *const *branches; /* CX_AVRO_UNION, in the schema's order */
    uint32_t branches_n;
    const char *json; /* a record that has a file of its own: the whole schema, self-contained; else NULL */
    uint64_t
        fingerprint; /* with json: CRC-64-AVRO of the Parsing Canonical Form, as the specification's number */
};

/* "chengxin.Record" -> "Record". */
const char *cx_type_short_name(const cx_type *type);

#endif
