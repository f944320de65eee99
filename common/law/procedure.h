/* The procedures of the lists: which event moves a list entry from which state to which, and what is
 * checked before. One row of the table is one transition; what has no row is illegal.
 *
 * Source of the rules: rights.md, "Lists and their procedures"; what a pack may vary (window, lapse, term,
 * effect of an objection, repair, extension) is read from its lists.csv. Pure: a check allocates from the
 * case's arena alone, reads no clock, and changes nothing but the findings of its case. Thread-safe.
 */
#ifndef CX_LAW_PROCEDURE_H
#define CX_LAW_PROCEDURE_H

#include "common/law/judge.h"

/* What can happen to an entry. Kinds of events, with a ruling and a review's outcome by their result, and
 * what a tick, an activation or another entry brings about. */
#define CX_MOVE_MAP(X)                                                                                       \
    X(LISTING_NOTICE)                                                                                        \
    X(STATEMENT)                                                                                             \
    X(LISTING_DECISION)                                                                                      \
    X(NOTICE_WITHDRAWN)                                                                                      \
    X(LAPSE)                                                                                                 \
    X(OBJECTION)                                                                                             \
    X(COMPLAINT)                                                                                             \
    X(RULING_REJECTED)                                                                                       \
    X(RULING_PARTLY)                                                                                         \
    X(RULING_UPHELD)                                                                                         \
    X(CORRECTION)                                                                                            \
    X(WITHDRAWAL)                                                                                            \
    X(PERFORMANCE)                                                                                           \
    X(EXPLAINED)                                                                                             \
    X(EXTENSION)                                                                                             \
    X(REPAIR)                                                                                                \
    X(REPAIR_REVOKED)                                                                                        \
    X(REVIEW_FILED)                                                                                          \
    X(STAY_ORDERED)                                                                                          \
    X(STAY_LIFTED)                                                                                           \
    X(REVIEW_UPHELD)                                                                                         \
    X(REVIEW_VARIED)                                                                                         \
    X(REVIEW_ANNULLED)                                                                                       \
    X(REORGANISATION)                                                                                        \
    X(REORGANISATION_ENDED)                                                                                  \
    X(EXPIRY)                                                                                                \
    X(REVIEW_DUE)                                                                                            \
    X(RED_NOMINATION)                                                                                        \
    X(RED_LISTING)                                                                                           \
    X(ADVERSE_ACT)                                                                                           \
    X(CONSENT_REVOKED)                                                                                       \
    X(ACT_RECALLED)                                                                                          \
    X(BASE_RECALLED)                                                                                         \
    X(SUBJECT_ENDED)                                                                                         \
    X(ACTIVATION)                                                                                            \
    X(DELISTED)

typedef enum cx_move {
#define CX_X(name) CX_MOVE_##name,
    CX_MOVE_MAP(CX_X)
#undef CX_X
        CX_MOVE_COUNT
} cx_move;

/* "LISTING_NOTICE" for CX_MOVE_LISTING_NOTICE: what Change.cause and Notice.cause show. Never NULL. */
const char *cx_move_name(cx_move move);

/* One entry before one move, and what the check of the move found for whoever carries it out. */
typedef struct cx_case {
    const cx_policies *policies;
    const cx_pack *pack; /* in force now, where the event belongs; never NULL */
    const cx_list *list; /* the entry's, or the one that the event names, in `pack`; NULL: not in it */
    const cx_subject_state *state;
    const cx_list_entry *entry; /* NULL: a new one */
    const cx_event *event;      /* its header is not NULL; NULL in a walk */
    cx_time now;
    cx_date today;
    cx_arena *arena;
    /* found */
    const cx_pack *chosen; /* the pack that I-LENIENT chooses for the entry */
    cx_view_array rests_on;
    cx_view_array measures;
    cx_view category;
    cx_grade grade;
    cx_date act_on;
    cx_date window_ends; /* CX_NO_DATE: none */
    cx_date lapses_on;   /* CX_NO_DATE: none */
    cx_date from;
    cx_date until;     /* CX_NO_DATE: until an event */
    cx_date review_on; /* CX_NO_DATE: none */
} cx_case;

/* CX_OK, a verdict why not, or OUT_OF_MEMORY. */
typedef cx_rc (*cx_check)(cx_case *c);

enum {
    CX_IN_NOTICE = 1 << CX_PROCEDURE_NOTICE,
    CX_IN_COURT = 1 << CX_PROCEDURE_COURT,
    CX_IN_RED = 1 << CX_PROCEDURE_RED,
    CX_IN_ALL = CX_IN_NOTICE | CX_IN_COURT | CX_IN_RED
};

typedef struct cx_transition {
    unsigned procedures; /* CX_IN_* */
    unsigned from;       /* bit (1 << cx_entry_state) for each state */
    cx_move move;
    cx_check check;    /* NULL: nothing to check */
    cx_entry_state to; /* CX_ENTRY_STATE_NONE: the state stays */
} cx_transition;

/* All transitions; a state, a procedure and a move have one row at most. */
const cx_transition *cx_procedure_table(size_t *n);
/* The row, or NULL: then the move is illegal there. */
const cx_transition *cx_procedure_find(cx_procedure procedure, cx_entry_state from, cx_move move);
/* Checks the move and says what the state becomes. An illegal one is refused with the reason that fits it
 * best: NO_NOTICE, NOTICE_LAPSED, NO_SUCH_OBJECTION, EXTENSION_NOT_PROVIDED, else ILLEGAL_TRANSITION.
 * procedure: of c->list; where that is NULL, of whoever knows. */
CX_MUST_CHECK cx_rc cx_procedure_move(cx_procedure procedure, cx_case *c, cx_move move, cx_entry_state *to);

/* States in which measures are out or rest: IN_FORCE and SUSPENDED. */
static inline bool cx_state_is_live(cx_entry_state state) {
    return state == CX_ENTRY_STATE_IN_FORCE || state == CX_ENTRY_STATE_SUSPENDED;
}
/* Whether a measure rests for these causes: a stay rests every measure; an objection and a reorganisation
 * rest the departments' credit measures, never a court's order nor a statutory ban (I-OBJECTION). */
bool cx_measure_rests(const cx_pack *pack, const cx_measure *measure, const cx_suspension_array *causes);
/* Whether a measure binds a person in that role at the date that its basis names (I-PERSONAL): role, date
 * and evidence. CX_OK, ROLE_NOT_NAMED, ROLE_NOT_AT_DATE, ROLE_WITHOUT_EVIDENCE. */
cx_rc cx_role_binds(const cx_measure *measure, const cx_role_holder *holder, cx_date act_on,
                    cx_date decided_on, cx_date today);
/* The activated pack with that hash, or NULL. */
const cx_pack *cx_policies_by_hash(const cx_policies *policies, const uint8_t hash[CX_PACK_HASH]);
/* Whether the array holds the word. */
bool cx_views_have(const cx_view_array *views, cx_view word);
/* The subject's record of that department and event id, or NULL. */
const cx_kept_record *cx_state_record(const cx_subject_state *state, cx_view department, cx_view event_id);

#endif
