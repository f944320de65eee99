#include "services/query/form.h"

#include <string.h>

#include "common/law/identifier.h"

const char *const cx_query_field_names[CX_QUERY_FIELDS] = {
    "purpose", "official", "matter", "subject", "against", "at", "known_at", "for", "minutes"};

#define ASKED (CX_FIELD_PURPOSE | CX_FIELD_OFFICIAL | CX_FIELD_MATTER | CX_FIELD_SUBJECT)
#define WINDOW (CX_FIELD_OFFICIAL | CX_FIELD_SUBJECT)
const cx_query_route cx_query_routes[CX_QUERY_ROUTES] = {
    {"/v1/status", CX_ACCESS_QUESTION_STATUS, ASKED, CX_FIELD_AT | CX_FIELD_KNOWN_AT, 0, ""},
    {"/v1/match", CX_ACCESS_QUESTION_MATCH, ASKED | CX_FIELD_AGAINST, 0, 0, ""},
    {"/v1/entitled", CX_ACCESS_QUESTION_ENTITLED, CX_FIELD_PURPOSE | CX_FIELD_SUBJECT, 0, 0, ""},
    {"/v1/own", CX_ACCESS_QUESTION_OWN, WINDOW, CX_FIELD_MATTER, 0, "OWN_REPORT"},
    {"/v1/own/token", CX_ACCESS_QUESTION_OWN_TOKEN, WINDOW | CX_FIELD_FOR | CX_FIELD_MINUTES, CX_FIELD_MATTER,
     0, "OWN_REPORT"},
    {"/v1/own/revoke", CX_ACCESS_QUESTION_OWN_REVOKE, WINDOW | CX_FIELD_FOR, CX_FIELD_MATTER, 0,
     "OWN_REPORT"},
};

const cx_query_route *cx_query_route_of(const char *path) {
    for (size_t i = 0; i < CX_QUERY_ROUTES; i++)
        if (strcmp(cx_query_routes[i].path, path) == 0)
            return &cx_query_routes[i];
    return NULL;
}

static cx_rc wrong(const char *member, const char *what, cx_err *err) {
    return cx_fail(err, CX_QUERY_FORM, "%s: %s", member, what);
}

/* The kinds whose check digits, dates and regions tell them from other numbers. A residence card of 18 digits
 * is made as a citizen's number, but for the region. Not an organisation code by itself: every eleventh nine
 * characters would be one, and it names no person. */
static bool is_identifier(cx_view text) {
    enum { LONG = 18 };
    static const struct {
        cx_subject_type subject;
        cx_id_type type;
    } kinds[] = {{CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_CITIZEN_ID},
                 {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_CREDIT_CODE},
                 {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_REGISTRATION_NUMBER},
                 {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_TAX_NUMBER}};
    cx_date ever = cx_date_from_civil((cx_civil){9999, 1, 1});
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        cx_identifier id;
        cx_rc rc = cx_identifier_check(kinds[i].subject, kinds[i].type, text, CX_NO_DATE, ever, &id);
        if (rc == CX_OK || (rc == CX_UNKNOWN_REGION && text.n == LONG))
            return true;
    }
    return false;
}

/* A person's number, or an organisation's, anywhere in what should be a code, however it is written apart: it
 * would go into the access log. */
static bool holds_identifier(cx_view code) {
    static const size_t lengths[] = {15, 18};
    char bare[CX_QUERY_CODE];
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++)
        if (strchr("_.:-", code.p[i]) == NULL)
            bare[n++] = code.p[i];
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++)
        for (size_t i = 0; i + lengths[k] <= n; i++)
            if (is_identifier((cx_view){bare + i, lengths[k]}))
                return true;
    return false;
}

static cx_rc read_code(const json_t *value, const char *member, cx_view *out, cx_err *err) {
    if (!json_is_string(value))
        return wrong(member, "not a string", err);
    *out = (cx_view){json_string_value(value), json_string_length(value)};
    bool code = cx_view_is_code(*out, CX_QUERY_CODE), identifier = code && holds_identifier(*out);
    if (code && !identifier)
        return CX_OK;
    *out = (cx_view){NULL, 0};
    if (identifier)
        return wrong(member, "a subject's number does not belong here", err);
    return wrong(member, "not 1 to 64 of A-Z a-z 0-9 _ . : -", err);
}

/* Every character may be wrong in an identifier but a NUL; what it means is told later. */
static cx_rc read_named(json_t *value, const char *member, cx_query_named *out, cx_err *err) {
    static const char *const kinds[] = {"", "id", "reference", "token"};
    const char *key;
    json_t *one;
    if (!json_is_object(value))
        return wrong(member, "not an object", err);
    json_object_foreach(value, key, one) {
        if (!json_is_string(one) || json_string_length(one) == 0 ||
            json_string_length(one) > 2 * CX_QUERY_CODE)
            return wrong(member, "its members are strings of 1 to 128 bytes", err);
        cx_view text = {json_string_value(one), json_string_length(one)};
        cx_named_by by = CX_NAMED_BY_ID;
        while (by <= CX_NAMED_BY_TOKEN && strcmp(key, kinds[by]) != 0)
            by++;
        if (strcmp(key, "type") == 0 && cx_view_is_code(text, CX_QUERY_CODE))
            out->type = text;
        else if (by > CX_NAMED_BY_TOKEN || out->by != CX_NAMED_NOT)
            return wrong(member, "one of id, reference and token, and with an id its type", err);
        else
            *out = (cx_query_named){by, text, out->type};
    }
    bool whole = out->by == CX_NAMED_BY_ID || (out->by != CX_NAMED_NOT && out->type.n == 0);
    return whole ? CX_OK : wrong(member, "one of id, reference and token, and with an id its type", err);
}

static cx_rc read_time(const json_t *value, const char *member, cx_time *out, cx_err *err) {
    cx_view text = {json_string_value(value), json_string_length(value)};
    return text.p != NULL && cx_time_parse(text, out) ? CX_OK : wrong(member, "not a date or time", err);
}

static cx_rc read_minutes(const json_t *value, const char *member, int64_t *out, cx_err *err) {
    json_int_t n = json_integer_value(value); /* 0 of what is no integer */
    if (n < 1 || n > CX_QUERY_MINUTES)
        return wrong(member, "not 1 to 43200", err);
    *out = n;
    return CX_OK;
}

static cx_rc read_member(cx_query_form *f, unsigned bit, const char *name, json_t *value, cx_err *err) {
    cx_view code = {NULL, 0};
    switch ((cx_query_field)bit) {
    case CX_FIELD_PURPOSE:
    case CX_FIELD_FOR:
        CX_TRY(read_code(value, name, &code, err));
        *(bit == CX_FIELD_FOR ? &f->for_ : &f->purpose) = code.p; /* jansson ends strings in NUL */
        return CX_OK;
    case CX_FIELD_OFFICIAL:
        return read_code(value, name, &f->official, err);
    case CX_FIELD_MATTER:
        return read_code(value, name, &f->matter, err);
    case CX_FIELD_SUBJECT:
        return read_named(value, name, &f->subject, err);
    case CX_FIELD_AGAINST:
        return read_named(value, name, &f->against, err);
    case CX_FIELD_AT:
        return read_time(value, name, &f->at, err);
    case CX_FIELD_KNOWN_AT:
        return read_time(value, name, &f->known_at, err);
    case CX_FIELD_MINUTES:
        return read_minutes(value, name, &f->minutes, err);
    }
    return wrong(name, "not known", err);
}

static cx_rc read_members(cx_query_form *f, unsigned allowed, unsigned *seen, cx_err *err) {
    const char *key;
    json_t *value;
    json_object_foreach(f->root, key, value) {
        size_t i = 0;
        while (i < CX_QUERY_FIELDS && strcmp(key, cx_query_field_names[i]) != 0)
            i++;
        if (i == CX_QUERY_FIELDS ||
            (allowed & 1U << i) == 0) /* the member's name may hold anything: not said */
            return cx_fail(err, CX_QUERY_FORM, "a member that this path does not have");
        CX_TRY(read_member(f, 1U << i, cx_query_field_names[i], value, err));
        *seen |= 1U << i;
    }
    return CX_OK;
}

cx_rc cx_query_form_read(const cx_query_route *route, bool own, cx_view body, cx_query_form *out,
                         cx_err *err) {
    unsigned required = own ? route->own : route->required, seen = 0;
    *out = (cx_query_form){.at = CX_NO_TIME, .known_at = CX_NO_TIME, .purpose = route->purpose, .for_ = ""};
    if (body.n > CX_QUERY_BODY)
        return cx_fail(err, CX_QUERY_FORM, "the body is longer than %d bytes", CX_QUERY_BODY);
    out->root = json_loadb(body.n > 0 ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(out->root))
        return cx_fail(err, CX_QUERY_FORM, "the body is no JSON object, or has a member twice");
    CX_TRY(read_members(out, own ? route->own : route->required | route->optional, &seen, err));
    for (size_t i = 0; i < CX_QUERY_FIELDS; i++)
        if ((required & ~seen & 1U << i) != 0)
            return wrong(cx_query_field_names[i], "is missing", err);
    return CX_OK;
}

void cx_query_form_free(cx_query_form *form) {
    json_decref(form->root);
    *form = (cx_query_form){0};
}
