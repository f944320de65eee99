/* One decision of the registrar in the making: the subject's row, copied before it is changed, and what was
 * changed so far. Nothing is emitted for a refused event but its verdict, so a handler may give up at any
 * place. Inside the registrar only; everything lives in the step's arena. */
#ifndef CX_REGISTRAR_WORK_H
#define CX_REGISTRAR_WORK_H

#include "common/base/step.h"
#include "common/law/procedure.h"
#include "services/registrar/decide.h"

enum { CX_SUBJECT = 16, CX_SEEN_MONTHS = 13 };

typedef struct cx_work {
    cx_step *step;
    cx_arena *arena;
    const cx_classified *in;
    const cx_event *event;
    const cx_header *header; /* of the event; NULL in a walk */
    const cx_policies *policies;
    const cx_pack *pack; /* in force where the event belongs; NULL: none */
    cx_time now;         /* the last tick, or the walk's due */
    cx_date today;
    cx_subject_state state;
    bool own_entries, own_records, own_consents; /* the arrays are ours to write */
    bool relinked;                               /* where its rows stand has changed */
    bool touched;                                /* the row must be written */
    cx_change_array changes;
    size_t change_room;
    cx_public_decision_array publications; /* what became public, or ceased to be */
    cx_view_array tell;
    cx_kept_consent_array revoked; /* by this event */
    int32_t derived;               /* events derived so far */
    /* What a move is about, where its event does not say it by itself. */
    cx_view ruled_id, ruled_department;
    cx_view because; /* of a refusal: what it rests on */
} cx_work;

/* Begins with the subject's row, NULL for none. */
void cx_work_begin(cx_work *w, cx_step *step, const cx_subject_state *row, const uint8_t subject[CX_SUBJECT]);

/* Entry or record i, ours to change; NULL when out of memory. Valid until the next one is added. */
cx_list_entry *cx_work_entry(cx_work *w, size_t i);
cx_kept_record *cx_work_record(cx_work *w, size_t i);
cx_kept_consent *cx_work_consent(cx_work *w, size_t i);
/* A new one behind the others, cleared; NULL when out of memory. */
cx_list_entry *cx_work_add_entry(cx_work *w);
cx_kept_record *cx_work_add_record(cx_work *w);
cx_kept_consent *cx_work_add_consent(cx_work *w);

/* Says in the Decided how the entry, or the record, stands now. */
CX_MUST_CHECK cx_rc cx_work_say_entry(cx_work *w, const char *cause, cx_entry_state from,
                                      const cx_list_entry *entry);
CX_MUST_CHECK cx_rc cx_work_say_record(cx_work *w, const char *cause, cx_entry_state from,
                                       const cx_kept_record *record);

/* The case of an entry (NULL: a new one) and a list's code. */
cx_case cx_work_case(const cx_work *w, const cx_list_entry *entry, cx_view list);
/* The procedure under which an entry stands. */
cx_procedure cx_work_procedure(const cx_work *w, const cx_list_entry *entry);
/* The pack under which the entry was judged, else the one in force there; NULL: none. */
const cx_pack *cx_entry_pack(const cx_work *w, const cx_list_entry *entry);

/* Moves entry i: checks, changes, says, and lets the persons it binds follow. A verdict when refused. */
CX_MUST_CHECK cx_rc cx_work_move(cx_work *w, size_t i, cx_move move);
/* Opens an entry by its first event. */
CX_MUST_CHECK cx_rc cx_work_open(cx_work *w, cx_view list, cx_move move);
/* Moves each entry of that department and event id (of its decision; else of its notice). NO_SUCH_EVENT,
 * NOT_YOUR_EVENT when there is none; else the verdict on the first. */
CX_MUST_CHECK cx_rc cx_work_move_target(cx_work *w, cx_view department, cx_view event_id, cx_move move);
bool cx_entry_is_of(const cx_list_entry *entry, cx_view department, cx_view event_id);
/* Index of the record, or -1. */
ptrdiff_t cx_work_find_record(const cx_work *w, cx_view department, cx_view event_id);
/* NOT_YOUR_EVENT where another department has an event of that id here, else NO_SUCH_EVENT. */
cx_rc cx_work_no_target(const cx_work *w, cx_view event_id);

/* Who had seen the status since what is recalled now stood (if it ever did): they must be told too. */
CX_MUST_CHECK cx_rc cx_tell_queriers(cx_work *w, bool stood, cx_date from);

/* Whether an event of the log (or a walk for it) may cause one of that kind: what departments sent, and what
 * is passed on of it, any; an activation's walk, the annulment of a document and a link may let persons
 * follow their organisation (BOUND), which causes nothing. So a chain of causes is never longer than two
 * (docs/adr/0007). */
bool cx_may_cause(const cx_event *cause, cx_event_body_kind kind, bool forwarded);
/* An event derived from this one (architecture, "The only loop"), which it may cause. partition -1: by the
 * subject. */
CX_MUST_CHECK cx_rc cx_work_derive(cx_work *w, cx_event *event, bool forwarded, int32_t partition);
/* Whether a code is a verdict (data) and no failure of ours. */
static inline bool cx_is_verdict(cx_rc rc) {
    cx_class class = cx_rc_class(rc);
    return class == CX_CLASS_VERDICT || class == CX_CLASS_POISON;
}
/* Appends an item to an array in the arena (a copy: the old array stays as it was). NULL: out of memory. */
void *cx_append(cx_arena *arena, const void *items, size_t n, size_t size);
CX_MUST_CHECK cx_rc cx_add_view(cx_arena *arena, cx_view_array *views, cx_view v);
static inline bool cx_same_subject(const uint8_t a[CX_SUBJECT], const uint8_t b[CX_SUBJECT]) {
    return memcmp(a, b, CX_SUBJECT) == 0;
}

/* A tick or an activation: about no subject. */
bool cx_is_tick(const cx_event *event);
/* Made by a registrar, passed on or not: it bears another event's id, which is not to be remembered. */
bool cx_is_derived(const cx_event *event);
/* Keys of rows; {NULL, 0} when out of memory. */
cx_view cx_subject_key(cx_arena *arena, const void *subject);
cx_view cx_seen_key(cx_arena *arena, const void *subject, cx_view department, cx_view id);

/* --- the parts of the registrar ----------------------------------------------------------------------- */
/* What a move changes in the entry, its state apart. */
CX_MUST_CHECK cx_rc cx_apply_move(cx_work *w, cx_case *c, cx_list_entry *entry, cx_move move);

/* Remembers which of its measures the entry loses where `left` stay: a recall must reach those too. */
CX_MUST_CHECK cx_rc cx_keep_former(cx_arena *arena, cx_list_entry *e, const cx_view_array *left);

/* handlers of events, by kind; each gives CX_OK, a verdict, or OUT_OF_MEMORY */
cx_rc cx_on_record(cx_work *w);
cx_rc cx_on_listing_notice(cx_work *w);
cx_rc cx_on_statement(cx_work *w);
cx_rc cx_on_listing_decision(cx_work *w);
cx_rc cx_on_notice_withdrawn(cx_work *w);
cx_rc cx_on_red_nomination(cx_work *w);
cx_rc cx_on_red_listing(cx_work *w);
cx_rc cx_on_objection(cx_work *w);
cx_rc cx_on_complaint(cx_work *w);
cx_rc cx_on_ruling(cx_work *w);
cx_rc cx_on_review_filed(cx_work *w);
cx_rc cx_on_stay_ordered(cx_work *w);
cx_rc cx_on_stay_lifted(cx_work *w);
cx_rc cx_on_review_outcome(cx_work *w);
cx_rc cx_on_correction(cx_work *w);
cx_rc cx_on_withdrawal(cx_work *w);
cx_rc cx_on_performance(cx_work *w);
cx_rc cx_on_extension(cx_work *w);
cx_rc cx_on_repair(cx_work *w);
cx_rc cx_on_repair_revoked(cx_work *w);
cx_rc cx_on_consent(cx_work *w);
cx_rc cx_on_consent_revoked(cx_work *w);
cx_rc cx_on_subject_event(cx_work *w);
cx_rc cx_on_bound(cx_work *w);
cx_rc cx_on_linked(cx_work *w);
cx_rc cx_on_annulled(cx_work *w);
cx_rc cx_on_queried(cx_work *w);
cx_rc cx_on_breaker(cx_work *w);
cx_rc cx_on_breaker_release(cx_work *w);
cx_rc cx_on_disclosure(cx_work *w);

/* Ends what is public and would not be published as things stand now: after each decision and walk, so that
 * nothing stays public that is not in force (I-PRIVATE). */
CX_MUST_CHECK cx_rc cx_review_publications(cx_work *w);
/* The sender withdraws its disclosure of that event id; NO_SUCH_EVENT: there is none. */
CX_MUST_CHECK cx_rc cx_withdraw_disclosure(cx_work *w, cx_view event_id);
/* Recalls record i and all that rests on it (I-RECALL). */
CX_MUST_CHECK cx_rc cx_recall_record(cx_work *w, size_t i, const char *cause);
/* A record's new version, never worse (I-CORRECT); what rests on it follows. */
CX_MUST_CHECK cx_rc cx_correct_record(cx_work *w, size_t i, const cx_record *record, const char *cause);
/* Ends a record's display and use. */
CX_MUST_CHECK cx_rc cx_end_record(cx_work *w, size_t i, cx_entry_state to, const char *cause);
/* Lets the persons whom the organisation's entry binds follow it; first: it has just come into force. */
CX_MUST_CHECK cx_rc cx_bind_persons(cx_work *w, const cx_list_entry *entry, bool first);
/* Tells the persons who stood in `before` and no longer stand in the record's roles. */
CX_MUST_CHECK cx_rc cx_release_persons(cx_work *w, const cx_kept_record *before, const cx_kept_record *after);
/* Counts a listing of the department; HELD_BY_BREAKER where that trips, or it had tripped. */
CX_MUST_CHECK cx_rc cx_breaker_admit(cx_work *w);
/* Whose breaker a listing or a release is about: its department's, or a held activation's. */
cx_view cx_breaker_of(const cx_event *event);
/* What stands for a department in the breaker of an activation: "a.<jurisdiction>.<half the pack's hash>",
 * which no department's code can be, and which is its id. {NULL, 0} when out of memory. */
cx_view cx_activation_breaker(cx_arena *arena, const cx_activation *activation);
bool cx_is_activation_breaker(cx_view department);
/* Sets `because` for a refusal whose reason says that something is not known here. */
CX_MUST_CHECK cx_rc cx_work_say_because(cx_work *w, cx_rc reason);
/* Passes the event on to the subject that this one was linked to. */
CX_MUST_CHECK cx_rc cx_forward(cx_work *w);

/* Ends what is due; an activation's milder rules. */
CX_MUST_CHECK cx_rc cx_walk_due(cx_work *w);
CX_MUST_CHECK cx_rc cx_walk_activation(cx_work *w);
/* Counts the subject where a pack that is PROPOSED would make it listable. */
CX_MUST_CHECK cx_rc cx_walk_proposal(cx_work *w);
/* The activation itself: PROPOSED tells its limit, HELD trips its breaker, ACTIVATED removes that. */
CX_MUST_CHECK cx_rc cx_settle_activation(cx_step *step, const cx_activation *activation);
/* Whether anything of the row, ended under 13 months ago or not at all, names the event. */
bool cx_state_mentions(const cx_subject_state *state, cx_view department, cx_view event_id, cx_date today);
/* Sets the row's due. */
void cx_state_set_due(cx_subject_state *state);
/* What is in force now. */
CX_MUST_CHECK cx_rc cx_status_of(const cx_work *w, cx_status **out);

#endif
