/* How often who asked for what, for Prometheus: beside what every service counts. The service's thread
 * counts, the metrics server's thread reads. Labels hold departments and purposes that are known, never what
 * a request says. */
#ifndef SERVICES_QUERY_COUNTS_H
#define SERVICES_QUERY_COUNTS_H

#include <pthread.h>

#include "common/run/metrics.h"

enum { CX_QUERY_SERIES = 1024 };

typedef struct cx_query_series {
    char asker[64], purpose[64];
    cx_rc outcome;
    uint64_t n;
} cx_query_series;

typedef struct cx_query_counts {
    cx_metrics *metrics;
    pthread_mutex_t lock; /* zeros are an unlocked one */
    cx_query_series series[CX_QUERY_SERIES];
    size_t n;
} cx_query_counts;

/* asker "": nobody that is known; purpose "": none that the pack knows. Beyond CX_QUERY_SERIES different ones
 * all go by "other". */
void cx_query_count(cx_query_counts *counts, cx_view asker, cx_view purpose, cx_rc outcome);
/* The whole of /metrics, as cx_metrics_text. */
char *cx_query_counts_text(void *counts, size_t *n);

#endif
