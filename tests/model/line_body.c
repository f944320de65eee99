#include "tests/model/line_body.h"

#include <ctype.h>

#include "common/wire/visit.h"

/* Keys of the header: no fields of a body. */
static bool is_header_key(cx_view key) {
    static const char *const keys[] = {"of",    "doc",      "number",    "basis",   "act",    "issued",
                                       "role",  "official", "effective", "content", "others", "consented",
                                       "place", "text",     "id",        "plain"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (cx_view_is(key, keys[i]))
            return true;
    return false;
}

/* "ListingNotice" and "LISTING_NOTICE" are one name. */
static bool same_kind(const char *schema, cx_view word) {
    size_t i = 0;
    for (const char *p = schema; *p != '\0'; p++) {
        if (p > schema && isupper((unsigned char)*p) && (i >= word.n || word.p[i++] != '_'))
            return false;
        if (i >= word.n || word.p[i++] != toupper((unsigned char)*p))
            return false;
    }
    return i == word.n;
}

static bool set_views(cx_view text, cx_arena *arena, cx_view_array *out) {
    out->items = cx_arena_calloc(arena, CX_LINE_WORDS, sizeof *out->items);
    while (text.n > 0 && out->items != NULL && out->n < CX_LINE_WORDS)
        out->items[out->n++] = cx_view_split(text, ',', &text);
    return out->items != NULL;
}

static bool set_symbol(const cx_type *type, cx_view text, void *at) {
    for (uint32_t i = 0; i < type->symbols_n; i++)
        if (cx_view_is(text, type->symbols[i])) {
            (void)memcpy(at, &i, sizeof i);
            return true;
        }
    return false;
}

static bool set_value(const cx_type *type, cx_view text, cx_arena *arena, void *at) {
    int64_t n;
    if (type->kind == CX_AVRO_STRING) {
        *(cx_view *)at = text;
        return true;
    }
    if (type->kind == CX_AVRO_BOOLEAN) {
        *(bool *)at = cx_view_is(text, "yes");
        return cx_view_is(text, "yes") || cx_view_is(text, "no");
    }
    if (type->kind == CX_AVRO_ENUM)
        return set_symbol(type, text, at);
    if (type->kind == CX_AVRO_ARRAY && type->item->kind == CX_AVRO_STRING)
        return set_views(text, arena, at);
    if (type->kind == CX_AVRO_INT && type->logical == CX_LOGICAL_DATE)
        return cx_date_parse(text, at);
    if ((type->kind != CX_AVRO_INT && type->kind != CX_AVRO_LONG) || !cx_view_to_int64(text, &n))
        return false;
    if (type->kind == CX_AVRO_INT)
        *(int32_t *)at = (int32_t)n;
    else
        *(int64_t *)at = n;
    return true;
}

static bool set_target(cx_view text, cx_target *out) {
    cx_view rest, first = cx_view_split(text, '/', &rest);
    *out = rest.p != NULL ? (cx_target){.department = first, .event_id = rest}
                          : (cx_target){.department = CX_VIEW(""), .event_id = first};
    return true;
}

/* roles=DIRECTOR:p1:2024-01-01[:2025-01-01], several with commas; "?" before the role: no evidence. */
static bool set_roles(cx_view text, const cx_header *h, cx_arena *arena, cx_role_holder_array *out) {
    out->items = cx_arena_calloc(arena, CX_LINE_WORDS, sizeof *out->items);
    while (text.n > 0 && out->items != NULL && out->n < CX_LINE_WORDS) {
        cx_view one = cx_view_split(text, ',', &text), rest;
        cx_role_holder *r = &out->items[out->n++];
        cx_view role = cx_view_split(one, ':', &rest), name = cx_view_split(rest, ':', &rest);
        cx_view from = cx_view_split(rest, ':', &rest);
        uint8_t subject[16];
        bool proved = role.n > 0 && role.p[0] != '?';
        r->evidence = proved ? CX_VIEW("EV") : CX_VIEW("");
        cx_line_subject(name, subject);
        while ((size_t)r->holder < h->others.n &&
               memcmp(h->others.items[r->holder].subject, subject, sizeof subject) != 0)
            r->holder++;
        r->has_to = rest.n > 0;
        if (!cx_role_by_name(proved ? role : (cx_view){role.p + 1, role.n - 1}, &r->role) ||
            !cx_date_parse(from, &r->from) || (r->has_to && !cx_date_parse(rest, &r->to)))
            return false;
    }
    return out->items != NULL;
}

static bool set_answers(cx_view text, cx_arena *arena, cx_statement_answer_array *out) {
    out->items = cx_arena_calloc(arena, CX_LINE_WORDS, sizeof *out->items);
    while (text.n > 0 && out->items != NULL && out->n < CX_LINE_WORDS)
        out->items[out->n++] =
            (cx_statement_answer){.statement = cx_view_split(text, ',', &text), .reason = CX_VIEW("A")};
    return out->items != NULL;
}

/* facts=amount:5,penalty:FINE,first:yes */
static bool set_facts(cx_view text, cx_arena *arena, cx_fact_array *out) {
    out->items = cx_arena_calloc(arena, CX_LINE_WORDS, sizeof *out->items);
    while (text.n > 0 && out->items != NULL && out->n < CX_LINE_WORDS) {
        cx_fact *fact = &out->items[out->n++];
        cx_view value;
        int64_t n;
        fact->name = cx_view_split(cx_view_split(text, ',', &text), ':', &value);
        if (cx_view_is(value, "yes") || cx_view_is(value, "no")) {
            fact->value_kind = CX_FACT_VALUE_BOOLEAN;
            fact->value.boolean_ = cx_view_is(value, "yes");
        } else if (cx_view_to_int64(value, &n)) {
            fact->value_kind = CX_FACT_VALUE_LONG;
            fact->value.long_ = n;
        } else {
            fact->value_kind = CX_FACT_VALUE_STRING;
            fact->value.string_ = value;
        }
    }
    return out->items != NULL;
}

static bool set_field(const cx_type *record, cx_view key, cx_view text, const cx_header *h, cx_arena *arena,
                      void *at);

/* A nested record, made on its first key. */
static bool set_nested(const cx_field *f, cx_view key, cx_view text, const cx_header *h, cx_arena *arena,
                       char *at) {
    const cx_type *type = f->type;
    if (type->kind == CX_AVRO_UNION)
        type = type->branches[type->branches[0]->kind == CX_AVRO_NULL ? 1 : 0];
    if (type->kind != CX_AVRO_RECORD)
        return false;
    if (f->form != CX_FORM_POINTER)
        return set_field(type, key, text, h, arena, at + f->offset);
    void **p = (void **)(void *)(at + f->offset);
    if (*p == NULL)
        *p = cx_arena_calloc(arena, 1, type->size);
    return *p != NULL && set_field(type, key, text, h, arena, *p);
}

static bool set_field(const cx_type *record, cx_view key, cx_view text, const cx_header *h, cx_arena *arena,
                      void *at) {
    cx_view rest, name = cx_view_split(key, '.', &rest);
    const cx_field *f = cx_type_field(record, name);
    char *base = at;
    if (f == NULL)
        return false;
    void *slot = base + f->offset;
    if (rest.p != NULL)
        return set_nested(f, rest, text, h, arena, base);
    if (cx_view_is(name, "target") && f->type->kind == CX_AVRO_RECORD)
        return set_target(text, slot);
    if (cx_view_is(name, "roles"))
        return set_roles(text, h, arena, slot);
    if (cx_view_is(name, "answers"))
        return set_answers(text, arena, slot);
    if (cx_view_is(name, "facts"))
        return set_facts(text, arena, slot);
    if (f->form != CX_FORM_FLAG)
        return set_value(f->type, text, arena, slot);
    *(bool *)(void *)(base + f->tag) = true;
    return set_value(f->type->branches[f->type->branches[0]->kind == CX_AVRO_NULL ? 1 : 0], text, arena,
                     slot);
}

bool cx_line_body(const cx_line *line, cx_arena *arena, cx_event *out, cx_err *err) {
    const cx_field *body = cx_type_field(&cx_event_type, CX_VIEW("body"));
    const cx_type *type = NULL;
    for (uint32_t i = 0; i < body->type->branches_n; i++)
        if (same_kind(cx_type_short_name(body->type->branches[i]), line->words[1])) {
            type = body->type->branches[i];
            out->body_kind = (cx_event_body_kind)i;
        }
    void *value = type != NULL ? cx_arena_calloc(arena, 1, type->size) : NULL;
    if (value == NULL) {
        (void)cx_fail(err, CX_USAGE, "no such kind: %.*s", CX_VIEW_ARGS(line->words[1]));
        return false;
    }
    (void)memcpy(&out->body, &value, sizeof(void *));
    for (size_t i = 3; i < line->n; i++) {
        cx_view text, key = cx_view_split(line->words[i], '=', &text);
        if (is_header_key(key))
            continue;
        if (text.p == NULL || !set_field(type, key, text, out->header, arena, value)) {
            (void)cx_fail(err, CX_USAGE, "cannot set %.*s", CX_VIEW_ARGS(line->words[i]));
            return false;
        }
    }
    return true;
}
