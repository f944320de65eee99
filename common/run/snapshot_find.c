#include "common/run/snapshot_find.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "schemas/types.h"

static const char topic[] = "credit.checkpoints";
enum { POLL_MS = 200, IDLE_POLLS = 100 };

struct found {
    int32_t generation;
    char file[CX_SNAPSHOT_FILE];
    cx_snapshot_sum sum;
};

struct cx_snapshots {
    cx_codec *codec;
    cx_arena *arena;
    struct found *items;
    size_t n, room;
};

static cx_rc keep(cx_snapshots *s, const struct found *found, cx_err *err) {
    if (s->n == s->room) {
        size_t room = s->room == 0 ? 64 : 2 * s->room;
        struct found *more = realloc(s->items, room * sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        s->items = more;
        s->room = room;
    }
    s->items[s->n++] = *found;
    return CX_OK;
}

static cx_rc take(cx_snapshots *s, cx_view message, cx_err *err) {
    const void *value = NULL;
    cx_arena_reset(s->arena);
    if (message.p == NULL ||
        cx_codec_decode(s->codec, &cx_checkpoint_type, message, s->arena, &value, NULL) != CX_OK)
        return CX_OK;
    const cx_checkpoint *c = value;
    if (c->body_kind != CX_CHECKPOINT_BODY_STATE_SNAPSHOT)
        return CX_OK;
    const cx_state_snapshot *snapshot = c->body.state_snapshot;
    struct found found = {.generation = c->generation, .sum = {snapshot->bytes, snapshot->rows, {0}}};
    (void)memcpy(found.sum.hash, snapshot->hash, sizeof found.sum.hash);
    int n = snprintf(found.file, sizeof found.file, "%.*s", CX_VIEW_ARGS(snapshot->file));
    return n > 0 && n < (int)sizeof found.file ? keep(s, &found, err) : CX_OK;
}

static cx_rc read_from(cx_snapshots *s, const cx_config *config, const cx_place *from, int64_t end,
                       cx_err *err) {
    cx_reader *reader = NULL;
    CX_TRY(cx_reader_new(config, &reader, err));
    cx_rc rc = cx_reader_assign(reader, from, 1, err);
    bool ended = false;
    for (int idle = 0; rc == CX_OK && !ended;) {
        cx_read read;
        rc = cx_reader_poll(reader, POLL_MS, &read, err);
        idle = rc == CX_OK && read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            rc = cx_fail(err, CX_BUS_AWAY, "%s does not answer", topic);
        if (rc != CX_OK || read.kind == CX_READ_NOTHING)
            continue;
        ended = read.kind == CX_READ_END ? read.message.offset >= end : read.message.offset + 1 >= end;
        if (read.kind == CX_READ_MESSAGE)
            rc = take(s, read.message.value, err);
        cx_message_release(&read.message);
    }
    cx_reader_destroy(&reader);
    return rc;
}

static cx_rc read_all(cx_snapshots *s, const cx_config *config, cx_err *err) {
    cx_admin *admin = NULL;
    int64_t low = 0, high = 0;
    cx_place place = {.topic = topic};
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_ends(admin, topic, 0, &low, &high, err);
    place.offset = low;
    cx_admin_destroy(&admin);
    return rc != CX_OK || place.offset >= high ? rc : read_from(s, config, &place, high, err);
}

cx_rc cx_snapshots_read(const cx_config *config, cx_codec *codec, cx_snapshots **out, cx_err *err) {
    cx_snapshots *s = *out = calloc(1, sizeof *s);
    if (s == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    s->codec = codec;
    s->arena = cx_arena_new(0);
    cx_rc rc = s->arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : read_all(s, config, err);
    if (rc != CX_OK)
        cx_snapshots_free(out);
    return rc;
}

void cx_snapshots_free(cx_snapshots **snapshots) {
    cx_snapshots *s = *snapshots;
    if (s == NULL)
        return;
    cx_arena_destroy(&s->arena);
    free(s->items);
    free(s);
    *snapshots = NULL;
}

const cx_snapshot_sum *cx_snapshots_of(const cx_snapshots *s, int32_t generation, const char *file) {
    for (size_t i = s->n; i-- > 0;)
        if (s->items[i].generation == generation && strcmp(s->items[i].file, file) == 0)
            return &s->items[i].sum;
    return NULL;
}

static bool is_of(const cx_snapshot_place *p, const char *stage, int32_t generation, int32_t partition,
                  cx_date day) {
    return strcmp(p->stage, stage) == 0 && p->generation == generation && p->partition == partition &&
           cx_date_of_time(p->metadata.tick) == day;
}

cx_rc cx_snapshots_open(const cx_snapshots *s, const cx_config *config, const char *stage, int32_t partition,
                        cx_date day, cx_snapshot **out, cx_err *err) {
    char file[CX_SNAPSHOT_FILE], path[CX_SNAPSHOT_PATH];
    int32_t generation = (int32_t)cx_config_integer(config, "log.generation");
    *out = NULL;
    cx_snapshot_name(stage, generation, partition, day, file);
    const cx_snapshot_sum *sum = cx_snapshots_of(s, generation, file);
    if (!cx_snapshot_path(config, file, path))
        return cx_fail(err, CX_FILE, "%s: the setting state.dir is empty or too long", file);
    if (sum == NULL)
        return cx_fail(err, CX_FILE, "%s: credit.checkpoints knows nothing of it", path);
    CX_TRY(cx_snapshot_open(path, sum, out, err));
    if (is_of(cx_snapshot_where(*out), stage, generation, partition, day))
        return CX_OK;
    cx_snapshot_close(out);
    return cx_fail(err, CX_FILE, "%s: it was taken elsewhere than its name says", path);
}
