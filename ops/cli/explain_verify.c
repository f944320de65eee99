/* chengxin explain --verify: the chain against the log itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/explain.h"
#include "ops/cli/replay_show.h"
#include "ops/replay/log.h"

enum { PLACES = 64, SHOWN = 20 };

/* How far each partition is decided again. */
struct places {
    cx_position last[PLACES];
    size_t n;
    bool full;
};

static void add_place(struct places *p, int partition, int64_t offset) {
    size_t i = 0;
    while (i < p->n && p->last[i].partition != partition)
        i++;
    p->full = i == PLACES;
    if (p->full)
        return;
    if (i == p->n)
        p->last[p->n++] = (cx_position){partition, offset};
    else if (p->last[i].offset < offset)
        p->last[i].offset = offset;
}

/* "<partition>.<offset>." and more. */
static bool read_place(const char *text, int *partition, int64_t *offset) {
    char *end;
    long long first = strtoll(text, &end, 10);
    if (end == text || *end != '.' || first < 0 || first > INT32_MAX)
        return false;
    const char *second = end + 1;
    *partition = (int)first;
    *offset = strtoll(second, &end, 10);
    return end != second && *end == '.' && *offset >= 0;
}

/* Every "origin" of the chain: "<partition>.<offset>.<index>". */
static void collect(const json_t *node, struct places *p) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)node, key, value) {
        int partition;
        int64_t offset;
        if (strcmp(key, "origin") == 0 && json_is_string(value) &&
            read_place(json_string_value(value), &partition, &offset))
            add_place(p, partition, offset);
        collect(value, p);
    }
    for (size_t i = 0; i < json_array_size(node); i++)
        collect(json_array_get(node, i), p);
}

/* A measure's or notice's own place is in its id. */
static void collect_id(const json_t *chain, struct places *p) {
    const char *id = json_string_value(json_object_get(chain, "id"));
    const char *kind = json_string_value(json_object_get(chain, "kind"));
    int partition;
    int64_t offset;
    if (id != NULL && kind != NULL && strcmp(kind, "event") != 0 && strlen(id) > 2 &&
        read_place(id + 2, &partition, &offset))
        add_place(p, partition, offset);
}

struct verifying {
    json_t *found;
    cx_replay_tally sum;
};

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    struct verifying *v = context;
    if (json_array_size(v->found) >= SHOWN)
        return CX_OK;
    json_t *json = cx_replay_difference_json(d);
    return json != NULL && json_array_append_new(v->found, json) == 0 ? CX_OK
                                                                      : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static void add_up(cx_replay_tally *sum, const cx_replay_tally *t) {
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        sum->compared[i] += t->compared[i];
    sum->records += t->records;
    sum->derived += t->derived;
    sum->differences += t->differences;
    sum->pending += t->pending;
    sum->removed += t->removed;
}

static cx_rc verify_all(const cx_config *config, const struct places *p, const cx_inquiry *q,
                        struct verifying *v, cx_err *err) {
    cx_replay_log *log = NULL;
    cx_replay_events events = {.context = v, .difference = take_difference};
    CX_TRY(cx_replay_log_open(config, &log, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < p->n; i++) {
        cx_replay_tally tally;
        cx_replay_wanted wanted = {.from = CX_NO_TIME,
                                   .to = CX_NO_TIME,
                                   .subjects = q->subjects,
                                   .subject_n = q->n,
                                   .has_partition = true,
                                   .partition = p->last[i].partition,
                                   .has_until = true,
                                   .until = p->last[i].offset};
        rc = cx_replay_run(cx_replay_log_source(log), &wanted, &events, &tally, err);
        if (rc == CX_OK)
            add_up(&v->sum, &tally);
    }
    cx_replay_log_close(&log);
    return rc;
}

cx_rc cx_explain_verify(const cx_config *config, const json_t *chain, const cx_inquiry *inquiry,
                        json_t **verdict, bool *same, cx_err *err) {
    struct places places = {.n = 0};
    struct verifying v = {.found = json_array()};
    collect(chain, &places);
    collect_id(chain, &places);
    if (v.found == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc =
        places.full ? cx_fail(err, CX_USAGE, "its events lie in more than %d partitions", PLACES) : CX_OK;
    if (rc == CX_OK && places.n > 0 && inquiry->n > 0)
        rc = verify_all(config, &places, inquiry, &v, err);
    *same = v.sum.differences == 0;
    *verdict = rc == CX_OK ? cx_replay_tally_json(&v.sum) : NULL;
    if (*verdict != NULL) {
        (void)json_object_set_new(*verdict, "same", json_boolean(*same));
        (void)json_object_set(*verdict, "found", v.found);
    } else if (rc == CX_OK) {
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    json_decref(v.found);
    return rc;
}

static long long number(const json_t *verdict, const char *key) {
    return (long long)json_integer_value(json_object_get(verdict, key));
}

void cx_explain_print_verdict(const json_t *verdict) {
    const json_t *found = json_object_get(verdict, "found");
    long long compared = number(verdict, "classified") + number(verdict, "decided") +
                         number(verdict, "notices") + number(verdict, "derived");
    for (size_t i = 0; i < json_array_size(found); i++)
        cx_replay_difference_print(json_array_get(found, i));
    if (number(verdict, "removed") > 0)
        (void)printf("%lld messages were removed by retention and not compared\n",
                     number(verdict, "removed"));
    if (number(verdict, "differences") > 0)
        (void)printf("NOT verified: decided again, %lld of what was recorded differ\n",
                     number(verdict, "differences"));
    else if (compared == 0)
        (void)printf("not verified: no stage has decided anything of it that could be compared\n");
    else
        (void)printf("verified: decided again with the same result (%lld messages of its subject, in %lld "
                     "events of the log)\n",
                     compared, number(verdict, "records"));
}
