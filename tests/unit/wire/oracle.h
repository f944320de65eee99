/* Apache Avro C as the oracle: one reader for one schema, and the comparison of what it read with a struct.
 *
 * Hand it only bytes that the plan has accepted: others leak, or take gigabytes. */
#ifndef CX_TESTS_WIRE_ORACLE_H
#define CX_TESTS_WIRE_ORACLE_H

#include <avro.h>

#include "common/base/error.h"
#include "common/base/view.h"
#include "common/wire/type.h"

typedef struct oracle {
    avro_schema_t schema;
    avro_value_iface_t *iface;
    avro_value_t value;
    avro_reader_t reader;
} oracle;

/* false: avro-c refuses the schema. */
bool oracle_open(oracle *o, const char *json);
void oracle_close(oracle *o);
/* Reads into o->value; false where avro-c refuses, or leaves bytes. */
bool oracle_read(oracle *o, cx_view datum);
/* Whether a value is what the struct holds. */
bool oracle_same(const avro_value_t *value, const cx_type *type, const void *at);

#endif
