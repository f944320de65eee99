/* The log decided again: against credit.classified, decided and notices message by message, against
 * credit.status by each subject's newest row. */
#include <stdlib.h>
#include <string.h>

#include "common/run/state.h"
#include "common/vault/hash.h"
#include "common/wire/visit.h"
#include "ops/cli/replay_show.h"
#include "ops/cli/table_read.h"
#include "ops/cli/verify.h"
#include "ops/replay/log.h"

enum { SUBJECT = 16, TICK_KEY = 4, PARTITION = 4 };

struct job {
    cx_verify *verify;
    cx_state *again;    /* partition and key -> the row as it was decided again last */
    cx_state *recorded; /* the same, as credit.status has it */
    cx_arena *arena;
    size_t pending;
};

static cx_rc put(cx_state *rows, int32_t partition, cx_view key, cx_view value, cx_err *err) {
    char place[PARTITION + 64];
    if (key.n > sizeof place - PARTITION)
        return CX_OK;
    (void)memcpy(place, &partition, PARTITION);
    (void)memcpy(place + PARTITION, key.p, key.n);
    cx_rc rc = cx_state_put(rows, (cx_view){place, PARTITION + key.n}, value, CX_NO_TIME);
    cx_state_keep(rows);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc take_again(void *context, const cx_stages_output *row, cx_err *err) {
    struct job *job = context;
    return put(job->again, row->partition, row->key, row->bytes, err);
}

static cx_rc take_recorded(void *context, const cx_message *m, cx_err *err) {
    struct job *job = context;
    return put(job->recorded, m->partition, m->key, m->value, err); /* a row that moved has no value */
}

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    struct job *job = context;
    json_t *json = cx_replay_difference_json(d);
    (void)err;
    if (json != NULL)
        (void)json_object_set_new(json, "where", json_string("replay"));
    cx_verify_tell(job->verify, json);
    return CX_OK;
}

/* --- rows of status --------------------------------------------------------------------------------------
 */
static cx_rc decode(struct job *job, cx_view bytes, const cx_status **out, cx_err *err) {
    const void *value = NULL;
    *out = NULL;
    if (bytes.p != NULL)
        CX_TRY(cx_codec_decode(job->verify->codec, &cx_status_type, bytes, job->arena, &value, err));
    *out = value;
    return CX_OK;
}

/* How far the registrar had got at its last tick in that partition. */
static cx_rc last_tick(struct job *job, cx_view place, int64_t *offset, cx_err *err) {
    char key[PARTITION + TICK_KEY];
    const cx_status *tick = NULL;
    int32_t partition;
    (void)memcpy(&partition, place.p, PARTITION);
    (void)memcpy(key, place.p, PARTITION);
    for (int i = 0; i < TICK_KEY; i++)
        key[PARTITION + i] = (char)(partition >> (8 * (TICK_KEY - 1 - i)));
    CX_TRY(decode(job, cx_state_get(job->recorded, (cx_view){key, sizeof key}), &tick, err));
    *offset = tick != NULL ? tick->origin.offset : -1;
    return CX_OK;
}

static void tell(struct job *job, cx_view place, const char *what, const char *field) {
    char hex[2 * SUBJECT + 1];
    int32_t partition;
    (void)memcpy(&partition, place.p, PARTITION);
    json_t *d =
        json_pack("{s:s, s:s, s:i, s:s}", "where", "status", "what", what, "partition", (int)partition,
                  "subject", cx_hex((const uint8_t *)place.p + PARTITION, SUBJECT, hex));
    if (field != NULL && field[0] != '\0')
        (void)json_object_set_new(d, "field", json_string(field));
    cx_verify_tell(job->verify, d);
}

static cx_rc compare(struct job *job, cx_view place, int64_t end, cx_err *err) {
    cx_view a = cx_state_get(job->recorded, place), b = cx_state_get(job->again, place);
    const cx_status *recorded = NULL, *again = NULL;
    int64_t ticked = -1;
    char path[CX_PATH] = "";
    if (a.p != NULL && b.p != NULL && cx_view_eq(a, b))
        return CX_OK;
    cx_arena_reset(job->arena);
    CX_TRY(decode(job, a, &recorded, err));
    CX_TRY(decode(job, b, &again, err));
    CX_TRY(last_tick(job, place, &ticked, err));
    if (again != NULL && recorded != NULL && cx_struct_same(&cx_status_type, recorded, again, path))
        return CX_OK; /* written by another schema */
    int32_t partition;
    (void)memcpy(&partition, place.p, PARTITION);
    /* What an event before the partition was split off made has been decided again for certain. */
    bool old = recorded != NULL && recorded->origin.partition != partition;
    bool later = recorded != NULL && !old && recorded->origin.offset >= end;
    bool earlier = again != NULL && again->origin.partition == partition && again->origin.offset > ticked &&
                   (old || recorded == NULL || recorded->origin.offset < again->origin.offset);
    job->pending += later || earlier;
    if (!later && !earlier)
        tell(job, place, recorded == NULL ? "REMOVED" : again == NULL ? "INSERTED" : "ALTERED", path);
    return CX_OK;
}

static bool is_subject(cx_view key) {
    return key.n == PARTITION + SUBJECT;
}

/* Those of `one` that the other side has, too, are compared once. */
static cx_rc compare_all(struct job *job, const cx_state *one, const cx_state *unless,
                         const cx_replay_source *source, cx_err *err) {
    size_t n = 0;
    cx_view *keys = cx_state_keys(one, is_subject, &n);
    if (keys == NULL && n > 0)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = CX_OK;
    int32_t begun = -1;
    int64_t low = 0, end = 0;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        int32_t partition;
        (void)memcpy(&partition, keys[i].p, PARTITION);
        if (partition != begun && (rc = source->begin(source->context, partition, NULL, err)) != CX_OK)
            break;
        begun = partition;
        source->range(source->context, CX_REPLAY_RECORDS, &low, &end);
        if (unless == NULL || cx_state_get(unless, keys[i]).p == NULL)
            rc = compare(job, keys[i], end, err);
    }
    free(keys);
    return rc;
}

static cx_rc replay(struct job *job, const cx_replay_log *log, cx_err *err) {
    const cx_replay_source *source = cx_replay_log_source(log);
    cx_replay_wanted wanted = {.from = CX_NO_TIME, .to = CX_NO_TIME};
    cx_replay_events events = {.context = job, .difference = take_difference, .status = take_again};
    cx_replay_tally tally;
    CX_TRY(cx_replay_run(source, &wanted, &events, &tally, err));
    CX_TRY(cx_topic_read(job->verify->config, "credit.status", take_recorded, job, err));
    CX_TRY(compare_all(job, job->recorded, NULL, source, err));
    CX_TRY(compare_all(job, job->again, job->recorded, source, err));
    cx_verify_count(job->verify, "replay", "events", tally.records);
    cx_verify_count(job->verify, "replay", "classified", tally.compared[CX_STAGES_CLASSIFIER]);
    cx_verify_count(job->verify, "replay", "decided", tally.compared[CX_STAGES_REGISTRAR]);
    cx_verify_count(job->verify, "replay", "notices",
                    tally.compared[CX_STAGES_SANCTIONER] + tally.compared[CX_STAGES_POINTS]);
    cx_verify_count(job->verify, "replay", "status", cx_state_rows(job->recorded));
    cx_verify_count(job->verify, "replay", "pending", tally.pending + job->pending);
    cx_verify_count(job->verify, "replay", "removed by retention", tally.removed);
    return CX_OK;
}

cx_rc cx_verify_replay(cx_verify *verify, cx_err *err) {
    struct job job = {
        .verify = verify, .again = cx_state_new(), .recorded = cx_state_new(), .arena = cx_arena_new(0)};
    cx_replay_log *log = NULL;
    cx_rc rc = job.again == NULL || job.recorded == NULL || job.arena == NULL
                   ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                   : cx_replay_log_open(verify->config, &log, err);
    if (rc == CX_OK)
        rc = replay(&job, log, err);
    cx_replay_log_close(&log);
    cx_state_destroy(&job.again);
    cx_state_destroy(&job.recorded);
    cx_arena_destroy(&job.arena);
    return rc;
}
