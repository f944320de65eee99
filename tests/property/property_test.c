/* The invariants of rights.md over random histories (issue "The law").
 *
 *     test_property [HISTORIES [FIRST-SEED [WORKERS [LEAST]]]]
 *
 * CX_SEED is the first seed where none is given, CX_LONG=1 asks for 1,200,000 histories; else 20,000. A seed
 * that breaks an invariant is printed with a history that was made as small as it gets; the seed plays it
 * again. LEAST: so many of each cell are wanted under each pack, 100 in the long run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/property/hold.h"
#include "tests/property/run.h"

enum { SHORT = 20000, LONG = 1200000, WORKERS = 2, MOST_WORKERS = 8 };

/* So many of each wanted cell: in the long run under each pack, in a shorter one under all packs together. */
enum { LEAST = 100, SHORT_LEAST = 4 };

static int64_t number_or(const char *text, int64_t otherwise) {
    int64_t n;
    return text != NULL && cx_view_to_int64(cx_view_of(text), &n) && n > 0 ? n : otherwise;
}

/* Every n-th seed, from `first`. 0 or 1: the exit code. */
static int work(uint64_t first, uint64_t end, uint64_t step, cx_cover *cover) {
    static cx_history history;
    cx_run run;
    cx_err err = {0};
    int rc = 0;
    if (cx_run_open(&run, &err) != CX_OK) {
        printf("%s\n", err.text);
        return 1;
    }
    for (uint64_t seed = first; seed < end && rc == 0; seed += step) {
        cx_fault fault = {0};
        if (cx_run_seed(&run, seed, true, cover, &history, &fault))
            continue;
        cx_run_shrink(&run, &history, true, &fault);
        cx_run_show(&history, seed, &fault);
        rc = 1;
    }
    (void)fflush(stdout);
    cx_run_close(&run);
    return rc;
}

static int run_all(uint64_t n, uint64_t first, int workers, cx_cover *covers) {
    pid_t pids[MOST_WORKERS];
    int failed = 0;
    (void)fflush(stdout);
    for (int i = 0; i < workers; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(work(first + (uint64_t)i, first + n, (uint64_t)workers, &covers[i]));
        failed += pids[i] < 0;
    }
    for (int i = 0; i < workers; i++) {
        int status = 0;
        if (pids[i] > 0 && (waitpid(pids[i], &status, 0) < 0 || status != 0))
            failed++;
    }
    return failed;
}

static int report(const cx_cover *covers, int workers, uint64_t n, uint64_t wanted) {
    static cx_world worlds[CX_WORLDS];
    static cx_cover sum;
    cx_err err = {0};
    for (int i = 0; i < workers; i++)
        cx_cover_add(&sum, &covers[i]);
    if (cx_worlds_load(worlds, &err) != CX_OK) {
        printf("%s\n", err.text);
        return 1;
    }
    bool whole = n >= LONG || wanted > 0;
    uint64_t least = wanted > 0 ? wanted : whole ? LEAST : SHORT_LEAST;
    size_t below = cx_cover_print(&sum, worlds, whole ? least : 0);
    if (!whole)
        below = cx_cover_below(&sum, worlds, least);
    cx_worlds_free(worlds);
    printf("%llu histories, %llu lines, %llu messages accepted, %llu refused, %llu derived, %llu on "
           "departments' topics, "
           "%llu too large\n%zu invariants hold; %zu cells were reached less than %llu times\n",
           (unsigned long long)sum.histories, (unsigned long long)sum.lines, (unsigned long long)sum.accepted,
           (unsigned long long)sum.refused, (unsigned long long)sum.derived, (unsigned long long)sum.notices,
           (unsigned long long)sum.unfinished, cx_invariants_n, below, (unsigned long long)least);
    return n >= SHORT && below > 0 ? 1 : 0;
}

int main(int argc, char **argv) {
    int64_t n = number_or(argc > 1 ? argv[1] : NULL, getenv("CX_LONG") != NULL ? LONG : SHORT);
    int64_t first = number_or(argc > 2 ? argv[2] : getenv("CX_SEED"), 1);
    int workers = (int)number_or(argc > 3 ? argv[3] : NULL, WORKERS);
    int64_t least = number_or(argc > 4 ? argv[4] : NULL, 0);
    workers = workers > MOST_WORKERS ? MOST_WORKERS : workers;
    cx_cover *covers = mmap(NULL, (size_t)workers * sizeof *covers, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (covers == MAP_FAILED)
        return 1;
    if (run_all((uint64_t)n, (uint64_t)first, workers, covers) > 0) {
        printf("FAILED\n");
        return 1;
    }
    return report(covers, workers, (uint64_t)n, (uint64_t)least);
}
