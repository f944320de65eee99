/* The evaluator: a node and an environment give a value. */
#include "common/rules/interp.h"

#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

static cx_value eval_and(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value a = cx_eval_node(e, node->u.kids.a, env);
    if (a.kind == CX_KIND_BOOLEAN && !a.u.boolean)
        return a;
    cx_value b = cx_eval_node(e, node->u.kids.b, env);
    if (b.kind == CX_KIND_BOOLEAN && !b.u.boolean)
        return b;
    return cx_value_is_true(a) && cx_value_is_true(b) ? a : cx_value_null();
}

static cx_value eval_or(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value a = cx_eval_node(e, node->u.kids.a, env);
    if (cx_value_is_true(a))
        return a;
    cx_value b = cx_eval_node(e, node->u.kids.b, env);
    if (cx_value_is_true(b))
        return b;
    bool known = a.kind == CX_KIND_BOOLEAN && b.kind == CX_KIND_BOOLEAN;
    return known ? cx_value_bool(false) : cx_value_null();
}

static cx_value eval_between(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value a = cx_eval_node(e, node->u.kids.a, env);
    cx_range range = {cx_eval_node(e, node->u.kids.b, env), cx_eval_node(e, node->u.kids.c, env), true, true};
    if (cx_value_is_null(range.low) || cx_value_is_null(range.high))
        return cx_value_null();
    return cx_value_tri(cx_range_holds(&range, a));
}

static cx_value eval_if(cx_eval *e, const cx_node *node, const cx_env *env) {
    bool yes = cx_value_is_true(cx_eval_node(e, node->u.kids.a, env));
    return cx_eval_node(e, yes ? node->u.kids.b : node->u.kids.c, env);
}

static cx_value eval_list(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value *items = cx_eval_alloc(e, node->u.many.n, sizeof *items);
    for (size_t i = 0; items != NULL && i < node->u.many.n; i++)
        items[i] = cx_eval_node(e, node->u.many.items[i], env);
    return cx_eval_list(e, items, node->u.many.n);
}

/* A context's entries see those before them; with a body the context is only its scope. */
static cx_value eval_context(cx_eval *e, const cx_node *node, const cx_env *env) {
    size_t n = node->u.many.n;
    cx_value *slots = cx_eval_alloc(e, n, sizeof *slots);
    cx_env *inner = cx_eval_alloc(e, 1, sizeof *inner);
    if (slots == NULL || inner == NULL)
        return cx_value_null();
    *inner = (cx_env){env, slots};
    for (size_t i = 0; i < n; i++)
        slots[i] = cx_value_null();
    for (size_t i = 0; i < n; i++)
        slots[i] = cx_eval_node(e, node->u.many.items[i], inner);
    if (node->u.many.body != NULL)
        return cx_eval_node(e, node->u.many.body, inner);
    cx_entry *entries = cx_eval_alloc(e, n, sizeof *entries);
    if (entries == NULL)
        return cx_value_null();
    for (size_t i = 0; i < n; i++)
        entries[i] = (cx_entry){node->u.many.names[i], slots[i]};
    return cx_value_context(entries, n);
}

static bool can_end(cx_value v) {
    return v.kind == CX_KIND_NUMBER || v.kind == CX_KIND_STRING ||
           (v.kind >= CX_KIND_DATE && v.kind <= CX_KIND_YEARS_MONTHS);
}

static cx_value eval_range(cx_eval *e, const cx_node *node, const cx_env *env) {
    const cx_node *a = node->u.kids.a, *b = node->u.kids.b; /* NULL: no such end */
    cx_value low = a != NULL ? cx_eval_node(e, a, env) : cx_value_null();
    cx_value high = b != NULL ? cx_eval_node(e, b, env) : cx_value_null();
    if ((a != NULL && cx_value_is_null(low)) || (b != NULL && cx_value_is_null(high)))
        return cx_value_null();
    if (!can_end(a != NULL ? low : high) || (a != NULL && b != NULL && low.kind != high.kind))
        return cx_eval_warn(e, "a range from %s to %s is none", cx_kind_name(low.kind),
                            cx_kind_name(high.kind));
    cx_range *range = cx_eval_alloc(e, 1, sizeof *range);
    if (range == NULL)
        return cx_value_null();
    *range = (cx_range){low, high, node->low_closed, node->high_closed};
    return (cx_value){.kind = CX_KIND_RANGE, .u.range = range};
}

/* null is an instance of Null alone, not even of Any (table 61). */
static cx_value eval_instance(cx_eval *e, const cx_node *node, const cx_env *env) {
    const cx_type *type = node->u.instance.type;
    cx_value v = cx_eval_node(e, node->u.instance.of, env);
    bool any = type->shape == CX_SHAPE_ANY;
    return cx_value_bool(!(any && cx_value_is_null(v)) && cx_type_holds(e, type, v));
}

static cx_value eval_closure(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_function *f = cx_eval_alloc(e, 1, sizeof *f);
    if (f == NULL)
        return cx_value_null();
    *f = (cx_function){.node = node, .env = env};
    return (cx_value){.kind = CX_KIND_FUNCTION, .u.function = f};
}

static cx_value eval_var(const cx_node *node, const cx_env *env) {
    for (uint32_t up = node->up; up > 0; up--)
        env = env->parent;
    return env->slots[node->index];
}

/* A name inside a filter: the item's entry, else what the name means outside. */
static cx_value eval_item_name(cx_eval *e, const cx_node *node, const cx_env *env) {
    const cx_env *filter = env;
    for (uint32_t up = node->up; up > 0; up--)
        filter = filter->parent;
    const cx_value *found = cx_value_entry(filter->slots[0], node->u.path.name);
    if (found != NULL)
        return *found;
    return node->u.path.of != NULL ? cx_eval_node(e, node->u.path.of, env) : cx_value_null();
}

static cx_value eval_call(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value callee = cx_eval_node(e, node->u.many.body, env);
    if (callee.kind != CX_KIND_FUNCTION)
        return cx_eval_warn(e, "what is called is a %s, not a function", cx_kind_name(callee.kind));
    cx_value *args = cx_eval_alloc(e, node->u.many.n, sizeof *args);
    for (size_t i = 0; args != NULL && i < node->u.many.n; i++)
        args[i] = cx_eval_node(e, node->u.many.items[i], env);
    if (args == NULL || e->rc != CX_OK)
        return cx_value_null();
    return cx_eval_call(e, callee.u.function, args, node->u.many.n, node->u.many.names);
}

static cx_value eval_builtin(cx_eval *e, const cx_node *node, const cx_env *env) {
    size_t n = node->u.builtin.n;
    cx_function f = {.builtin = node->u.builtin.fn};
    cx_value few[4];
    cx_value *args = n <= 4 ? few : cx_eval_alloc(e, n, sizeof *args);
    for (size_t i = 0; args != NULL && i < n; i++)
        args[i] = cx_eval_node(e, node->u.builtin.args[i], env);
    if (args == NULL || e->rc != CX_OK)
        return cx_value_null();
    return cx_eval_call(e, &f, args, n, node->u.builtin.names);
}

static cx_value eval_convert(cx_eval *e, const cx_node *node, const cx_env *env) {
    bool fits;
    cx_value v = cx_eval_node(e, node->u.instance.of, env);
    cx_value converted = cx_type_convert(e, node->u.instance.type, v, &fits);
    if (!fits)
        return cx_eval_warn(e, "a %s is not of the type %.*s", cx_kind_name(v.kind),
                            CX_VIEW_ARGS(node->u.instance.type->name));
    return converted;
}

static cx_value eval_in(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value subject = cx_eval_node(e, node->u.many.body, env);
    const cx_node *tests = node->u.many.items[0];
    if (tests->op == CX_OP_TESTS)
        return cx_value_tri(cx_eval_tests(e, tests, subject, env));
    return cx_value_tri(cx_eval_test(e, tests, subject, env));
}

static cx_value eval_pair(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value a = cx_eval_node(e, node->u.kids.a, env);
    cx_value b = node->u.kids.b != NULL ? cx_eval_node(e, node->u.kids.b, env) : cx_value_null();
    if (node->op >= CX_OP_EQ && node->op <= CX_OP_GE)
        return cx_eval_comparison(e, (cx_op)node->op, a, b);
    return cx_eval_arithmetic(e, node, a, b);
}

static cx_value eval_op(cx_eval *e, const cx_node *node, const cx_env *env) {
    switch ((cx_op)node->op) {
    case CX_OP_CONST:
        return node->u.value;
    case CX_OP_VAR:
        return eval_var(node, env);
    case CX_OP_ITEM_NAME:
        return eval_item_name(e, node, env);
    case CX_OP_ADD:
    case CX_OP_SUB:
    case CX_OP_MUL:
    case CX_OP_DIV:
    case CX_OP_POW:
    case CX_OP_NEG:
    case CX_OP_EQ:
    case CX_OP_NE:
    case CX_OP_LT:
    case CX_OP_LE:
    case CX_OP_GT:
    case CX_OP_GE:
        return eval_pair(e, node, env);
    case CX_OP_AND:
        return eval_and(e, node, env);
    case CX_OP_OR:
        return eval_or(e, node, env);
    case CX_OP_BETWEEN:
        return eval_between(e, node, env);
    case CX_OP_IN:
        return eval_in(e, node, env);
    case CX_OP_IF:
        return eval_if(e, node, env);
    case CX_OP_FOR:
    case CX_OP_SOME:
    case CX_OP_EVERY:
        return cx_eval_iteration(e, node, env);
    case CX_OP_FILTER:
        return cx_eval_filter(e, node, env);
    case CX_OP_PATH:
        return cx_eval_path(e, cx_eval_node(e, node->u.path.of, env), node->u.path.name);
    case CX_OP_CALL:
        return eval_call(e, node, env);
    case CX_OP_BUILTIN:
        return eval_builtin(e, node, env);
    case CX_OP_LIST:
        return eval_list(e, node, env);
    case CX_OP_CONTEXT:
        return eval_context(e, node, env);
    case CX_OP_RANGE:
        return eval_range(e, node, env);
    case CX_OP_FUNCTION:
        return eval_closure(e, node, env);
    case CX_OP_INSTANCE:
        return eval_instance(e, node, env);
    case CX_OP_CONVERT:
        return eval_convert(e, node, env);
    case CX_OP_TABLE:
        return cx_table_eval(e, node->u.table, env);
    case CX_OP_TESTS:
    case CX_OP_TESTS_NOT:
    case CX_OP_TEST_CMP:
    case CX_OP_TEST:
        break;
    }
    return cx_value_null(); /* tests are evaluated by cx_eval_tests */
}

cx_value cx_eval_node(cx_eval *e, const cx_node *node, const cx_env *env) {
    if (node->op == CX_OP_CONST)
        return node->u.value;
    if (!cx_eval_step(e))
        return cx_value_null();
    if (e->depth >= CX_EVAL_DEPTH) {
        e->rc = CX_EVAL_LIMIT;
        return cx_value_null();
    }
    e->depth++;
    cx_value v = eval_op(e, node, env);
    e->depth--;
    return e->rc == CX_OK ? v : cx_value_null();
}
