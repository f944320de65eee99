/* Values from JSON and to JSON. */
#include "ops/cli/dmn.h"

#include <stdlib.h>

/* A double's shortest text that gives the same double: 0.1 is "0.1". */
static cx_value number_of(double d) {
    char text[40];
    cx_value v;
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    return cx_value_number_parse(cx_view_of(text), &v) ? v : cx_value_null();
}

static cx_value list_of(const json_t *json, cx_arena *arena) {
    size_t n = json_array_size(json);
    cx_value *items = cx_arena_calloc(arena, n, sizeof *items);
    for (size_t i = 0; items != NULL && i < n; i++)
        items[i] = cx_dmn_value(json_array_get(json, i), arena);
    return items != NULL ? cx_value_list(items, n) : cx_value_null();
}

static cx_value context_of(const json_t *json, cx_arena *arena) {
    size_t n = 0;
    cx_entry *entries = cx_arena_calloc(arena, json_object_size(json), sizeof *entries);
    json_t *object = (json_t *)(uintptr_t)json; /* jansson's iterator wants it so; nothing is changed */
    for (void *i = json_object_iter(object); entries != NULL && i != NULL;
         i = json_object_iter_next(object, i)) {
        entries[n].key = cx_arena_copy(arena, cx_view_of(json_object_iter_key(i)));
        entries[n].value = cx_dmn_value(json_object_iter_value(i), arena);
        n++;
    }
    return entries != NULL ? cx_value_context(entries, n) : cx_value_null();
}

cx_value cx_dmn_value(const json_t *json, cx_arena *arena) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return context_of(json, arena);
    case JSON_ARRAY:
        return list_of(json, arena);
    case JSON_STRING:
        return cx_value_string(
            cx_arena_copy(arena, (cx_view){json_string_value(json), json_string_length(json)}));
    case JSON_INTEGER:
        return cx_value_int(json_integer_value(json));
    case JSON_REAL:
        return number_of(json_real_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return cx_value_bool(json_is_true(json));
    case JSON_NULL:
        break;
    }
    return cx_value_null();
}

bool cx_dmn_inputs(const cx_decision *decision, const json_t *object, cx_arena *arena, cx_value *inputs) {
    json_t *members = (json_t *)(uintptr_t)object;
    if (!json_is_object(object)) {
        (void)fprintf(stderr, "chengxin dmn: the input is no JSON object: {\"name of input\": value, ...}\n");
        return false;
    }
    for (size_t i = 0; i < cx_decision_input_count(decision); i++)
        inputs[i] = cx_value_null();
    for (void *i = json_object_iter(members); i != NULL; i = json_object_iter_next(members, i)) {
        int slot = cx_decision_input(decision, cx_view_of(json_object_iter_key(i)));
        if (slot < 0) {
            (void)fprintf(stderr, "chengxin dmn: \"%s\" is no input of this decision; its inputs:",
                          json_object_iter_key(i));
            for (size_t k = 0; k < cx_decision_input_count(decision); k++)
                (void)fprintf(stderr, " \"%.*s\"", CX_VIEW_ARGS(cx_decision_input_name(decision, k)));
            (void)fprintf(stderr, "\n");
            return false;
        }
        cx_value v = cx_dmn_value(json_object_iter_value(i), arena);
        inputs[slot] = cx_decision_input_fit(decision, (size_t)slot, v, arena);
    }
    return true;
}

void cx_dmn_print_text(FILE *to, cx_view text) {
    (void)fputc('"', to);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '\\')
            (void)fprintf(to, "\\%c", c);
        else if (c < 0x20)
            (void)fprintf(to, "\\u%04x", c);
        else
            (void)fputc(c, to);
    }
    (void)fputc('"', to);
}

static void print_many(FILE *to, cx_value v, cx_arena *arena) {
    bool list = v.kind == CX_KIND_LIST;
    size_t n = list ? v.u.list.n : v.u.context.n;
    (void)fputc(list ? '[' : '{', to);
    for (size_t i = 0; i < n; i++) {
        (void)fputs(i > 0 ? ", " : "", to);
        if (!list) {
            cx_dmn_print_text(to, v.u.context.entries[i].key);
            (void)fputs(": ", to);
        }
        cx_dmn_print(to, list ? v.u.list.items[i] : v.u.context.entries[i].value, arena);
    }
    (void)fputc(list ? ']' : '}', to);
}

void cx_dmn_print(FILE *to, cx_value v, cx_arena *arena) {
    if (v.kind == CX_KIND_LIST || v.kind == CX_KIND_CONTEXT) {
        print_many(to, v, arena);
        return;
    }
    cx_view text = cx_value_text(v, arena);
    if (v.kind == CX_KIND_NULL || v.kind == CX_KIND_BOOLEAN || v.kind == CX_KIND_NUMBER)
        (void)fprintf(to, "%.*s", CX_VIEW_ARGS(text));
    else
        cx_dmn_print_text(to, text);
}
