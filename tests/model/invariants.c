#include "tests/model/invariants.h"

#include "common/law/procedure.h"

static bool broken(cx_err *err, const char *invariant, cx_view what) {
    (void)cx_fail(err, CX_USAGE, "%s: %.*s", invariant, CX_VIEW_ARGS(what));
    return false;
}

/* --- now ---------------------------------------------------------------------------------------------- */
static const cx_list_entry *entry_of(const cx_subject_state *s, cx_view id) {
    for (size_t i = 0; s != NULL && i < s->entries.n; i++)
        if (cx_view_eq(s->entries.items[i].id, id))
            return &s->entries.items[i];
    return NULL;
}

static bool nothing_past_its_end(const cx_status *s, cx_date today, cx_err *err) {
    for (size_t i = 0; i < s->entries.n; i++)
        if (s->entries.items[i].has_until && s->entries.items[i].until <= today)
            return broken(err, "I-EXPIRY", s->entries.items[i].id);
    for (size_t i = 0; i < s->records.n; i++)
        if (s->records.items[i].until <= today)
            return broken(err, "I-EXPIRY", s->records.items[i].event_id);
    return true;
}

/* What a department was last told of a measure fits its entry. */
static bool told_right(const cx_issued_measure *row, const cx_list_entry *e, cx_err *err) {
    bool live = e != NULL && cx_state_is_live(e->state) && cx_views_have(&e->measures, row->code);
    bool out = row->state == CX_MEASURE_STAGE_ISSUED || row->state == CX_MEASURE_STAGE_RESTING;
    /* One that had ended before a link is issued again when the last cause is gone. */
    bool waits = live && e->suspensions.n > 0;
    if (out != live && !waits && (out || row->code.n > 0) && e != NULL)
        return broken(err, "a measure does not follow its entry", row->id);
    if (out && !row->has_until && !row->has_review_on)
        return broken(err, "I-CATALOG", row->id);
    if (out && e->suspensions.n == 0 && row->state != CX_MEASURE_STAGE_ISSUED)
        return broken(err, "a measure rests without a cause", row->id);
    if (e != NULL && e->state == CX_ENTRY_STATE_RECALLED && row->last_kind != CX_NOTICE_KIND_UNDO)
        return broken(err, "I-RECALL", row->id);
    return true;
}

/* I-PERSONAL: a share's measures are those whose bases name the role. */
static bool borne_right(const cx_list_entry *e, const cx_pack *pack, cx_err *err) {
    for (size_t i = 0; i < e->measures.n && e->role != CX_ROLE_SUBJECT; i++) {
        const cx_measure *m = cx_pack_measure(pack, e->measures.items[i]);
        if (m == NULL || (m->roles & (1U << e->role)) == 0 || (e->list.n == 0 && !m->court_only))
            return broken(err, "I-PERSONAL", e->id);
    }
    return true;
}

/* Every measure of an entry in force is with every department that carries it out. */
static bool all_told(const cx_list_entry *e, const cx_measure_state *rows, const cx_pack *pack, cx_err *err) {
    for (size_t i = 0; i < e->measures.n; i++) {
        const cx_measure *m = cx_pack_measure(pack, e->measures.items[i]);
        bool person = e->subject_type == CX_SUBJECT_TYPE_PERSON;
        if (m == NULL || (m->roles & (1U << e->role)) == 0 || !(person ? m->person : m->organisation))
            continue;
        bool rests = cx_measure_rests(pack, m, &e->suspensions);
        for (size_t k = 0; k < m->responders.n; k++) {
            const cx_issued_measure *found = NULL;
            for (size_t r = 0; rows != NULL && r < rows->measures.n; r++)
                if (cx_view_eq(rows->measures.items[r].entry, e->id) &&
                    cx_view_eq(rows->measures.items[r].code, m->code) &&
                    cx_view_eq(rows->measures.items[r].department, m->responders.items[k]))
                    found = &rows->measures.items[r];
            if (!rests && (found == NULL || found->state != CX_MEASURE_STAGE_ISSUED))
                return broken(err, "a measure was not issued", m->code);
            if (rests && found != NULL && found->state == CX_MEASURE_STAGE_ISSUED)
                return broken(err, "I-OBJECTION", m->code);
        }
    }
    return true;
}

/* I-RECALL: nothing stands on what was recalled. */
static bool stands_on_something(const cx_subject_state *s, const cx_list_entry *e, cx_err *err) {
    for (size_t i = 0; i < e->rests_on.n && e->role == CX_ROLE_SUBJECT; i++) {
        const cx_kept_record *r = cx_state_record(s, e->department, e->rests_on.items[i]);
        if (r != NULL && r->state == CX_ENTRY_STATE_RECALLED)
            return broken(err, "I-RECALL", e->id);
    }
    return true;
}

static bool subject_now(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT], cx_date today,
                        const cx_pack *pack, cx_err *err) {
    const cx_status *status = cx_chain_status(chain, subject);
    const cx_subject_state *state = cx_chain_state(chain, subject);
    const cx_measure_state *rows = cx_chain_measures(chain, subject);
    if (status != NULL && !nothing_past_its_end(status, today, err))
        return false;
    for (size_t i = 0; rows != NULL && i < rows->measures.n; i++)
        if (!told_right(&rows->measures.items[i], entry_of(state, rows->measures.items[i].entry), err))
            return false;
    for (size_t i = 0; state != NULL && i < state->entries.n; i++)
        if (cx_state_is_live(state->entries.items[i].state) &&
            (!stands_on_something(state, &state->entries.items[i], err) ||
             !borne_right(&state->entries.items[i], pack, err) ||
             !all_told(&state->entries.items[i], rows, pack, err)))
            return false;
    return true;
}

bool cx_invariants_now(const cx_chain *chain, cx_date today, const cx_pack *pack, cx_err *err) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_STATUS);
    for (size_t i = 0; i < log->n; i++) {
        const cx_status *s = log->items[i].value;
        if (log->items[i].key.n == CX_CHAIN_SUBJECT && !subject_now(chain, s->subject, today, pack, err))
            return false;
    }
    return true;
}

/* --- the log ------------------------------------------------------------------------------------------ */
static bool is_derived(const cx_event *e) {
    return e->cause != NULL && (!e->cause->forwarded || e->body_kind >= CX_EVENT_BODY_BOUND);
}

/* Accepted statements on a notice of this subject's, before message i, that the decision does not answer. */
static bool unanswered(const cx_chain_log *log, size_t i, const cx_list_entry *e,
                       const cx_listing_decision *decision) {
    for (size_t k = 0; k < i; k++) {
        const cx_decided *d = log->items[k].value;
        const cx_event *event = &d->classified.event;
        if (event->body_kind != CX_EVENT_BODY_STATEMENT || !cx_view_is(d->verdict, "OK") ||
            d->changes.n == 0 || !cx_view_eq(event->body.statement->notice, e->notice) ||
            !cx_view_eq(event->header->department, e->department) ||
            !cx_view_eq(d->changes.items[0].entry->id, e->id))
            continue;
        bool found = false;
        for (size_t a = 0; a < decision->answers.n; a++)
            found = found || cx_view_eq(decision->answers.items[a].statement, event->header->event_id);
        if (!found)
            return true;
    }
    return false;
}

/* An accepted notice that opened the entry, before message i. */
static bool was_noticed(const cx_chain_log *log, size_t i, const cx_list_entry *e) {
    for (size_t k = 0; k < i; k++) {
        const cx_decided *d = log->items[k].value;
        if (d->classified.event.body_kind == CX_EVENT_BODY_LISTING_NOTICE && cx_view_is(d->verdict, "OK") &&
            d->changes.n > 0 && d->changes.items[0].entry != NULL &&
            cx_view_eq(d->changes.items[0].entry->id, e->id))
            return true;
    }
    return false;
}

/* I-NOTICE and I-HUMAN of an entry that a decision put in force. */
static bool listed_right(const cx_chain_log *log, size_t i, const cx_decided *d, const cx_list_entry *e,
                         cx_err *err) {
    const cx_event *event = &d->classified.event;
    if (event->body_kind != CX_EVENT_BODY_LISTING_DECISION || is_derived(event))
        return broken(err, "I-HUMAN", e->id);
    if (event->header->official.role == CX_OFFICIAL_ROLE_NONE || event->header->document.number.n == 0 ||
        event->body.listing_decision->measures.n == 0 || event->body.listing_decision->exit.n == 0 ||
        event->body.listing_decision->remedy.n == 0)
        return broken(err, "I-HUMAN", e->id);
    if (cx_view_is(e->list, "B-COURT"))
        return cx_view_is(event->header->department, "court") || broken(err, "I-NOTICE", e->id);
    bool closed = e->has_window_ends && event->header->document.date >= e->window_ends &&
                  cx_date_of_time(d->effective) >= e->window_ends;
    if (!closed || !was_noticed(log, i, e) || unanswered(log, i, e, event->body.listing_decision))
        return broken(err, "I-NOTICE", e->id);
    return true;
}

/* I-CORRECT: against the entry's version before. */
static bool corrected_right(const cx_chain_log *log, size_t i, const cx_decided *d, const cx_change *c,
                            cx_err *err) {
    for (size_t k = i; k-- > 0;) {
        const cx_decided *before = log->items[k].value;
        for (size_t n = 0; n < before->changes.n; n++) {
            const cx_list_entry *old = before->changes.items[n].entry;
            if (old == NULL || !cx_view_eq(old->id, c->entry->id) ||
                memcmp(before->subject, d->subject, sizeof d->subject) != 0)
                continue;
            bool longer = old->has_until && (!c->entry->has_until || c->entry->until > old->until);
            bool more = c->entry->grade > old->grade || c->entry->measures.n > old->measures.n;
            return (!longer && !more) || broken(err, "I-CORRECT", c->entry->id);
        }
    }
    return true;
}

/* I-PERSONAL: the model's measure of heads binds whoever held the role on the day of the act. */
static bool bound_right(const cx_decided *d, const cx_list_entry *e, cx_err *err) {
    const cx_event *event = &d->classified.event;
    if (event->body_kind != CX_EVENT_BODY_BOUND || !cx_state_is_live(e->state))
        return true;
    const cx_role_holder *holder = &event->body.bound->role;
    cx_date act = event->header->happened_on;
    bool held = holder->from <= act && (!holder->has_to || act <= holder->to) && holder->evidence.n > 0;
    return held || !cx_views_have(&e->measures, CX_VIEW("M-HEADS")) || broken(err, "I-PERSONAL", e->id);
}

static bool change_right(const cx_chain_log *log, size_t i, const cx_decided *d, const cx_change *c,
                         cx_tally *tally, cx_err *err) {
    const cx_list_entry *e = c->entry;
    if (e == NULL)
        return true;
    tally->states[e->state]++;
    if (!bound_right(d, e, err))
        return false;
    bool black = e->list.n > 0 && e->list.p[0] == 'B';
    bool enters =
        cx_state_is_live(e->state) && (c->from == CX_ENTRY_STATE_NONE || c->from == CX_ENTRY_STATE_NOTIFIED);
    if (e->role != CX_ROLE_SUBJECT && cx_view_is(e->list, "B-COURT"))
        return broken(err, "I-PERSONAL", e->id);
    if (black && enters && e->role == CX_ROLE_SUBJECT && !cx_view_is(c->cause, "LINKED") &&
        !listed_right(log, i, d, e, err))
        return false;
    bool corrects = cx_view_is(c->cause, "CORRECTION") || cx_view_is(c->cause, "REVIEW_VARIED") ||
                    cx_view_is(c->cause, "ACTIVATION");
    return !corrects || corrected_right(log, i, d, c, err);
}

/* Ids and places are each one's own: what PostgreSQL and the departments key by. */
static bool all_different(const cx_chain *chain, cx_err *err) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_NOTICES);
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *a = log->items[i].value;
        for (size_t k = 0; k < i && a->department.n > 0; k++) {
            const cx_dispatch *b = log->items[k].value;
            bool same = a->origin.partition == b->origin.partition && a->origin.offset == b->origin.offset &&
                        a->index == b->index && b->department.n > 0;
            if (same || (a->notice != NULL && b->notice != NULL && cx_view_eq(a->notice->id, b->notice->id)))
                return broken(err, "two notices in one place", a->department);
        }
    }
    log = cx_chain_log_of(chain, CX_CHAIN_RECORDS);
    for (size_t i = 0; i < log->n; i++) {
        const cx_event *a = log->items[i].value;
        for (size_t k = 0; k < i && a->cause != NULL; k++) {
            const cx_event *b = log->items[k].value;
            if (b->cause != NULL && a->cause->partition == b->cause->partition &&
                a->cause->offset == b->cause->offset && a->cause->index == b->cause->index)
                return broken(err, "two derived events of one cause", CX_VIEW(""));
        }
    }
    return true;
}

static size_t brought_home(const cx_chain *chain) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_NOTICES);
    size_t n = 0;
    for (size_t i = 0; i < log->n; i++)
        n += ((const cx_dispatch *)log->items[i].value)->rejection != NULL;
    return n;
}

bool cx_invariants_log(const cx_chain *chain, cx_tally *tally, cx_err *err) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_DECIDED);
    size_t home = 0;
    for (size_t i = 0; i < log->n; i++) {
        const cx_decided *d = log->items[i].value;
        bool ok = cx_view_is(d->verdict, "OK");
        if (!ok && d->changes.n > 0)
            return broken(err, "a refused event changed something", d->verdict);
        home += !ok && !cx_view_is(d->verdict, "DUPLICATE") && !is_derived(&d->classified.event);
        tally->derived += is_derived(&d->classified.event);
        if (d->classified.event.header != NULL && !is_derived(&d->classified.event)) {
            tally->accepted += ok;
            tally->refused += !ok;
        }
        for (size_t k = 0; k < d->changes.n; k++)
            if (!change_right(log, i, d, &d->changes.items[k], tally, err))
                return false;
    }
    if (!all_different(chain, err))
        return false;
    return home == brought_home(chain) || broken(err, "a refusal did not come home, or twice", CX_VIEW(""));
}
