/* What a stage tells others beside its work: the schemas it writes with, before it writes; to the clock, the
 * packs it has compiled and the counts of a proposed activation. Each in a transaction without offsets. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/log.h"
#include "common/run/announce.h"
#include "common/run/inside.h"
#include "schemas/types.h"

static cx_time wall_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    return (cx_time)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static cx_rc send(cx_run *run, const char *topic, cx_view key, cx_view value, cx_err *err) {
    cx_outgoing m = {.partition = -1, .key = key, .value = value, .timestamp = wall_now()};
    CX_TRY(cx_producer_topic(run->producer, topic, &m.topic, err));
    return cx_producer_send(run->producer, &m, err);
}

static cx_rc publish_one(cx_run *run, const cx_type *type, cx_err *err) {
    if (type == NULL || cx_codec_knows(run->codec, type->fingerprint))
        return CX_OK;
    cx_log_info("publishing schema %s", type->name);
    return cx_announce(run->producer, type, wall_now(), err);
}

static cx_rc publish_all(cx_run *run, cx_err *err) {
    for (size_t i = 0; i < run->stage->output_count; i++)
        CX_TRY(publish_one(run, run->stage->outputs[i].type, err));
    for (size_t i = 0; run->stage->row_types != NULL && run->stage->row_types[i] != NULL; i++)
        CX_TRY(publish_one(run, run->stage->row_types[i], err));
    for (size_t i = 0; i < run->stage->input_count; i++)
        CX_TRY(publish_one(run, run->stage->inputs[i].type, err));
    CX_TRY(publish_one(run, run->stage->side_type, err));
    if (cx_run_changelog(run->stage) != NULL || cx_run_marks_builds(run->stage))
        CX_TRY(publish_one(run, &cx_checkpoint_type, err));
    return publish_one(run, &cx_report_type, err);
}

static cx_rc apart(cx_run *run, cx_rc (*send_them)(cx_run *, cx_err *), cx_err *err) {
    CX_ASSERT(!cx_producer_is_open(run->producer));
    CX_TRY(cx_producer_begin(run->producer, err));
    cx_rc rc = send_them(run, err);
    return rc == CX_OK ? cx_producer_commit(run->producer, NULL, 0, NULL, err) : rc;
}

cx_rc cx_run_publish_schemas(cx_run *run, cx_err *err) {
    return apart(run, publish_all, err);
}

static cx_rc fill_packs(const cx_run *run, cx_report *report) {
    typedef uint8_t hash[CX_HASH];
    const cx_tables *t = &run->tables;
    hash *packs = cx_arena_calloc(run->arena, t->pack_n + 1, sizeof *packs);
    if (packs == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < t->pack_n; i++)
        if (t->packs[i].object != NULL)
            (void)memcpy(packs[report->packs.n++], t->packs[i].hash, CX_HASH);
    report->packs.items = packs;
    return CX_OK;
}

static cx_rc fill_counts(const cx_run *run, cx_report *report) {
    size_t n = 0;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part)
        n++;
    report->counts.items = cx_arena_calloc(run->arena, n + 1, sizeof *report->counts.items);
    if (report->counts.items == NULL)
        return CX_OUT_OF_MEMORY;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->owned && p->kept.counting[0] != '\0' && p->kept.walk.kind == CX_WALK_NONE)
            report->counts.items[report->counts.n++] =
                (cx_activation_count){.activation = cx_view_of(p->kept.counting),
                                      .partition = p->partition,
                                      .listed = p->kept.counted,
                                      .limit = p->kept.limit};
    return CX_OK;
}

static cx_rc send_report(cx_run *run, cx_err *err) {
    cx_arena_reset(run->arena);
    cx_report report = {.stage = cx_view_of(run->stage->name), .instance = cx_view_of(run->instance)};
    if (fill_packs(run, &report) != CX_OK || fill_counts(run, &report) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_view value;
    CX_TRY(cx_codec_encode(run->codec, &cx_report_type, &report, &value, err));
    cx_view key = cx_arena_printf(run->arena, "%s%c%s", run->stage->name, '\0', run->instance);
    return key.p == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                         : send(run, "credit.reports", key, value, err);
}

cx_rc cx_run_report(cx_run *run, cx_err *err) {
    run->tables.changed = false;
    return run->stage->policies == NULL ? CX_OK : apart(run, send_report, err);
}
