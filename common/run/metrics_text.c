/* The text that Prometheus reads: of each metric its help, its type, its samples. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/run/metrics.h"

enum { FACTOR = 4, HEX = 2 * CX_METRICS_HASH + 1 };
static const double first_seconds = 2.5e-7;

static void head(FILE *to, const char *name, const char *type, const char *help) {
    (void)fprintf(to, "# HELP chengxin_%s %s\n# TYPE chengxin_%s %s\n", name, help, name, type);
}

static void put_histogram(FILE *to, const cx_metrics *m, const char *name, const char *help,
                          const cx_histogram *h, bool seconds) {
    uint64_t so_far = 0;
    double bound = seconds ? first_seconds : 1;
    head(to, name, "histogram", help);
    for (size_t i = 0; i < CX_HISTOGRAM_BUCKETS; i++) {
        so_far += atomic_load(&h->buckets[i]);
        (void)fprintf(to, "chengxin_%s_bucket{stage=\"%s\",slot=\"%d\",le=\"%.10g\"} %" PRIu64 "\n", name,
                      m->stage, m->slot, bound, so_far);
        bound *= FACTOR;
    }
    so_far += atomic_load(&h->buckets[CX_HISTOGRAM_BUCKETS]);
    (void)fprintf(to, "chengxin_%s_bucket{stage=\"%s\",slot=\"%d\",le=\"+Inf\"} %" PRIu64 "\n", name,
                  m->stage, m->slot, so_far);
    double sum = (double)atomic_load(&h->sum);
    (void)fprintf(to, "chengxin_%s_sum{stage=\"%s\",slot=\"%d\"} %.9g\n", name, m->stage, m->slot,
                  seconds ? sum / 1e9 : sum);
    (void)fprintf(to, "chengxin_%s_count{stage=\"%s\",slot=\"%d\"} %" PRIu64 "\n", name, m->stage, m->slot,
                  so_far);
}

static void put(FILE *to, const cx_metrics *m, const char *name, const char *type, const char *help,
                double value) {
    head(to, name, type, help);
    (void)fprintf(to, "chengxin_%s{stage=\"%s\",slot=\"%d\"} %.17g\n", name, m->stage, m->slot, value);
}

/* Those of `class` are shown from the beginning: a rate wants a zero to begin with. */
static void put_reasons(FILE *to, const cx_metrics *m, const char *name, const char *help,
                        const _Atomic uint64_t *counts, cx_class class) {
    head(to, name, "counter", help);
    for (unsigned i = 1; i < CX_RC_COUNT; i++) {
        uint64_t n = atomic_load(&counts[i]);
        if (n > 0 || cx_rc_class((cx_rc)i) == class)
            (void)fprintf(to, "chengxin_%s{stage=\"%s\",slot=\"%d\",reason=\"%s\"} %" PRIu64 "\n", name,
                          m->stage, m->slot, cx_rc_name((cx_rc)i), n);
    }
}

static void put_time(FILE *to, const cx_metrics *m, const char *name, const char *help,
                     const _Atomic int64_t *at) {
    int64_t t = atomic_load(at);
    if (t != CX_NO_TIME)
        put(to, m, name, "gauge", help, (double)t / 1000);
}

static void put_packs(FILE *to, cx_metrics *m) {
    (void)pthread_mutex_lock(&m->lock);
    if (m->pack_n > 0)
        head(to, "pack_info", "gauge",
             "A policy pack that was activated on this log, in the order of activation.");
    for (size_t i = 0; i < m->pack_n; i++) {
        char hex[HEX];
        for (size_t k = 0; k < CX_METRICS_HASH; k++)
            (void)snprintf(hex + 2 * k, 3, "%02x", m->packs[i][k]);
        (void)fprintf(to, "chengxin_pack_info{stage=\"%s\",slot=\"%d\",pack=\"%s\",place=\"%zu\"} 1\n",
                      m->stage, m->slot, hex, i + 1);
    }
    (void)pthread_mutex_unlock(&m->lock);
}

static void put_counters(FILE *to, const cx_metrics *m) {
    const struct {
        const char *name, *help;
        const _Atomic uint64_t *value;
    } counters[] = {
        {"batches_total", "Batches committed: transactions of a stage, writes of a sink.", &m->batches},
        {"events_total", "Input messages done.", &m->events},
        {"effects_total", "Messages sent by committed batches.", &m->effects},
        {"walk_steps_total", "Subjects that walks have come by.", &m->walk_steps},
        {"ticks_total", "Ticks taken, one of each partition.", &m->ticks},
        {"aborts_total", "Batches given up and done again.", &m->aborts},
        {"assignments_total", "Times that partitions were assigned.", &m->assignments},
        {"sent_bytes_total", "Bytes of keys and values sent by committed batches.", &m->bytes_out},
    };
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++)
        put(to, m, counters[i].name, "counter", counters[i].help, (double)atomic_load(counters[i].value));
    put_reasons(to, m, "rejects_total", "Messages refused, by reason.", m->rejects, CX_CLASS_POISON);
    put_reasons(to, m, "retries_total", "Tries again of what is transient, by reason.", m->retries,
                CX_CLASS_TRANSIENT);
}

static void put_gauges(FILE *to, const cx_metrics *m) {
    const struct {
        const char *name, *help;
        const _Atomic int64_t *value;
    } gauges[] = {
        {"partitions", "Input partitions that are ours.", &m->partitions},
        {"state_rows", "Rows of state in memory.", &m->state_rows},
        {"state_bytes", "Bytes of keys and values of the state in memory.", &m->state_bytes},
        {"restore_wanted_messages", "Offsets of changelogs that the last restore had to read.",
         &m->restore_wanted},
        {"restore_read_messages", "How many of them have been read.", &m->restore_read},
    };
    for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++)
        put(to, m, gauges[i].name, "gauge", gauges[i].help, (double)atomic_load(gauges[i].value));
    put_time(to, m, "tick_seconds", "The oldest last tick among the partitions that are ours.", &m->tick);
    put_time(to, m, "received_to_seconds", "Everything that arrived before is through, as of that tick.",
             &m->received_to);
    put(to, m, "ready", "gauge", "1: at work, 0: starting, restoring, or waiting for a server.",
        atomic_load(&m->ready) ? 1 : 0);
}

static void put_histograms(FILE *to, const cx_metrics *m) {
    const struct {
        const char *name, *help;
        const cx_histogram *histogram;
        bool seconds;
    } all[] = {
        {"batch_seconds", "From a batch's first message to its commit.", &m->batch_seconds, true},
        {"batch_events", "Input messages of a batch.", &m->batch_events, false},
        {"commit_seconds", "The commit alone.", &m->commit_seconds, true},
        {"decide_seconds", "One decision, its rows looked up; every 16th event is timed.", &m->decide_seconds,
         true},
        {"encode_seconds", "Encoding and queueing of one event's effects; every 16th event is timed.",
         &m->encode_seconds, true},
        {"restore_seconds", "Restores of state.", &m->restore_seconds, true},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        put_histogram(to, m, all[i].name, all[i].help, all[i].histogram, all[i].seconds);
}

char *cx_metrics_text(cx_metrics *m, size_t *n) {
    char *text = NULL, build[CX_BUILD_ID];
    FILE *to = open_memstream(&text, n);
    if (to == NULL)
        return NULL;
    put_counters(to, m);
    put_gauges(to, m);
    put_histograms(to, m);
    put_packs(to, m);
    head(to, "build_info", "gauge", "What runs: version and build.");
    (void)fprintf(to, "chengxin_build_info{stage=\"%s\",slot=\"%d\",version=\"%s\",build=\"%s\"} 1\n",
                  m->stage, m->slot, CX_VERSION, cx_metrics_build(build));
    cx_metrics_put_bus(m, to);
    cx_metrics_put_process(to);
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}
