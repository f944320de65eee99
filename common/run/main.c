/* From settings to a running stage, and down again in the one right order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/help.h"
#include "common/run/inside.h"
#include "common/run/process.h"
#include "common/run/run.h"
#include "schemas/types.h"

enum { MOST_INPUTS = 8 };

/* Every topic that is named must be there, with one number of partitions throughout the spine. */
static cx_rc check_topic(cx_run *run, cx_admin *admin, const char *topic, cx_err *err) {
    int32_t n = 0;
    CX_TRY(cx_admin_partitions(admin, topic, &n, err));
    if (run->partitions == 0)
        run->partitions = n;
    if (n == run->partitions)
        return CX_OK;
    return cx_fail(err, CX_TOPIC_PARTITIONS, "topic %s has %d partitions, credit.records has %d", topic,
                   (int)n, (int)run->partitions);
}

static cx_rc check_topics(cx_run *run, cx_err *err) {
    const cx_stage *stage = run->stage;
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(run->config, &admin, err));
    cx_rc rc = check_topic(run, admin, "credit.records", err); /* what the others are measured by */
    for (size_t i = 0; rc == CX_OK && i < stage->input_count; i++)
        if (!stage->inputs[i].by_department)
            rc = check_topic(run, admin, stage->inputs[i].topic, err);
    for (size_t i = 0; rc == CX_OK && i < stage->output_count; i++)
        if (stage->outputs[i].kind == CX_OUTPUT_TOPIC || stage->outputs[i].kind == CX_OUTPUT_STATE)
            rc = check_topic(run, admin, stage->outputs[i].topic, err);
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc open_codec(cx_run *run, cx_err *err) {
    const cx_stage *stage = run->stage;
    run->codec = cx_codec_new();
    run->arena = cx_arena_new(0);
    if (run->codec == NULL || run->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_registry_open(run->config, &run->registry, err));
    cx_registry_serve(run->registry, run->codec);
    for (size_t i = 0; i < stage->input_count; i++)
        CX_TRY(cx_codec_add(run->codec, stage->inputs[i].type, err));
    for (size_t i = 0; i < stage->output_count; i++)
        if (stage->outputs[i].is_own != NULL)
            CX_TRY(cx_codec_add(run->codec, stage->outputs[i].type, err));
    for (size_t i = 0; stage->row_types != NULL && stage->row_types[i] != NULL; i++)
        CX_TRY(cx_codec_add(run->codec, stage->row_types[i], err));
    CX_ASSERT(stage->row_due == NULL || stage->row_due_head > 0);
    for (size_t i = 0; stage->row_due != NULL && stage->row_types[i] != NULL; i++)
        CX_TRY(cx_codec_add_head(run->codec, stage->row_types[i], stage->row_due_head, err));
    if (cx_run_changelog(stage) != NULL)
        CX_TRY(cx_codec_add(run->codec, &cx_checkpoint_type, err));
    if (stage->side_type != NULL)
        CX_TRY(cx_codec_add(run->codec, stage->side_type, err));
    return stage->policies != NULL ? cx_codec_add(run->codec, &cx_policy_pack_type, err) : CX_OK;
}

/* What departments read is framed as the registry has it. */
static cx_rc register_schemas(cx_run *run, cx_err *err) {
    const cx_stage *stage = run->stage;
    CX_ASSERT(stage->output_count <= CX_OUTPUTS);
    for (size_t i = 0; run->registry != NULL && i < stage->output_count; i++)
        if (stage->outputs[i].kind == CX_OUTPUT_BY_DEPARTMENT)
            CX_TRY(cx_registry_id(run->registry, stage->outputs[i].type, &run->schema_ids[i], err));
    return CX_OK;
}

static cx_rc open_consumer(cx_run *run, cx_err *err) {
    const char *topics[MOST_INPUTS];
    char patterns[MOST_INPUTS][CX_TOPIC_NAME];
    const cx_stage *stage = run->stage;
    bool pattern_used = false;
    CX_ASSERT(stage->input_count <= MOST_INPUTS);
    for (size_t i = 0; i < stage->input_count; i++) {
        topics[i] = stage->inputs[i].topic;
        if (!stage->inputs[i].by_department)
            continue;
        pattern_used = true;
        (void)snprintf(patterns[i], sizeof patterns[i], "^%s[A-Za-z0-9_.-]+$", stage->inputs[i].topic);
        topics[i] = patterns[i];
    }
    cx_consumer_spec spec = {.group = run->group,
                             .instance = run->instance,
                             .topics = topics,
                             .topic_count = stage->input_count,
                             .round_robin = pattern_used,
                             .events = {run, cx_run_assigned, cx_run_revoked}};
    return cx_consumer_new(run->config, &spec, &run->consumer, err);
}

static cx_rc open_run(void *context, cx_err *err) {
    cx_run *run = context;
    const cx_hooks *hooks = run->stage->hooks;
    CX_TRY(check_topics(run, err));
    CX_TRY(open_codec(run, err));
    CX_TRY(register_schemas(run, err));
    CX_TRY(cx_tables_open(run, err));
    if (hooks != NULL && hooks->open != NULL)
        CX_TRY(hooks->open(run->config, &run->hooks, err));
    CX_TRY(cx_producer_new(run->config, run->instance, &run->producer,
                           err)); /* fences an older one of our slot */
    CX_TRY(cx_run_publish_schemas(run, err));
    return open_consumer(run, err);
}

/* Messages, then the member, then the producer: the group must not hand our partitions on while a
 * transaction of ours is open, and a client that still owns messages hangs. */
static void close_run(void *context) {
    cx_run *run = context;
    const cx_hooks *hooks = run->stage->hooks;
    if (run->parts != NULL || run->producer != NULL)
        cx_batch_drop(run);
    cx_consumer_destroy(&run->consumer);
    cx_finder_destroy(&run->finder);
    cx_producer_destroy(&run->producer);
    cx_run_forget_parts(run);
    cx_tables_close(run);
    if (hooks != NULL && hooks->close != NULL && run->hooks != NULL)
        hooks->close(&run->hooks);
    cx_codec_destroy(&run->codec);
    cx_registry_close(&run->registry);
    cx_arena_destroy(&run->arena);
}

static cx_rc serve(cx_run *run, cx_err *err) {
    cx_metrics_server *server = NULL;
    CX_TRY(cx_metrics_serve(&run->metrics, run->config, run->stage->number, &server, err));
    cx_rc rc = cx_process_patiently(open_run, close_run, run, err);
    if (rc == CX_OK && !cx_process_stopping)
        rc = cx_run_loop(run, &cx_process_stopping, err);
    atomic_store(&run->metrics.ready, false);
    cx_process_hurry(run->config);
    close_run(run);
    cx_metrics_stop(&server);
    return rc;
}

static void read_limits(cx_run *run) {
    run->limits = (cx_run_limits){
        .batch_events = (size_t)cx_config_integer(run->config, "batch.max.events"),
        .batch_ns = (uint64_t)cx_config_integer(run->config, "batch.max.ms") * 1000000u,
        .linger_ns = (uint64_t)cx_config_integer(run->config, "batch.linger.ms") * 1000000u,
        .retry_ms = (uint32_t)cx_config_integer(run->config, "retry.max.ms"),
    };
    run->rest_ns = run->limits.linger_ns;
}

static void name_it(cx_run *run) {
    int slot = (int)cx_config_integer(run->config, "slot");
    (void)snprintf(run->group, sizeof run->group, "credit.%s", run->stage->name);
    (void)snprintf(run->instance, sizeof run->instance, "%s-%d", run->group, slot);
    (void)snprintf(run->metrics.stage, sizeof run->metrics.stage, "%s", run->stage->name);
    run->metrics.slot = slot;
    atomic_store(&run->metrics.tick, CX_NO_TIME);
    atomic_store(&run->metrics.received_to, CX_NO_TIME);
}

/* An output of the stage that somebody else reads or restores; several may have one topic. */
static bool told_before(const char *const *names, size_t n, const char *topic) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], topic) == 0)
            return true;
    return false;
}

/* From the descriptor; topics of departments are named by their prefix. */
static cx_help help_of(const cx_stage *stage, const char **reads, const char **writes) {
    size_t n = 0, k = 0;
    CX_ASSERT(stage->input_count <= MOST_INPUTS && stage->output_count <= CX_OUTPUTS);
    for (size_t i = 0; i < stage->input_count; i++)
        reads[n++] = stage->inputs[i].topic;
    if (stage->side_topic != NULL)
        reads[n++] = stage->side_topic;
    for (size_t i = 0; i < stage->output_count; i++)
        if (stage->outputs[i].topic != NULL && !told_before(writes, k, stage->outputs[i].topic))
            writes[k++] = stage->outputs[i].topic;
    return (cx_help){
        .name = stage->name, .number = stage->number, .does = stage->does, .reads = reads, .writes = writes};
}

static cx_rc run_stage(void *context, const cx_config *config, cx_err *err) {
    cx_run *run = context;
    run->config = config;
    name_it(run);
    read_limits(run);
    return serve(run, err);
}

int cx_run_main(const cx_stage *stage, int argc, char **argv) {
    static cx_run run; /* one stage a process */
    const char *reads[MOST_INPUTS + 2] = {NULL}, *writes[CX_OUTPUTS + 1] = {NULL};
    cx_help help = help_of(stage, reads, writes);
    run.stage = stage;
    return cx_process_main(&help, run_stage, &run, argc, argv);
}
