/* Restores begin with a snapshot where there is one that may be used: it must be the file whose hash is in
 * credit.checkpoints, taken at or before the committed place, and younger than the changelog's
 * delete.retention.ms: later the tombstone of a row that it holds may be gone, and the row would come back.
 */
#include <stdlib.h>
#include <time.h>

#include "common/base/log.h"
#include "common/bus/topics.h"
#include "common/run/inside.h"
#include "common/run/snapshot_find.h"

enum { NUMBER = 32 };
static const cx_time margin = CX_HOUR / 2; /* a restore takes a while, and clocks differ */

struct cx_restore_files {
    cx_run *run;
    const char *changelog;
    cx_snapshots *snapshots; /* NULL: not read yet */
    cx_time keeps;           /* how long the changelog keeps a tombstone; 0: not known */
};

cx_rc cx_restore_files_open(cx_run *run, const char *changelog, struct cx_restore_files **out, cx_err *err) {
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (*out)->run = run;
    (*out)->changelog = changelog;
    return CX_OK;
}

void cx_restore_files_close(struct cx_restore_files **files) {
    if (*files == NULL)
        return;
    cx_snapshots_free(&(*files)->snapshots);
    free(*files);
    *files = NULL;
}

static cx_rc ask(struct cx_restore_files *f, cx_err *err) {
    char value[NUMBER] = "";
    bool found = false;
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(f->run->config, &admin, err));
    cx_rc rc = cx_topic_setting(admin, f->changelog, "delete.retention.ms", value, sizeof value, &found, err);
    cx_admin_destroy(&admin);
    if (rc == CX_OK && (!found || !cx_view_to_int64(cx_view_of(value), &f->keeps)))
        f->keeps = 0;
    return rc == CX_OK ? cx_snapshots_read(f->run->config, f->run->codec, &f->snapshots, err) : rc;
}

/* NULL: it may be used. */
static const char *objection(const struct cx_restore_files *f, const cx_part *part,
                             const cx_snapshot_place *at, int64_t high) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    cx_time age = (cx_time)now.tv_sec * 1000 - at->written;
    if (at->next > part->next || at->metadata.tick > part->now.tick)
        return "it was taken behind the committed place";
    if (at->changelog > high)
        return "it is of another changelog";
    return age >= f->keeps - margin || age < -margin ? "it is older than the changelog keeps what was removed"
                                                     : NULL;
}

static cx_rc load(const cx_stage *stage, cx_snapshot *snapshot, cx_part *part, cx_err *err) {
    cx_view key, value;
    for (;;) {
        CX_TRY(cx_snapshot_next(snapshot, &key, &value, err));
        if (key.p == NULL)
            return CX_OK;
        if (key.n == 0 || key.n > UINT16_MAX)
            return cx_fail(err, CX_FILE, "a row's key has %zu bytes", key.n);
        if (stage->row_type(key) == NULL)
            return cx_fail(err, CX_FILE, "a row of a kind that this build does not know");
        cx_rc rc = cx_state_load(part->state, key, value);
        if (rc != CX_OK)
            return cx_fail(err, rc, NULL);
    }
}

static cx_rc use(const struct cx_restore_files *f, cx_part *part, cx_date day, int64_t high, int64_t *from,
                 cx_err *err) {
    cx_snapshot *snapshot = NULL;
    CX_TRY(cx_snapshots_open(f->snapshots, f->run->config, f->run->stage->name, part->partition, day,
                             &snapshot, err));
    const cx_snapshot_place *at = cx_snapshot_where(snapshot);
    const char *why = objection(f, part, at, high);
    cx_rc rc = why != NULL ? cx_fail(err, CX_FILE, "%s", why) : load(f->run->stage, snapshot, part, err);
    if (rc == CX_OK) {
        *from = at->changelog > *from ? at->changelog : *from;
        cx_log_info("partition %d: %zu rows from its snapshot; the changelog is read on from offset %lld",
                    (int)part->partition, cx_state_rows(part->state), (long long)*from);
    }
    cx_snapshot_close(&snapshot);
    return rc;
}

cx_rc cx_restore_file(struct cx_restore_files *f, cx_part *part, int64_t high, int64_t *from, cx_err *err) {
    cx_err why = {0};
    char day_text[CX_DATE_TEXT];
    int32_t generation = (int32_t)cx_config_integer(f->run->config, "log.generation");
    cx_date day =
        cx_snapshot_newest(f->run->config, f->run->stage->name, generation, part->partition, CX_NO_DATE);
    if (day == CX_NO_DATE)
        return CX_OK;
    if (f->snapshots == NULL)
        CX_TRY(ask(f, err));
    cx_rc rc = use(f, part, day, high, from, &why);
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (rc == CX_OK)
        return CX_OK;
    cx_log_warn("partition %d: the snapshot of %s is not used: %s; the changelog is read whole",
                (int)part->partition, cx_date_format(day, day_text), why.text);
    cx_state_destroy(&part->state);
    part->state = cx_state_new();
    return part->state != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}
