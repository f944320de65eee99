/* Moving an entry: check by the table, change, settle, say. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"

const cx_pack *cx_entry_pack(const cx_work *w, const cx_list_entry *entry) {
    const cx_pack *pack = cx_policies_by_hash(w->policies, entry->pack);
    return pack != NULL ? pack : cx_policies_now(w->policies, entry->jurisdiction);
}

/* The list as the law has it now; where a later pack dropped it, as the entry was judged. */
static const cx_list *list_of(const cx_work *w, const cx_list_entry *entry) {
    const cx_pack *now = cx_policies_now(w->policies, entry->jurisdiction);
    const cx_list *list = now != NULL ? cx_pack_list(now, entry->list) : NULL;
    const cx_pack *then = list == NULL ? cx_entry_pack(w, entry) : NULL;
    return then != NULL ? cx_pack_list(then, entry->list) : list;
}

cx_procedure cx_work_procedure(const cx_work *w, const cx_list_entry *entry) {
    if (entry->list.n == 0)
        return CX_PROCEDURE_COURT; /* a person's share in a court's entry: measures without the list */
    const cx_list *list = list_of(w, entry);
    return list != NULL ? list->procedure : CX_PROCEDURE_NOTICE;
}

cx_case cx_work_case(const cx_work *w, const cx_list_entry *entry, cx_view list) {
    cx_case c = {.policies = w->policies,
                 .state = &w->state,
                 .entry = entry,
                 .event = w->header != NULL ? w->event : NULL,
                 .now = w->now,
                 .today = w->today,
                 .arena = w->arena};
    if (entry != NULL) {
        c.pack = cx_policies_now(w->policies, entry->jurisdiction);
        c.list = list_of(w, entry);
    } else {
        c.pack = w->pack;
        c.list = cx_pack_list(w->pack, list);
    }
    c.window_ends = c.lapses_on = c.until = c.review_on = CX_NO_DATE;
    return c;
}

static bool has_ended(cx_entry_state state) {
    return state != CX_ENTRY_STATE_NOTIFIED && !cx_state_is_live(state);
}

/* What ended has no causes of its own; those of the organisation's entry stay with a person's share, should a
 * repair be revoked. They stand behind its own in the same order. */
static void drop_own_causes(cx_list_entry *e) {
    size_t first = 0;
    while (first < e->suspensions.n && !e->suspensions.items[first].inherited)
        first++;
    e->suspensions.items += first;
    e->suspensions.n -= first;
    if (e->suspensions.n == 0)
        e->suspensions.items = NULL;
}

/* Whether persons may bear a share of it. */
static bool leads(const cx_list_entry *e) {
    return e->subject_type == CX_SUBJECT_TYPE_ORGANISATION && e->role == CX_ROLE_SUBJECT && e->decision.n > 0;
}

/* SUSPENDED while causes stand, EXPIRED where the term is over; what ended has no cause left. But the causes
 * of a dissolved organisation's entry stand on for the persons whose shares rest by them. */
static void settle(const cx_work *w, cx_list_entry *e, cx_entry_state to, cx_move move) {
    if (cx_state_is_live(to)) {
        if (e->has_until && e->until <= w->today)
            to = CX_ENTRY_STATE_EXPIRED;
        else
            to = e->suspensions.n > 0 ? CX_ENTRY_STATE_SUSPENDED : CX_ENTRY_STATE_IN_FORCE;
    }
    bool newly = has_ended(to) && !has_ended(e->state);
    if (newly || (has_ended(to) && to != e->state)) {
        e->has_ended_on = true;
        e->ended_on = to == CX_ENTRY_STATE_EXPIRED && e->has_until ? e->until : w->today;
        e->ended_by = w->header != NULL && move != CX_MOVE_EXPIRY ? w->header->event_id : CX_VIEW("");
        if (move != CX_MOVE_SUBJECT_ENDED || !leads(e))
            drop_own_causes(e);
    } else if (!has_ended(to)) {
        e->has_ended_on = false;
        e->ended_by = CX_VIEW("");
    }
    e->state = to;
}

cx_rc cx_tell_queriers(cx_work *w, bool stood, cx_date from) {
    for (size_t i = 0; stood && !CX_MISTAKE(READERS_NOT_TOLD) && i < w->state.queried.n; i++)
        if (w->state.queried.items[i].at >= cx_time_of_date(from) &&
            !cx_views_have(&w->tell, w->state.queried.items[i].who))
            CX_TRY(cx_add_view(w->arena, &w->tell, w->state.queried.items[i].who));
    return CX_OK;
}

static bool differs(const cx_list_entry *a, const cx_list_entry *b) {
    return a->state != b->state || a->version != b->version || a->suspensions.n != b->suspensions.n;
}

/* Says how the entry stands, and lets persons follow: they have their own end, so an expiry tells nobody. */
static cx_rc moved(cx_work *w, const cx_list_entry *before, const cx_list_entry *after, cx_move move) {
    CX_TRY(cx_work_say_entry(w, cx_move_name(move), before->state, after));
    if (after->state == CX_ENTRY_STATE_RECALLED)
        CX_TRY(cx_tell_queriers(w, after->has_from, after->from));
    bool follows = move != CX_MOVE_EXPIRY && move != CX_MOVE_SUBJECT_ENDED && differs(before, after);
    if (!leads(after) || !follows)
        return CX_OK;
    /* Only a subject's end leaves causes behind: the entry is over, the shares go on, by fewer causes. */
    cx_list_entry as = *after;
    if (after->state == CX_ENTRY_STATE_REMOVED && before->state == after->state && before->suspensions.n > 0)
        as.state = CX_ENTRY_STATE_IN_FORCE;
    return cx_bind_persons(w, &as, before->decision.n == 0);
}

/* A listing counts for the breaker; nothing in the subject's favour does. */
static cx_rc admit(cx_work *w, const cx_case *c, cx_move move) {
    return move == CX_MOVE_LISTING_DECISION && c->list->black ? cx_breaker_admit(w) : CX_OK;
}

cx_rc cx_work_move(cx_work *w, size_t i, cx_move move) {
    cx_list_entry before = w->state.entries.items[i];
    cx_case c = cx_work_case(w, &before, before.list);
    cx_entry_state to;
    if (c.pack == NULL && w->header != NULL)
        return CX_NO_PACK; /* what time ends needs none: rows linked from elsewhere may know no pack here */
    CX_TRY(cx_procedure_move(cx_work_procedure(w, &before), &c, move, &to));
    CX_TRY(admit(w, &c, move));
    cx_list_entry *entry = cx_work_entry(w, i);
    if (entry == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(cx_apply_move(w, &c, entry, move));
    settle(w, entry, to, move);
    return moved(w, &before, entry, move);
}

static cx_rc fill_new(cx_work *w, const cx_case *c, cx_list_entry *e) {
    const cx_header *h = w->header;
    cx_position at = w->step->origin;
    e->id = cx_arena_printf(w->arena, "e.%d.%lld.0", at.partition, (long long)at.offset);
    if (e->id.p == NULL)
        return CX_OUT_OF_MEMORY;
#ifdef CX_SEEDED_MISTAKES
    static int32_t versions;
    e->version = CX_MISTAKE(REMEMBERS_OTHER_LOGS) ? 1 + versions++ / 7 % 2 : 1;
#else
    e->version = 1;
#endif
    e->list = c->list->code;
    e->department = h->department;
    e->jurisdiction = h->jurisdiction;
    e->document = h->document;
    e->official = h->official;
    e->subject_type = h->subject_type;
    e->role = CX_ROLE_SUBJECT;
    (void)memcpy(e->pack, cx_pack_hash(c->pack), CX_PACK_HASH);
    return CX_OK;
}

cx_rc cx_work_open(cx_work *w, cx_view list, cx_move move) {
    cx_case c = cx_work_case(w, NULL, list);
    cx_entry_state to;
    if (c.list == NULL)
        return CX_NOT_LISTABLE;
    CX_TRY(cx_procedure_move(c.list->procedure, &c, move, &to));
    CX_TRY(admit(w, &c, move));
    cx_list_entry *entry = cx_work_add_entry(w);
    if (entry == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(fill_new(w, &c, entry));
    cx_list_entry before = *entry;
    CX_TRY(cx_apply_move(w, &c, entry, move));
    if (w->state.reorganisation.n > 0 && c.list->procedure != CX_PROCEDURE_COURT) {
        entry->suspensions.items = cx_append(w->arena, NULL, 0, sizeof(cx_suspension));
        if (entry->suspensions.items == NULL)
            return CX_OUT_OF_MEMORY;
        entry->suspensions.items[entry->suspensions.n++] =
            (cx_suspension){.cause = CX_SUSPENSION_CAUSE_REORGANISATION,
                            .event_id = w->state.reorganisation,
                            .department = CX_VIEW("")};
    }
    settle(w, entry, to, move);
    return moved(w, &before, entry, move);
}

cx_rc cx_work_move_target(cx_work *w, cx_view department, cx_view event_id, cx_move move) {
    bool by_decision = false;
    for (size_t i = 0; i < w->state.entries.n; i++)
        by_decision = by_decision || (cx_view_eq(w->state.entries.items[i].decision, event_id) &&
                                      cx_view_eq(w->state.entries.items[i].department, department));
    cx_rc first = CX_RC_COUNT;
    size_t n = w->state.entries.n;
    for (size_t i = 0; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (!cx_entry_is_of(e, department, event_id) || (by_decision && !cx_view_eq(e->decision, event_id)))
            continue;
        cx_rc rc = cx_work_move(w, i, move);
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
        if (first == CX_RC_COUNT)
            first = rc;
    }
    return first != CX_RC_COUNT ? first : cx_work_no_target(w, event_id);
}
