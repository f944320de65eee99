/* Replays that begin with the snapshots of a midnight. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/trim.h"
#include "ops/replay/log_inside.h"

static const cx_stages_name keepers[] = {CX_STAGES_REGISTRAR, CX_STAGES_SANCTIONER, CX_STAGES_POINTS};
enum { KEEPERS = 3, PACKS = CX_METADATA_PACKS };

/* --- which day ---------------------------------------------------------------------------------------- */
static cx_rc open_one(const cx_replay_log *log, cx_stages_name stage, int32_t partition, cx_date day,
                      cx_snapshot **out, cx_err *err) {
    return cx_snapshots_open(log->snapshots, log->config, cx_stages_text(stage), partition, day, out, err);
}

/* Where the stages stood, each by its own snapshot; they must have stood at the same tick. */
static cx_rc look_at(cx_replay_log *log, int32_t partition, cx_date day, cx_err *err) {
    cx_replay_begin *at = &log->begins[partition];
    *at = (cx_replay_begin){.origin = -1};
    for (int i = 0; i < KEEPERS; i++) {
        cx_snapshot *snapshot = NULL;
        CX_TRY(open_one(log, keepers[i], partition, day, &snapshot, err));
        const cx_snapshot_place *p = cx_snapshot_where(snapshot);
        bool same = i == 0 || (p->origin == at->origin && p->metadata.tick == at->tick);
        at->origin = p->origin;
        at->tick = p->metadata.tick;
        at->from[i == 0 ? CX_REPLAY_CLASSIFIED : CX_REPLAY_DECIDED] = p->next;
        cx_snapshot_close(&snapshot);
        if (!same)
            return cx_fail(err, CX_FILE, "partition %d: the stages' snapshots are of different ticks",
                           (int)partition);
    }
    at->from[CX_REPLAY_RECORDS] = at->origin + 1;
    return CX_OK;
}

static cx_rc look_at_all(cx_replay_log *log, cx_date day, cx_err *err) {
    for (int32_t p = 0; p < log->source.partitions; p++) {
        CX_TRY(look_at(log, p, day, err));
        if (log->begins[p].from[CX_REPLAY_RECORDS] > log->columns[CX_REPLAY_RECORDS].ranges[p].high)
            return cx_fail(err, CX_FILE, "partition %d: the snapshot is of another log", (int)p);
    }
    return CX_OK;
}

/* The newest day before `before` of which every file is there. */
static cx_date find_day(const cx_replay_log *log, cx_date before) {
    int32_t generation = (int32_t)cx_config_integer(log->config, "log.generation");
    for (cx_date day = CX_NO_DATE;; before = day + 1) {
        cx_date least = INT32_MAX;
        for (int32_t p = 0; p < log->source.partitions; p++)
            for (int i = 0; i < KEEPERS; i++) {
                cx_date newest =
                    cx_snapshot_newest(log->config, cx_stages_text(keepers[i]), generation, p, before);
                least = newest < least ? newest : least;
            }
        if (least == CX_NO_DATE || least == day)
            return least;
        day = least; /* looked at again, for all must have just that one */
    }
}

/* What stands in credit.notices bears the tick at which it was decided: those behind it come later. */
static cx_rc find_notices(cx_replay_log *log, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(log->config, &admin, err));
    cx_rc rc = CX_OK;
    for (int32_t p = 0; rc == CX_OK && p < log->source.partitions; p++) {
        cx_place at = {.topic = "credit.notices", .partition = p};
        rc = cx_admin_offsets_at(admin, log->begins[p].tick, &at, 1, err);
        if (rc == CX_OK && at.offset == CX_POSITION_NONE)
            rc = cx_admin_offsets_at(admin, CX_AT_END, &at, 1, err);
        log->begins[p].from[CX_REPLAY_NOTICES] = at.offset;
    }
    for (int32_t p = 0; p < log->source.partitions; p++)
        log->begins[p].from[CX_REPLAY_INCENTIVES] = log->begins[p].from[CX_REPLAY_NOTICES];
    cx_admin_destroy(&admin);
    return rc;
}

/* Too late for what is asked: the walk of the snapshot's own midnight is behind it. */
static bool is_late(const cx_replay_log *log, const cx_replay_wanted *w) {
    bool late = false;
    for (int32_t p = 0; p < log->source.partitions; p++)
        late = late || (w->from != CX_NO_TIME && log->begins[p].tick >= w->from) ||
               (w->since > 0 && w->partition == p && log->begins[p].origin >= w->since);
    return late;
}

static cx_rc find(cx_replay_log *log, const cx_replay_wanted *w, void (*tell)(void *context, const char *why),
                  void *context, cx_err *err) {
    char date[CX_DATE_TEXT], text[sizeof err->text + 64];
    cx_date day = find_day(log, w->from == CX_NO_TIME ? CX_NO_DATE : cx_date_of_time(w->from) + 1);
    for (; day != CX_NO_DATE; day = find_day(log, day)) {
        cx_err why = {0};
        cx_rc rc = look_at_all(log, day, &why);
        if (rc == CX_OK && !is_late(log, w))
            break;
        if (rc == CX_OK)
            continue;
        if (rc != CX_FILE)
            return cx_fail(err, rc, "%s", why.text);
        (void)snprintf(text, sizeof text, "the snapshots of %s are passed by: %s", cx_date_format(day, date),
                       why.text);
        tell(context, text);
    }
    log->day = day;
    return day == CX_NO_DATE ? CX_OK : find_notices(log, err);
}

cx_rc cx_replay_log_begin_before(cx_replay_log *log, const cx_replay_wanted *wanted, cx_time *tick,
                                 void (*tell)(void *context, const char *why), void *context, cx_err *err) {
    *tick = CX_NO_TIME;
    cx_log_forget_begin(log);
    log->begins = calloc((size_t)log->source.partitions, sizeof *log->begins);
    if (log->begins == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_snapshots_read(log->config, log->codec, &log->snapshots, err));
    CX_TRY(find(log, wanted, tell, context, err));
    if (log->day == CX_NO_DATE)
        cx_log_forget_begin(log);
    else
        *tick = log->begins[0].tick;
    return CX_OK;
}

cx_rc cx_log_copy_begin(cx_replay_log *log, const cx_replay_log *from, cx_err *err) {
    size_t n = (size_t)log->source.partitions;
    cx_replay_log_goes_on(log, from->goes_on, from->goes_on_context);
    if (from->begins == NULL)
        return CX_OK;
    log->day = from->day;
    log->begins = calloc(n, sizeof *log->begins);
    if (log->begins == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)memcpy(log->begins, from->begins, n * sizeof *log->begins);
    return cx_snapshots_read(log->config, log->codec, &log->snapshots, err);
}

void cx_log_forget_begin(cx_replay_log *log) {
    cx_snapshots_free(&log->snapshots);
    free(log->begins);
    log->begins = NULL;
}

/* --- the rows ----------------------------------------------------------------------------------------- */
static cx_rc put_rows(const cx_replay_log *log, cx_stages *stages, cx_stages_name stage, int32_t partition,
                      cx_snapshot *snapshot, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    while (rc == CX_OK) {
        cx_view key, value;
        const void *row = NULL;
        rc = cx_snapshot_next(snapshot, &key, &value, err);
        if (rc != CX_OK || key.p == NULL)
            break;
        cx_arena_reset(arena);
        const cx_type *type = cx_stages_row_type(stage, key);
        rc = type == NULL ? cx_fail(err, CX_FILE, "a snapshot holds a key of no known kind")
                          : cx_codec_decode(log->codec, type, value, arena, &row, err);
        if (rc == CX_OK) /* it may have been written by an older schema */
            rc = cx_stages_restore_value(stages, stage, partition, key, row, err);
    }
    cx_arena_destroy(&arena);
    return rc;
}

static cx_rc put_place(const cx_replay_log *log, cx_stages *stages, cx_stages_name stage, int32_t partition,
                       const cx_metadata *m, cx_err *err) {
    const cx_pack *packs[PACKS];
    for (size_t i = 0; i < m->pack_n; i++)
        if ((packs[i] = log->source.pack(log->source.context, m->packs[i])) == NULL)
            return cx_fail(err, CX_NOT_FOUND, "a snapshot's pack is not known");
    cx_rc rc = cx_stages_restore_place(stages, stage, partition, m->tick, packs, m->pack_n);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

cx_rc cx_replay_log_put(const cx_replay_log *log, cx_stages *stages, cx_stages_name stage, int32_t partition,
                        cx_snapshot *snapshot, bool rows, cx_err *err) {
    if (cx_stages_forget(stages, stage, partition) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rows)
        CX_TRY(put_rows(log, stages, stage, partition, snapshot, err));
    return put_place(log, stages, stage, partition, &cx_snapshot_where(snapshot)->metadata, err);
}

/* The classifier knows nothing but tick and packs: they are the registrar's. */
static cx_rc put_stage(const cx_replay_log *log, cx_stages *stages, cx_stages_name stage, int32_t partition,
                       cx_err *err) {
    cx_snapshot *snapshot = NULL;
    cx_stages_name keeper = stage == CX_STAGES_CLASSIFIER ? CX_STAGES_REGISTRAR : stage;
    CX_TRY(open_one(log, keeper, partition, log->day, &snapshot, err));
    cx_rc rc = cx_replay_log_put(log, stages, stage, partition, snapshot, stage == keeper, err);
    cx_snapshot_close(&snapshot);
    return rc;
}

void cx_replay_log_goes_on(cx_replay_log *log, cx_replay_goes_on goes_on, void *context) {
    log->goes_on = goes_on;
    log->goes_on_context = context;
}

cx_rc cx_log_restore(void *context, int32_t partition, cx_stages *stages, cx_replay_begin *at, cx_err *err) {
    cx_replay_log *log = context;
    bool found = false;
    if (log->goes_on != NULL)
        CX_TRY(log->goes_on(log->goes_on_context, log, partition, stages, at, &found, err));
    if (found || log->begins == NULL)
        return CX_OK;
    *at = log->begins[partition];
    for (int i = 0; stages != NULL && i < CX_STAGES_COUNT; i++)
        CX_TRY(put_stage(log, stages, (cx_stages_name)i, partition, err));
    return CX_OK;
}
