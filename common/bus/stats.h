/* What the client library counts of itself, as far as an operator needs it: of the newest report of each kind
 * of client in this process. Any thread.
 */
#ifndef CX_BUS_STATS_H
#define CX_BUS_STATS_H

#include <stdbool.h>

#include "common/base/error.h"

enum { CX_BUS_BROKERS = 16, CX_BUS_STATS_MS = 10000 };

typedef enum cx_bus_client { CX_BUS_CONSUMER, CX_BUS_PRODUCER, CX_BUS_CLIENTS } cx_bus_client;

typedef struct cx_bus_broker {
    int64_t id;                            /* as the cluster numbers it */
    int64_t up;                            /* 1: connected */
    int64_t rtt_avg_us, rtt_p99_us;        /* of requests, in the last interval */
    int64_t errors, timeouts, disconnects; /* since the client was made */
    int64_t retries;
} cx_bus_broker;

typedef struct cx_bus_stats {
    bool known;
    int64_t requests, responses, request_bytes, response_bytes; /* since the client was made */
    int64_t messages_sent, messages_received;
    int64_t queued_messages, queued_bytes;   /* to be sent */
    int64_t fetched_messages, fetched_bytes; /* and not yet taken */
    int64_t rebalances;
    cx_bus_broker brokers[CX_BUS_BROKERS];
    size_t broker_n;
} cx_bus_stats;

/* *out is not `known` where no such client has reported yet. No broker is `up` for a client that has missed
 * three reports: it waits to be made anew. */
void cx_bus_stats_get(cx_bus_client client, cx_bus_stats *out);
/* Takes a report of the library, JSON of n bytes; what cannot be read changes nothing. For common/bus. */
void cx_bus_stats_take(cx_bus_client client, const char *json, size_t n);

#endif
