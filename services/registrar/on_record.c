/* Records: kept, corrected, recalled, repaired, ended; and what rests on them. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"
#include "common/law/publication.h"

static bool consent_stands(const cx_kept_consent *c, cx_date today) {
    return !c->revoked && (!c->has_until || today <= c->until);
}

#ifdef CX_SEEDED_MISTAKES
static bool has_points(const cx_work *w) {
    for (size_t i = 0; i < w->state.consents.n; i++)
        if (cx_view_is(w->state.consents.items[i].scope, "POINTS"))
            return true;
    return false;
}
#else
#define has_points(w) false
#endif

/* Consented facts need a consent that was not revoked; and nobody keeps what the subject refused. */
static cx_rc check_consents(const cx_work *w) {
    cx_view scope = w->header->consent_scope;
    const cx_classification *k = w->in->classification;
    bool revoked = false, stands = false;
    for (size_t i = 0; i < w->state.consents.n; i++) {
        const cx_kept_consent *c = &w->state.consents.items[i];
        if (scope.n > 0 && cx_view_eq(c->scope, scope)) {
            revoked = revoked || c->revoked;
            stands = stands || consent_stands(c, w->today);
        }
        /* A subject may refuse honours and volunteering: a consent of scope REFUSE:<category>. */
        cx_view rest;
        if (k->direction == CX_DIRECTION_POSITIVE && consent_stands(c, w->today) &&
            cx_view_is(cx_view_split(c->scope, ':', &rest), "REFUSE") && cx_view_eq(rest, k->category))
            return CX_SUBJECT_REFUSED;
    }
    if (CX_MISTAKE(POINTS_REFUSE) && has_points(w) && k->direction == CX_DIRECTION_POSITIVE)
        return CX_SUBJECT_REFUSED;
    return revoked && !stands && !CX_MISTAKE(REVOKED_CONSENT_COUNTS) ? CX_CONSENT_REVOKED : CX_OK;
}

static cx_rc check_roles(const cx_work *w, const cx_record *record) {
    for (size_t i = 0; i < record->roles.n; i++) {
        const cx_role_holder *holder = &record->roles.items[i];
        if (holder->evidence.n == 0 || holder->role == CX_ROLE_UNKNOWN || holder->holder < 0 ||
            (size_t)holder->holder >= w->header->others.n)
            return CX_ROLE_WITHOUT_EVIDENCE;
        if (w->header->subject_type != CX_SUBJECT_TYPE_ORGANISATION)
            return CX_ROLE_NOT_NAMED;
    }
    return CX_OK;
}

static void fill(const cx_work *w, const cx_record *record, const cx_classification *k, cx_kept_record *r) {
    r->item = record->item;
    r->document = w->header->document;
    r->act_on = w->header->happened_on;
    r->has_amount = record->has_amount;
    r->amount = record->amount;
    r->facts = record->facts;
    r->roles = record->roles;
    r->others = w->header->others;
    r->classification = *k;
}

/* What a record is that was put in place of another: it is shown for a term from the determining document,
 * that of the record which it corrects, whatever the date of the correction's own. A court reports no item
 * itself, so that the classifier leaves what it varied to whoever knows the record. */
static cx_rc judge_anew(const cx_work *w, const cx_kept_record *before, const cx_record *record,
                        cx_date act_on, cx_classification *out) {
    cx_record_facts facts = {.item = cx_pack_item(w->pack, record->item),
                             .subject_type = before->subject_type,
                             .record = record,
                             .decided_on = before->document.date};
    if (facts.item == NULL)
        return CX_ITEM_NOT_IN_CATALOG;
    CX_TRY(cx_judge_record_leniently(w->policies, before->jurisdiction, &facts, act_on, before->document.date,
                                     w->now, w->arena, out));
    if (out->list.n > 0 && !cx_words_have(facts.item->lists, out->list))
        out->list = CX_VIEW("");
    out->basis = w->in->classification != NULL ? w->in->classification->basis : before->document.legal_basis;
    return CX_OK;
}

/* An adverse act ends what is on a red list. */
static cx_rc adverse_act(cx_work *w) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        cx_rc rc = cx_work_procedure(w, &w->state.entries.items[i]) == CX_PROCEDURE_RED
                       ? cx_work_move(w, i, CX_MOVE_ADVERSE_ACT)
                       : CX_OK;
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
    }
    return CX_OK;
}

#ifdef CX_SEEDED_MISTAKES
/* Three adverse records, and nobody decided. */
static cx_rc list_by_count(cx_work *w, const cx_kept_record *r) {
    size_t n = 0;
    for (size_t i = 0; i < w->state.records.n; i++)
        n += w->state.records.items[i].classification.direction == CX_DIRECTION_ADVERSE;
    if (n < 3 || !CX_MISTAKE(THREE_STRIKES) || r->classification.list.n == 0)
        return CX_OK;
    cx_kept_record record = *r;
    cx_list_entry *e = cx_work_add_entry(w);
    if (e == NULL)
        return CX_OUT_OF_MEMORY;
    *e = (cx_list_entry){.id = CX_VIEW("e.3"),
                         .version = 1,
                         .list = record.classification.list,
                         .state = CX_ENTRY_STATE_IN_FORCE,
                         .department = record.department,
                         .jurisdiction = record.jurisdiction,
                         .document = record.document,
                         .subject_type = record.subject_type,
                         .role = CX_ROLE_SUBJECT,
                         .has_from = true,
                         .from = w->today,
                         .has_until = true,
                         .until = w->today + 365};
    (void)memcpy(e->pack, record.classification.pack, CX_PACK_HASH);
    return cx_work_say_entry(w, "RECORD", CX_ENTRY_STATE_NONE, e);
}
#endif

/* What is shown has to be published in time, where the open-data list has it. */
static void set_publish_by(const cx_work *w, cx_kept_record *r) {
    const cx_item *item = cx_pack_item(w->pack, r->item);
    bool shown = item != NULL && r->classification.has_display_until && r->consent_scope.n == 0;
    cx_date by =
        shown ? cx_publication_due(w->pack, item, r->subject_type, false, r->document.date) : CX_NO_DATE;
    r->has_publish_by = by != CX_NO_DATE;
    r->publish_by = r->has_publish_by ? by : 0;
}

cx_rc cx_on_record(cx_work *w) {
    const cx_record *record = w->event->body.record;
    if (w->in->classification == NULL)
        return CX_UNDECIDED;
    if (cx_work_find_record(w, w->header->department, w->header->event_id) >= 0)
        return CX_ID_REUSED; /* it came with a linked identifier's rows */
    CX_TRY(check_consents(w));
    CX_TRY(check_roles(w, record));
    cx_kept_record *r = cx_work_add_record(w);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    fill(w, record, w->in->classification, r);
    r->event_id = w->header->event_id;
    r->version = 1;
    r->department = w->header->department;
    r->jurisdiction = w->header->jurisdiction;
    r->subject_type = w->header->subject_type;
    r->consent_scope = w->header->consent_scope;
    set_publish_by(w, r);
    bool over = r->classification.has_display_until && r->classification.display_until < w->today;
    r->state = over ? CX_ENTRY_STATE_EXPIRED : CX_ENTRY_STATE_IN_FORCE;
    r->has_ended_on = over;
    r->ended_on = over ? r->classification.display_until + 1 : 0;
    if (CX_MISTAKE(POINTS_SOFTEN) && has_points(w))
        r->classification.has_display_until = false;
    CX_TRY(cx_work_say_record(w, "RECORD", CX_ENTRY_STATE_NONE, r));
#ifdef CX_SEEDED_MISTAKES
    CX_TRY(list_by_count(w, r));
#endif
    return r->classification.direction == CX_DIRECTION_ADVERSE ? adverse_act(w) : CX_OK;
}

cx_rc cx_end_record(cx_work *w, size_t i, cx_entry_state to, const char *cause) {
    cx_kept_record *r = cx_work_record(w, i);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    cx_entry_state from = r->state;
    r->state = to;
    r->has_ended_on = true;
    r->ended_on = to == CX_ENTRY_STATE_EXPIRED && r->classification.has_display_until
                      ? r->classification.display_until + 1
                      : w->today;
    return cx_work_say_record(w, cause, from, r);
}

/* Entries of this subject that are built on the record. */
static bool rests_on(const cx_list_entry *e, const cx_kept_record *r) {
    return e->role == CX_ROLE_SUBJECT && cx_view_eq(e->department, r->department) &&
           cx_views_have(&e->rests_on, r->event_id);
}

/* A red entry that this act had ended is restored: as if the event had never been. */
static cx_rc restore(cx_work *w, const cx_kept_record *r) {
    for (size_t i = 0; i < w->state.entries.n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        if (e->state != CX_ENTRY_STATE_REMOVED || !cx_view_eq(e->ended_by, r->event_id) ||
            cx_work_procedure(w, e) != CX_PROCEDURE_RED)
            continue;
        bool other = false; /* another adverse act still stands */
        for (size_t k = 0; k < w->state.records.n && !other; k++)
            other = w->state.records.items[k].state == CX_ENTRY_STATE_IN_FORCE &&
                    w->state.records.items[k].classification.direction == CX_DIRECTION_ADVERSE;
        if (!other)
            CX_TRY(cx_work_move(w, i, CX_MOVE_ACT_RECALLED));
    }
    return CX_OK;
}

static cx_rc recall_entries(cx_work *w, const cx_kept_record *r) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        cx_rc rc = rests_on(&w->state.entries.items[i], r) && !CX_MISTAKE(ENTRIES_SURVIVE)
                       ? cx_work_move(w, i, CX_MOVE_BASE_RECALLED)
                       : CX_OK;
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc; /* what was closed or recalled before stays so */
    }
    return CX_OK;
}

cx_rc cx_recall_record(cx_work *w, size_t i, const char *cause) {
    if (w->state.records.items[i].state == CX_ENTRY_STATE_RECALLED)
        return CX_ILLEGAL_TRANSITION;
    CX_TRY(cx_end_record(w, i, CX_ENTRY_STATE_RECALLED, cause));
    cx_kept_record r = w->state.records.items[i];
    CX_TRY(cx_tell_queriers(w, r.classification.has_display_until, r.document.date));
    CX_TRY(recall_entries(w, &r));
    return r.classification.direction == CX_DIRECTION_ADVERSE ? restore(w, &r) : CX_OK;
}

static bool worse(const cx_classification *now, const cx_classification *then) {
    bool adverse = now->direction == CX_DIRECTION_ADVERSE;
    if (adverse && then->direction != CX_DIRECTION_ADVERSE)
        return true;
    if (!adverse)
        return false;
    bool shown_longer =
        now->has_display_until && (!then->has_display_until || now->display_until > then->display_until);
    bool listed = now->list.n > 0 && !cx_view_eq(now->list, then->list);
    return (now->grade > then->grade || shown_longer || listed) && !CX_MISTAKE(CORRECTED_FOR_THE_WORSE);
}

/* An entry whose record no longer leads to its list goes; one whose record weighs less weighs less. */
static cx_rc follow_correction(cx_work *w, const cx_kept_record *r) {
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        if (!rests_on(&w->state.entries.items[i], r) ||
            cx_work_procedure(w, &w->state.entries.items[i]) == CX_PROCEDURE_RED)
            continue;
        if (!cx_view_eq(r->classification.list, w->state.entries.items[i].list)) {
            cx_rc rc = cx_work_move(w, i, CX_MOVE_BASE_RECALLED);
            if (rc != CX_OK && !cx_is_verdict(rc))
                return rc;
        } else if (w->state.entries.items[i].grade > r->classification.grade &&
                   w->state.entries.items[i].rests_on.n == 1) {
            cx_list_entry *e = cx_work_entry(w, i);
            if (e == NULL)
                return CX_OUT_OF_MEMORY;
            e->grade = r->classification.grade;
            e->version++;
            CX_TRY(cx_work_say_entry(w, "CORRECTION", e->state, e));
        }
    }
    return CX_OK;
}

cx_rc cx_correct_record(cx_work *w, size_t i, const cx_record *record, const char *cause) {
    cx_kept_record before = w->state.records.items[i];
    cx_classification k;
    if (before.state == CX_ENTRY_STATE_RECALLED || before.state == CX_ENTRY_STATE_REMOVED)
        return CX_ILLEGAL_TRANSITION;
    CX_TRY(check_roles(w, record));
    /* A department corrects the date of its act too; a review's own date is none of the act. */
    bool own = w->event->body_kind == CX_EVENT_BODY_CORRECTION;
    cx_date act_on = own ? w->header->happened_on : before.act_on;
    CX_TRY(judge_anew(w, &before, record, act_on, &k));
    if (worse(&k, &before.classification))
        return CX_WORSE_FOR_SUBJECT;
    cx_kept_record *r = cx_work_record(w, i);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    cx_document document = before.document; /* the term runs from where it ran */
    if (cx_view_eq(w->header->department, before.department))
        document.number = w->header->document.number;
    fill(w, record, &k, r);
    r->document = document;
    r->act_on = act_on;
    r->version++;
    bool over = r->state == CX_ENTRY_STATE_IN_FORCE && r->classification.has_display_until &&
                r->classification.display_until < w->today;
    if (over) {
        r->state = CX_ENTRY_STATE_EXPIRED;
        r->has_ended_on = true;
        r->ended_on = w->today;
    }
    CX_TRY(cx_work_say_record(w, cause, before.state, r));
    cx_kept_record after = *r;
    CX_TRY(cx_release_persons(w, &before, &after));
    return follow_correction(w, &after);
}
