/* How the log's partitions came about: told in credit.checkpoints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/table_read.h"
#include "ops/replay/log_inside.h"

struct reading {
    cx_replay_log *log;
    cx_arena *arena;
    char prefix[40]; /* of the keys: "split/<generation>/" */
};

static void forget(cx_split *split) {
    free((int64_t *)(uintptr_t)split->cuts);
}

static bool is_sound(const cx_partition_split *s) {
    return s->from > 0 && s->into > s->from && s->into % s->from == 0 && s->cuts.n == (size_t)s->from;
}

/* In the place of what was told of the same number before. */
static cx_rc keep(cx_replay_log *log, const cx_partition_split *s, cx_err *err) {
    size_t i = 0;
    while (i < log->splits.n && log->split_items[i].from != s->from)
        i++;
    int64_t *cuts = calloc((size_t)s->from, sizeof *cuts);
    cx_split *items = realloc(log->split_items, (log->splits.n + 1) * sizeof *items);
    if (items != NULL)
        log->splits.items = log->split_items = items;
    if (cuts == NULL || items == NULL) {
        free(cuts);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    (void)memcpy(cuts, s->cuts.items, (size_t)s->from * sizeof *cuts);
    if (i < log->splits.n)
        forget(&items[i]);
    else
        log->splits.n++;
    items[i] = (cx_split){.from = s->from, .into = s->into, .cuts = cuts};
    return CX_OK;
}

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    struct reading *r = context;
    const void *value = NULL;
    size_t n = strlen(r->prefix);
    if (m->value.p == NULL || m->key.n < n || memcmp(m->key.p, r->prefix, n) != 0)
        return CX_OK;
    cx_arena_reset(r->arena);
    CX_TRY(cx_codec_decode(r->log->codec, &cx_checkpoint_type, m->value, r->arena, &value, err));
    const cx_checkpoint *c = value;
    if (c->body_kind != CX_CHECKPOINT_BODY_PARTITION_SPLIT || !is_sound(c->body.partition_split))
        return cx_fail(err, CX_NOT_DECODED, "credit.checkpoints offset %lld tells of no split of partitions",
                       (long long)m->offset);
    return keep(r->log, c->body.partition_split, err);
}

static int by_from(const void *a, const void *b) {
    const cx_split *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* One that was told and not done yet: credit.records has not got the partitions. */
static void drop_undone(cx_replay_log *log) {
    size_t n = 0;
    for (size_t i = 0; i < log->splits.n; i++)
        if (log->split_items[i].into <= log->source.partitions)
            log->split_items[n++] = log->split_items[i];
        else
            forget(&log->split_items[i]);
    log->splits.n = n;
}

cx_rc cx_log_read_splits(cx_replay_log *log, cx_err *err) {
    struct reading r = {.log = log, .arena = cx_arena_new(0)};
    int generation = (int)cx_config_integer(log->config, "log.generation");
    (void)snprintf(r.prefix, sizeof r.prefix, "split/%d/", generation);
    cx_rc rc = r.arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                               : cx_topic_read(log->config, "credit.checkpoints", take, &r, err);
    cx_arena_destroy(&r.arena);
    drop_undone(log);
    if (log->splits.n > 1)
        qsort(log->split_items, log->splits.n, sizeof *log->split_items, by_from);
    return rc;
}

cx_rc cx_log_copy_splits(cx_replay_log *log, const cx_replay_log *from, cx_err *err) {
    for (size_t i = 0; i < from->splits.n; i++) {
        const cx_split *s = &from->splits.items[i];
        cx_partition_split split = {.from = s->from, .into = s->into};
        split.cuts.items = (int64_t *)(uintptr_t)s->cuts;
        split.cuts.n = (size_t)s->from;
        CX_TRY(keep(log, &split, err));
    }
    return CX_OK;
}

void cx_log_forget_splits(cx_replay_log *log) {
    for (size_t i = 0; i < log->splits.n; i++)
        forget(&log->split_items[i]);
    free(log->split_items);
    log->split_items = NULL;
    log->splits = (cx_splits){.n = 0};
}
