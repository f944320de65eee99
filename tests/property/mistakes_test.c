/* Each invariant's test catches what it is for: the code is built with mistakes in it
 * (common/base/mistake.h), one is made at a time, and random histories are played until the invariant that it
 * breaks is seen to be broken. No other invariant is looked at meanwhile. Hidden state is shown to the
 * simulated bus (tests/simulate), too.
 *
 *     test_mistakes [MOST-HISTORIES [NAME]] */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/mistake.h"
#include "tests/property/run.h"
#include "tests/simulate/simulate.h"

enum { MOST = 6000, WORKERS = 2 };

cx_mistake cx_mistake_made = CX_MISTAKE_NONE;

static const struct {
    const char *name, *invariant;
} mistakes[] = {{"NONE", ""},
#define CX_X(name, invariant) {#name, invariant},
                CX_MISTAKE_MAP(CX_X)
#undef CX_X
};

static bool catches(cx_run *run, int i, uint64_t most) {
    static cx_history history;
    cx_mistake_made = (cx_mistake)i;
    cx_play_only(run->play, mistakes[i].invariant);
    for (uint64_t seed = 1; seed <= most; seed++) {
        cx_fault fault = {0};
        if (cx_run_seed(run, seed, true, NULL, &history, &fault))
            continue;
        bool right = strcmp(fault.invariant, mistakes[i].invariant) == 0;
        printf("%-12s %-26s seed %llu: %s%s\n", mistakes[i].invariant, mistakes[i].name,
               (unsigned long long)seed, right ? "" : fault.invariant, fault.text);
        return right;
    }
    printf("%-12s %-26s NOT CAUGHT in %llu histories\n", mistakes[i].invariant, mistakes[i].name,
           (unsigned long long)most);
    return false;
}

static int work(int first, int step, uint64_t most, const char *name) {
    cx_run run;
    cx_err err = {0};
    int missed = 0;
    if (cx_run_open(&run, &err) != CX_OK) {
        printf("%s\n", err.text);
        return 1;
    }
    for (int i = 1 + first; i < CX_MISTAKE_COUNT; i += step)
        if (name == NULL || strcmp(name, mistakes[i].name) == 0)
            missed += !catches(&run, i, most);
    (void)fflush(stdout);
    cx_run_close(&run);
    return missed > 0;
}

/* Every invariant of rights.md has two at least. */
static int too_few(void) {
    int missing = 0;
    for (size_t i = 0; i < cx_invariants_n; i++) {
        int n = 0;
        for (int k = 1; k < CX_MISTAKE_COUNT; k++)
            n += strcmp(mistakes[k].invariant, cx_invariants[i].name) == 0;
        if (n < 2 && strncmp(cx_invariants[i].name, "I-", 2) == 0) {
            printf("%s has %d seeded mistakes\n", cx_invariants[i].name, n);
            missing++;
        }
    }
    return missing;
}

int main(int argc, char **argv) {
    int64_t most = MOST;
    int failed = too_few();
    if (argc > 1 && !cx_view_to_int64(cx_view_of(argv[1]), &most))
        return 2;
    (void)fflush(stdout);
    for (int i = 0; i < WORKERS; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(work(i, WORKERS, (uint64_t)most, argc > 2 ? argv[2] : NULL));
        failed += pid < 0;
    }
    for (int i = 0; i < WORKERS; i++) {
        int status = 0;
        if (wait(&status) < 0 || status != 0)
            failed++;
    }
    failed += !cx_sim_sees_hidden_state();
    printf("%d mistakes%s\n", CX_MISTAKE_COUNT - 1,
           failed == 0 ? ", each caught by its own invariant" : ": FAILED");
    return failed > 0;
}
