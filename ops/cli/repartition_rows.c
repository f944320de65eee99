#include <stdlib.h>
#include <string.h>

#include "common/base/home.h"
#include "common/bus/reader.h"
#include "common/run/state.h"
#include "ops/cli/acts.h"
#include "ops/cli/repartition.h"
#include "ops/replay/split.h"
#include "services/registrar/share.h"
#include "services/registrar/decide.h"

enum { POLL_MS = 200, IDLE_POLLS = 100, CHUNK = 5000, SUBJECT = 16, BREAKER_HEAD = 5 };
static const char state_topic[] = "credit.state", status_topic[] = "credit.status";

/* What one partition holds, the newest row of each key: the message's time, then its value. */
struct moving {
    cx_repartition *job;
    const char *topic;
    cx_topic *to;
    cx_state **rows; /* by partition, `into` of them */
    size_t in_transaction;
};

/* --- reading ------------------------------------------------------------------------------------------ */
static cx_rc keep(cx_state *rows, const cx_message *m, cx_arena *arena, cx_err *err) {
    cx_view value = {NULL, 0};
    cx_arena_reset(arena);
    if (m->value.p != NULL) {
        char *copy = cx_arena_alloc(arena, sizeof m->timestamp + m->value.n);
        if (copy == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        (void)memcpy(copy, &m->timestamp, sizeof m->timestamp);
        (void)memcpy(copy + sizeof m->timestamp, m->value.p, m->value.n);
        value = (cx_view){copy, sizeof m->timestamp + m->value.n};
    }
    cx_rc rc = cx_state_load(rows, m->key, value);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc read_to(cx_reader *reader, const struct moving *mv, int32_t partition, int64_t end,
                     cx_err *err) {
    cx_rc rc = CX_OK;
    bool ended = false;
    for (int idle = 0; rc == CX_OK && !ended;) {
        cx_read read;
        CX_TRY(cx_reader_poll(reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", mv->topic);
        ended = read.kind == CX_READ_END && read.message.offset >= end;
        if (read.kind == CX_READ_MESSAGE && read.message.key.n > 0)
            rc = keep(mv->rows[partition], &read.message, mv->job->decoding.arena, err);
        if (read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
    }
    return rc;
}

static cx_rc read_partition(cx_reader *reader, const struct moving *mv, int32_t partition, cx_err *err) {
    int64_t low = 0, end = 0;
    cx_place from = {mv->topic, partition, CX_POSITION_BEGINNING, ""};
    CX_TRY(cx_admin_ends(mv->job->admin, mv->topic, partition, &low, &end, err));
    if (low >= end)
        return CX_OK;
    CX_TRY(cx_reader_assign(reader, &from, 1, err));
    return read_to(reader, mv, partition, end, err);
}

/* --- writing ------------------------------------------------------------------------------------------ */
static cx_rc commit(struct moving *mv, cx_err *err) {
    if (mv->in_transaction == 0)
        return CX_OK;
    mv->in_transaction = 0;
    return cx_producer_commit(mv->job->producer, NULL, 0, NULL, err);
}

static cx_rc send(struct moving *mv, int32_t partition, cx_view key, cx_view value, cx_time at, cx_err *err) {
    if (mv->in_transaction == 0)
        CX_TRY(cx_producer_begin(mv->job->producer, err));
    mv->in_transaction++;
    const cx_outgoing m = {
        .topic = mv->to, .partition = partition, .key = key, .value = value, .timestamp = at > 0 ? at : 1};
    return cx_producer_send(mv->job->producer, &m, err);
}

/* Behind it the row stands in one place, whatever ends us. */
static cx_rc move_row(struct moving *mv, int32_t partition, cx_view key, cx_view stored, cx_err *err) {
    int32_t to = 0;
    cx_time at;
    cx_view subject = key;
    if (strcmp(mv->topic, state_topic) == 0)
        (void)cx_split_subject(CX_STAGES_REGISTRAR, key, &subject);
    to = cx_home(subject, mv->job->into);
    if (to == partition)
        return CX_OK;
    if (to % mv->job->from != partition)
        return cx_fail(err, CX_TOPIC_PARTITIONS, "a row of %s stands in partition %d, where no key of its is",
                       mv->topic, (int)partition);
    (void)memcpy(&at, stored.p, sizeof at);
    if (cx_state_get(mv->rows[to], key).p == NULL) /* else somebody wrote it anew */
        CX_TRY(send(mv, to, key, (cx_view){stored.p + sizeof at, stored.n - sizeof at}, at, err));
    CX_TRY(send(mv, partition, key, (cx_view){NULL, 0}, mv->job->tick, err));
    mv->job->moved++;
    return CX_OK;
}

/* Every partition that comes out of this one gets its share, and it keeps one; all in one transaction, of
 * which the last new partition's row tells. */
static cx_rc share_row(struct moving *mv, int32_t partition, cx_view key, cx_view stored, cx_err *err) {
    cx_repartition *job = mv->job;
    cx_time at;
    cx_breaker_state share;
    const void *row = NULL;
    cx_arena *arena = job->decoding.arena;
    cx_view department = {key.p + BREAKER_HEAD, key.n - BREAKER_HEAD}, value;
    cx_message m = {.topic = cx_view_of(mv->topic), .partition = partition};
    (void)memcpy(&at, stored.p, sizeof at);
    m.value = (cx_view){stored.p + sizeof at, stored.n - sizeof at};
    CX_TRY(cx_decoding_take(&job->decoding, &cx_breaker_state_type, &m, &row, err));
    cx_view last = cx_breaker_key(arena, partition + job->into - job->from, department);
    if (last.p == NULL || cx_breaker_share(arena, row, job->into / job->from, &share) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (cx_state_get(mv->rows[partition + job->into - job->from], last).p != NULL)
        return CX_OK;
    CX_TRY(cx_codec_encode(job->decoding.codec, &cx_breaker_state_type, &share, &value, err));
    for (int32_t to = partition; to < job->into; to += job->from) {
        cx_view mine = cx_breaker_key(arena, to, department);
        if (mine.p == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        CX_TRY(send(mv, to, mine, value, at, err));
    }
    job->moved++;
    return CX_OK;
}

static bool stays(const struct moving *mv, cx_view key) {
    return strcmp(mv->topic, status_topic) == 0 && key.n != SUBJECT; /* the partition's tick */
}

static bool any(cx_view key) {
    (void)key;
    return true;
}

static cx_rc move_partition(struct moving *mv, int32_t partition, cx_err *err) {
    size_t n = 0;
    const cx_state *rows = mv->rows[partition];
    cx_view *keys = cx_state_keys(rows, any, &n), subject;
    cx_rc rc = keys == NULL && n > 0 ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        bool shared =
            strcmp(mv->topic, state_topic) == 0 && !cx_split_subject(CX_STAGES_REGISTRAR, keys[i], &subject);
        if (!stays(mv, keys[i]))
            rc = (shared ? share_row : move_row)(mv, partition, keys[i], cx_state_get(rows, keys[i]), err);
        if (rc == CX_OK && mv->in_transaction >= CHUNK)
            rc = commit(mv, err);
        if (rc == CX_OK)
            rc = cx_act_check_stop(err);
    }
    free(keys);
    return rc == CX_OK ? commit(mv, err) : rc;
}

/* One old partition and what comes out of it. */
static cx_rc split(struct moving *mv, cx_reader *reader, int32_t partition, cx_err *err) {
    cx_rc rc = CX_OK;
    for (int32_t p = partition; rc == CX_OK && p < mv->job->into; p += mv->job->from) {
        mv->rows[p] = cx_state_new();
        rc = mv->rows[p] == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : read_partition(reader, mv, p, err);
    }
    if (rc == CX_OK)
        rc = move_partition(mv, partition, err);
    for (int32_t p = partition; p < mv->job->into; p += mv->job->from)
        cx_state_destroy(&mv->rows[p]);
    return rc;
}

cx_rc cx_split_rows(cx_repartition *job, const char *topic, cx_err *err) {
    struct moving mv = {.job = job, .topic = topic};
    cx_reader *reader = NULL;
    mv.rows = calloc((size_t)job->into, sizeof *mv.rows);
    cx_rc rc = mv.rows == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                               : cx_producer_topic(job->producer, topic, &mv.to, err);
    if (rc == CX_OK)
        rc = cx_reader_new(job->config, &reader, err);
    for (int32_t p = 0; rc == CX_OK && p < job->from; p++)
        rc = split(&mv, reader, p, err);
    cx_reader_destroy(&reader);
    free(mv.rows);
    return rc;
}
