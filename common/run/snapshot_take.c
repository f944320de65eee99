/* Snapshots of state, taken behind the first tick of a day (in China), before anything that follows it.
 *
 * The stage does not wait for a file to be written: a process forked at that place has the rows as they are
 * there, and writes them while we go on. What we wait for is the fork, and one answer of the broker. When
 * the transaction that holds the tick has been committed and the file is whole, it gets its name, and its
 * hash goes to credit.checkpoints. Whatever fails is told in the log, and there is no snapshot of that
 * midnight: the changelog is the truth. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/inside.h"
#include "common/run/snapshot.h"
#include "schemas/types.h"

enum { NICER = 10, PART = CX_SNAPSHOT_PATH + 8 };

struct cx_taking {
    cx_snapshot_place place;
    char metadata[CX_METADATA_TEXT], file[CX_SNAPSHOT_FILE], path[CX_SNAPSHOT_PATH];
    char part[PART]; /* the file's name until it is whole */
    uint8_t room[CX_SNAPSHOT_ROOM];
    pid_t writer;
    int answer; /* of the writer: its cx_snapshot_sum */
};

static cx_time wall_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    return (cx_time)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* --- beginning ---------------------------------------------------------------------------------------- */
/* state.dir and the stage's folder in it. */
static bool make_folders(const char *path) {
    char folder[CX_SNAPSHOT_PATH];
    (void)snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    char *last = strrchr(folder, '/');
    if (last != NULL && last != folder) {
        *last = '\0';
        (void)mkdir(folder, 0700);
        *last = '/';
    }
    return mkdir(folder, 0700) == 0 || errno == EEXIST;
}

_Noreturn static void write_and_end(struct cx_taking *t, const cx_state *state, int fd, int to,
                                    pid_t parent) {
    cx_snapshot_sum sum;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it holds our connections, too */
    bool good = getppid() == parent;
    (void)(nice(NICER) == 0);
    good = good && cx_snapshot_write(fd, &t->place, t->metadata, state, t->room, &sum) &&
           write(to, &sum, sizeof sum) == (ssize_t)sizeof sum;
    _exit(good ? 0 : 1);
}

static cx_rc fork_writer(struct cx_taking *t, const cx_state *state, int fd, cx_err *err) {
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return cx_fail(err, CX_FILE, "%s: %s", t->part, strerror(errno));
    t->writer = fork();
    if (t->writer == 0)
        write_and_end(t, state, fd, ends[1], parent);
    int why = errno;
    (void)close(ends[1]);
    if (t->writer > 0) {
        t->answer = ends[0];
        return CX_OK;
    }
    (void)close(ends[0]);
    return cx_fail(err, CX_FILE, "no process for %s: %s", t->part, strerror(why));
}

static cx_rc open_file(struct cx_taking *t, int *fd, cx_err *err) {
    (void)unlink(t->part); /* of one that was killed */
    *fd = make_folders(t->path) ? open(t->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    return *fd >= 0 ? CX_OK : cx_fail(err, CX_FILE, "%s: %s", t->part, strerror(errno));
}

static cx_rc fill(cx_run *run, const cx_part *part, int64_t origin, struct cx_taking *t, cx_err *err) {
    int32_t generation = (int32_t)cx_config_integer(run->config, "log.generation");
    t->place = (cx_snapshot_place){.generation = generation,
                                   .partition = part->partition,
                                   .origin = origin,
                                   .next = part->next,
                                   .written = wall_now(),
                                   .metadata = part->now};
    (void)snprintf(t->place.stage, sizeof t->place.stage, "%s", run->stage->name);
    cx_snapshot_name(run->stage->name, generation, part->partition, cx_date_of_time(part->now.tick), t->file);
    if (!cx_snapshot_path(run->config, t->file, t->path))
        return cx_fail(err, CX_FILE, "%s: the setting state.dir is too long", t->file);
    (void)snprintf(t->part, sizeof t->part, "%s.part", t->path);
    CX_TRY(cx_metadata_format(&part->now, t->metadata, err));
    /* Before anything that follows is sent: its rows come behind this end. */
    return cx_producer_end(run->producer, cx_run_changelog(run->stage), part->partition, &t->place.changelog,
                           err);
}

static cx_rc begin(cx_run *run, cx_part *part, int64_t origin, cx_err *err) {
    int fd = -1;
    struct cx_taking *t = part->taking = calloc(1, sizeof *t);
    if (t == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    t->answer = -1;
    CX_TRY(fill(run, part, origin, t, err));
    CX_TRY(open_file(t, &fd, err));
    cx_rc rc = fork_writer(t, part->state, fd, err);
    (void)close(fd);
    return rc;
}

void cx_run_snapshot(cx_run *run, cx_part *part, int64_t origin) {
    cx_err err = {0};
    uint64_t began = cx_metrics_now();
    uint64_t rest = (uint64_t)cx_config_integer(run->config, "state.snapshot.pause.ms") * 1000000u;
    if (part->state == NULL || cx_config_text(run->config, "state.dir")[0] == '\0' || part->taking != NULL ||
        (part->snapshot_at != 0 && began - part->snapshot_at < rest))
        return;
    part->snapshot_at = began;
    if (begin(run, part, origin, &err) == CX_OK) {
        cx_log_info("partition %d: a snapshot of %zu rows is being written; this took %llu us",
                    (int)part->partition, cx_state_rows(part->state),
                    (unsigned long long)((cx_metrics_now() - began) / 1000u));
        return;
    }
    cx_log_failure(CX_LOG_WARN, "no snapshot of this midnight", &err);
    cx_run_snapshot_drop(part);
}

/* --- the end ------------------------------------------------------------------------------------------ */
void cx_run_snapshot_drop(cx_part *part) {
    struct cx_taking *t = part->taking;
    if (t == NULL)
        return;
    if (t->writer > 0) {
        (void)kill(t->writer, SIGKILL);
        (void)waitpid(t->writer, NULL, 0);
    }
    if (t->answer >= 0)
        (void)close(t->answer);
    if (t->part[0] != '\0')
        (void)unlink(t->part);
    free(t);
    part->taking = NULL;
}

/* What the dropped batch held is no place of the log's yet. */
void cx_run_snapshots_undo(cx_run *run) {
    for (cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->taking != NULL && p->taking->place.next > p->kept_next) {
            cx_run_snapshot_drop(p);
            p->snapshot_at = 0;
        }
}

/* It is whole and on the disk; now its name must be, too. */
static cx_rc give_name(const struct cx_taking *t, cx_err *err) {
    char folder[CX_SNAPSHOT_PATH];
    (void)snprintf(folder, sizeof folder, "%s", t->path);
    *strrchr(folder, '/') = '\0';
    if (rename(t->part, t->path) != 0)
        return cx_fail(err, CX_FILE, "%s: %s", t->path, strerror(errno));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    return synced ? CX_OK : cx_fail(err, CX_FILE, "%s: %s", folder, strerror(why));
}

/* By the time at which they were written, whatever the log's. */
static void remove_old(const cx_run *run, const struct cx_taking *t) {
    struct stat st;
    time_t oldest = time(NULL) - cx_config_integer(run->config, "state.snapshot.days") * 86400;
    char folder[CX_SNAPSHOT_PATH];
    (void)snprintf(folder, sizeof folder, "%s", t->path);
    *strrchr(folder, '/') = '\0';
    DIR *dir = opendir(folder);
    for (const struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        if (strstr(e->d_name, ".avro") != NULL && fstatat(dirfd(dir), e->d_name, &st, 0) == 0 &&
            S_ISREG(st.st_mode) && st.st_mtime < oldest)
            (void)unlinkat(dirfd(dir), e->d_name, 0);
    if (dir != NULL)
        (void)closedir(dir);
}

static cx_rc send(cx_run *run, const struct cx_taking *t, const cx_snapshot_sum *sum, cx_err *err) {
    char tick[CX_TIME_TEXT], key[2 * CX_SNAPSHOT_FILE];
    const cx_snapshot_place *p = &t->place;
    cx_state_snapshot body = {.stage = cx_view_of(p->stage),
                              .file = cx_view_of(t->file),
                              .bytes = sum->bytes,
                              .rows = sum->rows,
                              .origin = {p->partition, p->origin}};
    cx_checkpoint c = {.generation = p->generation,
                       .partition = p->partition,
                       .tick = p->metadata.tick,
                       .body_kind = CX_CHECKPOINT_BODY_STATE_SNAPSHOT,
                       .body = {.state_snapshot = &body}};
    cx_outgoing m = {.partition = -1, .timestamp = p->metadata.tick > 0 ? p->metadata.tick : 1};
    (void)memcpy(body.hash, sum->hash, sizeof sum->hash);
    int n = snprintf(key, sizeof key, "state/%d/%s/%d/%s", (int)p->generation, p->stage, (int)p->partition,
                     cx_time_format(p->metadata.tick, tick));
    m.key = (cx_view){key, (size_t)n};
    CX_TRY(cx_codec_encode(run->codec, &cx_checkpoint_type, &c, &m.value, err));
    CX_TRY(cx_producer_topic(run->producer, "credit.checkpoints", &m.topic, err));
    CX_TRY(cx_producer_begin(run->producer, err));
    CX_TRY(cx_producer_send(run->producer, &m, err));
    return cx_producer_commit(run->producer, NULL, 0, NULL, err);
}

/* Whether the writer has ended; *good: and the file is whole. */
static bool has_ended(struct cx_taking *t, cx_snapshot_sum *sum, bool *good) {
    int status = 0;
    pid_t pid = waitpid(t->writer, &status, WNOHANG);
    if (pid == 0 || (pid < 0 && errno == EINTR))
        return false;
    t->writer = 0;
    *good = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
            read(t->answer, sum, sizeof *sum) == (ssize_t)sizeof *sum;
    return true;
}

static cx_rc finish(cx_run *run, cx_part *part, cx_err *err) {
    cx_snapshot_sum sum;
    bool good = false;
    cx_err why = {0};
    struct cx_taking *t = part->taking;
    if (part->kept_next < t->place.next || !has_ended(t, &sum, &good))
        return CX_OK;
    if (!good)
        (void)cx_fail(&why, CX_FILE, "%s could not be written: is the disk full?", t->part);
    cx_rc rc = CX_OK;
    if (good && give_name(t, &why) == CX_OK) {
        remove_old(run, t);
        rc = send(run, t, &sum, err);
    }
    if (why.rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, "no snapshot of this midnight", &why);
    else if (rc == CX_OK)
        cx_log_info("%s: %lld rows, %lld bytes", t->path, (long long)sum.rows, (long long)sum.bytes);
    cx_run_snapshot_drop(part);
    return rc;
}

cx_rc cx_run_snapshots_finish(cx_run *run, cx_err *err) {
    CX_ASSERT(!cx_producer_is_open(run->producer));
    for (cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->taking != NULL)
            CX_TRY(finish(run, p, err));
    return CX_OK;
}
