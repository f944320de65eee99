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
#include "ops/cli/replay_show.h"
#include "ops/cli/replay_whatif.h"
#include "ops/replay/log.h"

enum { SHOWN = 100, SHOWN_JSON = 1000, ASKED = 1024 };

static const char help[] =
    "usage: chengxin replay [--from T] [--to T] [--subject PSEUDONYM] [--stage S] [--partition P] [--json]\n"
    "                       [--html FILE]\n"
    "       chengxin replay --policy PACK [--to T] [--subject PSEUDONYM] [--json] [--html FILE]\n"
    "\n"
    "Decides the log again, from its beginning, by the same stages under the packs of then, and compares "
    "with\n"
    "what stands in credit.classified, credit.decided and credit.notices: by origin and index, field by "
    "field.\n"
    "Derived events are compared with those in credit.records. Nothing is written, nobody is notified. Each\n"
    "difference names event, stage, field, both values and the pack.\n"
    "\n"
    "  --from T               compares what was decided from then on: a day (2026-03-02) or an instant of "
    "the\n"
    "                         log's ticks\n"
    "  --to T                 ... and no later than that\n"
    "  --subject PSEUDONYM    32 hexadecimal digits: compares what concerns this subject alone\n"
    "  --stage S              classifier, registrar, sanctioner or points: shows this stage's differences "
    "alone\n"
    "  --partition P          this partition alone\n"
    "  --policy PACK          what if this pack had been the law, in place of every pack of its "
    "jurisdiction:\n"
    "                         who would be affected, for the better and for the worse. PACK: a folder, the "
    "hash\n"
    "                         of a published pack, or its name and version (shijiazhuang/2026-01)\n"
    "  --html FILE            writes the report as one page, too, which needs nothing else\n"
    "  --json                 the result as one JSON object\n"
    "\n"
    "What a stage has not written yet is counted, not shown: it may be on its way. Exit 0: the same, or "
    "nobody\n"
    "affected; 1: failed; 2: wrong usage; 3: they differ.\n"
    "\n"
    "example: chengxin replay --from 2026-03-02 --stage registrar\n"
    "example: chengxin replay --policy deploy/policies/shijiazhuang/2026-01\n";

struct job {
    cx_replay_wanted wanted;
    uint8_t subject[1][16];
    bool json, terminal;
    cx_config *config;
    json_t *differences; /* with --json */
    cx_replay_tally tally;
    size_t shown;
    const char *policy; /* what-if: instead of the packs of then */
    const char *html;
    json_t *whatif;
    char asked[ASKED];
};

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
    w->has_partition =
        cx_view_to_int64(cx_view_of(text), &partition) && partition >= 0 && partition <= INT32_MAX;
    w->partition = w->has_partition ? (int32_t)partition : 0;
    return w->has_partition;
}

static bool take_value(struct job *job, const char *name, const char *value) {
    cx_replay_wanted *w = &job->wanted;
    if (strcmp(name, "--from") == 0)
        return cx_time_parse(cx_view_of(value), &w->from);
    if (strcmp(name, "--to") == 0)
        return cx_time_parse(cx_view_of(value), &w->to);
    if (strcmp(name, "--stage") == 0)
        return take_stage(value, w);
    if (strcmp(name, "--partition") == 0)
        return take_partition(value, w);
    if (strcmp(name, "--policy") == 0 || strcmp(name, "--html") == 0) {
        *(name[2] == 'p' ? &job->policy : &job->html) = value;
        return true;
    }
    w->subjects = job->subject;
    w->subject_n = 1;
    return strcmp(name, "--subject") == 0 && cx_unhex(cx_view_of(value), job->subject[0], 16);
}

static void note(struct job *job, const char *argument) {
    size_t n = strlen(job->asked);
    (void)snprintf(job->asked + n, sizeof job->asked - n, "%s%s", n > 0 ? " " : "", argument);
}

static cx_rc take_arguments(struct job *job, int argc, char **argv, cx_err *err) {
    job->wanted = (cx_replay_wanted){.from = CX_NO_TIME, .to = CX_NO_TIME};
    for (int i = 1; i < argc; i++) {
        note(job, argv[i]);
        if (strcmp(argv[i], "--json") == 0)
            job->json = true;
        else if (i + 1 >= argc || !take_value(job, argv[i], argv[i + 1]))
            return cx_fail(err, CX_USAGE, "%s %s is not understood", argv[i],
                           i + 1 < argc ? argv[i + 1] : "");
        else
            note(job, argv[++i]);
    }
    const cx_replay_wanted *w = &job->wanted;
    if (job->policy != NULL && (w->from != CX_NO_TIME || w->has_stage || w->has_partition))
        return cx_fail(err, CX_USAGE,
                       "with --policy the whole log is decided, up to --to; --from, --stage and --partition "
                       "do not go with it");
    return CX_OK;
}

/* --- what is found ------------------------------------------------------------------------------------ */
static void clear_line(const struct job *job) {
    if (job->terminal)
        (void)fprintf(stderr, "\r%60s\r", "");
}

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    struct job *job = context;
    bool keeps = job->json || job->html != NULL;
    size_t n = job->shown++;
    if (n >= (keeps ? SHOWN_JSON : SHOWN))
        return CX_OK;
    json_t *json = cx_replay_difference_json(d);
    if (json == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    clear_line(job);
    if (keeps)
        (void)json_array_append(job->differences, json);
    if (!job->json && n < SHOWN)
        cx_replay_difference_print(json);
    json_decref(json);
    return CX_OK;
}

static void show_progress(void *context, int32_t partition, int64_t offset, int64_t end) {
    const struct job *job = context;
    if (job->terminal)
        (void)fprintf(stderr, "\rpartition %d: %lld of %lld", (int)partition, (long long)offset,
                      (long long)end);
}

static void say_removed(const struct job *job, const cx_replay_log *log) {
    static const char *const topics[] = {"credit.classified", "credit.decided", "credit.notices"};
    for (size_t i = 0; i < sizeof topics / sizeof topics[0] && !job->json; i++)
        if (cx_replay_log_removed(log, (cx_replay_topic)i) > 0)
            (void)printf("%s: retention has removed its beginning; what is there is compared\n", topics[i]);
}

static cx_rc replay(struct job *job, cx_err *err) {
    cx_replay_log *log = NULL;
    cx_replay_events events = {.context = job, .difference = take_difference, .progress = show_progress};
    cx_rc rc;
    CX_TRY(cx_replay_log_open(job->config, &log, err));
    if (job->policy != NULL) {
        rc = cx_replay_whatif(log, job->policy, job->wanted.to, job->wanted.subjects, job->wanted.subject_n,
                              show_progress, job, &job->whatif, err);
    } else {
        say_removed(job, log);
        rc = cx_replay_run(cx_replay_log_source(log), &job->wanted, &events, &job->tally, err);
    }
    clear_line(job);
    cx_replay_log_close(&log);
    return rc;
}

/* --- the report --------------------------------------------------------------------------------------- */
/* What --json prints and --html shows: the tally, or the what-if, with what was asked of which build. */
static json_t *report_object(const struct job *job) {
    char build[CX_BUILD_ID];
    json_t *object = job->policy != NULL ? json_incref(job->whatif) : cx_replay_tally_json(&job->tally);
    if (job->policy == NULL) {
        (void)json_object_set_new(object, "same", json_boolean(job->tally.differences == 0));
        (void)json_object_set(object, "found", job->differences);
    }
    (void)json_object_set_new(object, "asked", json_string(job->asked));
    (void)json_object_set_new(object, "build", json_string(cx_metrics_build(build)));
    return object;
}

static void report(const struct job *job) {
    const cx_replay_tally *t = &job->tally;
    if (job->shown > SHOWN)
        (void)printf("... and %zu more\n", job->shown - SHOWN);
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

static cx_rc show(const struct job *job, cx_err *err) {
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

static int run_job(struct job *job, int argc, char **argv) {
    cx_err err = {0};
    job->config = cx_config_new();
    job->differences = json_array();
    job->terminal = isatty(STDERR_FILENO) == 1;
    cx_rc rc = job->config == NULL || job->differences == NULL
                   ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                   : cx_config_take(job->config, &argc, argv, environ, &err);
    if (rc == CX_OK)
        rc = take_arguments(job, argc, argv, &err);
    if (rc == CX_OK)
        rc = replay(job, &err);
    if (rc == CX_OK)
        rc = show(job, &err);
    if (rc != CX_OK)
        return cx_print_error("replay", &err);
    bool same = job->policy != NULL ? !cx_replay_whatif_affects(job->whatif) : job->tally.differences == 0;
    return same ? CX_EXIT_DONE : CX_EXIT_NO;
}

static int run(int argc, char **argv) {
    struct job job = {.json = false};
    int code = run_job(&job, argc, argv);
    json_decref(job.differences);
    json_decref(job.whatif);
    cx_config_destroy(&job.config);
    return code;
}

const cx_command cx_command_replay = {"replay", "decide the log again and compare with what was decided",
                                      help, run};
