/* A sink: a service that reads the bus and writes a store, which holds its positions in the same transaction
 * as what it wrote. It produces nothing; so it is a consumer with a store where a stage has a producer.
 *
 * A main.c fills one cx_sink and calls cx_sink_main. All callbacks run in one thread. A TRANSIENT failure of
 * any of them drops what was taken, and reading begins again where the store says; nothing is skipped. FATAL
 * ends the process.
 */
#ifndef SERVICES_SINK_SINK_H
#define SERVICES_SINK_SINK_H

#include "common/bus/consumer.h"
#include "common/run/codec.h"
#include "common/run/metrics.h"

/* What the callbacks are given. */
typedef struct cx_sink_run {
    const cx_config *config;
    cx_codec *codec; /* decodes the sink's types */
    cx_arena *arena; /* emptied before each take */
    cx_metrics *metrics;
    void *context; /* what `open` made */
} cx_sink_run;

typedef struct cx_sink {
    const char *name;          /* "history": group credit.history, program chengxin-history */
    const char *group_setting; /* not NULL: the group is credit.<name>-<the setting's value> */
    int number;                /* its place in the list of services: metrics port 9464 + number */
    const char *does;          /* one sentence, for --help */
    const char *const *writes; /* where to, for --help; ends in NULL */
    const char *const *topics; /* names, or patterns that begin with ^ */
    size_t topic_count;
    const cx_type *const *types; /* to be decoded; ends in NULL */
    cx_rc (*open)(cx_sink_run *run, cx_err *err);
    void (*close)(cx_sink_run *run);
    /* Where reading begins: sets each place's offset (CX_POSITION_BEGINNING, or an offset). Connects where it
     * must. Called again, without `lose` between, where only the store was lost. Forgets what was taken. */
    cx_rc (*place)(cx_sink_run *run, cx_place *places, size_t n, cx_err *err);
    /* One message, in order within its partition; released by the caller. *full: write now. */
    cx_rc (*take)(cx_sink_run *run, const cx_message *message, bool *full, cx_err *err);
    /* Writes all that was taken, with its positions; or, with `settle`, begins to, once the write before has
     * ended. */
    cx_rc (*write)(cx_sink_run *run, cx_err *err);
    /* NULL: what `write` wrote is written. Else *done tells whether the write that was begun has ended (wait:
     * waits for it), and a failure of it is returned, once. */
    cx_rc (*settle)(cx_sink_run *run, bool wait, bool *done, cx_err *err);
    /* The partitions are ours no more: forgets what was taken, and whose they were. */
    void (*lose)(cx_sink_run *run);
} cx_sink;

/* The whole of a service's main: settings, log, metrics, the loop; until SIGTERM or SIGINT. Returns the exit
 * code: 0 after a clean shutdown, 1 after a FATAL error, 2 for wrong usage or configuration. */
int cx_sink_main(const cx_sink *sink, int argc, char **argv);

/* Decodes a message of the spine: what does not decode, or names a schema that was never published, is
 * NOT_DECODED. */
cx_rc cx_sink_decode(const cx_sink_run *run, const cx_type *type, const cx_message *message, const void **out,
                     cx_err *err) CX_MUST_CHECK;

#endif
