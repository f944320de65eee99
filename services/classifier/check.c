/* Who may send what, and records. */
#include "services/classifier/check.h"
#include "common/base/mistake.h"

enum { HORIZON_MONTHS = 13 }; /* architecture, "Event ids" */

/* Only courts and review bodies order a stay or annul (行政复议法, 行政诉讼法). */
static bool is_courts_alone(cx_event_body_kind kind) {
    return kind == CX_EVENT_BODY_REVIEW_FILED || kind == CX_EVENT_BODY_STAY_ORDERED ||
           kind == CX_EVENT_BODY_STAY_LIFTED || kind == CX_EVENT_BODY_REVIEW_OUTCOME;
}

static bool lists_somebody(cx_event_body_kind kind) {
    return kind == CX_EVENT_BODY_LISTING_NOTICE || kind == CX_EVENT_BODY_LISTING_DECISION ||
           kind == CX_EVENT_BODY_EXTENSION || kind == CX_EVENT_BODY_RED_NOMINATION ||
           kind == CX_EVENT_BODY_RED_LISTING;
}

/* What rests on a served document must name one that is in effect, with a basis the pack knows. */
static cx_rc check_document(const cx_case *c) {
    const cx_document *document = &c->header->document;
    if (document->number.n == 0)
        return CX_OK; /* intake lets only those kinds through that need none */
    cx_date from = document->has_effective_on ? document->effective_on : document->date;
    if (from > cx_date_of_time(c->now) && !CX_MISTAKE(DOCUMENT_OF_TOMORROW))
        return CX_DOCUMENT_NOT_IN_EFFECT;
    const cx_basis *basis = cx_pack_basis(c->pack, document->legal_basis);
    if (document->legal_basis.n > 0 && basis == NULL)
        return CX_BASIS_UNKNOWN;
    if (basis != NULL && basis->effective_on != CX_NO_DATE && basis->effective_on > document->date)
        return CX_DOCUMENT_NOT_IN_EFFECT;
    return CX_OK;
}

cx_rc cx_case_open(cx_case *c) {
    c->pack = cx_policies_now(c->policies, c->header->jurisdiction);
    if (c->pack == NULL)
        return CX_NO_PACK;
    if (c->header->test_identifier && !cx_pack_is_test(c->pack))
        return CX_TEST_IDENTIFIER;
    c->department = cx_pack_department(c->pack, c->header->department);
    if (c->department == NULL)
        return CX_UNKNOWN_DEPARTMENT;
    cx_department_kind kind = c->department->kind;
    if (is_courts_alone(c->event->body_kind) && kind != CX_DEPARTMENT_COURT && kind != CX_DEPARTMENT_REVIEW)
        return CX_NOT_A_COURT;
    if (lists_somebody(c->event->body_kind) && kind > CX_DEPARTMENT_PROCURATORATE)
        return CX_COUNTS_NEVER_LIST;
    cx_date oldest = cx_date_add_months(cx_date_of_time(c->now), -HORIZON_MONTHS);
    if (cx_date_of_time(c->header->issued_at) < oldest)
        return CX_TOO_OLD;
    return check_document(c);
}

/* The item, where the department may report it of this subject. */
static cx_rc find_item(const cx_case *c, cx_view code, cx_view group, const cx_item **out) {
    const cx_item *item = cx_pack_item(c->pack, code);
    *out = item;
    if (item == NULL)
        return CX_ITEM_NOT_IN_CATALOG;
    if (!cx_item_reporter(item, c->department) && !CX_MISTAKE(REPORTERS_NOT_ASKED))
        return CX_ITEM_NOT_YOURS;
    bool person = c->header->subject_type == CX_SUBJECT_TYPE_PERSON;
    if (person ? !item->person : !item->organisation)
        return CX_ITEM_WRONG_SUBJECT;
    if (person && item->groups.n > 0 && !cx_words_have(item->groups, group))
        return CX_GROUP_REQUIRED;
    if (item->real_name && !c->header->verified)
        return CX_NOT_REAL_NAME;
    return CX_OK;
}

/* A municipal plan alone is no basis for restricting anybody. */
static cx_rc check_basis(const cx_case *c, const cx_item *item) {
    cx_view code = c->header->document.legal_basis;
    if (!cx_words_have(item->bases, code) && !CX_MISTAKE(BASIS_NOT_ASKED))
        return CX_BASIS_UNKNOWN;
    const cx_basis *basis = cx_pack_basis(c->pack, code);
    bool burdens = item->direction == CX_DIRECTION_ADVERSE;
    return burdens && (basis == NULL || basis->level == CX_LEVEL_MUNICIPAL_PLAN) ? CX_BASIS_INSUFFICIENT
                                                                                 : CX_OK;
}

cx_rc cx_case_judge_record(cx_case *c, const cx_record *record) {
    const cx_item *item;
    CX_TRY(find_item(c, record->item, record->group, &item));
    CX_TRY(check_basis(c, item));
    cx_classification *result = cx_arena_calloc(c->arena, 1, sizeof *result);
    if (result == NULL)
        return CX_OUT_OF_MEMORY;
    cx_date decided_on = c->header->document.date;
    cx_record_facts facts = {item, c->header->subject_type, record, decided_on};
    CX_TRY(cx_judge_record_leniently(c->policies, c->header->jurisdiction, &facts, c->header->happened_on,
                                     decided_on, c->now, c->arena, result));
    if (result->list.n > 0 && !cx_words_have(item->lists, result->list))
        result->list = CX_VIEW(""); /* a table names no list that the catalog does not */
    result->basis = c->header->document.legal_basis;
    c->result = result;
    return CX_OK;
}

cx_rc cx_case_judge(cx_case *c) {
    const cx_event *e = c->event;
    switch ((int)e->body_kind) {
    case CX_EVENT_BODY_RECORD:
        return cx_case_judge_record(c, e->body.record);
    case CX_EVENT_BODY_COMMITMENT: {
        const cx_item *item;
        return find_item(c, e->body.commitment->item, CX_VIEW(""), &item);
    }
    case CX_EVENT_BODY_LISTING_NOTICE:
        return cx_case_judge_notice(c, e->body.listing_notice);
    case CX_EVENT_BODY_LISTING_DECISION:
        return cx_case_judge_decision(c, e->body.listing_decision);
    case CX_EVENT_BODY_RED_NOMINATION:
        return cx_case_judge_red(c, e->body.red_nomination->list, (cx_view_array){NULL, 0});
    case CX_EVENT_BODY_RED_LISTING:
        return cx_case_judge_red(c, e->body.red_listing->list, e->body.red_listing->measures);
    case CX_EVENT_BODY_CORRECTION:
        if (e->body.correction->record != NULL)
            return cx_case_judge_record(c, e->body.correction->record);
        return e->body.correction->decision != NULL ? cx_case_judge_decision(c, e->body.correction->decision)
                                                    : CX_OK;
    default:
        return CX_OK;
    }
}
