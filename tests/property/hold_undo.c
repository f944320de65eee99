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
bool cx_hold_part_of(const cx_view_array *part, const cx_view_array *whole) {
    for (size_t i = 0; i < part->n; i++)
        if (!cx_views_have(whole, part->items[i]))
            return false;
    return true;
}

bool cx_hold_entry_no_worse(const cx_list_entry *now, const cx_list_entry *then, cx_fault *f) {
    bool longer = then->has_until && (!now->has_until || now->until > then->until);
    bool more = now->grade > then->grade || !cx_hold_part_of(&now->measures, &then->measures) ||
                !cx_hold_part_of(&now->rests_on, &then->rests_on) || !cx_view_eq(now->list, then->list);
    return (!longer && !more) ||
           cx_broken(f, longer ? "the term became longer" : "grade, list or measures became worse");
}

bool cx_hold_record_no_worse(const cx_kept_record *now, const cx_kept_record *then, cx_fault *f) {
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
        return cx_hold_entry_no_worse(c->entry, e->now, f);
    }
    const cx_known_record *r = cx_ledger_record(l, d->subject, c->record->department, c->record->event_id);
    if (r == NULL || c->record->version != r->now->version + 1)
        return cx_broken(f, "a correction is no new version");
    if (c->record->state != c->from && c->record->state != CX_ENTRY_STATE_EXPIRED)
        return cx_broken(f, "a correction changed the record's state");
    return cx_hold_record_no_worse(c->record, r->now, f);
}
