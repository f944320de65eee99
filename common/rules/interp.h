/* The state of one evaluation, and the evaluator's steps. Internal to common/rules. */
#ifndef CX_RULES_INTERP_H
#define CX_RULES_INTERP_H

#include "common/rules/builtin.h"
#include "common/rules/eval.h"
#include "common/rules/feel.h"
#include "common/rules/types.h"

enum { CX_EVAL_WARNINGS = 100 };

/* Values of one scope; mirrors cx_scope. */
typedef struct cx_env {
    const struct cx_env *parent;
    cx_value *slots;
} cx_env;

typedef struct cx_eval {
    cx_arena *arena;
    cx_time now;
    unsigned flags;
    cx_rc rc; /* OUT_OF_MEMORY, EVAL_LIMIT: everything unwinds with null */
    int64_t steps_left;
    int depth;
    const cx_decision *decision; /* being evaluated */
    cx_view decision_name;
    cx_warning *first_warning, *last_warning;
    size_t warning_count;
    bool quiet; /* warnings are not kept */
    cx_hit *first_hit, *last_hit;
    cx_explanation *first_explanation, *last_explanation;
} cx_eval;

struct cx_function {
    const cx_builtin *builtin; /* one of these three */
    const cx_node *node;       /* CX_OP_FUNCTION, with env */
    const cx_decision *service;
    const cx_env *env;
};

cx_value cx_eval_node(cx_eval *e, const cx_node *node, const cx_env *env);
cx_value cx_eval_arithmetic(cx_eval *e, const cx_node *node, cx_value a, cx_value b);
cx_value cx_eval_comparison(cx_eval *e, cx_op op, cx_value a, cx_value b);
cx_value cx_eval_iteration(cx_eval *e, const cx_node *node, const cx_env *env); /* for, some, every */
cx_value cx_eval_filter(cx_eval *e, const cx_node *node, const cx_env *env);
cx_value cx_eval_path(cx_eval *e, cx_value of, cx_view name);
/* Tests of a value; env holds `?` in its only slot. */
cx_tri cx_eval_tests(cx_eval *e, const cx_node *tests, cx_value value, const cx_env *env);
/* The same for one test. */
cx_tri cx_eval_test(cx_eval *e, const cx_node *test, cx_value value, const cx_env *env);
/* A call of any function by position; names may be NULL. */
cx_value cx_eval_call(cx_eval *e, const cx_function *fn, const cx_value *args, size_t n,
                      const cx_view *names);
cx_value cx_eval_service(cx_eval *e, const cx_decision *service, const cx_value *args, size_t n);
cx_value cx_table_eval(cx_eval *e, const struct cx_table *table, const cx_env *env);
/* a = b, or v in list, as `in` and list functions see it. */
cx_tri cx_value_in(cx_value v, cx_value where);

/* n bytes or items; NULL with e->rc set. */
void *cx_eval_alloc(cx_eval *e, size_t count, size_t size);
/* Counts a step; false with e->rc set when there are none left. */
static inline bool cx_eval_step(cx_eval *e) {
    if (--e->steps_left >= 0)
        return e->rc == CX_OK;
    if (e->rc == CX_OK)
        e->rc = CX_EVAL_LIMIT;
    return false;
}
/* Keeps a warning, and returns null so that `return cx_eval_warn(...)` reads as one step. */
cx_value cx_eval_warn(cx_eval *e, const char *format, ...) CX_PRINTF(2, 3);
/* Puts a list value together from items in the arena. */
cx_value cx_eval_list(cx_eval *e, const cx_value *items, size_t n);

#endif
