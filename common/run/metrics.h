/* What a service counts, and the small HTTP server that shows it: /metrics (Prometheus text 0.0.4), /healthz,
 * /readyz.
 *
 * One thread writes, the server's thread reads: every figure is an atomic, the packs lie behind a lock. Names
 * are chengxin_*, units in the name. Labels hold stages, reasons, brokers and packs, never what an event
 * says.
 */
#ifndef CX_RUN_METRICS_H
#define CX_RUN_METRICS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "common/base/config.h"
#include "common/base/time.h"

enum { CX_HISTOGRAM_BUCKETS = 13, CX_METRICS_PACKS = 64, CX_METRICS_HASH = 32, CX_METRICS_SAMPLE = 16 };

/* Durations, in powers of four from 0.25 us to 4.2 s; or counts, from 1 to 16.8 million. */
typedef struct cx_histogram {
    _Atomic uint64_t buckets[CX_HISTOGRAM_BUCKETS + 1];
    _Atomic uint64_t sum, count; /* ns, or counts */
} cx_histogram;

typedef struct cx_metrics {
    char stage[32];
    int slot;
    _Atomic uint64_t batches, events, effects, walk_steps, aborts, transients, bytes_out, ticks, assignments;
    _Atomic uint64_t rejects[CX_RC_COUNT]; /* by reason */
    _Atomic uint64_t retries[CX_RC_COUNT]; /* TRANSIENT, by reason */
    _Atomic int64_t state_rows, state_bytes, partitions;
    _Atomic int64_t restore_wanted,
        restore_read;                  /* messages of changelogs; of the last restore, or the one at work */
    _Atomic int64_t tick, received_to; /* the oldest among the partitions owned; CX_NO_TIME: none */
    _Atomic bool ready;
    _Atomic uint64_t turns; /* of the service's loop: what stands still is stuck */
    uint64_t turns_seen,
        turns_at; /* the server's thread's own: turns when it last saw them move, and when (ns) */
    cx_histogram batch_seconds, batch_events, commit_seconds, restore_seconds;
    cx_histogram decide_seconds, encode_seconds; /* of every CX_METRICS_SAMPLE-th event */
    pthread_mutex_t lock;                        /* of what follows; zeros are an unlocked one */
    uint8_t packs[CX_METRICS_PACKS][CX_METRICS_HASH];
    size_t pack_n;
} cx_metrics;

void cx_histogram_add(cx_histogram *histogram, uint64_t ns);
/* A count into a histogram of counts. */
void cx_histogram_count(cx_histogram *histogram, uint64_t n);
/* The packs in force, n <= CX_METRICS_PACKS. */
void cx_metrics_packs(cx_metrics *metrics, const uint8_t (*packs)[CX_METRICS_HASH], size_t n);
/* A text in malloc'd memory, NUL-terminated; NULL when out of memory. */
char *cx_metrics_text(cx_metrics *metrics, size_t *n);
/* Whether the loop has turned within two minutes; true until its first turn. For the server's thread alone.
 */
bool cx_metrics_is_alive(cx_metrics *metrics);

typedef struct cx_metrics_server cx_metrics_server;
/* What a server shows, where that is not a cx_metrics. Called from the server's thread. */
typedef struct cx_metrics_pages {
    void *context;
    char *(*text)(void *context, size_t *n); /* as cx_metrics_text */
    bool (*ready)(void *context);
    bool (*healthy)(void *context);
} cx_metrics_pages;
/* address: IPv4. CX_CONFIG when the port is taken. */
cx_rc cx_metrics_serve_pages(const cx_metrics_pages *pages, const char *address, int port,
                             cx_metrics_server **out, cx_err *err);
/* The port that the settings give a service of that place in the list of services; -1: none. */
int cx_metrics_port(const cx_config *config, int number);
/* number: the service's place in the list of services. *out stays NULL where metrics.port is -1.
 * CX_CONFIG when the port is taken. */
cx_rc cx_metrics_serve(cx_metrics *metrics, const cx_config *config, int number, cx_metrics_server **out,
                       cx_err *err);
void cx_metrics_stop(cx_metrics_server **server);

/* Nanoseconds of a clock that only runs forward. */
uint64_t cx_metrics_now(void);

/* Of few events the time is taken, for two looks at the clock cost about as much as a small decision: the
 * moment, or 0 where this is not one of them. n: how many there were before it in the batch. */
static inline uint64_t cx_metrics_begin(size_t n) {
    return n % CX_METRICS_SAMPLE == 0 ? cx_metrics_now() : 0;
}
static inline void cx_metrics_end(cx_histogram *histogram, uint64_t began) {
    if (began != 0)
        cx_histogram_add(histogram, cx_metrics_now() - began);
}

/* metrics_process.c: the process's memory, time, files and start, and what was built. */
void cx_metrics_put_process(FILE *to);
/* Sixteen hex digits that differ from build to build (the linker's build id); "unknown" where there is none.
 */
enum { CX_BUILD_ID = 17 };
const char *cx_metrics_build(char out[CX_BUILD_ID]);
/* metrics_bus.c: what the client library says of itself. */
void cx_metrics_put_bus(const cx_metrics *metrics, FILE *to);

#endif
