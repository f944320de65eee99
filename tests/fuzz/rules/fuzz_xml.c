/* Any bytes as a model; what loads is evaluated by index and by rows, which must agree, and analysed. */
#include "common/rules/analyse.h"
#include "common/rules/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { DECISIONS = 3, INPUTS = 16 };

/* The same wherever nothing ran out; values may hold functions, which are equal to themselves alone. */
static void agree(const cx_answer *a, const cx_answer *b, cx_arena *arena) {
    cx_view x = cx_value_literal(a->value, arena), y = cx_value_literal(b->value, arena);
    CX_ASSERT(x.p == NULL || y.p == NULL || cx_view_eq(x, y));
    CX_ASSERT((a->own == NULL) == (b->own == NULL));
    CX_ASSERT(a->own == NULL || a->own->n == b->own->n);
}

static void evaluate(const cx_decision *d, cx_value value, cx_arena *arena) {
    cx_value inputs[INPUTS];
    cx_answer by_index, by_rows;
    cx_err err = {0};
    if (cx_decision_input_count(d) > INPUTS)
        return;
    for (size_t i = 0; i < INPUTS; i++)
        inputs[i] = value;
    cx_arena_reset(arena);
    cx_rc rc = cx_decision_eval(d, inputs, 0, CX_EVAL_EXPLAIN, arena, &by_index, &err);
    CX_ASSERT(rc == CX_OK || rc == CX_OUT_OF_MEMORY || rc == CX_EVAL_LIMIT);
    if (rc != CX_OK)
        return;
    rc = cx_decision_eval(d, inputs, 0, CX_EVAL_ROW_BY_ROW, arena, &by_rows, &err);
    if (rc == CX_OK)
        agree(&by_index, &by_rows, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const char none[1];
    cx_view xml = {n > 0 ? (const char *)data : none, n};
    cx_model *model;
    cx_err err = {0};
    if (cx_model_load(xml, "fuzz.dmn", &model, &err) != CX_OK) {
        CX_ASSERT(model == NULL && err.text[0] != '\0');
        return 0;
    }
    cx_arena *arena = cx_arena_new(64u << 20);
    for (size_t i = 0; arena != NULL && i < cx_model_decision_count(model) && i < DECISIONS; i++) {
        const cx_decision *d = cx_model_decision_at(model, i);
        const cx_finding *findings;
        evaluate(d, cx_value_null(), arena);
        evaluate(d, cx_value_int(5), arena);
        evaluate(d, cx_value_string(CX_VIEW("A")), arena);
        cx_arena_reset(arena);
        cx_rc rc = cx_decision_analyse(d, arena, &findings, &err);
        CX_ASSERT(rc == CX_OK || rc == CX_OUT_OF_MEMORY);
    }
    cx_arena_destroy(&arena);
    cx_model_destroy(&model);
    return 0;
}
