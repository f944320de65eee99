/* What a look says: seconds, rates, states. Pure. */
#include <string.h>

#include "ops/cli/lag.h"

const char *cx_lag_state_name(cx_lag_state state) {
    static const char *const names[CX_LAG_STATES] = {"ok", "behind", "stalled", "stopped", "rewound", "lost"};
    CX_ASSERT((unsigned)state < CX_LAG_STATES);
    return names[state];
}

int cx_lag_compare(const cx_lag_row *a, const cx_lag_row *b) {
    int order = strcmp(a->group, b->group);
    if (order == 0)
        order = strcmp(a->topic, b->topic);
    return order != 0 ? order : (a->partition > b->partition) - (a->partition < b->partition);
}

/* The broker's own time of arrival; everything else of ours bears the log's. */
static bool is_wall(const cx_lag *lag, const char *topic) {
    return !lag->is_virtual || strncmp(topic, "credit.", 7) != 0 || strncmp(topic, "credit.in.", 10) == 0;
}

static double seconds_of(const cx_lag *lag, const cx_lag_row *row) {
    if (row->messages == 0)
        return 0;
    /* On a virtual log intake's messages bear the wall's time and ticks the log's: there the position's own
     * tick, which its stage committed beside it, tells where it stands. */
    bool wall = is_wall(lag, row->topic);
    cx_time since = !wall && row->tick != CX_NO_TIME ? row->tick : row->since;
    if (row->messages < 0 || since == CX_NO_TIME)
        return -1;
    cx_time now = wall ? lag->at : lag->log_now;
    return since < now ? (double)(now - since) / 1000 : 0;
}

/* What the look before knew of the same place. */
static void compare(cx_lag *now, cx_lag_row *row, const cx_lag *before, const cx_lag_row *was) {
    row->reached = row->position;
    row->moved_at = now->at;
    row->end_then = row->end;
    row->rate = -1;
    if (was == NULL || was->position == CX_LAG_NONE || row->position == CX_LAG_NONE)
        return;
    row->reached = was->reached > row->position ? was->reached : row->position;
    if (now->at > before->at && row->position >= was->position)
        row->rate = (double)(row->position - was->position) * 1000 / (double)(now->at - before->at);
    if (row->position == was->position) {
        row->moved_at = was->moved_at;
        row->end_then = was->end_then;
    }
}

static cx_lag_state state_of(const cx_lag *now, const cx_lag_row *row, const cx_lag_wanted *wanted) {
    bool has_position = row->position != CX_LAG_NONE && row->end != CX_LAG_NONE;
    if (has_position && (row->position > row->end || row->position < row->low))
        return CX_LAG_LOST;
    if (has_position && row->position < row->reached)
        return CX_LAG_REWOUND;
    if (row->member == NULL)
        return CX_LAG_STOPPED;
    bool stands = now->at - row->moved_at >= wanted->stall_ms && row->end > row->end_then;
    if (has_position && row->messages > 0 && stands)
        return CX_LAG_STALLED;
    bool late = row->seconds < 0 ? row->messages != 0 : row->seconds * 1000 > (double)wanted->ok_ms;
    return late ? CX_LAG_BEHIND : CX_LAG_OK;
}

/* Groups and rows are both in the order of names. */
static void count_rows(cx_lag *lag) {
    for (size_t g = 0, i = 0; g < lag->group_n; g++) {
        cx_lag_group *group = &lag->groups[g];
        group->first = i;
        while (i < lag->n && strcmp(lag->rows[i].group, group->name) == 0)
            i++;
        group->n = i - group->first;
    }
}

void cx_lag_judge(cx_lag *now, const cx_lag *before, const cx_lag_wanted *wanted) {
    size_t b = 0;
    count_rows(now);
    for (size_t i = 0; i < now->n; i++) {
        cx_lag_row *row = &now->rows[i];
        while (before != NULL && b < before->n && cx_lag_compare(&before->rows[b], row) < 0)
            b++;
        bool same = before != NULL && b < before->n && cx_lag_compare(&before->rows[b], row) == 0;
        compare(now, row, before, same ? &before->rows[b] : NULL);
        row->seconds = seconds_of(now, row);
        row->state = state_of(now, row, wanted);
    }
    for (int s = 0; s < CX_LAG_SINKS; s++) {
        cx_lag_sink *sink = &now->sinks[s];
        sink->seconds = -1;
        if (sink->known && sink->as_of != CX_NO_TIME)
            sink->seconds = sink->as_of < now->log_now ? (double)(now->log_now - sink->as_of) / 1000 : 0;
    }
}

static bool is_worse(const cx_lag_row *a, const cx_lag_row *b) {
    if (a->state != b->state)
        return a->state > b->state;
    double x = a->seconds < 0 ? 1e18 : a->seconds, y = b->seconds < 0 ? 1e18 : b->seconds;
    return x > y || (x >= y && a->messages > b->messages);
}

const cx_lag_row *cx_lag_worst(const cx_lag *lag, const cx_lag_group *group) {
    const cx_lag_row *worst = NULL;
    for (size_t i = group->first; i < group->first + group->n; i++)
        if (worst == NULL || is_worse(&lag->rows[i], worst))
            worst = &lag->rows[i];
    return worst;
}
