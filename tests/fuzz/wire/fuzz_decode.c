/* Any bytes, as a message of any schema: the first byte says of which. What is accepted is a value: it is
 * printed, encoded, and read back as the same. */
#include <stdlib.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/visit.h"
#include "schemas/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static cx_plan *plans[CX_SCHEMA_TYPES];
static cx_arena *arena;
static cx_buffer bytes;

static void set_up(void) {
    arena = cx_arena_new(0);
    for (size_t i = 0; i < CX_SCHEMA_TYPES; i++)
        CX_ASSERT(cx_plan_compile((cx_view){NULL, 0}, cx_schema_types[i], &plans[i], NULL) == CX_OK);
}

static void use_value(const cx_type *type, const cx_plan *plan, const void *value) {
    void *again = cx_arena_alloc(arena, type->size);
    bytes.n = 0;
    CX_ASSERT(cx_struct_print(type, value, 0, &bytes) == CX_OK);
    bytes.n = 0;
    CX_ASSERT(cx_encode(type, value, &bytes, NULL) == CX_OK);
    CX_ASSERT(cx_plan_decode(plan, cx_buffer_view(&bytes, 0), arena, again, NULL) == CX_OK);
    CX_ASSERT(cx_struct_same(type, value, again, NULL));
    CX_ASSERT(cx_struct_same(type, value, cx_struct_copy(type, value, arena), NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    if (arena == NULL)
        set_up();
    if (n == 0)
        return 0;
    size_t which = data[0] % CX_SCHEMA_TYPES;
    const cx_type *type = cx_schema_types[which];
    cx_err err = {0};
    cx_arena_reset(arena);
    void *value = cx_arena_alloc(arena, type->size);
    cx_rc rc = cx_plan_decode(plans[which], (cx_view){(const char *)data + 1, n - 1}, arena, value, &err);
    if (rc == CX_OK)
        use_value(type, plans[which], value);
    else
        CX_ASSERT(cx_rc_class(rc) == CX_CLASS_POISON && err.text[0] != '\0' &&
                  cx_err_field(&err).n < sizeof err.text);
    return 0;
}
