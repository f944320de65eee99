/* Disclosures, and the consents they rest on: beside the history, by chances of their own, so that the same
 * seed tells the same history with or without them. */
#include <stdio.h>

#include "common/law/procedure.h"
#include "tests/property/make_inside.h"

/* A line about a subject by somebody, in the words of the world. */
struct aside {
    cx_make *m;
    char *out;
    cx_view sender, basis;
    char place[24];
};

static const char *subject_of(const uint8_t *key, char out[CX_CHAIN_SUBJECT + 1]) {
    (void)memcpy(out, key, CX_CHAIN_SUBJECT);
    out[CX_CHAIN_SUBJECT] = '\0';
    return out;
}

/* The newest consent that was given for the subject, or one that never was. */
static int consent_of(cx_make *m, const char *subject) {
    for (int k = m->consents; k > 0; k--)
        if (strcmp(cx_make_subjects[k % CX_MAKE_SUBJECTS], subject) == 0 && cx_make_chance(m, 80))
            return k;
    return 0;
}

static void disclose(struct aside *a, const char *subject, cx_view target, int consent) {
    char named[32] = "";
    if (consent > 0)
        (void)snprintf(named, sizeof named, " consent=J%d", consent);
    (void)snprintf(a->out, CX_PLAY_LINE, "%.*s DISCLOSURE U%d of=%s target=%.*s%s%s%s basis=%.*s%s",
                   CX_VIEW_ARGS(a->sender), ++a->m->disclosures, subject, CX_VIEW_ARGS(target), named,
                   cx_make_chance(a->m, 4) ? " others=o1" : "", cx_make_chance(a->m, 4) ? " role=NONE" : "",
                   CX_VIEW_ARGS(a->basis), a->place);
}

static void disclose_record(struct aside *a) {
    const cx_ledger *l = cx_play_ledger(a->m->play);
    char name[CX_CHAIN_SUBJECT + 1];
    if (l->record_n == 0)
        return;
    const cx_known_record *r = &l->records[cx_make_below(a->m, (int)l->record_n)];
    const char *subject = subject_of(r->subject, name);
    a->sender = cx_make_sender(a->m, r->now->department);
    int consent = cx_make_chance(a->m, 50) ? consent_of(a->m, subject) : 0;
    disclose(a, subject, r->now->event_id, consent);
}

static void disclose_entry(struct aside *a) {
    const cx_ledger *l = cx_play_ledger(a->m->play);
    char name[CX_CHAIN_SUBJECT + 1];
    for (int i = 0; i < 6 && l->entry_n > 0; i++) { /* what is in force, mostly */
        const cx_known_entry *e = &l->entries[cx_make_below(a->m, (int)l->entry_n)];
        if (e->now->state != CX_ENTRY_STATE_IN_FORCE && i < 5)
            continue;
        const char *subject = subject_of(e->subject, name);
        a->sender = cx_make_sender(a->m, e->now->department);
        int consent = cx_make_chance(a->m, 40) ? consent_of(a->m, subject) : 0;
        disclose(a, subject, e->now->decision.n > 0 ? e->now->decision : e->now->notice, consent);
        return;
    }
}

static void disclose_clean(struct aside *a) {
    const char *subject = cx_make_subjects[cx_make_below(a->m, CX_MAKE_SUBJECTS)];
    disclose(a, subject, CX_VIEW(""), consent_of(a->m, subject));
}

static void consent(struct aside *a) {
    char until[CX_DATE_TEXT], last[32] = "";
    int number = ++a->m->consents;
    if (cx_make_chance(a->m, 40))
        (void)snprintf(last, sizeof last, " until=%s", cx_make_day(a->m, 3, 200, until));
    (void)snprintf(a->out, CX_PLAY_LINE, "%.*s CONSENT J%d of=%s scope=%s%s basis=%.*s%s",
                   CX_VIEW_ARGS(a->sender), number, cx_make_subjects[number % CX_MAKE_SUBJECTS],
                   cx_make_chance(a->m, 85) ? "PUBLICATION" : "OTHER", last, CX_VIEW_ARGS(a->basis),
                   a->place);
}

static void revoke(struct aside *a) {
    if (a->m->consents == 0)
        return;
    int number = 1 + cx_make_below(a->m, a->m->consents);
    (void)snprintf(a->out, CX_PLAY_LINE, "%.*s CONSENT_REVOKED K%d of=%s consent=J%d basis=%.*s%s",
                   CX_VIEW_ARGS(a->sender), ++a->m->disclosures, cx_make_subjects[number % CX_MAKE_SUBJECTS],
                   number, CX_VIEW_ARGS(a->basis), a->place);
}

static void withdraw(struct aside *a) {
    const cx_ledger *l = cx_play_ledger(a->m->play);
    char name[CX_CHAIN_SUBJECT + 1];
    if (l->public_n == 0)
        return;
    const cx_known_public *p = &l->publics[cx_make_below(a->m, (int)l->public_n)];
    a->sender = cx_make_sender(a->m, p->now->department);
    (void)snprintf(a->out, CX_PLAY_LINE, "%.*s WITHDRAWAL Q%d of=%s target=%.*s reason=A basis=%.*s%s",
                   CX_VIEW_ARGS(a->sender), ++a->m->disclosures, subject_of(p->subject, name),
                   CX_VIEW_ARGS(p->now->event_id), CX_VIEW_ARGS(a->basis), a->place);
}

bool cx_make_aside(cx_make *m, char out[CX_PLAY_LINE]) {
    static void (*const kinds[])(struct aside *) = {
        disclose_record, disclose_record, disclose_record, disclose_record, disclose_entry,
        disclose_entry,  disclose_entry,  disclose_clean,  consent,         consent,
        consent,         revoke,          withdraw};
    uint64_t main = m->state;
    m->state = m->aside;
    out[0] = '\0';
    if (cx_make_chance(m, 14)) {
        struct aside a = {.m = m, .out = out, .basis = cx_make_basis(m, NULL)};
        a.sender = cx_make_recipe(m, NULL)->department->code;
        (void)cx_make_place(m, a.place);
        kinds[cx_make_below(m, (int)(sizeof kinds / sizeof kinds[0]))](&a);
    }
    m->aside = m->state;
    m->state = main;
    return out[0] != '\0';
}
