/* FULL_TRANSITIVE: every schema, and each of its frozen versions, read what the other writes, every value of
 * it.
 *
 *     test_wire_evolution FOLDER      (schemas/versions: FOLDER/1/Name.avsc, FOLDER/2/Name.avsc ...)
 *
 * Proved by changes that must be found: see incompatible_changes. */
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
#include "schemas/types.h"
#include "tests/unit/wire/random_value.h"

enum { VERSIONS = 1000, VALUES = 200, LARGEST = 1 << 20 };

#define ADVICE                                                                                               \
    "\ngive new fields defaults and keep old ones; a version that was never released: schemas/freeze.sh N "  \
    "--again"

static const char *folder;
static cx_arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = cx_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state) {
    (void)state;
    cx_arena_destroy(&arena);
    return 0;
}

/* {NULL, 0}: no such file. */
static cx_view read_file(const char *path) {
    static char text[LARGEST];
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return (cx_view){NULL, 0};
    size_t n = fread(text, 1, sizeof text, f);
    assert_int_equal(fclose(f), 0);
    assert_true(n < sizeof text);
    return cx_arena_copy(arena, (cx_view){text, n});
}

/* Random values of the writer's all come through. */
static void values_come_through(const cx_type *writer, const cx_type *reader, const cx_plan *plan) {
    rng r = {11};
    cx_buffer bytes = {0};
    cx_err err = {0};
    for (int i = 0; i < VALUES; i++) {
        cx_arena_mark mark = cx_arena_mark_now(arena);
        void *value = cx_arena_calloc(arena, 1, writer->size), *out = cx_arena_alloc(arena, reader->size);
        random_value(&r, writer, arena, value);
        bytes.n = 0;
        assert_int_equal(cx_encode(writer, value, &bytes, NULL), CX_OK);
        if (cx_plan_decode(plan, cx_buffer_view(&bytes, 0), arena, out, &err) != CX_OK)
            fail_msg("%s: %s", writer->name, err.text);
        cx_arena_rewind(arena, mark);
    }
    cx_buffer_free(&bytes);
}

/* Whether the reader has a place for all that the writer may write; *err names the field where not. */
static bool reads(cx_view writer_json, const cx_type *reader, cx_plan **plan, cx_err *err) {
    return cx_plan_compile(writer_json, reader, plan, err) == CX_OK && cx_plan_is_total(*plan, err);
}

static bool reads_json(const char *writer, const char *reader) {
    const cx_type *type;
    cx_plan *plan = NULL;
    cx_err err = {0};
    if (cx_schema_parse(cx_view_of(reader), arena, &type, &err) != CX_OK)
        fail_msg("%s", err.text);
    bool good = reads(cx_view_of(writer), type, &plan, &err);
    cx_plan_destroy(&plan);
    return good;
}

static void check_pair(const cx_type *now, cx_view old_json, const char *path) {
    const cx_type *old;
    cx_plan *back = NULL, *forth = NULL;
    cx_err err = {0};
    if (cx_schema_parse(old_json, arena, &old, &err) != CX_OK)
        fail_msg("%s: %s", path, err.text);
    if (!reads(old_json, now, &back, &err))
        fail_msg("%s is not read by the schema of now: %s" ADVICE, path, err.text);
    if (!reads(cx_view_of(now->json), old, &forth, &err))
        fail_msg("a reader with %s does not read the schema of now: %s" ADVICE, path, err.text);
    values_come_through(old, now, back);
    values_come_through(now, old, forth);
    cx_plan_destroy(&back);
    cx_plan_destroy(&forth);
}

/* A schema that is new since a version stands in none before; one that was there must not go. */
static void versions_are_compatible(void **state) {
    (void)state;
    int pairs = 0, versions = 0;
    for (int version = 1; version < VERSIONS; version++) {
        int there = 0;
        for (size_t i = 0; i < CX_SCHEMA_TYPES; i++) {
            char path[512];
            (void)snprintf(path, sizeof path, "%s/%d/%s", folder, version, cx_schema_files[i]);
            cx_view old = read_file(path);
            if (old.p == NULL)
                continue;
            check_pair(cx_schema_types[i], old, path);
            there++;
        }
        if (there == 0)
            break;
        versions++;
        pairs += there;
    }
    (void)printf("%d versions, %d schemas in them\n", versions, pairs);
    assert_true(versions > 0 && pairs >= versions * 10);
}

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"
#define ENUM(symbols, more)                                                                                  \
    "{\"name\":\"e\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[" symbols "]" more "}}"

/* What the check must find, and what it must let pass: old against new. */
static void incompatible_changes(void **state) {
    (void)state;
    static const struct {
        const char *old, *new;
        bool back, forth; /* new reads old, old reads new */
    } cases[] = {
        {RECORD(""), RECORD("{\"name\":\"a\",\"type\":\"int\",\"default\":1}"), true, true},
        {RECORD(""), RECORD("{\"name\":\"a\",\"type\":\"int\"}"), false, true},
        {RECORD("{\"name\":\"a\",\"type\":\"int\"}"), RECORD(""), true, false},
        {RECORD("{\"name\":\"a\",\"type\":\"int\"}"), RECORD("{\"name\":\"a\",\"type\":\"long\"}"), true,
         false},
        {RECORD("{\"name\":\"a\",\"type\":\"int\"}"), RECORD("{\"name\":\"a\",\"type\":[\"null\",\"int\"]}"),
         true, false},
        {RECORD("{\"name\":\"a\",\"type\":[\"null\",\"int\"]}"),
         RECORD("{\"name\":\"a\",\"type\":[\"null\",\"int\",\"string\"]}"), true, false},
        {RECORD(ENUM("\"A\"", "")), RECORD(ENUM("\"A\",\"B\"", "")), true, false},
        {RECORD(ENUM("\"A\"", ",\"default\":\"A\"")), RECORD(ENUM("\"A\",\"B\"", ",\"default\":\"A\"")), true,
         true},
        {RECORD(ENUM("\"A\",\"B\"", "")), RECORD(ENUM("\"B\",\"A\"", "")), true, true},
        {RECORD("{\"name\":\"a\",\"type\":\"string\"}"), RECORD("{\"name\":\"a\",\"type\":\"bytes\"}"), true,
         true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (reads_json(cases[i].old, cases[i].new) != cases[i].back)
            fail_msg("new reads old, case %zu", i);
        if (reads_json(cases[i].new, cases[i].old) != cases[i].forth)
            fail_msg("old reads new, case %zu", i);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(versions_are_compatible),
                                       cmocka_unit_test(incompatible_changes)};
    folder = argc > 1 ? argv[1] : "schemas/versions";
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
