/* What a service counts, and the small HTTP server that shows it: /metrics (Prometheus text 0.0.4), /healthz,
 * /readyz.
 *
 * One thread writes, the server's thread reads: every figure is an atomic. Names are chengxin_*, units in
 * the name. Labels hold reasons and stages, never what an event says.
 */
#ifndef CX_RUN_METRICS_H
#define CX_RUN_METRICS_H

#include <stdatomic.h>

#include "common/base/config.h"
#include "common/base/time.h"

enum { CX_HISTOGRAM_BUCKETS = 12 };

/* Seconds, in powers of four from 1 us to 4 s. */
typedef struct cx_histogram {
    _Atomic uint64_t buckets[CX_HISTOGRAM_BUCKETS + 1];
    _Atomic uint64_t sum_ns, count;
} cx_histogram;

typedef struct cx_metrics {
    char stage[32];
    int slot;
    _Atomic uint64_t batches, events, effects, walk_steps, aborts, transients, bytes_out;
    _Atomic uint64_t rejects[CX_RC_COUNT]; /* by reason, at intake */
    _Atomic uint64_t retries[CX_RC_COUNT]; /* TRANSIENT, by reason */
    _Atomic int64_t state_rows, state_bytes, partitions;
    _Atomic int64_t tick, received_to; /* the oldest among the partitions owned; CX_NO_TIME: none */
    _Atomic bool ready;
    _Atomic uint64_t turns; /* of the service's loop: what stands still is stuck */
    uint64_t turns_seen,
        turns_at; /* the server's thread's own: turns as it last saw them move, and when (ns) */
    cx_histogram batch_seconds, commit_seconds, restore_seconds;
} cx_metrics;

void cx_histogram_add(cx_histogram *histogram, uint64_t ns);
/* A text in malloc'd memory, NUL-terminated; NULL when out of memory. */
char *cx_metrics_text(const cx_metrics *metrics, size_t *n);

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
/* number: the service's place in the list of services. *out stays NULL where metrics.port is -1.
 * CX_CONFIG when the port is taken. */
cx_rc cx_metrics_serve(cx_metrics *metrics, const cx_config *config, int number, cx_metrics_server **out,
                       cx_err *err);
void cx_metrics_stop(cx_metrics_server **server);

/* Nanoseconds of a clock that only runs forward. */
uint64_t cx_metrics_now(void);

#endif
