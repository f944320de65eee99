/* Notices and decisions that put somebody on a list. */
#include "services/classifier/check.h"

/* The list in a pack, where the department is competent for it and it applies to the subject. */
static cx_rc find_list(const cx_case *c, const cx_pack *pack, cx_view code, const cx_list **out) {
    const cx_list *list = cx_pack_list(pack, code);
    *out = list;
    if (list == NULL)
        return CX_NOT_LISTABLE;
    if (!cx_words_have(c->department->competent_for, code))
        return CX_NOT_COMPETENT;
    if (list->procedure == CX_PROCEDURE_COURT && c->department->kind != CX_DEPARTMENT_COURT)
        return CX_NOT_A_COURT;
    bool person = c->header->subject_type == CX_SUBJECT_TYPE_PERSON;
    return (person ? list->person : list->organisation) ? CX_OK : CX_ITEM_WRONG_SUBJECT;
}

/* What burdens needs a basis above a municipal plan: the list's own and the document's. */
static cx_rc check_basis(const cx_case *c, const cx_list *list) {
    const cx_basis *own = cx_pack_basis(c->pack, list->basis);
    const cx_basis *cited = cx_pack_basis(c->pack, c->header->document.legal_basis);
    bool weak = own == NULL || cited == NULL || own->level == CX_LEVEL_MUNICIPAL_PLAN ||
                cited->level == CX_LEVEL_MUNICIPAL_PLAN;
    return list->black && weak ? CX_BASIS_INSUFFICIENT : CX_OK;
}

static cx_rc make_result(cx_case *c, const cx_pack *pack, const cx_list *list, cx_grade grade) {
    cx_classification *result = cx_arena_calloc(c->arena, 1, sizeof *result);
    if (result == NULL)
        return CX_OUT_OF_MEMORY;
    *result = (cx_classification){.direction = list->black ? CX_DIRECTION_ADVERSE : CX_DIRECTION_POSITIVE,
                                  .grade = grade,
                                  .category = CX_VIEW(""),
                                  .list = list->code,
                                  .table = CX_VIEW("sanctions"),
                                  .rule = CX_VIEW(""),
                                  .basis = c->header->document.legal_basis};
    (void)memcpy(result->pack, cx_pack_hash(pack), CX_PACK_HASH);
    c->result = result;
    return CX_OK;
}

cx_rc cx_case_judge_notice(cx_case *c, const cx_listing_notice *notice) {
    const cx_list *list;
    CX_TRY(find_list(c, c->pack, notice->list, &list));
    CX_TRY(check_basis(c, list));
    bool provisional = false;
    (void)cx_calendar_last_day(cx_pack_calendar(c->pack), notice->served_on, list->window, &provisional);
    if (provisional) /* a notice burdens: its window must lie within the calendar */
        return CX_NO_CALENDAR;
    return make_result(c, c->pack, list, CX_GRADE_NONE);
}

/* All measures that the document decides must be catalogued, and have a basis. Which of them sanctions.dmn
 * provides depends on the records' category and roles: the registrar, which keeps them, asks the table. */
static cx_rc check_measures(const cx_pack *pack, const cx_list *list, cx_view_array decided) {
    for (size_t i = 0; i < decided.n; i++) {
        const cx_measure *measure = cx_pack_measure(pack, decided.items[i]);
        if (measure == NULL)
            return CX_MEASURE_UNKNOWN;
        bool for_court = measure->court_only && list->procedure != CX_PROCEDURE_COURT;
        if (for_court)
            return CX_MEASURE_NOT_FOR_LIST;
        const cx_basis *basis = cx_pack_basis(pack, measure->basis);
        bool restricts =
            measure->kind == CX_MEASURE_KIND_RIGHTS_REDUCING || measure->kind == CX_MEASURE_KIND_MANAGEMENT;
        if (restricts && (basis == NULL || basis->level == CX_LEVEL_MUNICIPAL_PLAN))
            return CX_BASIS_INSUFFICIENT;
    }
    return CX_OK;
}

/* The decided measures in ascending order, once each. */
static cx_rc keep_measures(cx_case *c, cx_view_array decided) {
    cx_view *items = cx_arena_alloc(c->arena, (decided.n + 1) * sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < decided.n; i++) {
        size_t at = 0;
        while (at < n && cx_view_cmp(items[at], decided.items[i]) < 0)
            at++;
        if (at < n && cx_view_eq(items[at], decided.items[i]))
            continue;
        (void)memmove(items + at + 1, items + at, (n - at) * sizeof *items);
        items[at] = decided.items[i];
        n++;
    }
    c->result->measures.items = items;
    c->result->measures.n = n;
    return CX_OK;
}

/* Longest term under a list; until an event counts as longer than any date. */
static int32_t term_of(const cx_list *list, const cx_listing_decision *decision) {
    int32_t longest = list->months == 0 ? INT32_MAX : list->months;
    return decision->has_months && decision->months < longest ? decision->months : longest;
}

/* I-LENIENT for an entry: the list must have been provided at the act's date; the later rule replaces the
 * older only where it is milder. */
static cx_rc choose_pack(const cx_case *c, const cx_listing_decision *decision, const cx_pack **out) {
    const cx_pack *then = cx_policies_at(c->policies, c->header->jurisdiction, c->header->happened_on);
    *out = then;
    if (then == c->pack || then == NULL)
        return CX_OK;
    const cx_list *old_list = cx_pack_list(then, decision->list),
                  *new_list = cx_pack_list(c->pack, decision->list);
    if (old_list == NULL || new_list == NULL)
        return CX_NOT_LISTABLE;
    cx_entry_facts facts = {.list = decision->list,
                            .category = CX_VIEW(""),
                            .grade = decision->grade,
                            .subject_type = c->header->subject_type,
                            .role = CX_ROLE_SUBJECT};
    cx_burden before = {.listed = true, .grade = decision->grade, .months = term_of(old_list, decision)};
    cx_burden after = {.listed = true, .grade = decision->grade, .months = term_of(new_list, decision)};
    CX_TRY(cx_judge_entry(then, &facts, c->now, c->arena, &before.measures));
    CX_TRY(cx_judge_entry(c->pack, &facts, c->now, c->arena, &after.measures));
    if (cx_is_more_lenient(&after, &before))
        *out = c->pack;
    return CX_OK;
}

cx_rc cx_case_judge_decision(cx_case *c, const cx_listing_decision *decision) {
    const cx_list *list;
    const cx_pack *pack;
    CX_TRY(find_list(c, c->pack, decision->list, &list));
    CX_TRY(check_basis(c, list));
    CX_TRY(choose_pack(c, decision, &pack));
    list = cx_pack_list(pack, decision->list);
    if (list == NULL)
        return CX_NOT_LISTABLE;
    CX_TRY(check_measures(pack, list, decision->measures));
    CX_TRY(make_result(c, pack, list, decision->grade));
    return keep_measures(c, decision->measures);
}

cx_rc cx_case_judge_red(cx_case *c, cx_view code, cx_view_array measures) {
    const cx_list *list;
    CX_TRY(find_list(c, c->pack, code, &list));
    if (list->procedure != CX_PROCEDURE_RED)
        return CX_NOT_LISTABLE;
    CX_TRY(check_measures(c->pack, list, measures));
    CX_TRY(make_result(c, c->pack, list, CX_GRADE_NONE));
    return keep_measures(c, measures);
}
