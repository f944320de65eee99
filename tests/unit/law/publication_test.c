/* What may be published, how a name stands in it, and clean years: by the shipped packs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/law/publication.h"
#include "tests/model/packs.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CITY(city) "deploy/policies/" city "/2026-01"

static cx_pack *load(const char *folder) {
    cx_pack *pack = NULL;
    cx_err err = {0};
    if (cx_model_pack("deploy/policies/national/2026-01", folder, 7, &pack, &err) != CX_OK)
        fail_msg("%s", err.text);
    return pack;
}

static void names_are_masked(void **state) {
    (void)state;
    static const struct {
        cx_naming naming;
        const char *name, *stands;
    } cases[] = {{CX_NAMING_MASKED, "张三", "张*"},
                 {CX_NAMING_MASKED, "欧阳小明", "欧***"},
                 {CX_NAMING_MASKED, "Li", "L*"},
                 {CX_NAMING_MASKED, "", ""},
                 {CX_NAMING_IN_FULL, "某某有限公司", "某某有限公司"},
                 {CX_NAMING_NOT_AT_ALL, "张三", ""},
                 {CX_NAMING_MASKED, "\xff\xff", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[CX_MASKED_NAME];
        assert_string_equal(cx_name_as(cases[i].naming, cx_view_of(cases[i].name), out), cases[i].stands);
    }
}

static void a_decision_is_published_by_its_item(void **state) {
    (void)state;
    static const struct {
        const char *item;
        cx_subject_type type;
        bool in_force, consents;
        int left; /* days of its term */
        cx_rc rc;
        cx_naming naming;
    } cases[] = {
        {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_ORGANISATION, true, false, 10, CX_OK, CX_NAMING_IN_FULL},
        {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_PERSON, true, false, 10, CX_OK,
         CX_NAMING_MASKED}, /* the statute publishes it */
        {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_PERSON, false, false, 10, CX_NOT_PUBLIC,
         CX_NAMING_NOT_AT_ALL}, /* repaired, say */
        {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_ORGANISATION, true, false, 0, CX_NOT_PUBLIC,
         CX_NAMING_NOT_AT_ALL}, /* its term is over */
        {"HN-MODEL", CX_SUBJECT_TYPE_PERSON, true, false, 10, CX_NO_CONSENT, CX_NAMING_NOT_AT_ALL},
        {"HN-MODEL", CX_SUBJECT_TYPE_PERSON, true, true, 10, CX_OK, CX_NAMING_IN_FULL},
        {"HN-CONTRACT", CX_SUBJECT_TYPE_ORGANISATION, true, false, 10, CX_NO_CONSENT, CX_NAMING_NOT_AT_ALL},
        {"HN-CONTRACT", CX_SUBJECT_TYPE_ORGANISATION, true, true, 10, CX_OK, CX_NAMING_IN_FULL},
        {"SC-SUPERVISION-CLASS", CX_SUBJECT_TYPE_ORGANISATION, true, true, 10, CX_NOT_PUBLIC,
         CX_NAMING_NOT_AT_ALL},
        {"VO-SERVICE", CX_SUBJECT_TYPE_PERSON, true, true, 10, CX_NOT_PUBLIC, CX_NAMING_NOT_AT_ALL},
        {"NO-SUCH-ITEM", CX_SUBJECT_TYPE_ORGANISATION, true, true, 10, CX_NOT_PUBLIC, CX_NAMING_NOT_AT_ALL},
    };
    cx_pack *pack = load(CITY("shijiazhuang"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_published p = {.item = cx_pack_item(pack, cx_view_of(cases[i].item)),
                          .type = cases[i].type,
                          .in_force = cases[i].in_force,
                          .has_until = true,
                          .today = 20000,
                          .until = 20000 + cases[i].left,
                          .consents = cases[i].consents};
        cx_naming naming;
        assert_int_equal(cx_publication_judge(pack, &p, &naming), cases[i].rc);
        assert_int_equal(naming, cases[i].naming);
    }
    cx_pack_destroy(&pack);
}

/* Working days of the national calendar, around the spring festival of 2026 with its worked Saturday; permits
 * and penalties in seven, what else is on the list in twenty; nobody has to publish what needs consent. */
static void the_clock_counts_working_days(void **state) {
    (void)state;
    static const struct {
        const char *item;
        cx_subject_type type;
        bool listing;
        const char *decided, *due; /* due NULL: never */
    } cases[] = {{"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_ORGANISATION, false, "2026-02-10", "2026-02-26"},
                 {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_PERSON, false, "2026-02-10", "2026-02-26"},
                 {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_PERSON, true, "2026-03-02", "2026-03-11"},
                 {"MK-FOOD-PENALTY", CX_SUBJECT_TYPE_PERSON, true, "2026-03-01", "2026-03-10"}, /* a Sunday */
                 {"MK-PERMIT", CX_SUBJECT_TYPE_ORGANISATION, false, "2026-03-02", "2026-03-11"},
                 {"MK-PERMIT", CX_SUBJECT_TYPE_PERSON, false, "2026-03-02", NULL},
                 {"MK-REGISTRATION", CX_SUBJECT_TYPE_ORGANISATION, false, "2026-03-02", "2026-03-30"},
                 {"HN-MODEL", CX_SUBJECT_TYPE_PERSON, true, "2026-03-02", NULL},
                 {"HN-CONTRACT", CX_SUBJECT_TYPE_ORGANISATION, true, "2026-03-02", NULL},
                 {"VO-SERVICE", CX_SUBJECT_TYPE_PERSON, false, "2026-03-02", NULL},
                 /* beyond the calendar Monday to Friday: the duty is the department's, nobody is refused */
                 {"MK-PERMIT", CX_SUBJECT_TYPE_ORGANISATION, false, "2037-12-31", "2038-01-11"}};
    cx_pack *pack = load(CITY("shijiazhuang"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_date decided = CX_NO_DATE, due = CX_NO_DATE;
        assert_true(cx_date_parse(cx_view_of(cases[i].decided), &decided));
        assert_true(cases[i].due == NULL || cx_date_parse(cx_view_of(cases[i].due), &due));
        const cx_item *item = cx_pack_item(pack, cx_view_of(cases[i].item));
        assert_non_null(item);
        assert_int_equal(cx_publication_due(pack, item, cases[i].type, cases[i].listing, decided), due);
    }
    cx_pack_destroy(&pack);
}

/* Nothing that a pack lets stand in full or masked shows a person's honour or file without consent. */
static void no_pack_publishes_persons_without_a_basis(void **state) {
    (void)state;
    static const char *const cities[] = {CITY("shijiazhuang"), CITY("chengde"), CITY("zhoukou"),
                                         CITY("yancheng"), CITY("shenzhen")};
    size_t shown = 0, kept = 0;
    for (size_t c = 0; c < COUNT(cities); c++) {
        size_t n;
        cx_pack *pack = load(cities[c]);
        const cx_item *items = cx_pack_items(pack, &n);
        for (size_t i = 0; i < n; i++) {
            cx_naming naming;
            cx_published p = {.item = &items[i], .type = CX_SUBJECT_TYPE_PERSON, .in_force = true};
            bool published = cx_publication_judge(pack, &p, &naming) == CX_OK;
            assert_true(!published || items[i].direction == CX_DIRECTION_ADVERSE);
            assert_true(!published || naming == CX_NAMING_MASKED || cx_view_is(items[i].display_name, "yes"));
            shown += published;
            kept += !published;
        }
        cx_pack_destroy(&pack);
    }
    assert_true(shown > 0 && kept > shown);
}

static void clean_years_are_the_citys(void **state) {
    (void)state;
    static const struct {
        const char *city;
        int32_t years;
        cx_clean clean;
    } cities[] = {{CITY("chengde"), 3, CX_CLEAN_YES},
                  {CITY("zhoukou"), 3, CX_CLEAN_YES},
                  {CITY("shenzhen"), 3, CX_CLEAN_ATTESTATION},
                  {CITY("shijiazhuang"), 0, CX_CLEAN_NO_SUCH_INCENTIVE},
                  {CITY("yancheng"), 0, CX_CLEAN_NO_SUCH_INCENTIVE}};
    for (size_t i = 0; i < COUNT(cities); i++) {
        cx_pack *pack = load(cities[i].city);
        cx_status status = {.records = {NULL, 0}};
        assert_int_equal(cx_clean_years(pack), cities[i].years);
        assert_int_equal(cx_clean_judge(pack, &status), cities[i].clean);
        cx_pack_destroy(&pack);
    }
}

static void what_counts_against_them(void **state) {
    (void)state;
    static const struct {
        const char *list; /* NULL: a record */
        cx_direction direction;
        bool marked;
        cx_clean clean;
    } cases[] = {{NULL, CX_DIRECTION_ADVERSE, false, CX_CLEAN_NO},
                 {NULL, CX_DIRECTION_ADVERSE, true, CX_CLEAN_YES}, /* disputed */
                 {NULL, CX_DIRECTION_POSITIVE, false, CX_CLEAN_YES},
                 {NULL, CX_DIRECTION_NEUTRAL, false, CX_CLEAN_YES},
                 {"B-MARKET", CX_DIRECTION_NEUTRAL, false, CX_CLEAN_NO},
                 {"B-MARKET", CX_DIRECTION_NEUTRAL, true, CX_CLEAN_YES},
                 {"R-MODEL", CX_DIRECTION_NEUTRAL, false, CX_CLEAN_YES}};
    cx_pack *pack = load(CITY("chengde"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        cx_status_entry entry = {.marked = cases[i].marked};
        cx_status_record record = {.direction = cases[i].direction, .marked = cases[i].marked};
        cx_status status = {.records = {&record, cases[i].list == NULL},
                            .entries = {&entry, cases[i].list != NULL}};
        entry.list = cx_view_of(cases[i].list != NULL ? cases[i].list : "");
        assert_int_equal(cx_clean_judge(pack, &status), cases[i].clean);
    }
    cx_pack_destroy(&pack);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_masked),
                                       cmocka_unit_test(a_decision_is_published_by_its_item),
                                       cmocka_unit_test(no_pack_publishes_persons_without_a_basis),
                                       cmocka_unit_test(the_clock_counts_working_days),
                                       cmocka_unit_test(clean_years_are_the_citys),
                                       cmocka_unit_test(what_counts_against_them)};
    return cmocka_run_group_tests_name("publication", tests, NULL, NULL);
}
