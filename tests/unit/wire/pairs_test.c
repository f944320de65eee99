/* Random writers' and readers' schemas, and random values: the plan gives what resolution, worked out value
 * by value, says; or refuses with NO_VALUE where there is no value.
 *
 *     test_wire_pairs COUNT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/schema.h"
#include "common/wire/visit.h"
#include "tests/unit/wire/schema_pair.h"

enum { VALUES = 20 };

static long count = 3000;

typedef struct tally {
    long values, refused, incompatible;
} tally;

static void fail_on(const cx_buffer *writer, const cx_buffer *reader, const char *what) {
    fail_msg("%s\nwriter: %.*s\nreader: %.*s", what, (int)writer->n, (char *)writer->p, (int)reader->n,
             (char *)reader->p);
}

static const cx_type *parse(const cx_buffer *json, cx_arena *arena) {
    const cx_type *type = NULL;
    cx_err err = {0};
    if (cx_schema_parse(cx_buffer_view(json, 0), arena, &type, &err) != CX_OK)
        fail_on(json, json, err.text);
    return type;
}

/* NULL where all is well, else what is wrong. */
static const char *one_value(rng *r, const cx_type *writer, const cx_type *reader, const cx_plan *plan,
                             cx_arena *arena, tally *t) {
    static char text[CX_PATH + 100];
    cx_buffer bytes = {0};
    cx_err err = {0};
    void *value = cx_arena_calloc(arena, 1, writer->size), *wanted = cx_arena_calloc(arena, 1, reader->size);
    void *read = cx_arena_alloc(arena, reader->size);
    random_value(r, writer, arena, value);
    assert_int_equal(cx_encode(writer, value, &bytes, NULL), CX_OK);
    bool there = expected_value(writer, value, reader, wanted, arena);
    cx_rc rc = cx_plan_decode(plan, cx_arena_copy(arena, cx_buffer_view(&bytes, 0)), arena, read, &err);
    cx_buffer_free(&bytes);
    t->values++;
    t->refused += there ? 0 : 1;
    if (rc == CX_NO_VALUE && !there)
        return NULL;
    if (rc != CX_OK || !there)
        return rc != CX_OK ? cx_rc_name(rc) : "a value where there is none";
    char path[CX_PATH];
    if (cx_struct_same(reader, read, wanted, path))
        return NULL;
    (void)snprintf(text, sizeof text, "another value in %s", path);
    return text;
}

static void one_pair(rng *r, cx_buffer *writer_json, cx_buffer *reader_json, cx_arena *arena, tally *t) {
    random_schema_pair(r, writer_json, reader_json);
    const cx_type *writer = parse(writer_json, arena), *reader = parse(reader_json, arena);
    cx_plan *plan;
    cx_err err = {0};
    cx_rc rc = cx_plan_compile(cx_buffer_view(writer_json, 0), reader, &plan, &err);
    if (rc != CX_OK && rc != CX_SCHEMA_INCOMPATIBLE)
        fail_on(writer_json, reader_json, err.text);
    for (int i = 0; rc == CX_OK && i < VALUES; i++) {
        const char *wrong = one_value(r, writer, reader, plan, arena, t);
        if (wrong != NULL)
            fail_on(writer_json, reader_json, wrong);
    }
    t->incompatible += rc == CX_OK ? 0 : 1;
    cx_plan_destroy(&plan);
}

static void pairs(void **state) {
    (void)state;
    rng r = {2026};
    cx_buffer writer = {0}, reader = {0};
    cx_arena *arena = cx_arena_new(0);
    tally t = {0};
    for (long i = 0; i < count; i++) {
        one_pair(&r, &writer, &reader, arena, &t);
        cx_arena_reset(arena);
    }
    (void)printf("%ld pairs, %ld of them incompatible; %ld values, %ld without a value\n", count,
                 t.incompatible, t.values, t.refused);
    assert_in_range(t.incompatible, count / 100, count / 2);
    assert_in_range(t.refused, t.values / 50, t.values / 10 * 9);
    cx_arena_destroy(&arena);
    cx_buffer_free(&writer);
    cx_buffer_free(&reader);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pairs)};
    count = argc > 1 ? strtol(argv[1], NULL, 10) : count;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
