/* Values from JSON and the like, which knows no dates, made to fit an input's declared type. */
#include "common/rules/model_load.h"

static cx_value fit(const cx_type *type, cx_value v, cx_arena *arena, int depth);

static cx_value fit_list(const cx_type *type, cx_value v, cx_arena *arena, int depth) {
    cx_value *items = cx_arena_calloc(arena, v.u.list.n, sizeof *items);
    for (size_t i = 0; items != NULL && i < v.u.list.n; i++)
        items[i] = fit(type->item, v.u.list.items[i], arena, depth + 1);
    return items != NULL ? cx_value_list(items, v.u.list.n) : v;
}

static cx_value fit_context(const cx_type *type, cx_value v, cx_arena *arena, int depth) {
    cx_entry *entries = cx_arena_calloc(arena, v.u.context.n, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < v.u.context.n; i++) {
        entries[i] = v.u.context.entries[i];
        for (size_t k = 0; k < type->n; k++)
            if (cx_view_eq(type->components[k].name, entries[i].key))
                entries[i].value = fit(type->components[k].type, entries[i].value, arena, depth + 1);
    }
    return entries != NULL ? cx_value_context(entries, v.u.context.n) : v;
}

static cx_value fit(const cx_type *type, cx_value v, cx_arena *arena, int depth) {
    cx_value parsed;
    if (type == NULL || depth > 64)
        return v;
    if (type->shape == CX_SHAPE_LIST && v.kind == CX_KIND_LIST)
        return fit_list(type, v, arena, depth);
    if (type->shape == CX_SHAPE_CONTEXT && v.kind == CX_KIND_CONTEXT)
        return fit_context(type, v, arena, depth);
    if (v.kind != CX_KIND_STRING || type->shape != CX_SHAPE_KIND)
        return v;
    bool temporal = type->kind >= CX_KIND_DATE && type->kind <= CX_KIND_YEARS_MONTHS;
    if (temporal && cx_value_temporal_parse(type->kind, v.u.string, &parsed))
        return parsed;
    return type->kind == CX_KIND_NUMBER && cx_value_number_parse(v.u.string, &parsed) ? parsed : v;
}

cx_value cx_decision_input_fit(const cx_decision *decision, size_t slot, cx_value v, cx_arena *arena) {
    CX_ASSERT(slot < decision->input_count);
    return fit(decision->input_types[slot], v, arena, 0);
}
