/* What is in a subject's favour: every kind of event, and every change from one state to another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "ops/cli/lag_kinds.h"
#include "schemas/types.h"

static bool is_one_of(int kind, const int *kinds, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

static void every_kind_of_event(void **state) {
    (void)state;
    static const int good[] = {
        CX_EVENT_BODY_NOTICE_WITHDRAWN, CX_EVENT_BODY_OBJECTION,     CX_EVENT_BODY_COMPLAINT,
        CX_EVENT_BODY_RULING,           CX_EVENT_BODY_CORRECTION,    CX_EVENT_BODY_WITHDRAWAL,
        CX_EVENT_BODY_PERFORMANCE,      CX_EVENT_BODY_REPAIR,        CX_EVENT_BODY_STAY_ORDERED,
        CX_EVENT_BODY_REVIEW_OUTCOME,   CX_EVENT_BODY_SUBJECT_EVENT, CX_EVENT_BODY_ANNULLED};
    size_t named = 0;
    for (int kind = 0; kind < CX_EVENT_BODY_KINDS; kind++) {
        cx_event event = {.body_kind = (cx_event_body_kind)kind};
        bool is_good = is_one_of(kind, good, sizeof good / sizeof good[0]);
        assert_int_equal(cx_lag_favourable_event(&event) != NULL, is_good);
        named += is_good;
    }
    for (int kind = 0; kind < CX_CREDIT_EVENT_BODY_KINDS; kind++) {
        cx_credit_event event = {.body_kind = (cx_credit_event_body_kind)kind};
        named -= cx_lag_favourable_inbound(&event) != NULL;
    }
    assert_int_equal(named, 1); /* ANNULLED alone is no department's */
    cx_credit_event repair = {.body_kind = CX_CREDIT_EVENT_BODY_REPAIR};
    assert_string_equal(cx_lag_favourable_inbound(&repair), "Repair");
}

static void every_change(void **state) {
    (void)state;
    static const int stood[] = {CX_ENTRY_STATE_NOTIFIED, CX_ENTRY_STATE_IN_FORCE, CX_ENTRY_STATE_SUSPENDED};
    static const int rest[] = {CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_REPAIRED,
                               CX_ENTRY_STATE_RECALLED,  CX_ENTRY_STATE_CLOSED,  CX_ENTRY_STATE_REMOVED};
    for (int from = 0; from < CX_ENTRY_STATE_COUNT; from++)
        for (int to = 0; to < CX_ENTRY_STATE_COUNT; to++) {
            cx_list_entry entry = {.state = (cx_entry_state)to};
            cx_kept_record record = {.state = (cx_entry_state)to};
            cx_change changes[] = {{.from = (cx_entry_state)from},
                                   {.from = (cx_entry_state)from, .entry = &entry}};
            cx_decided decided = {.changes = {.items = changes, .n = 2}};
            bool good = from != to && is_one_of(from, stood, 3) && is_one_of(to, rest, 6);
            assert_int_equal(cx_lag_favourable_change(&decided, false) != NULL, good);
            assert_int_equal(cx_lag_favourable_change(&decided, true) != NULL,
                             good && to != CX_ENTRY_STATE_EXPIRED);
            changes[1] = (cx_change){.from = (cx_entry_state)from, .record = &record};
            assert_int_equal(cx_lag_favourable_change(&decided, false) != NULL, good);
        }
    cx_decided none = {.changes = {.n = 0}};
    assert_null(cx_lag_favourable_change(&none, false));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind_of_event), cmocka_unit_test(every_change)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
