/* Mistakes in the code under test that only a second deciding shows: state that no changelog holds. Built
 * into tests/property's test_mistakes, where the code has mistakes in it (common/base/mistake.h). */
#include <stdio.h>

#include "common/base/mistake.h"
#include "tests/simulate/inside.h"

enum { MOST = 400 };

static bool sees(cx_sim *sim, cx_mistake mistake, const char *name) {
    cx_sim_tally tally = {0};
    bool seen = false;
    cx_mistake_made = mistake;
    for (uint64_t seed = 1; seed <= MOST && !seen; seed++) {
        cx_err err = {0};
        seen = !cx_sim_run(sim, seed, CX_SIM_NONE, &tally, &err);
        if (seen)
            printf("%-12s %-26s seed %llu: %s\n", "simulation", name, (unsigned long long)seed, err.text);
    }
    cx_mistake_made = CX_MISTAKE_NONE;
    if (!seen)
        printf("%-12s %-26s NOT CAUGHT in %d seeds\n", "simulation", name, MOST);
    return seen;
}

bool cx_sim_sees_hidden_state(void) {
    cx_sim *sim = cx_sim_new();
    if (sim == NULL)
        return false;
    cx_play_only(sim->run.play, "none"); /* it is the topics' to show it */
    bool seen = sees(sim, CX_MISTAKE_REMEMBERS_OTHER_LOGS, "REMEMBERS_OTHER_LOGS");
    seen = sees(sim, CX_MISTAKE_COUNTS_ACROSS_LOGS, "COUNTS_ACROSS_LOGS") && seen;
    cx_sim_destroy(&sim);
    return seen;
}
