#include "tests/model/random.h"

#include <stdio.h>

#include "tests/model/history_check.h"

static const char *const subjects[CX_RANDOM_SUBJECTS] = {"o0", "o1", "o2", "p0", "p1", "p2"};

/* splitmix64 */
static uint64_t next(cx_random *r) {
    uint64_t z = (r->state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int below(cx_random *r, int n) {
    return (int)(next(r) % (uint64_t)n);
}

/* True in so many of a hundred cases. */
static bool chance(cx_random *r, int percent) {
    return below(r, 100) < percent;
}

cx_random cx_random_begin(uint64_t seed, cx_chain *chain, cx_arena *arena, const cx_pack *pack,
                          const cx_pack *later) {
    cx_random r = {.state = seed, .chain = chain, .arena = arena, .later = later, .added = -1};
    cx_err err = {0};
    r.today = cx_date_from_civil((cx_civil){2026, 1, 5});
    cx_chain_reset(chain);
    CX_ASSERT(cx_chain_activate(chain, pack) == CX_OK);
    CX_ASSERT(cx_chain_tick(chain, cx_time_of_date(r.today)) == CX_OK);
    CX_ASSERT(cx_chain_run(chain, &err) == CX_OK);
    return r;
}

static cx_rc run(cx_random *r, cx_err *err) {
    cx_rc rc = cx_chain_run(r->chain, err);
    return rc == CX_OK ? rc : cx_fail_in(err, "%s", r->last);
}

static cx_rc send(cx_random *r, cx_err *err) {
    cx_line line;
    cx_event event;
    cx_line_split(cx_arena_copy(r->arena, cx_view_of(r->last)), &line);
    if (!cx_line_event(&line, r->today, ++r->number, r->arena, &event, err))
        return cx_fail_in(err, "%s", r->last);
    CX_TRY(cx_chain_publish(r->chain, &event));
    CX_TRY(run(r, err));
    bool accepted = cx_view_is(cx_history_verdict(r->chain, r->number), "OK");
    if (r->added >= 0 && !accepted && chance(r, 85))
        r->n[r->added]--; /* mostly what was accepted is referred to */
    r->added = -1;
    return CX_OK;
}

/* --- ids ---------------------------------------------------------------------------------------------- */
static const cx_random_id nothing = {"market", "X", 0, "B-ORG"};

/* One of the newest ids of a sort, mostly. */
static const cx_random_id *some(cx_random *r, cx_random_sort sort) {
    size_t n = r->n[sort] < CX_RANDOM_IDS ? r->n[sort] : CX_RANDOM_IDS;
    if (n == 0 || chance(r, 3))
        return &nothing;
    size_t back = (size_t)below(r, chance(r, 60) && n > 4 ? 4 : (int)n);
    return &r->ids[sort][(r->n[sort] - 1 - back) % CX_RANDOM_IDS];
}

static cx_random_id *add(cx_random *r, cx_random_sort sort, const char *department, int subject) {
    static const char letters[CX_RANDOM_SORTS] = "RNDOYPCS";
    cx_random_id *id = &r->ids[sort][r->n[sort]++ % CX_RANDOM_IDS];
    *id = (cx_random_id){.subject = subject};
    r->added = (int)sort;
    (void)snprintf(id->id, sizeof id->id, "%c%lld", letters[sort], (long long)r->number + 1);
    (void)snprintf(id->department, sizeof id->department, "%s", department);
    return id;
}

/* The subject that a reference is about, mostly. */
static const char *about(cx_random *r, const cx_random_id *of) {
    return subjects[chance(r, 95) ? of->subject : below(r, CX_RANDOM_SUBJECTS)];
}

static const char *sender(cx_random *r, const cx_random_id *of) {
    static const char *const others[] = {"tax", "court", "centre", "review"};
    return chance(r, 95) ? of->department : others[below(r, 4)];
}

static const char *date(cx_random *r, int least, int most, char out[CX_DATE_TEXT]) {
    return cx_date_format(r->today + least + below(r, most - least + 1), out);
}

#define LINE(...) ((void)snprintf(r->last, sizeof r->last, __VA_ARGS__))

/* --- kinds of events ---------------------------------------------------------------------------------- */
static void record(cx_random *r) {
    static const struct {
        const char *department, *item, *list;
    } items[] = {{"market", "X-SERIOUS", "B-ORG"},  {"market", "X-SERIOUS", "B-ORG"},
                 {"market", "X-BAN", "B-BAN"},      {"court", "X-JUDGMENT", "B-COURT"},
                 {"market", "X-HONOUR", "R-PLAIN"}, {"market", "X-GENERAL", ""},
                 {"market", "X-MINOR", ""},         {"tax", "X-TAXED", "B-ORG"}};
    char act[CX_DATE_TEXT];
    int i = below(r, 8), subject = below(r, CX_RANDOM_SUBJECTS);
    bool roles = subject < 3 && chance(r, 60);
    cx_random_id *id = add(r, CX_RANDOM_RECORD, items[i].department, subject);
    (void)snprintf(id->list, sizeof id->list, "%s", items[i].list);
    LINE("%s RECORD %s of=%s item=%s amount=%d act=%s%s", id->department, id->id, subjects[subject],
         items[i].item, chance(r, 90) ? 5000000 : 5, date(r, -90, 0, act),
         roles ? " others=p0,p1 roles=LEGAL_REPRESENTATIVE:p0:2020-01-01,DIRECTLY_RESPONSIBLE:p1:2026-01-01"
               : "");
}

static void notice(cx_random *r) {
    const cx_random_id *on = some(r, CX_RANDOM_RECORD);
    char served[CX_DATE_TEXT];
    bool red = on->list[0] == 'R';
    const char *department = sender(r, on), *subject = about(r, on);
    cx_random_id *id = add(r, CX_RANDOM_NOTICE, department, on->subject);
    (void)memcpy(id->list, on->list, sizeof id->list);
    if (red)
        LINE("%s RED_NOMINATION %s of=%s list=%s rests_on=%s evidence=E", department, id->id, subject,
             on->list, on->id);
    else
        LINE("%s LISTING_NOTICE %s of=%s list=%s rests_on=%s served_on=%s reason=A rights_told=%s",
             department, id->id, subject, on->list, on->id, date(r, -3, 0, served),
             chance(r, 95) ? "yes" : "no");
}

static void statement(cx_random *r) {
    const cx_random_id *on = some(r, CX_RANDOM_NOTICE);
    char received[CX_DATE_TEXT];
    cx_random_id *id = add(r, CX_RANDOM_STATEMENT, sender(r, on), on->subject);
    LINE("%s STATEMENT %s of=%s notice=%s received_on=%s", id->department, id->id, about(r, on), on->id,
         date(r, -2, 0, received));
}

static void answers(cx_random *r, char *out, size_t room) {
    size_t n = r->n[CX_RANDOM_STATEMENT] < 6 ? r->n[CX_RANDOM_STATEMENT] : 6, used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used + 16 < room; i++) {
        const cx_random_id *id =
            &r->ids[CX_RANDOM_STATEMENT][(r->n[CX_RANDOM_STATEMENT] - 1 - i) % CX_RANDOM_IDS];
        used += (size_t)snprintf(out + used, room - used, "%s%s", used == 0 ? " answers=" : ",", id->id);
    }
}

static void decision(cx_random *r) {
    static const char *const measures[] = {"M-CREDIT",         "M-CREDIT,M-FUNDS,M-BAN",
                                           "M-CREDIT,M-HEADS", "M-HEADS,A-ADVICE,M-EVENT",
                                           "M-CREDIT,M-BAN",   "M-CONSUMPTION"};
    const cx_random_id *on = some(r, CX_RANDOM_NOTICE);
    char doc[CX_DATE_TEXT], told[128];
    const char *department = sender(r, on), *subject = about(r, on);
    char list[16], notice_id[16];
    (void)snprintf(list, sizeof list, "%s", on->list);
    (void)snprintf(notice_id, sizeof notice_id, "%s", on->id);
    cx_random_id *id = add(r, CX_RANDOM_DECISION, department, on->subject);
    (void)memcpy(id->list, list, sizeof id->list);
    answers(r, told, chance(r, 85) ? sizeof told : 1);
    if (list[0] == 'R')
        LINE("%s RED_LISTING %s of=%s list=%s nomination=%s measures=I-LANE", department, id->id, subject,
             list, notice_id);
    else
        LINE("%s LISTING_DECISION %s of=%s list=%s notice=%s measures=%s exit=E remedy=R months=%d doc=%s "
             "role=%s%s",
             department, id->id, subject, list, notice_id,
             measures[cx_view_is(cx_view_of(list), "B-BAN") && chance(r, 90) ? 4 : below(r, 6)],
             6 + below(r, 32), date(r, -5, 0, doc), chance(r, 95) ? "HEAD" : "NONE", told);
}

static void court_decision(cx_random *r) {
    int subject = below(r, CX_RANDOM_SUBJECTS);
    const cx_random_id *on = some(r, CX_RANDOM_RECORD);
    bool based = chance(r, 60) && on->list[2] == 'C';
    char base[16];
    (void)snprintf(base, sizeof base, "%s", on->id);
    subject = based ? on->subject : subject;
    cx_random_id *id = add(r, CX_RANDOM_DECISION, "court", subject);
    LINE("court LISTING_DECISION %s of=%s list=B-COURT rests_on=%s measures=M-CONSUMPTION exit=E remedy=R "
         "case=%d grade=SERIOUS",
         id->id, subjects[subject], based ? base : "", 1 + below(r, 4));
}

/* Something that may be objected to, reviewed or withdrawn. */
static const cx_random_id *target(cx_random *r) {
    static const cx_random_sort sorts[] = {CX_RANDOM_DECISION, CX_RANDOM_DECISION, CX_RANDOM_DECISION,
                                           CX_RANDOM_NOTICE, CX_RANDOM_RECORD};
    return some(r, sorts[below(r, 5)]);
}

static void objection(cx_random *r) {
    const cx_random_id *on = target(r);
    char received[CX_DATE_TEXT];
    cx_random_id *id = add(r, CX_RANDOM_OBJECTION, on->department, on->subject);
    LINE("%s %s %s of=%s target=%s/%s received_on=%s grounds=G new_facts=%s",
         chance(r, 70) ? on->department : "centre", chance(r, 70) ? "OBJECTION" : "COMPLAINT", id->id,
         about(r, on), on->department, on->id, date(r, -3, 0, received), chance(r, 50) ? "yes" : "no");
}

static void ruling(cx_random *r) {
    static const char *const outcomes[] = {"REJECTED", "REJECTED", "UPHELD", "PARTLY_UPHELD"};
    const cx_random_id *on = some(r, CX_RANDOM_OBJECTION);
    LINE("%s RULING G%lld of=%s objection=%s outcome=%s", sender(r, on), (long long)r->number, about(r, on),
         on->id, outcomes[below(r, 4)]);
}

static void review(cx_random *r) {
    static const char *const outcomes[] = {"UPHELD", "ANNULLED", "CONFIRMED_ILLEGAL",
                                           "VARIED decision.list=B-ORG decision.months=7"};
    const cx_random_id *on = target(r);
    const char *body = chance(r, 90) ? (chance(r, 50) ? "court" : "review") : "market";
    int kind = below(r, 4);
    if (kind == 0) {
        LINE("%s REVIEW_FILED F%lld of=%s target=%s/%s", body, (long long)r->number, about(r, on),
             on->department, on->id);
    } else if (kind == 1) {
        cx_random_id *id = add(r, CX_RANDOM_STAY, body, on->subject);
        LINE("%s STAY_ORDERED %s of=%s target=%s/%s", body, id->id, about(r, on), on->department, on->id);
    } else if (kind == 2) {
        on = some(r, CX_RANDOM_STAY);
        LINE("%s STAY_LIFTED L%lld of=%s stay=%s", on->department, (long long)r->number, about(r, on),
             on->id);
    } else {
        LINE("%s REVIEW_OUTCOME V%lld of=%s target=%s/%s outcome=%s", body, (long long)r->number,
             about(r, on), on->department, on->id, outcomes[below(r, 4)]);
    }
}

static void change(cx_random *r) {
    const cx_random_id *on = target(r);
    const char *department = sender(r, on), *subject = about(r, on);
    long long n = (long long)r->number;
    switch (below(r, 5)) {
    case 0:
        LINE("%s WITHDRAWAL W%lld of=%s target=%s reason=A", department, n, subject, on->id);
        break;
    case 1:
        LINE("%s CORRECTION C%lld of=%s target=%s decision.list=B-ORG decision.months=%d", department, n,
             subject, on->id, 6 + below(r, 32));
        break;
    case 2:
        LINE("%s CORRECTION C%lld of=%s target=%s record.item=X-SERIOUS record.amount=%d", department, n,
             subject, on->id, chance(r, 50) ? 5 : 5000000);
        break;
    case 3:
        LINE("%s EXTENSION X%lld of=%s target=%s months=%d grounds=G", department, n, subject, on->id,
             1 + below(r, 14));
        break;
    default:
        LINE("%s PERFORMANCE F%lld of=%s target=%s kind=%s performed_on=2026-01-05", department, n, subject,
             on->id, chance(r, 50) ? "PERFORMED" : "EXPLAINED");
        break;
    }
}

static void repair(cx_random *r) {
    const cx_random_id *on = some(r, chance(r, 80) ? CX_RANDOM_DECISION : CX_RANDOM_RECORD);
    for (int i = 0; i < 4 && !cx_view_is(cx_view_of(on->list), "B-ORG"); i++)
        on = some(r, CX_RANDOM_DECISION); /* of a list that provides it, mostly */
    char applied[CX_DATE_TEXT];
    if (chance(r, 25)) {
        on = some(r, CX_RANDOM_REPAIR);
        LINE("%s REPAIR_REVOKED V%lld of=%s repair=%s reason=FALSE_MATERIAL", on->department,
             (long long)r->number, about(r, on), on->id);
        return;
    }
    const char *department = sender(r, on), *subject = about(r, on);
    char of[16];
    (void)snprintf(of, sizeof of, "%s", on->id);
    cx_random_id *id = add(r, CX_RANDOM_REPAIR, department, on->subject);
    LINE("%s REPAIR %s of=%s target=%s applied_on=%s duties_corrected=%s commitment=C conditions=TAX_PAID",
         department, id->id, subject, of, date(r, -1, 0, applied), chance(r, 90) ? "yes" : "no");
}

static void subject_event(cx_random *r) {
    static const char *const kinds[] = {
        "REORGANISATION", "REORGANISATION_ENDED", "INCAPACITY", "CAPACITY_RESTORED", "MERGER", "DEATH"};
    int i = below(r, CX_RANDOM_SUBJECTS), k = below(r, 26);
    if (k >= 23)
        LINE("market SUBJECT_EVENT E%lld of=%s kind=IDENTIFIER_CHANGED others=%s other=0",
             (long long)r->number, subjects[i],
             subjects[chance(r, 90) ? i / 3 * 3 + below(r, 3) : below(r, CX_RANDOM_SUBJECTS)]);
    else
        LINE("market SUBJECT_EVENT E%lld of=%s kind=%s", (long long)r->number, subjects[i],
             kinds[k < 10   ? 0
                   : k < 19 ? 1
                   : k < 20 ? 2
                   : k < 22 ? 3
                   : k < 23 ? 4
                            : 5]);
}

static void consent(cx_random *r) {
    if (chance(r, 50)) {
        int subject = below(r, CX_RANDOM_SUBJECTS);
        cx_random_id *id = add(r, CX_RANDOM_CONSENT, "market", subject);
        LINE("market CONSENT %s of=%s scope=ROLE_MODEL", id->id, subjects[subject]);
        return;
    }
    const cx_random_id *on = some(r, CX_RANDOM_CONSENT);
    LINE("market CONSENT_REVOKED Z%lld of=%s consent=%s", (long long)r->number, about(r, on), on->id);
}

static void query(cx_random *r) {
    LINE("centre QUERIED Q%lld of=%s who=%s purpose=A", (long long)r->number,
         subjects[below(r, CX_RANDOM_SUBJECTS)], chance(r, 50) ? "bank" : "tax");
}

static cx_rc move_on(cx_random *r, cx_err *err) {
    static const int days[] = {1, 1, 7, 9, 12, 30, 190, 400};
    r->today += days[below(r, 8)];
    LINE("day %d", r->today);
    CX_TRY(cx_chain_tick(r->chain, cx_time_of_date(r->today)));
    if (!r->activated && chance(r, 10)) {
        r->activated = true;
        CX_TRY(cx_chain_activate(r->chain, r->later));
    }
    return run(r, err);
}

cx_rc cx_random_step(cx_random *r, cx_err *err) {
    static void (*const kinds[])(cx_random *) = {
        record,   record,   record,   notice,         notice,    notice,        statement, decision,
        decision, decision, decision, court_decision, objection, objection,     ruling,    review,
        review,   change,   change,   repair,         repair,    subject_event, consent,   query};
    if (chance(r, 22))
        return move_on(r, err);
    if (r->number == 0 || !chance(r, 4)) /* else the last line once more: a duplicate, or a day later */
        kinds[below(r, (int)(sizeof kinds / sizeof kinds[0]))](r);
    else if (r->last[0] == 'd')
        record(r);
    return send(r, err);
}
