/* I-RECALL, I-CORRECT and I-LENIENT. */
#include "common/law/judge.h"
#include "common/law/procedure.h"
#include "tests/property/hold.h"

/* --- I-RECALL ----------------------------------------------------------------------------------------- */
/* What was withdrawn, annulled or upheld against is recalled, by the same message. */
bool cx_hold_recall_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    bool recalls = cx_view_is(c->cause, "WITHDRAWAL") || cx_view_is(c->cause, "REVIEW_ANNULLED") ||
                   cx_view_is(c->cause, "BASE_RECALLED") || cx_view_is(c->cause, "RULING_UPHELD");
    cx_entry_state state = c->entry != NULL ? c->entry->state : c->record->state;
    const cx_list *list = c->entry != NULL ? cx_ledger_list(l, c->entry) : NULL;
    (void)d;
    bool red =
        list != NULL && list->procedure == CX_PROCEDURE_RED; /* a nomination that was objected to closes */
    return !recalls || state == CX_ENTRY_STATE_RECALLED || (red && state == CX_ENTRY_STATE_CLOSED) ||
           cx_broken(f, "%.*s recalls nothing", CX_VIEW_ARGS(c->cause));
}

static bool stands_on_recalled(const cx_ledger *l, const cx_known_entry *e) {
    for (size_t i = 0; i < e->now->rests_on.n && e->now->role == CX_ROLE_SUBJECT; i++) {
        const cx_known_record *r =
            cx_ledger_record(l, e->subject, e->now->department, e->now->rests_on.items[i]);
        if (r != NULL && r->now->state == CX_ENTRY_STATE_RECALLED)
            return true;
    }
    return false;
}

static bool was_undone(const cx_ledger *l, cx_view entry, cx_view who) {
    for (size_t i = 0; i < l->told_n; i++)
        if (cx_view_eq(l->told[i].entry, entry) && cx_view_eq(l->told[i].department, who) &&
            l->told[i].last->kind == CX_NOTICE_KIND_UNDO)
            return true;
    return false;
}

/* Everybody who was shown it has been told to undo what was done with it. */
static bool readers_told(const cx_ledger *l, const cx_inquired *a, cx_fault *f) {
    if (!a->answered || a->shown == NULL || cx_pack_department(l->pack, a->who) == NULL)
        return true;
    for (size_t i = 0; i < a->shown->entries.n; i++) {
        const cx_known_entry *e = cx_ledger_entry(l, a->shown->entries.items[i].id);
        if (e != NULL && e->now->state == CX_ENTRY_STATE_RECALLED && !was_undone(l, e->id, a->who))
            return cx_broken(f, "%.*s had seen the entry and was not told", CX_VIEW_ARGS(a->who));
    }
    for (size_t i = 0; i < a->shown->records.n; i++) {
        const cx_status_record *s = &a->shown->records.items[i];
        const cx_known_record *r =
            cx_ledger_record(l, cx_ledger_resolve(l, a->subject), s->department, s->event_id);
        char id[160];
        if (r == NULL || r->now->state != CX_ENTRY_STATE_RECALLED)
            continue;
        size_t n = s->department.n + 1 + s->event_id.n;
        if (n > sizeof id)
            continue;
        (void)memcpy(id, s->department.p, s->department.n);
        id[s->department.n] = '/';
        (void)memcpy(id + s->department.n + 1, s->event_id.p, s->event_id.n);
        if (!was_undone(l, (cx_view){id, n}, a->who))
            return cx_broken(f, "%.*s had seen the record and was not told", CX_VIEW_ARGS(a->who));
    }
    return true;
}

/* By this notice, or by another about the same measure of the entry: a department that carried it out under
 * an identifier which was changed since is told under the new one. */
static bool undone_somehow(const cx_ledger *l, const cx_told *t) {
    for (size_t i = 0; i < l->told_n; i++)
        if (cx_view_eq(l->told[i].entry, t->entry) && cx_view_eq(l->told[i].department, t->department) &&
            cx_view_eq(l->told[i].code, t->code) && l->told[i].last->kind == CX_NOTICE_KIND_UNDO)
            return true;
    return false;
}

static bool told_right(const cx_ledger *l, const cx_told *t, cx_fault *f) {
    const cx_known_entry *e = cx_ledger_entry(l, t->entry);
    bool recalled = e != NULL && e->now->state == CX_ENTRY_STATE_RECALLED;
    if (recalled && (t->out || !undone_somehow(l, t)))
        return cx_broken(f, "%.*s was not told to undo %.*s", CX_VIEW_ARGS(t->department),
                         CX_VIEW_ARGS(t->code));
    if (t->last->kind != CX_NOTICE_KIND_UNDO)
        return true;
    if (!t->last->has_respond_by)
        return cx_broken(f, "an undoing without a day to answer");
    bool late = t->answered_on == CX_NO_DATE && t->last->respond_by < l->today;
    return !late || t->reminded ||
           cx_broken(f, "%.*s owes an answer and was not reminded", CX_VIEW_ARGS(t->department));
}

/* What ended is kept for 13 months, within which a recall can meet it (architecture, "Event ids"). */
static bool long_ago(const cx_ledger *l, const cx_list_entry *e) {
    return e->has_ended_on && cx_date_add_months(e->ended_on, 13) <= l->today;
}

bool cx_hold_recall_standing(const cx_ledger *l, cx_fault *f) {
    for (size_t i = 0; i < l->entry_n;
         i++) { /* a recall reaches those whom it had bound, whatever became of them */
        const cx_known_entry *org = cx_ledger_entry(l, l->entries[i].now->organisation_entry);
        if (org != NULL && org->now->state == CX_ENTRY_STATE_RECALLED && l->entries[i].stood &&
            l->entries[i].now->state != CX_ENTRY_STATE_RECALLED && !long_ago(l, l->entries[i].now))
            return cx_broken(f, "a person's share survived the recall");
    }
    for (size_t i = 0; i < l->entry_n; i++)
        if (cx_state_is_live(l->entries[i].now->state) && stands_on_recalled(l, &l->entries[i]))
            return cx_broken(f, "an entry stands on a recalled record");
    for (size_t i = 0; i < l->told_n; i++)
        if (!told_right(l, &l->told[i], f))
            return false;
    for (size_t i = 0; i < l->answer_n; i++)
        if (!readers_told(l, &l->answers[i], f))
            return false;
    return true;
}

/* --- I-CORRECT ---------------------------------------------------------------------------------------- */
static bool part_of(const cx_view_array *part, const cx_view_array *whole) {
    for (size_t i = 0; i < part->n; i++)
        if (!cx_views_have(whole, part->items[i]))
            return false;
    return true;
}

static bool entry_no_worse(const cx_list_entry *now, const cx_list_entry *then, cx_fault *f) {
    bool longer = then->has_until && (!now->has_until || now->until > then->until);
    bool more = now->grade > then->grade || !part_of(&now->measures, &then->measures) ||
                !part_of(&now->rests_on, &then->rests_on) || !cx_view_eq(now->list, then->list);
    return (!longer && !more) ||
           cx_broken(f, longer ? "the term became longer" : "grade, list or measures became worse");
}

static bool record_no_worse(const cx_kept_record *now, const cx_kept_record *then, cx_fault *f) {
    const cx_classification *a = &now->classification, *b = &then->classification;
    bool adverse = a->direction == CX_DIRECTION_ADVERSE;
    bool longer =
        adverse && a->has_display_until && (!b->has_display_until || a->display_until > b->display_until);
    bool listed = adverse && a->list.n > 0 && !cx_view_eq(a->list, b->list);
    bool graver = adverse && (a->grade > b->grade || b->direction != CX_DIRECTION_ADVERSE);
    return !(longer || listed || graver) || cx_broken(f, "the record became worse");
}

bool cx_hold_correct_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f) {
    if (!cx_view_is(c->cause, "CORRECTION") && !cx_view_is(c->cause, "REVIEW_VARIED"))
        return true;
    if (c->entry != NULL) {
        const cx_known_entry *e = cx_ledger_entry(l, c->entry->id);
        if (e == NULL)
            return cx_broken(f, "a correction of nothing");
        bool ended =
            c->entry->state == CX_ENTRY_STATE_EXPIRED && c->entry->until <= cx_date_of_time(d->effective);
        bool resumed =
            cx_state_is_live(c->entry->state) && cx_state_is_live(c->from); /* a review ends its stay */
        if (c->entry->state != c->from && !ended && !resumed)
            return cx_broken(f, "a correction changed the state");
        if (c->entry->version != e->now->version + 1)
            return cx_broken(f, "a correction is no new version");
        return entry_no_worse(c->entry, e->now, f);
    }
    const cx_known_record *r = cx_ledger_record(l, d->subject, c->record->department, c->record->event_id);
    if (r == NULL || c->record->version != r->now->version + 1)
        return cx_broken(f, "a correction is no new version");
    if (c->record->state != c->from && c->record->state != CX_ENTRY_STATE_EXPIRED)
        return cx_broken(f, "a correction changed the record's state");
    return record_no_worse(c->record, r->now, f);
}

/* --- I-LENIENT ---------------------------------------------------------------------------------------- */
typedef struct weight {
    bool listed;
    int grade, months;
    cx_view_array measures;
} weight;

/* No component worse, one better. */
static bool milder(const weight *a, const weight *b) {
    bool worse = a->listed > b->listed || a->grade > b->grade || a->months > b->months ||
                 !part_of(&a->measures, &b->measures);
    bool better = a->listed < b->listed || a->grade < b->grade || a->months < b->months ||
                  !part_of(&b->measures, &a->measures);
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
        return r == NULL || record_no_worse(c->record, r->now, f);
    }
    const cx_known_entry *e = cx_ledger_entry(l, c->entry->id);
    if (e == NULL || (!cx_state_is_live(e->now->state) && cx_state_is_live(c->entry->state)))
        return cx_broken(f, "a new law puts somebody on a list");
    return !cx_state_is_live(c->entry->state) || entry_no_worse(c->entry, e->now, f);
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
