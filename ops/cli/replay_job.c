#include "ops/cli/replay_job.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/run/metrics.h"
#include "ops/cli/replay_builds.h"
#include "ops/cli/replay_show.h"
#include "ops/cli/replay_whatif.h"

enum { LINE = 72, SHOW_MS = 200 };

static volatile int stopping;

static void on_signal(int number) {
    (void)number;
    stopping = 1;
}

/* Once: the second one ends us. */
static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* --- what is found ------------------------------------------------------------------------------------ */
static void clear_line(const cx_replay_job *job) {
    if (job->terminal)
        (void)fprintf(stderr, "\r%*s\r", LINE, "");
}

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    cx_replay_job *job = context;
    bool known = d->origin.partition >= 0 && d->origin.partition < job->partitions;
    json_t *found = job->found[known ? d->origin.partition : 0];
    job->differ++;
    if (json_array_size(found) >= CX_REPLAY_KEPT)
        return CX_OK;
    json_t *json = cx_replay_difference_json(d);
    return json != NULL && json_array_append_new(found, json) == 0 ? CX_OK
                                                                   : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* Whatever thread found it when: by partition. */
static void gather(cx_replay_job *job) {
    for (int32_t p = 0; p < job->partitions; p++)
        for (size_t i = 0; i < json_array_size(job->found[p]); i++)
            if (json_array_size(job->differences) < CX_REPLAY_KEPT)
                (void)json_array_append(job->differences, json_array_get(job->found[p], i));
}

/* --- progress ----------------------------------------------------------------------------------------- */
static void show_all(cx_replay_job *job) {
    uint64_t now = cx_metrics_now();
    long long done = 0, all = 0;
    if (!job->terminal || now - job->shown_at < SHOW_MS * 1000000ull)
        return;
    for (int32_t p = 0; p < job->partitions; p++) {
        done += job->last[p] - job->first[p];
        all += job->end[p] - job->first[p];
    }
    clear_line(job);
    (void)fprintf(stderr, "%lld of %lld events (%lld %%), %zu differ", done, all,
                  all > 0 ? 100 * done / all : 100, job->differ);
    job->shown_at = now;
}

static void show_progress(void *context, int32_t partition, int64_t offset, int64_t end) {
    cx_replay_job *job = context;
    if (job->last[partition] < 0)
        job->first[partition] = offset;
    job->last[partition] = offset;
    job->end[partition] = end;
    show_all(job);
}

static void show_whatif(void *context, int32_t partition, int64_t offset, int64_t end) {
    const cx_replay_job *job = context;
    if (job->terminal)
        (void)fprintf(stderr, "\rpartition %d: %lld of %lld", (int)partition, (long long)offset,
                      (long long)end);
}

/* --- the run ------------------------------------------------------------------------------------------ */
static void say_removed(const cx_replay_job *job, const cx_replay_log *log) {
    static const char *const topics[] = {"credit.classified", "credit.decided", "credit.notices"};
    for (size_t i = 0; i < sizeof topics / sizeof topics[0] && !job->json; i++)
        if (cx_replay_log_removed(log, (cx_replay_topic)i) > 0)
            (void)printf("%s: retention has removed its beginning; what is there is compared\n", topics[i]);
}

static void pass_by(void *context, const char *why) {
    cx_replay_job *job = context;
    (void)json_array_append_new(job->passed_by, json_string(why));
    if (!job->json)
        (void)printf("%s\n", why);
}

static cx_rc find_begin(cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    char text[CX_TIME_TEXT];
    job->begun = CX_NO_TIME;
    if (job->full || (job->wanted.from == CX_NO_TIME && job->wanted.since == 0))
        return CX_OK;
    CX_TRY(cx_replay_log_begin_before(log, &job->wanted, &job->begun, pass_by, job, err));
    if (!job->json && job->begun != CX_NO_TIME)
        (void)printf("decided from the snapshots of %s on\n", cx_time_format(job->begun, text));
    else if (!job->json)
        (void)printf("no snapshots of a midnight before it: decided from the first event on\n");
    return CX_OK;
}

static cx_rc prepare(cx_replay_job *job, int32_t partitions, cx_err *err) {
    size_t n = (size_t)partitions;
    job->partitions = partitions;
    job->found = calloc(n, sizeof *job->found);
    job->first = calloc(n, sizeof *job->first);
    job->last = calloc(n, sizeof *job->last);
    job->end = calloc(n, sizeof *job->end);
    job->saved = calloc(n, sizeof *job->saved);
    job->kept = cx_arena_new(0);
    (void)pthread_mutex_init(&job->lock, NULL);
    bool whole = job->saved != NULL && job->kept != NULL && job->found != NULL && job->first != NULL &&
                 job->last != NULL && job->end != NULL;
    for (size_t p = 0; whole && p < n; p++) {
        job->last[p] = -1;
        job->found[p] = json_array();
        whole = job->found[p] != NULL;
    }
    return whole ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* No more threads than partitions, nor than processors, unless somebody wants so. */
static size_t count_jobs(const cx_replay_job *job) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = job->jobs > 0 ? job->jobs : processors > 0 ? (size_t)processors : 1;
    n = n < (size_t)job->partitions ? n : (size_t)job->partitions;
    return n < CX_REPLAY_JOBS ? n : CX_REPLAY_JOBS;
}

static cx_rc run_together(cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    cx_replay_log *logs[CX_REPLAY_JOBS] = {log};
    const cx_replay_source *sources[CX_REPLAY_JOBS] = {cx_replay_log_source(log)};
    cx_replay_events events = {
        .context = job, .difference = take_difference, .progress = show_progress, .stop = &stopping};
    if (job->save != NULL) {
        events.save = cx_replay_save;
        events.save_every = (size_t)cx_config_integer(job->config, "replay.save.records");
    }
    size_t n = count_jobs(job);
    cx_rc rc = CX_OK;
    for (size_t i = 1; rc == CX_OK && i < n; i++) {
        rc = cx_replay_log_again(log, &logs[i], err);
        sources[i] = rc == CX_OK ? cx_replay_log_source(logs[i]) : NULL;
    }
    if (rc == CX_OK)
        rc = cx_replay_run_together(sources, n, &job->wanted, &events, &job->tally, err);
    for (size_t i = 1; i < n; i++)
        cx_replay_log_close(&logs[i]);
    return rc;
}

static cx_rc replay(cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    say_removed(job, log);
    CX_TRY(prepare(job, cx_replay_log_source(log)->partitions, err));
    if (job->save != NULL)
        CX_TRY(cx_replay_save_open(job, log, err));
    CX_TRY(find_begin(job, log, err));
    cx_rc rc = run_together(job, log, err);
    gather(job);
    if (rc == CX_OK && json_array_size(job->differences) > 0)
        rc = cx_replay_builds_add(job->config, log, job->build, job->differences, err);
    if (rc == CX_OK && job->save != NULL && !job->tally.stopped)
        cx_replay_save_remove(job);
    return rc;
}

cx_rc cx_replay_job_run(cx_replay_job *job, cx_err *err) {
    cx_replay_log *log = NULL;
    catch_signals();
    CX_TRY(cx_replay_log_open(job->config, &log, err));
    cx_rc rc = job->policy == NULL
                   ? replay(job, log, err)
                   : cx_replay_whatif(log, job->policy, job->wanted.to, job->wanted.subjects,
                                      job->wanted.subject_n, show_whatif, job, &job->whatif, err);
    clear_line(job);
    cx_replay_log_close(&log);
    return rc;
}

void cx_replay_job_free(cx_replay_job *job) {
    for (int32_t p = 0; job->found != NULL && p < job->partitions; p++)
        json_decref(job->found[p]);
    free(job->found);
    free(job->first);
    free(job->last);
    free(job->end);
    free(job->saved);
    cx_arena_destroy(&job->kept);
    json_decref(job->arguments);
    json_decref(job->differences);
    json_decref(job->passed_by);
    json_decref(job->whatif);
    cx_config_destroy(&job->config);
}
