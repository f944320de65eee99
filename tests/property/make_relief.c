/* Stories about an entry that take several lines: rulings, repairs, revoked consents, the last day. */
#include <stdio.h>

#include "common/law/procedure.h"
#include "tests/property/make_inside.h"

static const char *outcome_of_ruling(cx_make *m) {
    static const char *const outcomes[] = {"REJECTED", "UPHELD", "PARTLY_UPHELD"};
    return outcomes[cx_make_below(m, 3)];
}

static void ruling_on(cx_poke *p, cx_view objection) {
    CX_MAKE_LINE(p->m, "%.*s RULING G%d of=%s objection=%.*s outcome=%s basis=%.*s%s",
                 CX_VIEW_ARGS(p->sender), ++p->m->number, p->subject, CX_VIEW_ARGS(objection),
                 outcome_of_ruling(p->m), CX_VIEW_ARGS(p->basis), p->place);
}

static void push(cx_make *m) {
    if (m->queued < CX_MAKE_QUEUE)
        (void)snprintf(m->queue[m->queued++], CX_PLAY_LINE, "%s", m->last);
}

static void first_of_queue(cx_make *m) {
    m->added = -1;
    (void)snprintf(m->last, sizeof m->last, "%s", m->queue[m->told++]);
}

/* On an open dispute; where there is none, one comes first. */
void cx_poke_ruling(cx_poke *p) {
    cx_make *m = p->m;
    for (size_t i = 0; i < p->e->marks.n; i++)
        if (p->e->marks.items[i].open && p->e->marks.items[i].kind != CX_MARK_KIND_REVIEW) {
            ruling_on(p, p->e->marks.items[i].event_id);
            return;
        }
    m->queued = m->told = 0;
    cx_poke_dispute(p, cx_make_chance(m, 50) ? "OBJECTION" : "COMPLAINT");
    push(m);
    cx_view id = cx_view_of(m->ids[CX_MAKE_OBJECTION][(m->n[CX_MAKE_OBJECTION] - 1) % CX_MAKE_IDS].id);
    ruling_on(p, id);
    push(m);
    first_of_queue(m);
}

/* A dispute, the end of what it is about, and then a ruling on it. */
void cx_poke_late_ruling(cx_poke *p) {
    cx_make *m = p->m;
    int end = cx_make_below(m, 3);
    m->queued = m->told = 0;
    cx_poke_dispute(p, "OBJECTION");
    push(m);
    cx_make_id id = m->ids[CX_MAKE_OBJECTION][(m->n[CX_MAKE_OBJECTION] - 1) % CX_MAKE_IDS];
    if (end == 0)
        cx_poke_own(p, "WITHDRAWAL", "W", " reason=A");
    else if (p->e->state == CX_ENTRY_STATE_NOTIFIED)
        cx_poke_notice_of(p, "NOTICE_WITHDRAWN", "W", "notice", "");
    else if (end == 1)
        cx_poke_own(p, "PERFORMANCE", "F", " kind=PERFORMED performed_on=2026-01-05");
    else
        CX_MAKE_LINE(m, "%.*s SUBJECT_EVENT E%d of=%s kind=%s basis=%.*s%s", CX_VIEW_ARGS(p->sender),
                     ++m->number, p->subject, p->subject[0] == 'p' ? "DEATH" : "DEREGISTRATION",
                     CX_VIEW_ARGS(p->basis), p->place);
    push(m);
    ruling_on(p, cx_view_of(id.id));
    push(m);
    first_of_queue(m);
}

/* The entry's last day comes. */
void cx_poke_let_expire(cx_poke *p) {
    char day[CX_DATE_TEXT];
    if (!cx_state_is_live(p->e->state) || !p->e->has_until || p->e->until <= p->m->today) {
        cx_poke_late_ruling(p);
        return;
    }
    p->m->today = p->e->until;
    CX_MAKE_LINE(p->m, "day %s", cx_date_format(p->m->today, day));
}

/* Mostly when the minimum term is over: then the day comes first. */
void cx_poke_repair(cx_poke *p) {
    cx_make *m = p->m;
    const cx_list *list = cx_pack_list(m->world->packs[0], p->e->list);
    char rest[240], day[CX_DATE_TEXT], conditions[120] = "";
    size_t used = 0;
    for (size_t i = 0; list != NULL && i < list->repair_conditions.n && used + 40 < sizeof conditions; i++)
        used +=
            (size_t)snprintf(conditions + used, sizeof conditions - used, "%s%.*s",
                             i == 0 ? " conditions=" : ",", CX_VIEW_ARGS(list->repair_conditions.items[i]));
    bool priced = cx_make_chance(m, 4);
    m->queued = m->told = 0;
    bool live = cx_state_is_live(p->e->state);
    cx_date over =
        live && list != NULL ? cx_date_add_months(p->e->from, list->repair_minimum_months) + 1 : m->today;
    if (over > m->today && cx_make_chance(m, 70)) {
        m->today = over;
        CX_MAKE_LINE(m, "day %s", cx_date_format(over, day));
        push(m);
    }
    (void)snprintf(rest, sizeof rest, " applied_on=%s duties_corrected=%s commitment=%s%s%s",
                   cx_date_format(m->today, day), cx_make_chance(m, 95) ? "yes" : "no",
                   cx_make_chance(m, 95) ? "C" : "", conditions,
                   priced ? (used > 0 ? ",CHARITY" : " conditions=DONATION") : "");
    const cx_make_id *id = cx_make_add(m, CX_MAKE_REPAIR, p->subject, p->e->department, NULL);
    CX_MAKE_LINE(m, "%.*s REPAIR %s of=%s target=%.*s basis=%.*s%s%s", CX_VIEW_ARGS(p->sender), id->id,
                 p->subject, CX_VIEW_ARGS(p->target), CX_VIEW_ARGS(p->basis), rest, p->place);
    push(m);
    m->added = -1;
    (void)snprintf(m->last, sizeof m->last, "%s", m->queue[m->told++]);
}

void cx_poke_unrepair(cx_poke *p) {
    if (p->e->repair.n == 0) {
        cx_poke_repair(p);
        return;
    }
    CX_MAKE_LINE(p->m, "%.*s REPAIR_REVOKED V%d of=%s repair=%.*s reason=%s basis=%.*s%s",
                 CX_VIEW_ARGS(p->sender), p->number, p->subject, CX_VIEW_ARGS(p->e->repair),
                 cx_make_chance(p->m, 92) ? "FALSE_MATERIAL" : "REGRET", CX_VIEW_ARGS(p->basis), p->place);
}

/* A consent to a sensitive fact, its revocation, and a record that rests on it all the same. */
void cx_poke_use_revoked(cx_poke *p) {
    cx_make *m = p->m;
    const cx_recipe *r = cx_make_recipe(m, p->subject);
    m->queued = m->told = 0;
    CX_MAKE_LINE(m, "%.*s CONSENT P%d of=%s scope=deposits%s", CX_VIEW_ARGS(p->sender), p->number, p->subject,
                 p->place);
    push(m);
    CX_MAKE_LINE(m, "%.*s CONSENT_REVOKED Z%d of=%s consent=P%d%s", CX_VIEW_ARGS(p->sender), ++m->number,
                 p->subject, p->number, p->place);
    push(m);
    CX_MAKE_LINE(m,
                 "%.*s RECORD R%d of=%s item=%.*s amount=5000000 basis=%.*s facts=deposits:CONSENTED "
                 "consented=deposits%s",
                 CX_VIEW_ARGS(r->department->code), ++m->number, p->subject, CX_VIEW_ARGS(r->item->code),
                 CX_VIEW_ARGS(r->basis), p->place);
    push(m);
    (void)snprintf(m->last, sizeof m->last, "%s", m->queue[m->told++]);
}

/* A consent to be a role model, and its revocation: it ends what is on a red list. */
void cx_poke_revoke(cx_poke *p) {
    cx_make *m = p->m;
    m->queued = m->told = 0;
    CX_MAKE_LINE(m, "%.*s CONSENT P%d of=%s scope=ROLE_MODEL%s", CX_VIEW_ARGS(p->sender), p->number,
                 p->subject, p->place);
    push(m);
    CX_MAKE_LINE(m, "%.*s CONSENT_REVOKED Z%d of=%s consent=P%d%s", CX_VIEW_ARGS(p->sender), ++m->number,
                 p->subject, p->number, p->place);
    push(m);
    (void)snprintf(m->last, sizeof m->last, "%s", m->queue[m->told++]);
}
