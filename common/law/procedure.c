#include "common/law/procedure.h"

#include "common/law/procedure_checks.h"
#include "common/base/mistake.h"

#define S(state) (1U << CX_ENTRY_STATE_##state)
#define LIVE (S(IN_FORCE) | S(SUSPENDED))
#define DONE (S(EXPIRED) | S(REPAIRED))
#define STAYS CX_ENTRY_STATE_NONE
#define TO(state) CX_ENTRY_STATE_##state
#define M(name) CX_MOVE_##name
#define LISTS (CX_IN_NOTICE | CX_IN_COURT)

/* Where a row says IN_FORCE, the registrar settles it: SUSPENDED while causes of suspension stand, EXPIRED
 * where the term is already over. */
static const cx_transition table[] = {
    /* NOTICE: served notice, window, statements answered, decision. */
    {CX_IN_NOTICE, S(NONE), M(LISTING_NOTICE), cx_check_notice, TO(NOTIFIED)},
    {CX_IN_NOTICE, S(NOTIFIED), M(STATEMENT), NULL, STAYS},
    {CX_IN_NOTICE, S(NOTIFIED), M(LISTING_DECISION), cx_check_decision, TO(IN_FORCE)},
    {CX_IN_NOTICE, S(NOTIFIED), M(NOTICE_WITHDRAWN), NULL, TO(CLOSED)},
    {CX_IN_NOTICE | CX_IN_RED, S(NOTIFIED), M(LAPSE), NULL, TO(CLOSED)},
    /* COURT: in force from the court's decision; the warning is in the execution notice. */
    {CX_IN_COURT, S(NONE), M(LISTING_DECISION), cx_check_court_decision, TO(IN_FORCE)},
    {CX_IN_COURT, LIVE, M(PERFORMANCE), NULL, TO(REMOVED)},
    {CX_IN_NOTICE, LIVE, M(PERFORMANCE), NULL, STAYS},
    {LISTS, LIVE, M(EXPLAINED), NULL, STAYS},
    /* RED: nomination, public notice where the basis asks for it, listing. */
    {CX_IN_RED, S(NONE), M(RED_NOMINATION), cx_check_nomination, TO(NOTIFIED)},
    {CX_IN_RED, S(NOTIFIED), M(RED_LISTING), cx_check_red_listing, TO(IN_FORCE)},
    {CX_IN_RED, S(NOTIFIED), M(NOTICE_WITHDRAWN), NULL, TO(CLOSED)},
    {CX_IN_RED, LIVE, M(ADVERSE_ACT), NULL, TO(REMOVED)},
    {CX_IN_RED, S(NOTIFIED), M(ADVERSE_ACT), NULL, TO(CLOSED)},
    {CX_IN_RED, LIVE, M(CONSENT_REVOKED), NULL, TO(REMOVED)},
    {CX_IN_RED, S(NOTIFIED), M(CONSENT_REVOKED), NULL, TO(CLOSED)},
    {CX_IN_RED, S(REMOVED), M(ACT_RECALLED), NULL, TO(IN_FORCE)},
    {CX_IN_RED, S(NOTIFIED), M(RULING_UPHELD), NULL, TO(CLOSED)},
    /* Objection and complaint: they mark at once; the registrar adds a cause where the pack says SUSPEND. */
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE, M(OBJECTION), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE, M(COMPLAINT), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE, M(RULING_REJECTED), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE, M(RULING_PARTLY), NULL, STAYS},
    {LISTS, S(NOTIFIED) | LIVE | DONE, M(RULING_UPHELD), NULL, TO(RECALLED)},
    {CX_IN_RED, LIVE | DONE, M(RULING_UPHELD), NULL, TO(RECALLED)},
    /* Review and lawsuit: filing stops nothing, a stay suspends, an annulment reaches back. */
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE | S(REMOVED), M(REVIEW_FILED), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE, M(STAY_ORDERED), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE, M(STAY_LIFTED), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE | S(REMOVED), M(REVIEW_UPHELD), NULL, STAYS},
    {CX_IN_ALL, LIVE | DONE | S(REMOVED), M(REVIEW_VARIED), cx_check_decision_correction, STAYS},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE | S(REMOVED), M(REVIEW_ANNULLED), NULL, TO(RECALLED)},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE | S(REMOVED), M(WITHDRAWAL), NULL, TO(RECALLED)},
    {CX_IN_ALL, S(NOTIFIED) | LIVE | DONE | S(REMOVED), M(BASE_RECALLED), NULL, TO(RECALLED)},
    {CX_IN_ALL, LIVE | DONE | S(REMOVED), M(CORRECTION), cx_check_decision_correction, STAYS},
    /* Term, repair. */
    {CX_IN_ALL, LIVE, M(EXPIRY), NULL, TO(EXPIRED)},
    {CX_IN_ALL, LIVE, M(REVIEW_DUE), NULL, STAYS},
    {LISTS, LIVE, M(EXTENSION), cx_check_extension, STAYS},
    {LISTS, LIVE, M(REPAIR), cx_check_repair, TO(REPAIRED)},
    {LISTS, S(REPAIRED), M(REPAIR_REVOKED), cx_check_repair_revoked, TO(IN_FORCE)},
    /* The subject. A reorganisation never suspends a court's order: only a stay does. */
    {CX_IN_NOTICE | CX_IN_RED, S(NOTIFIED) | LIVE, M(REORGANISATION), NULL, STAYS},
    {CX_IN_NOTICE | CX_IN_RED, S(NOTIFIED) | LIVE, M(REORGANISATION_ENDED), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED), M(SUBJECT_ENDED), NULL, TO(CLOSED)},
    {CX_IN_ALL, LIVE, M(SUBJECT_ENDED), NULL, TO(REMOVED)},
    /* A later, milder rule reaches what is in force. */
    {CX_IN_ALL, LIVE, M(ACTIVATION), NULL, STAYS},
    {CX_IN_ALL, S(NOTIFIED), M(DELISTED), NULL, TO(CLOSED)},
    {CX_IN_ALL, LIVE, M(DELISTED), NULL, TO(REMOVED)},
};

static const char *const names[] = {
#define CX_X(name) #name,
    CX_MOVE_MAP(CX_X)
#undef CX_X
};

const char *cx_move_name(cx_move move) {
    CX_ASSERT((unsigned)move < CX_MOVE_COUNT);
    return names[move];
}

const cx_transition *cx_procedure_table(size_t *n) {
    *n = sizeof table / sizeof table[0];
    return table;
}

const cx_transition *cx_procedure_find(cx_procedure procedure, cx_entry_state from, cx_move move) {
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].move == move && (table[i].procedures & (1U << procedure)) != 0 &&
            (table[i].from & (1U << from)) != 0)
            return &table[i];
    return NULL;
}

/* Why a move without a row is refused. */
static cx_rc refusal(const cx_case *c, cx_entry_state from, cx_move move) {
    bool decides = move == CX_MOVE_LISTING_DECISION || move == CX_MOVE_RED_LISTING;
    if (decides && from == CX_ENTRY_STATE_NONE)
        return CX_NO_NOTICE;
    if (decides && from == CX_ENTRY_STATE_CLOSED && c->entry != NULL && c->entry->has_lapses_on &&
        c->entry->has_ended_on && c->entry->ended_on >= c->entry->lapses_on)
        return CX_NOTICE_LAPSED;
    return CX_ILLEGAL_TRANSITION;
}

cx_rc cx_procedure_move(cx_procedure procedure, cx_case *c, cx_move move, cx_entry_state *to) {
    cx_entry_state from = c->entry != NULL ? c->entry->state : CX_ENTRY_STATE_NONE;
    const cx_transition *row = cx_procedure_find(procedure, from, move);
    if (row == NULL)
        return refusal(c, from, move);
    if (row->check != NULL)
        CX_TRY(row->check(c));
    *to = row->to != STAYS ? row->to : from;
    return CX_OK;
}

bool cx_measure_rests(const cx_pack *pack, const cx_measure *measure, const cx_suspension_array *causes) {
    const cx_basis *basis = cx_pack_basis(pack, measure->basis);
    bool ban =
        measure->kind == CX_MEASURE_KIND_RIGHTS_REDUCING && basis != NULL && basis->level == CX_LEVEL_STATUTE;
    for (size_t i = 0; i < causes->n; i++)
        if (causes->items[i].cause == CX_SUSPENSION_CAUSE_STAY || (!measure->court_only && !ban) ||
            CX_MISTAKE(BANS_REST))
            return true;
    return false;
}

cx_rc cx_role_binds(const cx_measure *measure, const cx_role_holder *holder, cx_date act_on,
                    cx_date decided_on, cx_date today) {
    if (holder->role == CX_ROLE_UNKNOWN || holder->role == CX_ROLE_SUBJECT ||
        (measure->roles & (1U << holder->role)) == 0)
        return CX_ROLE_NOT_NAMED;
    if (holder->evidence.n == 0)
        return CX_ROLE_WITHOUT_EVIDENCE;
    cx_date day = measure->role_date == CX_ROLE_AT_ACT        ? act_on
                  : measure->role_date == CX_ROLE_AT_DECISION ? decided_on
                                                              : today;
    return (holder->from <= day && (!holder->has_to || day <= holder->to)) || CX_MISTAKE(ROLE_AT_ANY_TIME)
               ? CX_OK
               : CX_ROLE_NOT_AT_DATE;
}

const cx_pack *cx_policies_by_hash(const cx_policies *policies, const uint8_t hash[CX_PACK_HASH]) {
    for (size_t i = cx_policies_count(policies); i-- > 0;) {
        const cx_pack *pack = cx_policies_pack(policies, i);
        if (memcmp(cx_pack_hash(pack), hash, CX_PACK_HASH) == 0)
            return pack;
    }
    return NULL;
}

bool cx_views_have(const cx_view_array *views, cx_view word) {
    for (size_t i = 0; i < views->n; i++)
        if (cx_view_eq(views->items[i], word))
            return true;
    return false;
}

const cx_kept_record *cx_state_record(const cx_subject_state *state, cx_view department, cx_view event_id) {
    for (size_t i = 0; i < state->records.n; i++)
        if (cx_view_eq(state->records.items[i].event_id, event_id) &&
            cx_view_eq(state->records.items[i].department, department))
            return &state->records.items[i];
    return NULL;
}
