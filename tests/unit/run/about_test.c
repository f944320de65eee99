/* What the runner reads out of the spine's messages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "common/run/about.h"
#include "schemas/types.h"

static const cx_about blank = {.now = CX_NO_TIME, .tick = CX_NO_TIME, .received_to = CX_NO_TIME};

static void a_tick_is_seen_through_every_wrapping(void **unused) {
    (void)unused;
    cx_tick tick = {.time = 5000, .received_to = 4000, .virtual = true};
    cx_decided decided = {
        .classified = {.origin = {3, 77}, .now = 5000, .event = {.body_kind = CX_EVENT_BODY_TICK}}};
    decided.classified.event.body.tick = &tick;
    cx_about raw = blank, classified = blank, last = blank;
    cx_about_event(&decided.classified.event, &raw);
    cx_about_classified(&decided.classified, &classified);
    cx_about_decided(&decided, &last);
    assert_int_equal(raw.kind, CX_EVENT_TICK);
    assert_false(raw.has_origin);
    assert_int_equal(classified.kind, CX_EVENT_TICK);
    assert_int_equal(classified.origin.offset, 77);
    assert_int_equal(last.kind, CX_EVENT_TICK);
    assert_int_equal(last.tick, 5000);
    assert_int_equal(last.received_to, 4000);
    assert_true(last.is_virtual);
}

static void a_walks_step_is_no_tick(void **unused) {
    (void)unused;
    cx_tick tick = {.time = 5000};
    cx_decided decided = {
        .classified = {.origin = {3, 77}, .now = 5000, .event = {.body_kind = CX_EVENT_BODY_TICK}},
        .index = 2};
    decided.classified.event.body.tick = &tick;
    cx_about about = blank;
    cx_about_decided(&decided, &about);
    assert_int_equal(about.kind, CX_EVENT_PLAIN);
    assert_int_equal(about.index, 2);
    assert_int_equal(about.now, 5000);
    assert_int_equal(about.tick, CX_NO_TIME);
}

static void only_an_activated_pack_switches(void **unused) {
    (void)unused;
    static const struct {
        cx_activation_state state;
        bool proposed, activated;
    } cases[] = {{CX_ACTIVATION_STATE_PROPOSED, true, false},
                 {CX_ACTIVATION_STATE_ACTIVATED, false, true},
                 {CX_ACTIVATION_STATE_HELD, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_activation activation = {.id = CX_VIEW("a1"), .state = cases[i].state};
        cx_event event = {.body_kind = CX_EVENT_BODY_ACTIVATION, .body.activation = &activation};
        cx_about about = blank;
        cx_about_event(&event, &about);
        assert_int_equal(about.kind, CX_EVENT_ACTIVATION);
        assert_int_equal(about.proposed != NULL, cases[i].proposed);
        assert_int_equal(about.activated != NULL, cases[i].activated);
    }
}

static void a_dispatch_says_its_tick_and_pack(void **unused) {
    (void)unused;
    cx_notice notice = {.tick = 7000};
    cx_dispatch dispatch = {.origin = {1, 2}, .index = 3, .now = 7000, .notice = &notice};
    cx_about about = blank;
    cx_about_dispatch(&dispatch, &about);
    assert_int_equal(about.now, 7000);
    assert_int_equal(about.index, 3);
    assert_ptr_equal(about.pack, notice.pack);
    cx_rejection rejection = {.event_id = CX_VIEW("e-1")};
    dispatch = (cx_dispatch){.origin = {1, 2}, .now = 8000, .rejection = &rejection};
    about = blank;
    cx_about_dispatch(&dispatch, &about);
    assert_int_equal(about.now, 8000);
    assert_true(cx_view_is(about.event_id, "e-1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tick_is_seen_through_every_wrapping),
        cmocka_unit_test(a_walks_step_is_no_tick),
        cmocka_unit_test(only_an_activated_pack_switches),
        cmocka_unit_test(a_dispatch_says_its_tick_and_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
