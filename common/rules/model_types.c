/* Item definitions (DMN 1.5, 7.3.3). */
#include "common/rules/model_load.h"

enum { DEEPEST = 50 };

static cx_rc resolve(cx_loader *l, size_t i);

/* A type by name: FEEL's, else an item definition; a prefix ("feel:string") is dropped. */
static cx_rc find_type(cx_loader *l, const cx_xml *at, cx_view name, const cx_type **out) {
    for (int pass = 0; pass < 2; pass++) {
        const cx_type *type = cx_type_builtin(name);
        for (size_t i = 0; type == NULL && i < l->model->type_count; i++)
            if (cx_view_eq(l->model->types[i].name, name)) {
                CX_TRY(resolve(l, i));
                type = &l->model->types[i];
            }
        if (type != NULL) {
            *out = type;
            return CX_OK;
        }
        cx_view rest;
        (void)cx_view_split(name, ':', &rest);
        if (rest.p == NULL)
            break;
        name = rest;
    }
    return cx_load_fail(l, at, CX_MODEL_INVALID, "there is no type \"%.*s\": define it, or correct the name",
                        name.n > 100 ? 100 : (int)name.n, name.p);
}

cx_rc cx_load_type(cx_loader *l, const cx_xml *node, const cx_type **out, cx_view *name) {
    cx_view text;
    *out = NULL;
    *name = CX_VIEW("");
    CX_TRY(cx_load_attribute(l, node, "typeRef", &text));
    const cx_xml *element = cx_xml_child(node, "typeRef");
    if (text.p == NULL && element != NULL) {
        text = cx_arena_copy(l->arena, cx_xml_text(element));
        if (text.p == NULL)
            return cx_load_no_memory(l);
    }
    text = cx_view_trim(text);
    if (text.n == 0)
        return CX_OK;
    *name = text;
    return find_type(l, node, text, out);
}

static cx_rc load_tests(cx_loader *l, const cx_xml *at, cx_view *text, const cx_node **tests) {
    if (at == NULL)
        return CX_OK;
    CX_TRY(cx_load_text(l, at, text));
    return cx_feel_tests(&l->feel, NULL, *text, tests, l->err) == CX_OK ? CX_OK : cx_load_fail_in(l, at);
}

/* A type constraint holds for a collection as one value, where allowed values hold for each of its items. Of
 * a single value both ask the same: a type with both has the one with allowed values as its base. */
static cx_rc load_constraint(cx_loader *l, const cx_xml *node, cx_type *type) {
    const cx_xml *constraint = cx_xml_child(node, "typeConstraint");
    cx_view ignored;
    if (type->shape == CX_SHAPE_LIST)
        return load_tests(l, constraint, &ignored, &type->whole);
    if (constraint != NULL && type->allowed != NULL) {
        cx_type *base = cx_arena_calloc(l->arena, 1, sizeof *base);
        if (base == NULL)
            return cx_load_no_memory(l);
        *base = *type;
        type->base = base;
    }
    return load_tests(l, constraint, &type->allowed_text, &type->allowed);
}

static cx_rc load_definition(cx_loader *l, const cx_xml *node, cx_type *type);

static cx_rc load_components(cx_loader *l, const cx_xml *node, cx_type *type) {
    size_t n = 0;
    for (const cx_xml *c = cx_xml_child(node, "itemComponent"); c != NULL;
         c = cx_xml_next(c, "itemComponent"))
        n++;
    cx_component *components = cx_arena_calloc(l->arena, n, sizeof *components);
    cx_type *types = cx_arena_calloc(l->arena, n, sizeof *types);
    if (components == NULL || types == NULL)
        return cx_load_no_memory(l);
    size_t i = 0;
    for (const cx_xml *c = cx_xml_child(node, "itemComponent"); c != NULL;
         c = cx_xml_next(c, "itemComponent"), i++) {
        CX_TRY(cx_load_name(l, c, "name", &types[i].name));
        CX_TRY(load_definition(l, c, &types[i]));
        components[i] = (cx_component){types[i].name, &types[i]};
        for (size_t k = 0; k < i; k++)
            if (cx_view_eq(components[k].name, components[i].name))
                return cx_load_fail(l, c, CX_MODEL_INVALID, "the component \"%.*s\" is there twice",
                                    CX_VIEW_ARGS(components[i].name));
        if (!cx_feel_know(&l->feel, types[i].name))
            return cx_load_no_memory(l);
    }
    type->shape = CX_SHAPE_CONTEXT;
    type->kind = CX_KIND_CONTEXT;
    type->components = components;
    type->n = n;
    return CX_OK;
}

/* A type derived from a base: of its shape, and under its restrictions too. */
static void derive(cx_type *type, const cx_type *base) {
    if (base == NULL) {
        type->shape = CX_SHAPE_ANY;
        type->kind = CX_KIND_COUNT;
        return;
    }
    type->shape = base->shape;
    type->kind = base->kind;
    type->item = base->item;
    type->components = base->components;
    type->n = base->n;
    if (base->allowed != NULL || base->base != NULL || base->whole != NULL)
        type->base = base;
}

static cx_rc load_definition(cx_loader *l, const cx_xml *node, cx_type *type) {
    cx_view collection, base_name;
    if (++l->depth > DEEPEST)
        return cx_load_fail(l, node, CX_MODEL_INVALID, "item definitions are nested too deeply");
    CX_TRY(cx_load_attribute(l, node, "isCollection", &collection));
    cx_type single = *type;
    if (cx_xml_child(node, "itemComponent") != NULL) {
        CX_TRY(load_components(l, node, &single));
    } else if (cx_xml_child(node, "functionItem") != NULL) {
        single.shape = CX_SHAPE_KIND;
        single.kind = CX_KIND_FUNCTION;
    } else {
        const cx_type *base;
        CX_TRY(cx_load_type(l, node, &base, &base_name));
        derive(&single, base);
    }
    CX_TRY(load_tests(l, cx_xml_child(node, "allowedValues"), &single.allowed_text, &single.allowed));
    l->depth--;
    if (!cx_view_is(collection, "true")) {
        *type = single;
        return load_constraint(l, node, type);
    }
    cx_type *item = cx_arena_calloc(l->arena, 1, sizeof *item);
    if (item == NULL)
        return cx_load_no_memory(l);
    *item = single;
    *type = (cx_type){.name = single.name, .shape = CX_SHAPE_LIST, .kind = CX_KIND_LIST, .item = item};
    return load_constraint(l, node, type);
}

static cx_rc resolve(cx_loader *l, size_t i) {
    if (l->type_state[i] == 2)
        return CX_OK;
    if (l->type_state[i] == 1)
        return cx_load_fail(l, l->type_xml[i], CX_MODEL_INVALID,
                            "the item definition \"%.*s\" refers to itself",
                            CX_VIEW_ARGS(l->model->types[i].name));
    l->type_state[i] = 1;
    CX_TRY(load_definition(l, l->type_xml[i], &l->model->types[i]));
    l->type_state[i] = 2;
    return CX_OK;
}

cx_rc cx_load_types(cx_loader *l, const cx_xml *root) {
    size_t n = 0;
    cx_model *m = l->model;
    for (const cx_xml *x = cx_xml_child(root, "itemDefinition"); x != NULL;
         x = cx_xml_next(x, "itemDefinition"))
        n++;
    if (n > CX_MODEL_MAX_PARTS)
        return cx_load_fail(l, root, CX_MODEL_INVALID, "more than %d item definitions", CX_MODEL_MAX_PARTS);
    m->types = cx_arena_calloc(l->arena, n, sizeof *m->types);
    l->type_xml = cx_arena_calloc(l->arena, n, sizeof *l->type_xml);
    l->type_state = cx_arena_calloc(l->arena, n, sizeof *l->type_state);
    if (m->types == NULL || l->type_xml == NULL || l->type_state == NULL)
        return cx_load_no_memory(l);
    for (const cx_xml *x = cx_xml_child(root, "itemDefinition"); x != NULL;
         x = cx_xml_next(x, "itemDefinition")) {
        cx_type *type = &m->types[m->type_count];
        CX_TRY(cx_load_name(l, x, "name", &type->name));
        for (size_t k = 0; k < m->type_count; k++)
            if (cx_view_eq(m->types[k].name, type->name))
                return cx_load_fail(l, x, CX_MODEL_INVALID, "the item definition \"%.*s\" is there twice",
                                    CX_VIEW_ARGS(type->name));
        l->type_xml[m->type_count++] = x;
    }
    for (size_t i = 0; i < m->type_count; i++)
        CX_TRY(resolve(l, i));
    return CX_OK;
}
