/* A replay's way over the places at which partitions were split. Whoever replays a partition that was split
 * off decides what it came out of once more for himself, up to there: so no partition waits for another. */
#include "ops/replay/replay_inside.h"

enum { SHOW_EVERY = 5000 };

cx_rc cx_replay_cross(cx_replay *r, cx_position at, cx_err *err) {
    const cx_split *next;
    while ((next = cx_splits_next(r->source->splits, at.partition, r->count)) != NULL &&
           at.offset >= next->cuts[at.partition]) {
        CX_TRY(cx_split_keep_own(r->stages, at.partition, next, err));
        r->count = next->into;
        cx_stages_count(r->stages, r->count);
    }
    return CX_OK;
}

static cx_rc read_one(cx_replay *r, const cx_replay_message *m, cx_err *err) {
    const void *event = NULL;
    cx_position at = {m->partition, m->offset};
    cx_err why = {0};
    cx_arena_reset(r->record);
    cx_rc rc = cx_codec_decode(r->source->codec, &cx_event_type, m->value, r->record, &event, &why);
    if (rc == CX_OK)
        rc = cx_replay_cross(r, at, &why);
    if (rc == CX_OK)
        rc = cx_stages_read(r->stages, at, m->key, event, &why);
    return rc == CX_OK ? CX_OK
                       : cx_fail(err, rc, "credit.records partition %d offset %lld: %s", (int)m->partition,
                                 (long long)m->offset, why.text);
}

/* Up to the cut, and nothing is told but how far it has come. */
static cx_rc read_before(cx_replay *r, int32_t partition, int64_t cut, bool *stopped, cx_err *err) {
    const cx_replay_source *s = r->source;
    int64_t low, end;
    CX_TRY(s->begin(s->context, partition, NULL, err));
    s->range(s->context, CX_REPLAY_RECORDS, &low, &end);
    if (low > 0)
        return cx_fail(err, CX_POSITION_LOST, "credit.records partition %d begins at offset %lld",
                       (int)partition, (long long)low);
    for (size_t n = 0; !*stopped; n++) {
        cx_replay_message m;
        CX_TRY(s->next(s->context, CX_REPLAY_RECORDS, &m, err));
        if (m.value.p == NULL || m.offset >= cut)
            return CX_OK;
        *stopped = n % SHOW_EVERY == 0 && !cx_replay_show(r, &m, cut);
        if (!*stopped)
            CX_TRY(read_one(r, &m, err));
    }
    return CX_OK;
}

static cx_rc inherit(cx_replay *r, int32_t partition, bool *stopped, cx_err *err) {
    const cx_splits *splits = r->source->splits;
    const cx_split *birth = cx_splits_birth(splits, partition);
    if (birth == NULL)
        return CX_OK;
    int32_t parent = partition % birth->from;
    CX_TRY(inherit(r, parent, stopped, err));
    r->count = cx_splits_at(splits, parent, -1, r->source->partitions);
    cx_stages_count(r->stages, r->count);
    if (!*stopped)
        CX_TRY(read_before(r, parent, birth->cuts[parent], stopped, err));
    if (*stopped)
        return CX_OK;
    /* Nothing may have come behind an earlier split. */
    CX_TRY(cx_replay_cross(r, (cx_position){parent, birth->cuts[parent] - 1}, err));
    CX_TRY(cx_split_hand_over(r->stages, parent, partition, birth, err));
    r->count = birth->into;
    cx_stages_count(r->stages, r->count);
    return CX_OK;
}

cx_rc cx_replay_inherit(cx_replay *r, int32_t partition, bool *stopped, cx_err *err) {
    *stopped = false;
    r->quiet = true;
    cx_rc rc = inherit(r, partition, stopped, err);
    r->quiet = false;
    return rc;
}
