#include "common/law/procedure_checks.h"
#include "common/base/mistake.h"

/* What a corrected decision says: of a CORRECTION, or of a review that varied it. */
static const cx_listing_decision *corrected(const cx_event *event) {
    return event->body_kind == CX_EVENT_BODY_CORRECTION ? event->body.correction->decision
                                                        : event->body.review_outcome->decision;
}

/* The part of `from` that `wanted` names; all of it where wanted is empty. WORSE_FOR_SUBJECT where it names
 * more. */
static cx_rc narrow(const cx_view_array *from, const cx_view_array *wanted, cx_view_array *out) {
    *out = wanted->n > 0 ? *wanted : *from;
    for (size_t i = 0; i < out->n; i++)
        if (!cx_views_have(from, out->items[i]))
            return CX_WORSE_FOR_SUBJECT;
    return CX_OK;
}

cx_rc cx_check_decision_correction(cx_case *c) {
    const cx_listing_decision *decision = corrected(c->event);
    const cx_list_entry *e = c->entry;
    if (e->role != CX_ROLE_SUBJECT) /* it follows the organisation's entry: that one is corrected */
        return CX_ILLEGAL_TRANSITION;
    if (decision == NULL || e->decision.n == 0)
        return CX_DECISION_INCOMPLETE;
    if (!cx_view_eq(decision->list, e->list))
        return CX_WORSE_FOR_SUBJECT;
    CX_TRY(narrow(&e->measures, &decision->measures, &c->measures));
    CX_TRY(narrow(&e->rests_on, &decision->rests_on, &c->rests_on));
    c->grade = decision->grade != CX_GRADE_NONE ? decision->grade : e->grade;
    c->until = e->has_until ? e->until : CX_NO_DATE;
    if (decision->has_months) {
        if (decision->months <= 0 || decision->months > 1200)
            return CX_DECISION_INCOMPLETE;
        c->until = cx_date_add_months(e->from, decision->months);
    }
    bool longer = e->has_until && c->until > e->until;
    return (longer && !CX_MISTAKE(CORRECTED_LONGER)) || c->grade > e->grade ? CX_WORSE_FOR_SUBJECT : CX_OK;
}

cx_rc cx_check_extension(cx_case *c) {
    const cx_extension *extension = c->event->body.extension;
    bool share = c->entry->role != CX_ROLE_SUBJECT; /* a person's follows the organisation's entry */
    if (c->list == NULL || c->list->extension_months <= 0 || !c->entry->has_until || share)
        return CX_EXTENSION_NOT_PROVIDED;
    CX_TRY(cx_check_competent(c));
    CX_TRY(cx_check_signed(c->event->header));
    if (extension->grounds.n == 0 || c->event->header->document.number.n == 0 || extension->months <= 0)
        return CX_DECISION_INCOMPLETE;
    if (extension->months > c->list->extension_months)
        return CX_TERM_TOO_LONG;
    c->until = cx_date_add_months(c->entry->until, extension->months);
    /* Extensions together are bounded too: the longest term and the longest extension. */
    if (c->list->months > 0 &&
        c->until > cx_date_add_months(c->entry->from, c->list->months + c->list->extension_months))
        return CX_TERM_TOO_LONG;
    return CX_OK;
}

/* Money, charity and volunteering are no conditions of a repair (I-REPAIR). */
static bool names_a_price(const cx_view_array *conditions) {
    static const char *const prices[] = {"FEE",     "MONEY",        "PAYMENT",    "DONATION",
                                         "CHARITY", "VOLUNTEERING", "SPONSORSHIP"};
    for (size_t i = 0; i < conditions->n; i++)
        for (size_t k = 0; k < sizeof prices / sizeof prices[0]; k++)
            if (cx_view_is(conditions->items[i], prices[k]))
                return true;
    return false;
}

/* What every repair needs, whatever it repairs. */
static cx_rc check_repair(const cx_header *header, const cx_repair *repair, cx_date earliest, cx_date today) {
    CX_TRY(cx_check_signed(header));
    if (names_a_price(&repair->conditions) && !CX_MISTAKE(REPAIR_HAS_A_PRICE))
        return CX_REPAIR_FOR_MONEY;
    if ((repair->applied_on < earliest && !CX_MISTAKE(MINIMUM_TERM_IGNORED)) || repair->applied_on > today)
        return CX_TERM_TOO_SHORT_FOR_REPAIR;
    if (!repair->duties_corrected)
        return CX_DUTIES_NOT_CORRECTED;
    return repair->commitment.n == 0 ? CX_COMMITMENT_MISSING : CX_OK;
}

cx_rc cx_check_repair(cx_case *c) {
    const cx_repair *repair = c->event->body.repair;
    if (c->list == NULL || !c->list->repairable)
        return CX_NOT_REPAIRABLE;
    cx_date earliest = cx_date_add_months(c->entry->from, c->list->repair_minimum_months);
    CX_TRY(check_repair(c->event->header, repair, earliest, c->today));
    for (size_t i = 0; i < c->list->repair_conditions.n; i++)
        if (!cx_views_have(&repair->conditions, c->list->repair_conditions.items[i]))
            return CX_DUTIES_NOT_CORRECTED;
    return CX_OK;
}

cx_rc cx_check_repair_revoked(cx_case *c) {
    const cx_repair_revoked *revoked = c->event->body.repair_revoked;
    CX_TRY(cx_check_signed(c->event->header));
    return cx_view_is(revoked->reason, "FALSE_MATERIAL") ? CX_OK : CX_ILLEGAL_TRANSITION;
}

cx_rc cx_check_record_repair(const cx_kept_record *record, const cx_header *header, const cx_repair *repair,
                             cx_date today) {
    if (record->classification.direction != CX_DIRECTION_ADVERSE)
        return CX_NOT_REPAIRABLE;
    /* The shortest display by grade: 信用修复管理办法 (2026). */
    static const int months[] = {
        [CX_GRADE_NONE] = 0, [CX_GRADE_MINOR] = 0, [CX_GRADE_GENERAL] = 3, [CX_GRADE_SERIOUS] = 12};
    CX_ASSERT(record->classification.grade <= CX_GRADE_SERIOUS);
    return check_repair(header, repair,
                        cx_date_add_months(record->document.date, months[record->classification.grade]),
                        today);
}
