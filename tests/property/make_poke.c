/* Something is asked of an entry that was told of, whatever its state: so that every move meets every state.
 */
#include <stdio.h>

#include "common/law/procedure.h"
#include "tests/property/make_inside.h"

/* An entry, of a state chosen by chance, so that rare states come as often as common ones. */
static const cx_known_entry *choose(cx_make *m) {
    const cx_ledger *l = cx_play_ledger(m->play);
    if (l->entry_n == 0)
        return NULL;
    cx_entry_state wanted = (cx_entry_state)(1 + cx_make_below(m, 8));
    size_t from = (size_t)cx_make_below(m, (int)l->entry_n);
    for (size_t k = 0; k < l->entry_n; k++) {
        const cx_known_entry *e = &l->entries[(from + k) % l->entry_n];
        if (e->now->state == wanted && (e->now->role == CX_ROLE_SUBJECT || cx_make_chance(m, 20)))
            return e;
    }
    return &l->entries[from];
}

/* What every line about the entry needs. */
typedef struct poke {
    cx_make *m;
    const cx_list_entry *e;
    char subject[CX_CHAIN_SUBJECT + 1], place[24];
    cx_view sender, target, basis;
    int number;
} poke;

static void own(poke *p, const char *kind, const char *letter, const char *rest) {
    CX_MAKE_LINE(p->m, "%.*s %s %s%d of=%s target=%.*s basis=%.*s%s%s", CX_VIEW_ARGS(p->sender), kind, letter,
                 p->number, p->subject, CX_VIEW_ARGS(p->target), CX_VIEW_ARGS(p->basis), rest, p->place);
}

static void notice_of(poke *p, const char *kind, const char *letter, const char *key, const char *rest) {
    CX_MAKE_LINE(p->m, "%.*s %s %s%d of=%s %s=%.*s basis=%.*s%s%s", CX_VIEW_ARGS(p->sender), kind, letter,
                 p->number, p->subject, key, CX_VIEW_ARGS(p->e->notice.n > 0 ? p->e->notice : p->target),
                 CX_VIEW_ARGS(p->basis), rest, p->place);
}

static void at_court(poke *p, const char *kind, const char *letter, const char *rest) {
    cx_make *m = p->m;
    cx_view body = cx_make_chance(m, 94) ? cx_make_of_kind(m, cx_make_chance(m, 50) ? CX_DEPARTMENT_COURT
                                                                                    : CX_DEPARTMENT_REVIEW)
                                         : cx_make_anyone(m);
    CX_MAKE_LINE(m, "%.*s %s %s%d of=%s target=%.*s/%.*s basis=%.*s role=JUDGE%s%s", CX_VIEW_ARGS(body), kind,
                 letter, p->number, p->subject, CX_VIEW_ARGS(p->e->department), CX_VIEW_ARGS(p->target),
                 CX_VIEW_ARGS(p->basis), rest, p->place);
}

static void dispute(poke *p, const char *kind) {
    char received[CX_DATE_TEXT];
    cx_make *m = p->m;
    cx_view sender = cx_make_chance(m, 70) ? p->e->department : cx_make_anyone(m);
    const cx_make_id *id = cx_make_add(m, CX_MAKE_OBJECTION, p->subject, p->e->department, NULL);
    CX_MAKE_LINE(m, "%.*s %s %s of=%s target=%.*s/%.*s received_on=%s grounds=G new_facts=%s%s",
                 CX_VIEW_ARGS(sender), kind, id->id, p->subject, CX_VIEW_ARGS(p->e->department),
                 CX_VIEW_ARGS(p->target), cx_make_day(m, -3, 0, received),
                 cx_make_chance(m, 50) ? "yes" : "no", p->place);
}

static void ruling(poke *p) {
    static const char *const outcomes[] = {"REJECTED", "REJECTED", "UPHELD", "PARTLY_UPHELD"};
    for (size_t i = 0; i < p->e->marks.n; i++)
        if (p->e->marks.items[i].open && p->e->marks.items[i].kind != CX_MARK_KIND_REVIEW) {
            CX_MAKE_LINE(p->m, "%.*s RULING G%d of=%s objection=%.*s outcome=%s basis=%.*s%s",
                         CX_VIEW_ARGS(p->sender), p->number, p->subject,
                         CX_VIEW_ARGS(p->e->marks.items[i].event_id), outcomes[cx_make_below(p->m, 4)],
                         CX_VIEW_ARGS(p->basis), p->place);
            return;
        }
    dispute(p, "OBJECTION");
}

static void lift(poke *p) {
    for (size_t i = 0; i < p->e->suspensions.n; i++)
        if (p->e->suspensions.items[i].cause == CX_SUSPENSION_CAUSE_STAY) {
            CX_MAKE_LINE(p->m, "%.*s STAY_LIFTED L%d of=%s stay=%.*s basis=%.*s%s",
                         CX_VIEW_ARGS(p->e->suspensions.items[i].department), p->number, p->subject,
                         CX_VIEW_ARGS(p->e->suspensions.items[i].event_id), CX_VIEW_ARGS(p->basis), p->place);
            return;
        }
    at_court(p, "STAY_ORDERED", "Y", "");
}

static void outcome(poke *p) {
    static const char *const plain[] = {" outcome=UPHELD", " outcome=UPHELD", " outcome=ANNULLED",
                                        " outcome=CONFIRMED_ILLEGAL"};
    char varied[160];
    if (cx_make_chance(p->m, 60)) {
        at_court(p, "REVIEW_OUTCOME", "V", plain[cx_make_below(p->m, 4)]);
        return;
    }
    (void)snprintf(varied, sizeof varied, " outcome=VARIED decision.list=%.*s decision.months=%d",
                   CX_VIEW_ARGS(p->e->list), 3 + cx_make_below(p->m, 36));
    at_court(p, "REVIEW_OUTCOME", "V", varied);
}

static void correction(poke *p) {
    char rest[240];
    cx_view first = p->e->measures.n > 0 ? p->e->measures.items[0] : CX_VIEW("");
    bool narrows = cx_make_chance(p->m, 40), wrong = cx_make_chance(p->m, 8);
    (void)snprintf(rest, sizeof rest, " decision.list=%.*s decision.months=%d%s%.*s%s",
                   CX_VIEW_ARGS(p->e->list), 3 + cx_make_below(p->m, 40),
                   narrows && first.n > 0 ? " decision.measures=" : "", narrows ? (int)first.n : 0,
                   narrows ? first.p : "", wrong ? " decision.grade=SERIOUS" : "");
    own(p, "CORRECTION", "C", rest);
}

static void push(cx_make *m) {
    if (m->queued < CX_MAKE_QUEUE)
        (void)snprintf(m->queue[m->queued++], CX_PLAY_LINE, "%s", m->last);
}

/* Mostly when the minimum term is over: then the day comes first. */
static void repair(poke *p) {
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

static void unrepair(poke *p) {
    if (p->e->repair.n == 0) {
        repair(p);
        return;
    }
    CX_MAKE_LINE(p->m, "%.*s REPAIR_REVOKED V%d of=%s repair=%.*s reason=%s basis=%.*s%s",
                 CX_VIEW_ARGS(p->sender), p->number, p->subject, CX_VIEW_ARGS(p->e->repair),
                 cx_make_chance(p->m, 92) ? "FALSE_MATERIAL" : "REGRET", CX_VIEW_ARGS(p->basis), p->place);
}

static void decide(poke *p, bool red) {
    char rest[200];
    cx_view m = p->e->measures.n > 0 ? p->e->measures.items[0] : CX_VIEW("M-CREDIT");
    (void)snprintf(rest, sizeof rest, " list=%.*s measures=%.*s%s role=HEAD", CX_VIEW_ARGS(p->e->list),
                   CX_VIEW_ARGS(m), red ? "" : " exit=E remedy=R");
    notice_of(p, red ? "RED_LISTING" : "LISTING_DECISION", "D", red ? "nomination" : "notice", rest);
}

static void perform(poke *p) {
    static const char *const kinds[] = {"PERFORMED", "SETTLED", "COURT_FINDING", "EXPLAINED", "EXPLAINED"};
    char rest[80], day[CX_DATE_TEXT];
    (void)snprintf(rest, sizeof rest, " kind=%s performed_on=%s", kinds[cx_make_below(p->m, 5)],
                   cx_make_day(p->m, -2, 0, day));
    own(p, "PERFORMANCE", "F", rest);
}

static void extend(poke *p) {
    char rest[60];
    (void)snprintf(rest, sizeof rest, " months=%d grounds=G",
                   1 + cx_make_below(p->m, cx_make_chance(p->m, 70) ? 10 : 40));
    own(p, "EXTENSION", "X", rest);
}

static void adverse_act(poke *p) {
    const cx_recipe *r = cx_make_recipe(p->m, p->subject);
    cx_make_record(p->m, p->subject, r, true);
}

static void opening(poke *p) { /* a notice for a list of whatever procedure */
    static const char *const kinds[] = {"LISTING_NOTICE", "RED_NOMINATION"};
    int i = cx_make_below(p->m, 2);
    char day[CX_DATE_TEXT];
    CX_MAKE_LINE(p->m, "%.*s %s N%d of=%s list=%.*s rests_on=R1 basis=%.*s%s%s%s", CX_VIEW_ARGS(p->sender),
                 kinds[i], p->number, p->subject, CX_VIEW_ARGS(p->e->list), CX_VIEW_ARGS(p->basis),
                 i == 0 ? " reason=A rights_told=yes served_on=" : " evidence=E public_from=",
                 cx_make_day(p->m, 0, 0, day), p->place);
}

static void straight(poke *p) { /* a decision without a notice */
    CX_MAKE_LINE(
        p->m,
        "%.*s LISTING_DECISION D%d of=%s list=%.*s notice= rests_on= measures=M exit=E remedy=R basis=%.*s%s",
        CX_VIEW_ARGS(p->sender), p->number, p->subject, CX_VIEW_ARGS(p->e->list), CX_VIEW_ARGS(p->basis),
        p->place);
}

static void about_subject(poke *p) {
    bool lasts = cx_ledger_subject(cx_play_ledger(p->m->play), (const uint8_t *)p->subject).reorganised;
    const char *kind = cx_make_chance(p->m, 15)            ? "DEREGISTRATION"
                       : lasts == cx_make_chance(p->m, 85) ? "REORGANISATION_ENDED"
                                                           : "REORGANISATION";
    CX_MAKE_LINE(p->m, "%.*s SUBJECT_EVENT E%d of=%s kind=%s basis=%.*s%s", CX_VIEW_ARGS(p->sender),
                 p->number, p->subject, kind, CX_VIEW_ARGS(p->basis), p->place);
}

/* A consent to be a role model, and its revocation: it ends what is on a red list. */
static void revoke(poke *p) {
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

static void state(poke *p) {
    char day[CX_DATE_TEXT];
    const cx_make_id *id = cx_make_add(p->m, CX_MAKE_STATEMENT, p->subject, p->sender, NULL);
    CX_MAKE_LINE(p->m, "%.*s STATEMENT %s of=%s notice=%.*s received_on=%s%s", CX_VIEW_ARGS(p->sender),
                 id->id, p->subject, CX_VIEW_ARGS(p->e->notice.n > 0 ? p->e->notice : p->target),
                 cx_make_day(p->m, -2, 0, day), p->place);
}

static void list_again(poke *p) {
    decide(p, false);
}

static void red_list(poke *p) {
    decide(p, true);
}

static void withdraw_notice(poke *p) {
    notice_of(p, "NOTICE_WITHDRAWN", "W", "notice", "");
}

static void object(poke *p) {
    dispute(p, "OBJECTION");
}

static void complain(poke *p) {
    dispute(p, "COMPLAINT");
}

static void withdraw(poke *p) {
    own(p, "WITHDRAWAL", "W", " reason=A");
}

static void file_review(poke *p) {
    at_court(p, "REVIEW_FILED", "F", "");
}

static void stay(poke *p) {
    at_court(p, "STAY_ORDERED", "Y", "");
}

static void (*const asks[])(poke *p) = {
    state,      list_again, red_list,    withdraw_notice, object,   complain,      ruling,        ruling,
    correction, withdraw,   perform,     extend,          repair,   unrepair,      file_review,   stay,
    lift,       outcome,    adverse_act, opening,         straight, about_subject, about_subject, revoke,
    stay,       ruling};

void cx_make_poke(cx_make *m) {
    const cx_known_entry *known = choose(m);
    if (known == NULL) {
        cx_make_event(m);
        return;
    }
    const cx_list_entry *e = known->now;
    poke p = {.m = m, .e = e, .number = ++m->number};
    (void)memcpy(p.subject, known->subject, CX_CHAIN_SUBJECT);
    (void)cx_make_place(m, p.place);
    p.sender = cx_make_sender(m, e->department);
    p.target = e->decision.n > 0 && cx_make_chance(m, 85) ? e->decision
               : e->notice.n > 0                          ? e->notice
                                                          : e->decision;
    const cx_list *list = cx_pack_list(m->world->packs[0], e->list);
    p.basis = list != NULL ? list->basis : m->world->recipes[0].list_basis;
    asks[cx_make_below(m, (int)(sizeof asks / sizeof asks[0]))](&p);
}
