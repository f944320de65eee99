#include "ops/replay/split.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/home.h"
#include "common/run/metadata.h"
#include "ops/replay/stages_inside.h"
#include "services/registrar/decide.h"
#include "services/registrar/share.h"

enum { SUBJECT = 16, BREAKER_HEAD = 5 };

/* --- places ------------------------------------------------------------------------------------------- */
const cx_split *cx_splits_birth(const cx_splits *splits, int32_t partition) {
    for (size_t i = 0; splits != NULL && i < splits->n; i++)
        if (partition >= splits->items[i].from && partition < splits->items[i].into)
            return &splits->items[i];
    return NULL;
}

const cx_split *cx_splits_next(const cx_splits *splits, int32_t partition, int32_t count) {
    for (size_t i = 0; splits != NULL && i < splits->n; i++)
        if (splits->items[i].from == count && partition < count)
            return &splits->items[i];
    return NULL;
}

int32_t cx_splits_at(const cx_splits *splits, int32_t partition, int64_t offset, int32_t all) {
    const cx_split *birth = cx_splits_birth(splits, partition), *next;
    int32_t count = birth != NULL                     ? birth->into
                    : splits != NULL && splits->n > 0 ? splits->items[0].from
                                                      : all;
    while ((next = cx_splits_next(splits, partition, count)) != NULL && offset >= next->cuts[partition])
        count = next->into;
    return count;
}

bool cx_split_subject(cx_stages_name stage, cx_view key, cx_view *subject) {
    if (stage == CX_STAGES_REGISTRAR && cx_registrar_row_of(key) == CX_ROW_BREAKER)
        return false;
    size_t before = stage == CX_STAGES_REGISTRAR ? 1 : 0; /* the kind of row */
    if (key.n < before + SUBJECT)
        return false;
    *subject = (cx_view){key.p + before, SUBJECT};
    return true;
}

/* --- rows --------------------------------------------------------------------------------------------- */
static bool any(cx_view key) {
    (void)key;
    return true;
}

static cx_rc put_share(cx_stages *s, cx_view key, int32_t partition, int32_t to, const cx_split *split,
                       cx_arena *arena, cx_err *err) {
    const void *row = NULL;
    cx_breaker_state share;
    cx_view department = {key.p + BREAKER_HEAD, key.n - BREAKER_HEAD};
    CX_TRY(cx_stages_find(s, CX_STAGES_REGISTRAR, partition, key, arena, &row, err));
    CX_ASSERT(row != NULL);
    cx_view mine = cx_breaker_key(arena, to, department);
    if (mine.p == NULL || cx_breaker_share(arena, row, split->into / split->from, &share) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return cx_stages_restore_value(s, CX_STAGES_REGISTRAR, to, mine, &share, err);
}

static cx_rc hand_over_row(cx_stages *s, cx_stages_name stage, cx_view key, int32_t partition, int32_t to,
                           const cx_split *split, cx_arena *arena, cx_err *err) {
    cx_view subject;
    if (!cx_split_subject(stage, key, &subject))
        return put_share(s, key, partition, to, split, arena, err);
    if (cx_home(subject, split->into) != to)
        return CX_OK;
    return cx_stages_restore_row(s, stage, to, key, cx_state_get(s->parts[stage][partition].rows, key), err);
}

static cx_rc keep_own_row(cx_stages *s, cx_stages_name stage, cx_view key, int32_t partition,
                          const cx_split *split, cx_arena *arena, cx_err *err) {
    cx_view subject;
    if (!cx_split_subject(stage, key, &subject))
        return put_share(s, key, partition, partition, split, arena, err);
    if (cx_home(subject, split->into) == partition)
        return CX_OK;
    cx_view copy = cx_arena_copy(arena, key); /* it lives in the row that goes */
    if (copy.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_stages_restore_row(s, stage, partition, copy, (cx_view){NULL, 0}, err);
    cx_state_keep(s->parts[stage][partition].rows);
    return rc;
}

/* to == partition: what is not its own goes. */
static cx_rc each_row(cx_stages *s, cx_stages_name stage, int32_t partition, int32_t to,
                      const cx_split *split, cx_arena *arena, cx_err *err) {
    size_t n = 0;
    cx_view *keys = cx_state_keys(s->parts[stage][partition].rows, any, &n);
    cx_rc rc = keys == NULL && n > 0 ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        cx_arena_reset(arena);
        rc = to == partition ? keep_own_row(s, stage, keys[i], partition, split, arena, err)
                             : hand_over_row(s, stage, keys[i], partition, to, split, arena, err);
    }
    free(keys);
    return rc;
}

static cx_rc hand_over_place(cx_stages *s, cx_stages_name stage, int32_t partition, int32_t to, cx_err *err) {
    const cx_pack *packs[CX_METADATA_PACKS];
    size_t n = cx_stages_packs(s, stage, partition, packs, CX_METADATA_PACKS);
    cx_rc rc = cx_stages_restore_place(s, stage, to, cx_stages_tick(s, stage, partition), packs, n);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc each_stage(cx_stages *s, int32_t partition, int32_t to, const cx_split *split, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (int i = 0; rc == CX_OK && i < CX_STAGES_COUNT; i++) {
        rc = cx_stages_open(&s->parts[i][partition], err);
        if (rc == CX_OK && to != partition && cx_stages_forget(s, (cx_stages_name)i, to) != CX_OK)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        if (rc == CX_OK)
            rc = each_row(s, (cx_stages_name)i, partition, to, split, arena, err);
        if (rc == CX_OK && to != partition)
            rc = hand_over_place(s, (cx_stages_name)i, partition, to, err);
    }
    cx_arena_destroy(&arena);
    return rc;
}

cx_rc cx_split_hand_over(cx_stages *stages, int32_t partition, int32_t to, const cx_split *split,
                         cx_err *err) {
    CX_ASSERT(to != partition && to < stages->partitions && to % split->from == partition);
    return each_stage(stages, partition, to, split, err);
}

cx_rc cx_split_keep_own(cx_stages *stages, int32_t partition, const cx_split *split, cx_err *err) {
    return each_stage(stages, partition, partition, split, err);
}
