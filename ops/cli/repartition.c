/* chengxin topics repartition: more partitions for a log that stands still (docs/adr/0010).
 *
 * credit.records gets its new partitions first: from then on whatever is appended lies behind the split, and
 * no stage starts before all topics have them (TOPIC_PARTITIONS). What is done is not done again by the next
 * run.
 */
#include "ops/cli/repartition.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "common/bus/topics.h"

enum { KEY = 48, QUERIES = 8 };
static const char checkpoints[] = "credit.checkpoints";
static const char *const kept[] = {"credit.status", "credit.state",      "credit.measures",
                                   "credit.points", "credit.identities", NULL};

static void say(const char *format, ...) CX_PRINTF(1, 2);
static void say(const char *format, ...) {
    va_list values;
    va_start(values, format);
    (void)vprintf(format, values);
    va_end(values);
    (void)fflush(stdout);
}

/* --- the split, told on the log ------------------------------------------------------------------------- */
static cx_view key_of(const cx_repartition *job, char out[KEY]) {
    int generation = (int)cx_config_integer(job->config, "log.generation");
    int n = snprintf(out, KEY, "split/%d/%" PRId32 "/%" PRId32, generation, job->from, job->into);
    return (cx_view){out, (size_t)n};
}

static bool is_split(const cx_repartition *job, cx_view key) {
    char prefix[KEY];
    int n = snprintf(prefix, KEY, "split/%d/", (int)cx_config_integer(job->config, "log.generation"));
    return key.n > (size_t)n && memcmp(key.p, prefix, (size_t)n) == 0;
}

static cx_rc take_split(void *context, const cx_message *m, cx_err *err) {
    cx_repartition *job = context;
    const void *value = NULL;
    if (m->value.p == NULL || !is_split(job, m->key))
        return CX_OK;
    CX_TRY(cx_decoding_take(&job->decoding, &cx_checkpoint_type, m, &value, err));
    const cx_checkpoint *c = value;
    const cx_partition_split *s = c->body.partition_split;
    if (c->body_kind != CX_CHECKPOINT_BODY_PARTITION_SPLIT || s->cuts.n > CX_SPLIT_MOST ||
        s->cuts.n != (size_t)s->from)
        return cx_fail(err, CX_NOT_DECODED, "%s offset %lld tells of no split", checkpoints,
                       (long long)m->offset);
    if (s->into != job->into)
        return CX_OK;
    job->from = s->from;
    (void)memcpy(job->cuts, s->cuts.items, s->cuts.n * sizeof job->cuts[0]);
    job->tick = c->tick;
    return CX_OK;
}

/* What was told last of the split into so many; tick CX_NO_TIME: nothing was. */
static cx_rc read_split(cx_repartition *job, cx_err *err) {
    job->tick = CX_NO_TIME;
    return cx_topic_read(job->config, checkpoints, take_split, job, err);
}

static cx_rc tell_split(cx_repartition *job, cx_err *err) {
    char key[KEY];
    cx_partition_split split = {.from = job->from, .into = job->into};
    split.cuts.items = job->cuts;
    split.cuts.n = (size_t)job->from;
    cx_checkpoint c = {.generation = (int32_t)cx_config_integer(job->config, "log.generation"),
                       .tick = job->tick,
                       .body_kind = CX_CHECKPOINT_BODY_PARTITION_SPLIT,
                       .body = {.partition_split = &split}};
    cx_outgoing m = {.partition = -1, .key = key_of(job, key), .timestamp = job->tick > 0 ? job->tick : 1};
    CX_TRY(cx_codec_encode(job->decoding.codec, &cx_checkpoint_type, &c, &m.value, err));
    CX_TRY(cx_producer_topic(job->producer, checkpoints, &m.topic, err));
    CX_TRY(cx_producer_begin(job->producer, err));
    CX_TRY(cx_producer_send(job->producer, &m, err));
    return cx_producer_commit(job->producer, NULL, 0, NULL, err);
}

/* --- steps ---------------------------------------------------------------------------------------------- */
/* The query service is in no group, and knows the old number: it is fenced, and its supervisor starts it
 * anew. */
static cx_rc fence_queries(const cx_repartition *job, cx_err *err) {
    for (int slot = 0; slot < QUERIES; slot++) {
        char id[32];
        cx_producer *producer = NULL;
        (void)snprintf(id, sizeof id, "credit.query-%d", slot);
        CX_TRY(cx_producer_new(job->config, id, &producer, err));
        cx_producer_destroy(&producer);
    }
    return CX_OK;
}

static cx_rc begin(cx_repartition *job, cx_err *err) {
    if (!job->begun) {
        CX_TRY(tell_split(job, err));
        CX_TRY(cx_topic_grow(job->admin, "credit.records", job->into, err));
        say("credit.records has %d partitions: from here on there is no way back, only on\n", (int)job->into);
    }
    return fence_queries(job, err);
}

static cx_rc move_rows(cx_repartition *job, cx_err *err) {
    for (size_t i = 0; kept[i] != NULL; i++) {
        size_t before = job->moved;
        CX_TRY(cx_act_check_stop(err));
        CX_TRY(cx_topic_grow(job->admin, kept[i], job->into, err));
        CX_TRY(cx_split_rows(job, kept[i], err));
        say("%s: %zu rows moved\n", kept[i], job->moved - before);
    }
    return CX_OK;
}

/* A stage starts when what it writes has its new partitions: by then it has its positions in what it reads.
 */
static cx_rc place_stages(cx_repartition *job, cx_err *err) {
    CX_TRY(cx_split_stopped(job, CX_SPLIT_PATIENCE_MS, err));
    for (const cx_split_input *in = cx_split_inputs; in->group != NULL; in++) {
        CX_TRY(cx_topic_grow(job->admin, in->topic, job->into, err));
        CX_TRY(cx_split_positions(job, in, err));
    }
    return CX_OK;
}

/* Whoever was killed behind its last step but one has given the last stage no positions. */
static cx_rc finish_done(cx_repartition *job, cx_err *err) {
    CX_TRY(read_split(job, err));
    for (const cx_split_input *in = cx_split_inputs; job->tick != CX_NO_TIME && in->group != NULL; in++)
        CX_TRY(cx_split_positions(job, in, err));
    say("it is done: the log has %d partitions\n", (int)job->into);
    return CX_OK;
}

static cx_rc look(cx_repartition *job, int patience_ms, bool *done, cx_err *err) {
    CX_TRY(cx_split_look(job, done, err));
    if (*done)
        return CX_OK;
    say("the log: %d partitions, to be %d%s\n", (int)job->from, (int)job->into,
        job->begun ? "; it was begun, and goes on" : "");
    int32_t from = job->from;
    if (job->begun)
        CX_TRY(read_split(job, err));
    if (job->begun && (job->tick == CX_NO_TIME || job->from != from))
        return cx_fail(err, CX_TOPIC_PARTITIONS,
                       "credit.records has %d partitions, and this command did not give them to it",
                       (int)job->into);
    CX_TRY(cx_split_drained(job, err)); /* whoever waits for it is told without stopping anything */
    CX_TRY(cx_split_stopped(job, patience_ms, err));
    return cx_split_drained(job, err);
}

static cx_rc open_job(cx_repartition *job, cx_err *err) {
    static const cx_type *const types[] = {&cx_checkpoint_type, &cx_breaker_state_type, NULL};
    CX_TRY(cx_admin_new(job->config, &job->admin, err));
    return cx_decoding_open(job->config, types, &job->decoding, err);
}

static cx_rc run(cx_repartition *job, bool dry_run, cx_err *err) {
    bool done = false;
    CX_TRY(open_job(job, err));
    cx_act_catch_stop();
    CX_TRY(look(job, dry_run ? 0 : CX_SPLIT_PATIENCE_MS, &done, err));
    if (done)
        return finish_done(job, err);
    if (dry_run) {
        say("nothing stands in the way of %d partitions\n", (int)job->into);
        return CX_OK;
    }
    CX_TRY(cx_producer_new(job->config, "credit.repartition", &job->producer, err));
    CX_TRY(begin(job, err));
    CX_TRY(move_rows(job, err));
    CX_TRY(place_stages(job, err));
    say("the log has %d partitions. Set topics.partitions=%d, then start the services\n", (int)job->into,
        (int)job->into);
    return CX_OK;
}

int cx_repartition_run(const cx_config *config, int32_t into, bool dry_run) {
    static cx_repartition job; /* its places are many */
    cx_err err = {0};
    job = (cx_repartition){.config = config, .into = into};
    cx_rc rc = run(&job, dry_run, &err);
    if (job.producer != NULL && cx_producer_is_open(job.producer))
        (void)cx_producer_abort(job.producer, NULL);
    cx_producer_destroy(&job.producer);
    cx_decoding_close(&job.decoding);
    cx_admin_destroy(&job.admin);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("topics", &err);
    return rc == CX_STILL_RUNNING || rc == CX_NOT_DRAINED ? CX_EXIT_NO : code;
}
