/* Members' assignments as Kafka's protocol writes them, whole and cut; members' names; the library's
 * statistics. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "common/bus/groups.h"
#include "common/bus/stats.h"

/* Version 1; "ab": 0 and 3; "c": 7; no user data. */
static const char whole[] = "\0\1"
                            "\0\0\0\2"
                            "\0\2ab\0\0\0\2\0\0\0\0\0\0\0\3"
                            "\0\1c\0\0\0\1\0\0\0\7"
                            "\0\0\0\0";
enum { WHOLE = sizeof whole - 1, USER_DATA = 4 };

struct told {
    char text[128];
    size_t n;
};

static cx_rc tell(void *context, cx_view topic, int32_t partition) {
    struct told *t = context;
    t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n, "%.*s%d ", CX_VIEW_ARGS(topic),
                             (int)partition);
    return CX_OK;
}

static void assignments_whole_and_cut(void **state) {
    (void)state;
    struct told told = {.n = 0};
    cx_rc rc = CX_USAGE;
    assert_true(cx_groups_read_assignment((cx_view){whole, WHOLE}, tell, &told, &rc));
    assert_int_equal(rc, CX_OK);
    assert_string_equal(told.text, "ab0 ab3 c7 ");
    for (size_t n = 1; n < WHOLE - USER_DATA; n++) {
        struct told some = {.n = 0};
        assert_false(cx_groups_read_assignment((cx_view){whole, n}, tell, &some, &rc));
    }
    struct told none = {.n = 0};
    assert_true(cx_groups_read_assignment((cx_view){NULL, 0}, tell, &none, &rc));
    assert_int_equal(none.n, 0);
    static const char huge[] =
        "\0\1\0\0\0\1\0\1c\x7f\xff\xff\xff\0\0\0\0"; /* two billion partitions in four bytes */
    assert_false(cx_groups_read_assignment((cx_view){huge, sizeof huge - 1}, tell, &none, &rc));
}

static cx_rc refuse(void *context, cx_view topic, int32_t partition) {
    (void)topic, (void)partition;
    (*(int *)context)++;
    return CX_OUT_OF_MEMORY;
}

static void a_visit_that_fails_is_the_last(void **state) {
    (void)state;
    int visits = 0;
    cx_rc rc = CX_OK;
    assert_true(cx_groups_read_assignment((cx_view){whole, WHOLE}, refuse, &visits, &rc));
    assert_int_equal(rc, CX_OUT_OF_MEMORY);
    assert_int_equal(visits, 1);
}

static void members_by_name(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"credit.cache-0-f626c30d-3055-42b4-a81d-f8b915450a97", "credit.cache-0"},
        {"rdkafka-f626c30d-3055-42b4-a81d-f8b915450a97", "rdkafka"},
        {"f626c30d-3055-42b4-a81d-f8b915450a97", "f626c30d-3055-42b4-a81d-f8b915450a97"},
        {"-f626c30d-3055-42b4-a81d-f8b915450a97", "-f626c30d-3055-42b4-a81d-f8b915450a97"},
        {"a-name-that-is-long-and-holds-no-uuid-at-all-whatever",
         "a-name-that-is-long-and-holds-no-uuid-at-all-whatever"},
        {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_view name = cx_groups_member_name(cx_view_of(cases[i][0]));
        assert_int_equal(name.n, strlen(cases[i][1]));
        assert_memory_equal(name.p, cases[i][1], name.n);
    }
}

static void statistics(void **state) {
    (void)state;
    static const char json[] =
        "{\"tx\": 5, \"rx\": 4, \"tx_bytes\": 500, \"rx_bytes\": 400, \"txmsgs\": 3, \"rxmsgs\": 2, "
        "\"msg_cnt\": 7, \"msg_size\": 700,"
        " \"brokers\": {\"a\": {\"nodeid\": 2, \"source\": \"learned\", \"state\": \"UP\", \"txerrs\": 1, "
        "\"rxerrs\": 2, \"req_timeouts\": 3,"
        "   \"disconnects\": 4, \"txretries\": 5, \"rtt\": {\"avg\": 250, \"p99\": 900}},"
        "  \"coordinator\": {\"nodeid\": 2, \"source\": \"logical\", \"state\": \"UP\"},"
        "  \"bootstrap\": {\"nodeid\": -1, \"source\": \"configured\", \"state\": \"UP\"}},"
        " \"topics\": {\"t\": {\"partitions\": {\"0\": {\"fetchq_cnt\": 10, \"fetchq_size\": 1000}, \"1\": "
        "{\"fetchq_cnt\": 1, \"fetchq_size\": 50}}}},"
        " \"cgrp\": {\"rebalance_cnt\": 6}}";
    cx_bus_stats s;
    cx_bus_stats_get(CX_BUS_CONSUMER, &s);
    assert_false(s.known);
    cx_bus_stats_take(CX_BUS_CONSUMER, json, sizeof json - 1);
    cx_bus_stats_take(CX_BUS_CONSUMER, "{\"tx\": 99", 9); /* cut: changes nothing */
    cx_bus_stats_get(CX_BUS_CONSUMER, &s);
    assert_true(s.known);
    assert_int_equal(s.requests, 5);
    assert_int_equal(s.response_bytes, 400);
    assert_int_equal(s.queued_bytes, 700);
    assert_int_equal(s.fetched_messages, 11);
    assert_int_equal(s.fetched_bytes, 1050);
    assert_int_equal(s.rebalances, 6);
    assert_int_equal(s.broker_n, 1); /* each broker once, whatever handles it has */
    assert_int_equal(s.brokers[0].id, 2);
    assert_int_equal(s.brokers[0].errors, 3);
    assert_int_equal(s.brokers[0].rtt_p99_us, 900);
    cx_bus_stats_get(CX_BUS_PRODUCER, &s);
    assert_false(s.known);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignments_whole_and_cut),
        cmocka_unit_test(a_visit_that_fails_is_the_last),
        cmocka_unit_test(members_by_name),
        cmocka_unit_test(statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
