#include "services/intake/form.h"

#include "common/law/facts.h"
#include "common/law/region.h"
#include "common/base/mistake.h"

#include <stddef.h>

enum { CODE_MAX = 64, NUMBER_MAX = 128, OTHERS_MAX = 64 };
static const int64_t amount_max = 1000000000000000; /* 10^15 fen: ten thousand thousand million yuan */

/* --- codes: every string of a body is one
 * ------------------------------------------------------------------- */

typedef enum string_form { OPTIONAL_CODE, REQUIRED_CODE, CODE_LIST, OPTIONAL_NUMBER } string_form;

/* A string, or an array of strings, of a body. */
static const struct {
    cx_credit_event_body_kind kind;
    string_form form;
    size_t offset;
    const char *field;
} strings[] = {
    {CX_CREDIT_EVENT_BODY_RECORD, REQUIRED_CODE, offsetof(cx_record, item), "body.item"},
    {CX_CREDIT_EVENT_BODY_RECORD, OPTIONAL_CODE, offsetof(cx_record, group), "body.group"},
    {CX_CREDIT_EVENT_BODY_LISTING_NOTICE, REQUIRED_CODE, offsetof(cx_listing_notice, list), "body.list"},
    {CX_CREDIT_EVENT_BODY_LISTING_NOTICE, CODE_LIST, offsetof(cx_listing_notice, rests_on), "body.rests_on"},
    {CX_CREDIT_EVENT_BODY_LISTING_NOTICE, OPTIONAL_CODE, offsetof(cx_listing_notice, reason), "body.reason"},
    {CX_CREDIT_EVENT_BODY_STATEMENT, REQUIRED_CODE, offsetof(cx_statement, notice), "body.notice"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, REQUIRED_CODE, offsetof(cx_listing_decision, list), "body.list"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, OPTIONAL_CODE, offsetof(cx_listing_decision, notice),
     "body.notice"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, OPTIONAL_CODE, offsetof(cx_listing_decision, case_), "body.case"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, OPTIONAL_CODE, offsetof(cx_listing_decision, exit), "body.exit"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, OPTIONAL_CODE, offsetof(cx_listing_decision, remedy),
     "body.remedy"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, CODE_LIST, offsetof(cx_listing_decision, rests_on),
     "body.rests_on"},
    {CX_CREDIT_EVENT_BODY_LISTING_DECISION, CODE_LIST, offsetof(cx_listing_decision, measures),
     "body.measures"},
    {CX_CREDIT_EVENT_BODY_NOTICE_WITHDRAWN, REQUIRED_CODE, offsetof(cx_notice_withdrawn, notice),
     "body.notice"},
    {CX_CREDIT_EVENT_BODY_OBJECTION, REQUIRED_CODE, offsetof(cx_objection, target.event_id), "body.target"},
    {CX_CREDIT_EVENT_BODY_OBJECTION, OPTIONAL_CODE, offsetof(cx_objection, target.department), "body.target"},
    {CX_CREDIT_EVENT_BODY_OBJECTION, OPTIONAL_CODE, offsetof(cx_objection, grounds), "body.grounds"},
    {CX_CREDIT_EVENT_BODY_COMPLAINT, REQUIRED_CODE, offsetof(cx_complaint, target.event_id), "body.target"},
    {CX_CREDIT_EVENT_BODY_COMPLAINT, OPTIONAL_CODE, offsetof(cx_complaint, target.department), "body.target"},
    {CX_CREDIT_EVENT_BODY_COMPLAINT, OPTIONAL_CODE, offsetof(cx_complaint, grounds), "body.grounds"},
    {CX_CREDIT_EVENT_BODY_RULING, REQUIRED_CODE, offsetof(cx_ruling, objection), "body.objection"},
    {CX_CREDIT_EVENT_BODY_CORRECTION, REQUIRED_CODE, offsetof(cx_correction, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_WITHDRAWAL, REQUIRED_CODE, offsetof(cx_withdrawal, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_WITHDRAWAL, OPTIONAL_CODE, offsetof(cx_withdrawal, reason), "body.reason"},
    {CX_CREDIT_EVENT_BODY_PERFORMANCE, REQUIRED_CODE, offsetof(cx_performance, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_EXTENSION, REQUIRED_CODE, offsetof(cx_extension, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_EXTENSION, OPTIONAL_CODE, offsetof(cx_extension, grounds), "body.grounds"},
    {CX_CREDIT_EVENT_BODY_REPAIR, REQUIRED_CODE, offsetof(cx_repair, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_REPAIR, CODE_LIST, offsetof(cx_repair, conditions), "body.conditions"},
    {CX_CREDIT_EVENT_BODY_REPAIR, OPTIONAL_NUMBER, offsetof(cx_repair, commitment), "body.commitment"},
    {CX_CREDIT_EVENT_BODY_REPAIR_REVOKED, REQUIRED_CODE, offsetof(cx_repair_revoked, repair), "body.repair"},
    {CX_CREDIT_EVENT_BODY_REPAIR_REVOKED, OPTIONAL_CODE, offsetof(cx_repair_revoked, reason), "body.reason"},
    {CX_CREDIT_EVENT_BODY_COMMITMENT, REQUIRED_CODE, offsetof(cx_commitment, item), "body.item"},
    {CX_CREDIT_EVENT_BODY_CONSENT, REQUIRED_CODE, offsetof(cx_consent, scope), "body.scope"},
    {CX_CREDIT_EVENT_BODY_CONSENT_REVOKED, REQUIRED_CODE, offsetof(cx_consent_revoked, consent),
     "body.consent"},
    {CX_CREDIT_EVENT_BODY_RED_NOMINATION, REQUIRED_CODE, offsetof(cx_red_nomination, list), "body.list"},
    {CX_CREDIT_EVENT_BODY_RED_NOMINATION, CODE_LIST, offsetof(cx_red_nomination, rests_on), "body.rests_on"},
    {CX_CREDIT_EVENT_BODY_RED_NOMINATION, OPTIONAL_NUMBER, offsetof(cx_red_nomination, evidence),
     "body.evidence"},
    {CX_CREDIT_EVENT_BODY_RED_LISTING, REQUIRED_CODE, offsetof(cx_red_listing, list), "body.list"},
    {CX_CREDIT_EVENT_BODY_RED_LISTING, REQUIRED_CODE, offsetof(cx_red_listing, nomination),
     "body.nomination"},
    {CX_CREDIT_EVENT_BODY_RED_LISTING, CODE_LIST, offsetof(cx_red_listing, measures), "body.measures"},
    {CX_CREDIT_EVENT_BODY_REVIEW_FILED, REQUIRED_CODE, offsetof(cx_review_filed, target.event_id),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_REVIEW_FILED, OPTIONAL_CODE, offsetof(cx_review_filed, target.department),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_STAY_ORDERED, REQUIRED_CODE, offsetof(cx_stay_ordered, target.event_id),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_STAY_ORDERED, OPTIONAL_CODE, offsetof(cx_stay_ordered, target.department),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_STAY_LIFTED, REQUIRED_CODE, offsetof(cx_stay_lifted, stay), "body.stay"},
    {CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME, REQUIRED_CODE, offsetof(cx_review_outcome, target.event_id),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME, OPTIONAL_CODE, offsetof(cx_review_outcome, target.department),
     "body.target"},
    {CX_CREDIT_EVENT_BODY_MEASURE_FEEDBACK, REQUIRED_CODE, offsetof(cx_measure_feedback, measure),
     "body.measure"},
    {CX_CREDIT_EVENT_BODY_DISCLOSURE, OPTIONAL_CODE, offsetof(cx_disclosure, target), "body.target"},
    {CX_CREDIT_EVENT_BODY_DISCLOSURE, OPTIONAL_CODE, offsetof(cx_disclosure, consent), "body.consent"},
    {CX_CREDIT_EVENT_BODY_BREAKER_RELEASE, REQUIRED_CODE, offsetof(cx_breaker_release, breaker),
     "body.breaker"},
};

/* Numbers of documents hold Chinese and brackets, "冀市监罚〔2026〕12号": short, and one line. */
static bool is_number(cx_view v) {
    return v.n <= NUMBER_MAX && (v.n == 0 || memchr(v.p, '\n', v.n) == NULL);
}

static bool string_is_good(string_form form, const void *at) {
    const cx_view *text = at;
    const cx_view_array *list = at;
    switch (form) {
    case REQUIRED_CODE:
        return cx_view_is_code(*text, CODE_MAX);
    case OPTIONAL_CODE:
        return text->n == 0 || cx_view_is_code(*text, CODE_MAX);
    case OPTIONAL_NUMBER:
        return is_number(*text);
    case CODE_LIST:
        for (size_t i = 0; i < list->n; i++)
            if (!cx_view_is_code(list->items[i], CODE_MAX))
                return false;
        return true;
    }
    return false;
}

static cx_rc check_strings(const cx_credit_event *event, const char **field) {
    const void *body = event->body.record; /* every branch of the union is a pointer */
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (strings[i].kind == event->body_kind &&
            !string_is_good(strings[i].form, (const char *)body + strings[i].offset)) {
            *field = strings[i].field;
            return CX_TEXT_IN_CODE;
        }
    return CX_OK;
}

/* --- records
 * ---------------------------------------------------------------------------------------------------- */

static cx_rc check_fact(const cx_fact *fact, const cx_consent_document *consent, const char **field) {
    *field = "body.facts";
    switch (cx_fact_sensitivity(fact->name)) {
    case CX_FACT_FORBIDDEN:
        return CX_FORBIDDEN_FIELD;
    case CX_FACT_REPORTER:
        if (!CX_MISTAKE(REPORTER_PASSES))
            return CX_REPORTER_NAMED;
        break;
    case CX_FACT_SENSITIVE:
        if (consent == NULL || consent->document.n == 0 || consent->scope.n == 0)
            return CX_CONSENT_MISSING;
        break;
    case CX_FACT_ORDINARY:
        break;
    }
    bool long_name = fact->name.n == 0 || fact->name.n > CODE_MAX;
    bool text = fact->value_kind == CX_FACT_VALUE_STRING && fact->value.string_.n > 0 &&
                !cx_view_is_code(fact->value.string_, CODE_MAX);
    return long_name || text ? CX_TEXT_IN_CODE : CX_OK;
}

static cx_rc check_roles(const cx_record *record, size_t others, const char **field) {
    *field = "body.roles";
    for (size_t i = 0; i < record->roles.n; i++) {
        const cx_role_holder *role = &record->roles.items[i];
        if (role->holder < 0 || (size_t)role->holder >= others)
            return CX_NO_SUBJECT;
        if (role->role == CX_ROLE_UNKNOWN || role->role == CX_ROLE_SUBJECT || !is_number(role->evidence))
            return CX_TEXT_IN_CODE;
        if (role->has_to && role->to < role->from)
            return CX_IMPOSSIBLE_DATE;
    }
    return CX_OK;
}

static cx_rc check_record(const cx_record *record, const cx_credit_event *event, const char **field) {
    if (!cx_view_is_code(record->item, CODE_MAX)) {
        *field = "body.item";
        return CX_TEXT_IN_CODE;
    }
    if (record->has_amount && (record->amount < 0 || record->amount > amount_max)) {
        *field = "body.amount";
        return CX_AMOUNT_OUT_OF_RANGE;
    }
    for (size_t i = 0; i < record->facts.n; i++)
        CX_TRY(check_fact(&record->facts.items[i], event->consent, field));
    return check_roles(record, event->others.n, field);
}

static const cx_record *record_of(const cx_credit_event *event) {
    switch ((int)event->body_kind) {
    case CX_CREDIT_EVENT_BODY_RECORD:
        return event->body.record;
    case CX_CREDIT_EVENT_BODY_CORRECTION:
        return CX_MISTAKE(CORRECTIONS_NOT_ASKED) ? NULL : event->body.correction->record;
    case CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME:
        return event->body.review_outcome->record;
    default:
        return NULL;
    }
}

/* --- the header
 * --------------------------------------------------------------------------------------------------- */

/* What subjects themselves hand in needs no served document; everything that an authority decides does. */
static bool needs_document(cx_credit_event_body_kind kind) {
    return kind != CX_CREDIT_EVENT_BODY_STATEMENT && kind != CX_CREDIT_EVENT_BODY_OBJECTION &&
           kind != CX_CREDIT_EVENT_BODY_COMPLAINT && kind != CX_CREDIT_EVENT_BODY_PERFORMANCE &&
           kind != CX_CREDIT_EVENT_BODY_CONSENT && kind != CX_CREDIT_EVENT_BODY_CONSENT_REVOKED &&
           kind != CX_CREDIT_EVENT_BODY_COMMITMENT && kind != CX_CREDIT_EVENT_BODY_MEASURE_FEEDBACK;
}

static cx_rc check_document(const cx_credit_event *event, const char **field) {
    const cx_document *d = &event->document;
    bool there = d->number.n > 0 && d->issuing_body.n > 0 && d->legal_basis.n > 0;
    *field = "document";
    if (needs_document(event->body_kind) && !there)
        return CX_DOCUMENT_MISSING;
    if (!is_number(d->number) || (d->issuing_body.n > 0 && !cx_view_is_code(d->issuing_body, CODE_MAX)) ||
        (d->legal_basis.n > 0 && !cx_view_is_code(d->legal_basis, CODE_MAX)))
        return CX_TEXT_IN_CODE;
    cx_date issued = cx_date_of_time(event->issued_at);
    *field = "document.date";
    if (there && d->date > issued)
        return CX_IMPOSSIBLE_DATE;
    *field = "happened_on";
    return event->happened_on > issued ? CX_IMPOSSIBLE_DATE : CX_OK;
}

static cx_rc check_person(const cx_intake_subject *subject, cx_date act_on) {
    CX_TRY(subject->rc);
    cx_date born = subject->identifier.birth_date;
    return born == CX_NO_DATE || CX_MISTAKE(CHILDREN_ON_RECORD) || cx_is_adult(born, act_on) ? CX_OK
                                                                                             : CX_UNDER_18;
}

static cx_rc check_subjects(const cx_credit_event *event, const cx_intake_prepared *prepared,
                            const char **field) {
    *field = "subject";
    bool needs_subject = event->body_kind != CX_CREDIT_EVENT_BODY_BREAKER_RELEASE;
    if (needs_subject && prepared->subject == NULL)
        return CX_NO_SUBJECT;
    bool by_reference = event->subject != NULL && event->subject->id_type == CX_ID_TYPE_REFERENCE;
    if (by_reference && event->body_kind != CX_CREDIT_EVENT_BODY_MEASURE_FEEDBACK)
        return CX_UNKNOWN_ID_TYPE; /* a reference proves nothing of age or identity */
    if (prepared->subject != NULL)
        CX_TRY(check_person(prepared->subject, event->happened_on));
    *field = "others";
    if (event->others.n > OTHERS_MAX)
        return CX_OVERSIZED;
    for (size_t i = 0; !CX_MISTAKE(OTHERS_AT_ANY_AGE) && i < event->others.n; i++)
        CX_TRY(check_person(&prepared->others[i], event->happened_on));
    if (event->body_kind == CX_CREDIT_EVENT_BODY_SUBJECT_EVENT) {
        const cx_subject_event *body = event->body.subject_event;
        if (body->has_other && (body->other < 0 || (size_t)body->other >= event->others.n))
            return CX_NO_SUBJECT;
    }
    return CX_OK;
}

cx_rc cx_intake_check_form(const cx_credit_event *event, const cx_intake_prepared *prepared,
                           const char **field) {
    *field = "event_id";
    if (!cx_view_is_code(event->event_id, CODE_MAX))
        return CX_EVENT_ID_INVALID;
    CX_TRY(check_subjects(event, prepared, field));
    *field = "jurisdiction";
    if (!cx_region_existed(event->jurisdiction) && !cx_region_is_test(event->jurisdiction))
        return CX_UNKNOWN_REGION;
    *field = "official.number";
    if (event->official.number.n > 0 && !cx_view_is_code(event->official.number, CODE_MAX))
        return CX_TEXT_IN_CODE;
    CX_TRY(check_document(event, field));
    const cx_record *record = record_of(event);
    if (record != NULL)
        CX_TRY(check_record(record, event, field));
    return check_strings(event, field);
}

bool cx_intake_must_not_be_kept(const cx_credit_event *event, const cx_intake_prepared *prepared) {
    const cx_record *record = record_of(event);
    for (size_t i = 0; record != NULL && i < record->facts.n; i++)
        if (cx_fact_sensitivity(record->facts.items[i].name) != CX_FACT_ORDINARY)
            return true;
    if (prepared->subject != NULL && check_person(prepared->subject, event->happened_on) == CX_UNDER_18)
        return true;
    for (size_t i = 0; i < event->others.n; i++)
        if (check_person(&prepared->others[i], event->happened_on) == CX_UNDER_18)
            return true;
    return false;
}
