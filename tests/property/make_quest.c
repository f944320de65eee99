/* Each history is after one state of one procedure, and one thing that is asked of entries in it: so that
 * rare meetings come about in each pack, too. Here: what leads an entry to that state. */
#include <stdio.h>

#include "common/law/procedure.h"
#include "tests/property/make_inside.h"

/* States by how seldom they are met. */
void cx_make_quest(cx_make *m) {
    enum { WAYS = 12 };
    static const cx_entry_state states[][WAYS] = {
        [CX_PROCEDURE_NOTICE] = {CX_ENTRY_STATE_REPAIRED, CX_ENTRY_STATE_REPAIRED, CX_ENTRY_STATE_REPAIRED,
                                 CX_ENTRY_STATE_REPAIRED, CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED,
                                 CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_REMOVED, CX_ENTRY_STATE_NOTIFIED,
                                 CX_ENTRY_STATE_IN_FORCE, CX_ENTRY_STATE_RECALLED, CX_ENTRY_STATE_CLOSED},
        [CX_PROCEDURE_COURT] = {CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED,
                                CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_EXPIRED,
                                CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_REMOVED,
                                CX_ENTRY_STATE_REMOVED, CX_ENTRY_STATE_RECALLED, CX_ENTRY_STATE_IN_FORCE},
        [CX_PROCEDURE_RED] = {CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_SUSPENDED,
                              CX_ENTRY_STATE_SUSPENDED, CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_EXPIRED,
                              CX_ENTRY_STATE_EXPIRED, CX_ENTRY_STATE_REMOVED, CX_ENTRY_STATE_REMOVED,
                              CX_ENTRY_STATE_NOTIFIED, CX_ENTRY_STATE_RECALLED, CX_ENTRY_STATE_CLOSED}};
    m->quest_procedure = cx_make_chance(m, 46)   ? CX_PROCEDURE_NOTICE
                         : cx_make_chance(m, 50) ? CX_PROCEDURE_COURT
                                                 : CX_PROCEDURE_RED;
    m->quest_state = states[m->quest_procedure][cx_make_below(m, WAYS)];
    m->quest_ask = cx_make_below(m, 1000);
}

static void befall(cx_poke *p, const char *kind) {
    CX_MAKE_LINE(p->m, "%.*s SUBJECT_EVENT E%d of=%s kind=%s basis=%.*s%s", CX_VIEW_ARGS(p->sender),
                 p->number, p->subject, kind, CX_VIEW_ARGS(p->basis), p->place);
}

void cx_poke_end_subject(cx_poke *p) {
    bool person = (p->subject[0] == 'p') == cx_make_chance(p->m, 90);
    befall(p, person ? "DEATH" : "DEREGISTRATION");
}

void cx_poke_reorganise(cx_poke *p) {
    bool lasts = cx_ledger_subject(cx_play_ledger(p->m->play), (const uint8_t *)p->subject).reorganised;
    befall(p, lasts == cx_make_chance(p->m, 85) ? "REORGANISATION_ENDED" : "REORGANISATION");
}

/* By the court's own finding; a red entry by an adverse act; any by the subject's end. */
static void remove_entry(cx_poke *p, cx_procedure procedure) {
    if (procedure == CX_PROCEDURE_COURT && cx_make_chance(p->m, 90))
        cx_poke_perform(p);
    else if (procedure == CX_PROCEDURE_RED && cx_make_chance(p->m, 50))
        cx_poke_revoke(p);
    else if (procedure == CX_PROCEDURE_RED)
        cx_make_record(p->m, p->subject, cx_make_recipe(p->m, p->subject), true);
    else
        cx_poke_end_subject(p);
}

bool cx_poke_lead(cx_poke *p) {
    cx_make *m = p->m;
    const cx_list *list = cx_pack_list(m->world->packs[0], p->e->list);
    bool live = cx_state_is_live(p->e->state), noticed = p->e->state == CX_ENTRY_STATE_NOTIFIED;
    if (list == NULL || list->procedure != m->quest_procedure || (!live && !noticed))
        return false;
    if (m->quest_state == CX_ENTRY_STATE_SUSPENDED && cx_make_chance(m, 60))
        cx_poke_at_court(p, "STAY_ORDERED", "Y", "");
    else if (m->quest_state == CX_ENTRY_STATE_SUSPENDED)
        cx_poke_reorganise(p);
    else if (m->quest_state == CX_ENTRY_STATE_EXPIRED && live)
        cx_poke_let_expire(p);
    else if (m->quest_state == CX_ENTRY_STATE_REPAIRED && live && list->repairable)
        cx_poke_repair(p);
    else if (m->quest_state == CX_ENTRY_STATE_RECALLED)
        cx_poke_own(p, "WITHDRAWAL", "W", " reason=A");
    else if (m->quest_state == CX_ENTRY_STATE_CLOSED && noticed)
        cx_poke_notice_of(p, "NOTICE_WITHDRAWN", "W", "notice", "");
    else if (m->quest_state == CX_ENTRY_STATE_REMOVED && live)
        remove_entry(p, list->procedure);
    else
        return false;
    return true;
}
