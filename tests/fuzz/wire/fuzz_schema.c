/* Any text as a schema; what is read as one is resolved against itself and against
 * CreditEvent, and its plan is run over bytes: the text itself. */
#include "common/wire/decode.h"
#include "common/wire/schema.h"
#include "schemas/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void run_plan(cx_view json, const cx_type *reader, cx_arena *arena) {
    cx_plan *plan;
    cx_err err = {0};
    if (cx_plan_compile(json, reader, &plan, &err) != CX_OK) {
        CX_ASSERT(plan == NULL && err.text[0] != '\0');
        return;
    }
    (void)cx_plan_is_total(plan, &err);
    void *out = cx_arena_alloc(arena, reader->size);
    cx_rc rc = cx_plan_decode(plan, json, arena, out, &err);
    CX_ASSERT(rc == CX_OK || cx_rc_class(rc) == CX_CLASS_POISON);
    cx_plan_destroy(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const char none[1];
    cx_view json = {n > 0 ? (const char *)data : none, n};
    cx_arena *arena = cx_arena_new(256u << 20);
    const cx_type *type;
    cx_err err = {0};
    if (arena != NULL && cx_schema_parse(json, arena, &type, &err) == CX_OK) {
        CX_ASSERT(cx_schema_canonical(type, arena).p != NULL);
        run_plan(json, type, arena);
        run_plan(json, &cx_credit_event_type, arena);
    }
    cx_arena_destroy(&arena);
    return 0;
}
