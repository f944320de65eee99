/* The events that a random history sends: each fills the line that is to be sent next. */
#include <stdio.h>

#include "tests/model/line.h"
#include "tests/model/random_inside.h"

const char *const cx_random_subjects[CX_RANDOM_SUBJECTS] = {"o0", "o1", "o2", "p0", "p1", "p2"};

/* --- ids ---------------------------------------------------------------------------------------------- */
static const cx_random_id nothing = {"market", "X", 0, "B-ORG"};

/* One of the newest ids of a sort, mostly. */
static const cx_random_id *some(cx_random *r, cx_random_sort sort) {
    size_t n = r->n[sort] < CX_RANDOM_IDS ? r->n[sort] : CX_RANDOM_IDS;
    if (n == 0 || cx_random_chance(r, 3))
        return &nothing;
    size_t back = (size_t)cx_random_below(r, cx_random_chance(r, 60) && n > 4 ? 4 : (int)n);
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
    return cx_random_subjects[cx_random_chance(r, 95) ? of->subject : cx_random_below(r, CX_RANDOM_SUBJECTS)];
}

static const char *sender(cx_random *r, const cx_random_id *of) {
    static const char *const others[] = {"tax", "court", "centre", "review"};
    return cx_random_chance(r, 95) ? of->department : others[cx_random_below(r, 4)];
}

static const char *date(cx_random *r, int least, int most, char out[CX_DATE_TEXT]) {
    return cx_date_format(r->today + least + cx_random_below(r, most - least + 1), out);
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
    int i = cx_random_below(r, 8), subject = cx_random_below(r, CX_RANDOM_SUBJECTS);
    bool roles = subject < 3 && cx_random_chance(r, 60);
    cx_random_id *id = add(r, CX_RANDOM_RECORD, items[i].department, subject);
    (void)snprintf(id->list, sizeof id->list, "%s", items[i].list);
    LINE("%s RECORD %s of=%s item=%s amount=%d act=%s%s", id->department, id->id, cx_random_subjects[subject],
         items[i].item, cx_random_chance(r, 90) ? 5000000 : 5, date(r, -90, 0, act),
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
             cx_random_chance(r, 95) ? "yes" : "no");
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
    answers(r, told, cx_random_chance(r, 85) ? sizeof told : 1);
    if (list[0] == 'R')
        LINE("%s RED_LISTING %s of=%s list=%s nomination=%s measures=I-LANE", department, id->id, subject,
             list, notice_id);
    else
        LINE("%s LISTING_DECISION %s of=%s list=%s notice=%s measures=%s exit=E remedy=R months=%d doc=%s "
             "role=%s%s",
             department, id->id, subject, list, notice_id,
             measures[cx_view_is(cx_view_of(list), "B-BAN") && cx_random_chance(r, 90)
                          ? 4
                          : cx_random_below(r, 6)],
             6 + cx_random_below(r, 32), date(r, -5, 0, doc), cx_random_chance(r, 95) ? "HEAD" : "NONE",
             told);
}

static void court_decision(cx_random *r) {
    int subject = cx_random_below(r, CX_RANDOM_SUBJECTS);
    const cx_random_id *on = some(r, CX_RANDOM_RECORD);
    bool based = cx_random_chance(r, 60) && on->list[2] == 'C';
    char base[16];
    (void)snprintf(base, sizeof base, "%s", on->id);
    subject = based ? on->subject : subject;
    cx_random_id *id = add(r, CX_RANDOM_DECISION, "court", subject);
    LINE("court LISTING_DECISION %s of=%s list=B-COURT rests_on=%s measures=M-CONSUMPTION exit=E remedy=R "
         "case=%d grade=SERIOUS",
         id->id, cx_random_subjects[subject], based ? base : "", 1 + cx_random_below(r, 4));
}

/* Something that may be objected to, reviewed or withdrawn. */
static const cx_random_id *target(cx_random *r) {
    static const cx_random_sort sorts[] = {CX_RANDOM_DECISION, CX_RANDOM_DECISION, CX_RANDOM_DECISION,
                                           CX_RANDOM_NOTICE, CX_RANDOM_RECORD};
    return some(r, sorts[cx_random_below(r, 5)]);
}

static void objection(cx_random *r) {
    const cx_random_id *on = target(r);
    char received[CX_DATE_TEXT];
    cx_random_id *id = add(r, CX_RANDOM_OBJECTION, on->department, on->subject);
    LINE("%s %s %s of=%s target=%s/%s received_on=%s grounds=G new_facts=%s",
         cx_random_chance(r, 70) ? on->department : "centre",
         cx_random_chance(r, 70) ? "OBJECTION" : "COMPLAINT", id->id, about(r, on), on->department, on->id,
         date(r, -3, 0, received), cx_random_chance(r, 50) ? "yes" : "no");
}

static void ruling(cx_random *r) {
    static const char *const outcomes[] = {"REJECTED", "REJECTED", "UPHELD", "PARTLY_UPHELD"};
    const cx_random_id *on = some(r, CX_RANDOM_OBJECTION);
    LINE("%s RULING G%lld of=%s objection=%s outcome=%s", sender(r, on), (long long)r->number, about(r, on),
         on->id, outcomes[cx_random_below(r, 4)]);
}

static void review(cx_random *r) {
    static const char *const outcomes[] = {"UPHELD", "ANNULLED", "CONFIRMED_ILLEGAL",
                                           "VARIED decision.list=B-ORG decision.months=7"};
    const cx_random_id *on = target(r);
    const char *body = cx_random_chance(r, 90) ? (cx_random_chance(r, 50) ? "court" : "review") : "market";
    int kind = cx_random_below(r, 4);
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
             about(r, on), on->department, on->id, outcomes[cx_random_below(r, 4)]);
    }
}

static void change(cx_random *r) {
    const cx_random_id *on = target(r);
    const char *department = sender(r, on), *subject = about(r, on);
    long long n = (long long)r->number;
    switch (cx_random_below(r, 5)) {
    case 0:
        LINE("%s WITHDRAWAL W%lld of=%s target=%s reason=A", department, n, subject, on->id);
        break;
    case 1:
        LINE("%s CORRECTION C%lld of=%s target=%s decision.list=B-ORG decision.months=%d", department, n,
             subject, on->id, 6 + cx_random_below(r, 32));
        break;
    case 2:
        LINE("%s CORRECTION C%lld of=%s target=%s record.item=X-SERIOUS record.amount=%d", department, n,
             subject, on->id, cx_random_chance(r, 50) ? 5 : 5000000);
        break;
    case 3:
        LINE("%s EXTENSION X%lld of=%s target=%s months=%d grounds=G", department, n, subject, on->id,
             1 + cx_random_below(r, 14));
        break;
    default:
        LINE("%s PERFORMANCE F%lld of=%s target=%s kind=%s performed_on=2026-01-05", department, n, subject,
             on->id, cx_random_chance(r, 50) ? "PERFORMED" : "EXPLAINED");
        break;
    }
}

static void repair(cx_random *r) {
    const cx_random_id *on = some(r, cx_random_chance(r, 80) ? CX_RANDOM_DECISION : CX_RANDOM_RECORD);
    for (int i = 0; i < 4 && !cx_view_is(cx_view_of(on->list), "B-ORG"); i++)
        on = some(r, CX_RANDOM_DECISION); /* of a list that provides it, mostly */
    char applied[CX_DATE_TEXT];
    if (cx_random_chance(r, 25)) {
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
         department, id->id, subject, of, date(r, -1, 0, applied), cx_random_chance(r, 90) ? "yes" : "no");
}

static void subject_event(cx_random *r) {
    static const char *const kinds[] = {
        "REORGANISATION", "REORGANISATION_ENDED", "INCAPACITY", "CAPACITY_RESTORED", "MERGER", "DEATH"};
    int i = cx_random_below(r, CX_RANDOM_SUBJECTS), k = cx_random_below(r, 26);
    if (k >= 23)
        LINE("market SUBJECT_EVENT E%lld of=%s kind=IDENTIFIER_CHANGED others=%s other=0",
             (long long)r->number, cx_random_subjects[i],
             cx_random_subjects[cx_random_chance(r, 90) ? i / 3 * 3 + cx_random_below(r, 3)
                                                        : cx_random_below(r, CX_RANDOM_SUBJECTS)]);
    else
        LINE("market SUBJECT_EVENT E%lld of=%s kind=%s", (long long)r->number, cx_random_subjects[i],
             kinds[k < 10   ? 0
                   : k < 19 ? 1
                   : k < 20 ? 2
                   : k < 22 ? 3
                   : k < 23 ? 4
                            : 5]);
}

static void consent(cx_random *r) {
    if (cx_random_chance(r, 50)) {
        int subject = cx_random_below(r, CX_RANDOM_SUBJECTS);
        cx_random_id *id = add(r, CX_RANDOM_CONSENT, "market", subject);
        LINE("market CONSENT %s of=%s scope=ROLE_MODEL", id->id, cx_random_subjects[subject]);
        return;
    }
    const cx_random_id *on = some(r, CX_RANDOM_CONSENT);
    LINE("market CONSENT_REVOKED Z%lld of=%s consent=%s", (long long)r->number, about(r, on), on->id);
}

static void query(cx_random *r) {
    LINE("centre QUERIED Q%lld of=%s who=%s purpose=A", (long long)r->number,
         cx_random_subjects[cx_random_below(r, CX_RANDOM_SUBJECTS)],
         cx_random_chance(r, 50) ? "bank" : "tax");
}

void cx_random_record(cx_random *r) {
    record(r);
}

/* The whole way to an entry in force, one event at a time. */
void cx_random_story(cx_random *r, int part, int subject) {
    static const char *const measures[] = {"M-CREDIT,M-FUNDS", "M-CREDIT,M-BAN,M-EVENT", "M-CREDIT,M-HEADS"};
    bool roles = subject < 3;
    char served[CX_DATE_TEXT];
    const char *of = cx_random_subjects[subject];
    long long n = (long long)r->number;
    if (part == 0) {
        add(r, CX_RANDOM_RECORD, "market", subject);
        LINE("market RECORD R%lld of=%s item=X-SERIOUS amount=5000000%s", n + 1, of,
             roles
                 ? " others=p0,p1 roles=LEGAL_REPRESENTATIVE:p0:2020-01-01,DIRECTLY_RESPONSIBLE:p1:2020-01-01"
                 : "");
    } else if (part == 1) {
        cx_random_id *id = add(r, CX_RANDOM_NOTICE, "market", subject);
        (void)snprintf(id->list, sizeof id->list, "B-ORG");
        LINE("market LISTING_NOTICE N%lld of=%s list=B-ORG rests_on=R%lld served_on=%s reason=A "
             "rights_told=yes",
             n + 1, of, n, cx_date_format(r->today, served));
    } else {
        cx_random_id *id = add(r, CX_RANDOM_DECISION, "market", subject);
        (void)snprintf(id->list, sizeof id->list, "B-ORG");
        LINE("market LISTING_DECISION D%lld of=%s list=B-ORG notice=N%lld measures=%s exit=E remedy=R", n + 1,
             of, n, measures[cx_random_below(r, roles ? 3 : 2)]);
    }
}

void cx_random_event(cx_random *r) {
    static void (*const kinds[])(cx_random *) = {
        record,   record,   record,   notice,         notice,    notice,        statement, decision,
        decision, decision, decision, court_decision, objection, objection,     ruling,    review,
        review,   change,   change,   repair,         repair,    subject_event, consent,   query};
    kinds[cx_random_below(r, (int)(sizeof kinds / sizeof kinds[0]))](r);
}
