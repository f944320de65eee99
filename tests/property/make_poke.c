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
    cx_entry_state wanted =
        cx_make_chance(m, 40) ? m->quest_state : (cx_entry_state)(1 + cx_make_below(m, 8));
    size_t from = (size_t)cx_make_below(m, (int)l->entry_n);
    for (size_t k = 0; k < l->entry_n; k++) {
        const cx_known_entry *e = &l->entries[(from + k) % l->entry_n];
        if (e->now->state == wanted && (e->now->role == CX_ROLE_SUBJECT || cx_make_chance(m, 20)))
            return e;
    }
    return &l->entries[from];
}

void cx_poke_own(cx_poke *p, const char *kind, const char *letter, const char *rest) {
    CX_MAKE_LINE(p->m, "%.*s %s %s%d of=%s target=%.*s basis=%.*s%s%s", CX_VIEW_ARGS(p->sender), kind, letter,
                 p->number, p->subject, CX_VIEW_ARGS(p->target), CX_VIEW_ARGS(p->basis), rest, p->place);
}

void cx_poke_notice_of(cx_poke *p, const char *kind, const char *letter, const char *key, const char *rest) {
    CX_MAKE_LINE(p->m, "%.*s %s %s%d of=%s %s=%.*s basis=%.*s%s%s", CX_VIEW_ARGS(p->sender), kind, letter,
                 p->number, p->subject, key, CX_VIEW_ARGS(p->e->notice.n > 0 ? p->e->notice : p->target),
                 CX_VIEW_ARGS(p->basis), rest, p->place);
}

void cx_poke_at_court(cx_poke *p, const char *kind, const char *letter, const char *rest) {
    cx_make *m = p->m;
    cx_view body = cx_make_chance(m, 94) ? cx_make_of_kind(m, cx_make_chance(m, 50) ? CX_DEPARTMENT_COURT
                                                                                    : CX_DEPARTMENT_REVIEW)
                                         : cx_make_anyone(m);
    CX_MAKE_LINE(m, "%.*s %s %s%d of=%s target=%.*s/%.*s basis=%.*s role=JUDGE%s%s", CX_VIEW_ARGS(body), kind,
                 letter, p->number, p->subject, CX_VIEW_ARGS(p->e->department), CX_VIEW_ARGS(p->target),
                 CX_VIEW_ARGS(p->basis), rest, p->place);
}

void cx_poke_dispute(cx_poke *p, const char *kind) {
    char received[CX_DATE_TEXT];
    cx_make *m = p->m;
    cx_view sender = cx_make_chance(m, 70) ? p->e->department : cx_make_anyone(m);
    const cx_make_id *id = cx_make_add(m, CX_MAKE_OBJECTION, p->subject, p->e->department, NULL);
    CX_MAKE_LINE(m, "%.*s %s %s of=%s target=%.*s/%.*s received_on=%s grounds=G new_facts=%s%s",
                 CX_VIEW_ARGS(sender), kind, id->id, p->subject, CX_VIEW_ARGS(p->e->department),
                 CX_VIEW_ARGS(p->target), cx_make_day(m, -3, 0, received),
                 cx_make_chance(m, 50) ? "yes" : "no", p->place);
}

static void lift(cx_poke *p) {
    for (size_t i = 0; i < p->e->suspensions.n; i++)
        if (p->e->suspensions.items[i].cause == CX_SUSPENSION_CAUSE_STAY) {
            CX_MAKE_LINE(p->m, "%.*s STAY_LIFTED L%d of=%s stay=%.*s basis=%.*s%s",
                         CX_VIEW_ARGS(p->e->suspensions.items[i].department), p->number, p->subject,
                         CX_VIEW_ARGS(p->e->suspensions.items[i].event_id), CX_VIEW_ARGS(p->basis), p->place);
            return;
        }
    cx_poke_at_court(p, "STAY_ORDERED", "Y", "");
}

static void outcome(cx_poke *p) {
    static const char *const plain[] = {" outcome=UPHELD", " outcome=UPHELD", " outcome=ANNULLED",
                                        " outcome=CONFIRMED_ILLEGAL"};
    char varied[160];
    if (cx_make_chance(p->m, 60)) {
        cx_poke_at_court(p, "REVIEW_OUTCOME", "V", plain[cx_make_below(p->m, 4)]);
        return;
    }
    (void)snprintf(varied, sizeof varied, " outcome=VARIED decision.list=%.*s decision.months=%d",
                   CX_VIEW_ARGS(p->e->list), 3 + cx_make_below(p->m, 36));
    cx_poke_at_court(p, "REVIEW_OUTCOME", "V", varied);
}

static void correction(cx_poke *p) {
    char rest[240];
    cx_view first = p->e->measures.n > 0 ? p->e->measures.items[0] : CX_VIEW("");
    bool narrows = cx_make_chance(p->m, 40), wrong = cx_make_chance(p->m, 8);
    (void)snprintf(rest, sizeof rest, " decision.list=%.*s decision.months=%d%s%.*s%s",
                   CX_VIEW_ARGS(p->e->list), 3 + cx_make_below(p->m, 40),
                   narrows && first.n > 0 ? " decision.measures=" : "", narrows ? (int)first.n : 0,
                   narrows ? first.p : "", wrong ? " decision.grade=SERIOUS" : "");
    cx_poke_own(p, "CORRECTION", "C", rest);
}

static void decide(cx_poke *p, bool red) {
    char rest[200];
    cx_view m = p->e->measures.n > 0 ? p->e->measures.items[0] : CX_VIEW("M-CREDIT");
    (void)snprintf(rest, sizeof rest, " list=%.*s measures=%.*s%s role=HEAD", CX_VIEW_ARGS(p->e->list),
                   CX_VIEW_ARGS(m), red ? "" : " exit=E remedy=R");
    cx_poke_notice_of(p, red ? "RED_LISTING" : "LISTING_DECISION", "D", red ? "nomination" : "notice", rest);
}

void cx_poke_perform(cx_poke *p) {
    static const char *const kinds[] = {"PERFORMED", "SETTLED", "COURT_FINDING", "EXPLAINED", "EXPLAINED"};
    char rest[80], day[CX_DATE_TEXT];
    (void)snprintf(rest, sizeof rest, " kind=%s performed_on=%s", kinds[cx_make_below(p->m, 5)],
                   cx_make_day(p->m, -2, 0, day));
    cx_poke_own(p, "PERFORMANCE", "F", rest);
}

static void extend(cx_poke *p) {
    char rest[60];
    (void)snprintf(rest, sizeof rest, " months=%d grounds=G",
                   1 + cx_make_below(p->m, cx_make_chance(p->m, 70) ? 10 : 40));
    cx_poke_own(p, "EXTENSION", "X", rest);
}

static void adverse_act(cx_poke *p) {
    const cx_recipe *r = cx_make_recipe(p->m, p->subject);
    cx_make_record(p->m, p->subject, r, true);
}

static void opening(cx_poke *p) { /* a notice for a list of whatever procedure */
    static const char *const kinds[] = {"LISTING_NOTICE", "RED_NOMINATION"};
    int i = cx_make_below(p->m, 2);
    char day[CX_DATE_TEXT];
    CX_MAKE_LINE(p->m, "%.*s %s N%d of=%s list=%.*s rests_on=R1 basis=%.*s%s%s%s", CX_VIEW_ARGS(p->sender),
                 kinds[i], p->number, p->subject, CX_VIEW_ARGS(p->e->list), CX_VIEW_ARGS(p->basis),
                 i == 0 ? " reason=A rights_told=yes served_on=" : " evidence=E public_from=",
                 cx_make_day(p->m, 0, 0, day), p->place);
}

static void straight(cx_poke *p) { /* a decision without a notice */
    CX_MAKE_LINE(
        p->m,
        "%.*s LISTING_DECISION D%d of=%s list=%.*s notice= rests_on= measures=M exit=E remedy=R basis=%.*s%s",
        CX_VIEW_ARGS(p->sender), p->number, p->subject, CX_VIEW_ARGS(p->e->list), CX_VIEW_ARGS(p->basis),
        p->place);
}

static void state(cx_poke *p) {
    char day[CX_DATE_TEXT];
    const cx_make_id *id = cx_make_add(p->m, CX_MAKE_STATEMENT, p->subject, p->sender, NULL);
    CX_MAKE_LINE(p->m, "%.*s STATEMENT %s of=%s notice=%.*s received_on=%s%s", CX_VIEW_ARGS(p->sender),
                 id->id, p->subject, CX_VIEW_ARGS(p->e->notice.n > 0 ? p->e->notice : p->target),
                 cx_make_day(p->m, -2, 0, day), p->place);
}

static void list_again(cx_poke *p) {
    decide(p, false);
}

static void red_list(cx_poke *p) {
    decide(p, true);
}

static void withdraw_notice(cx_poke *p) {
    cx_poke_notice_of(p, "NOTICE_WITHDRAWN", "W", "notice", "");
}

static void object(cx_poke *p) {
    cx_poke_dispute(p, "OBJECTION");
}

static void complain(cx_poke *p) {
    cx_poke_dispute(p, "COMPLAINT");
}

static void withdraw(cx_poke *p) {
    cx_poke_own(p, "WITHDRAWAL", "W", " reason=A");
}

/* The record that it rests on. */
static void withdraw_base(cx_poke *p) {
    if (p->e->rests_on.n > 0)
        p->target = p->e->rests_on.items[0];
    cx_poke_own(p, "WITHDRAWAL", "W", " reason=A");
}

static void release(cx_poke *p) {
    cx_make_release(p->m);
}

static void file_review(cx_poke *p) {
    cx_poke_at_court(p, "REVIEW_FILED", "F", "");
}

static void stay(cx_poke *p) {
    cx_poke_at_court(p, "STAY_ORDERED", "Y", "");
}

static void (*const asks[])(cx_poke *p) = {state,
                                           list_again,
                                           red_list,
                                           withdraw_notice,
                                           object,
                                           complain,
                                           cx_poke_ruling,
                                           cx_poke_ruling,
                                           correction,
                                           withdraw,
                                           cx_poke_perform,
                                           extend,
                                           cx_poke_repair,
                                           cx_poke_unrepair,
                                           file_review,
                                           stay,
                                           lift,
                                           outcome,
                                           adverse_act,
                                           opening,
                                           straight,
                                           cx_poke_reorganise,
                                           cx_poke_reorganise,
                                           cx_poke_end_subject,
                                           cx_poke_reorganise,
                                           cx_poke_reorganise,
                                           lift,
                                           withdraw_base,
                                           correction,
                                           extend,
                                           extend,
                                           cx_poke_perform,
                                           release,
                                           cx_poke_revoke,
                                           cx_poke_use_revoked,
                                           stay,
                                           cx_poke_ruling,
                                           cx_poke_late_ruling,
                                           cx_poke_late_ruling,
                                           cx_poke_let_expire,
                                           cx_poke_let_expire,
                                           outcome};

void cx_make_poke(cx_make *m) {
    const cx_known_entry *known = choose(m);
    if (known == NULL) {
        cx_make_event(m);
        return;
    }
    const cx_list_entry *e = known->now;
    cx_poke p = {.m = m, .e = e, .number = ++m->number};
    (void)memcpy(p.subject, known->subject, CX_CHAIN_SUBJECT);
    (void)cx_make_place(m, p.place);
    p.sender = cx_make_sender(m, e->department);
    p.target = e->decision.n > 0 && cx_make_chance(m, 85) ? e->decision
               : e->notice.n > 0                          ? e->notice
                                                          : e->decision;
    const cx_list *list = cx_pack_list(m->world->packs[0], e->list);
    p.basis = list != NULL ? list->basis : m->world->recipes[0].list_basis;
    enum { ASKS = sizeof asks / sizeof asks[0] };
    bool reached = e->state == m->quest_state && list != NULL && list->procedure == m->quest_procedure;
    if (!reached && cx_make_chance(m, 40) && cx_poke_lead(&p))
        return;
    asks[reached && cx_make_chance(m, 50) ? m->quest_ask % ASKS : cx_make_below(m, ASKS)](&p);
}
