/* The plan against Apache Avro C, for each schema, over random values and over damaged bytes: the same value
 * or a refusal, never a wrong value.
 *
 *     test_wire_oracle values|bytes COUNT [SCHEMA]
 *
 * values: what is encoded, here and in the other ways that the specification allows (several blocks, blocks
 * with their size), both read alike; and avro-c, writing it again, gives the bytes that cx_encode gives.
 * bytes: damaged ones; whatever the plan accepts, avro-c reads as the same value, to the same end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/visit.h"
#include "schemas/types.h"
#include "tests/unit/wire/oracle.h"
#include "tests/unit/wire/other_encoder.h"
#include "tests/unit/wire/random_value.h"

enum { POOL = 512, LARGEST = 1 << 16 };

static long count = 1000;
static const char *only;

typedef struct contest {
    const cx_type *type;
    cx_plan *plan;
    oracle oracle;
    cx_arena *arena;
    cx_buffer bytes, other;
    avro_writer_t writer;
    rng rng;
    long changed;
    char written[LARGEST];
} contest;

static void open_contest(contest *c, const cx_type *type) {
    cx_err err = {0};
    *c = (contest){.type = type, .rng = {type->fingerprint}, .arena = cx_arena_new(0)};
    if (cx_plan_compile((cx_view){NULL, 0}, type, &c->plan, &err) != CX_OK)
        fail_msg("%s", err.text);
    if (!oracle_open(&c->oracle, type->json))
        fail_msg("avro-c refuses the schema: %s", avro_strerror());
    c->writer = avro_writer_memory(c->written, sizeof c->written);
}

static void close_contest(contest *c) {
    avro_writer_free(c->writer);
    oracle_close(&c->oracle);
    cx_plan_destroy(&c->plan);
    cx_arena_destroy(&c->arena);
    cx_buffer_free(&c->bytes);
    cx_buffer_free(&c->other);
}

static void fail_on(const contest *c, const char *what, const cx_buffer *bytes) {
    for (size_t i = 0; i < bytes->n; i++)
        (void)fprintf(stderr, "%02x", bytes->p[i]);
    fail_msg("\n%s: %s", c->type->name, what);
}

/* The plan accepts, and avro-c sees the same value. */
static const void *read_both(contest *c, const cx_buffer *bytes) {
    cx_err err = {0};
    void *read = cx_arena_alloc(c->arena, c->type->size);
    if (cx_plan_decode(c->plan, cx_buffer_view(bytes, 0), c->arena, read, &err) != CX_OK)
        fail_on(c, err.text, bytes);
    if (!oracle_read(&c->oracle, cx_buffer_view(bytes, 0)))
        fail_on(c, avro_strerror(), bytes);
    if (!oracle_same(&c->oracle.value, c->type, read))
        fail_on(c, "avro-c reads another value", bytes);
    return read;
}

/* The comparisons themselves: a value that is changed in one place is another, to both. */
static void one_change(contest *c, void *value) {
    void *kept = cx_struct_copy(c->type, value, c->arena);
    char path[CX_PATH];
    if (!random_change(&c->rng, c->type, value))
        return;
    c->changed++;
    if (oracle_same(&c->oracle.value, c->type, value) || cx_struct_same(c->type, kept, value, path) ||
        path[0] == '\0')
        fail_on(c, "a change is not seen", &c->bytes);
}

static void one_value(contest *c) {
    void *value = cx_arena_calloc(c->arena, 1, c->type->size);
    random_value(&c->rng, c->type, c->arena, value);
    c->bytes.n = 0;
    assert_int_equal(cx_encode(c->type, value, &c->bytes, NULL), CX_OK);
    if (!cx_struct_same(c->type, value, read_both(c, &c->bytes), NULL))
        fail_on(c, "another value comes back", &c->bytes);
    avro_writer_reset(c->writer);
    if (avro_value_write(c->writer, &c->oracle.value) != 0 ||
        !cx_view_eq(cx_buffer_view(&c->bytes, 0), (cx_view){c->written, (size_t)avro_writer_tell(c->writer)}))
        fail_on(c, "avro-c writes other bytes", &c->bytes);
    if (rng_below(&c->rng, 4) != 0) {
        one_change(c, value);
        return;
    }
    c->other.n = 0;
    other_encode(&c->rng, c->type, value, &c->other);
    if (!cx_struct_same(c->type, value, read_both(c, &c->other), NULL))
        fail_on(c, "another value comes back from blocks", &c->other);
}

/* Values to damage: damage is cheap, values are not. */
static void fill_pool(contest *c, cx_view pool[POOL]) {
    cx_arena *scratch = cx_arena_new(0);
    for (int i = 0; i < POOL; i++) {
        void *value = cx_arena_calloc(scratch, 1, c->type->size);
        random_value(&c->rng, c->type, scratch, value);
        c->bytes.n = 0;
        other_encode(&c->rng, c->type, value, &c->bytes);
        pool[i] = cx_arena_copy(c->arena, cx_buffer_view(&c->bytes, 0));
    }
    cx_arena_destroy(&scratch);
}

/* Whether the plan accepted. */
static bool one_damage(contest *c, cx_view good) {
    c->bytes.n = 0;
    assert_int_equal(cx_buffer_append(&c->bytes, good.p, good.n), CX_OK);
    assert_int_equal(cx_buffer_reserve(&c->bytes, 16), CX_OK);
    c->bytes.n = random_damage(&c->rng, c->bytes.p, c->bytes.n);
    cx_err err = {0};
    void *read = cx_arena_alloc(c->arena, c->type->size);
    cx_rc rc = cx_plan_decode(c->plan, cx_buffer_view(&c->bytes, 0), c->arena, read, &err);
    if (rc == CX_OK) {
        (void)read_both(c, &c->bytes);
        return true;
    }
    if (cx_rc_class(rc) != CX_CLASS_POISON || rc == CX_NO_VALUE || err.text[0] == '\0')
        fail_on(c, "refused without a reason of the wire", &c->bytes);
    return false;
}

static void damage_schema(contest *c) {
    cx_view pool[POOL];
    long accepted = 0;
    fill_pool(c, pool);
    for (long i = 0; i < count; i++) {
        cx_arena_mark mark = cx_arena_mark_now(c->arena);
        accepted += one_damage(c, pool[rng_below(&c->rng, POOL)]) ? 1 : 0;
        cx_arena_rewind(c->arena, mark);
    }
    (void)printf("%-28s %ld damaged, %ld still a value\n", c->type->name, count, accepted);
    assert_in_range(accepted, count / 1000, count - count / 10);
}

static void for_each_schema(void (*run)(contest *)) {
    static contest c;
    for (size_t i = 0; i < CX_SCHEMA_TYPES; i++) {
        const cx_type *type = cx_schema_types[i];
        if (only != NULL && strcmp(only, cx_type_short_name(type)) != 0)
            continue;
        open_contest(&c, type);
        run(&c);
        close_contest(&c);
    }
}

static void value_schema(contest *c) {
    for (long i = 0; i < count; i++) {
        one_value(c);
        cx_arena_reset(c->arena);
    }
    assert_true(c->changed > count / 3);
}

static void values(void **state) {
    (void)state;
    for_each_schema(value_schema);
}

static void bytes(void **state) {
    (void)state;
    for_each_schema(damage_schema);
}

int main(int argc, char **argv) {
    const struct CMUnitTest value_tests[] = {cmocka_unit_test(values)};
    const struct CMUnitTest byte_tests[] = {cmocka_unit_test(bytes)};
    count = argc > 2 ? strtol(argv[2], NULL, 10) : count;
    only = argc > 3 ? argv[3] : NULL;
    if (argc > 1 && strcmp(argv[1], "bytes") == 0)
        return cmocka_run_group_tests(byte_tests, NULL, NULL);
    return cmocka_run_group_tests(value_tests, NULL, NULL);
}
