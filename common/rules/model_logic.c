/* The logic of decisions and knowledge models, read in the scope of what they require. */
#include "common/rules/model_load.h"

/* What a part's expressions may name: its requirements; a knowledge model also itself. */
static cx_rc scope_of(cx_loader *l, cx_part *part, cx_scope *scope) {
    cx_binding *bindings = cx_arena_calloc(l->arena, part->require_count + 1, sizeof *bindings);
    bool *used = cx_arena_calloc(l->arena, part->require_count + 1, sizeof *used);
    if (bindings == NULL || used == NULL)
        return cx_load_no_memory(l);
    size_t n = 0;
    for (; n < part->require_count; n++)
        bindings[n] = (cx_binding){l->model->parts[part->requires[n]].name, part->requires[n]};
    if (part->sort == CX_PART_KNOWLEDGE)
        bindings[n++] = (cx_binding){part->name, (uint32_t)(part - l->model->parts)};
    part->read = used;
    *scope = (cx_scope){.bindings = bindings, .n = n, .used = used};
    return CX_OK;
}

/* Whether every value that the table can give is of the type already: then it is not checked again. */
static bool table_fits(const cx_table *t, const cx_type *type) {
    bool single = t->policy <= CX_POLICY_FIRST;
    if (type == NULL || type->allowed != NULL || type->base != NULL || !single || t->output_count > 1 ||
        type->shape != CX_SHAPE_KIND)
        return type == NULL;
    for (size_t r = 0; r < t->rule_count; r++) {
        const cx_node *node = cx_table_result(t, r, 0);
        if (node != NULL && (node->op != CX_OP_CONST || node->u.value.kind != type->kind))
            return false;
    }
    const cx_node *fallback = t->outputs[0].fallback;
    return fallback == NULL || (fallback->op == CX_OP_CONST && fallback->u.value.kind == type->kind);
}

static cx_rc load_decision(cx_loader *l, cx_part *part, const cx_scope *scope) {
    const cx_xml *x = cx_find_expression(part->xml);
    if (x == NULL)
        return cx_load_fail(l, part->xml, CX_MODEL_INVALID, "the decision has no logic");
    CX_TRY(cx_load_expression(l, scope, x, &part->node));
    if (part->node->op == CX_OP_TABLE) {
        part->table = part->node->u.table;
        ((cx_table *)(uintptr_t)part->table)->decision = part->handle;
        if (table_fits(part->table, part->type))
            return CX_OK;
    }
    if (part->type == NULL)
        return CX_OK;
    cx_node *convert = cx_node_new(l->arena, CX_OP_CONVERT);
    if (convert == NULL)
        return cx_load_no_memory(l);
    convert->u.instance.of = part->node;
    convert->u.instance.type = part->type;
    part->node = convert;
    return CX_OK;
}

static cx_rc load_knowledge(cx_loader *l, cx_part *part, const cx_scope *scope) {
    const cx_xml *x = cx_xml_child(part->xml, "encapsulatedLogic");
    if (x == NULL)
        return cx_load_fail(l, part->xml, CX_MODEL_INVALID, "the knowledge model has no encapsulatedLogic");
    CX_TRY(cx_load_expression(l, scope, x, &part->node));
    cx_decision *d = part->handle;
    const cx_node *fn = part->node;
    cx_view *type_names = cx_arena_calloc(l->arena, fn->u.many.n, sizeof *type_names);
    if (type_names == NULL)
        return cx_load_no_memory(l);
    for (size_t i = 0; i < fn->u.many.n; i++)
        type_names[i] = fn->u.many.types[i] != NULL ? fn->u.many.types[i]->name : CX_VIEW("");
    d->inputs = NULL;
    d->input_count = fn->u.many.n;
    d->input_names = fn->u.many.names;
    d->input_types = fn->u.many.types;
    d->input_type_names = type_names;
    if (fn->u.many.body->op == CX_OP_TABLE)
        part->table = fn->u.many.body->u.table;
    return CX_OK;
}

cx_rc cx_load_logic(cx_loader *l) {
    for (size_t i = 0; i < l->model->part_count; i++) {
        cx_part *part = &l->model->parts[i];
        cx_scope scope;
        if (part->sort != CX_PART_DECISION && part->sort != CX_PART_KNOWLEDGE)
            continue;
        l->part = part;
        l->rule = 0;
        l->column = CX_VIEW("");
        l->depth = 0;
        CX_TRY(scope_of(l, part, &scope));
        CX_TRY(part->sort == CX_PART_DECISION ? load_decision(l, part, &scope)
                                              : load_knowledge(l, part, &scope));
    }
    l->part = NULL;
    for (size_t i = 0; i < l->model->part_count; i++)
        l->model->parts[i].xml = NULL; /* the document goes */
    return CX_OK;
}
