#include "common/run/metrics.h"

#include <string.h>
#include <time.h>

#define STUCK_NS (120 * UINT64_C(1000000000))
enum { FIRST_NS = 250, FACTOR = 4 };

uint64_t cx_metrics_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void add(cx_histogram *h, uint64_t value, uint64_t bound) {
    size_t bucket = 0;
    for (; bucket < CX_HISTOGRAM_BUCKETS && value > bound; bound *= FACTOR)
        bucket++;
    atomic_fetch_add_explicit(&h->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->sum, value, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->count, 1, memory_order_relaxed);
}

void cx_histogram_add(cx_histogram *h, uint64_t ns) {
    add(h, ns, FIRST_NS);
}

void cx_histogram_count(cx_histogram *h, uint64_t n) {
    add(h, n, 1);
}

void cx_metrics_packs(cx_metrics *m, const uint8_t (*packs)[CX_METRICS_HASH], size_t n) {
    CX_ASSERT(n <= CX_METRICS_PACKS);
    (void)pthread_mutex_lock(&m->lock);
    (void)memcpy(m->packs, packs, n * sizeof *packs);
    m->pack_n = n;
    (void)pthread_mutex_unlock(&m->lock);
}

bool cx_metrics_is_alive(cx_metrics *m) {
    uint64_t turns = atomic_load(&m->turns), now = cx_metrics_now();
    if (turns != m->turns_seen || turns == 0 || m->turns_at == 0) {
        m->turns_seen = turns;
        m->turns_at = now;
    }
    return now - m->turns_at < STUCK_NS;
}
