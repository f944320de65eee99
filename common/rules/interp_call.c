/* Calls: of built-in functions, of functions written in FEEL, of decision services. */
#include "common/rules/interp.h"

/* Puts named arguments into the order of parameters; unnamed places are null. false when a name is unknown.
 */
static bool order_closure(const cx_node *fn, const cx_value *args, size_t n, const cx_view *names,
                          cx_value *to) {
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < fn->u.many.n && !cx_view_eq(fn->u.many.names[k], names[i]))
            k++;
        if (k == fn->u.many.n)
            return false;
        to[k] = args[i];
    }
    return true;
}

static cx_value call_closure(cx_eval *e, const cx_function *f, const cx_value *args, size_t n,
                             const cx_view *names) {
    const cx_node *fn = f->node;
    size_t count = fn->u.many.n;
    if (n > count || (n < count && names == NULL))
        return cx_eval_warn(e, "a function of %zu parameters was called with %zu arguments", count, n);
    cx_value *slots = cx_eval_alloc(e, count, sizeof *slots);
    cx_env *env = cx_eval_alloc(e, 1, sizeof *env);
    if (slots == NULL || env == NULL)
        return cx_value_null();
    for (size_t i = 0; i < count; i++)
        slots[i] = names == NULL ? args[i] : cx_value_null();
    if (names != NULL && !order_closure(fn, args, n, names, slots))
        return cx_eval_warn(e, "a function was called with a parameter that it does not have");
    for (size_t i = 0; i < count; i++) {
        bool fits = true;
        if (fn->u.many.types != NULL && fn->u.many.types[i] != NULL)
            slots[i] = cx_type_convert(e, fn->u.many.types[i], slots[i], &fits);
        if (!fits)
            return cx_eval_warn(e, "the argument \"%.*s\" is not of its type",
                                CX_VIEW_ARGS(fn->u.many.names[i]));
    }
    *env = (cx_env){f->env, slots};
    return cx_eval_node(e, fn->u.many.body, env);
}

int cx_builtin_param(const cx_builtin *b, int form, cx_view name, int *forms) {
    cx_view rest = cx_view_of(b->params);
    int found = -1;
    *forms = 0;
    while (rest.p != NULL && rest.n > 0) {
        cx_view params = cx_view_split(rest, '|', &rest);
        for (int i = 0; params.n > 0 && *forms == form; i++)
            if (cx_view_eq(cx_view_split(params, ',', &params), name)) {
                found = i;
                break;
            }
        ++*forms;
    }
    return found;
}

/* The first form whose parameters have all the names. *count becomes the number of places used. */
static bool order_builtin(const cx_builtin *b, const cx_value *args, size_t n, const cx_view *names,
                          cx_value to[CX_BUILTIN_NAMED], size_t *count) {
    int forms = 1;
    for (int form = 0; form < forms; form++) {
        size_t i = 0;
        *count = 0;
        for (size_t k = 0; k < CX_BUILTIN_NAMED; k++)
            to[k] = cx_value_null();
        for (; i < n; i++) {
            int k = cx_builtin_param(b, form, names[i], &forms);
            if (k < 0 || k >= CX_BUILTIN_NAMED)
                break;
            to[k] = args[i];
            *count = (size_t)k + 1 > *count ? (size_t)k + 1 : *count;
        }
        if (i == n)
            return true;
    }
    return false;
}

static cx_value call_builtin(cx_eval *e, const cx_builtin *b, const cx_value *args, size_t n,
                             const cx_view *names) {
    cx_value ordered[CX_BUILTIN_NAMED];
    if (names != NULL) {
        size_t count;
        if (n > CX_BUILTIN_NAMED || !order_builtin(b, args, n, names, ordered, &count))
            return cx_eval_warn(e, "%s() was called with a parameter that it does not have", b->name);
        args = ordered;
        n = count;
    }
    if (n < b->least || (n > b->most && b->most != CX_BUILTIN_MANY))
        return cx_eval_warn(e, "%s() was called with %zu arguments", b->name, n);
    return b->fn(e, args, n);
}

cx_value cx_eval_call(cx_eval *e, const cx_function *fn, const cx_value *args, size_t n,
                      const cx_view *names) {
    if (!cx_eval_step(e))
        return cx_value_null();
    if (fn->builtin != NULL)
        return call_builtin(e, fn->builtin, args, n, names);
    if (fn->node != NULL)
        return call_closure(e, fn, args, n, names);
    const cx_decision *service = fn->service;
    size_t count = cx_decision_input_count(service);
    cx_value *inputs = cx_eval_alloc(e, count, sizeof *inputs);
    if (inputs == NULL)
        return cx_value_null();
    if (n > count)
        return cx_eval_warn(e, "a decision service of %zu inputs was called with %zu", count, n);
    for (size_t i = 0; i < count; i++)
        inputs[i] = i < n && names == NULL ? args[i] : cx_value_null();
    for (size_t i = 0; names != NULL && i < n; i++) {
        int slot = cx_decision_input(service, names[i]);
        if (slot < 0)
            return cx_eval_warn(e, "a decision service was called with an input that it does not have");
        inputs[slot] = args[i];
    }
    return cx_eval_service(e, service, inputs, count);
}
