/* Random decision tables and inputs for the differential test. */
#ifndef TESTS_UNIT_RULES_RANDOM_TABLE_H
#define TESTS_UNIT_RULES_RANDOM_TABLE_H

#include <stdio.h>

#include "common/rules/value.h"

enum { RANDOM_COLUMNS = 4, RANDOM_POLICIES = 11 };

typedef struct random_source {
    uint64_t state;
} random_source;

uint64_t random_next(random_source *r);
/* 0 to n - 1. */
size_t random_below(random_source *r, size_t n);

typedef enum random_kind {
    RANDOM_NUMBER,
    RANDOM_FRACTION,
    RANDOM_STRING,
    RANDOM_DATE,
    RANDOM_BOOLEAN,
    RANDOM_MONTHS,
    RANDOM_TIME,
    RANDOM_UNTYPED, /* cells and inputs of several kinds */
    RANDOM_KINDS
} random_kind;

typedef struct random_shape {
    size_t columns;
    size_t rules;
    size_t policy;
    random_kind kinds[RANDOM_COLUMNS];
} random_shape;

/* Writes a model with one decision "d" and inputs a, b, c, d ... */
void random_model(random_source *r, FILE *to, random_shape *shape);
/* An input for a column: near the cells' constants, sometimes null, sometimes of another kind. */
cx_value random_input(random_source *r, random_kind kind);

#endif
