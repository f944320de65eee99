/* Intake against a table of events in their JSON form: each mistake with its own reason, and what is accepted
 * without a trace of identity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "ops/cli/event_json.h"
#include "schemas/types.h"
#include "services/intake/decide.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DOCUMENT                                                                                             \
    "\"document\": {\"number\": \"石罚〔2026〕1号\", \"date\": \"2026-03-01\", \"issuing_body\": "      \
    "\"market\", "                                                                                           \
    "\"legal_basis\": \"ZB-44\"}, "
#define ORGANISATION                                                                                         \
    "\"subject\": {\"type\": \"ORGANISATION\", \"id_type\": \"CREDIT_CODE\", \"id\": "                       \
    "\"91350100M000100Y43\", "                                                                               \
    "\"name\": \"甲公司\"}, "
#define PERSON(id) "\"subject\": {\"type\": \"PERSON\", \"id_type\": \"CITIZEN_ID\", \"id\": \"" id "\"}, "
#define HEAD(id)                                                                                             \
    "{\"event_id\": \"" id "\", \"jurisdiction\": 130100, \"issued_at\": \"2026-03-02T09:00:00+08:00\", "    \
    "\"happened_on\": \"2026-02-20\", \"official\": {\"role\": \"HEAD\", \"number\": \"M-1\"}, "
#define RECORD(rest) "\"body\": {\"Record\": {\"item\": \"FOOD-1\"" rest "}}}"

/* The numbers are check-digit valid; 99010120080501001X was born on 2008-05-01: 17 years old at the act. */
static const struct {
    const char *json;
    cx_rc rc;
    const char *field;
} cases[] = {
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(""), CX_OK, ""},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"amount\": 12000, \"facts\": [{\"name\": \"penalty\", "
                                              "\"value\": \"FINE\"}]"),
     CX_OK, ""},
    {HEAD("") DOCUMENT ORGANISATION RECORD(""), CX_EVENT_ID_INVALID, "event_id"},
    {HEAD("a b") DOCUMENT ORGANISATION RECORD(""), CX_EVENT_ID_INVALID, "event_id"},
    {HEAD("e-1") DOCUMENT RECORD(""), CX_NO_SUBJECT, "subject"},
    {HEAD("e-1") DOCUMENT PERSON("11010519491231002X") RECORD(""), CX_OK, ""},
    {HEAD("e-1") DOCUMENT PERSON("110105194912310021") RECORD(""), CX_WRONG_CHECK_DIGIT, "subject"},
    {HEAD("e-1") DOCUMENT PERSON("1101051949") RECORD(""), CX_WRONG_LENGTH, "subject"},
    {HEAD("e-1") DOCUMENT PERSON("99010120080501001X") RECORD(""), CX_UNDER_18, "subject"},
    {HEAD("e-1") ORGANISATION RECORD(""), CX_JSON, NULL}, /* no document at all is no event */
    {HEAD("e-1") "\"document\": {\"number\": \"\", \"date\": \"2026-03-01\", \"issuing_body\": \"market\", "
                 "\"legal_basis\": \"ZB-44\"}, " ORGANISATION RECORD(""),
     CX_DOCUMENT_MISSING, "document"},
    {HEAD("e-1") "\"document\": {\"number\": \"1\", \"date\": \"2026-03-01\", \"issuing_body\": \"market\", "
                 "\"legal_basis\": \"\"}, " ORGANISATION RECORD(""),
     CX_DOCUMENT_MISSING, "document"},
    {HEAD("e-1") "\"document\": {\"number\": \"1\", \"date\": \"2026-03-03\", \"issuing_body\": \"market\", "
                 "\"legal_basis\": \"ZB-44\"}, " ORGANISATION RECORD(""),
     CX_IMPOSSIBLE_DATE, "document.date"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"amount\": -1"), CX_AMOUNT_OUT_OF_RANGE, "body.amount"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"amount\": 1000000000000001"), CX_AMOUNT_OUT_OF_RANGE,
     "body.amount"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"blood_type\", \"value\": \"A\"}]"),
     CX_FORBIDDEN_FIELD, "body.facts"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"指纹\", \"value\": \"x\"}]"),
     CX_FORBIDDEN_FIELD, "body.facts"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"reporter\", \"value\": \"x\"}]"),
     CX_REPORTER_NAMED, "body.facts"},
    {HEAD("e-1") DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"annual_income\", \"value\": 1}]"),
     CX_CONSENT_MISSING, "body.facts"},
    {HEAD("e-1") "\"consent\": {\"document\": \"c-1\", \"date\": \"2026-01-01\", \"scope\": "
                 "\"annual_income\"}, " DOCUMENT ORGANISATION RECORD(
                     ", \"facts\": [{\"name\": \"annual_income\", \"value\": 1}]"),
     CX_OK, ""},
    {HEAD("e-1")
         DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"note\", \"value\": \"two words\"}]"),
     CX_TEXT_IN_CODE, "body.facts"},
    {HEAD("e-1")
         DOCUMENT ORGANISATION RECORD(", \"roles\": [{\"role\": \"PRINCIPAL\", \"holder\": 0, \"from\": "
                                      "\"2020-01-01\", \"evidence\": \"x\"}]"),
     CX_NO_SUBJECT, "body.roles"},
    {HEAD("e-1") DOCUMENT ORGANISATION
     "\"body\": {\"Withdrawal\": {\"target\": \"some text\", \"reason\": \"X\"}}}",
     CX_TEXT_IN_CODE, "body.target"},
    {HEAD("e-1") DOCUMENT ORGANISATION
     "\"body\": {\"Withdrawal\": {\"target\": \"e-0\", \"reason\": \"X\"}}}",
     CX_OK, ""},
    {HEAD("e-1") DOCUMENT "\"body\": {\"BreakerRelease\": {\"breaker\": \"b-1\"}}}", CX_OK, ""},
    {HEAD("e-1") DOCUMENT
     "\"subject\": {\"type\": \"PERSON\", \"id_type\": \"REFERENCE\", \"id\": \"r\"}, " RECORD(""),
     CX_UNKNOWN_ID_TYPE, "subject"},
};

/* What the step before decide would find; pseudonyms are made up. */
static cx_intake_prepared *prepare(const cx_credit_event *event, cx_arena *arena) {
    cx_intake_prepared *p = cx_arena_calloc(arena, 1, sizeof *p);
    cx_intake_subject *s = cx_arena_calloc(arena, 1, sizeof *s);
    p->content[0] = 7;
    if (event->subject == NULL)
        return p;
    p->subject = s;
    s->identifier.birth_date = CX_NO_DATE;
    (void)memset(s->pseudonym, 0xAB, sizeof s->pseudonym);
    if (event->subject->id_type != CX_ID_TYPE_REFERENCE)
        s->rc = cx_identifier_check(event->subject->type, event->subject->id_type, event->subject->id,
                                    CX_NO_DATE, cx_date_of_time(event->issued_at), &s->identifier);
    return p;
}

static cx_rc decide(const char *json, cx_arena *arena, cx_step *step) {
    cx_credit_event *event = cx_arena_calloc(arena, 1, sizeof *event);
    cx_err err = {0};
    cx_rc rc = cx_json_read(&cx_credit_event_type, cx_view_of(json), arena, event, &err);
    if (rc != CX_OK)
        return rc;
    *step = (cx_step){
        .event = event, .department = CX_VIEW("market"), .origin = {2, 17}, .received_at = 5, .arena = arena};
    step->prepared = prepare(event, arena);
    return cx_intake_decide(step);
}

static void every_case(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_step step;
        cx_rc rc = decide(cases[i].json, arena, &step);
        if (cases[i].field == NULL) {
            assert_int_equal(rc, cases[i].rc);
            continue;
        }
        assert_int_equal(rc, CX_OK);
        assert_int_equal(step.effects, 1);
        const cx_rejection *rejection = step.first->output == CX_INTAKE_REJECTED ? step.first->value : NULL;
        const char *reason = rejection == NULL ? "OK" : rejection->reason.p;
        if (strcmp(reason, cx_rc_name(cases[i].rc)) != 0)
            fail_msg("case %zu: %s, not %s", i, reason, cx_rc_name(cases[i].rc));
        if (rejection == NULL)
            continue;
        assert_true(cx_view_is(rejection->field, cases[i].field));
        assert_int_equal(rejection->partition, 2);
        assert_int_equal(rejection->offset, 17);
        assert_true(cx_view_is(step.first->department, "market"));
    }
    cx_arena_destroy(&arena);
}

static void what_is_accepted_holds_no_identity(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_step step;
    assert_int_equal(decide(HEAD("e-9") DOCUMENT PERSON("11010519491231002X") RECORD(""), arena, &step),
                     CX_OK);
    assert_int_equal(step.first->output, CX_INTAKE_RECORDS);
    assert_int_equal(step.first->key.n, 16);
    const cx_event *event = step.first->value;
    assert_int_equal(event->body_kind, CX_EVENT_BODY_RECORD);
    assert_true(cx_view_is(event->body.record->item, "FOOD-1"));
    assert_true(cx_view_is(event->header->event_id, "e-9"));
    assert_true(cx_view_is(event->header->department, "market"));
    assert_int_equal(event->header->content[0], 7);
    assert_int_equal(event->header->inbound_offset, 17);
    assert_false(event->header->test_identifier);
    assert_int_equal(event->subject[0], 0xAB);
    cx_arena_destroy(&arena);
}

static void consented_facts_are_never_coded(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_step step;
    const char *json =
        HEAD("e-1") "\"consent\": {\"document\": \"c-1\", \"date\": \"2026-01-01\", \"scope\": "
                    "\"annual_income\"}, " DOCUMENT ORGANISATION RECORD(
                        ", \"facts\": [{\"name\": \"annual_income\", \"value\": 1}, {\"name\": \"penalty\", "
                        "\"value\": \"FINE\"}]");
    assert_int_equal(decide(json, arena, &step), CX_OK);
    const cx_event *event = step.first->value;
    assert_int_equal(event->body.record->facts.n, 1);
    assert_true(cx_view_is(event->body.record->facts.items[0].name, "penalty"));
    assert_true(event->header->has_text);
    cx_arena_destroy(&arena);
}

static void forbidden_content_is_not_sent_round_again(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_step step = {.department = CX_VIEW("market"), .arena = arena};
    assert_int_equal(
        cx_intake_reject(&step, CX_FORBIDDEN_FIELD, CX_VIEW("f"), CX_VIEW("e"), CX_VIEW("bytes")), CX_OK);
    assert_null(((const cx_rejection *)step.last->value)->body.p);
    assert_int_equal(
        cx_intake_reject(&step, CX_TRUNCATED, CX_VIEW("f"), CX_VIEW("not a code"), CX_VIEW("bytes")), CX_OK);
    const cx_rejection *rejection = step.last->value;
    assert_true(cx_view_is(rejection->body, "bytes"));
    assert_int_equal(rejection->event_id.n, 0);
    cx_arena_destroy(&arena);
}

#define WITH_FACT(name)                                                                                      \
    HEAD("a b") DOCUMENT ORGANISATION RECORD(", \"facts\": [{\"name\": \"" name "\", \"value\": \"X\"}]")

/* Another mistake comes first; the forbidden fact is there all the same. */
static void a_mistake_before_it_hides_no_forbidden_fact(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool kept;
    } events[] = {{WITH_FACT("blood_type"), false},
                  {WITH_FACT("annual_income"), false},
                  {WITH_FACT("reporter"), false},
                  {WITH_FACT("penalty"), true}};
    cx_arena *arena = cx_arena_new(0);
    for (size_t i = 0; i < COUNT(events); i++) {
        cx_credit_event *event = cx_arena_calloc(arena, 1, sizeof *event);
        cx_err err = {0};
        assert_int_equal(cx_json_read(&cx_credit_event_type, cx_view_of(events[i].json), arena, event, &err),
                         CX_OK);
        cx_step step = {
            .event = event, .department = CX_VIEW("market"), .message = CX_VIEW("bytes"), .arena = arena};
        step.prepared = prepare(event, arena);
        assert_int_equal(cx_intake_decide(&step), CX_OK);
        const cx_rejection *rejection = step.first->value;
        assert_true(cx_view_is(rejection->reason, "EVENT_ID_INVALID"));
        assert_int_equal(rejection->body.p != NULL, events[i].kept);
    }
    cx_arena_destroy(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case),
                                       cmocka_unit_test(what_is_accepted_holds_no_identity),
                                       cmocka_unit_test(consented_facts_are_never_coded),
                                       cmocka_unit_test(forbidden_content_is_not_sent_round_again),
                                       cmocka_unit_test(a_mistake_before_it_hides_no_forbidden_fact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
