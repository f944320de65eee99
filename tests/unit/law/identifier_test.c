/* Identifiers against a table: the standards' own examples, numbers of the test region, and every mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/law/identifier.h"
#include "common/law/region.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PERSON CX_SUBJECT_TYPE_PERSON
#define ORGANISATION CX_SUBJECT_TYPE_ORGANISATION
#define ID(type) CX_ID_TYPE_##type

static const struct {
    cx_subject_type subject;
    cx_id_type type;
    const char *id;
    const char *born; /* given beside the number */
    cx_rc rc;
    const char *normal;
    cx_id_type keyed;
    bool test;
} cases[] = {
    /* GB 11643-1999, its own example, and others */
    {PERSON, ID(CITIZEN_ID), "11010519491231002X", "", CX_OK, "11010519491231002X", ID(CITIZEN_ID), false},
    {PERSON, ID(CITIZEN_ID), "11010519491231002x", "", CX_OK, "11010519491231002X", ID(CITIZEN_ID), false},
    {PERSON, ID(CITIZEN_ID), "110105 19491231 002X", "", CX_OK, "11010519491231002X", ID(CITIZEN_ID), false},
    {PERSON, ID(CITIZEN_ID), "110105491231002", "", CX_OK, "11010519491231002X", ID(CITIZEN_ID), false},
    {PERSON, ID(CITIZEN_ID), "110105194912310021", "", CX_WRONG_CHECK_DIGIT, NULL, 0, false},
    {PERSON, ID(CITIZEN_ID), "1101051949123100", "", CX_WRONG_LENGTH, NULL, 0, false},
    {PERSON, ID(CITIZEN_ID), "11010519491231O02X", "", CX_WRONG_LENGTH, NULL, 0, false},
    {PERSON, ID(CITIZEN_ID), "", "", CX_WRONG_LENGTH, NULL, 0, false},
    {PERSON, ID(CITIZEN_ID), "990101199001010013", "", CX_WRONG_CHECK_DIGIT, NULL, 0, false},
    /* GB 32100-2015: the organisation code inside keys the subject */
    {ORGANISATION, ID(CREDIT_CODE), "91350100M000100Y43", "", CX_OK, "M000100Y4", ID(ORGANISATION_CODE),
     false},
    {ORGANISATION, ID(ORGANISATION_CODE), "M000100Y-4", "", CX_OK, "M000100Y4", ID(ORGANISATION_CODE), false},
    {ORGANISATION, ID(CREDIT_CODE), "91350100M000100Y44", "", CX_WRONG_CHECK_DIGIT, NULL, 0, false},
    {ORGANISATION, ID(CREDIT_CODE), "91350100M000100I43", "", CX_WRONG_LENGTH, NULL, 0, false},
    {ORGANISATION, ID(ORGANISATION_CODE), "M000100Y5", "", CX_WRONG_CHECK_DIGIT, NULL, 0, false},
    {ORGANISATION, ID(TAX_NUMBER), "350100M000100Y4", "", CX_OK, "M000100Y4", ID(ORGANISATION_CODE), false},
    {ORGANISATION, ID(TAX_NUMBER), "570100M000100Y4", "", CX_UNKNOWN_REGION, NULL, 0, false},
    /* the kind of number must fit the kind of subject */
    {ORGANISATION, ID(CITIZEN_ID), "11010519491231002X", "", CX_UNKNOWN_ID_TYPE, NULL, 0, false},
    {PERSON, ID(CREDIT_CODE), "91350100M000100Y43", "", CX_UNKNOWN_ID_TYPE, NULL, 0, false},
    {PERSON, ID(REFERENCE), "x", "", CX_UNKNOWN_ID_TYPE, NULL, 0, false},
    /* documents of others: by form, and the birth date must be given */
    {PERSON, ID(PASSPORT), "e12345678", "1980-01-01", CX_OK, "E12345678", ID(PASSPORT), false},
    {PERSON, ID(PASSPORT), "e12345678", "", CX_BIRTH_DATE_MISSING, NULL, 0, false},
    {PERSON, ID(PASSPORT), "e12345678", "2990-01-01", CX_IMPOSSIBLE_DATE, NULL, 0, false},
    {PERSON, ID(PASSPORT), "e1", "1980-01-01", CX_WRONG_LENGTH, NULL, 0, false},
    {PERSON, ID(HONGKONG_MACAO_PERMIT), "H12345678", "1980-01-01", CX_OK, "H12345678",
     ID(HONGKONG_MACAO_PERMIT), false},
    {PERSON, ID(HONGKONG_MACAO_PERMIT), "A12345678", "1980-01-01", CX_WRONG_LENGTH, NULL, 0, false},
    {PERSON, ID(TAIWAN_PERMIT), "12345678", "1980-01-01", CX_OK, "12345678", ID(TAIWAN_PERMIT), false},
};

static void identifiers(void **state) {
    (void)state;
    cx_date today = cx_date_from_civil((cx_civil){2026, 11, 22});
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_identifier got;
        cx_date born = CX_NO_DATE;
        if (cases[i].born[0] != '\0')
            assert_true(cx_date_parse(cx_view_of(cases[i].born), &born));
        cx_rc rc =
            cx_identifier_check(cases[i].subject, cases[i].type, cx_view_of(cases[i].id), born, today, &got);
        if (rc != cases[i].rc)
            fail_msg("case %zu: %s, not %s", i, cx_rc_name(rc), cx_rc_name(cases[i].rc));
        if (rc != CX_OK)
            continue;
        assert_string_equal(got.id, cases[i].normal);
        assert_int_equal(got.type, cases[i].keyed);
        assert_int_equal(got.test, cases[i].test);
    }
}

/* Any citizen number: with the check digit right it passes by its date and region, with it wrong never. */
static cx_rc check_number(const char *seventeen, cx_identifier *got) {
    char id[19];
    (void)memcpy(id, seventeen, 17);
    id[17] = cx_citizen_check(seventeen);
    id[18] = '\0';
    cx_date today = cx_date_from_civil((cx_civil){2026, 11, 22});
    return cx_identifier_check(PERSON, ID(CITIZEN_ID), cx_view_of(id), CX_NO_DATE, today, got);
}

static void dates_and_regions(void **state) {
    (void)state;
    static const struct {
        const char *seventeen;
        cx_rc rc;
    } numbers[] = {{"99010119900101001", CX_OK},
                   {"13010020000229001", CX_OK},
                   {"13010019000229001", CX_IMPOSSIBLE_DATE},
                   {"13010020261231001", CX_IMPOSSIBLE_DATE},
                   {"13010018491231001", CX_IMPOSSIBLE_DATE},
                   {"57010119900101001", CX_UNKNOWN_REGION},
                   {"13290119900101001", CX_OK},
                   {"13600119900101001", CX_UNKNOWN_REGION},
                   {"81000019900101001", CX_OK},
                   {"51290119700101001", CX_OK}};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        cx_identifier got;
        cx_rc rc = check_number(numbers[i].seventeen, &got);
        if (rc != numbers[i].rc)
            fail_msg("%s: %s, not %s", numbers[i].seventeen, cx_rc_name(rc), cx_rc_name(numbers[i].rc));
    }
    cx_identifier got;
    assert_int_equal(check_number("99010119900101001", &got), CX_OK);
    assert_true(got.test);
    assert_int_equal(got.birth_date, cx_date_from_civil((cx_civil){1990, 1, 1}));
}

static void every_wrong_check_digit_is_found(void **state) {
    (void)state;
    const char *right = "11010519491231002X";
    cx_date today = cx_date_from_civil((cx_civil){2026, 11, 22});
    for (size_t at = 0; at < 17; at++)
        for (char c = '0'; c <= '9'; c++) {
            char id[19];
            (void)memcpy(id, right, sizeof id);
            id[at] = c;
            cx_identifier got;
            cx_rc rc = cx_identifier_check(PERSON, ID(CITIZEN_ID), cx_view_of(id), CX_NO_DATE, today, &got);
            assert_int_equal(rc == CX_OK, c == right[at]);
        }
}

static void adults(void **state) {
    (void)state;
    cx_date born = cx_date_from_civil((cx_civil){2008, 2, 29});
    assert_false(cx_is_adult(born, cx_date_from_civil((cx_civil){2026, 2, 27})));
    assert_true(cx_is_adult(born, cx_date_from_civil((cx_civil){2026, 2, 28})));
    assert_true(cx_is_adult(born, cx_date_from_civil((cx_civil){2026, 3, 1})));
}

static void cities(void **state) {
    (void)state;
    static const int known[] = {130100, 130800, 320900, 411600, 440300, 100000, 130000};
    for (size_t i = 0; i < COUNT(known); i++)
        assert_true(cx_region_existed(known[i]));
    assert_false(cx_region_existed(990101));
    assert_false(cx_region_existed(0));
    assert_false(cx_region_existed(-1));
    assert_true(cx_region_is_test(990101));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(identifiers), cmocka_unit_test(dates_and_regions),
                                       cmocka_unit_test(every_wrong_check_digit_is_found),
                                       cmocka_unit_test(adults), cmocka_unit_test(cities)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
