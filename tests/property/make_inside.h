/* The inside of random histories: make.c says what comes next, make_listing.c and make_events.c say it,
 * make_poke.c asks something of an entry that stands, whatever its state; make_quest.c leads it to rare ones.
 */
#ifndef TESTS_PROPERTY_MAKE_INSIDE_H
#define TESTS_PROPERTY_MAKE_INSIDE_H

#include "tests/property/make.h"

extern const char *const cx_make_subjects[];
enum { CX_MAKE_SUBJECTS = 6 };

int cx_make_below(cx_make *m, int n);
bool cx_make_chance(cx_make *m, int percent);
/* One of the newest ids of a sort, mostly; never NULL. */
const cx_make_id *cx_make_some(cx_make *m, cx_make_sort sort);
cx_make_id *cx_make_add(cx_make *m, cx_make_sort sort, const char *subject, cx_view department,
                        const cx_recipe *recipe);
/* A day from `least` to `most` days after today. */
const char *cx_make_day(cx_make *m, int least, int most, char out[CX_DATE_TEXT]);
/* Whom a reference is about, and who sends it: mostly as it should be. */
const char *cx_make_about(cx_make *m, const char *subject);
cx_view cx_make_sender(cx_make *m, cx_view right);
/* A department of a kind; any one. */
cx_view cx_make_of_kind(cx_make *m, cx_department_kind kind);
cx_view cx_make_anyone(cx_make *m);
/* A way to a list, for that subject where it is not NULL. */
const cx_recipe *cx_make_recipe(cx_make *m, const char *subject);
/* " place=N" where the world is a city. */
const char *cx_make_place(const cx_make *m, char out[24]);
/* Measures for a decision, with commas. */
void cx_make_measures(cx_make *m, const cx_recipe *r, const char *subject, char *out, size_t room);

/* Each fills m->last. */
void cx_make_record(cx_make *m, const char *subject, const cx_recipe *r, bool plain);
void cx_make_notice(cx_make *m, const cx_make_id *record, bool plain);
void cx_make_decision(cx_make *m, const cx_make_id *notice, bool plain);
void cx_make_court(cx_make *m, const char *subject, const cx_recipe *r);
void cx_make_release(cx_make *m);
void cx_make_event(cx_make *m);
void cx_make_poke(cx_make *m);

/* The basis of a list that the recipe leads to; any that the pack knows where there is no recipe. */
cx_view cx_make_basis(const cx_make *m, const cx_recipe *r);

/* What every line about the entry needs. */
typedef struct cx_poke {
    cx_make *m;
    const cx_list_entry *e;
    char subject[CX_CHAIN_SUBJECT + 1], place[24];
    cx_view sender, target, basis;
    int number;
} cx_poke;

/* Lines about it: by its own department; about its notice; by a court or review body; an objection. */
void cx_poke_own(cx_poke *p, const char *kind, const char *letter, const char *rest);
void cx_poke_notice_of(cx_poke *p, const char *kind, const char *letter, const char *key, const char *rest);
void cx_poke_at_court(cx_poke *p, const char *kind, const char *letter, const char *rest);
void cx_poke_dispute(cx_poke *p, const char *kind);
/* Stories (make_relief.c). */
void cx_poke_ruling(cx_poke *p);
void cx_poke_late_ruling(cx_poke *p);
void cx_poke_let_expire(cx_poke *p);
void cx_poke_repair(cx_poke *p);
void cx_poke_unrepair(cx_poke *p);
void cx_poke_use_revoked(cx_poke *p);
void cx_poke_revoke(cx_poke *p);
/* What the history is after. */
void cx_make_quest(cx_make *m);
/* What leads the entry to the state that the history is after (make_quest.c); false: nothing does. */
bool cx_poke_lead(cx_poke *p);
/* What rights.md calls the subject's end; its reorganisation, or the end of it. */
void cx_poke_end_subject(cx_poke *p);
void cx_poke_reorganise(cx_poke *p);
void cx_poke_perform(cx_poke *p);

#define CX_MAKE_LINE(m, ...) ((void)snprintf((m)->last, sizeof(m)->last, __VA_ARGS__))

#endif
