/* What the files of services/sink share. Not for others. */
#ifndef SERVICES_SINK_INSIDE_H
#define SERVICES_SINK_INSIDE_H

#include "common/run/registry.h"
#include "services/sink/sink.h"
#include "services/sink/writers.h"

/* Settings that every message asks for. */
typedef struct cx_sink_limits {
    size_t batch_events;
    uint64_t batch_ns, linger_ns;
    uint32_t retry_ms;
} cx_sink_limits;

typedef struct cx_sink_state {
    const cx_sink *sink;
    cx_sink_run run;
    cx_sink_limits limits;
    cx_metrics metrics;
    cx_codec *codec;
    cx_registry *registry; /* NULL: none */
    cx_writers *writers;
    cx_consumer *consumer;
    bool placed;                         /* reading where the store said */
    bool fed;                            /* the last poll brought a message */
    bool again;                          /* inside begin_again: the partitions stay ours */
    size_t partitions;                   /* assigned */
    size_t taken;                        /* messages since the last write */
    size_t flying;                       /* messages in the write that has been begun and not ended */
    uint64_t flying_began, flying_since; /* ns: the batch's first message; its write */
    uint64_t batch_began, last_taken, retry_at, schemas_at; /* ns */
    uint32_t retry_ms;
    char group[64], instance[96];
} cx_sink_state;

/* Callbacks of the consumer. */
cx_rc cx_sink_assigned(void *state, cx_place *places, size_t n, cx_err *err);
void cx_sink_revoked(void *state);
cx_rc cx_sink_loop(cx_sink_state *state, const volatile int *stop, cx_err *err);

#endif
