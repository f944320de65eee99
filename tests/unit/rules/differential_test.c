/* The column index against the row-by-row evaluator: random tables of all hit policies, random inputs.
 *
 * usage: test_rules_differential [--pairs N] [--seed N]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "common/rules/eval.h"
#include "common/rules/index.h"
#include "tests/unit/rules/random_table.h"

enum { INPUTS_A_TABLE = 400 };

static size_t pairs = 1000000;
static uint64_t seed = 20261122;

struct totals {
    size_t pairs, matched, several, shared, confirmed;
    size_t policies[RANDOM_POLICIES];
};

static void say(const char *xml, const cx_value *inputs, size_t n, cx_value a, cx_value b, cx_arena *arena) {
    print_error("%s\n", xml);
    for (size_t i = 0; i < n; i++) {
        cx_view v = cx_value_literal(inputs[i], arena);
        print_error("input %zu: %.*s\n", i, CX_VIEW_ARGS(v));
    }
    cx_view x = cx_value_literal(a, arena), y = cx_value_literal(b, arena);
    print_error("by index %.*s, by rows %.*s\n", CX_VIEW_ARGS(x), CX_VIEW_ARGS(y));
}

static bool same_rules(const cx_hit *a, const cx_hit *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->rules, b->rules, a->n * sizeof *a->rules) == 0);
}

static void one_pair(const cx_decision *d, const random_shape *shape, const char *xml, random_source *r,
                     cx_arena *arena, struct totals *t) {
    cx_value inputs[RANDOM_COLUMNS];
    cx_answer by_index, by_rows;
    cx_err err = {0};
    cx_arena_reset(arena);
    for (size_t c = 0; c < shape->columns; c++)
        inputs[c] = random_input(r, shape->kinds[c]);
    assert_int_equal(cx_decision_eval(d, inputs, 0, 0, arena, &by_index, &err), CX_OK);
    assert_int_equal(cx_decision_eval(d, inputs, 0, CX_EVAL_ROW_BY_ROW, arena, &by_rows, &err), CX_OK);
    if (!cx_value_same(by_index.value, by_rows.value) || !same_rules(by_index.own, by_rows.own)) {
        say(xml, inputs, shape->columns, by_index.value, by_rows.value, arena);
        fail_msg("the answers differ");
    }
    t->pairs++;
    t->matched += by_rows.own->n > 0 ? 1 : 0;
    t->several += by_rows.own->n > 1 ? 1 : 0;
    t->policies[shape->policy]++;
}

static cx_model *random_one(random_source *r, random_shape *shape, char **xml) {
    size_t n;
    FILE *f = open_memstream(xml, &n);
    cx_model *model;
    cx_err err = {0};
    assert_non_null(f);
    random_model(r, f, shape);
    assert_int_equal(fclose(f), 0);
    if (cx_model_load((cx_view){*xml, n}, "random.dmn", &model, &err) != CX_OK)
        fail_msg("%s\n%s", err.text, *xml);
    return model;
}

/* Every other table gets so little memory that neighbours share bitsets. */
static void squeeze(const cx_table *table, cx_arena *arena, struct totals *t) {
    cx_table *writable = (cx_table *)(uintptr_t)table;
    cx_err err = {0};
    writable->index = NULL;
    assert_int_equal(cx_index_build(arena, writable, 1, &err), CX_OK);
    assert_non_null(writable->index);
    for (size_t c = 0; c < table->input_count; c++) {
        t->shared += writable->index->axes[c].exact ? 0 : 1;
        t->confirmed += writable->index->axes[c].has_opaque ? 1 : 0;
    }
}

static void index_and_rows_agree(void **state) {
    (void)state;
    random_source r = {seed};
    struct totals t = {0};
    cx_arena *arena = cx_arena_new(0), *index = cx_arena_new(0);
    assert_true(arena != NULL && index != NULL);
    for (size_t i = 0; t.pairs < pairs; i++) {
        random_shape shape;
        char *xml = NULL;
        cx_model *model = random_one(&r, &shape, &xml);
        const cx_decision *d = cx_model_decision(model, CX_VIEW("result"));
        cx_arena_reset(index);
        assert_non_null(cx_decision_table(d)->index);
        if (i % 2 == 1)
            squeeze(cx_decision_table(d), index, &t);
        for (int k = 0; k < INPUTS_A_TABLE; k++)
            one_pair(d, &shape, xml, &r, arena, &t);
        cx_model_destroy(&model);
        free(xml);
    }
    print_message("%zu pairs, %zu with a match, %zu with several; %zu shared and %zu opaque columns\n",
                  t.pairs, t.matched, t.several, t.shared, t.confirmed);
    for (size_t i = 0; i < RANDOM_POLICIES; i++) /* a test that never got there proves nothing */
        assert_true(t.policies[i] > t.pairs / 50);
    assert_true(t.matched > t.pairs / 3 && t.several > t.pairs / 20 && t.shared > 0 && t.confirmed > 0);
    cx_arena_destroy(&arena);
    cx_arena_destroy(&index);
}

int main(int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pairs") == 0)
            pairs = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        else
            return 2;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(index_and_rows_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
