/* chengxin replay: the log decided again, and compared with what was decided. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/run/metrics.h"
#include "common/vault/hash.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"
#include "ops/cli/replay_html.h"
#include "ops/cli/replay_job.h"
#include "ops/cli/replay_show.h"
#include "ops/cli/replay_whatif.h"

static const char help[] =
    "usage: chengxin replay [--from T] [--to T] [--full] [--subject PSEUDONYM] [--stage S] [--partition P]\n"
    "                       [--jobs N] [--save FOLDER] [--json] [--html FILE]\n"
    "       chengxin replay --resume FOLDER [--jobs N] [--json] [--html FILE]\n"
    "       chengxin replay --policy PACK [--to T] [--subject PSEUDONYM] [--json] [--html FILE]\n"
    "\n"
    "Decides the log again, by the same stages under the packs of then, and compares with what stands in\n"
    "credit.classified, credit.decided and credit.notices: by origin and index, field by field. Derived\n"
    "events are compared with those in credit.records. Nothing is written, nobody is notified. Each\n"
    "difference names event, stage, field, both values and both packs.\n"
    "\n"
    "  --from T             compares what was decided from then on: a day (2026-03-02), an instant of the\n"
    "                       log's ticks, or an origin in credit.records (2.1024: partition, offset). "
    "Deciding\n"
    "                       begins behind the newest midnight before it whose snapshots are in state.dir\n"
    "  --to T               ... and no later than that\n"
    "  --full               ... from the first event on, whatever snapshots there are\n"
    "  --subject PSEUDONYM  32 hexadecimal digits: compares what concerns this subject alone\n"
    "  --stage S            classifier, registrar, sanctioner or points: its differences alone\n"
    "  --partition P        this partition alone\n"
    "  --jobs N             partitions that are decided at a time; as many as there are processors\n"
    "  --save FOLDER        keeps there, a new folder, how far it has come: when it is stopped (Ctrl-C),\n"
    "                       and now and then (replay.save.records) for the case that it is killed\n"
    "  --resume FOLDER      goes on from there, with what was asked then and up to the ends of then\n"
    "  --policy PACK        what if this pack had been the law, in place of every pack of its jurisdiction:\n"
    "                       who would be affected, for the better and for the worse. PACK: a folder, the\n"
    "                       hash of a published pack, or its name and version (shijiazhuang/2026-01)\n"
    "  --html FILE          writes the report as one page, too, which needs nothing else\n"
    "  --json               the result as one JSON object\n"
    "\n"
    "What a stage has not written yet is counted, not shown: it may be on its way. Exit 0: the same, or\n"
    "nobody affected; 1: failed; 2: wrong usage; 3: they differ.\n"
    "\n"
    "example: chengxin replay --from 2026-03-02 --stage registrar\n"
    "example: chengxin replay --policy deploy/policies/shijiazhuang/2026-01\n";

/* --- arguments ---------------------------------------------------------------------------------------- */
static bool take_stage(const char *text, cx_replay_wanted *w) {
    w->has_stage = true;
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        if (strcmp(text, cx_stages_text((cx_stages_name)i)) == 0) {
            w->stage = (cx_stages_name)i;
            return true;
        }
    return false;
}

static bool take_partition(const char *text, cx_replay_wanted *w) {
    int64_t partition = -1;
    bool good = cx_view_to_int64(cx_view_of(text), &partition) && partition >= 0 && partition <= INT32_MAX &&
                (!w->has_partition || w->partition == (int32_t)partition);
    w->has_partition = true;
    w->partition = good ? (int32_t)partition : 0;
    return good;
}

/* "2.1024": a place in credit.records. */
static bool take_origin(const char *text, cx_replay_wanted *w, int64_t *offset) {
    cx_view rest;
    int64_t partition = -1;
    cx_view first = cx_view_split(cx_view_of(text), '.', &rest);
    bool good = cx_view_to_int64(first, &partition) && cx_view_to_int64(rest, offset) && *offset >= 0 &&
                partition >= 0 && partition <= INT32_MAX &&
                (!w->has_partition || w->partition == (int32_t)partition);
    w->has_partition = good || w->has_partition;
    w->partition = good ? (int32_t)partition : w->partition;
    return good;
}

static bool take_end(const char *text, cx_replay_wanted *w) {
    if (cx_time_parse(cx_view_of(text), &w->to))
        return true;
    w->has_until = true;
    return take_origin(text, w, &w->until);
}

static bool take_jobs(const char *text, cx_replay_job *job) {
    int64_t n = 0;
    bool good = cx_view_to_int64(cx_view_of(text), &n) && n > 0 && n <= CX_REPLAY_JOBS;
    job->jobs = (size_t)n;
    return good;
}

static bool take_value(cx_replay_job *job, const char *name, const char *value) {
    cx_replay_wanted *w = &job->wanted;
    if (strcmp(name, "--from") == 0)
        return cx_time_parse(cx_view_of(value), &w->from) || take_origin(value, w, &w->since);
    if (strcmp(name, "--to") == 0)
        return take_end(value, w);
    if (strcmp(name, "--stage") == 0)
        return take_stage(value, w);
    if (strcmp(name, "--partition") == 0)
        return take_partition(value, w);
    if (strcmp(name, "--policy") == 0) {
        job->policy = value;
        return true;
    }
    w->subjects = job->subject;
    w->subject_n = 1;
    return strcmp(name, "--subject") == 0 && cx_unhex(cx_view_of(value), job->subject[0], 16);
}

static void note(cx_replay_job *job, const char *argument) {
    size_t n = strlen(job->asked);
    (void)snprintf(job->asked + n, sizeof job->asked - n, "%s%s", n > 0 ? " " : "", argument);
}

/* Those that may differ when a replay goes on: where it is kept, how fast it is, how it is told. */
static bool take_how(cx_replay_job *job, const char *name, const char *value, bool *good) {
    *good = value != NULL;
    if (strcmp(name, "--save") == 0 || strcmp(name, "--resume") == 0) {
        *good = *good && job->save == NULL;
        job->save = value;
        job->resumes = name[2] == 'r';
    } else if (strcmp(name, "--jobs") == 0) {
        *good = *good && take_jobs(value, job);
    } else if (strcmp(name, "--html") == 0) {
        job->html = value;
    } else {
        return false;
    }
    return true;
}

/* What is compared: kept, so that a replay can go on. *i becomes the last one read. */
static bool take_what(cx_replay_job *job, const char *const *argv, int argc, int *i) {
    const char *name = argv[*i], *value = *i + 1 < argc ? argv[*i + 1] : NULL;
    bool full = strcmp(name, "--full") == 0;
    if (full)
        job->full = true;
    else if (value == NULL || !take_value(job, name, value))
        return false;
    (void)json_array_append_new(job->arguments, json_string(name));
    if (!full)
        (void)json_array_append_new(job->arguments, json_string(argv[++*i]));
    return true;
}

static cx_rc check_arguments(const cx_replay_job *job, cx_err *err) {
    const cx_replay_wanted *w = &job->wanted;
    bool part = w->from != CX_NO_TIME || w->has_stage || w->has_partition;
    if (job->policy != NULL && (part || job->jobs > 0 || job->full || job->save != NULL))
        return cx_fail(err, CX_USAGE,
                       "with --policy the whole log is decided, up to --to; --from, --stage, --partition, "
                       "--full, --jobs, --save and --resume do not go with it");
    if (job->resumes && json_array_size(job->arguments) > 0)
        return cx_fail(
            err, CX_USAGE,
            "what --resume goes on with was asked when it began; --json, --html and --jobs alone may "
            "stand beside it");
    return CX_OK;
}

static cx_rc take_arguments(cx_replay_job *job, int argc, char **argv, cx_err *err) {
    job->wanted = (cx_replay_wanted){.from = CX_NO_TIME, .to = CX_NO_TIME};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        int last = i;
        bool good = true;
        if (strcmp(argv[i], "--json") == 0)
            job->json = true;
        else if (take_how(job, argv[i], value, &good))
            last++;
        else
            good = take_what(job, (const char *const *)argv, argc, &last);
        if (!good)
            return cx_fail(err, CX_USAGE, "%s %s is not understood", argv[i], value != NULL ? value : "");
        for (; i < last; i++)
            note(job, argv[i]);
        note(job, argv[i]);
    }
    return check_arguments(job, err);
}

/* What was asked when it began. */
static cx_rc take_asked(cx_replay_job *job, cx_err *err) {
    const char *asked[2 * CX_REPLAY_JOBS];
    json_t *was = NULL;
    CX_TRY(cx_replay_save_asked(job, &was, err));
    int n = (int)json_array_size(was);
    bool good = n <= 2 * CX_REPLAY_JOBS;
    for (int i = 0; good && i < n; i++)
        good = (asked[i] = json_string_value(json_array_get(was, (size_t)i))) != NULL;
    for (int i = 0; good && i < n; i++)
        good = take_what(job, asked, n, &i);
    json_decref(was);
    return good ? CX_OK : cx_fail(err, CX_FILE, "%s: it is not understood what was asked", job->save);
}

/* --- the report --------------------------------------------------------------------------------------- */
/* What --json prints and --html shows: the tally, or the what-if, with what was asked of which build. */
static json_t *report_object(const cx_replay_job *job) {
    json_t *object = job->policy != NULL ? json_incref(job->whatif) : cx_replay_tally_json(&job->tally);
    if (job->policy == NULL) {
        char begun[CX_TIME_TEXT];
        (void)json_object_set_new(object, "begun",
                                  job->begun == CX_NO_TIME ? json_null()
                                                           : json_string(cx_time_format(job->begun, begun)));
        (void)json_object_set(object, "passed_by", job->passed_by);
        (void)json_object_set_new(object, "same", json_boolean(job->tally.differences == 0));
        (void)json_object_set(object, "found", job->differences);
    }
    (void)json_object_set_new(object, "asked", json_string(job->asked));
    (void)json_object_set_new(object, "build", json_string(job->build));
    return object;
}

static void report(const cx_replay_job *job) {
    const cx_replay_tally *t = &job->tally;
    for (size_t i = 0; i < json_array_size(job->differences) && i < CX_REPLAY_SHOWN; i++)
        cx_replay_difference_print(json_array_get(job->differences, i));
    if (t->differences > CX_REPLAY_SHOWN)
        (void)printf("... and %zu more\n", t->differences - CX_REPLAY_SHOWN);
    if (t->removed > 0)
        (void)printf("%zu messages were removed by retention and not compared\n", t->removed);
    if (t->pending > 0)
        (void)printf("%zu messages have not been written yet\n", t->pending);
    (void)printf(
        "%zu events decided again; compared: %zu classified, %zu decided, %zu notices, %zu derived; ",
        t->records, t->compared[CX_STAGES_CLASSIFIER], t->compared[CX_STAGES_REGISTRAR],
        t->compared[CX_STAGES_SANCTIONER] + t->compared[CX_STAGES_POINTS], t->derived);
    if (t->differences == 0)
        (void)printf("all the same\n");
    else
        (void)printf("%zu differ\n", t->differences);
}

static cx_rc show(const cx_replay_job *job, cx_err *err) {
    json_t *object = report_object(job);
    if (object == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (job->json)
        (void)(json_dumpf(object, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
    else if (job->policy != NULL)
        cx_replay_whatif_print(object);
    else
        report(job);
    cx_rc rc = job->html != NULL ? cx_replay_html(object, job->html, err) : CX_OK;
    json_decref(object);
    return rc;
}

static int run_job(cx_replay_job *job, int argc, char **argv) {
    cx_err err = {0};
    job->config = cx_config_new();
    job->differences = json_array();
    job->passed_by = json_array();
    job->arguments = json_array();
    (void)cx_metrics_build(job->build);
    job->terminal = isatty(STDERR_FILENO) == 1;
    cx_rc rc =
        job->config == NULL || job->differences == NULL || job->passed_by == NULL || job->arguments == NULL
            ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
            : cx_config_take(job->config, &argc, argv, environ, &err);
    if (rc == CX_OK)
        rc = take_arguments(job, argc, argv, &err);
    if (rc == CX_OK && job->resumes)
        rc = take_asked(job, &err);
    if (rc == CX_OK)
        rc = cx_replay_job_run(job, &err);
    if (rc == CX_OK && job->tally.stopped)
        rc = cx_fail(&err, CX_INTERRUPTED, "stopped; %s%s",
                     job->save != NULL ? "go on with: chengxin replay --resume "
                                       : "--save FOLDER would have kept how far it came",
                     job->save != NULL ? job->save : "");
    if (rc == CX_OK)
        rc = show(job, &err);
    if (rc != CX_OK)
        return cx_print_error("replay", &err);
    bool same = job->policy != NULL ? !cx_replay_whatif_affects(job->whatif) : job->tally.differences == 0;
    return same ? CX_EXIT_DONE : CX_EXIT_NO;
}

static int run(int argc, char **argv) {
    cx_replay_job asked = {.json = false};
    int code = run_job(&asked, argc, argv);
    cx_replay_job_free(&asked);
    return code;
}

const cx_command cx_command_replay = {"replay", "decide the log again and compare with what was decided",
                                      help, run};
