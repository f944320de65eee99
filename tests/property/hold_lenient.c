/* I-LENIENT: the rules of the act's day, or milder ones at the decision; and a milder law reaches what
 * stands. */
#include "common/law/judge.h"
#include "common/law/procedure.h"
#include "tests/property/hold.h"

typedef struct weight {
    bool listed;
    int grade, months;
    cx_view_array measures;
} weight;

/* No component worse, one better. */
static bool milder(const weight *a, const weight *b) {
    bool worse = a->listed > b->listed || a->grade > b->grade || a->months > b->months ||
                 !cx_hold_part_of(&a->measures, &b->measures);
    bool better = a->listed < b->listed || a->grade < b->grade || a->months < b->months ||
                  !cx_hold_part_of(&b->measures, &a->measures);
    return better && !worse;
}

static bool record_weight(const cx_pack *pack, const cx_kept_record *r, cx_arena *arena, weight *out,
                          cx_classification *k) {
    cx_record record = {.item = r->item, .has_amount = r->has_amount, .amount = r->amount, .facts = r->facts};
    cx_record_facts facts = {cx_pack_item(pack, r->item), r->subject_type, &record, r->document.date};
    if (facts.item == NULL || cx_judge_record(pack, &facts, 0, arena, k) != CX_OK)
        return false;
    *out = (weight){.listed = k->list.n > 0,
                    .grade = (int)k->grade,
                    .months = k->has_display_until ? k->display_until - r->document.date : 0};
    return true;
}

/* A new record is judged by the rules of the act's day, or by those of the document's where they are milder.
 */
static bool record_lenient(const cx_ledger *l, const cx_kept_record *r, cx_arena *arena, cx_fault *f) {
    const cx_pack *then = cx_ledger_pack_on(l, r->act_on), *later = cx_ledger_pack_on(l, r->document.date);
    weight old, new;
    cx_classification by_old, by_new;
    if (then == NULL || later == NULL || !record_weight(then, r, arena, &old, &by_old) ||
        !record_weight(later, r, arena, &new, &by_new))
        return true;
    bool adverse = r->classification.direction == CX_DIRECTION_ADVERSE;
    const cx_classification *right = !adverse || (then != later && milder(&new, &old)) ? &by_new : &by_old;
    bool same = right->grade == r->classification.grade &&
                right->has_display_until == r->classification.has_display_until &&
                (!right->has_display_until || right->display_until == r->classification.display_until) &&
                memcmp(right->pack, r->classification.pack, CX_PACK_HASH) == 0;
    return same || cx_broken(f, "the record was not judged by the milder law");
}

static bool entry_weight(const cx_pack *pack, const cx_list_entry *e, cx_arena *arena, weight *out) {
    const cx_list *list = cx_pack_list(pack, e->list);
    *out = (weight){.grade = (int)e->grade};
    if (list == NULL)
        return true;
    out->listed = true;
    out->months = list->months > 0 ? list->months : INT32_MAX;
    cx_entry_facts facts = {e->list, e->category, e->grade, e->subject_type, e->role};
    return cx_judge_entry(pack, &facts, 0, arena, &out->measures) == CX_OK;
}

static bool entry_lenient(const cx_ledger *l, const cx_list_entry *e, cx_arena *arena, cx_fault *f) {
    const cx_pack *then = cx_ledger_pack_on(l, e->act_on), *later = cx_ledger_pack_on(l, e->document.date);
    weight old, new;
    if (then == NULL || later == NULL || !entry_weight(then, e, arena, &old) ||
        !entry_weight(later, e, arena, &new))
        return true;
    const cx_pack *right = then != later && milder(&new, &old) ? later : then;
    return memcmp(cx_pack_hash(right), e->pack, CX_PACK_HASH) == 0 ||
           cx_broken(f, "the entry was not judged by the milder law");
}

/* A later law reaches what stands only in the subject's favour. */
static bool relieved_right(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    if (c->record != NULL) {
        const cx_known_record *r =
            cx_ledger_record(l, d->subject, c->record->department, c->record->event_id);
        return r == NULL || cx_hold_record_no_worse(c->record, r->now, f);
    }
    const cx_known_entry *e = cx_ledger_entry(l, c->entry->id);
    if (e == NULL || (!cx_state_is_live(e->now->state) && cx_state_is_live(c->entry->state)))
        return cx_broken(f, "a new law puts somebody on a list");
    return !cx_state_is_live(c->entry->state) || cx_hold_entry_no_worse(c->entry, e->now, f);
}

bool cx_hold_lenient_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    bool by_law = d->classified.event.body_kind == CX_EVENT_BODY_ACTIVATION;
    if (by_law)
        return relieved_right(l, d, c, f);
    bool record = c->record != NULL && cx_view_is(c->cause, "RECORD");
    bool decision = c->entry != NULL && cx_view_is(c->cause, "LISTING_DECISION");
    if ((!record && !decision) || l->world->n == 1)
        return true;
    cx_arena *arena = cx_arena_new(0);
    bool holds = arena != NULL &&
                 (record ? record_lenient(l, c->record, arena, f) : entry_lenient(l, c->entry, arena, f));
    cx_arena_destroy(&arena);
    return holds;
}

/* --- what an activation must reach -------------------------------------------------------------------- */
/* A live entry is judged by the new law where that is milder; one that it lists no more is live no more, and
 * its notice leads nowhere. */
static bool entry_reached(const cx_ledger *l, const cx_list_entry *e, cx_arena *arena, cx_fault *f) {
    bool live = cx_state_is_live(e->state), noticed = e->state == CX_ENTRY_STATE_NOTIFIED;
    const cx_pack *then = cx_ledger_pack(l, e->pack);
    const cx_list *list = cx_ledger_list(l, e);
    weight old, new;
    if ((!live && !noticed) || then == NULL || then == l->pack || e->list.n == 0 || list == NULL ||
        list->procedure == CX_PROCEDURE_RED || e->jurisdiction != cx_pack_jurisdiction(l->pack) ||
        !entry_weight(then, e, arena, &old) || !entry_weight(l->pack, e, arena, &new))
        return true;
    bool reached = !old.listed || !milder(&new, &old) || (noticed && new.listed);
    return reached || cx_broken(f, "the milder law did not reach %.*s", CX_VIEW_ARGS(e->id));
}

static bool record_reached(const cx_ledger *l, const cx_kept_record *r, cx_arena *arena, cx_fault *f) {
    const cx_classification *had = &r->classification;
    cx_classification k;
    weight new, old = {.listed = had->list.n > 0,
                       .grade = (int)had->grade,
                       .months = had->has_display_until ? had->display_until - r->document.date : 0};
    if (r->state != CX_ENTRY_STATE_IN_FORCE || had->direction != CX_DIRECTION_ADVERSE ||
        r->jurisdiction != cx_pack_jurisdiction(l->pack) ||
        memcmp(had->pack, cx_pack_hash(l->pack), CX_PACK_HASH) == 0 ||
        !record_weight(l->pack, r, arena, &new, &k))
        return true;
    bool other = (k.list.n > 0 && !cx_view_eq(k.list, had->list)) || k.direction != had->direction;
    return other || !milder(&new, &old) ||
           cx_broken(f, "the milder law did not reach the record %.*s", CX_VIEW_ARGS(r->event_id));
}

bool cx_hold_lenient_standing(const cx_ledger *l, cx_fault *f) {
    if (!l->activated_now)
        return true;
    cx_arena *arena = cx_arena_new(0);
    bool holds = arena != NULL;
    for (size_t i = 0; holds && i < l->entry_n; i++)
        holds = entry_reached(l, l->entries[i].now, arena, f);
    for (size_t i = 0; holds && i < l->record_n; i++)
        holds = record_reached(l, l->records[i].now, arena, f);
    cx_arena_destroy(&arena);
    return holds;
}
