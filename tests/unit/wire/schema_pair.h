/* Random pairs of schemas, a writer's and a reader's that is descended from it, and what resolution must
 * give: worked out value by value, by rules written down here a second time, without a plan. */
#ifndef CX_TESTS_WIRE_SCHEMA_PAIR_H
#define CX_TESTS_WIRE_SCHEMA_PAIR_H

#include "common/wire/buffer.h"
#include "tests/unit/wire/random_value.h"

/* Two records of some ten fields, as JSON. Fields are dropped, added with a default, put in another order;
 * numbers are promoted; enums change their symbols; types become unions, and unions other unions. */
void random_schema_pair(rng *r, cx_buffer *writer, cx_buffer *reader);

/* The reader's struct for the writer's value into *out (cleared); false: it has none. */
bool expected_value(const cx_type *writer, const void *value, const cx_type *reader, void *out,
                    cx_arena *arena);

#endif
