/* From settings to a running sink, and down again. */
#include <stdio.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/help.h"
#include "common/bus/admin.h"
#include "services/sink/inside.h"

static volatile sig_atomic_t stopping;

static void on_signal(int number) {
    (void)number;
    stopping = 1;
}

/* The client library can hang when it is destroyed, as when a topic that it read was deleted. What was
 * written is in the store by then, with its positions: nothing is lost by leaving. */
static void on_alarm(int number) {
    (void)number;
    _exit(1);
}

static void limit_shutdown(const cx_config *config) {
    struct sigaction action = {.sa_handler = on_alarm};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm((unsigned)(cx_config_integer(config, "shutdown.ms") + 999) / 1000);
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

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

static cx_rc open_sink(cx_sink_state *s, cx_err *err) {
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

static void close_sink(cx_sink_state *s) {
    cx_consumer_destroy(&s->consumer);
    if (s->run.context != NULL)
        s->sink->close(&s->run);
    cx_writers_close(&s->writers);
    cx_codec_destroy(&s->codec);
    cx_registry_close(&s->registry);
    cx_arena_destroy(&s->run.arena);
}

/* The servers may come up after us: only what will not mend by itself ends the start. */
static cx_rc open_patiently(cx_sink_state *s, cx_err *err) {
    for (useconds_t wait = 100000; stopping == 0; wait = wait < 2000000 ? wait * 2 : wait) {
        cx_rc rc = open_sink(s, err);
        if (rc == CX_OK || cx_rc_class(rc) != CX_CLASS_TRANSIENT)
            return rc;
        cx_log_failure(CX_LOG_WARN, "start", err);
        close_sink(s);
        (void)usleep(wait);
    }
    return CX_OK;
}

static cx_rc serve(cx_sink_state *s, cx_err *err) {
    cx_metrics_server *server = NULL;
    CX_TRY(cx_metrics_serve(&s->metrics, s->run.config, s->sink->number, &server, err));
    cx_rc rc = open_patiently(s, err);
    if (rc == CX_OK && stopping == 0)
        rc = cx_sink_loop(s, &stopping, err);
    atomic_store(&s->metrics.ready, false);
    limit_shutdown(s->run.config);
    close_sink(s);
    (void)alarm(0);
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

static cx_rc set_up(cx_sink_state *s, cx_config *config, int *argc, char **argv, cx_err *err) {
    CX_TRY(cx_config_take(config, argc, argv, environ, err));
    if (*argc > 1)
        return cx_fail(err, CX_USAGE, "what is %s? Settings are given as --key value", argv[1]);
    int slot = (int)cx_config_integer(config, "slot");
    read_limits(s, config);
    CX_TRY(cx_log_open(s->sink->name, slot, cx_config_text(config, "log.level"), err));
    (void)snprintf(s->group, sizeof s->group, "credit.%s", s->sink->name);
    (void)snprintf(s->instance, sizeof s->instance, "%s-%d", s->group, slot);
    (void)snprintf(s->metrics.stage, sizeof s->metrics.stage, "%s", s->sink->name);
    s->metrics.slot = slot;
    atomic_store(&s->metrics.tick, CX_NO_TIME);
    atomic_store(&s->metrics.received_to, CX_NO_TIME);
    return CX_OK;
}

static bool helped(const cx_sink *sink, int argc, char **argv) {
    enum { MOST_TOPICS = 16 };
    const char *reads[MOST_TOPICS + 1] = {NULL};
    CX_ASSERT(sink->topic_count <= MOST_TOPICS);
    for (size_t i = 0; i < sink->topic_count; i++)
        reads[i] = sink->topics[i];
    return cx_help_wanted(&(cx_help){.name = sink->name,
                                     .number = sink->number,
                                     .does = sink->does,
                                     .reads = reads,
                                     .writes = sink->writes},
                          argc, argv);
}

int cx_sink_main(const cx_sink *sink, int argc, char **argv) {
    static cx_sink_state state; /* one sink a process */
    if (helped(sink, argc, argv))
        return 0;
    cx_err err = {0};
    cx_config *config = cx_config_new();
    state.sink = sink;
    state.run = (cx_sink_run){.config = config, .metrics = &state.metrics};
    catch_signals();
    cx_rc rc =
        config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL) : set_up(&state, config, &argc, argv, &err);
    if (rc == CX_OK) {
        cx_log_info("%s starts", state.instance);
        rc = serve(&state, &err);
    }
    if (rc == CX_OK)
        cx_log_info("%s has stopped", state.instance);
    else
        cx_log_failure(CX_LOG_ERROR, sink->name, &err);
    cx_config_destroy(&config);
    return rc == CX_OK ? 0 : rc == CX_USAGE || rc == CX_CONFIG ? 2 : 1;
}
