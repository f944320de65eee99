#include "tests/property/credit.h"

#include <stdio.h>

/* --- identifiers -------------------------------------------------------------------------------------- */
static bool is_person(cx_view name) {
    return cx_line_subject_type(name) == CX_SUBJECT_TYPE_PERSON;
}

/* Of "p125": 125. Below 1000. */
static int number_of(cx_view name) {
    int64_t n = 0;
    bool read = name.n > 1 && cx_view_to_int64((cx_view){name.p + 1, name.n - 1}, &n);
    return read && n >= 0 ? (int)(n % 1000) : 0;
}

bool cx_credit_is_young(cx_view name) {
    return is_person(name) && number_of(name) % 10 == 9;
}

static cx_view citizen(cx_view name, cx_arena *arena) {
    char digits[18];
    (void)snprintf(digits, sizeof digits, CX_CANARY_CITIZEN "%s%03d",
                   cx_credit_is_young(name) ? "20100101" : "19800101", number_of(name));
    return cx_arena_printf(arena, "%s%c", digits, cx_citizen_check(digits));
}

static cx_view credit_code(cx_view name, cx_arena *arena) {
    char body[9], code[18];
    (void)snprintf(body, sizeof body, "MA%06d", number_of(name));
    (void)snprintf(code, sizeof code, CX_CANARY_CREDIT_CODE "%s%c", body, cx_organisation_check(body));
    return cx_arena_printf(arena, "%s%c", code, cx_credit_code_check(code));
}

/* One character is not what the check digit says. */
static cx_view spoil(cx_view id, cx_arena *arena) {
    char last = id.p[id.n - 1];
    return cx_arena_printf(arena, "%.*s%c", (int)id.n - 1, id.p, last == '1' ? '2' : '1');
}

static bool subject_of(cx_view name, bool verified, cx_arena *arena, cx_subject *out) {
    bool person = is_person(name);
    *out = (cx_subject){.type = person ? CX_SUBJECT_TYPE_PERSON : CX_SUBJECT_TYPE_ORGANISATION,
                        .id_type = person ? CX_ID_TYPE_CITIZEN_ID : CX_ID_TYPE_CREDIT_CODE,
                        .id = person ? citizen(name, arena) : credit_code(name, arena),
                        .name = cx_arena_printf(arena, CX_CANARY_NAME "%.*s", CX_VIEW_ARGS(name)),
                        .verified = verified};
    return out->id.p != NULL && out->name.p != NULL;
}

cx_view cx_credit_name(const cx_subject *subject) {
    size_t n = sizeof CX_CANARY_NAME - 1;
    return (cx_view){subject->name.p + n, subject->name.n - n};
}

/* --- facts -------------------------------------------------------------------------------------------- */
static void hide_canaries(cx_fact_array *facts) {
    static const struct {
        const char *word, *canary;
    } words[] = {{"SECRET", CX_CANARY_FORBIDDEN},
                 {"CLOSED", CX_CANARY_SENSITIVE},
                 {"CONSENTED", CX_CANARY_SENSITIVE},
                 {"REPORTER", CX_CANARY_REPORTER}};
    for (size_t i = 0; i < facts->n; i++)
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
            if (facts->items[i].value_kind == CX_FACT_VALUE_STRING &&
                cx_view_is(facts->items[i].value.string_, words[k].word))
                facts->items[i].value.string_ = cx_view_of(words[k].canary);
}

static void hide_in_body(const cx_event *event) {
    if (event->body_kind == CX_EVENT_BODY_RECORD)
        hide_canaries(&event->body.record->facts);
    if (event->body_kind == CX_EVENT_BODY_CORRECTION && event->body.correction->record != NULL)
        hide_canaries(&event->body.correction->record->facts);
    if (event->body_kind == CX_EVENT_BODY_REVIEW_OUTCOME && event->body.review_outcome->record != NULL)
        hide_canaries(&event->body.review_outcome->record->facts);
}

/* --- the event ---------------------------------------------------------------------------------------- */
static bool others_of(const cx_header *h, cx_arena *arena, cx_credit_event *out) {
    out->others.items = cx_arena_calloc(arena, h->others.n + 1, sizeof *out->others.items);
    for (size_t i = 0; out->others.items != NULL && i < h->others.n; i++) {
        const char *name = (const char *)h->others.items[i].subject;
        if (!subject_of((cx_view){name, strnlen(name, 16)}, true, arena, &out->others.items[i]))
            return false;
        out->others.n++;
    }
    return out->others.items != NULL;
}

static bool fill(const cx_line *line, const cx_event *event, cx_arena *arena, cx_credit_event *out) {
    const cx_header *h = event->header;
    cx_view of = cx_line_value(line, "of");
    *out = (cx_credit_event){.event_id = h->event_id,
                             .jurisdiction = h->jurisdiction,
                             .issued_at = h->issued_at,
                             .happened_on = h->happened_on,
                             .document = h->document,
                             .official = h->official};
    out->body_kind = (cx_credit_event_body_kind)((int)event->body_kind - (int)CX_EVENT_BODY_RECORD);
    (void)memcpy(&out->body, &event->body, sizeof out->body);
    if (cx_line_value(line, "text").p != NULL)
        out->text = CX_VIEW(CX_CANARY_TEXT);
    if (h->consent_scope.n > 0) {
        out->consent = cx_arena_calloc(arena, 1, sizeof *out->consent);
        if (out->consent == NULL)
            return false;
        *out->consent = (cx_consent_document){
            .document = CX_VIEW("CD-1"), .date = h->happened_on, .scope = h->consent_scope};
    }
    if (of.p != NULL && of.n == 0) /* of=: about nobody */
        return others_of(h, arena, out);
    out->subject = cx_arena_calloc(arena, 1, sizeof *out->subject);
    if (out->subject == NULL || !subject_of(of.p != NULL ? of : CX_VIEW("o1"),
                                            cx_line_value(line, "plain").p == NULL, arena, out->subject))
        return false;
    if (cx_view_is(cx_line_value(line, "id"), "wrong"))
        out->subject->id = spoil(out->subject->id, arena);
    return others_of(h, arena, out);
}

bool cx_credit_event_of(const cx_line *line, cx_date today, int64_t number, cx_arena *arena,
                        cx_credit_event *out, cx_err *err) {
    cx_event event;
    if (!cx_line_event(line, today, number, arena, &event, err))
        return false;
    if (event.body_kind < CX_EVENT_BODY_RECORD || event.body_kind > CX_EVENT_BODY_DISCLOSURE) {
        (void)cx_fail(err, CX_USAGE, "no department sends that");
        return false;
    }
    hide_in_body(&event);
    return fill(line, &event, arena, out);
}

/* --- the step before decide --------------------------------------------------------------------------- */
static void prepare_one(const cx_subject *subject, cx_date today, cx_intake_subject *out) {
    *out = (cx_intake_subject){.identifier = {.birth_date = CX_NO_DATE}};
    out->rc = cx_identifier_check(subject->type, subject->id_type, subject->id, CX_NO_DATE, today,
                                  &out->identifier);
    cx_line_subject(cx_credit_name(subject), out->pseudonym);
}

cx_rc cx_credit_prepare(const cx_credit_event *event, const cx_line *line, cx_date today, cx_arena *arena,
                        cx_intake_prepared *out) {
    cx_intake_subject *subjects = cx_arena_calloc(arena, event->others.n + 1, sizeof *subjects);
    cx_view content = cx_line_value(line, "content");
    uint64_t hash = 14695981039346656037U;
    if (subjects == NULL)
        return CX_OUT_OF_MEMORY;
    *out = (cx_intake_prepared){.others = subjects + 1};
    if (event->subject != NULL) {
        prepare_one(event->subject, today, &subjects[0]);
        out->subject = subjects;
    }
    for (size_t i = 0; i < event->others.n; i++)
        prepare_one(&event->others.items[i], today, &subjects[i + 1]);
    for (size_t i = 0; i < (content.p != NULL ? 1 : line->n); i++) {
        cx_view w = content.p != NULL ? content : line->words[i];
        for (size_t k = 0; k < w.n; k++)
            hash = (hash ^ (uint8_t)w.p[k]) * 1099511628211U;
        hash = (hash ^ ' ') * 1099511628211U;
    }
    (void)memcpy(out->content, &hash, sizeof hash);
    return CX_OK;
}
