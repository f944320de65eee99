/* When a row is due is told by its head alone: over random rows, the same as by the whole. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "schemas/types.h"
#include "services/points/decide.h"
#include "services/registrar/decide.h"
#include "services/sanctioner/decide.h"
#include "tests/unit/wire/random_value.h"

enum { ROWS = 2000 };

static const struct {
    const cx_type *type;
    cx_view key;
    uint32_t head;
    cx_time (*due)(cx_view key, const void *row);
} kinds[] = {
    {&cx_subject_state_type, {"s0123456789abcdef", 17}, CX_REGISTRAR_DUE_HEAD, cx_registrar_due},
    {&cx_seen_event_type, {"i0123456789abcdef-", 18}, CX_REGISTRAR_DUE_HEAD, cx_registrar_due},
    {&cx_breaker_state_type, {"b.000market", 11}, CX_REGISTRAR_DUE_HEAD, cx_registrar_due},
    {&cx_measure_state_type, {"0123456789abcdef", 16}, CX_SANCTIONER_DUE_HEAD, cx_sanctioner_due},
    {&cx_points_state_type, {"0123456789abcdef", 16}, CX_POINTS_DUE_HEAD, cx_points_due},
};

static void the_head_tells(void **unused) {
    (void)unused;
    cx_arena *arena = cx_arena_new(0);
    cx_buffer bytes = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        cx_plan *whole = NULL, *head = NULL;
        size_t due = 0;
        rng r = {k + 1};
        const cx_type *type = kinds[k].type;
        assert_int_equal(cx_plan_compile((cx_view){NULL, 0}, type, &whole, NULL), CX_OK);
        assert_int_equal(cx_plan_compile_head((cx_view){NULL, 0}, type, kinds[k].head, &head, NULL), CX_OK);
        for (int i = 0; i < ROWS; i++) {
            cx_arena_reset(arena);
            bytes.n = 0;
            void *row = cx_arena_calloc(arena, 1, type->size), *a = cx_arena_alloc(arena, type->size),
                 *b = cx_arena_alloc(arena, type->size);
            random_value(&r, type, arena, row);
            assert_int_equal(cx_encode(type, row, &bytes, NULL), CX_OK);
            cx_view datum = cx_buffer_view(&bytes, 0);
            assert_int_equal(cx_plan_decode(whole, datum, arena, a, NULL), CX_OK);
            assert_int_equal(cx_plan_decode_first(head, &datum, arena, b, NULL), CX_OK);
            assert_int_equal(kinds[k].due(kinds[k].key, a), kinds[k].due(kinds[k].key, b));
            due += kinds[k].due(kinds[k].key, a) != CX_NO_TIME;
        }
        assert_int_equal(due > 0, type != &cx_breaker_state_type);
        cx_plan_destroy(&whole);
        cx_plan_destroy(&head);
    }
    cx_buffer_free(&bytes);
    cx_arena_destroy(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_head_tells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
