/* Any text as a FEEL expression and as unary tests; what parses is evaluated, and what it gives is shown. A
 * constant that is shown as a literal and read again is the same. */
#include "common/rules/interp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { STEPS = 200000 };

static const cx_binding names[] = {{{"x", 1}, 0}, {{"y", 1}, 1}, {{"first name", 10}, 2}};
static const cx_scope scope = {.bindings = names, .n = 3};

static bool is_simple(cx_value v) {
    return v.kind == CX_KIND_NUMBER || v.kind == CX_KIND_BOOLEAN || v.kind == CX_KIND_STRING ||
           v.kind == CX_KIND_DATE;
}

static void read_again(cx_feel *f, cx_value v) {
    const cx_node *node;
    cx_err err = {0};
    cx_view literal = cx_value_literal(v, f->arena);
    if (!is_simple(v) || literal.p == NULL || literal.n > 1000)
        return;
    cx_rc rc = cx_feel_expression(f, NULL, literal, &node, &err);
    CX_ASSERT(rc == CX_OK || rc == CX_OUT_OF_MEMORY);
    CX_ASSERT(rc != CX_OK || (node->op == CX_OP_CONST && cx_value_same(node->u.value, v)));
}

static void run(cx_feel *f, const cx_node *node, const cx_env *env) {
    cx_eval e = {.arena = f->arena, .steps_left = STEPS};
    cx_value v = cx_eval_node(&e, node, env);
    CX_ASSERT(e.rc == CX_OK || e.rc == CX_OUT_OF_MEMORY || e.rc == CX_EVAL_LIMIT);
    if (e.rc == CX_OK)
        read_again(f, v);
}

static void run_tests(cx_feel *f, const cx_node *tests, const cx_env *env) {
    static const int64_t values[] = {0, 5};
    for (size_t i = 0; i < 2; i++) {
        cx_eval e = {.arena = f->arena, .steps_left = STEPS};
        cx_value v = cx_value_int(values[i]);
        cx_env inner = {env, &v};
        (void)cx_eval_tests(&e, tests, v, &inner);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    cx_value slots[3] = {cx_value_int(2), cx_value_list(slots, 1), cx_value_string(CX_VIEW("name"))};
    cx_env env = {NULL, slots};
    cx_arena *arena = cx_arena_new(64u << 20);
    const cx_node *node;
    cx_err err = {0};
    if (arena == NULL || n > 4096) {
        cx_arena_destroy(&arena);
        return 0;
    }
    cx_feel feel = {.arena = arena};
    cx_view text = {n > 0 ? (const char *)data : "", n};
    cx_rc rc = cx_feel_expression(&feel, &scope, text, &node, &err);
    CX_ASSERT(rc == CX_OK || err.text[0] != '\0');
    if (rc == CX_OK)
        run(&feel, node, &env);
    if (cx_feel_tests(&feel, &scope, text, &node, &err) == CX_OK && node != NULL)
        run_tests(&feel, node, &env);
    cx_arena_destroy(&arena);
    return 0;
}
