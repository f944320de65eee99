/* What an answer may hold of what is known; and how often who asked is told to Prometheus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/query/counts.h"
#include "services/query/mask.h"
#include "tests/unit/services/query/shipped_pack.h"

static const char status[] =
    "{\"version\":\"1.7\",\"secret\":1,\"entries\":["
    "{\"id\":\"e.0.1.0\",\"list\":\"B-COURT\",\"state\":\"IN_FORCE\",\"measures\":[\"M-FLIGHT\"],\"secret\":"
    "1},"
    "{\"id\":\"e.0.2.0\",\"list\":\"R-TAX-A\",\"state\":\"IN_FORCE\",\"measures\":[]},"
    "{\"id\":\"e.0.4.0\",\"list\":\"\",\"role\":\"LEGAL_REPRESENTATIVE\",\"state\":\"IN_FORCE\",\"measures\":"
    "[\"M-CONSUMPTION\"]},"
    "{\"id\":\"e.0.5.0\",\"list\":\"\",\"role\":\"SUBJECT\",\"state\":\"IN_FORCE\",\"measures\":[]},"
    "{\"id\":\"e.0.6.0\",\"list\":\"\",\"state\":\"IN_FORCE\",\"measures\":[]},"
    "{\"id\":\"e.0.3.0\",\"list\":\"NO-SUCH-LIST\",\"state\":\"IN_FORCE\",\"measures\":[]}],"
    "\"records\":[{\"event_id\":\"a\",\"item\":\"X\",\"direction\":\"ADVERSE\",\"secret\":1},"
    "{\"event_id\":\"p\",\"item\":\"X\",\"direction\":\"POSITIVE\"},{\"event_id\":\"n\",\"item\":\"X\","
    "\"direction\":\"NEUTRAL\"},"
    "{\"event_id\":\"?\",\"item\":\"X\",\"direction\":\"SIDEWAYS\"}]}";

/* Each bit lets one kind through, and nothing else. A person's share in a court's entry is on no list, and as
 * black as that. */
static void a_purpose_sees_what_it_sees(void **state) {
    static const struct {
        uint32_t sees;
        size_t entries, records, measures;
    } cases[] = {{0, 0, 0, 0},
                 {CX_SEES_BLACK, 2, 0, 0},
                 {CX_SEES_RED, 1, 0, 0},
                 {CX_SEES_ADVERSE, 0, 1, 0},
                 {CX_SEES_POSITIVE, 0, 1, 0},
                 {CX_SEES_NEUTRAL, 0, 1, 0},
                 {CX_SEES_MEASURES, 0, 0, 0},
                 {CX_SEES_BLACK | CX_SEES_RED | CX_SEES_MEASURES, 3, 0, 3},
                 {63, 3, 3, 3}};
    json_t *known = json_loads(status, 0, NULL);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cx_purpose purpose = {.sees = cases[i].sees};
        json_t *masked = cx_query_mask(known, &purpose, shipped_pack), *one;
        const json_t *entries = json_object_get(masked, "entries"),
                     *records = json_object_get(masked, "records");
        size_t measures = 0, k;
        assert_int_equal(json_object_size(masked), 2);
        assert_int_equal(json_array_size(entries), cases[i].entries);
        assert_int_equal(json_array_size(records), cases[i].records);
        json_array_foreach(entries, k, one) {
            measures += json_object_get(one, "measures") != NULL;
            assert_null(json_object_get(one, "secret"));
        }
        json_array_foreach(records, k, one) {
            assert_null(json_object_get(one, "secret"));
        }
        assert_int_equal(measures, cases[i].measures);
        assert_true(cx_query_name(masked, shipped_pack));
        json_decref(masked);
    }
    json_decref(known);
}

static void entitled_is_a_red_entry_in_force(void **state) {
    static const struct {
        const char *status;
        uint32_t sees;
        bool entitled;
    } cases[] = {
        {"{\"entries\":[{\"list\":\"R-TAX-A\",\"state\":\"IN_FORCE\"}]}", CX_SEES_RED, true},
        {"{\"entries\":[{\"list\":\"R-TAX-A\",\"state\":\"IN_FORCE\"}]}", CX_SEES_BLACK, false},
        {"{\"entries\":[{\"list\":\"R-TAX-A\",\"state\":\"SUSPENDED\"}]}", CX_SEES_RED, false},
        {"{\"entries\":[{\"list\":\"B-COURT\",\"state\":\"IN_FORCE\"}]}", CX_SEES_RED | CX_SEES_BLACK, false},
        {"{\"entries\":[{\"list\":\"\",\"role\":\"DIRECTOR\",\"state\":\"IN_FORCE\"}]}", 63, false},
        {"{\"entries\":[]}", CX_SEES_RED, false},
        {"{}", CX_SEES_RED, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cx_purpose purpose = {.sees = cases[i].sees};
        json_t *known = json_loads(cases[i].status, 0, NULL);
        assert_int_equal(cx_query_entitled(known, &purpose, shipped_pack), cases[i].entitled);
        json_decref(known);
    }
}

static void counts_are_by_asker_and_bounded(void **state) {
    static cx_metrics metrics;
    static cx_query_counts counts;
    size_t n = 0;
    (void)state;
    counts.metrics = &metrics;
    cx_query_count(&counts, CX_VIEW("tax"), CX_VIEW("LICENSING"), CX_OK);
    cx_query_count(&counts, CX_VIEW("tax"), CX_VIEW("LICENSING"), CX_OK);
    cx_query_count(&counts, CX_VIEW("tax"), CX_VIEW("LICENSING"), CX_QUERY_RATE);
    for (int i = 0; i < CX_QUERY_SERIES + 10; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "d-%d", i);
        cx_query_count(&counts, cx_view_of(name), CX_VIEW("LICENSING"), CX_OK);
    }
    char *text = cx_query_counts_text(&counts, &n);
    assert_non_null(text);
    assert_non_null(strstr(text, "{slot=\"0\",asker=\"tax\",purpose=\"LICENSING\",outcome=\"OK\"} 2\n"));
    assert_non_null(
        strstr(text, "{slot=\"0\",asker=\"tax\",purpose=\"LICENSING\",outcome=\"QUERY_RATE\"} 1\n"));
    assert_non_null(strstr(text, "asker=\"other\""));
    assert_int_equal(counts.n, CX_QUERY_SERIES);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_purpose_sees_what_it_sees),
        cmocka_unit_test(entitled_is_a_red_entry_in_force),
        cmocka_unit_test(counts_are_by_asker_and_bounded),
    };
    return cmocka_run_group_tests(tests, open_shipped_pack, close_shipped_pack);
}
