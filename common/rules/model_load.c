/* Loading a model: the order of steps, and how failures say where they are. */
#include "common/rules/model_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void write_place(const cx_loader *l, const cx_xml *at, char *to, size_t room) {
    size_t n = (size_t)snprintf(to, room, "%.*s:%d: ", CX_VIEW_ARGS(l->model->file), at->line);
    if (l->part != NULL && n < room)
        n += (size_t)snprintf(to + n, room - n, "%s \"%.*s\"",
                              l->part->sort == CX_PART_DECISION ? "decision" : "knowledge model",
                              l->part->name.n > 60 ? 60 : (int)l->part->name.n, l->part->name.p);
    if (l->rule > 0 && n < room)
        n += (size_t)snprintf(to + n, room - n, ", rule %d", l->rule);
    if (l->column.n > 0 && n < room)
        n += (size_t)snprintf(to + n, room - n, ", column \"%.*s\"", l->column.n > 60 ? 60 : (int)l->column.n,
                              l->column.p);
    if (l->part != NULL && n < room)
        (void)snprintf(to + n, room - n, ": ");
}

cx_rc cx_load_fail(cx_loader *l, const cx_xml *at, cx_rc rc, const char *format, ...) {
    char place[300], text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    write_place(l, at, place, sizeof place);
    return cx_fail(l->err, rc, "%s%s", place, text);
}

cx_rc cx_load_fail_in(cx_loader *l, const cx_xml *at) {
    char place[300], text[sizeof l->err->text];
    (void)snprintf(text, sizeof text, "%s", l->err->text);
    write_place(l, at, place, sizeof place);
    return cx_fail(l->err, l->err->rc, "%s%s", place, text);
}

cx_rc cx_load_no_memory(cx_loader *l) {
    return cx_fail(l->err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_load_warn(cx_loader *l, const cx_xml *at, const char *format, ...) {
    enum { MOST = 200 };
    char place[300], text[400];
    cx_model *m = l->model;
    if (m->warning_count == MOST)
        return CX_OK;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    write_place(l, at, place, sizeof place);
    if (m->warnings == NULL)
        m->warnings = cx_arena_calloc(m->arena, MOST, sizeof *m->warnings);
    if (m->warnings == NULL)
        return cx_load_no_memory(l);
    cx_view kept = cx_arena_printf(m->arena, "%s%s", place, text);
    if (kept.p == NULL)
        return cx_load_no_memory(l);
    m->warnings[m->warning_count++] = kept;
    return CX_OK;
}

cx_rc cx_load_attribute(cx_loader *l, const cx_xml *node, const char *name, cx_view *out) {
    return cx_xml_attribute_copy(l->arena, node, name, out) ? CX_OK : cx_load_no_memory(l);
}

cx_rc cx_load_name(cx_loader *l, const cx_xml *node, const char *name, cx_view *out) {
    CX_TRY(cx_load_attribute(l, node, name, out));
    *out = cx_name_normal(l->arena, *out);
    if (out->p == NULL)
        return cx_load_no_memory(l);
    if (out->n == 0)
        return cx_load_fail(l, node, CX_MODEL_INVALID, "the %s has no %s: give it one", node->name, name);
    if (out->n > CX_MODEL_MAX_NAME)
        return cx_load_fail(l, node, CX_MODEL_INVALID, "the %s's %s is longer than %d bytes", node->name,
                            name, CX_MODEL_MAX_NAME);
    return CX_OK;
}

cx_rc cx_load_text_in_file(cx_loader *l, const cx_xml *node, cx_view *out) {
    const cx_xml *text = cx_xml_child(node, "text");
    *out = CX_VIEW("");
    if (text == NULL)
        return CX_OK;
    if (text->text_n > CX_MODEL_MAX_TEXT)
        return cx_load_fail(l, text, CX_MODEL_INVALID, "a text is longer than %d bytes: make it smaller",
                            CX_MODEL_MAX_TEXT);
    *out = cx_view_trim(cx_xml_text(text));
    return CX_OK;
}

cx_rc cx_load_text(cx_loader *l, const cx_xml *node, cx_view *out) {
    CX_TRY(cx_load_text_in_file(l, node, out));
    *out = cx_arena_copy(l->arena, *out);
    return out->p != NULL ? CX_OK : cx_load_no_memory(l);
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static cx_rc check_root(cx_loader *l, const cx_xml *root) {
    static const char *const spaces[] = {"https://www.omg.org/spec/DMN/20191111/MODEL/",
                                         "https://www.omg.org/spec/DMN/20211108/MODEL/",
                                         "https://www.omg.org/spec/DMN/20230324/MODEL/"};
    if (!cx_xml_is(root, "definitions"))
        return cx_load_fail(l, root, CX_MODEL_INVALID,
                            "the root element is not <definitions>: this is no DMN");
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (strcmp(root->space, spaces[i]) == 0)
            return cx_load_attribute(l, root, "name", &l->model->name);
    return cx_load_fail(l, root, CX_MODEL_INVALID,
                        "the namespace \"%.100s\" is not DMN 1.3, 1.4 or 1.5: save the model in one of these",
                        root->space);
}

static cx_view id_of(const cx_xml *x) {
    return cx_xml_attribute_in(x, NULL, "id");
}

/* By id, then in the order of the file. */
static int compare_ids(const void *a, const void *b) {
    const cx_xml *x = *(const cx_xml *const *)a, *y = *(const cx_xml *const *)b;
    int order = cx_view_cmp(id_of(x), id_of(y));
    return order != 0 ? order : (x > y) - (x < y);
}

/* Ids are unique in the file (diagrams, which have a namespace of their own, are not read). */
static cx_rc check_ids(cx_loader *l, const cx_xml *root) {
    const cx_xml **with = calloc(root->size, sizeof *with);
    if (with == NULL)
        return cx_load_no_memory(l);
    size_t n = 0;
    for (const cx_xml *x = root; x < root + root->size; x++)
        if (id_of(x).n > 0 && strcmp(x->space, root->space) == 0)
            with[n++] = x;
    qsort(with, n, sizeof *with, compare_ids);
    cx_rc rc = CX_OK;
    for (size_t i = 1; i < n && rc == CX_OK; i++)
        if (cx_view_eq(id_of(with[i - 1]), id_of(with[i])))
            rc = cx_load_fail(l, with[i], CX_MODEL_INVALID,
                              "the id \"%.80s\" is there twice, first in line %d: give this one another",
                              id_of(with[i]).p, with[i - 1]->line);
    free(with);
    return rc;
}

static cx_rc load_document(cx_loader *l, const cx_xml *root) {
    CX_TRY(check_root(l, root));
    if (cx_xml_child(root, "import") != NULL)
        return cx_load_fail(l, cx_xml_child(root, "import"), CX_MODEL_INVALID,
                            "imports are not accepted: put everything into one file");
    CX_TRY(check_ids(l, root));
    CX_TRY(cx_load_types(l, root));
    CX_TRY(cx_load_parts(l, root));
    CX_TRY(cx_load_requirements(l));
    CX_TRY(cx_load_order(l));
    return cx_load_logic(l);
}

static const cx_type *type_named(void *model, cx_view name) {
    const cx_model *m = model;
    for (size_t i = 0; i < m->type_count; i++)
        if (cx_view_eq(m->types[i].name, name))
            return &m->types[i];
    return NULL;
}

static cx_rc load_model(cx_model *model, const char *file, const cx_xml *root, cx_err *err) {
    cx_loader l = {.model = model, .arena = cx_arena_new(0), .cells = cx_cells_new(), .err = err};
    l.feel = (cx_feel){.arena = l.arena, .type_named = type_named, .types = model};
    model->arena = l.arena;
    model->file = l.arena != NULL ? cx_arena_copy(l.arena, cx_view_of(file)) : (cx_view){NULL, 0};
    cx_rc rc = model->file.p != NULL && l.cells != NULL ? load_document(&l, root) : cx_load_no_memory(&l);
    cx_cells_destroy(&l.cells);
    return rc;
}

cx_rc cx_model_load(cx_view xml, const char *file, cx_model **out, cx_err *err) {
    cx_err ignored = {0};
    cx_xml_doc *doc = NULL;
    *out = NULL;
    err = err != NULL ? err : &ignored;
    CX_TRY(cx_xml_read(xml, file, &doc, err));
    cx_model *model = calloc(1, sizeof *model);
    cx_rc rc =
        model != NULL ? load_model(model, file, cx_xml_root(doc), err) : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_xml_destroy(&doc);
    if (rc != CX_OK)
        cx_model_destroy(&model);
    *out = model;
    return rc;
}
