#include "common/rules/analyse_list.h"

#include <stdarg.h>

#include "common/rules/model_load.h"

const char *cx_finding_kind_name(cx_finding_kind kind) {
    static const char *const names[CX_FINDING_KINDS] = {
        "GAP", "OVERLAP", "CONTRADICTION", "UNREACHABLE", "SUBSUMED", "IMPOSSIBLE", "UNUSED", "UNDECIDED"};
    return kind < CX_FINDING_KINDS ? names[kind] : "UNKNOWN";
}

bool cx_finding_refuses(cx_finding_kind kind) {
    return kind == CX_FINDING_GAP || kind == CX_FINDING_CONTRADICTION || kind == CX_FINDING_UNDECIDED;
}

static cx_view named(struct analysis *a, cx_finding_kind kind, uint32_t x, uint32_t y) {
    cx_view none = CX_VIEW("");
    cx_view rx = x != CX_FINDING_NO_RULE ? cx_table_rule_id(a->table, x) : none;
    cx_view ry = y != CX_FINDING_NO_RULE ? cx_table_rule_id(a->table, y) : none;
    return cx_arena_printf(a->arena, "%s%s%.*s%s%.*s", cx_finding_kind_name(kind), rx.n > 0 ? " " : "",
                           CX_VIEW_ARGS(rx), ry.n > 0 ? " " : "", CX_VIEW_ARGS(ry));
}

static void append(struct analysis *a, cx_finding finding) {
    cx_finding *f = cx_arena_alloc(a->arena, sizeof *f);
    if (f == NULL || finding.name.p == NULL || finding.text.p == NULL) {
        a->rc = CX_OUT_OF_MEMORY;
        return;
    }
    *f = finding;
    if (a->last[f->kind] != NULL)
        a->last[f->kind]->next = f;
    else
        a->first[f->kind] = f;
    a->last[f->kind] = f;
    a->latest = f->kind;
    a->count[f->kind]++;
}

void analysis_add(struct analysis *a, cx_finding_kind kind, uint32_t x, uint32_t y, const char *format, ...) {
    char text[400];
    va_list args;
    if (a->rc != CX_OK || a->count[kind] >= ANALYSIS_MOST)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    append(a, (cx_finding){.kind = kind,
                           .name = named(a, kind, x, y),
                           .rules = {x, y},
                           .text = cx_arena_copy(a->arena, cx_view_of(text))});
}

cx_finding *analysis_last(struct analysis *a) {
    CX_ASSERT(a->last[a->latest] != NULL);
    return a->last[a->latest];
}

const cx_value *analysis_example(struct analysis *a, const uint32_t *at, size_t known) {
    cx_value *example = cx_arena_calloc(a->arena, a->table->input_count, sizeof *example);
    if (example == NULL) {
        a->rc = CX_OUT_OF_MEMORY;
        return NULL;
    }
    for (size_t c = 0; c < a->table->input_count; c++) {
        const cx_domain *d = &a->domains[c];
        if (c < known)
            example[c] = d->example[at[c]];
        else if (d->kind_count > 0)
            example[c] = d->example[d->kinds[0]];
    }
    return example;
}

/* All kinds one behind the other. */
static const cx_finding *joined(struct analysis *a) {
    cx_finding *first = NULL, *last = NULL;
    for (int k = 0; k < CX_FINDING_KINDS; k++) {
        if (a->first[k] == NULL)
            continue;
        if (last != NULL)
            last->next = a->first[k];
        else
            first = a->first[k];
        last = a->last[k];
    }
    return first;
}

cx_rc cx_table_analyse(const cx_table *table, cx_arena *arena, const cx_finding **out, cx_err *err) {
    struct analysis a = {.arena = arena, .table = table};
    *out = NULL;
    analysis_table(&a);
    if (a.rc != CX_OK)
        return cx_fail(err, a.rc, NULL);
    *out = joined(&a);
    return CX_OK;
}

/* Requirements that the logic never names. */
static void unread(struct analysis *a, const cx_model *model, const cx_part *part) {
    for (size_t i = 0; part->read != NULL && i < part->require_count; i++) {
        const cx_part *required = &model->parts[part->requires[i]];
        if (part->read[i])
            continue;
        cx_view name = cx_arena_printf(a->arena, "UNUSED %.*s", CX_VIEW_ARGS(required->name));
        cx_view text = cx_arena_printf(a->arena, "\"%.*s\" requires \"%.*s\" and never reads it",
                                       CX_VIEW_ARGS(part->name), CX_VIEW_ARGS(required->name));
        append(a, (cx_finding){.kind = CX_FINDING_UNUSED,
                               .name = name,
                               .rules = {CX_FINDING_NO_RULE, CX_FINDING_NO_RULE},
                               .text = text});
    }
}

static cx_rc analyse_part(cx_arena *arena, const cx_model *model, const cx_part *part, const cx_finding **out,
                          cx_err *err) {
    struct analysis a = {.arena = arena, .table = part->table};
    *out = NULL;
    if (part->table != NULL)
        analysis_table(&a);
    unread(&a, model, part);
    if (a.rc != CX_OK)
        return cx_fail(err, a.rc, NULL);
    *out = joined(&a);
    return CX_OK;
}

cx_rc cx_decision_analyse_own(const cx_decision *decision, cx_arena *arena, const cx_finding **out,
                              cx_err *err) {
    return analyse_part(arena, decision->model, decision->part, out, err);
}

cx_rc cx_decision_analyse(const cx_decision *decision, cx_arena *arena, const cx_finding **out, cx_err *err) {
    const cx_finding **end = out;
    *out = NULL;
    for (size_t i = 0; i < decision->step_count; i++) {
        const cx_part *part = &decision->model->parts[decision->steps[i]];
        CX_TRY(analyse_part(arena, decision->model, part, end, err));
        while (*end != NULL)
            end = (const cx_finding **)(uintptr_t) & (*end)->next;
    }
    return CX_OK;
}
