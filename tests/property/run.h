/* Random histories by seed: made, played, looked at; and made small when one breaks an invariant. */
#ifndef TESTS_PROPERTY_RUN_H
#define TESTS_PROPERTY_RUN_H

#include "tests/property/cover.h"
#include "tests/property/play.h"

enum { CX_RUN_LINES = 48, CX_RUN_ASIDES = 16 };

/* The lines of one history. */
typedef struct cx_history {
    const cx_world *world;
    size_t n;
    char lines[CX_RUN_LINES + CX_RUN_ASIDES][CX_PLAY_LINE];
} cx_history;

typedef struct cx_run {
    cx_play *play, *again;
    cx_world worlds[CX_WORLDS];
} cx_run;

/* Loads the worlds and makes the players. */
CX_MUST_CHECK cx_rc cx_run_open(cx_run *run, cx_err *err);
void cx_run_close(cx_run *run);

/* Makes and plays the history of a seed; false when an invariant is broken: then *history holds the lines up
 * to the one that broke it. `whole`: also what only a whole history shows (replay, canaries, points), and
 * with disclosures beside the history's own lines. */
CX_MUST_CHECK bool cx_run_seed(cx_run *run, uint64_t seed, bool whole, cx_cover *cover, cx_history *history,
                               cx_fault *fault);
/* Plays given lines. */
CX_MUST_CHECK bool cx_run_lines(cx_run *run, cx_history *history, bool whole, cx_fault *fault);
/* Leaves out what can be left out while the same invariant stays broken. */
void cx_run_shrink(cx_run *run, cx_history *history, bool whole, cx_fault *fault);
/* Prints the history and what it breaks. */
void cx_run_show(const cx_history *history, uint64_t seed, const cx_fault *fault);

#endif
