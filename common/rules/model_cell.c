#include "common/rules/model_cell.h"

#include <stdlib.h>

#include "common/rules/index.h"
#include "common/rules/model_load.h"

enum { SLOTS = 4096 };

/* The last cell seen of each hash. A tree that the model has, and the text that it came from. */
struct slot {
    cx_view in_file; /* p NULL: none yet */
    cx_view text;
    const cx_node *tree;
    bool tests;
};

struct cx_cells {
    cx_arena *scratch; /* of one cell's parsing */
    struct slot slots[SLOTS];
};

cx_cells *cx_cells_new(void) {
    cx_cells *cells = calloc(1, sizeof *cells);
    if (cells != NULL)
        cells->scratch = cx_arena_new(0);
    if (cells != NULL && cells->scratch == NULL)
        cx_cells_destroy(&cells);
    return cells;
}

void cx_cells_destroy(cx_cells **cells) {
    if (*cells == NULL)
        return;
    cx_arena_destroy(&(*cells)->scratch);
    free(*cells);
    *cells = NULL;
}

void cx_cells_begin(cx_cells *cells) {
    (void)memset(cells->slots, 0, sizeof cells->slots);
}

static struct slot *slot_of(cx_cells *cells, cx_view in_file, bool tests) {
    return &cells->slots[(cx_text_hash(in_file) + (tests ? 1 : 0)) % SLOTS];
}

/* --- copying what is constant ------------------------------------------------------------------------- */

/* A number, a text, a time ..., a range of these, or a list of both. */
static bool is_copyable(cx_value v, int depth) {
    switch ((cx_kind)v.kind) {
    case CX_KIND_NULL:
    case CX_KIND_BOOLEAN:
    case CX_KIND_NUMBER:
    case CX_KIND_STRING:
    case CX_KIND_DATE:
    case CX_KIND_TIME:
    case CX_KIND_DATE_TIME:
    case CX_KIND_DAYS_TIME:
    case CX_KIND_YEARS_MONTHS:
        return true;
    case CX_KIND_RANGE:
        return depth < 2 && is_copyable(v.u.range->low, 2) && is_copyable(v.u.range->high, 2);
    case CX_KIND_LIST:
        for (size_t i = 0; i < v.u.list.n; i++)
            if (depth > 0 || !is_copyable(v.u.list.items[i], 1))
                return false;
        return true;
    case CX_KIND_CONTEXT:
    case CX_KIND_FUNCTION:
    case CX_KIND_COUNT:
        break;
    }
    return false;
}

/* text: of the cell, which holds most of its constants' texts as they are. false when out of memory. */
static bool copy_value(cx_arena *arena, cx_view text, cx_value *v) {
    if (v->kind == CX_KIND_STRING) {
        const char *there = v->u.string.n > 0 ? memmem(text.p, text.n, v->u.string.p, v->u.string.n) : NULL;
        v->u.string = there != NULL ? (cx_view){there, v->u.string.n} : cx_arena_copy(arena, v->u.string);
        return v->u.string.p != NULL;
    }
    if (v->kind == CX_KIND_RANGE) {
        cx_range *range = cx_arena_alloc(arena, sizeof *range);
        if (range == NULL)
            return false;
        *range = *v->u.range;
        v->u.range = range;
        return copy_value(arena, text, &range->low) && copy_value(arena, text, &range->high);
    }
    if (v->kind != CX_KIND_LIST)
        return true;
    cx_value *items = cx_arena_calloc(arena, v->u.list.n, sizeof *items);
    bool good = items != NULL;
    for (size_t i = 0; good && i < v->u.list.n; i++) {
        items[i] = v->u.list.items[i];
        good = copy_value(arena, text, &items[i]);
    }
    v->u.list.items = items;
    return good;
}

static bool is_constant(const cx_node *node) {
    return node->op == CX_OP_CONST && is_copyable(node->u.value, 0);
}

/* Tests of constants; an expression that is one. */
static bool is_flat(const cx_node *tree, bool tests) {
    if (!tests)
        return is_constant(tree);
    for (size_t i = 0; i < tree->u.many.n; i++)
        if (!is_constant(tree->u.many.items[i]->u.kids.a))
            return false;
    return true;
}

/* Each test and its constant, side by side. */
struct pair {
    cx_node test;
    cx_node constant;
};

static const cx_node *copy_flat(cx_arena *arena, cx_view text, const cx_node *tree, bool tests) {
    cx_node *copy = cx_arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *tree;
    if (!tests)
        return copy_value(arena, text, &copy->u.value) ? copy : NULL;
    size_t n = tree->u.many.n;
    const cx_node **items = cx_arena_calloc(arena, n, sizeof(const cx_node *));
    struct pair *pairs = cx_arena_calloc(arena, n, sizeof *pairs);
    if (items == NULL || pairs == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        pairs[i].test = *tree->u.many.items[i];
        pairs[i].constant = *pairs[i].test.u.kids.a;
        pairs[i].test.u.kids.a = &pairs[i].constant;
        items[i] = &pairs[i].test;
        if (!copy_value(arena, text, &pairs[i].constant.u.value))
            return NULL;
    }
    copy->u.many.items = items;
    return copy;
}

/* --- reading ------------------------------------------------------------------------------------------ */

static cx_rc parse(cx_loader *l, const cx_scope *scope, const cx_xml *at, const struct slot *slot,
                   const cx_node **out) {
    cx_rc rc = slot->tests ? cx_feel_tests(&l->feel, scope, slot->text, out, l->err)
                           : cx_feel_expression(&l->feel, scope, slot->text, out, l->err);
    return rc == CX_OK || rc == CX_OUT_OF_MEMORY ? rc : cx_load_fail_in(l, at);
}

/* First in an arena that is forgotten; what is more than constants is then read once more, to stay. */
static cx_rc load_tree(cx_loader *l, const cx_scope *scope, const cx_xml *at, struct slot *slot) {
    const cx_node *tree;
    cx_feel kept = l->feel;
    cx_arena_reset(l->cells->scratch);
    l->feel.arena = l->cells->scratch;
    cx_rc rc = parse(l, scope, at, slot, &tree);
    l->feel = kept; /* names that it learned are in the arena that is forgotten */
    if (rc != CX_OK)
        return rc;
    if (tree != NULL && !is_flat(tree, slot->tests))
        return parse(l, scope, at, slot, &slot->tree);
    slot->tree = tree != NULL ? copy_flat(l->arena, slot->text, tree, slot->tests) : NULL;
    return tree == NULL || slot->tree != NULL ? CX_OK : cx_load_no_memory(l);
}

static cx_rc load_cell(cx_loader *l, const cx_scope *scope, const cx_xml *entry, bool tests,
                       const struct slot **out) {
    cx_view in_file;
    CX_TRY(cx_load_text_in_file(l, entry, &in_file));
    struct slot *slot = slot_of(l->cells, in_file, tests);
    *out = slot;
    if (slot->in_file.p != NULL && slot->tests == tests && cx_view_eq(slot->in_file, in_file))
        return CX_OK;
    *slot = (struct slot){.tests = tests};
    slot->text = cx_arena_copy(l->arena, in_file);
    if (slot->text.p == NULL)
        return cx_load_no_memory(l);
    CX_TRY(load_tree(l, scope, entry, slot));
    slot->in_file = in_file;
    return CX_OK;
}

cx_rc cx_load_tests(cx_loader *l, const cx_scope *scope, const cx_xml *entry, cx_view *text,
                    const cx_node **out) {
    const struct slot *slot = NULL;
    CX_TRY(load_cell(l, scope, entry, true, &slot));
    *out = slot->tree;
    *text = slot->tree != NULL ? slot->text : CX_VIEW("-");
    return CX_OK;
}

cx_rc cx_load_output(cx_loader *l, const cx_scope *scope, const cx_xml *entry, const cx_node **out) {
    const struct slot *slot = NULL;
    *out = NULL;
    cx_view text;
    CX_TRY(cx_load_text_in_file(l, entry, &text));
    if (text.n == 0 || cx_view_is(text, "-"))
        return CX_OK;
    CX_TRY(load_cell(l, scope, entry, false, &slot));
    *out = slot->tree;
    return CX_OK;
}
