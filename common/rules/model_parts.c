/* The requirements graph: its parts, what they require, and in which order they are evaluated. */
#include "common/rules/model_load.h"

static bool sort_of(const cx_xml *x, cx_part_sort *out) {
    static const struct {
        const char *name;
        cx_part_sort sort;
    } sorts[] = {{"inputData", CX_PART_INPUT},
                 {"decision", CX_PART_DECISION},
                 {"businessKnowledgeModel", CX_PART_KNOWLEDGE},
                 {"decisionService", CX_PART_SERVICE}};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++)
        if (cx_xml_is(x, sorts[i].name)) {
            *out = sorts[i].sort;
            return true;
        }
    return false;
}

static cx_rc load_part(cx_loader *l, const cx_xml *x, cx_part *part) {
    cx_view ignored;
    part->xml = x;
    part->line = x->line;
    CX_TRY(cx_load_attribute(l, x, "id", &part->id));
    CX_TRY(cx_load_name(l, x, "name", &part->name));
    const cx_xml *variable = cx_xml_child(x, "variable");
    if (variable == NULL)
        return CX_OK;
    CX_TRY(cx_load_attribute(l, variable, "name", &ignored));
    if (cx_view_trim(ignored).n > 0)
        CX_TRY(cx_load_name(l, variable, "name", &part->name));
    return cx_load_type(l, variable, &part->type, &part->type_name);
}

cx_rc cx_load_parts(cx_loader *l, const cx_xml *root) {
    cx_model *m = l->model;
    cx_part_sort sort;
    size_t n = 0;
    for (const cx_xml *x = cx_xml_child(root, NULL); x != NULL; x = cx_xml_next(x, NULL))
        n += sort_of(x, &sort) ? 1 : 0;
    if (n > CX_MODEL_MAX_PARTS)
        return cx_load_fail(l, root, CX_MODEL_INVALID, "more than %d decisions and inputs",
                            CX_MODEL_MAX_PARTS);
    m->parts = cx_arena_calloc(l->arena, n, sizeof *m->parts);
    if (m->parts == NULL)
        return cx_load_no_memory(l);
    for (const cx_xml *x = cx_xml_child(root, NULL); x != NULL; x = cx_xml_next(x, NULL)) {
        if (!sort_of(x, &sort))
            continue;
        cx_part *part = &m->parts[m->part_count];
        part->sort = sort;
        CX_TRY(load_part(l, x, part));
        for (size_t i = 0; i < m->part_count; i++)
            if (cx_view_eq(m->parts[i].name, part->name))
                return cx_load_fail(l, x, CX_MODEL_INVALID,
                                    "two elements are called \"%.*s\": names must differ",
                                    CX_VIEW_ARGS(part->name));
        m->part_count++;
    }
    return CX_OK;
}

/* --- requirements ------------------------------------------------------------------------------------- */

static cx_rc part_of_href(cx_loader *l, const cx_xml *node, uint32_t *out) {
    cx_view href;
    CX_TRY(cx_load_attribute(l, node, "href", &href));
    if (href.n < 2 || href.p[0] != '#')
        return cx_load_fail(l, node, CX_MODEL_INVALID,
                            "the reference \"%.*s\" does not point into this file (#id)",
                            href.n > 100 ? 100 : (int)href.n, href.p != NULL ? href.p : "");
    cx_view id = {href.p + 1, href.n - 1};
    for (size_t i = 0; i < l->model->part_count; i++)
        if (cx_view_eq(l->model->parts[i].id, id)) {
            *out = (uint32_t)i;
            return CX_OK;
        }
    return cx_load_fail(l, node, CX_MODEL_INVALID, "nothing has the id \"%.*s\" that is required here",
                        id.n > 100 ? 100 : (int)id.n, id.p);
}

struct refs {
    uint32_t *at;
    size_t n;
    int looked_at; /* each is searched for: their number is bounded */
};

static cx_rc add_ref(cx_loader *l, const cx_xml *node, struct refs *refs) {
    uint32_t part = 0;
    CX_TRY(part_of_href(l, node, &part));
    for (size_t i = 0; i < refs->n; i++)
        if (refs->at[i] == part)
            return CX_OK;
    refs->at[refs->n++] = part;
    return CX_OK;
}

static size_t element_count(const cx_xml *x) {
    size_t n = 0;
    for (const cx_xml *c = cx_xml_child(x, NULL); c != NULL; c = cx_xml_next(c, NULL))
        n++;
    return n;
}

/* informationRequirement and knowledgeRequirement each hold one reference. */
static cx_rc load_required(cx_loader *l, cx_part *part) {
    struct refs refs = {cx_arena_calloc(l->arena, element_count(part->xml), sizeof(uint32_t)), 0, 0};
    if (refs.at == NULL)
        return cx_load_no_memory(l);
    for (const cx_xml *c = cx_xml_child(part->xml, NULL); c != NULL; c = cx_xml_next(c, NULL)) {
        if (!cx_xml_is(c, "informationRequirement") && !cx_xml_is(c, "knowledgeRequirement"))
            continue;
        const cx_xml *ref = cx_xml_child(c, NULL);
        while (ref != NULL && strncmp(ref->name, "required", 8) != 0)
            ref = cx_xml_next(ref, NULL);
        if (ref == NULL)
            return cx_load_fail(l, c, CX_MODEL_INVALID, "the requirement names nothing that is required");
        CX_TRY(add_ref(l, ref, &refs));
    }
    part->requires = refs.at;
    part->require_count = refs.n;
    return CX_OK;
}

static cx_rc load_service(cx_loader *l, cx_part *part) {
    size_t room = element_count(part->xml);
    struct refs given = {cx_arena_calloc(l->arena, room, sizeof(uint32_t)), 0, 0};
    struct refs outputs = {cx_arena_calloc(l->arena, room, sizeof(uint32_t)), 0, 0};
    if (given.at == NULL || outputs.at == NULL)
        return cx_load_no_memory(l);
    for (const cx_xml *c = cx_xml_child(part->xml, "inputData"); c != NULL; c = cx_xml_next(c, "inputData"))
        CX_TRY(add_ref(l, c, &given));
    for (const cx_xml *c = cx_xml_child(part->xml, "inputDecision"); c != NULL;
         c = cx_xml_next(c, "inputDecision"))
        CX_TRY(add_ref(l, c, &given));
    for (const cx_xml *c = cx_xml_child(part->xml, "outputDecision"); c != NULL;
         c = cx_xml_next(c, "outputDecision"))
        CX_TRY(add_ref(l, c, &outputs));
    for (size_t i = 0; i < outputs.n; i++)
        if (l->model->parts[outputs.at[i]].sort != CX_PART_DECISION)
            return cx_load_fail(l, part->xml, CX_MODEL_INVALID, "an outputDecision is no decision");
    if (outputs.n == 0)
        return cx_load_fail(l, part->xml, CX_MODEL_INVALID, "the decision service has no outputDecision");
    part->given = given.at;
    part->given_count = given.n;
    part->outputs = outputs.at;
    part->output_count = outputs.n;
    part->requires = outputs.at;
    part->require_count = outputs.n;
    return CX_OK;
}

cx_rc cx_load_requirements(cx_loader *l) {
    for (size_t i = 0; i < l->model->part_count; i++) {
        cx_part *part = &l->model->parts[i];
        if (part->sort == CX_PART_SERVICE)
            CX_TRY(load_service(l, part));
        else if (part->sort != CX_PART_INPUT)
            CX_TRY(load_required(l, part));
    }
    return CX_OK;
}
