/* The courier's decision: what goes onto which topic, with what in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "schemas/types.h"
#include "services/courier/decide.h"

static cx_step step_of(const cx_dispatch *d, const cx_courier_prepared *prepared, cx_arena *arena) {
    return (cx_step){.cause = CX_STEP_MESSAGE, .event = d, .prepared = prepared, .arena = arena};
}

static void a_notice(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_notice notice = {.id = CX_VIEW("n.0.1.0.0"), .kind = CX_NOTICE_KIND_IMPOSE, .reference = CX_VIEW("")};
    cx_dispatch d = {.department = CX_VIEW("finance"), .notice = &notice};
    cx_courier_prepared prepared = {.reference = CX_VIEW("REF"), .identity = CX_VIEW("SEALED")};
    cx_step step = step_of(&d, &prepared, arena);
    assert_int_equal(cx_courier_decide(&step), CX_OK);
    assert_int_equal(step.effects, 1);
    assert_int_equal(step.first->output, CX_COURIER_NOTICES);
    assert_true(cx_view_is(step.first->department, "finance"));
    assert_true(cx_view_is(step.first->key, "REF"));
    const cx_notice *out = step.first->value;
    assert_true(cx_view_is(out->id, "n.0.1.0.0"));
    assert_true(cx_view_is(out->reference, "REF"));
    assert_true(cx_view_is(out->identity, "SEALED"));
    assert_int_equal(notice.reference.n, 0); /* what came in is as it was */
    cx_arena_destroy(&arena);
}

/* An erased subject: the reference goes alone. */
static void an_erased_one(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_notice notice = {.identity = CX_VIEW("STALE")};
    cx_dispatch d = {.department = CX_VIEW("finance"), .notice = &notice};
    cx_courier_prepared prepared = {.reference = CX_VIEW("REF"), .identity = {NULL, 0}};
    cx_step step = step_of(&d, &prepared, arena);
    assert_int_equal(cx_courier_decide(&step), CX_OK);
    assert_null(((const cx_notice *)step.first->value)->identity.p);
    cx_arena_destroy(&arena);
}

/* Nothing is sent, and nothing skipped, before the identity is there. */
static void not_prepared(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_notice notice = {.kind = CX_NOTICE_KIND_STOP};
    cx_dispatch d = {.department = CX_VIEW("finance"), .notice = &notice};
    cx_step step = step_of(&d, NULL, arena);
    assert_int_equal(cx_courier_decide(&step), CX_ROW_NOT_YET);
    assert_int_equal(step.effects, 0);
    cx_arena_destroy(&arena);
}

static void a_refusal(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_rejection rejection = {
        .event_id = CX_VIEW("R1"), .partition = 0, .offset = 7, .reason = CX_VIEW("TOO_OLD")};
    cx_dispatch d = {.department = CX_VIEW("tax"), .rejection = &rejection};
    cx_step step = step_of(&d, NULL, arena);
    assert_int_equal(cx_courier_decide(&step), CX_OK);
    assert_int_equal(step.effects, 1);
    assert_int_equal(step.first->output, CX_COURIER_REJECTED);
    assert_true(cx_view_is(step.first->department, "tax"));
    assert_true(cx_view_is(step.first->key, "R1"));
    assert_int_equal(((const cx_rejection *)step.first->value)->offset, 7);
    cx_arena_destroy(&arena);
}

static void a_tick_ends_here(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(0);
    cx_dispatch d = {.department = CX_VIEW("")};
    cx_step step = step_of(&d, NULL, arena);
    assert_int_equal(cx_courier_decide(&step), CX_OK);
    assert_int_equal(step.effects, 0);
    cx_arena_destroy(&arena);
}

static void out_of_memory(void **state) {
    (void)state;
    cx_arena *arena = cx_arena_new(1);
    cx_notice notice = {.kind = CX_NOTICE_KIND_STOP};
    cx_dispatch d = {.department = CX_VIEW("finance"), .notice = &notice};
    cx_courier_prepared prepared = {.reference = CX_VIEW("REF")};
    cx_step step = step_of(&d, &prepared, arena);
    assert_int_equal(cx_courier_decide(&step), CX_OUT_OF_MEMORY);
    cx_arena_destroy(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_notice),         cmocka_unit_test(an_erased_one),
                                       cmocka_unit_test(not_prepared),     cmocka_unit_test(a_refusal),
                                       cmocka_unit_test(a_tick_ends_here), cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
