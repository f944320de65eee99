/* Random values of any generated struct, and random damage to bytes: seeded, so that a failure repeats. */
#ifndef CX_TESTS_WIRE_RANDOM_VALUE_H
#define CX_TESTS_WIRE_RANDOM_VALUE_H

#include "common/base/arena.h"
#include "common/wire/type.h"

typedef struct rng {
    uint64_t state;
} rng;

uint64_t rng_next(rng *r);
/* 0 to n - 1. */
uint32_t rng_below(rng *r, uint32_t n);

/* A value of a record into *out (cleared by the caller), its parts in the arena: every branch, every symbol,
 * lengths from 0, texts of one to four bytes a character, numbers at their limits. */
void random_value(rng *r, const cx_type *type, cx_arena *arena, void *out);

/* Changes one part of a value, somewhere; false where the part it came upon cannot be another. */
bool random_change(rng *r, const cx_type *type, void *value);

/* Damages 1 to 4 places: a bit, a byte, a piece cut out, doubled or cut off. Returns the new length, at most
 * n + 16; bytes must have that room. */
size_t random_damage(rng *r, uint8_t *bytes, size_t n);

#endif
