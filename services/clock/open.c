/* From settings to a ticking clock, and down again. */
#include "services/clock/open.h"

#include <stdio.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/process.h"
#include "services/clock/clock.h"

static cx_rc open_bus(cx_clock *c, cx_err *err) {
    static const char *const topics[] = {"credit.activations"};
    int32_t activations = 0;
    CX_TRY(cx_admin_new(c->config, &c->admin, err));
    CX_TRY(cx_admin_partitions(c->admin, "credit.records", &c->partitions, err));
    CX_TRY(cx_admin_partitions(c->admin, topics[0], &activations, err));
    if (activations != 1)
        return cx_fail(err, CX_TOPIC_PARTITIONS, "credit.activations must have one partition");
    CX_TRY(cx_reports_open(c, err));
    CX_TRY(cx_inbox_new(c->config, &c->inbox, err));
    CX_TRY(cx_producer_new(c->config, c->instance, &c->producer, err));
    cx_consumer_spec spec = {.group = "credit.clock",
                             .instance = c->instance,
                             .topics = topics,
                             .topic_count = 1,
                             .events = {c, cx_clock_assigned, cx_clock_revoked}};
    return cx_consumer_new(c->config, &spec, &c->consumer, err);
}

static cx_rc open_clock(void *clock, cx_err *err) {
    cx_clock *c = clock;
    c->codec = cx_codec_new();
    c->arena = cx_arena_new(0);
    if (c->codec == NULL || c->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_add(c->codec, &cx_event_type, err));
    CX_TRY(cx_codec_add(c->codec, &cx_report_type, err));
    CX_TRY(cx_codec_add(c->codec, &cx_activation_request_type, err));
    return open_bus(c, err);
}

static void close_clock(void *clock) {
    cx_clock *c = clock;
    cx_clock_drop(c);
    cx_message_release(&c->held);
    cx_consumer_destroy(&c->consumer);
    cx_producer_destroy(&c->producer);
    cx_reader_destroy(&c->reports_reader);
    cx_inbox_destroy(&c->inbox);
    cx_admin_destroy(&c->admin);
    cx_state_destroy(&c->reports);
    cx_codec_destroy(&c->codec);
    cx_arena_destroy(&c->arena);
}

cx_rc cx_clock_run(void *none, const cx_config *config, cx_err *err) {
    (void)none;
    static cx_clock c; /* one a process */
    cx_metrics_server *server = NULL;
    int slot = (int)cx_config_integer(config, "slot");
    c = (cx_clock){.config = config, .now = cx_metadata_none};
    (void)snprintf(c.instance, sizeof c.instance, "credit.clock-%d", slot);
    (void)snprintf(c.metrics.stage, sizeof c.metrics.stage, "clock");
    c.metrics.slot = slot;
    atomic_store(&c.metrics.tick, CX_NO_TIME);
    atomic_store(&c.metrics.received_to, CX_NO_TIME);
    CX_TRY(cx_metrics_serve(&c.metrics, config, CX_CLOCK_NUMBER, &server, err));
    cx_rc rc = cx_process_patiently(open_clock, close_clock, &c, err);
    if (rc == CX_OK && !cx_process_stopping)
        rc = cx_clock_loop(&c, &cx_process_stopping, err);
    cx_process_hurry(config);
    close_clock(&c);
    cx_metrics_stop(&server);
    return rc;
}
