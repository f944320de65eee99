/* A look, for Prometheus. Labels hold groups, topics and partitions. */
#include "ops/cli/lag_show.h"

enum { HELD = -1 };

static void head(const char *name, const char *help, FILE *to) {
    (void)fprintf(to, "# HELP chengxin_%s %s\n# TYPE chengxin_%s gauge\n", name, help, name);
}

static void put_rows(const cx_lag *lag, const char *name, const char *help,
                     double (*value)(const cx_lag_row *row), FILE *to) {
    head(name, help, to);
    for (size_t i = 0; i < lag->n; i++) {
        const cx_lag_row *r = &lag->rows[i];
        double v = value(r);
        if (v > HELD)
            (void)fprintf(to, "chengxin_%s{group=\"%s\",topic=\"%s\",partition=\"%d\"} %.15g\n", name,
                          r->group, r->topic, (int)r->partition, v);
    }
}

static double messages_of(const cx_lag_row *row) {
    return (double)row->messages;
}

static double seconds_of(const cx_lag_row *row) {
    return row->seconds;
}

static double position_of(const cx_lag_row *row) {
    return (double)row->position;
}

static double state_of(const cx_lag_row *row) {
    return (double)row->state;
}

static void put_members(const cx_lag *lag, FILE *to) {
    head("lag_members", "Members of the group.", to);
    for (size_t i = 0; i < lag->group_n; i++)
        (void)fprintf(to, "chengxin_lag_members{group=\"%s\"} %zu\n", lag->groups[i].name,
                      lag->groups[i].members);
}

static void put_freshness(const cx_lag *lag, FILE *to) {
    head("as_of_age_seconds",
         "How old what the store shows is: everything that arrived before is visible there.", to);
    for (int s = 0; s < CX_LAG_SINKS; s++)
        if (lag->sinks[s].seconds >= 0)
            (void)fprintf(to, "chengxin_as_of_age_seconds{store=\"%s\"} %.3f\n", lag->sinks[s].name,
                          lag->sinks[s].seconds);
    head("store_up", "Whether the store answered when it was asked how fresh it is.", to);
    for (int s = 0; s < CX_LAG_SINKS; s++)
        if (lag->sinks[s].known || lag->sinks[s].why[0] != '\0')
            (void)fprintf(to, "chengxin_store_up{store=\"%s\"} %d\n", lag->sinks[s].name,
                          lag->sinks[s].known);
    if (lag->favour.seconds >= 0) {
        head("favourable_change_age_seconds",
             "Age of the oldest change in a subject's favour that Redis does not show yet; 0: none waits.",
             to);
        (void)fprintf(to, "chengxin_favourable_change_age_seconds %.3f\n", lag->favour.seconds);
    }
    if (lag->has_log) {
        head("log_time_seconds", "What time it is in the log.", to);
        (void)fprintf(to, "chengxin_log_time_seconds %.3f\n", (double)lag->log_now / 1000);
    }
}

cx_rc cx_lag_show_metrics(const cx_lag *lag, FILE *to) {
    put_rows(lag, "lag_messages", "Messages between the group's position and the end.", messages_of, to);
    put_rows(lag, "lag_seconds", "How long the oldest message that the group has not read has waited.",
             seconds_of, to);
    put_rows(lag, "lag_position", "Offset that the group reads next.", position_of, to);
    put_rows(lag, "lag_state", "0 ok, 1 behind, 2 stalled, 3 stopped, 4 rewound, 5 lost.", state_of, to);
    put_members(lag, to);
    put_freshness(lag, to);
    return ferror(to) ? CX_FILE : CX_OK;
}
