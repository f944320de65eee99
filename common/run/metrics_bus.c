/* What the client library says of itself. */
#include "common/bus/stats.h"
#include "common/run/metrics.h"

static const char *const clients[CX_BUS_CLIENTS] = {"consumer", "producer"};

struct figure {
    const char *name, *type, *help;
    size_t offset;
    double scale;
};

#define OF_CLIENT(field) offsetof(cx_bus_stats, field)
#define OF_BROKER(field) offsetof(cx_bus_broker, field)

static const struct figure figures[] = {
    {"bus_requests_total", "counter", "Requests sent to brokers.", OF_CLIENT(requests), 1},
    {"bus_responses_total", "counter", "Responses received from brokers.", OF_CLIENT(responses), 1},
    {"bus_request_bytes_total", "counter", "Bytes sent to brokers.", OF_CLIENT(request_bytes), 1},
    {"bus_response_bytes_total", "counter", "Bytes received from brokers.", OF_CLIENT(response_bytes), 1},
    {"bus_messages_sent_total", "counter", "Messages sent to brokers.", OF_CLIENT(messages_sent), 1},
    {"bus_messages_received_total", "counter", "Messages received from brokers.",
     OF_CLIENT(messages_received), 1},
    {"bus_queued_messages", "gauge", "Messages that wait to be sent.", OF_CLIENT(queued_messages), 1},
    {"bus_queued_bytes", "gauge", "Bytes that wait to be sent.", OF_CLIENT(queued_bytes), 1},
    {"bus_fetched_messages", "gauge", "Messages fetched and not yet taken.", OF_CLIENT(fetched_messages), 1},
    {"bus_fetched_bytes", "gauge", "Bytes fetched and not yet taken.", OF_CLIENT(fetched_bytes), 1},
    {"bus_rebalances_total", "counter", "Rebalances of the group that this client went through.",
     OF_CLIENT(rebalances), 1},
};

static const struct figure broker_figures[] = {
    {"bus_broker_up", "gauge", "1: connected to the broker.", OF_BROKER(up), 1},
    {"bus_round_trip_average_seconds", "gauge", "Round trips to the broker, average over ten seconds.",
     OF_BROKER(rtt_avg_us), 1e-6},
    {"bus_round_trip_p99_seconds", "gauge", "Round trips to the broker, 99th percentile over ten seconds.",
     OF_BROKER(rtt_p99_us), 1e-6},
    {"bus_errors_total", "counter", "Errors of sending to and receiving from the broker.", OF_BROKER(errors),
     1},
    {"bus_timeouts_total", "counter", "Requests that the broker did not answer in time.", OF_BROKER(timeouts),
     1},
    {"bus_disconnects_total", "counter", "Connections to the broker that were lost.", OF_BROKER(disconnects),
     1},
    {"bus_retries_total", "counter", "Requests sent again.", OF_BROKER(retries), 1},
};

static double value_of(const void *of, const struct figure *f) {
    return (double)*(const int64_t *)((const char *)of + f->offset) * f->scale;
}

static void head(FILE *to, const struct figure *f) {
    (void)fprintf(to, "# HELP chengxin_%s %s\n# TYPE chengxin_%s %s\n", f->name, f->help, f->name, f->type);
}

void cx_metrics_put_bus(const cx_metrics *m, FILE *to) {
    cx_bus_stats stats[CX_BUS_CLIENTS];
    bool any = false;
    for (int c = 0; c < CX_BUS_CLIENTS; c++) {
        cx_bus_stats_get((cx_bus_client)c, &stats[c]);
        any = any || stats[c].known;
    }
    for (size_t i = 0; any && i < sizeof figures / sizeof figures[0]; i++) {
        head(to, &figures[i]);
        for (int c = 0; c < CX_BUS_CLIENTS; c++)
            if (stats[c].known)
                (void)fprintf(to, "chengxin_%s{stage=\"%s\",slot=\"%d\",client=\"%s\"} %.17g\n",
                              figures[i].name, m->stage, m->slot, clients[c],
                              value_of(&stats[c], &figures[i]));
    }
    for (size_t i = 0; any && i < sizeof broker_figures / sizeof broker_figures[0]; i++) {
        head(to, &broker_figures[i]);
        for (int c = 0; c < CX_BUS_CLIENTS; c++)
            for (size_t b = 0; stats[c].known && b < stats[c].broker_n; b++)
                (void)fprintf(
                    to, "chengxin_%s{stage=\"%s\",slot=\"%d\",client=\"%s\",broker=\"%lld\"} %.17g\n",
                    broker_figures[i].name, m->stage, m->slot, clients[c], (long long)stats[c].brokers[b].id,
                    value_of(&stats[c].brokers[b], &broker_figures[i]));
    }
}
