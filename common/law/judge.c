#include "common/law/judge.h"
#include "common/base/mistake.h"

enum { MAX_INPUTS = 64 };

static cx_view subject_word(cx_subject_type type) {
    return type == CX_SUBJECT_TYPE_PERSON ? CX_VIEW("person") : CX_VIEW("organisation");
}

static cx_value text_or_null(cx_view text) {
    return text.n > 0 ? cx_value_string(text) : cx_value_null();
}

/* A fact of the event by the input's name; null where the event lacks it. */
static cx_value fact_value(const cx_record *record, cx_view name) {
    for (size_t i = 0; i < record->facts.n; i++) {
        const cx_fact *fact = &record->facts.items[i];
        if (!cx_view_eq(fact->name, name))
            continue;
        switch (fact->value_kind) {
        case CX_FACT_VALUE_BOOLEAN:
            return cx_value_bool(fact->value.boolean_);
        case CX_FACT_VALUE_LONG:
            return cx_value_int(fact->value.long_);
        case CX_FACT_VALUE_STRING:
            return cx_value_string(fact->value.string_);
        }
    }
    return cx_value_null();
}

static cx_value record_input(const cx_record_facts *facts, cx_view name) {
    if (cx_view_is(name, "item"))
        return cx_value_string(facts->item->code);
    if (cx_view_is(name, "category"))
        return text_or_null(facts->item->category);
    if (cx_view_is(name, "subject type"))
        return cx_value_string(subject_word(facts->subject_type));
    if (cx_view_is(name, "amount"))
        return facts->record->has_amount ? cx_value_int(facts->record->amount) : cx_value_null();
    return fact_value(facts->record, name);
}

/* The text of an output; empty where it is null or absent. */
static cx_view text_output(cx_value context, const char *name) {
    const cx_value *value = cx_value_entry(context, cx_view_of(name));
    cx_view text = {NULL, 0};
    return value != NULL && cx_value_to_string(*value, &text) ? text : CX_VIEW("");
}

/* Months of display that the table gives, within the pack's longest; 0: not shown. */
static int32_t display_months(const cx_pack *pack, cx_value context, cx_direction direction, cx_grade grade) {
    const cx_value *value = cx_value_entry(context, CX_VIEW("display months"));
    int64_t months;
    if (value == NULL || !cx_value_to_int64(*value, &months) || months <= 0)
        return 0;
    int32_t longest = cx_pack_display_months(pack, direction, grade);
    return months < longest ? (int32_t)months : longest;
}

cx_rc cx_judge_record(const cx_pack *pack, const cx_record_facts *facts, cx_time now, cx_arena *arena,
                      cx_classification *out) {
    const cx_decision *decision = cx_pack_classification(pack);
    size_t n = cx_decision_input_count(decision);
    CX_ASSERT(n <= MAX_INPUTS);
    cx_value inputs[MAX_INPUTS];
    for (size_t i = 0; i < n; i++)
        inputs[i] = record_input(facts, cx_decision_input_name(decision, i));
    cx_answer answer;
    cx_rc rc = cx_decision_eval(decision, inputs, now, 0, arena, &answer, NULL);
    if (rc != CX_OK)
        return rc == CX_OUT_OF_MEMORY ? rc : CX_UNDECIDED;
    cx_grade grade;
    if (answer.value.kind != CX_KIND_CONTEXT || !cx_grade_by_name(text_output(answer.value, "grade"), &grade))
        return CX_UNDECIDED;
    *out = (cx_classification){.direction = facts->item->direction,
                               .grade = grade,
                               .category = facts->item->category,
                               .list = text_output(answer.value, "list"),
                               .table = CX_VIEW("classification"),
                               .rule = CX_VIEW("")};
    (void)memcpy(out->pack, cx_pack_hash(pack), CX_PACK_HASH);
    if (answer.own != NULL && answer.own->n > 0)
        out->rule = cx_table_rule_id(answer.own->table, answer.own->rules[0]);
    int32_t months = display_months(pack, answer.value, out->direction, grade);
    out->has_display_until = months > 0;
    out->display_until = months > 0 ? cx_date_add_months(facts->decided_on, months) : 0;
    return CX_OK;
}

/* --- leniency ------------------------------------------------------------------------------------------- */

/* <0 where a's measures are a proper part of b's, 0 the same, >0 b's of a's, 2 incomparable. */
static int compare_measures(cx_view_array a, cx_view_array b) {
    bool a_more = false, b_more = false;
    size_t i = 0, k = 0;
    while (i < a.n || k < b.n) {
        int order = i == a.n ? 1 : k == b.n ? -1 : cx_view_cmp(a.items[i], b.items[k]);
        a_more |= order < 0;
        b_more |= order > 0;
        i += order <= 0;
        k += order >= 0;
    }
    return a_more && b_more ? 2 : a_more ? 1 : b_more ? -1 : 0;
}

bool cx_is_more_lenient(const cx_burden *now, const cx_burden *then) {
    int measures = compare_measures(now->measures, then->measures);
    bool worse =
        now->listed > then->listed || now->grade > then->grade || now->months > then->months || measures > 0;
    bool better =
        now->listed < then->listed || now->grade < then->grade || now->months < then->months || measures < 0;
    return better && !worse && !CX_MISTAKE(NEVER_MILDER);
}

static cx_burden record_burden(const cx_classification *c, cx_date decided_on) {
    return (cx_burden){.listed = c->list.n > 0,
                       .grade = c->grade,
                       .months = c->has_display_until ? c->display_until - decided_on : 0};
}

cx_rc cx_judge_record_leniently(const cx_policies *policies, int32_t jurisdiction,
                                const cx_record_facts *facts, cx_date act_on, cx_date decided_on, cx_time now,
                                cx_arena *arena, cx_classification *out) {
    const cx_pack *then = cx_policies_at(policies, jurisdiction, act_on);
    const cx_pack *later = cx_policies_at(policies, jurisdiction, decided_on);
    if (then == NULL || later == NULL)
        return CX_NO_PACK;
    if (facts->item->direction != CX_DIRECTION_ADVERSE || then == later)
        return cx_judge_record(later, facts, now, arena, out);
    cx_classification newer;
    cx_rc old_rc = cx_judge_record(then, facts, now, arena, out);
    cx_rc new_rc = cx_judge_record(later, facts, now, arena, &newer);
    if (old_rc != CX_OK || new_rc != CX_OK) /* a rule that does not reach the act cannot burden by it */
        return old_rc != CX_OK ? old_rc : new_rc;
    cx_burden burden_then = record_burden(out, decided_on), burden_now = record_burden(&newer, decided_on);
    if (cx_is_more_lenient(&burden_now, &burden_then))
        *out = newer;
    return CX_OK;
}

/* --- entries ----------------------------------------------------------------------------------------------
 */

static cx_value entry_input(const cx_entry_facts *facts, cx_view name) {
    if (cx_view_is(name, "list"))
        return text_or_null(facts->list);
    if (cx_view_is(name, "grade"))
        return cx_value_string(cx_view_of(cx_grade_name(facts->grade)));
    if (cx_view_is(name, "category"))
        return text_or_null(facts->category);
    if (cx_view_is(name, "subject type"))
        return cx_value_string(subject_word(facts->subject_type));
    if (cx_view_is(name, "role"))
        return cx_value_string(cx_view_of(cx_role_name(facts->role)));
    return cx_value_null();
}

/* Inserts in ascending order, once. `items` has room. */
static void insert_code(cx_view_array *codes, cx_view code) {
    size_t at = 0;
    while (at < codes->n && cx_view_cmp(codes->items[at], code) < 0)
        at++;
    if (at < codes->n && cx_view_eq(codes->items[at], code))
        return;
    (void)memmove(codes->items + at + 1, codes->items + at, (codes->n - at) * sizeof *codes->items);
    codes->items[at] = code;
    codes->n++;
}

/* A value's texts: one, or a list of them (or of lists). */
static void collect_codes(cx_value value, cx_view_array *codes) {
    cx_view code;
    if (cx_value_to_string(value, &code))
        insert_code(codes, code);
    if (value.kind == CX_KIND_LIST)
        for (size_t i = 0; i < value.u.list.n; i++)
            if (cx_value_to_string(value.u.list.items[i], &code))
                insert_code(codes, code);
}

cx_rc cx_judge_entry(const cx_pack *pack, const cx_entry_facts *facts, cx_time now, cx_arena *arena,
                     cx_view_array *measures) {
    const cx_decision *decision = cx_pack_sanctions(pack);
    size_t n = cx_decision_input_count(decision);
    CX_ASSERT(n <= MAX_INPUTS);
    *measures = (cx_view_array){NULL, 0};
    cx_value inputs[MAX_INPUTS];
    for (size_t i = 0; i < n; i++)
        inputs[i] = entry_input(facts, cx_decision_input_name(decision, i));
    cx_answer answer;
    cx_rc rc = cx_decision_eval(decision, inputs, now, 0, arena, &answer, NULL);
    if (rc != CX_OK)
        return rc == CX_OUT_OF_MEMORY ? rc : CX_UNDECIDED;
    size_t room = answer.value.kind == CX_KIND_LIST ? answer.value.u.list.n : 1;
    measures->items = cx_arena_alloc(arena, (room + 1) * sizeof *measures->items);
    if (measures->items == NULL)
        return CX_OUT_OF_MEMORY;
    collect_codes(answer.value, measures);
    return CX_OK;
}
