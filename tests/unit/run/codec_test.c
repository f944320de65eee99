/* The codec of a stage: its own types, published writers, what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "common/run/codec.h"
#include "schemas/types.h"

static int open_codec(void **state) {
    cx_codec *codec = cx_codec_new();
    *state = codec;
    return codec != NULL && cx_codec_add(codec, &cx_seen_event_type, NULL) == CX_OK ? 0 : -1;
}

static int close_codec(void **state) {
    cx_codec *codec = *state;
    cx_codec_destroy(&codec);
    return 0;
}

static void what_is_encoded_is_decoded(void **state) {
    cx_codec *codec = *state;
    cx_arena *arena = cx_arena_new(0);
    cx_seen_event row = {.origin = {2, 99}, .drop_after = 123456};
    cx_view bytes;
    const void *out = NULL;
    assert_int_equal(cx_codec_encode(codec, &cx_seen_event_type, &row, &bytes, NULL), CX_OK);
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL), CX_OK);
    assert_int_equal(((const cx_seen_event *)out)->origin.offset, 99);
    bytes.n--;
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL), CX_TRUNCATED);
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, CX_VIEW("hello"), arena, &out, NULL),
                     CX_NOT_AVRO);
    cx_arena_destroy(&arena);
}

/* Another version of the schema: a field more. Unknown until it has been published. */
static void a_writer_is_known_once_published(void **state) {
    cx_codec *codec = *state;
    static const char json[] =
        "{\"type\":\"record\",\"name\":\"SeenEvent\",\"namespace\":\"chengxin\",\"fields\":["
        "{\"name\":\"content\",\"type\":{\"type\":\"fixed\",\"name\":\"ContentHash\",\"size\":16}},"
        "{\"name\":\"origin\",\"type\":{\"type\":\"record\",\"name\":\"Origin\",\"fields\":["
        "{\"name\":\"partition\",\"type\":\"int\"},{\"name\":\"offset\",\"type\":\"long\"}]}},"
        "{\"name\":\"drop_after\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},"
        "{\"name\":\"more\",\"type\":\"string\"}]}";
    cx_plan *plan = NULL;
    assert_int_equal(cx_plan_compile(cx_view_of(json), &cx_seen_event_type, &plan, NULL), CX_OK);
    uint64_t fingerprint = cx_plan_fingerprint(plan);
    cx_plan_destroy(&plan);
    uint8_t message[] = {0xc3, 1, 0, 0,  0,  0,  0,  0,  0,  0,  1, 2,  3,  4, 5,  6,
                         7,    8, 9, 10, 11, 12, 13, 14, 15, 16, 4, 10, 20, 2, 'x'};
    for (int i = 0; i < 8; i++)
        message[2 + i] = (uint8_t)(fingerprint >> (8 * i));
    cx_view bytes = {(const char *)message, sizeof message};
    cx_arena *arena = cx_arena_new(0);
    const void *out = NULL;
    bool is_new = false;
    assert_false(cx_codec_knows(codec, fingerprint));
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL),
                     CX_UNKNOWN_SCHEMA);
    assert_int_equal(cx_codec_writer(codec, cx_view_of(json), &is_new, NULL), CX_OK);
    assert_true(is_new);
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL), CX_OK);
    assert_int_equal(((const cx_seen_event *)out)->origin.offset, 5);
    assert_int_equal(cx_codec_writer(codec, cx_view_of(json), &is_new, NULL), CX_OK);
    assert_false(is_new);
    cx_arena_destroy(&arena);
}

/* A registry that knows our own schema under 7, another's under 8, and stands still when told. */
struct registry {
    int asked, refused;
    bool away;
};

static cx_rc find_schema(void *context, uint32_t id, cx_view *json, cx_err *err) {
    struct registry *r = context;
    r->asked++;
    if (r->away)
        return cx_fail(err, CX_REGISTRY_AWAY, NULL);
    *json = cx_view_of(id == 7 ? cx_seen_event_type.json : cx_status_type.json);
    return id == 7 || id == 8 ? CX_OK : cx_fail(err, CX_UNKNOWN_SCHEMA, NULL);
}

static void refuse(void *context, uint32_t id) {
    assert_int_equal(id, 8);
    ((struct registry *)context)->refused++;
}

static void ids_are_asked_for_once(void **state) {
    cx_codec *codec = *state;
    cx_arena *arena = cx_arena_new(0);
    struct registry r = {.away = true};
    cx_seen_event row = {.origin = {2, 99}, .drop_after = 123456};
    cx_view bytes;
    const void *out = NULL;
    assert_int_equal(cx_codec_encode_confluent(codec, &cx_seen_event_type, 7, &row, &bytes, NULL), CX_OK);
    assert_memory_equal(bytes.p, "\0\0\0\0\7", 5);
    bytes = cx_arena_copy(arena, bytes);
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL),
                     CX_UNKNOWN_SCHEMA); /* nobody to be asked */
    cx_codec_ask(codec, (cx_codec_registry){&r, find_schema, refuse});
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL), CX_REGISTRY_AWAY);
    r.away = false;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL), CX_OK);
        assert_int_equal(((const cx_seen_event *)out)->origin.offset, 99);
    }
    assert_int_equal(r.asked, 2);
    cx_view half = {bytes.p, 4};
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, half, arena, &out, NULL), CX_TRUNCATED);
    ((char *)(uintptr_t)bytes.p)[4] = 8; /* a schema, but of something else */
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL),
                     CX_UNKNOWN_SCHEMA);
    assert_int_equal(r.refused, 1);
    ((char *)(uintptr_t)bytes.p)[4] = 9;
    assert_int_equal(cx_codec_decode(codec, &cx_seen_event_type, bytes, arena, &out, NULL),
                     CX_UNKNOWN_SCHEMA);
    cx_arena_destroy(&arena);
}

static void a_schema_of_something_else_changes_nothing(void **state) {
    cx_codec *codec = *state;
    bool is_new = false;
    assert_int_equal(cx_codec_writer(codec, cx_view_of(cx_status_type.json), &is_new, NULL), CX_OK);
    assert_true(is_new);
    assert_true(cx_codec_knows(codec, cx_status_type.fingerprint));
    assert_int_equal(cx_codec_writer(codec, CX_VIEW("{no schema"), &is_new, NULL), CX_SCHEMA_INVALID);
}

/* A row's head: what stands behind it is not looked at; what is cut off within it is missed. */
static void a_head_is_read_alone(void **unused) {
    (void)unused;
    cx_codec *codec = cx_codec_new();
    cx_arena *arena = cx_arena_new(0);
    cx_measure_state row = {.has_due = true, .due = 77};
    cx_view bytes;
    const void *out = NULL;
    assert_int_equal(cx_codec_add(codec, &cx_measure_state_type, NULL), CX_OK);
    assert_int_equal(cx_codec_add_head(codec, &cx_measure_state_type, 2, NULL), CX_OK);
    assert_int_equal(cx_codec_encode(codec, &cx_measure_state_type, &row, &bytes, NULL), CX_OK);
    bytes = cx_arena_copy(arena, bytes);
    size_t whole = bytes.n, head = whole - 1; /* no measures: one byte */
    for (size_t n = 0; n <= whole; n++) {
        cx_rc rc =
            cx_codec_decode_head(codec, &cx_measure_state_type, (cx_view){bytes.p, n}, arena, &out, NULL);
        assert_int_equal(rc, n == 0 ? CX_NOT_AVRO : n < head ? CX_TRUNCATED : CX_OK);
        if (rc == CX_OK)
            assert_int_equal(((const cx_measure_state *)out)->due, 77);
    }
    bytes.n = head;
    assert_int_equal(cx_codec_decode(codec, &cx_measure_state_type, bytes, arena, &out, NULL), CX_TRUNCATED);
    cx_arena_destroy(&arena);
    cx_codec_destroy(&codec);
}

/* A writer that has the head's field last: all of it is read, and passed over. */
static void a_head_may_be_another_writers_tail(void **unused) {
    (void)unused;
    static const char json[] =
        "{\"type\":\"record\",\"name\":\"SeenEvent\",\"namespace\":\"chengxin\",\"fields\":["
        "{\"name\":\"more\",\"type\":\"string\"},"
        "{\"name\":\"drop_after\",\"type\":{\"type\":\"long\",\"logicalType\":"
        "\"timestamp-millis\"}},{\"name\":\"origin\",\"type\":{\"type\":\"record\",\"name\":"
        "\"Origin\",\"fields\":[{\"name\":\"partition\",\"type\":\"int\"},"
        "{\"name\":\"offset\",\"type\":\"long\"}]}},{\"name\":\"content\",\"type\":"
        "{\"type\":\"fixed\",\"name\":\"ContentHash\",\"size\":16}}]}";
    static const uint8_t datum[] = {4, 'h', 'i', 20, 4,  10, 1,  2,  3,  4,  5, 6,
                                    7, 8,   9,   10, 11, 12, 13, 14, 15, 16, 9};
    cx_view data = {(const char *)datum, sizeof datum};
    cx_plan *plan = NULL;
    cx_arena *arena = cx_arena_new(0);
    cx_seen_event out;
    assert_int_equal(cx_plan_compile_head(cx_view_of(json), &cx_seen_event_type, 1, &plan, NULL), CX_OK);
    assert_int_equal(cx_plan_decode_first(plan, &data, arena, &out, NULL), CX_OK);
    assert_memory_equal(out.content, datum + 6, 16);
    assert_int_equal(out.drop_after, 0);
    assert_int_equal(data.n, 1);
    cx_plan_destroy(&plan);
    cx_arena_destroy(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_encoded_is_decoded, open_codec, close_codec),
        cmocka_unit_test_setup_teardown(a_writer_is_known_once_published, open_codec, close_codec),
        cmocka_unit_test_setup_teardown(ids_are_asked_for_once, open_codec, close_codec),
        cmocka_unit_test_setup_teardown(a_schema_of_something_else_changes_nothing, open_codec, close_codec),
        cmocka_unit_test(a_head_is_read_alone),
        cmocka_unit_test(a_head_may_be_another_writers_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
