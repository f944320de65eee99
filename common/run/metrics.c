#include "common/run/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STUCK_NS (120 * UINT64_C(1000000000))

uint64_t cx_metrics_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

void cx_histogram_add(cx_histogram *h, uint64_t ns) {
    size_t bucket = 0;
    for (uint64_t bound = 1000; bucket < CX_HISTOGRAM_BUCKETS && ns > bound; bound *= 4)
        bucket++;
    atomic_fetch_add_explicit(&h->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->sum_ns, ns, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->count, 1, memory_order_relaxed);
}

static void put_histogram(FILE *to, const cx_metrics *m, const char *name, const cx_histogram *h) {
    uint64_t so_far = 0;
    double bound = 1e-6;
    (void)fprintf(to, "# TYPE chengxin_%s histogram\n", name);
    for (size_t i = 0; i < CX_HISTOGRAM_BUCKETS; i++) {
        so_far += atomic_load(&h->buckets[i]);
        (void)fprintf(to, "chengxin_%s_bucket{stage=\"%s\",slot=\"%d\",le=\"%g\"} %" PRIu64 "\n", name,
                      m->stage, m->slot, bound, so_far);
        bound *= 4;
    }
    so_far += atomic_load(&h->buckets[CX_HISTOGRAM_BUCKETS]);
    (void)fprintf(to, "chengxin_%s_bucket{stage=\"%s\",slot=\"%d\",le=\"+Inf\"} %" PRIu64 "\n", name,
                  m->stage, m->slot, so_far);
    (void)fprintf(to, "chengxin_%s_sum{stage=\"%s\",slot=\"%d\"} %.9f\n", name, m->stage, m->slot,
                  (double)atomic_load(&h->sum_ns) / 1e9);
    (void)fprintf(to, "chengxin_%s_count{stage=\"%s\",slot=\"%d\"} %" PRIu64 "\n", name, m->stage, m->slot,
                  so_far);
}

static void put_number(FILE *to, const cx_metrics *m, const char *name, const char *type, double value) {
    (void)fprintf(to, "# TYPE chengxin_%s %s\nchengxin_%s{stage=\"%s\",slot=\"%d\"} %.17g\n", name, type,
                  name, m->stage, m->slot, value);
}

static void put_reasons(FILE *to, const cx_metrics *m, const char *name, const _Atomic uint64_t *counts) {
    (void)fprintf(to, "# TYPE chengxin_%s counter\n", name);
    for (unsigned i = 0; i < CX_RC_COUNT; i++)
        if (atomic_load(&counts[i]) > 0)
            (void)fprintf(to, "chengxin_%s{stage=\"%s\",slot=\"%d\",reason=\"%s\"} %" PRIu64 "\n", name,
                          m->stage, m->slot, cx_rc_name((cx_rc)i), atomic_load(&counts[i]));
}

static void put_time(FILE *to, const cx_metrics *m, const char *name, const _Atomic int64_t *at) {
    int64_t t = atomic_load(at);
    if (t != CX_NO_TIME)
        put_number(to, m, name, "gauge", (double)t / 1000);
}

char *cx_metrics_text(const cx_metrics *m, size_t *n) {
    char *text = NULL;
    FILE *to = open_memstream(&text, n);
    if (to == NULL)
        return NULL;
    put_number(to, m, "batches_total", "counter", (double)atomic_load(&m->batches));
    put_number(to, m, "events_total", "counter", (double)atomic_load(&m->events));
    put_number(to, m, "effects_total", "counter", (double)atomic_load(&m->effects));
    put_number(to, m, "walk_steps_total", "counter", (double)atomic_load(&m->walk_steps));
    put_number(to, m, "aborts_total", "counter", (double)atomic_load(&m->aborts));
    put_number(to, m, "sent_bytes_total", "counter", (double)atomic_load(&m->bytes_out));
    put_reasons(to, m, "rejects_total", m->rejects);
    put_reasons(to, m, "retries_total", m->retries);
    put_number(to, m, "partitions", "gauge", (double)atomic_load(&m->partitions));
    put_number(to, m, "state_rows", "gauge", (double)atomic_load(&m->state_rows));
    put_number(to, m, "state_bytes", "gauge", (double)atomic_load(&m->state_bytes));
    put_time(to, m, "tick_seconds", &m->tick);
    put_time(to, m, "received_to_seconds", &m->received_to);
    put_number(to, m, "ready", "gauge", atomic_load(&m->ready) ? 1 : 0);
    put_histogram(to, m, "batch_seconds", &m->batch_seconds);
    put_histogram(to, m, "commit_seconds", &m->commit_seconds);
    put_histogram(to, m, "restore_seconds", &m->restore_seconds);
    return fclose(to) == 0 ? text : NULL;
}

bool cx_metrics_is_alive(cx_metrics *m) {
    uint64_t turns = atomic_load(&m->turns), now = cx_metrics_now();
    if (turns != m->turns_seen || turns == 0 || m->turns_at == 0) {
        m->turns_seen = turns;
        m->turns_at = now;
    }
    return now - m->turns_at < STUCK_NS;
}
