/* The inside of random histories: random.c sends, random_events.c says what. */
#ifndef TESTS_MODEL_RANDOM_INSIDE_H
#define TESTS_MODEL_RANDOM_INSIDE_H

#include "tests/model/random.h"

extern const char *const cx_random_subjects[CX_RANDOM_SUBJECTS];

/* 0 to n - 1; true in so many of a hundred cases. */
int cx_random_below(cx_random *r, int n);
bool cx_random_chance(cx_random *r, int percent);
/* Fill r->last: some event; a record; parts 0 to 2 of the way to an entry in force. */
void cx_random_event(cx_random *r);
void cx_random_record(cx_random *r);
void cx_random_story(cx_random *r, int part, int subject);

#endif
