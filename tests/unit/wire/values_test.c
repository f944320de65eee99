/* What is done with values: refused by the encoder, compared, printed; plans of several writers; hostile
 * schemas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/framing.h"
#include "common/wire/schema.h"
#include "common/wire/visit.h"
#include "schemas/types.h"
#include "tests/unit/wire/random_value.h"

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

static cx_fact facts[2];
static cx_record record;
static cx_subject subject;

/* A small event that is good in every field. */
static cx_credit_event sample(void) {
    facts[0] = (cx_fact){.name = CX_VIEW("days_late"), .value_kind = CX_FACT_VALUE_LONG, .value.long_ = 40};
    facts[1] =
        (cx_fact){.name = CX_VIEW("paid"), .value_kind = CX_FACT_VALUE_BOOLEAN, .value.boolean_ = true};
    record = (cx_record){.item = CX_VIEW("P-1"), .group = CX_VIEW(""), .facts = {facts, 2}};
    subject = (cx_subject){.type = CX_SUBJECT_TYPE_PERSON, .id = CX_VIEW("x"), .name = CX_VIEW("王")};
    return (cx_credit_event){.event_id = CX_VIEW("e-1"),
                             .jurisdiction = 130100,
                             .issued_at = 1790000000000,
                             .happened_on = 20718,
                             .document = {.number = CX_VIEW("N\"1"), .date = 20718},
                             .subject = &subject,
                             .body_kind = CX_CREDIT_EVENT_BODY_RECORD,
                             .body.record = &record};
}

static void refused(const cx_credit_event *event, cx_rc rc, const char *field) {
    cx_buffer bytes = {0};
    cx_err err = {0};
    assert_int_equal(cx_buffer_append(&bytes, "before", 6), CX_OK);
    assert_int_equal(cx_encode_single(&cx_credit_event_type, event, &bytes, &err), rc);
    if (!cx_view_is(cx_err_field(&err), field))
        fail_msg("%s instead of %s", err.text, field);
    assert_true(cx_view_is(cx_buffer_view(&bytes, 0), "before"));
    cx_buffer_free(&bytes);
}

static void encoder_refuses(void **state) {
    (void)state;
    cx_credit_event event = sample();
    event.event_id = (cx_view){"a\0b", 3};
    refused(&event, CX_NUL_IN_STRING, "event_id");
    event = sample();
    subject.name = (cx_view){"\xE7\x8E", 2};
    refused(&event, CX_BAD_UTF8, "subject.name");
    event = sample();
    subject.type = (cx_subject_type)CX_SUBJECT_TYPE_COUNT;
    refused(&event, CX_BAD_ENUM, "subject.type");
    event = sample();
    facts[1].value_kind = (cx_fact_value_kind)CX_FACT_VALUE_KINDS;
    refused(&event, CX_BAD_UNION, "body.Record.facts[].value");
    event = sample();
    event.body_kind = (cx_credit_event_body_kind)CX_CREDIT_EVENT_BODY_KINDS;
    refused(&event, CX_BAD_UNION, "body");
    event = sample();
    event.body.record = NULL;
    refused(&event, CX_BAD_UNION, "body.Record");
    event = sample();
    record.group = (cx_view){"\xFF", 1};
    refused(&event, CX_BAD_UTF8, "body.Record.group");
    event = sample();
    facts[0].value_kind = CX_FACT_VALUE_STRING;
    facts[0].value.string_ = (cx_view){"\0", 1};
    refused(&event, CX_NUL_IN_STRING, "body.Record.facts[].value.string");
}

static void differs(const cx_credit_event *event, const char *wanted) {
    cx_fact kept_facts[2] = {facts[0], facts[1]};
    cx_record kept_record = record;
    cx_subject kept_subject = subject;
    kept_record.facts.items = kept_facts;
    cx_credit_event kept = *event;
    kept.subject = kept.subject == NULL ? NULL : &kept_subject;
    if (kept.body_kind == CX_CREDIT_EVENT_BODY_RECORD)
        kept.body.record = &kept_record;
    cx_credit_event good = sample();
    char path[CX_PATH];
    assert_false(cx_struct_same(&cx_credit_event_type, &kept, &good, path));
    assert_string_equal(path, wanted);
    assert_false(cx_struct_same(&cx_credit_event_type, &good, &kept, NULL));
}

static void comparison_names_the_field(void **state) {
    (void)state;
    cx_credit_event event = sample();
    char path[CX_PATH];
    assert_true(cx_struct_same(&cx_credit_event_type, &event, &event, path));
    assert_string_equal(path, "");
    event.happened_on++;
    differs(&event, "happened_on");
    event = sample();
    event.document.has_effective_on = true;
    differs(&event, "document.effective_on");
    event = sample();
    facts[1].value.boolean_ = false;
    differs(&event, "body.Record.facts[1].value");
    event = sample();
    record.facts.n = 1;
    differs(&event, "body.Record.facts[1]");
    event = sample();
    event.subject = NULL;
    differs(&event, "subject");
    event = sample();
    event.text = CX_VIEW(""); /* empty is not null */
    differs(&event, "text");
    event = sample();
    event.body_kind = CX_CREDIT_EVENT_BODY_NOTICE_WITHDRAWN;
    event.body.notice_withdrawn = &(cx_notice_withdrawn){.notice = CX_VIEW("n")};
    differs(&event, "body");
}

static void printed(void **state) {
    (void)state;
    cx_fact fact = {.name = CX_VIEW("a\n\"b\\"), .value_kind = CX_FACT_VALUE_LONG, .value.long_ = -5};
    cx_official official = {.role = CX_OFFICIAL_ROLE_HEAD, .number = CX_VIEW("诚7")};
    cx_document document = {
        .number = CX_VIEW("1"), .date = 20605, .has_effective_on = true, .effective_on = INT32_MAX};
    cx_buffer text = {0};
    assert_int_equal(cx_struct_print(&cx_fact_type, &fact, 0, &text), CX_OK);
    assert_int_equal(cx_struct_print(&cx_official_type, &official, 2, &text), CX_OK);
    assert_int_equal(cx_struct_print(&cx_document_type, &document, 0, &text), CX_OK);
    static const char wanted[] = "{\"name\": \"a\\u000a\\\"b\\\\\", \"value\": -5}"
                                 "{\n  \"role\": \"HEAD\",\n  \"number\": \"诚7\"\n}"
                                 "{\"number\": \"1\", \"date\": \"2026-06-01\", \"issuing_body\": \"\", "
                                 "\"legal_basis\": \"\", \"effective_on\": 2147483647}";
    assert_int_equal(text.n, sizeof wanted - 1);
    assert_memory_equal(text.p, wanted, text.n);
    cx_buffer_free(&text);
}

/* No proper beginning of a message is a message; each is read from memory that ends with it. */
static void beginnings_are_refused(void **state) {
    (void)state;
    rng r = {5};
    cx_buffer bytes = {0};
    for (size_t i = 0; i < CX_SCHEMA_TYPES; i++) {
        const cx_type *type = cx_schema_types[i];
        cx_plan *plan;
        assert_int_equal(cx_plan_compile((cx_view){NULL, 0}, type, &plan, NULL), CX_OK);
        void *value = cx_arena_calloc(arena, 1, type->size), *out = cx_arena_alloc(arena, type->size);
        random_value(&r, type, arena, value);
        bytes.n = 0;
        assert_int_equal(cx_encode(type, value, &bytes, NULL), CX_OK);
        for (size_t n = 0; n < bytes.n; n++) {
            char *exact = malloc(n + (n == 0));
            memcpy(exact, bytes.p, n);
            cx_err err = {0};
            assert_int_equal(cx_plan_decode(plan, (cx_view){exact, n}, arena, out, &err), CX_TRUNCATED);
            assert_true(cx_err_field(&err).n > 0);
            free(exact);
        }
        cx_plan_destroy(&plan);
        cx_arena_reset(arena);
    }
    cx_buffer_free(&bytes);
}

#define OLD_ACTIVATION                                                                                       \
    "{\"type\":\"record\",\"name\":\"chengxin.ActivationRequest\",\"fields\":[{\"name\":\"why\",\"type\":"   \
    "\"string\"},{\"name\":\"who\",\"type\":\"string\"},{\"name\":\"jurisdiction\",\"type\":\"int\"},"       \
    "{\"name\":\"pack\",\"type\":{\"type\":\"fixed\",\"name\":\"PackHash\",\"size\":32}},"                   \
    "{\"name\":\"id\",\"type\":\"string\"}]}"

static void plans_of_writers(void **state) {
    (void)state;
    cx_err err = {0};
    cx_plans *plans = cx_plans_new(&cx_activation_request_type, (cx_limits){.string = 3});
    assert_non_null(plans);
    const cx_plan *own = cx_plans_find(plans, cx_activation_request_type.fingerprint);
    assert_non_null(own);
    assert_null(cx_plans_find(plans, 1));
    assert_null(cx_plans_find_id(plans, 7));
    if (cx_plans_add(plans, CX_VIEW(OLD_ACTIVATION), 7, &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(cx_plans_add(plans, CX_VIEW(OLD_ACTIVATION), -1, &err), CX_OK);
    assert_int_equal(cx_plans_add(plans, cx_view_of(cx_activation_request_type.json), 8, &err), CX_OK);
    assert_ptr_equal(cx_plans_find_id(plans, 8), own);
    const cx_plan *old = cx_plans_find_id(plans, 7);
    assert_ptr_equal(cx_plans_find(plans, cx_plan_fingerprint(old)), old);
    assert_int_equal(
        cx_plans_add(plans, CX_VIEW("{\"type\":\"record\",\"name\":\"X\",\"fields\":[]}"), 9, &err),
        CX_SCHEMA_INCOMPATIBLE);
    assert_null(cx_plans_find_id(plans, 9));

    cx_activation_request out;
    static const char datum[] = "\4hi\2w\x8a\xf2\x0f"
                                "0123456789abcdef0123456789abcdef"
                                "\6abc";
    assert_int_equal(cx_plan_decode(old, (cx_view){datum, sizeof datum - 1}, arena, &out, &err), CX_OK);
    assert_true(cx_view_is(out.why, "hi") && cx_view_is(out.who, "w") && cx_view_is(out.id, "abc"));
    assert_int_equal(out.jurisdiction, 130181);
    assert_memory_equal(out.pack, "0123456789abcdef0123456789abcdef", 32);
    assert_int_equal(cx_plan_decode(old, CX_VIEW("\10hiho"), arena, &out, &err), CX_OVERSIZED);
    cx_plans_destroy(&plans);
    assert_null(plans);
}

/* Whether a plan of the schema with its own self can be had: 0 yes, else why not. */
static cx_rc usable(const char *json) {
    const cx_type *type;
    cx_plan *plan = NULL;
    cx_err err = {0};
    cx_rc rc = cx_schema_parse(cx_view_of(json), arena, &type, &err);
    if (rc == CX_OK)
        rc = cx_plan_compile(cx_view_of(json), type, &plan, &err);
    cx_plan_destroy(&plan);
    cx_arena_reset(arena);
    return rc;
}

/* R0 holds R1 twice, R1 holds R2 twice ...: the whole has 2^levels leaves. */
static char *doubling(int levels, const char *leaf, const char *preset) {
    static char text[64 * 1024], inner[64 * 1024];
    (void)snprintf(text, sizeof text,
                   "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s}]}", levels,
                   leaf);
    for (int i = levels - 1; i >= 0; i--) {
        memcpy(inner, text, sizeof inner);
        (void)snprintf(text, sizeof text,
                       "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":%s%s},"
                       "{\"name\":\"b\",\"type\":\"R%d\"%s}]}",
                       i, inner, preset, i + 1, preset);
    }
    return text;
}

/* Small texts that would be huge programs, records or defaults are refused, and at once. */
static void hostile_schemas(void **state) {
    (void)state;
    assert_int_equal(usable(doubling(3, "\"int\"", "")), CX_OK);
    assert_int_equal(usable(doubling(14, "\"int\"", "")), CX_OK);
    assert_int_equal(usable(doubling(19, "\"int\"", "")), CX_SCHEMA_INVALID);
    assert_int_equal(usable(doubling(28, "\"int\"", "")), CX_SCHEMA_INVALID);
    assert_int_equal(usable(doubling(28, "\"null\"", "")), CX_SCHEMA_INVALID);
    assert_int_equal(usable(doubling(40, "\"int\",\"default\":1", ",\"default\":{}")), CX_SCHEMA_INVALID);
    assert_int_equal(usable(doubling(60, "\"int\"", "")), CX_SCHEMA_INVALID);
    char nested[2048] = "";
    for (int i = 0; i < 70; i++) {
        size_t n = strlen(nested);
        (void)snprintf(nested + n, sizeof nested - n, "{\"type\":\"array\",\"items\":");
    }
    assert_int_equal(usable(nested), CX_SCHEMA_INVALID);
}

static void memory_is_bounded(void **state) {
    (void)state;
    const cx_type *type;
    cx_plan *plan;
    cx_err err = {0};
    static const char json[] =
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"l\",\"type\":{\"type\":"
        "\"array\",\"items\":{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"a\","
        "\"type\":[\"null\",\"string\"]},{\"name\":\"b\",\"type\":[\"null\",\"string\"]}]}}}]}";
    static const char datum[] =
        "\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"; /* 8 items of 2 bytes; 32 bytes in C */
    cx_view message = {datum, 18};
    cx_items out;
    assert_int_equal(cx_schema_parse(cx_view_of(json), arena, &type, &err), CX_OK);
    assert_int_equal(cx_plan_compile(cx_view_of(json), type, &plan, &err), CX_OK);
    assert_int_equal(cx_plan_decode(plan, message, arena, &out, &err), CX_OK);
    assert_int_equal(out.n, 8);
    cx_plan_limit(plan, (cx_limits){.memory = 256});
    assert_int_equal(cx_plan_decode(plan, message, arena, &out, &err), CX_OK);
    cx_plan_limit(plan, (cx_limits){.memory = 255});
    assert_int_equal(cx_plan_decode(plan, message, arena, &out, &err), CX_OVERSIZED);
    cx_plan_limit(plan, (cx_limits){.message = 17});
    assert_int_equal(cx_plan_decode(plan, message, arena, &out, &err), CX_OVERSIZED);
    assert_int_equal(cx_err_field(&err).n, 0);
    cx_plan_limit(plan, (cx_limits){0});
    cx_arena *tiny = cx_arena_new(100);
    assert_int_equal(cx_plan_decode(plan, message, tiny, &out, &err), CX_OUT_OF_MEMORY);
    cx_arena_destroy(&tiny);
    cx_plan_destroy(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoder_refuses),   cmocka_unit_test(comparison_names_the_field),
        cmocka_unit_test(printed),           cmocka_unit_test(beginnings_are_refused),
        cmocka_unit_test(plans_of_writers),  cmocka_unit_test(hostile_schemas),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
