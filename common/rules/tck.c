#include "common/rules/tck.h"

#include "common/rules/decimal.h"
#include "common/rules/xml.h"

enum { DEEPEST = 64 };

struct reader {
    cx_arena *arena;
    const char *file;
    cx_err *err;
    int depth;
};

static cx_rc no_memory(const struct reader *r) {
    return cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc invalid(const struct reader *r, const cx_xml *at, const char *what) {
    return cx_fail(r->err, CX_MODEL_INVALID, "%s:%d: %s", r->file, at->line, what);
}

static size_t count_of(const cx_xml *x, const char *name) {
    size_t n = 0;
    for (const cx_xml *c = cx_xml_child(x, name); c != NULL; c = cx_xml_next(c, name))
        n++;
    return n;
}

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

static bool is_nil(const cx_xml *x) {
    return cx_view_is(cx_xml_attribute_in(x, XSI, "nil"), "true");
}

/* xsi:type="xsd:decimal" -> "decimal". */
static cx_view xsd_type(const cx_xml *x) {
    cx_view type = cx_xml_attribute_in(x, XSI, "type");
    const char *colon = type.p != NULL ? strrchr(type.p, ':') : NULL;
    return colon != NULL ? cx_view_of(colon + 1) : type;
}

static bool is_number_type(cx_view type) {
    static const char *const names[] = {"decimal", "double", "float", "integer", "int", "long", "short"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (cx_view_is(type, names[i]))
            return true;
    return false;
}

static bool typed(cx_view type, cx_view text, cx_value *out) {
    static const struct {
        const char *name;
        cx_kind kind;
    } times[] = {{"date", CX_KIND_DATE},
                 {"time", CX_KIND_TIME},
                 {"dateTime", CX_KIND_DATE_TIME},
                 {"dayTimeDuration", CX_KIND_DAYS_TIME},
                 {"yearMonthDuration", CX_KIND_YEARS_MONTHS}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (cx_view_is(type, times[i].name))
            return cx_value_temporal_parse(times[i].kind, cx_view_trim(text), out);
    if (cx_view_is(type, "duration"))
        return cx_value_temporal_parse(CX_KIND_DAYS_TIME, cx_view_trim(text), out) ||
               cx_value_temporal_parse(CX_KIND_YEARS_MONTHS, cx_view_trim(text), out);
    if (is_number_type(type))
        return cx_value_number_parse(cx_view_trim(text), out);
    if (cx_view_is(type, "boolean")) {
        cx_view v = cx_view_trim(text);
        *out = cx_value_bool(cx_view_is(v, "true") || cx_view_is(v, "1"));
        return cx_value_is_true(*out) || cx_view_is(v, "false") || cx_view_is(v, "0");
    }
    *out = cx_value_string(text);
    return type.n == 0 || cx_view_is(type, "string") || cx_view_is(type, "anySimpleType");
}

static cx_rc read_value(struct reader *r, const cx_xml *parent, cx_value *out);

static cx_rc read_simple(struct reader *r, const cx_xml *x, cx_value *out) {
    if (is_nil(x)) {
        *out = cx_value_null();
        return CX_OK;
    }
    cx_view text = cx_arena_copy(r->arena, cx_xml_text(x));
    if (text.p == NULL)
        return no_memory(r);
    return typed(xsd_type(x), text, out) ? CX_OK : invalid(r, x, "the value is not of its xsi:type");
}

static cx_rc read_list(struct reader *r, const cx_xml *x, cx_value *out) {
    if (is_nil(x)) {
        *out = cx_value_null();
        return CX_OK;
    }
    cx_value *items = cx_arena_calloc(r->arena, count_of(x, "item"), sizeof *items);
    size_t n = 0;
    if (items == NULL)
        return no_memory(r);
    for (const cx_xml *c = cx_xml_child(x, "item"); c != NULL; c = cx_xml_next(c, "item"))
        CX_TRY(read_value(r, c, &items[n++]));
    *out = cx_value_list(items, n);
    return CX_OK;
}

static cx_rc read_components(struct reader *r, const cx_xml *parent, cx_value *out) {
    cx_entry *entries = cx_arena_calloc(r->arena, count_of(parent, "component"), sizeof *entries);
    size_t n = 0;
    if (entries == NULL)
        return no_memory(r);
    for (const cx_xml *c = cx_xml_child(parent, "component"); c != NULL;
         c = cx_xml_next(c, "component"), n++) {
        if (!cx_xml_attribute_copy(r->arena, c, "name", &entries[n].key))
            return no_memory(r);
        CX_TRY(read_value(r, c, &entries[n].value));
    }
    *out = cx_value_context(entries, n);
    return CX_OK;
}

/* An element holds a <value>, <component>s or a <list>; nothing at all is null. */
static cx_rc read_value(struct reader *r, const cx_xml *parent, cx_value *out) {
    const cx_xml *value = cx_xml_child(parent, "value");
    const cx_xml *list = cx_xml_child(parent, "list");
    cx_rc rc = CX_OK;
    if (++r->depth > DEEPEST)
        return invalid(r, parent, "values are nested too deeply");
    if (value != NULL)
        rc = read_simple(r, value, out);
    else if (list != NULL)
        rc = read_list(r, list, out);
    else if (cx_xml_child(parent, "component") != NULL)
        rc = read_components(r, parent, out);
    else
        *out = cx_value_null();
    r->depth--;
    return rc;
}

static cx_rc read_result(struct reader *r, const cx_xml *x, cx_tck_result *result) {
    cx_view error;
    const cx_xml *expected = cx_xml_child(x, "expected");
    if (!cx_xml_attribute_copy(r->arena, x, "name", &result->name) ||
        !cx_xml_attribute_copy(r->arena, x, "errorResult", &error))
        return no_memory(r);
    result->error_expected = cx_view_is(error, "true");
    result->expected = cx_value_null();
    return expected != NULL ? read_value(r, expected, &result->expected) : CX_OK;
}

static cx_rc read_case(struct reader *r, const cx_xml *x, cx_tck_case *c) {
    cx_entry *inputs = cx_arena_calloc(r->arena, count_of(x, "inputNode"), sizeof *inputs);
    cx_tck_result *results = cx_arena_calloc(r->arena, count_of(x, "resultNode"), sizeof *results);
    if (inputs == NULL || results == NULL || !cx_xml_attribute_copy(r->arena, x, "id", &c->id) ||
        !cx_xml_attribute_copy(r->arena, x, "invocableName", &c->invocable))
        return no_memory(r);
    for (const cx_xml *i = cx_xml_child(x, "inputNode"); i != NULL; i = cx_xml_next(i, "inputNode")) {
        cx_entry *input = &inputs[c->input_count++];
        if (!cx_xml_attribute_copy(r->arena, i, "name", &input->key))
            return no_memory(r);
        CX_TRY(read_value(r, i, &input->value));
    }
    for (const cx_xml *i = cx_xml_child(x, "resultNode"); i != NULL; i = cx_xml_next(i, "resultNode"))
        CX_TRY(read_result(r, i, &results[c->result_count++]));
    c->inputs = inputs;
    c->results = results;
    return CX_OK;
}

static cx_rc read_cases(struct reader *r, const cx_xml *root, cx_tck_file *out) {
    const cx_xml *model = cx_xml_child(root, "modelName");
    if (!cx_xml_is(root, "testCases"))
        return invalid(r, root, "the root element is not <testCases>");
    out->model = cx_arena_copy(r->arena, model != NULL ? cx_view_trim(cx_xml_text(model)) : CX_VIEW(""));
    if (out->model.p == NULL)
        return no_memory(r);
    cx_tck_case *cases = cx_arena_calloc(r->arena, count_of(root, "testCase"), sizeof *cases);
    if (cases == NULL)
        return no_memory(r);
    for (const cx_xml *c = cx_xml_child(root, "testCase"); c != NULL; c = cx_xml_next(c, "testCase"))
        CX_TRY(read_case(r, c, &cases[out->case_count++]));
    out->cases = cases;
    return CX_OK;
}

cx_rc cx_tck_load(cx_view xml, const char *file, cx_arena *arena, cx_tck_file *out, cx_err *err) {
    cx_xml_doc *doc;
    struct reader r = {.arena = arena, .file = file, .err = err};
    *out = (cx_tck_file){0};
    CX_TRY(cx_xml_read(xml, file, &doc, err));
    cx_rc rc = read_cases(&r, cx_xml_root(doc), out);
    cx_xml_destroy(&doc);
    return rc;
}

cx_rc cx_tck_eval(const cx_model *model, const cx_tck_case *c, const cx_tck_result *r, cx_time now,
                  unsigned flags, cx_arena *arena, cx_answer *actual, cx_err *err) {
    cx_view name = c->invocable.n > 0 ? c->invocable : r->name;
    const cx_decision *decision = cx_model_decision(model, name);
    if (decision == NULL)
        return cx_fail(err, CX_NOT_FOUND, "the model has no decision \"%.*s\"", CX_VIEW_ARGS(name));
    cx_value *inputs = cx_arena_calloc(arena, cx_decision_input_count(decision), sizeof *inputs);
    if (inputs == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < c->input_count; i++) {
        int slot = cx_decision_input(decision, c->inputs[i].key);
        if (slot >= 0)
            inputs[slot] = c->inputs[i].value;
    }
    CX_TRY(cx_decision_eval(decision, inputs, now, flags, arena, actual, err));
    /* A service with several outputs gives a context; the case names one of them. */
    const cx_value *named =
        c->invocable.n > 0 && r->name.n > 0 ? cx_value_entry(actual->value, r->name) : NULL;
    if (named != NULL && !cx_view_eq(r->name, name))
        actual->value = *named;
    return CX_OK;
}

/* The kit's long fractions were calculated in binary floating point: they are right to 8 decimals. */
static bool numbers_agree(cx_decimal expected, cx_decimal actual) {
    enum { LONG = 8 };
    cx_decimal difference, tolerance;
    if (cx_decimal_cmp(expected, actual) == 0)
        return true;
    return cx_decimal_scale(expected) >= LONG && cx_decimal_parse(CX_VIEW("1e-8"), &tolerance) &&
           cx_decimal_sub(expected, actual, &difference) &&
           cx_decimal_cmp(cx_decimal_abs(difference), tolerance) < 0;
}

bool cx_tck_agrees(cx_value expected, cx_value actual) {
    if (expected.kind != actual.kind)
        return false;
    if (expected.kind == CX_KIND_NUMBER)
        return numbers_agree(expected.u.number, actual.u.number);
    if (expected.kind == CX_KIND_LIST) {
        bool all = expected.u.list.n == actual.u.list.n;
        for (size_t i = 0; all && i < expected.u.list.n; i++)
            all = cx_tck_agrees(expected.u.list.items[i], actual.u.list.items[i]);
        return all;
    }
    if (expected.kind == CX_KIND_CONTEXT) {
        bool all = expected.u.context.n == actual.u.context.n;
        for (size_t i = 0; all && i < expected.u.context.n; i++) {
            const cx_value *entry = cx_value_entry(actual, expected.u.context.entries[i].key);
            all = entry != NULL && cx_tck_agrees(expected.u.context.entries[i].value, *entry);
        }
        return all;
    }
    return cx_value_same(expected, actual);
}
