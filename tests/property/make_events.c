/* Events of all kinds, by the ids that were sent. */
#include <stdio.h>

#include "tests/property/make_inside.h"

static const char *place(const cx_make *m) {
    static _Thread_local char text[24];
    return cx_make_place(m, text);
}

static void some_record(cx_make *m) {
    const char *subject = cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)];
    const cx_world *w = m->world;
    bool leads = w->recipe_n == w->listing_n || cx_make_chance(m, 75);
    const cx_recipe *r =
        leads ? cx_make_recipe(m, subject)
              : &w->recipes[w->listing_n + (size_t)cx_make_below(m, (int)(w->recipe_n - w->listing_n))];
    cx_make_record(m, subject, r, false);
}

static void some_notice(cx_make *m) {
    cx_make_notice(m, cx_make_some(m, CX_MAKE_RECORD), false);
}

static void some_decision(cx_make *m) {
    cx_make_id notice = *cx_make_some(m, CX_MAKE_NOTICE);
    cx_make_decision(m, &notice, false);
}

static void some_court_decision(cx_make *m) {
    for (int i = 0; i < 30; i++) {
        const char *subject = cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)];
        const cx_recipe *r = cx_make_recipe(m, subject);
        if (r->list->procedure == CX_PROCEDURE_COURT) {
            cx_make_court(m, subject, r);
            return;
        }
    }
    some_record(m);
}

static void statement(cx_make *m) {
    cx_make_id on = *cx_make_some(m, CX_MAKE_NOTICE);
    char received[CX_DATE_TEXT];
    const cx_make_id *id =
        cx_make_add(m, CX_MAKE_STATEMENT, on.subject, cx_make_sender(m, cx_view_of(on.department)), NULL);
    CX_MAKE_LINE(m, "%s STATEMENT %s of=%s notice=%s received_on=%s%s", id->department, id->id,
                 cx_make_about(m, on.subject), on.id, cx_make_day(m, -2, 0, received), place(m));
}

static void record_event(cx_make *m) {
    cx_make_id on = *cx_make_some(m, CX_MAKE_RECORD);
    const cx_recipe *r = on.recipe;
    char doc[CX_DATE_TEXT];
    cx_view item = r != NULL ? r->item->code : CX_VIEW("X"),
            basis = r != NULL ? r->basis : cx_make_basis(m, r);
    const char *subject = cx_make_about(m, on.subject);
    cx_view sender = cx_make_sender(m, cx_view_of(on.department));
    int n = ++m->number;
    switch (cx_make_below(m, 6)) {
    case 0:
        CX_MAKE_LINE(m, "%.*s WITHDRAWAL W%d of=%s target=%s reason=A basis=%.*s%s", CX_VIEW_ARGS(sender), n,
                     subject, on.id, CX_VIEW_ARGS(basis), place(m));
        break;
    case 1:
    case 2:
        CX_MAKE_LINE(
            m, "%.*s CORRECTION C%d of=%s target=%s record.item=%.*s record.amount=%d%s basis=%.*s%s",
            CX_VIEW_ARGS(sender), n, subject, on.id, CX_VIEW_ARGS(item), cx_make_chance(m, 50) ? 5 : 5000000,
            cx_make_chance(m, 30)   ? " others=p0,p1 record.roles=LEGAL_REPRESENTATIVE:p0:2020-01-01"
            : cx_make_chance(m, 10) ? " record.facts=dna:SECRET"
            : cx_make_chance(m, 10) ? " record.facts=salary:CONSENTED consented=salary"
                                    : "",
            CX_VIEW_ARGS(basis), place(m));
        break;
    case 3:
        CX_MAKE_LINE(m,
                     "%.*s REVIEW_OUTCOME V%d of=%s target=%s/%s outcome=VARIED record.item=%.*s "
                     "record.amount=%d basis=%.*s%s",
                     CX_VIEW_ARGS(cx_make_of_kind(m, CX_DEPARTMENT_COURT)), n, subject, on.department, on.id,
                     CX_VIEW_ARGS(item), cx_make_chance(m, 50) ? 5 : 5000000, CX_VIEW_ARGS(basis), place(m));
        break;
    case 4:
        CX_MAKE_LINE(m, "%.*s REVIEW_OUTCOME V%d of=%s target=%s/%s outcome=%s basis=%.*s%s",
                     CX_VIEW_ARGS(cx_make_of_kind(m, CX_DEPARTMENT_REVIEW)), n, subject, on.department, on.id,
                     cx_make_chance(m, 50) ? "ANNULLED" : "CONFIRMED_ILLEGAL", CX_VIEW_ARGS(basis), place(m));
        break;
    default:
        CX_MAKE_LINE(
            m, "%.*s REPAIR Y%d of=%s target=%s applied_on=%s duties_corrected=yes commitment=C basis=%.*s%s",
            CX_VIEW_ARGS(sender), n, subject, on.id, cx_make_day(m, -1, 0, doc), CX_VIEW_ARGS(basis),
            place(m));
        break;
    }
}

static void ruling(cx_make *m) {
    static const char *const outcomes[] = {"REJECTED", "REJECTED", "UPHELD", "PARTLY_UPHELD"};
    cx_make_id on = *cx_make_some(m, CX_MAKE_OBJECTION);
    const cx_recipe *r = on.recipe;
    CX_MAKE_LINE(m, "%.*s RULING G%d of=%s objection=%s outcome=%s basis=%.*s%s",
                 CX_VIEW_ARGS(cx_make_sender(m, cx_view_of(on.department))), ++m->number,
                 cx_make_about(m, on.subject), on.id, outcomes[cx_make_below(m, 4)],
                 CX_VIEW_ARGS(cx_make_basis(m, r)), place(m));
}

static void dispute_record(cx_make *m) {
    cx_make_id on = *cx_make_some(m, CX_MAKE_RECORD);
    char received[CX_DATE_TEXT];
    const cx_make_id *id =
        cx_make_add(m, CX_MAKE_OBJECTION, on.subject, cx_view_of(on.department), on.recipe);
    CX_MAKE_LINE(m, "%.*s %s %s of=%s target=%s/%s received_on=%s grounds=G new_facts=%s%s",
                 CX_VIEW_ARGS(cx_make_chance(m, 60) ? cx_view_of(on.department) : cx_make_anyone(m)),
                 cx_make_chance(m, 60) ? "OBJECTION" : "COMPLAINT", id->id, cx_make_about(m, on.subject),
                 on.department, on.id, cx_make_day(m, -2, 0, received), cx_make_chance(m, 50) ? "yes" : "no",
                 place(m));
}

static void subject_event(cx_make *m) {
    static const char *const kinds[] = {"REORGANISATION",       "REORGANISATION", "REORGANISATION_ENDED",
                                        "REORGANISATION_ENDED", "INCAPACITY",     "CAPACITY_RESTORED",
                                        "CAPACITY_RESTORED",    "MERGER",         "DEATH",
                                        "DEREGISTRATION"};
    int i = cx_make_below(m, CX_MAKE_SUBJECTS);
    cx_view sender = cx_make_recipe(m, NULL)->department->code;
    cx_view basis = cx_make_recipe(m, NULL)->list_basis;
    if (cx_make_chance(m, 15))
        CX_MAKE_LINE(m, "%.*s SUBJECT_EVENT E%d of=%s kind=IDENTIFIER_CHANGED others=%s other=0 basis=%.*s%s",
                     CX_VIEW_ARGS(sender), ++m->number, cx_make_subjects[i],
                     cx_make_subjects[cx_make_chance(m, 90) ? i / 3 * 3 + cx_make_below(m, 3)
                                                            : cx_make_below(m, CX_MAKE_SUBJECTS)],
                     CX_VIEW_ARGS(basis), place(m));
    else
        CX_MAKE_LINE(m, "%.*s SUBJECT_EVENT E%d of=%s kind=%s basis=%.*s%s", CX_VIEW_ARGS(sender),
                     ++m->number, cx_make_subjects[i], kinds[cx_make_below(m, 10)], CX_VIEW_ARGS(basis),
                     place(m));
}

static void consent(cx_make *m) {
    static const char *const scopes[] = {"ROLE_MODEL", "deposits", "POINTS", "REFUSE:HONOUR", "deposits"};
    cx_view sender = cx_make_recipe(m, NULL)->department->code;
    if (cx_make_chance(m, 55)) {
        const char *subject = cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)];
        const cx_make_id *id = cx_make_add(m, CX_MAKE_CONSENT, subject, sender, NULL);
        CX_MAKE_LINE(m, "%s CONSENT %s of=%s scope=%s%s", id->department, id->id, subject,
                     scopes[cx_make_below(m, 5)], place(m));
        return;
    }
    cx_make_id on = *cx_make_some(m, CX_MAKE_CONSENT);
    CX_MAKE_LINE(m, "%s CONSENT_REVOKED Z%d of=%s consent=%s%s", on.department, ++m->number,
                 cx_make_about(m, on.subject), on.id, place(m));
}

static void query(cx_make *m) {
    static const char *const purposes[] = {"OWN_REPORT", "LICENSING", "AUDIT", "ADMISSION", "HIRING"};
    CX_MAKE_LINE(m, "query %.*s %s of=%s%s", CX_VIEW_ARGS(cx_make_anyone(m)), purposes[cx_make_below(m, 5)],
                 cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)],
                 cx_make_chance(m, 10) ? " log=fails" : "");
}

static void feedback(cx_make *m) {
    static const char *const outcomes[] = {"DONE", "STOPPED", "UNDONE", "UNDONE", "REFUSED"};
    const cx_ledger *l = cx_play_ledger(m->play);
    char on[CX_DATE_TEXT];
    if (l->told_n == 0) {
        some_record(m);
        return;
    }
    size_t i = (size_t)cx_make_below(m, (int)l->told_n);
    const cx_told *t = &l->told[i];
    char name[CX_CHAIN_SUBJECT + 1] = {0};
    (void)memcpy(name, t->subject, CX_CHAIN_SUBJECT);
    CX_MAKE_LINE(m, "%.*s MEASURE_FEEDBACK F%d of=%s measure=@%zu outcome=%s on=%s%s",
                 CX_VIEW_ARGS(cx_make_sender(m, t->department)), ++m->number, name, i,
                 outcomes[cx_make_below(m, 5)], cx_make_day(m, 0, 0, on), place(m));
}

void cx_make_release(cx_make *m) {
    CX_MAKE_LINE(m, "%.*s BREAKER_RELEASE L%d of= breaker=@1 official=%d basis=%.*s%s",
                 CX_VIEW_ARGS(cx_make_recipe(m, NULL)->department->code), ++m->number,
                 cx_make_chance(m, 70) ? 9 : 7, CX_VIEW_ARGS(cx_make_basis(m, NULL)), place(m));
}

void cx_make_event(cx_make *m) {
    static void (*const kinds[])(cx_make *) = {
        some_record,   some_record,   some_record,    some_notice,   some_notice,
        statement,     some_decision, some_decision,  some_decision, some_court_decision,
        record_event,  record_event,  record_event,   ruling,        dispute_record,
        subject_event, subject_event, consent,        consent,       query,
        query,         feedback,      cx_make_release};
    kinds[cx_make_below(m, (int)(sizeof kinds / sizeof kinds[0]))](m);
}
