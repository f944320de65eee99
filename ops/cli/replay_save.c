/* chengxin replay --save FOLDER: how far each partition has come, so that --resume FOLDER goes on there.
 *
 * replay.json holds what was asked, of which build, and the ends of the topics; P.json where partition P
 * stood: places, tally, what was found, derived events, and the files of the stages' rows
 * (common/run/snapshot.h) with their hashes. A file is written beside its place and renamed, so a kill leaves
 * the one before. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/vault/hash.h"
#include "ops/cli/replay_job.h"
#include "ops/cli/replay_place.h"

enum { PATH_ROOM = 4300, KEEPERS = 3 };
static const cx_stages_name keepers[KEEPERS] = {CX_STAGES_REGISTRAR, CX_STAGES_SANCTIONER, CX_STAGES_POINTS};
static const char whole_name[] = "replay.json";

/* --- files -------------------------------------------------------------------------------------------- */
static cx_rc path_of(const cx_replay_job *job, const char *name, char out[PATH_ROOM], cx_err *err) {
    int n = snprintf(out, PATH_ROOM, "%s/%s", job->save, name);
    return n > 0 && n < PATH_ROOM ? CX_OK : cx_fail(err, CX_FILE, "%s: the name is too long", job->save);
}

static cx_rc write_json(const cx_replay_job *job, const char *name, const json_t *json, cx_err *err) {
    char path[PATH_ROOM], part[PATH_ROOM];
    char other[64];
    (void)snprintf(other, sizeof other, "%s.part", name);
    CX_TRY(path_of(job, name, path, err));
    CX_TRY(path_of(job, other, part, err));
    if (json_dump_file(json, part, JSON_COMPACT) != 0 || rename(part, path) != 0)
        return cx_fail(err, CX_FILE, "%s: %s", path, strerror(errno));
    return CX_OK;
}

/* *out NULL: there is no such file. */
static cx_rc read_json(const cx_replay_job *job, const char *name, json_t **out, cx_err *err) {
    char path[PATH_ROOM];
    json_error_t why;
    *out = NULL;
    CX_TRY(path_of(job, name, path, err));
    if (access(path, F_OK) != 0)
        return CX_OK;
    *out = json_load_file(path, 0, &why);
    return *out != NULL ? CX_OK : cx_fail(err, CX_FILE, "%s: %s", path, why.text);
}

static void rows_name(cx_stages_name stage, int32_t partition, size_t n, char out[64]) {
    (void)snprintf(out, 64, "%d-%s-%zu.avro", (int)partition, cx_stages_text(stage), n);
}

static void remove_file(const cx_replay_job *job, const char *name) {
    char path[PATH_ROOM];
    if (path_of(job, name, path, NULL) == CX_OK)
        (void)unlink(path);
}

static void remove_rows(const cx_replay_job *job, int32_t partition, size_t n) {
    char name[64];
    for (int i = 0; i < KEEPERS; i++) {
        rows_name(keepers[i], partition, n, name);
        remove_file(job, name);
    }
}

/* --- rows --------------------------------------------------------------------------------------------- */
static cx_rc fill_metadata(const cx_stages *stages, cx_stages_name stage, int32_t partition, cx_metadata *m,
                           cx_err *err) {
    const cx_pack *packs[CX_METADATA_PACKS];
    *m = cx_metadata_none;
    m->tick = cx_stages_tick(stages, stage, partition);
    size_t n = cx_stages_packs(stages, stage, partition, packs, CX_METADATA_PACKS);
    for (size_t i = 0; i < n; i++)
        CX_TRY(cx_metadata_activate(m, cx_pack_hash(packs[i]), err));
    return CX_OK;
}

static json_t *sum_json(const char *name, const cx_snapshot_sum *sum) {
    char hash[2 * CX_HASH256 + 1];
    return json_pack("{s:s, s:I, s:I, s:s}", "file", name, "bytes", (json_int_t)sum->bytes, "rows",
                     (json_int_t)sum->rows, "hash", cx_hex(sum->hash, CX_HASH256, hash));
}

static cx_rc write_rows(const cx_replay_job *job, const cx_stages *stages, cx_stages_name stage,
                        int32_t partition, json_t *rows, cx_err *err) {
    char name[64], path[PATH_ROOM], text[CX_METADATA_TEXT];
    cx_snapshot_place place = {.partition = partition};
    cx_snapshot_sum sum;
    (void)snprintf(place.stage, sizeof place.stage, "%s", cx_stages_text(stage));
    CX_TRY(fill_metadata(stages, stage, partition, &place.metadata, err));
    CX_TRY(cx_metadata_format(&place.metadata, text, err));
    rows_name(stage, partition, job->saved[partition], name);
    CX_TRY(path_of(job, name, path, err));
    uint8_t *room = malloc(CX_SNAPSHOT_ROOM);
    if (room == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good =
        fd >= 0 && cx_snapshot_write(fd, &place, text, cx_stages_state(stages, stage, partition), room, &sum);
    int why = errno;
    free(room);
    if (fd >= 0)
        (void)close(fd);
    good = good && json_array_append_new(rows, sum_json(name, &sum)) == 0;
    return good ? CX_OK : cx_fail(err, CX_FILE, "%s: %s", path, strerror(why));
}

static cx_rc read_rows(const cx_replay_job *job, const cx_replay_log *log, cx_stages *stages,
                       int32_t partition, int keeper, const json_t *sum, cx_err *err) {
    char path[PATH_ROOM];
    cx_snapshot_sum expected = {json_integer_value(json_object_get(sum, "bytes")),
                                json_integer_value(json_object_get(sum, "rows")),
                                {0}};
    const char *name = json_string_value(json_object_get(sum, "file"));
    const char *hash = json_string_value(json_object_get(sum, "hash"));
    cx_snapshot *snapshot = NULL;
    if (name == NULL || hash == NULL || !cx_unhex(cx_view_of(hash), expected.hash, CX_HASH256))
        return cx_fail(err, CX_FILE, "%s: partition %d names no rows", job->save, (int)partition);
    CX_TRY(path_of(job, name, path, err));
    CX_TRY(cx_snapshot_open(path, &expected, &snapshot, err));
    cx_rc rc = cx_replay_log_put(log, stages, keepers[keeper], partition, snapshot, true, err);
    if (rc == CX_OK && keeper == 0) /* the classifier knows tick and packs alone */
        rc = cx_replay_log_put(log, stages, CX_STAGES_CLASSIFIER, partition, snapshot, false, err);
    cx_snapshot_close(&snapshot);
    return rc;
}

/* --- a partition -------------------------------------------------------------------------------------- */
cx_rc cx_replay_save(void *context, int32_t partition, const cx_replay_begin *at, const cx_stages *stages,
                     cx_err *err) {
    cx_replay_job *job = context;
    char name[64];
    json_t *json = cx_replay_place_json(at), *rows = json_array();
    size_t before = job->saved[partition]++;
    cx_rc rc = json == NULL || rows == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (int i = 0; rc == CX_OK && stages != NULL && i < KEEPERS; i++)
        if (cx_stages_state(stages, keepers[i], partition) != NULL)
            rc = write_rows(job, stages, keepers[i], partition, rows, err);
    if (rc == CX_OK) {
        (void)snprintf(name, sizeof name, "%d.json", (int)partition);
        (void)json_object_set(json, "rows", rows);
        (void)json_object_set(json, "found", job->found[partition]);
        (void)json_object_set_new(json, "saved", json_integer((json_int_t)job->saved[partition]));
        rc = write_json(job, name, json, err);
    }
    if (rc == CX_OK)
        remove_rows(job, partition, before);
    json_decref(rows);
    json_decref(json);
    return rc;
}

cx_rc cx_replay_save_goes_on(void *context, cx_replay_log *log, int32_t partition, cx_stages *stages,
                             cx_replay_begin *at, bool *found, cx_err *err) {
    cx_replay_job *job = context;
    char name[64];
    json_t *json = NULL;
    (void)snprintf(name, sizeof name, "%d.json", (int)partition);
    CX_TRY(read_json(job, name, &json, err));
    *found = json != NULL;
    if (json == NULL)
        return CX_OK;
    (void)pthread_mutex_lock(&job->lock); /* the arena is all partitions' */
    bool good = cx_replay_place_take(json, job->kept, at);
    (void)pthread_mutex_unlock(&job->lock);
    cx_rc rc = good ? CX_OK : cx_fail(err, CX_FILE, "%s/%s is not what --save writes", job->save, name);
    const json_t *rows = json_object_get(json, "rows");
    for (size_t i = 0; rc == CX_OK && stages != NULL && i < json_array_size(rows) && i < KEEPERS; i++)
        rc = read_rows(job, log, stages, partition, (int)i, json_array_get(rows, i), err);
    if (rc == CX_OK && json_array_extend(job->found[partition], json_object_get(json, "found")) != 0)
        rc = cx_fail(err, CX_FILE, "%s/%s is not what --save writes", job->save, name);
    job->saved[partition] = (size_t)json_integer_value(json_object_get(json, "saved"));
    json_decref(json);
    return rc;
}

/* --- the whole ---------------------------------------------------------------------------------------- */
cx_rc cx_replay_save_asked(const cx_replay_job *job, json_t **asked, cx_err *err) {
    json_t *json = NULL;
    CX_TRY(read_json(job, whole_name, &json, err));
    const char *build = json_string_value(json_object_get(json, "build"));
    cx_rc rc = CX_OK;
    if (json == NULL)
        rc = cx_fail(err, CX_FILE, "%s holds no replay to go on with", job->save);
    else if (build == NULL || strcmp(build, job->build) != 0)
        rc = cx_fail(err, CX_USAGE, "the replay in %s was begun by another build: begin it again", job->save);
    else
        *asked = json_incref(json_object_get(json, "arguments"));
    json_decref(json);
    return rc;
}

static cx_rc begin(const cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    json_t *old = NULL, *ends = json_array();
    if (mkdir(job->save, 0700) != 0 && errno != EEXIST)
        return cx_fail(err, CX_FILE, "%s: %s", job->save, strerror(errno));
    cx_rc rc = read_json(job, whole_name, &old, err);
    if (rc == CX_OK && old != NULL)
        rc = cx_fail(err, CX_USAGE, "%s holds another replay: go on with it (--resume), or remove it",
                     job->save);
    json_decref(old);
    for (int i = 0; i < CX_REPLAY_TOPICS; i++)
        for (int32_t p = 0; p < job->partitions; p++)
            (void)json_array_append_new(ends, json_integer(*cx_replay_log_end(log, (cx_replay_topic)i, p)));
    json_t *json =
        json_pack("{s:O, s:s, s:o}", "arguments", job->arguments, "build", job->build, "ends", ends);
    if (rc == CX_OK)
        rc = json != NULL ? write_json(job, whole_name, json, err) : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    json_decref(json);
    return rc;
}

/* As far as the topics went when it began: what has come since is no part of it. */
static cx_rc take_ends(const cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    json_t *json = NULL;
    CX_TRY(read_json(job, whole_name, &json, err));
    const json_t *ends = json_object_get(json, "ends");
    bool good = json_array_size(ends) == (size_t)job->partitions * CX_REPLAY_TOPICS;
    for (int i = 0; good && i < CX_REPLAY_TOPICS; i++)
        for (int32_t p = 0; good && p < job->partitions; p++) {
            int64_t *end = cx_replay_log_end(log, (cx_replay_topic)i, p);
            int64_t then =
                json_integer_value(json_array_get(ends, (size_t)i * (size_t)job->partitions + (size_t)p));
            good = then <= *end;
            *end = then;
        }
    json_decref(json);
    return good ? CX_OK : cx_fail(err, CX_USAGE, "the replay in %s is of another log", job->save);
}

cx_rc cx_replay_save_open(cx_replay_job *job, cx_replay_log *log, cx_err *err) {
    if (!job->resumes)
        return begin(job, log, err);
    cx_replay_log_goes_on(log, cx_replay_save_goes_on, job);
    return take_ends(job, log, err);
}

/* "replay.json", "3.json", "3-registrar-17.avro", and what a kill left of one ("....part"). */
static bool is_ours(const char *name) {
    static const char part[] = ".part";
    size_t n = strlen(name), digits = strspn(name, "0123456789"), tail = sizeof part - 1;
    if (n > tail && strcmp(name + n - tail, part) == 0)
        n -= tail;
    cx_view whole = {name, n}, rest = {name + digits, n - digits};
    if (digits == 0 || n < digits)
        return cx_view_is(whole, whole_name);
    if (cx_view_is(rest, ".json"))
        return true;
    for (int i = 0; i < KEEPERS; i++) {
        const char *stage = cx_stages_text(keepers[i]);
        size_t at = strlen(stage) + 2; /* "-registrar-" */
        if (rest.n > at && rest.p[0] == '-' && rest.p[at - 1] == '-' &&
            strncmp(rest.p + 1, stage, at - 2) == 0)
            return cx_view_is((cx_view){rest.p + at + strspn(rest.p + at, "0123456789"),
                                        rest.n - at - strspn(rest.p + at, "0123456789")},
                              ".avro");
    }
    return false;
}

/* Those of one that was killed in the middle of a save, too; nothing that is not ours. */
void cx_replay_save_remove(const cx_replay_job *job) {
    DIR *folder = opendir(job->save);
    for (const struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;)
        if (is_ours(e->d_name))
            (void)unlinkat(dirfd(folder), e->d_name, 0);
    if (folder != NULL)
        (void)closedir(folder);
    (void)rmdir(job->save);
}
