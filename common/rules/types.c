#include "common/rules/types.h"

#include "common/rules/interp.h"

#define SIMPLE(text, k)                                                                                      \
    { .name = {text, sizeof(text) - 1}, .shape = CX_SHAPE_KIND, .kind = k }
#define ANYTHING(text)                                                                                       \
    { .name = {text, sizeof(text) - 1}, .shape = CX_SHAPE_ANY, .kind = CX_KIND_COUNT }

static const cx_type any_type = ANYTHING("Any");

static const cx_type builtin_types[] = {
    ANYTHING("Any"),
    ANYTHING("any"),
    SIMPLE("number", CX_KIND_NUMBER),
    SIMPLE("string", CX_KIND_STRING),
    SIMPLE("boolean", CX_KIND_BOOLEAN),
    SIMPLE("date", CX_KIND_DATE),
    SIMPLE("time", CX_KIND_TIME),
    SIMPLE("date and time", CX_KIND_DATE_TIME),
    SIMPLE("dateTime", CX_KIND_DATE_TIME),
    SIMPLE("days and time duration", CX_KIND_DAYS_TIME),
    SIMPLE("dayTimeDuration", CX_KIND_DAYS_TIME),
    SIMPLE("years and months duration", CX_KIND_YEARS_MONTHS),
    SIMPLE("yearMonthDuration", CX_KIND_YEARS_MONTHS),
    SIMPLE("Null", CX_KIND_NULL),
    SIMPLE("context", CX_KIND_CONTEXT),
    SIMPLE("function", CX_KIND_FUNCTION),
    {.name = {"list", 4}, .shape = CX_SHAPE_LIST, .kind = CX_KIND_LIST, .item = &any_type},
    {.name = {"range", 5}, .shape = CX_SHAPE_RANGE, .kind = CX_KIND_RANGE, .item = &any_type},
};

const cx_type *cx_type_builtin(cx_view name) {
    for (size_t i = 0; i < sizeof builtin_types / sizeof builtin_types[0]; i++)
        if (cx_view_eq(builtin_types[i].name, name))
            return &builtin_types[i];
    return NULL;
}

cx_kind cx_type_kind(const cx_type *type) {
    return type == NULL ? CX_KIND_COUNT : type->kind;
}

static bool passes(cx_eval *e, const cx_node *tests, cx_value v) {
    cx_env env = {NULL, &v};
    return cx_eval_tests(e, tests, v, &env) == CX_TRI_TRUE;
}

static bool holds_items(cx_eval *e, const cx_type *type, cx_value v) {
    if (v.kind != CX_KIND_LIST)
        return false;
    for (size_t i = 0; i < v.u.list.n; i++) {
        cx_value item = v.u.list.items[i];
        if (!cx_eval_step(e))
            return false;
        if (!cx_value_is_null(item) && !cx_type_holds(e, type->item, item))
            return false;
        if (type->allowed != NULL && !passes(e, type->allowed, item))
            return false;
    }
    return type->whole == NULL || passes(e, type->whole, v);
}

static bool holds_components(cx_eval *e, const cx_type *type, cx_value v) {
    if (v.kind != CX_KIND_CONTEXT)
        return false;
    for (size_t i = 0; i < type->n; i++) {
        const cx_value *entry = cx_value_entry(v, type->components[i].name);
        if (entry == NULL)
            return false;
        if (!cx_value_is_null(*entry) && !cx_type_holds(e, type->components[i].type, *entry))
            return false;
    }
    return true;
}

static bool holds_range(cx_eval *e, const cx_type *type, cx_value v) {
    if (v.kind != CX_KIND_RANGE)
        return false;
    const cx_range *r = v.u.range;
    return (cx_value_is_null(r->low) || cx_type_holds(e, type->item, r->low)) &&
           (cx_value_is_null(r->high) || cx_type_holds(e, type->item, r->high));
}

bool cx_type_holds(cx_eval *e, const cx_type *type, cx_value v) {
    if (type == NULL)
        return true;
    if (e->depth >= CX_EVAL_DEPTH)
        e->rc = CX_EVAL_LIMIT;
    if (e->rc != CX_OK)
        return false;
    e->depth++;
    bool holds = false;
    switch (type->shape) {
    case CX_SHAPE_ANY:
        holds = true;
        break;
    case CX_SHAPE_KIND:
        holds = v.kind == type->kind;
        break;
    case CX_SHAPE_LIST:
        holds = holds_items(e, type, v);
        break;
    case CX_SHAPE_CONTEXT:
        holds = holds_components(e, type, v);
        break;
    case CX_SHAPE_RANGE:
        holds = holds_range(e, type, v);
        break;
    }
    if (holds && type->base != NULL)
        holds = cx_type_holds(e, type->base, v);
    if (holds && type->allowed != NULL && type->shape != CX_SHAPE_LIST)
        holds = passes(e, type->allowed, v);
    e->depth--;
    return holds;
}

cx_value cx_type_convert(cx_eval *e, const cx_type *type, cx_value v, bool *fits) {
    *fits = true;
    if (type == NULL || cx_value_is_null(v) || cx_type_holds(e, type, v))
        return v;
    if (type->shape == CX_SHAPE_LIST && v.kind != CX_KIND_LIST) {
        cx_value *one = cx_eval_alloc(e, 1, sizeof *one);
        if (one == NULL)
            return cx_value_null();
        *one = v;
        if (cx_type_holds(e, type, cx_value_list(one, 1)))
            return cx_value_list(one, 1);
    }
    if (v.kind == CX_KIND_LIST && v.u.list.n == 1 && type->shape != CX_SHAPE_LIST)
        return cx_type_convert(e, type, v.u.list.items[0], fits);
    if (v.kind == CX_KIND_DATE && type->kind == CX_KIND_DATE_TIME) {
        v.kind = CX_KIND_DATE_TIME; /* midnight, UTC */
        v.zoned = 1;
        v.offset = 0;
        v.u.at.nanos = 0;
        if (cx_type_holds(e, type, v))
            return v;
    }
    *fits = false;
    return cx_value_null();
}
