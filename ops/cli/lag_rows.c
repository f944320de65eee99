/* Topics and rows of a look. */
#include <stdlib.h>
#include <string.h>

#include "ops/cli/lag_inside.h"

/* --- topics -------------------------------------------------------------------------------------------- */

static cx_rc add_topic(void *context, const char *name, int32_t partitions) {
    struct cx_looking *k = context;
    if (strncmp(name, "__", 2) == 0)
        return CX_OK; /* Kafka's own */
    struct cx_lag_topic *more = realloc(k->topics, (k->topic_n + 1) * sizeof *more);
    if (more == NULL)
        return CX_OUT_OF_MEMORY;
    k->topics = more;
    cx_view copy = cx_arena_copy(k->lag->arena, cx_view_of(name));
    k->topics[k->topic_n++] = (struct cx_lag_topic){.name = copy.p, .partitions = partitions};
    return copy.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static int topic_order(const void *a, const void *b) {
    return strcmp(((const struct cx_lag_topic *)a)->name, ((const struct cx_lag_topic *)b)->name);
}

struct cx_lag_topic *cx_lag_topic_of(const struct cx_looking *k, const char *name) {
    struct cx_lag_topic key = {.name = name};
    return k->topic_n == 0 ? NULL : bsearch(&key, k->topics, k->topic_n, sizeof *k->topics, topic_order);
}

cx_rc cx_lag_topics(struct cx_looking *k, cx_err *err) {
    CX_TRY(cx_admin_topics(k->admin, "", add_topic, k, err));
    if (k->topic_n > 0)
        qsort(k->topics, k->topic_n, sizeof *k->topics, topic_order);
    int64_t first = 0;
    for (size_t i = 0; i < k->topic_n; i++) {
        k->topics[i].first = first;
        first += k->topics[i].partitions;
    }
    k->places = calloc((size_t)first + 1, sizeof *k->places);
    k->lows = calloc((size_t)first + 1, sizeof *k->lows);
    k->slots = calloc((size_t)first + 1, sizeof *k->slots);
    k->seen = calloc((size_t)first + 1, sizeof *k->seen);
    bool good = k->places != NULL && k->lows != NULL && k->slots != NULL && k->seen != NULL;
    return good ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- rows ---------------------------------------------------------------------------------------------- */

/* A row, unless its topic is no more, or not asked for. */
cx_rc cx_lag_add(struct cx_looking *k, const char *group, const char *topic, int32_t partition,
                 cx_lag_row **out) {
    struct cx_lag_topic *t = cx_lag_topic_of(k, topic);
    *out = NULL;
    if (k->wanted->topic != NULL && strcmp(topic, k->wanted->topic) != 0)
        return CX_OK;
    if (t == NULL || partition >= t->partitions) {
        k->lag->vanished++;
        return CX_OK;
    }
    if (k->lag->n == k->room) {
        k->room = k->room == 0 ? 1024 : 2 * k->room;
        cx_lag_row *more = realloc(k->lag->rows, k->room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        k->lag->rows = more;
    }
    *out = &k->lag->rows[k->lag->n++];
    **out = (cx_lag_row){.group = group,
                         .topic = t->name,
                         .partition = partition,
                         .position = CX_LAG_NONE,
                         .low = CX_LAG_NONE,
                         .end = CX_LAG_NONE,
                         .messages = CX_LAG_NONE,
                         .tick = CX_NO_TIME,
                         .since = CX_NO_TIME};
    k->seen[t->first + partition] = true;
    return CX_OK;
}

static int row_order(const void *a, const void *b) {
    return cx_lag_compare(a, b);
}

cx_lag_row *cx_lag_row_of(const struct cx_looking *k, const char *group, const char *topic, int32_t partition,
                          size_t n) {
    cx_lag_row key = {.group = group, .topic = topic, .partition = partition};
    return n == 0 ? NULL : bsearch(&key, k->lag->rows, n, sizeof key, row_order);
}

static void sort_rows(struct cx_looking *k) {
    if (k->lag->n > 0)
        qsort(k->lag->rows, k->lag->n, sizeof *k->lag->rows, row_order);
}

/* Partitions that a service of ours reads and has no position in yet. */
static cx_rc add_inputs(struct cx_looking *k, const cx_lag_input *input, const char *group, size_t n) {
    cx_lag_row *row;
    for (size_t t = 0; t < k->topic_n; t++) {
        const struct cx_lag_topic *topic = &k->topics[t];
        if (!cx_lag_is_input(input, topic->name))
            continue;
        for (int32_t p = 0; p < topic->partitions; p++)
            if (cx_lag_row_of(k, group, topic->name, p, n) == NULL)
                CX_TRY(cx_lag_add(k, group, topic->name, p, &row));
    }
    return CX_OK;
}

cx_rc cx_lag_add_missing(struct cx_looking *k) {
    const cx_lag *lag = k->lag;
    cx_lag_row *row;
    sort_rows(k);
    for (size_t g = 0, n = lag->n; g < lag->group_n; g++)
        for (size_t i = 0; i < cx_lag_input_count; i++)
            if (strcmp(cx_lag_inputs[i].group, lag->groups[g].name) == 0)
                CX_TRY(add_inputs(k, &cx_lag_inputs[i], lag->groups[g].name, n));
    sort_rows(k);
    for (size_t i = 0, n = lag->n; i < k->owner_n; i++) {
        const struct cx_lag_owner *o = &k->owners[i];
        if (cx_lag_row_of(k, o->group, o->topic, o->partition, n) == NULL)
            CX_TRY(cx_lag_add(k, o->group, o->topic, o->partition, &row));
    }
    sort_rows(k);
    return CX_OK;
}
