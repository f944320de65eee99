#include "common/law/procedure_checks.h"
#include "common/base/mistake.h"

cx_rc cx_check_signed(const cx_header *header) {
    bool nobody = header->official.role == CX_OFFICIAL_ROLE_NONE || header->official.number.n == 0;
    return nobody && !CX_MISTAKE(NOBODY_SIGNS) ? CX_NOT_BY_AN_OFFICIAL : CX_OK;
}

cx_rc cx_check_competent(const cx_case *c) {
    const cx_department *sender = cx_pack_department(c->pack, c->event->header->department);
    if (sender == NULL)
        return CX_NOT_COMPETENT;
    if (c->list->black &&
        (sender->kind == CX_DEPARTMENT_BUREAU || sender->kind == CX_DEPARTMENT_BANK ||
         sender->kind == CX_DEPARTMENT_ASSOCIATION || sender->kind == CX_DEPARTMENT_PROVIDER))
        return CX_COUNTS_NEVER_LIST;
    return cx_words_have(sender->competent_for, c->list->code) ? CX_OK : CX_NOT_COMPETENT;
}

static void add_record(cx_case *c, const cx_kept_record *record) {
    if (c->rests_on.n == 0 || record->act_on < c->act_on)
        c->act_on = record->act_on;
    if (c->rests_on.n == 0 || record->classification.grade > c->grade) {
        c->grade = record->classification.grade;
        c->category = record->classification.category;
    }
    c->rests_on.items[c->rests_on.n++] = record->event_id;
}

cx_rc cx_check_base(cx_case *c, const cx_view_array *rests_on, cx_direction direction) {
    c->rests_on = (cx_view_array){.items = cx_arena_calloc(c->arena, rests_on->n, sizeof(cx_view))};
    if (c->rests_on.items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < rests_on->n; i++) {
        const cx_kept_record *record =
            cx_state_record(c->state, c->event->header->department, rests_on->items[i]);
        if (record == NULL || record->state != CX_ENTRY_STATE_IN_FORCE)
            return CX_NO_RECORD;
        if (record->classification.direction != direction ||
            (c->list->black && !cx_view_eq(record->classification.list, c->list->code)))
            return CX_NOT_LISTABLE;
        add_record(c, record);
    }
    return CX_OK;
}

/* What an entry of this list is, at its worst, under a pack. */
static cx_rc burden(const cx_case *c, const cx_pack *pack, cx_burden *out) {
    const cx_list *list = cx_pack_list(pack, c->list->code);
    *out = (cx_burden){.grade = c->grade};
    if (list == NULL)
        return CX_OK;
    out->listed = true;
    out->months = list->months > 0 ? list->months : INT32_MAX;
    cx_entry_facts facts = {.list = c->list->code,
                            .category = c->category,
                            .grade = c->grade,
                            .subject_type = c->event->header->subject_type,
                            .role = CX_ROLE_SUBJECT};
    return cx_judge_entry(pack, &facts, c->now, c->arena, &out->measures);
}

cx_rc cx_check_choose(cx_case *c, cx_date decided_on) {
    int32_t place = c->event->header->jurisdiction;
    const cx_pack *then = cx_policies_at(c->policies, place, c->act_on);
    const cx_pack *at_decision = cx_policies_at(c->policies, place, decided_on);
    if (then == NULL || at_decision == NULL)
        return CX_NO_PACK;
    c->chosen = then;
    if (then != at_decision) {
        cx_burden old, new;
        CX_TRY(burden(c, then, &old));
        CX_TRY(burden(c, at_decision, &new));
        if (cx_is_more_lenient(&new, &old))
            c->chosen = at_decision;
    }
    return cx_pack_list(c->chosen, c->list->code) != NULL ? CX_OK : CX_NOT_LISTABLE;
}

/* What sanctions.dmn gives for the subject and, where it is an organisation, for the roles that its records
 * name: the measures that a decision may choose from. */
static cx_rc provided(const cx_case *c, cx_view code, bool *found) {
    cx_entry_facts facts = {.list = c->list->code,
                            .category = c->category,
                            .grade = c->grade,
                            .subject_type = c->event->header->subject_type,
                            .role = CX_ROLE_SUBJECT};
    cx_view_array codes;
    CX_TRY(cx_judge_entry(c->chosen, &facts, c->now, c->arena, &codes));
    *found = cx_views_have(&codes, code);
    if (*found || facts.subject_type != CX_SUBJECT_TYPE_ORGANISATION)
        return CX_OK;
    facts.subject_type = CX_SUBJECT_TYPE_PERSON;
    for (size_t i = 0; i < c->rests_on.n && !*found; i++) {
        const cx_kept_record *r =
            cx_state_record(c->state, c->event->header->department, c->rests_on.items[i]);
        for (size_t k = 0; r != NULL && k < r->roles.n && !*found; k++) {
            facts.role = r->roles.items[k].role;
            CX_TRY(cx_judge_entry(c->chosen, &facts, c->now, c->arena, &codes));
            *found = cx_views_have(&codes, code);
        }
    }
    return CX_OK;
}

/* Whether the catalogued measure may be carried by this list, grade and subject at all. */
static cx_rc fits(const cx_case *c, const cx_measure *m) {
    bool organisation = c->event->header->subject_type == CX_SUBJECT_TYPE_ORGANISATION;
    unsigned beyond = ~(1U << CX_ROLE_SUBJECT) & ~(1U << CX_ROLE_UNKNOWN);
    bool person = m->person && (!organisation || (m->roles & beyond) != 0);
    if ((m->lists.n > 0 && !cx_words_have(m->lists, c->list->code)) ||
        (m->grades.n > 0 && !cx_words_have(m->grades, cx_view_of(cx_grade_name(c->grade)))))
        return CX_MEASURE_NOT_FOR_LIST;
    if (!person && !(organisation && m->organisation))
        return CX_MEASURE_NOT_FOR_LIST;
    if ((m->kind == CX_MEASURE_KIND_INCENTIVE) == c->list->black)
        return CX_MEASURE_NOT_FOR_LIST;
    if (m->court_only && c->list->procedure != CX_PROCEDURE_COURT)
        return CX_MEASURE_NOT_FOR_LIST;
    if (m->responders.n == 0)
        return CX_MEASURE_NOT_FOR_LIST;
    const cx_basis *basis = cx_pack_basis(c->chosen, m->basis);
    bool restricts = m->kind == CX_MEASURE_KIND_RIGHTS_REDUCING || m->kind == CX_MEASURE_KIND_MANAGEMENT;
    if (restricts && (basis == NULL || basis->level == CX_LEVEL_MUNICIPAL_PLAN))
        return CX_BASIS_INSUFFICIENT;
    return m->ends_by_event && m->review_months <= 0 ? CX_MEASURE_WITHOUT_END : CX_OK;
}

cx_rc cx_check_measures(cx_case *c, const cx_view_array *codes) {
    cx_view *out = cx_arena_calloc(c->arena, codes->n, sizeof *out);
    if (out == NULL)
        return CX_OUT_OF_MEMORY;
    c->measures = (cx_view_array){out, 0};
    for (size_t i = 0; i < codes->n; i++) {
        const cx_measure *m = cx_pack_measure(c->chosen, codes->items[i]);
        if (m == NULL)
            return CX_MEASURE_UNKNOWN;
        CX_TRY(fits(c, m));
        bool found = false;
        CX_TRY(provided(c, m->code, &found));
        if (!found)
            return CX_MEASURE_NOT_FOR_LIST;
        if (!cx_views_have(&c->measures, codes->items[i]))
            out[c->measures.n++] = codes->items[i];
    }
    return CX_OK;
}

cx_rc cx_check_term(cx_case *c, const cx_document *document, bool has_months, int32_t months) {
    const cx_list *list = cx_pack_list(c->chosen, c->list->code);
    CX_ASSERT(list != NULL);
    if (has_months && (months <= 0 || months < list->minimum_months))
        return CX_DECISION_INCOMPLETE;
    if (has_months && ((list->months > 0 && months > list->months) || months > 1200) &&
        !CX_MISTAKE(TERM_UNBOUNDED))
        return CX_TERM_TOO_LONG;
    int32_t term = has_months ? months : list->months;
    c->from = document->has_effective_on && document->effective_on > document->date ? document->effective_on
                                                                                    : document->date;
    c->until = term > 0 ? cx_date_add_months(c->from, term) : CX_NO_DATE;
    c->review_on = term > 0 ? CX_NO_DATE : cx_date_add_months(c->from, 12);
    return CX_OK;
}
