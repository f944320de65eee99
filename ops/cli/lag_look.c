/* One look: topics, groups, members, positions, ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/bus/groups.h"
#include "common/run/metadata.h"
#include "ops/cli/lag.h"
#include "ops/cli/lag_inside.h"

const cx_lag_input cx_lag_inputs[] = {
    {"credit.intake", "credit.in."},           {"credit.intake", "credit.redrive."},
    {"credit.clock", "credit.activations"},    {"credit.classifier", "credit.records"},
    {"credit.registrar", "credit.classified"}, {"credit.sanctioner", "credit.decided"},
    {"credit.points", "credit.decided"},       {"credit.courier", "credit.notices"},
    {"credit.cache", "credit.status"},         {"credit.history", "credit.decided"},
    {"credit.history", "credit.notices"},      {"credit.history", "credit.access"},
    {"credit.history", "credit.rejected."},
};
const size_t cx_lag_input_count = sizeof cx_lag_inputs / sizeof cx_lag_inputs[0];

bool cx_lag_is_input(const cx_lag_input *input, const char *topic) {
    size_t n = strlen(input->topic);
    return input->topic[n - 1] == '.' ? strncmp(topic, input->topic, n) == 0
                                      : strcmp(topic, input->topic) == 0;
}

cx_time cx_lag_wall(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    return (cx_time)at.tv_sec * CX_SECOND + at.tv_nsec / 1000000;
}

void cx_lag_destroy(cx_lag **lag) {
    if (*lag == NULL)
        return;
    free((*lag)->rows);
    cx_arena_destroy(&(*lag)->arena);
    free(*lag);
    *lag = NULL;
}

/* --- positions ----------------------------------------------------------------------------------------- */

static void read_tick(struct cx_looking *k, const char *group, cx_view text, cx_lag_row *row) {
    static char copy[CX_METADATA_TEXT]; /* one thread */
    static cx_metadata m;
    if (text.n == 0 || text.n >= sizeof copy)
        return;
    (void)memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (cx_metadata_parse(copy, &m, NULL) != CX_OK || m.tick == CX_NO_TIME)
        return;
    if (row != NULL)
        row->tick = m.tick;
    if (strcmp(group, "credit.clock") == 0) {
        k->lag->has_log = true;
        k->lag->is_virtual = m.is_virtual;
        k->lag->log_now = m.is_virtual ? m.tick : k->lag->at;
    }
}

static cx_rc take_place(void *context, const cx_group_place *place) {
    struct cx_looking *k = context;
    const cx_lag_group *group = &k->lag->groups[place->group];
    cx_lag_row *row = NULL;
    CX_TRY(cx_lag_add(k, group->name, place->topic, place->partition, &row));
    if (row != NULL)
        row->position = place->offset;
    if (cx_lag_is_ours(group->name))
        read_tick(k, group->name, place->metadata, row);
    return CX_OK;
}

static cx_rc take_clock(void *context, const cx_group_place *place) {
    read_tick(context, "credit.clock", place->metadata, NULL);
    return CX_OK;
}

static cx_rc read_positions(struct cx_looking *k, cx_err *err) {
    static const char *const clock[] = {"credit.clock"};
    const char **names = calloc(k->lag->group_n + 1, sizeof *names);
    if (names == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < k->lag->group_n; i++)
        names[i] = k->lag->groups[i].name;
    cx_rc rc = cx_groups_committed(k->admin, names, k->lag->group_n, take_place, k, err);
    if (rc == CX_OK)
        rc = cx_groups_committed(k->admin, clock, 1, take_clock, k, err);
    free(names);
    if (rc == CX_OK && cx_lag_add_missing(k) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return rc;
}

struct sink {
    struct cx_looking *looking;
    const char *group;
    cx_lag_sink *sink;
};

/* As of: the partition that is furthest behind speaks for all. */
static cx_rc take_sink(void *context, const cx_lag_position *at) {
    struct sink *s = context;
    cx_lag_row *row = cx_lag_row_of(s->looking, s->group, at->topic, at->partition, s->looking->lag->n);
    if (row != NULL) {
        row->position = at->next;
        row->tick = at->tick;
    }
    if (strcmp(at->topic, "credit.status") != 0 && strcmp(at->topic, "credit.decided") != 0)
        return CX_OK; /* ticks go no other way */
    bool first = !s->sink->known;
    s->sink->known = true;
    if (first || at->tick < s->sink->tick)
        s->sink->tick = at->tick;
    if (first || at->received_to < s->sink->as_of)
        s->sink->as_of = at->received_to;
    return CX_OK;
}

static bool wants(const struct cx_looking *k, const char *group) {
    for (size_t i = 0; i < k->lag->group_n; i++)
        if (strcmp(k->lag->groups[i].name, group) == 0)
            return true;
    return false;
}

static void give_up(cx_lag_sink *sink, const cx_err *err) {
    sink->known = false;
    (void)snprintf(sink->why, sizeof sink->why, "%.*s", CX_LAG_WHY - 1, err->text);
}

static void read_sinks(const cx_config *config, struct cx_looking *k) {
    cx_lag_sink *redis = &k->lag->sinks[CX_LAG_REDIS], *postgres = &k->lag->sinks[CX_LAG_POSTGRES];
    *redis = (cx_lag_sink){.name = "redis", .tick = CX_NO_TIME, .as_of = CX_NO_TIME};
    *postgres = (cx_lag_sink){.name = "postgres", .tick = CX_NO_TIME, .as_of = CX_NO_TIME};
    const struct cx_lag_topic *status = cx_lag_topic_of(k, "credit.status");
    struct sink to_redis = {k, "credit.cache", redis}, to_postgres = {k, "credit.history", postgres};
    cx_err err = {0};
    if (status != NULL && wants(k, "credit.cache") &&
        cx_lag_redis(config, status->partitions, take_sink, &to_redis, &err) != CX_OK)
        give_up(redis, &err);
    err = (cx_err){0};
    if (cx_lag_topic_of(k, "credit.decided") != NULL && wants(k, "credit.history") &&
        cx_lag_postgres(config, take_sink, &to_postgres, &err) != CX_OK)
        give_up(postgres, &err);
}

/* Both ends of every partition that a row names, each asked for once. Positions were read before: an end that
 * moves meanwhile lies behind them. */
static cx_rc read_ends(struct cx_looking *k, cx_err *err) {
    size_t n = 0;
    for (size_t t = 0; t < k->topic_n; t++)
        for (int32_t p = 0; p < k->topics[t].partitions; p++)
            if (k->seen[k->topics[t].first + p])
                k->places[n++] = (cx_place){.topic = k->topics[t].name, .partition = p};
    CX_TRY(cx_groups_ends(k->admin, k->places, n, true, err));
    for (size_t i = 0; i < n; i++)
        k->lows[i] = k->places[i].offset;
    CX_TRY(cx_groups_ends(k->admin, k->places, n, false, err));
    size_t at = 0;
    int64_t *slots = k->slots;
    for (size_t t = 0; t < k->topic_n; t++)
        for (int32_t p = 0; p < k->topics[t].partitions; p++)
            slots[k->topics[t].first + p] = k->seen[k->topics[t].first + p] ? (int64_t)at++ : -1;
    return CX_OK;
}

/* A service of ours begins at the beginning where it has no position; of others we cannot know. */
static void measure(const struct cx_looking *k, cx_lag_row *row) {
    const struct cx_lag_topic *t = cx_lag_topic_of(k, row->topic);
    int64_t slot = k->slots[t->first + row->partition];
    row->low = k->lows[slot];
    row->end = k->places[slot].offset;
    row->member = cx_lag_member(k, row);
    if (row->low < 0 || row->end < 0 || (row->position == CX_LAG_NONE && !cx_lag_is_ours(row->group)))
        return;
    row->next = row->position < row->low ? row->low : row->position;
    row->messages = row->end > row->next ? row->end - row->next : 0;
}

static cx_rc look(const cx_config *config, struct cx_looking *k, cx_err *err) {
    CX_TRY(cx_lag_topics(k, err));
    CX_TRY(cx_lag_choose(k, err));
    CX_TRY(read_positions(k, err));
    read_sinks(config, k);
    CX_TRY(read_ends(k, err));
    k->lag->at = cx_lag_wall(); /* what is there was written before */
    if (!k->lag->is_virtual)
        k->lag->log_now = k->lag->at;
    for (size_t i = 0; i < k->lag->n; i++)
        measure(k, &k->lag->rows[i]);
    return cx_lag_since(config, k->lag, k->wanted->peek_ms, err);
}

cx_rc cx_lag_take(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted, cx_lag **out,
                  cx_err *err) {
    cx_lag *lag = *out = calloc(1, sizeof *lag);
    if (lag == NULL || (lag->arena = cx_arena_new(0)) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    lag->at = lag->log_now = cx_lag_wall();
    struct cx_looking k = {.admin = admin, .wanted = wanted, .lag = lag};
    cx_rc rc = look(config, &k, err);
    free(k.topics);
    free(k.owners);
    free(k.places);
    free(k.lows);
    free(k.slots);
    free(k.seen);
    if (rc == CX_OK && wanted->favour)
        rc = cx_lag_find_favour(config, admin, lag, err);
    return rc;
}
