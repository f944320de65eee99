/* Inside chengxin replay: one run of it. replay.c has arguments and report, replay_job.c what lies between.
 */
#ifndef OPS_CLI_REPLAY_JOB_H
#define OPS_CLI_REPLAY_JOB_H

#include <jansson.h>
#include <pthread.h>

#include "common/run/metrics.h"
#include "ops/replay/log.h"

enum { CX_REPLAY_ASKED = 1024, CX_REPLAY_JOBS = 64, CX_REPLAY_SHOWN = 100, CX_REPLAY_KEPT = 1000 };

typedef struct cx_replay_job {
    /* What was asked. */
    cx_config *config;
    cx_replay_wanted wanted;
    uint8_t subject[1][16];
    bool json, full;
    size_t jobs;        /* 0: as many as there are processors */
    const char *policy; /* what-if: instead of the packs of then */
    const char *html;
    const char *save;  /* folder in which it keeps how far it has come; NULL: nowhere */
    bool resumes;      /* from there */
    json_t *arguments; /* that say what is compared, as they were given */
    char build[CX_BUILD_ID];
    char asked[CX_REPLAY_ASKED];
    /* What came of it. */
    json_t *differences; /* the first CX_REPLAY_KEPT, by partition */
    json_t *passed_by;   /* snapshots that were not used, and why */
    cx_time begun;       /* midnight behind which deciding began; CX_NO_TIME: with the first event */
    cx_replay_tally tally;
    json_t *whatif;
    /* While it runs. */
    bool terminal;
    int32_t partitions;
    json_t **found;              /* by partition */
    size_t *saved;               /* by partition: how often */
    pthread_mutex_t lock;        /* of `kept` */
    cx_arena *kept;              /* derived events of a replay that goes on */
    int64_t *first, *last, *end; /* by partition: offsets in credit.records */
    uint64_t shown_at;           /* ns */
    size_t differ;
} cx_replay_job;

/* replay_save.c. Begins in the folder job->save, which must hold nothing of another replay; or goes on there:
 * reads what was asked (before anything is opened; the caller's to release), then the ends. FILE; USAGE where
 * it is another build's.
 */
CX_MUST_CHECK cx_rc cx_replay_save_asked(const cx_replay_job *job, json_t **asked, cx_err *err);
CX_MUST_CHECK cx_rc cx_replay_save_open(cx_replay_job *job, cx_replay_log *log, cx_err *err);
/* For cx_replay_events, and for the log. */
CX_MUST_CHECK cx_rc cx_replay_save(void *job, int32_t partition, const cx_replay_begin *at,
                                   const cx_stages *stages, cx_err *err);
CX_MUST_CHECK cx_rc cx_replay_save_goes_on(void *job, cx_replay_log *log, int32_t partition,
                                           cx_stages *stages, cx_replay_begin *at, bool *found, cx_err *err);
/* It has come to its end: nothing is left in the folder. */
void cx_replay_save_remove(const cx_replay_job *job);

/* Runs it, or the what-if. On Ctrl-C the tally says `stopped`. Errors as cx_replay_run, of the log, of the
 * what-if. */
CX_MUST_CHECK cx_rc cx_replay_job_run(cx_replay_job *job, cx_err *err);
void cx_replay_job_free(cx_replay_job *job);

#endif
