/* What counting adds to an event, in user-space instructions: those of the runner's counting against those of
 * a stage's own work on the same event (decoding, deciding, encoding; without the client library's, which
 * would make the share smaller still).
 *
 * Instructions are counted one by one, with ptrace: exact, the kernel's shared page included, and where there
 * are no hardware counters. One run is as good as five.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/run/metrics.h"
#include "tests/model/chain.h"
#include "tests/model/line.h"
#include "tests/model/packs.h"

enum { EVENTS = 6, COUNTED = 10 * CX_METRICS_SAMPLE, BATCH = 1000, STAGES = 3, SECTIONS = 2, NAME = 160 };
static const double most_percent = 1.0;

/* --- the work, in the child ----------------------------------------------------------------------------- */

/* Tells the parent that the next section begins, or that the last has ended. */
static void mark(void) {
    (void)raise(SIGSTOP);
}

static void must(cx_rc rc, const char *what, const cx_err *err) {
    if (rc == CX_OK)
        return;
    (void)fprintf(stderr, "%s: %s %s\n", what, cx_rc_name(rc), err != NULL ? err->text : "");
    _exit(1);
}

static void publish(cx_chain *chain, cx_arena *arena, int number) {
    char text[NAME];
    cx_err err = {0};
    cx_line line;
    cx_event event;
    (void)snprintf(text, sizeof text, "market RECORD R%d of=o%d item=X-SERIOUS amount=5", number, number);
    cx_line_split(cx_view_of(text), &line);
    if (!cx_line_event(&line, cx_date_from_civil((cx_civil){2026, 3, 2}), number, arena, &event, &err))
        must(CX_USAGE, text, &err);
    must(cx_chain_publish(chain, &event), text, NULL);
}

static void work(void) {
    cx_err err = {0};
    cx_pack *pack = NULL;
    cx_chain *chain = cx_chain_new(1);
    cx_arena *arena = cx_arena_new(0);
    if (chain == NULL || arena == NULL)
        must(CX_OUT_OF_MEMORY, "bench_metrics", NULL);
    must(cx_model_pack(NULL, "tests/model/pack", 1, &pack, &err), "the pack", &err);
    must(cx_chain_activate(chain, pack), "activating", NULL);
    must(cx_chain_tick(chain, cx_time_of_date(cx_date_from_civil((cx_civil){2026, 3, 2}))), "a tick", NULL);
    publish(chain, arena, 1); /* warm */
    must(cx_chain_run(chain, &err), "the chain", &err);
    for (int i = 0; i < EVENTS; i++)
        publish(chain, arena, 2 + i);
    mark();
    cx_rc rc = cx_chain_run(chain, &err);
    mark();
    must(rc, "the chain", &err);
    if (cx_chain_log_of(chain, CX_CHAIN_DECIDED)->n < EVENTS)
        must(CX_USAGE, "nothing was decided", NULL);
}

/* What common/run/step.c and batch.c count for events of a batch. */
static void count(cx_metrics *m) {
    uint64_t began = cx_metrics_now();
    mark();
    for (size_t i = 0; i < COUNTED; i++) {
        uint64_t decide = cx_metrics_begin(i);
        cx_metrics_end(&m->decide_seconds, decide);
        uint64_t encode = cx_metrics_begin(i);
        cx_metrics_end(&m->encode_seconds, encode);
        if (i % BATCH == 0) {
            cx_histogram_add(&m->commit_seconds, cx_metrics_now() - began);
            cx_histogram_add(&m->batch_seconds, cx_metrics_now() - began);
            cx_histogram_count(&m->batch_events, BATCH);
            atomic_fetch_add(&m->batches, 1);
            atomic_fetch_add(&m->events, BATCH);
            atomic_fetch_add(&m->effects, BATCH);
        }
    }
    mark();
}

static void child(void) {
    static cx_metrics metrics;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(1);
    work();
    count(&metrics);
    _exit(0);
}

/* --- the counting, in the parent ------------------------------------------------------------------------ */

/* Lets it run to its next mark. */
static bool run_to_mark(pid_t pid) {
    int status = 0;
    return ptrace(PTRACE_CONT, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid &&
           WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP;
}

/* Steps it to its next mark; the instructions of raise() itself are among them. */
static bool step_to_mark(pid_t pid, uint64_t *steps) {
    int status = 0;
    for (*steps = 0;; ++*steps) {
        if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 || waitpid(pid, &status, 0) != pid ||
            !WIFSTOPPED(status))
            return false;
        if (WSTOPSIG(status) == SIGSTOP)
            return true;
    }
}

static bool trace(pid_t pid, uint64_t steps[SECTIONS]) {
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) /* the first mark */
        return false;
    if (!step_to_mark(pid, &steps[0]) || !run_to_mark(pid) || !step_to_mark(pid, &steps[1]))
        return false;
    return ptrace(PTRACE_CONT, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid &&
           WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv) {
    uint64_t steps[SECTIONS];
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        child();
    if (pid < 0 || !trace(pid, steps)) {
        (void)fprintf(stderr, "bench_metrics: the child could not be traced\n");
        return 1;
    }
    double stage = (double)steps[0] / EVENTS / STAGES, counting = (double)steps[1] / COUNTED,
           percent = 100 * counting / stage;
    bool kept = percent <= most_percent;
    if (argc > 1 && strcmp(argv[1], "--json") == 0)
        (void)printf(
            "{\"bench\": \"metrics\", \"name\": \"counting / a stage's event\", \"unit\": \"%%\", "
            "\"figure\": %.3f, "
            "\"baseline\": null, \"ratio\": null, \"budget\": %.1f, \"sense\": \"at most\", \"kept\": %s, "
            "\"instructions\": %.1f, \"of\": %.0f}\n",
            percent, most_percent, kept ? "true" : "false", counting, stage);
    else
        (void)printf("%-46s %10.3f %%   at most %.1f%s   (%.1f of %.0f instructions)\n",
                     "counting / a stage's event", percent, most_percent, kept ? "" : "   MISSED", counting,
                     stage);
    return kept ? 0 : 1;
}
