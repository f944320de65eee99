/* What the stages have told: packs compiled, subjects counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/clock/clock.h"

enum { MEMBERS = 8192 };
static const char topic[] = "credit.reports";

cx_rc cx_reports_open(cx_clock *c, cx_err *err) {
    int32_t n = 0;
    if ((c->reports = cx_state_new()) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_admin_partitions(c->admin, topic, &n, err));
    CX_TRY(cx_reader_new_following(c->config, &c->reports_reader, err));
    cx_place *places = calloc((size_t)n, sizeof *places);
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < n; p++)
        places[p] = (cx_place){topic, p, CX_POSITION_BEGINNING, ""};
    cx_rc rc = cx_reader_assign(c->reports_reader, places, (size_t)n, err);
    free(places);
    return rc;
}

cx_rc cx_reports_poll(cx_clock *c, cx_err *err) {
    for (;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(c->reports_reader, 0, &read, err));
        if (read.kind == CX_READ_NOTHING)
            return CX_OK;
        cx_rc rc = CX_OK;
        if (read.kind == CX_READ_MESSAGE && read.message.key.n > 0)
            rc = cx_state_put(c->reports, read.message.key, read.message.value, CX_NO_TIME);
        cx_state_keep(c->reports);
        cx_message_release(&read.message);
        if (rc != CX_OK)
            return cx_fail(err, rc, NULL);
    }
}

/* The report of an instance; NULL: none. */
static cx_rc report_of(cx_clock *c, cx_view stage, const char *instance, const cx_report **out, cx_err *err) {
    *out = NULL;
    cx_view key = cx_arena_printf(c->arena, "%.*s%c%s", CX_VIEW_ARGS(stage), '\0', instance);
    if (key.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_view bytes = cx_state_get(c->reports, key);
    if (bytes.p == NULL)
        return CX_OK;
    const void *report = NULL;
    cx_err why = {0};
    if (cx_codec_decode(c->codec, &cx_report_type, bytes, c->arena, &report, &why) != CX_OK)
        return why.rc == CX_OUT_OF_MEMORY ? cx_fail(err, why.rc, NULL)
                                          : CX_OK; /* a stage of another version */
    *out = report;
    return CX_OK;
}

static bool names(const cx_report *report, const uint8_t hash[CX_HASH]) {
    for (size_t i = 0; report != NULL && i < report->packs.n; i++)
        if (memcmp(report->packs.items[i], hash, CX_HASH) == 0)
            return true;
    return false;
}

static cx_rc stage_compiled(cx_clock *c, cx_view stage, const uint8_t hash[CX_HASH], bool *all, cx_err *err) {
    static char members[MEMBERS];
    char group[96];
    size_t n = 0;
    (void)snprintf(group, sizeof group, "credit.%.*s", CX_VIEW_ARGS(stage));
    CX_TRY(cx_admin_members(c->admin, group, members, sizeof members, &n, err));
    *all = n > 0;
    const char *member = members;
    for (size_t i = 0; i < n && *all; i++, member += strlen(member) + 1) {
        const cx_report *report = NULL;
        CX_TRY(report_of(c, stage, member, &report, err));
        *all = names(report, hash);
    }
    return CX_OK;
}

cx_rc cx_reports_compiled(cx_clock *c, const uint8_t hash[CX_HASH], bool *all, cx_err *err) {
    cx_view stages = cx_view_of(cx_config_text(c->config, "clock.stages"));
    *all = true;
    while (stages.n > 0 && *all) {
        cx_view stage = cx_view_trim(cx_view_split(stages, ',', &stages));
        if (stage.n > 0)
            CX_TRY(stage_compiled(c, stage, hash, all, err));
    }
    return CX_OK;
}

static bool every_key(cx_view key) {
    return key.n > 0;
}

static bool is_counting(const cx_config *config) {
    cx_view stages = cx_view_of(cx_config_text(config, "clock.stages"));
    while (stages.n > 0)
        if (cx_view_is(cx_view_trim(cx_view_split(stages, ',', &stages)), "registrar"))
            return true;
    return false;
}

/* Several instances may have counted a partition, one after the other: the count is the log's, and the same.
 */
static void add_counts(const cx_report *report, cx_view activation, int64_t *counts, int32_t partitions,
                       int64_t *limit) {
    for (size_t i = 0; i < report->counts.n; i++) {
        const cx_activation_count *count = &report->counts.items[i];
        if (!cx_view_eq(count->activation, activation) || count->partition < 0 ||
            count->partition >= partitions)
            continue;
        counts[count->partition] = count->listed;
        *limit = count->limit > *limit ? count->limit : *limit;
    }
}

cx_rc cx_reports_counted(cx_clock *c, cx_view activation, bool *all, int64_t *listed, int64_t *limit,
                         cx_err *err) {
    *all = true;
    *listed = *limit = 0;
    if (!is_counting(c->config))
        return CX_OK;
    int64_t *counts = cx_arena_alloc(c->arena, (size_t)c->partitions * sizeof *counts);
    size_t n = 0;
    cx_view *keys = cx_state_keys(c->reports, every_key, &n);
    if (counts == NULL || (keys == NULL && n > 0)) {
        free(keys);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    for (int32_t p = 0; p < c->partitions; p++)
        counts[p] = -1;
    for (size_t i = 0; i < n; i++) {
        const void *report = NULL;
        cx_view bytes = cx_state_get(c->reports, keys[i]);
        if (keys[i].n > 10 && memcmp(keys[i].p, "registrar", 10) == 0 &&
            cx_codec_decode(c->codec, &cx_report_type, bytes, c->arena, &report, NULL) == CX_OK)
            add_counts(report, activation, counts, c->partitions, limit);
    }
    free(keys);
    for (int32_t p = 0; p < c->partitions; p++) {
        *all = *all && counts[p] >= 0;
        *listed += counts[p] > 0 ? counts[p] : 0;
    }
    return CX_OK;
}
