/* From the record to the decision. */
#include <stdio.h>

#include "tests/property/make_inside.h"

static bool is_person(const char *subject) {
    return subject[0] == 'p';
}

static void roles_of(cx_make *m, char *out, size_t room) {
    static const char *const roles[] = {
        "LEGAL_REPRESENTATIVE:p0:2020-01-01,DIRECTLY_RESPONSIBLE:p1:2020-01-01",
        "LEGAL_REPRESENTATIVE:p0:2020-01-01,DIRECTLY_RESPONSIBLE:p1:2026-06-01",
        "LEGAL_REPRESENTATIVE:p0:2020-01-01:2025-12-01,PRINCIPAL:p1:2020-01-01",
        "PRINCIPAL:p0:2020-01-01,LEGAL_REPRESENTATIVE:p1:2020-01-01:2026-12-31",
        "SHAREHOLDER:p0:2020-01-01,DIRECTOR:p1:2020-01-01",
        "?LEGAL_REPRESENTATIVE:p0:2020-01-01"};
    int i = cx_make_chance(m, 50) ? 0 : cx_make_below(m, 6);
    (void)snprintf(out, room, " others=p0,p1 roles=%s", roles[i]);
    if (cx_make_chance(m, 2)) /* one of them is too young */
        (void)snprintf(out, room, " others=p0,p9 roles=LEGAL_REPRESENTATIVE:p0:2020-01-01");
}

/* Facts that no one may keep, or only with consent. */
static const char *odd_fact(cx_make *m) {
    static const char *const facts[] = {" facts=fingerprint:SECRET",
                                        " facts=blood_type:SECRET",
                                        " facts=kin.spouse:SECRET",
                                        " facts=reporter:REPORTER",
                                        " facts=Informant-1:REPORTER",
                                        " facts=annual_income:CLOSED",
                                        " facts=deposits:CONSENTED consented=deposits",
                                        " facts=deposits:CONSENTED consented=deposits",
                                        " facts=deposits:CONSENTED consented=deposits"};
    return facts[cx_make_below(m, 9)];
}

void cx_make_record(cx_make *m, const char *subject, const cx_recipe *r, bool plain) {
    char act[CX_DATE_TEXT], place[24], roles[160] = "", group[48] = "";
    const char *facts = plain || cx_make_chance(m, 80) ? r->facts : "amount=5", *odd = "";
    cx_view basis = r->basis, sender = plain ? r->department->code : cx_make_sender(m, r->department->code);
    bool at_fault = !plain && cx_make_chance(m, 12);
    if (!is_person(subject) && cx_make_chance(m, 60))
        roles_of(m, roles, sizeof roles);
    if (r->group.n > 0)
        (void)snprintf(group, sizeof group, " group=%.*s", CX_VIEW_ARGS(r->group));
    if (at_fault && cx_make_chance(m, 50)) {
        odd = odd_fact(m);
        facts = "amount=5000000";
    } else if (at_fault) {
        static const char *const odds[] = {" id=wrong", " plain=1", " number=", " effective=2030-01-01",
                                           " text=1"};
        odd = odds[cx_make_below(m, 5)];
    }
    if (!plain && cx_make_chance(m, 3))
        basis = cx_pack_basis(m->world->packs[0], CX_VIEW("PLAN")) != NULL ? CX_VIEW("PLAN") : CX_VIEW("ZZ");
    if (!plain && cx_make_chance(m, 2))
        subject = "p9";
    const cx_make_id *id = cx_make_add(m, CX_MAKE_RECORD, subject, sender, r);
    (void)cx_make_day(m, cx_make_chance(m, 20) ? -400 : -60, 0, act);
    CX_MAKE_LINE(m, "%s RECORD %s of=%s item=%.*s %s basis=%.*s act=%s%s%s%s%s", id->department, id->id,
                 subject, CX_VIEW_ARGS(r->item->code), facts, CX_VIEW_ARGS(basis), act, group, roles, odd,
                 cx_make_place(m, place));
}

void cx_make_notice(cx_make *m, const cx_make_id *record, bool plain) {
    char served[CX_DATE_TEXT], place[24], from[CX_DATE_TEXT], public_from[40] = "";
    const cx_recipe *r =
        record->recipe != NULL && record->recipe->list != NULL ? record->recipe : cx_make_recipe(m, NULL);
    const char *subject = plain ? record->subject : cx_make_about(m, record->subject);
    cx_view sender =
        plain ? cx_view_of(record->department) : cx_make_sender(m, cx_view_of(record->department));
    const cx_make_id *id = cx_make_add(m, CX_MAKE_NOTICE, subject, sender, r);
    if (r->list->window.days > 0 && (plain || cx_make_chance(m, 85)))
        (void)snprintf(public_from, sizeof public_from, " public_from=%s", cx_make_day(m, 0, 0, from));
    bool red = r->list->procedure == CX_PROCEDURE_RED;
    if (!plain && cx_make_chance(m, 5))
        red = !red;
    if (red)
        CX_MAKE_LINE(m, "%s RED_NOMINATION %s of=%s list=%.*s rests_on=%s evidence=E basis=%.*s%s%s",
                     id->department, id->id, subject, CX_VIEW_ARGS(r->list->code), record->id,
                     CX_VIEW_ARGS(r->list_basis), public_from, cx_make_place(m, place));
    else
        CX_MAKE_LINE(m,
                     "%s LISTING_NOTICE %s of=%s list=%.*s rests_on=%s served_on=%s reason=A rights_told=%s "
                     "basis=%.*s%s",
                     id->department, id->id, subject, CX_VIEW_ARGS(r->list->code), record->id,
                     cx_make_day(m, plain ? 0 : -6, 0, served),
                     cx_make_chance(m, plain ? 97 : 88) ? "yes" : "no", CX_VIEW_ARGS(r->list_basis),
                     cx_make_place(m, place));
}

static size_t add_word(char *out, size_t room, size_t used, cx_view word) {
    int n = snprintf(out + used, room - used, "%s%.*s", used == 0 ? "" : ",", CX_VIEW_ARGS(word));
    return n > 0 && (size_t)n < room - used ? used + (size_t)n : used;
}

void cx_make_measures(cx_make *m, const cx_recipe *r, const char *subject, char *out, size_t room) {
    const cx_view *choice = is_person(subject) ? r->of_person : r->of_organisation;
    size_t n = is_person(subject) ? r->person_n : r->organisation_n, used = 0;
    out[0] = '\0';
    for (int i = 0, most = 1 + cx_make_below(m, 3); n > 0 && i < most; i++)
        used = add_word(out, room, used, choice[cx_make_below(m, (int)n)]);
    if (!is_person(subject) && r->heads_n > 0 && cx_make_chance(m, 50))
        used = add_word(out, room, used, r->of_heads[cx_make_below(m, (int)r->heads_n)]);
    if (cx_make_chance(m, 4)) { /* any measure of the pack */
        size_t all;
        const cx_measure *measures = cx_pack_measures(m->world->packs[0], &all);
        (void)add_word(out, room, used, measures[cx_make_below(m, (int)all)].code);
    }
}

static void answers_for(cx_make *m, char *out, size_t room) {
    size_t n = m->n[CX_MAKE_STATEMENT] < 6 ? m->n[CX_MAKE_STATEMENT] : 6, used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used + 20 < room; i++) {
        const cx_make_id *id = &m->ids[CX_MAKE_STATEMENT][(m->n[CX_MAKE_STATEMENT] - 1 - i) % CX_MAKE_IDS];
        used += (size_t)snprintf(out + used, room - used, "%s%s", used == 0 ? " answers=" : ",", id->id);
    }
}

void cx_make_decision(cx_make *m, const cx_make_id *notice, bool plain) {
    char doc[CX_DATE_TEXT], place[24], told[160] = "", measures[160], months[24] = "";
    const cx_recipe *r =
        notice->recipe != NULL && notice->recipe->list != NULL ? notice->recipe : cx_make_recipe(m, NULL);
    const char *subject = plain ? notice->subject : cx_make_about(m, notice->subject);
    cx_view sender =
        plain ? cx_view_of(notice->department) : cx_make_sender(m, cx_view_of(notice->department));
    const cx_make_id *id = cx_make_add(m, CX_MAKE_DECISION, subject, sender, r);
    if (plain || cx_make_chance(m, 80))
        answers_for(m, told, sizeof told);
    cx_make_measures(m, r, subject, measures, sizeof measures);
    if (r->list->months > 0 && cx_make_chance(m, 60)) /* now and then too long, or too short */
        (void)snprintf(months, sizeof months, " months=%d",
                       r->list->minimum_months +
                           cx_make_below(m, r->list->months - r->list->minimum_months + (plain ? 1 : 4)));
    if (strcmp(months, " months=0") == 0)
        months[0] = '\0';
    bool red = r->list->procedure == CX_PROCEDURE_RED;
    if (!plain && cx_make_chance(m, 4))
        red = !red;
    const char *role = plain || cx_make_chance(m, 93) ? "HEAD"
                       : cx_make_chance(m, 50)        ? "NONE"
                                                      : "HEAD official=";
    if (red)
        CX_MAKE_LINE(m, "%s RED_LISTING %s of=%s list=%.*s nomination=%s measures=%s basis=%.*s role=%s%s%s",
                     id->department, id->id, subject, CX_VIEW_ARGS(r->list->code), notice->id, measures,
                     CX_VIEW_ARGS(r->list_basis), role, months, cx_make_place(m, place));
    else
        CX_MAKE_LINE(
            m,
            "%s LISTING_DECISION %s of=%s list=%.*s notice=%s measures=%s exit=E remedy=%s basis=%.*s doc=%s "
            "role=%s%s%s%s",
            id->department, id->id, subject, CX_VIEW_ARGS(r->list->code), notice->id, measures,
            plain || cx_make_chance(m, 97) ? "R" : "", CX_VIEW_ARGS(r->list_basis),
            cx_make_day(m, plain ? 0 : -4, 0, doc), role, months, told, cx_make_place(m, place));
}

/* A judgment of that court about the subject, where one was sent: now and then the list rests on it. */
static const char *judgment(cx_make *m, const char *subject, const cx_recipe *r) {
    size_t n = m->n[CX_MAKE_RECORD] < CX_MAKE_IDS ? m->n[CX_MAKE_RECORD] : CX_MAKE_IDS;
    for (size_t i = 0; i < n && cx_make_chance(m, 80); i++) {
        const cx_make_id *id = &m->ids[CX_MAKE_RECORD][i];
        if (id->recipe == r && strcmp(id->subject, subject) == 0)
            return id->id;
    }
    return "";
}

void cx_make_court(cx_make *m, const char *subject, const cx_recipe *r) {
    char place[24], measures[160];
    cx_view sender = cx_make_chance(m, 95) ? r->department->code : cx_make_anyone(m);
    cx_make_measures(m, r, subject, measures, sizeof measures);
    const char *rests_on = judgment(m, subject, r);
    const cx_make_id *id = cx_make_add(m, CX_MAKE_DECISION, subject, sender, r);
    CX_MAKE_LINE(m,
                 "%s LISTING_DECISION %s of=%s list=%.*s rests_on=%s measures=%s exit=E remedy=R case=%d "
                 "grade=SERIOUS "
                 "basis=%.*s role=%s%s",
                 id->department, id->id, subject, CX_VIEW_ARGS(r->list->code), rests_on, measures,
                 1 + cx_make_below(m, 3), CX_VIEW_ARGS(r->list_basis),
                 cx_make_chance(m, 95) ? "JUDGE" : "HEAD", cx_make_place(m, place));
}
