/* Evaluating a decision, a service or a knowledge model. */
#include "common/rules/eval.h"

#include "common/rules/model_load.h"

static cx_value function_value(cx_eval *e, cx_function f) {
    cx_function *kept = cx_eval_alloc(e, 1, sizeof *kept);
    if (kept == NULL)
        return cx_value_null();
    *kept = f;
    return (cx_value){.kind = CX_KIND_FUNCTION, .u.function = kept};
}

static cx_value checked_input(cx_eval *e, const cx_type *type, cx_value v, cx_view name) {
    if (type == NULL || cx_value_is_null(v))
        return v;
    if (type->shape == CX_SHAPE_KIND && v.kind == type->kind && type->allowed == NULL && type->base == NULL)
        return v;
    bool fits;
    v = cx_type_convert(e, type, v, &fits);
    return fits ? v
                : cx_eval_warn(e, "the input \"%.*s\" is not of its type %.*s", CX_VIEW_ARGS(name),
                               CX_VIEW_ARGS(type->name));
}

/* Evaluates a handle's steps in a global environment of its own. */
static const cx_env *run_steps(cx_eval *e, const cx_decision *d, const cx_value *inputs) {
    const cx_part *parts = d->model->parts;
    cx_env *env = cx_eval_alloc(e, 1, sizeof *env);
    cx_value *slots = cx_eval_alloc(e, d->model->part_count, sizeof *slots);
    if (env == NULL || slots == NULL)
        return NULL;
    *env = (cx_env){NULL, slots};
    for (size_t i = 0; d->inputs != NULL && i < d->input_count; i++)
        slots[d->inputs[i]] = checked_input(e, d->input_types[i], inputs[i], d->input_names[i]);
    for (size_t i = 0; i < d->step_count && e->rc == CX_OK; i++) {
        const cx_part *part = &parts[d->steps[i]];
        e->decision = part->handle;
        e->decision_name = part->name;
        if (part->sort == CX_PART_SERVICE)
            slots[d->steps[i]] = function_value(e, (cx_function){.service = part->handle});
        else
            slots[d->steps[i]] = cx_eval_node(e, part->node, env);
    }
    return e->rc == CX_OK ? env : NULL;
}

static cx_value service_outputs(cx_eval *e, const cx_decision *d, const cx_env *env) {
    const cx_part *part = d->part;
    if (part->output_count == 1)
        return env->slots[part->outputs[0]];
    cx_entry *entries = cx_eval_alloc(e, part->output_count, sizeof *entries);
    if (entries == NULL)
        return cx_value_null();
    for (size_t i = 0; i < part->output_count; i++)
        entries[i] = (cx_entry){d->model->parts[part->outputs[i]].name, env->slots[part->outputs[i]]};
    return cx_value_context(entries, part->output_count);
}

static cx_value run(cx_eval *e, const cx_decision *d, const cx_value *inputs) {
    const cx_env *env = run_steps(e, d, inputs);
    if (env == NULL)
        return cx_value_null();
    if (d->sort == CX_SORT_SERVICE)
        return service_outputs(e, d, env);
    cx_value v = env->slots[d->part - d->model->parts];
    if (d->sort == CX_SORT_KNOWLEDGE && v.kind == CX_KIND_FUNCTION)
        return cx_eval_call(e, v.u.function, inputs, d->input_count, NULL);
    return v;
}

cx_value cx_eval_service(cx_eval *e, const cx_decision *service, const cx_value *args, size_t n) {
    (void)n;
    const cx_decision *outer = e->decision;
    cx_view name = e->decision_name;
    if (e->depth >= CX_EVAL_DEPTH) {
        e->rc = CX_EVAL_LIMIT;
        return cx_value_null();
    }
    e->depth++;
    cx_value v = run(e, service, args);
    e->depth--;
    e->decision = outer;
    e->decision_name = name;
    return v;
}

cx_rc cx_decision_eval(const cx_decision *decision, const cx_value *inputs, cx_time now, unsigned flags,
                       cx_arena *arena, cx_answer *answer, cx_err *err) {
    cx_eval e = {.arena = arena, .now = now, .flags = flags, .steps_left = CX_EVAL_STEPS};
    *answer = (cx_answer){0};
    cx_value v = run(&e, decision, inputs);
    if (e.rc != CX_OK)
        return cx_fail(err, e.rc, "decision \"%.*s\": %s", CX_VIEW_ARGS(decision->part->name),
                       cx_rc_text(e.rc));
    *answer = (cx_answer){.value = v,
                          .hits = e.first_hit,
                          .warnings = e.first_warning,
                          .warning_count = e.warning_count,
                          .explanation = e.first_explanation};
    for (const cx_hit *hit = e.first_hit; hit != NULL; hit = hit->next)
        if (decision->part->table != NULL && hit->table == decision->part->table)
            answer->own = hit;
    return CX_OK;
}
