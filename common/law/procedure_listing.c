#include "common/law/procedure_checks.h"
#include "common/base/mistake.h"

/* The list is one of this procedure, for this kind of subject, and the sender is competent for it. */
static cx_rc check_list(const cx_case *c, cx_procedure procedure) {
    if (c->list == NULL)
        return CX_NOT_LISTABLE;
    if (c->list->procedure != procedure)
        return CX_ILLEGAL_TRANSITION;
    bool organisation = c->event->header->subject_type == CX_SUBJECT_TYPE_ORGANISATION;
    if (organisation ? !c->list->organisation : !c->list->person)
        return CX_ITEM_WRONG_SUBJECT;
    const cx_basis *basis = cx_pack_basis(c->pack, c->list->basis);
    if (c->list->black && (basis == NULL || basis->level == CX_LEVEL_MUNICIPAL_PLAN))
        return CX_BASIS_INSUFFICIENT;
    return cx_check_competent(c);
}

/* The first day after a period that burdens the subject: it must lie inside the calendar. */
static cx_rc first_day_after(const cx_case *c, cx_date from, cx_period period, cx_date *out) {
    bool provisional = false;
    *out = cx_calendar_last_day(cx_pack_calendar(c->pack), from, period, &provisional) + 1;
    return provisional ? CX_NO_CALENDAR : CX_OK;
}

cx_rc cx_check_notice(cx_case *c) {
    const cx_listing_notice *notice = c->event->body.listing_notice;
    CX_TRY(check_list(c, CX_PROCEDURE_NOTICE));
    if (notice->reason.n == 0 || (!notice->rights_told && !CX_MISTAKE(RIGHTS_NOT_TOLD)) ||
        notice->served_on > c->today || c->event->header->document.number.n == 0 ||
        c->event->header->document.legal_basis.n == 0)
        return CX_NOTICE_INCOMPLETE;
    if (notice->rests_on.n == 0)
        return CX_NO_RECORD;
    CX_TRY(cx_check_base(c, &notice->rests_on, CX_DIRECTION_ADVERSE));
    CX_TRY(first_day_after(c, notice->served_on, c->list->window, &c->window_ends));
    c->lapses_on = CX_NO_DATE;
    if (c->list->lapse.days > 0) {
        CX_TRY(first_day_after(c, notice->served_on, c->list->lapse, &c->lapses_on));
        if (c->lapses_on <= c->today)
            return CX_NOTICE_LAPSED;
    }
    return CX_OK;
}

static bool has_answer(const cx_listing_decision *decision, cx_view statement) {
    for (size_t i = 0; i < decision->answers.n; i++)
        if (cx_view_eq(decision->answers.items[i].statement, statement) &&
            decision->answers.items[i].reason.n > 0)
            return true;
    return false;
}

/* Number, basis, sanctions, exit terms, remedy: what every listing decision names. */
static cx_rc check_complete(const cx_header *header, const cx_listing_decision *decision) {
    bool complete = header->document.number.n > 0 && header->document.legal_basis.n > 0 &&
                    decision->measures.n > 0 && decision->exit.n > 0 && decision->remedy.n > 0;
    return complete ? CX_OK : CX_DECISION_INCOMPLETE;
}

cx_rc cx_check_decision(cx_case *c) {
    const cx_header *header = c->event->header;
    const cx_listing_decision *decision = c->event->body.listing_decision;
    if (!cx_view_eq(decision->list, c->entry->list))
        return CX_NO_NOTICE;
    CX_TRY(check_list(c, CX_PROCEDURE_NOTICE));
    CX_TRY(cx_check_signed(header));
    CX_TRY(check_complete(header, decision));
    if (c->entry->has_lapses_on && header->document.date >= c->entry->lapses_on)
        return CX_NOTICE_LAPSED;
    /* Neither the document nor its arrival may lie inside the window. */
    if (!c->entry->has_window_ends || header->document.date < c->entry->window_ends ||
        c->today < c->entry->window_ends)
        if (!CX_MISTAKE(WINDOW_IGNORED))
            return CX_INSIDE_WINDOW;
    for (size_t i = 0; i < c->entry->statements.n; i++)
        if (!CX_MISTAKE(STATEMENTS_IGNORED) && !has_answer(decision, c->entry->statements.items[i].event_id))
            return CX_STATEMENT_UNANSWERED;
    CX_TRY(cx_check_base(c, decision->rests_on.n > 0 ? &decision->rests_on : &c->entry->rests_on,
                         CX_DIRECTION_ADVERSE));
    for (size_t i = 0; i < c->rests_on.n; i++) /* nothing of which the notice did not tell */
        if (!cx_views_have(&c->entry->rests_on, c->rests_on.items[i]))
            return CX_NO_NOTICE;
    if (decision->grade > c->grade)
        return CX_NOT_LISTABLE; /* the grade is that of the sector's rule, never set by hand above it */
    if (decision->grade != CX_GRADE_NONE)
        c->grade = decision->grade;
    CX_TRY(cx_check_choose(c, header->document.date));
    CX_TRY(cx_check_measures(c, &decision->measures));
    return cx_check_term(c, &header->document, decision->has_months, decision->months);
}

cx_rc cx_check_court_decision(cx_case *c) {
    const cx_header *header = c->event->header;
    const cx_listing_decision *decision = c->event->body.listing_decision;
    const cx_department *sender = cx_pack_department(c->pack, header->department);
    if (sender == NULL || sender->kind != CX_DEPARTMENT_COURT)
        return CX_NOT_A_COURT;
    CX_TRY(check_list(c, CX_PROCEDURE_COURT));
    if (header->official.role != CX_OFFICIAL_ROLE_JUDGE || header->official.number.n == 0)
        return CX_NOT_BY_AN_OFFICIAL;
    CX_TRY(check_complete(header, decision));
    CX_TRY(cx_check_base(c, &decision->rests_on, CX_DIRECTION_ADVERSE));
    if (c->rests_on.n == 0) {
        /* The court's decision is its own base: its grade is its own too. */
        c->act_on = header->happened_on;
        c->grade = decision->grade;
        c->category = CX_VIEW("");
    } else if (decision->grade > c->grade) {
        return CX_NOT_LISTABLE;
    } else if (decision->grade != CX_GRADE_NONE) {
        c->grade = decision->grade;
    }
    CX_TRY(cx_check_choose(c, header->document.date));
    CX_TRY(cx_check_measures(c, &decision->measures));
    CX_TRY(cx_check_term(c, &header->document, decision->has_months, decision->months));
    if (cx_view_is(decision->case_, "1") && !decision->has_months) {
        /* Able to perform and refusing to: until performance, with review (法释〔2017〕7号, 1 and 2). */
        c->until = CX_NO_DATE;
        c->review_on = cx_date_add_months(c->from, 12);
    }
    return CX_OK;
}

cx_rc cx_check_nomination(cx_case *c) {
    const cx_red_nomination *nomination = c->event->body.red_nomination;
    CX_TRY(check_list(c, CX_PROCEDURE_RED));
    if (nomination->evidence.n == 0 || (c->list->window.days > 0 && !nomination->has_public_from))
        return CX_NOTICE_INCOMPLETE;
    for (size_t i = 0; i < c->state->entries.n; i++) /* nobody is on both lists at a time */
        if (cx_state_is_live(c->state->entries.items[i].state) &&
            c->state->entries.items[i].role == CX_ROLE_SUBJECT) {
            const cx_list *other = cx_pack_list(c->pack, c->state->entries.items[i].list);
            if (other != NULL && other->black)
                return CX_NOT_LISTABLE;
        }
    CX_TRY(cx_check_base(c, &nomination->rests_on, CX_DIRECTION_POSITIVE));
    if (c->rests_on.n == 0)
        c->act_on = c->event->header->happened_on;
    c->window_ends = CX_NO_DATE;
    c->lapses_on = CX_NO_DATE;
    if (c->list->window.days > 0)
        CX_TRY(first_day_after(c, nomination->public_from, c->list->window, &c->window_ends));
    if (c->list->lapse.days > 0)
        CX_TRY(first_day_after(c, c->today, c->list->lapse, &c->lapses_on));
    return CX_OK;
}

static bool has_consent(const cx_case *c, cx_view scope) {
    for (size_t i = 0; i < c->state->consents.n; i++) {
        const cx_kept_consent *k = &c->state->consents.items[i];
        if (cx_view_eq(k->scope, scope) && !k->revoked && (!k->has_until || c->today <= k->until))
            return true;
    }
    return false;
}

/* A measure that shows a natural person to the public needs the consent that the pack names for it
 * (consent.<measure>; I-PRIVATE). */
static cx_rc check_consent(const cx_case *c) {
    bool person = c->event->header->subject_type == CX_SUBJECT_TYPE_PERSON;
    for (size_t i = 0; person && i < c->measures.n; i++) {
        cx_view key = cx_arena_printf(c->arena, "consent.%.*s", CX_VIEW_ARGS(c->measures.items[i]));
        if (key.p == NULL)
            return CX_OUT_OF_MEMORY;
        cx_view scope = cx_pack_property(c->pack, key);
        if (scope.n > 0 && !has_consent(c, scope))
            return CX_NO_CONSENT;
    }
    return CX_OK;
}

cx_rc cx_check_red_listing(cx_case *c) {
    const cx_header *header = c->event->header;
    const cx_red_listing *listing = c->event->body.red_listing;
    if (!cx_view_eq(listing->list, c->entry->list))
        return CX_NO_NOTICE;
    CX_TRY(check_list(c, CX_PROCEDURE_RED));
    CX_TRY(cx_check_signed(header));
    if (header->document.number.n == 0 || header->document.legal_basis.n == 0)
        return CX_DECISION_INCOMPLETE;
    if (c->entry->has_window_ends &&
        (header->document.date < c->entry->window_ends || c->today < c->entry->window_ends))
        return CX_INSIDE_WINDOW;
    for (size_t i = 0; i < c->entry->marks.n; i++)
        if (c->entry->marks.items[i].open && c->entry->marks.items[i].kind != CX_MARK_KIND_REVIEW)
            return CX_STATEMENT_UNANSWERED;
    CX_TRY(cx_check_base(c, &c->entry->rests_on, CX_DIRECTION_POSITIVE));
    c->act_on = c->entry->act_on;
    CX_TRY(cx_check_choose(c, header->document.date));
    CX_TRY(cx_check_measures(c, &listing->measures));
    CX_TRY(check_consent(c));
    return cx_check_term(c, &header->document, listing->has_months, listing->months);
}
