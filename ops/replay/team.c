/* The threads of a replay: each takes the next partition that nobody has. */
#include <stdlib.h>

#include "ops/replay/replay_inside.h"

static bool take_partition(cx_replay_team *team, int32_t *partition) {
    (void)pthread_mutex_lock(&team->lock);
    bool more = team->rc == CX_OK && !team->tally.stopped && team->next < team->partitions;
    *partition = team->next;
    team->next += more;
    (void)pthread_mutex_unlock(&team->lock);
    return more;
}

static void add(cx_replay_tally *sum, const cx_replay_tally *more) {
    sum->records += more->records;
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        sum->compared[i] += more->compared[i];
    sum->derived += more->derived;
    sum->differences += more->differences;
    sum->pending += more->pending;
    sum->removed += more->removed;
}

static void add_up(cx_replay *r) {
    (void)pthread_mutex_lock(&r->team->lock);
    add(&r->team->tally, &r->tally);
    (void)pthread_mutex_unlock(&r->team->lock);
    r->tally = (cx_replay_tally){.records = 0};
}

static void *work(void *context) {
    cx_replay *r = context;
    cx_err err = {0};
    cx_rc rc = CX_OK;
    for (int32_t partition; rc == CX_OK && take_partition(r->team, &partition);) {
        rc = cx_replay_partition(r, partition, &err);
        add_up(r);
    }
    (void)pthread_mutex_lock(&r->team->lock);
    if (rc != CX_OK && r->team->rc == CX_OK) {
        r->team->rc = rc;
        r->team->err = err;
    }
    (void)pthread_mutex_unlock(&r->team->lock);
    return NULL;
}

/* The first works on the caller's thread. */
static cx_rc run_all(cx_replay_team *team, cx_replay *workers, size_t n, cx_err *err) {
    pthread_t *threads = calloc(n, sizeof *threads);
    size_t started = 1;
    if (threads == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    while (started < n && pthread_create(&threads[started], NULL, work, &workers[started]) == 0)
        started++; /* those that there are do it */
    (void)work(&workers[0]);
    for (size_t i = 1; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    free(threads);
    if (team->rc != CX_OK && err != NULL)
        *err = team->err;
    return team->rc;
}

static cx_rc open_team(cx_replay_team *team, cx_replay *workers, const cx_replay_source *const *sources,
                       size_t n, cx_err *err) {
    team->derived.arena = cx_arena_new(0);
    team->windows = calloc((size_t)team->partitions, sizeof *team->windows);
    if (team->derived.arena == NULL || team->windows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < team->partitions; p++)
        team->windows[p] = (cx_replay_window){.first = INT64_MAX, .last = -1};
    for (size_t i = 0; i < n; i++) {
        CX_ASSERT(sources[i]->partitions == team->partitions);
        workers[i] = (cx_replay){.team = team, .source = sources[i], .wanted = team->wanted};
        CX_TRY(cx_replay_open(&workers[i], err));
    }
    return CX_OK;
}

static cx_rc run_team(cx_replay_team *team, const cx_replay_source *const *sources, size_t n, cx_err *err) {
    cx_replay *workers = calloc(n, sizeof *workers);
    cx_rc rc =
        workers == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : open_team(team, workers, sources, n, err);
    if (rc == CX_OK)
        rc = run_all(team, workers, n, err);
    if (rc == CX_OK && !team->tally.stopped)
        rc = cx_derived_match(&workers[0], err);
    if (rc == CX_OK)
        add_up(&workers[0]);
    for (size_t i = 0; workers != NULL && i < n; i++)
        cx_replay_close(&workers[i]);
    free(workers);
    cx_arena_destroy(&team->derived.arena);
    free(team->derived.items);
    free(team->windows);
    return rc;
}

cx_rc cx_replay_run_together(const cx_replay_source *const *sources, size_t n, const cx_replay_wanted *wanted,
                             const cx_replay_events *events, cx_replay_tally *tally, cx_err *err) {
    CX_ASSERT(n > 0);
    cx_replay_team team = {.wanted = wanted,
                           .events = events,
                           .partitions = sources[0]->partitions,
                           .lock = PTHREAD_MUTEX_INITIALIZER};
    *tally = (cx_replay_tally){.records = 0};
    if (wanted->has_partition && (wanted->partition < 0 || wanted->partition >= team.partitions))
        return cx_fail(err, CX_USAGE, "there are the partitions 0 to %d", (int)team.partitions - 1);
    cx_rc rc = run_team(&team, sources, n, err);
    *tally = team.tally;
    return rc;
}

cx_rc cx_replay_run(const cx_replay_source *source, const cx_replay_wanted *wanted,
                    const cx_replay_events *events, cx_replay_tally *tally, cx_err *err) {
    return cx_replay_run_together(&source, 1, wanted, events, tally, err);
}
