/* In which order parts are evaluated: a walk in depth, requirements first. */
#include "common/rules/model_load.h"

#include <stdlib.h>

/* Refuses circles. The walk is as deep as the longest chain, at most CX_MODEL_MAX_PARTS. */
static cx_rc find_circle(cx_loader *l, cx_part *part) {
    if (part->state == 2)
        return CX_OK;
    if (part->state == 1)
        return cx_load_fail(l, part->xml, CX_MODEL_CYCLE,
                            "\"%.*s\" requires itself, directly or through others: remove one requirement",
                            CX_VIEW_ARGS(part->name));
    part->state = 1;
    for (size_t i = 0; i < part->require_count; i++)
        CX_TRY(find_circle(l, &l->model->parts[part->requires[i]]));
    part->state = 2;
    return CX_OK;
}

/* The parts that one handle needs: `seen` by part, steps in order, inputs in the order of discovery. */
struct plan {
    const cx_model *model;
    bool *seen;
    uint32_t *steps;
    size_t step_count;
    uint32_t *inputs;
    size_t input_count;
};

static void visit(struct plan *plan, uint32_t number) {
    if (plan->seen[number])
        return;
    plan->seen[number] = true;
    const cx_part *part = &plan->model->parts[number];
    if (part->sort == CX_PART_INPUT) {
        plan->inputs[plan->input_count++] = number;
        return;
    }
    /* A service brings its own inputs when it is called. */
    for (size_t i = 0; part->sort != CX_PART_SERVICE && i < part->require_count; i++)
        visit(plan, part->requires[i]);
    plan->steps[plan->step_count++] = number;
}

static cx_rc begin_plan(cx_loader *l, struct plan *plan) {
    size_t n = l->model->part_count;
    plan->model = l->model;
    plan->seen = calloc(n + 1, sizeof(bool));
    plan->steps = calloc(n + 1, sizeof(uint32_t));
    plan->inputs = calloc(n + 1, sizeof(uint32_t));
    return plan->seen != NULL && plan->steps != NULL && plan->inputs != NULL ? CX_OK : cx_load_no_memory(l);
}

static void end_plan(struct plan *plan) {
    free(plan->seen);
    free(plan->steps);
    free(plan->inputs);
}

static cx_rc keep(cx_loader *l, const uint32_t *from, size_t n, const uint32_t **out) {
    uint32_t *to = cx_arena_calloc(l->arena, n, sizeof *to);
    if (to == NULL)
        return cx_load_no_memory(l);
    if (n > 0)
        (void)memcpy(to, from, n * sizeof *to);
    *out = to;
    return CX_OK;
}

static cx_rc name_inputs(cx_loader *l, cx_decision *d) {
    cx_view *names = cx_arena_calloc(l->arena, d->input_count, sizeof *names);
    cx_view *type_names = cx_arena_calloc(l->arena, d->input_count, sizeof *type_names);
    const cx_type **types = cx_arena_calloc(l->arena, d->input_count, sizeof *types);
    if (names == NULL || type_names == NULL || types == NULL)
        return cx_load_no_memory(l);
    for (size_t i = 0; i < d->input_count; i++) {
        const cx_part *part = &l->model->parts[d->inputs[i]];
        names[i] = part->name;
        types[i] = part->type;
        type_names[i] = part->type_name;
    }
    d->input_names = names;
    d->input_types = types;
    d->input_type_names = type_names;
    return CX_OK;
}

static cx_rc walk_plan(cx_loader *l, uint32_t number, struct plan *plan, cx_decision *d) {
    const cx_part *part = &l->model->parts[number];
    bool service = part->sort == CX_PART_SERVICE;
    for (size_t i = 0; i < part->given_count; i++)
        plan->seen[part->given[i]] = true;
    for (size_t i = 0; service && i < part->output_count; i++)
        visit(plan, part->outputs[i]);
    if (!service)
        visit(plan, number);
    CX_TRY(keep(l, plan->steps, plan->step_count, &d->steps));
    d->step_count = plan->step_count;
    d->input_count = service ? part->given_count : plan->input_count;
    return keep(l, service ? part->given : plan->inputs, d->input_count, &d->inputs);
}

static cx_rc plan_part(cx_loader *l, uint32_t number, cx_decision *d) {
    struct plan plan = {0};
    cx_rc rc = begin_plan(l, &plan);
    if (rc == CX_OK)
        rc = walk_plan(l, number, &plan, d);
    end_plan(&plan);
    if (rc != CX_OK || d->sort == CX_SORT_KNOWLEDGE)
        return rc;
    return name_inputs(l, d);
}

static cx_rc add_handles(cx_loader *l, cx_part_sort sort, cx_decision_sort handle_sort) {
    cx_model *m = l->model;
    for (size_t i = 0; i < m->part_count; i++) {
        if (m->parts[i].sort != sort)
            continue;
        cx_decision *d = cx_arena_calloc(l->arena, 1, sizeof *d);
        if (d == NULL)
            return cx_load_no_memory(l);
        *d = (cx_decision){.model = m, .part = &m->parts[i], .sort = handle_sort};
        m->parts[i].handle = d;
        m->decisions[m->decision_count++] = d;
        CX_TRY(plan_part(l, (uint32_t)i, d));
    }
    return CX_OK;
}

cx_rc cx_load_order(cx_loader *l) {
    cx_model *m = l->model;
    for (size_t i = 0; i < m->part_count; i++)
        CX_TRY(find_circle(l, &m->parts[i]));
    m->decisions = cx_arena_calloc(l->arena, m->part_count, sizeof *m->decisions);
    if (m->decisions == NULL)
        return cx_load_no_memory(l);
    CX_TRY(add_handles(l, CX_PART_DECISION, CX_SORT_DECISION));
    CX_TRY(add_handles(l, CX_PART_SERVICE, CX_SORT_SERVICE));
    return add_handles(l, CX_PART_KNOWLEDGE, CX_SORT_KNOWLEDGE);
}
