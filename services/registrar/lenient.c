/* An activation reaches what is in force where the new rules are milder (I-LENIENT; reaching back is our own
 * addition). No component ever becomes worse: what the new pack would make harsher stays as it was. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"

/* What an entry of its list may be at its worst under a pack. */
static cx_rc burden(const cx_work *w, const cx_list_entry *e, const cx_pack *pack, cx_burden *out) {
    const cx_list *list = cx_pack_list(pack, e->list);
    *out = (cx_burden){.grade = e->grade};
    if (list == NULL)
        return CX_OK;
    out->listed = true;
    out->months = list->months > 0 ? list->months : INT32_MAX;
    cx_entry_facts facts = {.list = e->list,
                            .category = e->category,
                            .grade = e->grade,
                            .subject_type = e->subject_type,
                            .role = e->role};
    return cx_judge_entry(pack, &facts, w->now, w->arena, &out->measures);
}

static cx_rc without_lost(const cx_work *w, const cx_list_entry *e, const cx_burden *old,
                          const cx_burden *new, cx_view_array *out) {
    *out = (cx_view_array){.items = cx_arena_calloc(w->arena, e->measures.n, sizeof(cx_view))};
    if (out->items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->measures.n; i++) { /* one that neither table gives was for another's role */
        cx_view code = e->measures.items[i];
        if (cx_views_have(&new->measures, code) || !cx_views_have(&old->measures, code))
            out->items[out->n++] = code;
    }
    return CX_OK;
}

/* Version, measures, end and pack of the milder law. */
static cx_rc soften(cx_work *w, size_t i, const cx_pack *pack, const cx_burden *old, const cx_burden *new) {
    cx_list_entry *e = cx_work_entry(w, i);
    if (e == NULL)
        return CX_OUT_OF_MEMORY;
    cx_view_array left;
    CX_TRY(without_lost(w, e, old, new, &left));
    CX_TRY(cx_keep_former(w->arena, e, &left));
    e->measures = left;
    e->version++;
    (void)memcpy(e->pack, cx_pack_hash(pack), CX_PACK_HASH);
    if (new->months < old->months &&new->months != INT32_MAX) {
        cx_date until = cx_date_add_months(e->from, new->months);
        e->until = e->has_until && e->until < until ? e->until : until;
        e->has_until = true;
        e->has_review_on = false;
    }
    if (CX_MISTAKE(NEW_LAW_LENGTHENS) && w->state.entries.items[i].has_until)
        e->until += 400;
    return cx_work_move(w, i, CX_MOVE_ACTIVATION);
}

static cx_rc relieve_entry(cx_work *w, size_t i, const cx_pack *pack) {
    const cx_list_entry *e = &w->state.entries.items[i];
    const cx_pack *then = cx_entry_pack(w, e);
    cx_burden old, new;
    if (then == NULL || then == pack || e->list.n == 0)
        return CX_OK;
    CX_TRY(burden(w, e, then, &old));
    CX_TRY(burden(w, e, pack, &new));
    if (!old.listed || !cx_is_more_lenient(&new, &old) || CX_MISTAKE(NEW_LAW_FORGETS))
        return CX_OK;
    if (!new.listed)
        return cx_work_move(w, i, CX_MOVE_DELISTED);
    return cx_state_is_live(e->state) ? soften(w, i, pack, &old, &new) : CX_OK;
}

static int32_t months_shown(const cx_kept_record *r, const cx_classification *k) {
    return k->has_display_until ? k->display_until - r->document.date : 0;
}

/* An entry built on a record that may list no longer goes with it. */
static cx_rc delist(cx_work *w, const cx_kept_record *r) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (e->role == CX_ROLE_SUBJECT && cx_view_eq(e->department, r->department) &&
            cx_views_have(&e->rests_on, r->event_id) && !cx_view_eq(r->classification.list, e->list)) {
            cx_rc rc = cx_work_move(w, i, CX_MOVE_DELISTED);
            if (rc != CX_OK && !cx_is_verdict(rc))
                return rc;
        }
    }
    return CX_OK;
}

/* Judges an adverse record, whose facts the row keeps, by the new pack. */
static cx_rc relieve_record(cx_work *w, size_t i, const cx_pack *pack) {
    cx_kept_record r = w->state.records.items[i];
    cx_record record = {.item = r.item, .has_amount = r.has_amount, .amount = r.amount, .facts = r.facts};
    cx_record_facts facts = {.item = cx_pack_item(pack, r.item),
                             .subject_type = r.subject_type,
                             .record = &record,
                             .decided_on = r.document.date};
    cx_classification k = {0};
    if (facts.item == NULL || memcmp(r.classification.pack, cx_pack_hash(pack), CX_PACK_HASH) == 0)
        return CX_OK;
    cx_rc rc = cx_judge_record(pack, &facts, w->now, w->arena, &k);
    if (rc != CX_OK)
        return cx_is_verdict(rc) ? CX_OK : rc; /* undecided under the new law: the old one stays */
    cx_burden old = {.listed = r.classification.list.n > 0,
                     .grade = r.classification.grade,
                     .months = months_shown(&r, &r.classification),
                     .measures = r.classification.measures};
    cx_burden new = {
        .listed = k.list.n > 0, .grade = k.grade, .months = months_shown(&r, &k), .measures = k.measures};
    bool other_list = k.list.n > 0 && !cx_view_eq(k.list, r.classification.list);
    if (CX_MISTAKE(RECORDS_NOT_RELIEVED) || other_list || k.direction != r.classification.direction ||
        !cx_is_more_lenient(&new, &old))
        return CX_OK;
    cx_kept_record *own = cx_work_record(w, i);
    if (own == NULL)
        return CX_OUT_OF_MEMORY;
    own->classification = k;
    own->version++;
    CX_TRY(cx_work_say_record(w, cx_move_name(CX_MOVE_ACTIVATION), r.state, own));
    if (k.has_display_until && k.display_until < w->today)
        CX_TRY(cx_end_record(w, i, CX_ENTRY_STATE_EXPIRED, cx_move_name(CX_MOVE_EXPIRY)));
    r = w->state.records.items[i];
    return delist(w, &r);
}

cx_rc cx_walk_activation(cx_work *w) {
    const cx_activation *a = w->event->body.activation;
    const cx_pack *pack = cx_policies_by_hash(w->policies, a->pack);
    if (a->state == CX_ACTIVATION_STATE_PROPOSED)
        return cx_walk_proposal(w);
    if (a->state != CX_ACTIVATION_STATE_ACTIVATED || pack == NULL)
        return CX_OK;
    for (size_t i = 0; i < w->state.records.n; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (r->jurisdiction == a->jurisdiction && r->state == CX_ENTRY_STATE_IN_FORCE &&
            r->classification.direction == CX_DIRECTION_ADVERSE)
            CX_TRY(relieve_record(w, i, pack));
    }
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (e->jurisdiction == a->jurisdiction &&
            (e->state == CX_ENTRY_STATE_NOTIFIED || cx_state_is_live(e->state)) &&
            cx_work_procedure(w, e) != CX_PROCEDURE_RED)
            CX_TRY(relieve_entry(w, i, pack));
    }
    return CX_OK;
}
