#include "tests/model/line.h"

#include <ctype.h>

#include "common/wire/type.h"
#include "tests/model/line_body.h"

void cx_line_split(cx_view text, cx_line *out) {
    out->n = 0;
    while (text.n > 0 && out->n < CX_LINE_WORDS) {
        cx_view word = cx_view_split(text, ' ', &text);
        if (word.n > 0)
            out->words[out->n++] = word;
    }
}

cx_view cx_line_value(const cx_line *line, const char *key) {
    for (size_t i = 0; i < line->n; i++) {
        cx_view value, name = cx_view_split(line->words[i], '=', &value);
        if (value.p != NULL && cx_view_is(name, key))
            return value;
    }
    return (cx_view){NULL, 0};
}

void cx_line_subject(cx_view name, uint8_t out[16]) {
    (void)memset(out, 0, 16);
    (void)memcpy(out, name.p, name.n < 16 ? name.n : 16);
}

cx_subject_type cx_line_subject_type(cx_view name) {
    return name.n > 0 && name.p[0] == 'p' ? CX_SUBJECT_TYPE_PERSON : CX_SUBJECT_TYPE_ORGANISATION;
}

static cx_view value_or(const cx_line *line, const char *key, const char *otherwise) {
    cx_view v = cx_line_value(line, key);
    return v.p != NULL ? v : cx_view_of(otherwise);
}

static bool date_or(const cx_line *line, const char *key, cx_date otherwise, cx_date *out, cx_err *err) {
    cx_view v = cx_line_value(line, key);
    *out = otherwise;
    if (v.p == NULL || cx_date_parse(v, out))
        return true;
    (void)cx_fail(err, CX_USAGE, "%s is no date", key);
    return false;
}

/* The content's hash: of the words before "=>", or of what content= says. */
static void content_of(const cx_line *line, uint8_t out[16]) {
    cx_view own = cx_line_value(line, "content");
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < (own.p != NULL ? 1 : line->n); i++) {
        cx_view w = own.p != NULL ? own : line->words[i];
        for (size_t k = 0; k < w.n; k++)
            h = (h ^ (uint8_t)w.p[k]) * 1099511628211U;
        h = (h ^ ' ') * 1099511628211U;
    }
    (void)memset(out, 0, 16);
    (void)memcpy(out, &h, sizeof h);
}

static bool others_of(const cx_line *line, cx_arena *arena, cx_header *h) {
    cx_view rest = cx_line_value(line, "others");
    h->others.items = cx_arena_calloc(arena, CX_LINE_WORDS, sizeof *h->others.items);
    while (rest.n > 0 && h->others.items != NULL && h->others.n < CX_LINE_WORDS) {
        cx_view name = cx_view_split(rest, ',', &rest);
        cx_other_subject *o = &h->others.items[h->others.n++];
        cx_line_subject(name, o->subject);
        o->type = cx_line_subject_type(name);
    }
    return h->others.items != NULL;
}

static bool header_of(const cx_line *line, cx_date today, int64_t number, cx_arena *arena, cx_header *h,
                      cx_err *err) {
    cx_date issued;
    bool court = cx_view_is(line->words[0], "court") || cx_view_is(line->words[0], "review");
    h->department = line->words[0];
    h->event_id = line->words[2];
    h->inbound_offset = number;
    int64_t place;
    h->jurisdiction = cx_view_to_int64(value_or(line, "place", "990100"), &place) ? (int32_t)place : 0;
    h->test_identifier = true;
    h->verified = true;
    h->id_type = CX_ID_TYPE_CREDIT_CODE;
    h->subject_type = cx_line_subject_type(value_or(line, "of", "o1"));
    h->consent_scope = value_or(line, "consented", "");
    h->document.number = value_or(line, "number", "");
    if (cx_line_value(line, "number").p == NULL)
        h->document.number = h->event_id;
    h->document.issuing_body = h->department;
    h->document.legal_basis = value_or(line, "basis", court ? "COURT" : "LAW");
    h->official.number = value_or(line, "official", "7");
    content_of(line, h->content);
    if (!cx_official_role_by_name(value_or(line, "role", court ? "JUDGE" : "HEAD"), &h->official.role) ||
        !date_or(line, "doc", today, &h->document.date, err) ||
        !date_or(line, "act", h->document.date, &h->happened_on, err) ||
        !date_or(line, "effective", 0, &h->document.effective_on, err) ||
        !date_or(line, "issued", today, &issued, err) || !others_of(line, arena, h))
        return false;
    h->document.has_effective_on = cx_line_value(line, "effective").p != NULL;
    h->issued_at = cx_time_of_date(issued);
    h->received_at = cx_time_of_date(today);
    return true;
}

bool cx_line_event(const cx_line *line, cx_date today, int64_t number, cx_arena *arena, cx_event *out,
                   cx_err *err) {
    if (line->n < 3) {
        (void)cx_fail(err, CX_USAGE, "department, kind and event id are needed");
        return false;
    }
    *out = (cx_event){.header = cx_arena_calloc(arena, 1, sizeof(cx_header))};
    if (out->header == NULL)
        return false;
    cx_line_subject(value_or(line, "of", "o1"), out->subject);
    return header_of(line, today, number, arena, out->header, err) && cx_line_body(line, arena, out, err);
}
