/* Every schema: what is encoded is decoded as the same value; tables at run time are those of the generator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/framing.h"
#include "common/wire/schema.h"
#include "common/wire/visit.h"
#include "schemas/types.h"
#include "tests/unit/wire/random_value.h"

enum { VALUES = 400 };

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

static void assert_same_type(const cx_type *a, const cx_type *b);

static void assert_same_field(const cx_field *a, const cx_field *b) {
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->form, b->form);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->tag, b->tag);
    assert_int_equal(a->default_bytes == NULL, b->default_bytes == NULL);
    assert_int_equal(a->default_n, b->default_n);
    if (a->default_n > 0)
        assert_memory_equal(a->default_bytes, b->default_bytes, a->default_n);
    assert_same_type(a->type, b->type);
}

static void assert_same_type(const cx_type *a, const cx_type *b) {
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->logical, b->logical);
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->align, b->align);
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->fields_n, b->fields_n);
    for (uint32_t i = 0; i < a->fields_n; i++)
        assert_same_field(&a->fields[i], &b->fields[i]);
    assert_int_equal(a->symbols_n, b->symbols_n);
    for (uint32_t i = 0; i < a->symbols_n; i++)
        assert_string_equal(a->symbols[i], b->symbols[i]);
    if (a->kind == CX_AVRO_ENUM)
        assert_int_equal(a->default_symbol, b->default_symbol);
    assert_int_equal(a->branches_n, b->branches_n);
    for (uint32_t i = 0; i < a->branches_n; i++)
        assert_same_type(a->branches[i], b->branches[i]);
    assert_int_equal(a->item == NULL, b->item == NULL);
    if (a->item != NULL)
        assert_same_type(a->item, b->item);
}

/* The generator in Python and the parser in C read the same JSON: forms, offsets, defaults, fingerprints. */
static void tables_agree(void **state) {
    (void)state;
    for (size_t i = 0; i < CX_SCHEMA_TYPES; i++) {
        const cx_type *type = cx_schema_types[i], *parsed;
        cx_err err = {0};
        if (cx_schema_parse(cx_view_of(type->json), arena, &parsed, &err) != CX_OK)
            fail_msg("%s: %s", type->name, err.text);
        assert_same_type(type, parsed);
        assert_int_equal(cx_schema_crc64(cx_schema_canonical(parsed, arena)), type->fingerprint);
        assert_int_equal(cx_schema_crc64(cx_schema_canonical(type, arena)), type->fingerprint);
    }
}

static void check_value(const cx_plan *plan, const cx_type *type, rng *r) {
    cx_buffer bytes = {0}, again = {0}, text = {0};
    cx_err err = {0};
    char path[CX_PATH] = "";
    void *value = cx_arena_calloc(arena, 1, type->size), *read = cx_arena_alloc(arena, type->size);
    random_value(r, type, arena, value);
    if (cx_encode(type, value, &bytes, &err) != CX_OK)
        fail_msg("%s not encoded: %s", type->name, err.text);
    if (cx_plan_decode(plan, cx_buffer_view(&bytes, 0), arena, read, &err) != CX_OK)
        fail_msg("%s not decoded: %s", type->name, err.text);
    if (!cx_struct_same(type, value, read, path))
        fail_msg("%s differs in %s", type->name, path);
    void *copy = cx_struct_copy(type, read, arena);
    assert_int_equal(cx_encode(type, copy, &again, NULL), CX_OK);
    assert_int_equal(bytes.n, again.n);
    assert_memory_equal(bytes.p, again.p, bytes.n);
    memset(bytes.p, 0xAA, bytes.n); /* a copy is deep: it does not look into the message */
    if (!cx_struct_same(type, value, copy, path))
        fail_msg("%s: the copy differs in %s", type->name, path);
    assert_int_equal(cx_struct_print(type, copy, (int)rng_below(r, 3), &text), CX_OK);
    json_error_t where;
    json_t *json = json_loadb((const char *)text.p, text.n, 0, &where);
    if (json == NULL)
        fail_msg("%s is not printed as JSON: %s\n%.*s", type->name, where.text, (int)text.n, (char *)text.p);
    json_decref(json);
    cx_buffer_free(&bytes);
    cx_buffer_free(&again);
    cx_buffer_free(&text);
}

static void values_come_back(void **state) {
    (void)state;
    rng r = {20260101};
    for (size_t i = 0; i < CX_SCHEMA_TYPES; i++) {
        cx_plan *own = NULL, *json = NULL;
        const cx_type *type = cx_schema_types[i];
        cx_err err = {0};
        if (cx_plan_compile((cx_view){NULL, 0}, type, &own, &err) != CX_OK ||
            cx_plan_compile(cx_view_of(type->json), type, &json, &err) != CX_OK)
            fail_msg("%s: %s", type->name, err.text);
        assert_int_equal(cx_plan_fingerprint(own), type->fingerprint);
        assert_int_equal(cx_plan_fingerprint(json), type->fingerprint);
        for (int n = 0; n < VALUES; n++) {
            check_value(n % 2 == 0 ? own : json, type, &r);
            cx_arena_reset(arena);
        }
        cx_plan_destroy(&own);
        cx_plan_destroy(&json);
    }
}

/* CRC-64-AVRO of the specification's own examples, and those of other implementations. */
static void fingerprints_are_known(void **state) {
    (void)state;
    static const struct {
        const char *form;
        uint64_t fingerprint;
    } cases[] = {{"\"null\"", UINT64_C(0x63dd24e7cc258f8a)},
                 {"\"int\"", UINT64_C(0x7275d51a3f395c8f)},
                 {"\"string\"", UINT64_C(0x8f014872634503c7)},
                 {"\"boolean\"", UINT64_C(0x9f42fc78a4d4f764)}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cx_schema_crc64(cx_view_of(cases[i].form)), cases[i].fingerprint);
}

static void framings(void **state) {
    (void)state;
    cx_buffer b = {0};
    cx_frame frame;
    assert_int_equal(cx_frame_write_single(&b, UINT64_C(0x0102030405060708)), CX_OK);
    assert_memory_equal(b.p, "\xC3\x01\x08\x07\x06\x05\x04\x03\x02\x01", 10);
    assert_int_equal(cx_buffer_append(&b, "xyz", 3), CX_OK);
    assert_int_equal(cx_frame_read(cx_buffer_view(&b, 0), &frame, NULL), CX_OK);
    assert_int_equal(frame.framing, CX_FRAMING_SINGLE_OBJECT);
    assert_int_equal(frame.fingerprint, UINT64_C(0x0102030405060708));
    assert_true(cx_view_is(frame.datum, "xyz"));
    b.n = 0;
    assert_int_equal(cx_frame_write_confluent(&b, 258), CX_OK);
    assert_memory_equal(b.p, "\0\0\0\1\2", 5);
    assert_int_equal(cx_frame_read(cx_buffer_view(&b, 0), &frame, NULL), CX_OK);
    assert_int_equal(frame.framing, CX_FRAMING_CONFLUENT);
    assert_int_equal(frame.schema_id, 258);
    assert_int_equal(frame.datum.n, 0);
    cx_buffer_free(&b);
}

static void framings_refused(void **state) {
    (void)state;
    static const struct {
        cx_view bytes;
        cx_rc rc;
    } cases[] = {{{"", 0}, CX_NOT_AVRO},          {{NULL, 0}, CX_NOT_AVRO},
                 {{"{\"a\":1}", 7}, CX_NOT_AVRO}, {{"\xC3\x02\0\0\0\0\0\0\0\0", 10}, CX_NOT_AVRO},
                 {{"\xC3", 1}, CX_TRUNCATED},     {{"\xC3\x01\0\0\0\0\0\0\0", 9}, CX_TRUNCATED},
                 {{"\0\0\0\0", 4}, CX_TRUNCATED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_frame frame;
        assert_int_equal(cx_frame_read(cases[i].bytes, &frame, NULL), cases[i].rc);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree),           cmocka_unit_test(values_come_back),
        cmocka_unit_test(fingerprints_are_known), cmocka_unit_test(framings),
        cmocka_unit_test(framings_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
