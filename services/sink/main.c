/* From settings to a running sink, and down again. */
#include <stdio.h>

#include "common/base/log.h"
#include "common/run/process.h"
#include "common/bus/admin.h"
#include "services/sink/inside.h"

cx_rc cx_sink_decode(const cx_sink_run *run, const cx_type *type, const cx_message *message, const void **out,
                     cx_err *err) {
    if (message->value.p == NULL)
        return cx_fail(err, CX_NOT_DECODED, "a tombstone where there is none");
    cx_rc rc = cx_codec_decode(run->codec, type, message->value, run->arena, out, err);
    if (rc == CX_OK || rc == CX_OUT_OF_MEMORY || rc == CX_UNKNOWN_SCHEMA)
        return rc;
    cx_err why = *err;
    return cx_fail(err, CX_NOT_DECODED, "%s: %s", cx_rc_name(rc), why.text);
}

static cx_rc open_codec(cx_sink_state *s, cx_err *err) {
    s->codec = cx_codec_new();
    s->run.arena = cx_arena_new(0);
    if (s->codec == NULL || s->run.arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    s->run.codec = s->codec;
    CX_TRY(cx_registry_open(s->run.config, &s->registry, err));
    cx_registry_serve(s->registry, s->codec);
    for (size_t i = 0; s->sink->types[i] != NULL; i++)
        CX_TRY(cx_codec_add(s->codec, s->sink->types[i], err));
    return CX_OK;
}

/* A consumer would wait for a topic for ever. */
static cx_rc check_topics(const cx_sink_state *s, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(s->run.config, &admin, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < s->sink->topic_count; i++) {
        int32_t partitions = 0;
        if (s->sink->topics[i][0] != '^')
            rc = cx_admin_partitions(admin, s->sink->topics[i], &partitions, err);
    }
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc open_sink(void *state, cx_err *err) {
    cx_sink_state *s = state;
    CX_TRY(check_topics(s, err));
    CX_TRY(open_codec(s, err));
    CX_TRY(cx_writers_open(s->run.config, s->codec, &s->writers, err));
    CX_TRY(s->sink->open(&s->run, err));
    cx_consumer_spec spec = {.group = s->group,
                             .instance = s->instance,
                             .topics = s->sink->topics,
                             .topic_count = s->sink->topic_count,
                             .positions_apart = true,
                             .events = {s, cx_sink_assigned, cx_sink_revoked}};
    return cx_consumer_new(s->run.config, &spec, &s->consumer, err);
}

static void close_sink(void *state) {
    cx_sink_state *s = state;
    cx_consumer_destroy(&s->consumer);
    if (s->run.context != NULL)
        s->sink->close(&s->run);
    cx_writers_close(&s->writers);
    cx_codec_destroy(&s->codec);
    cx_registry_close(&s->registry);
    cx_arena_destroy(&s->run.arena);
}

static cx_rc serve(cx_sink_state *s, cx_err *err) {
    cx_metrics_server *server = NULL;
    CX_TRY(cx_metrics_serve(&s->metrics, s->run.config, s->sink->number, &server, err));
    cx_rc rc = cx_process_patiently(open_sink, close_sink, s, err);
    if (rc == CX_OK && !cx_process_stopping)
        rc = cx_sink_loop(s, &cx_process_stopping, err);
    atomic_store(&s->metrics.ready, false);
    cx_process_hurry(s->run.config);
    close_sink(s);
    cx_metrics_stop(&server);
    return rc;
}

static void read_limits(cx_sink_state *s, const cx_config *config) {
    s->limits = (cx_sink_limits){
        .batch_events = (size_t)cx_config_integer(config, "batch.max.events"),
        .batch_ns = (uint64_t)cx_config_integer(config, "batch.max.ms") * 1000000u,
        .linger_ns = (uint64_t)cx_config_integer(config, "batch.linger.ms") * 1000000u,
        .retry_ms = (uint32_t)cx_config_integer(config, "retry.max.ms"),
    };
}

static cx_rc run_sink(void *state, const cx_config *config, cx_err *err) {
    cx_sink_state *s = state;
    int slot = (int)cx_config_integer(config, "slot");
    s->run = (cx_sink_run){.config = config, .metrics = &s->metrics};
    read_limits(s, config);
    const char *more = s->sink->group_setting;
    (void)snprintf(s->group, sizeof s->group, "credit.%s%s%s", s->sink->name, more != NULL ? "-" : "",
                   more != NULL ? cx_config_text(config, more) : "");
    (void)snprintf(s->instance, sizeof s->instance, "%s-%d", s->group, slot);
    (void)snprintf(s->metrics.stage, sizeof s->metrics.stage, "%s", s->sink->name);
    s->metrics.slot = slot;
    atomic_store(&s->metrics.tick, CX_NO_TIME);
    atomic_store(&s->metrics.received_to, CX_NO_TIME);
    return serve(s, err);
}

int cx_sink_main(const cx_sink *sink, int argc, char **argv) {
    enum { MOST_TOPICS = 16 };
    static cx_sink_state state; /* one sink a process */
    const char *reads[MOST_TOPICS + 1] = {NULL};
    CX_ASSERT(sink->topic_count <= MOST_TOPICS);
    for (size_t i = 0; i < sink->topic_count; i++)
        reads[i] = sink->topics[i];
    cx_help help = {.name = sink->name,
                    .number = sink->number,
                    .does = sink->does,
                    .reads = reads,
                    .writes = sink->writes};
    state.sink = sink;
    return cx_process_main(&help, run_sink, &state, argc, argv);
}
