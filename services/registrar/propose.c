/* An activation before it takes effect (rights, "circuit breaker"). The registrar counts the subjects whom
 * the proposed pack would make listable and who are not: nobody is listed by that, for it takes a
 * department's served decision, but a pack that puts abnormally many people at the edge of a list is one that
 * a second official looks at first. The clock adds the partitions up and writes ACTIVATED or HELD. What the
 * pack would make milder is not counted and holds nothing.
 *
 * A held activation has a breaker like a department's feed, in every partition, and is released like one;
 * what was held may then be asked for again. */
#include "services/registrar/work.h"

enum { HASH_SHOWN = 16 };

bool cx_is_activation_breaker(cx_view department) {
    return department.n > 2 && memcmp(department.p, "a.", 2) == 0;
}

cx_view cx_activation_breaker(cx_arena *arena, const cx_activation *activation) {
    static const char digits[] = "0123456789abcdef";
    char hex[2 * HASH_SHOWN + 1] = {0};
    for (size_t i = 0; i < HASH_SHOWN; i++) {
        hex[2 * i] = digits[activation->pack[i] >> 4];
        hex[2 * i + 1] = digits[activation->pack[i] & 15];
    }
    return cx_arena_printf(arena, "a.%d.%s", activation->jurisdiction, hex);
}

/* Whether the pack's table finds a black list for the record that it is not a candidate for now. */
static cx_rc leads_to_list(const cx_work *w, const cx_kept_record *r, const cx_pack *pack, bool *yes) {
    cx_record record = {.item = r->item, .has_amount = r->has_amount, .amount = r->amount, .facts = r->facts};
    cx_record_facts facts = {.item = cx_pack_item(pack, r->item),
                             .subject_type = r->subject_type,
                             .record = &record,
                             .decided_on = r->document.date};
    cx_classification k = {0};
    *yes = false;
    if (facts.item == NULL)
        return CX_OK;
    cx_rc rc = cx_judge_record(pack, &facts, w->now, w->arena, &k);
    if (rc != CX_OK)
        return cx_is_verdict(rc) ? CX_OK : rc;
    const cx_list *list = k.list.n > 0 ? cx_pack_list(pack, k.list) : NULL;
    *yes = list != NULL && list->black && cx_words_have(facts.item->lists, k.list) &&
           !cx_view_eq(k.list, r->classification.list);
    return CX_OK;
}

static cx_rc emit_count(cx_step *step, int64_t listed, int64_t limit) {
    cx_activation_count *count = cx_arena_calloc(step->arena, 1, sizeof *count);
    if (count == NULL)
        return CX_OUT_OF_MEMORY;
    count->listed = listed;
    count->limit = limit;
    return cx_step_emit(step, CX_REGISTRAR_COUNT, (cx_view){NULL, 0}, count);
}

cx_rc cx_walk_proposal(cx_work *w) {
    const cx_activation *a = w->event->body.activation;
    const cx_pack *pack = w->step->proposed;
    bool counts = false;
    if (pack == NULL || w->state.ended != CX_SUBJECT_EVENT_KIND_UNKNOWN)
        return CX_OK;
    for (size_t i = 0; i < w->state.records.n && !counts; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (r->jurisdiction == a->jurisdiction && r->state == CX_ENTRY_STATE_IN_FORCE)
            CX_TRY(leads_to_list(w, r, pack, &counts));
    }
    return counts ? emit_count(w->step, 1, 0) : CX_OK;
}

/* The limit is that of the law in force, which the new one cannot lift for itself. */
static int64_t limit_of(const cx_step *step, const cx_activation *a, const cx_breaker_state *row) {
    const cx_pack *pack = step->policies != NULL ? cx_policies_now(step->policies, a->jurisdiction) : NULL;
    bool released = row != NULL && !row->tripped;
    return released || pack == NULL || cx_pack_breaker_limit(pack) == 0 ? INT64_MAX
                                                                        : cx_pack_breaker_limit(pack);
}

static cx_rc hold(cx_step *step, const cx_activation *a, const cx_breaker_state *before, cx_view id) {
    cx_breaker_state *row = cx_arena_calloc(step->arena, 1, sizeof *row);
    cx_view key = cx_breaker_key(step->arena, step->origin.partition, id);
    if (row == NULL || key.p == NULL)
        return CX_OUT_OF_MEMORY;
    if (before != NULL)
        *row = *before;
    row->id = row->department = id;
    if (!row->tripped)
        row->since = step->now != CX_NO_TIME ? step->now : 0;
    row->tripped = true;
    row->since = step->now;
    row->hour = a->listed;
    row->limit = a->limit;
    row->hour = a->listed;
    row->limit = a->limit;
    if (!cx_views_have(&row->officials, a->who))
        CX_TRY(cx_add_view(step->arena, &row->officials, a->who));
    CX_TRY(cx_step_emit(step, CX_REGISTRAR_STATE, key, row));
    step->last->partition = step->origin.partition;
    return CX_OK;
}

cx_rc cx_settle_activation(cx_step *step, const cx_activation *a) {
    const cx_breaker_state *row = step->rows[0];
    cx_view id = cx_activation_breaker(step->arena, a);
    if (id.p == NULL)
        return CX_OUT_OF_MEMORY;
    switch (a->state) {
    case CX_ACTIVATION_STATE_PROPOSED:
        return emit_count(step, 0, limit_of(step, a, row));
    case CX_ACTIVATION_STATE_HELD:
        return a->listed > a->limit ? hold(step, a, row, id)
                                    : CX_OK; /* else some stage could not use the pack */
    case CX_ACTIVATION_STATE_ACTIVATED:
        break;
    }
    if (row == NULL)
        return CX_OK;
    cx_view key = cx_breaker_key(step->arena, step->origin.partition, id);
    if (key.p == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(cx_step_emit(step, CX_REGISTRAR_STATE, key, NULL));
    step->last->partition = step->origin.partition;
    return CX_OK;
}
