#include <stdlib.h>

#include "ops/replay/stages_inside.h"
#include "services/classifier/decide.h"
#include "services/points/decide.h"
#include "services/points/rows.h"
#include "services/registrar/decide.h"
#include "services/registrar/rows.h"
#include "services/sanctioner/decide.h"

enum { SUBJECT = 16 };

static const cx_type *measure_row(cx_view key) {
    return key.n == SUBJECT ? &cx_measure_state_type : NULL;
}

const cx_stages_plan cx_stages_plans[CX_STAGES_COUNT] = {
    {.name = "classifier",
     .decide = cx_classifier_decide,
     .about = cx_about_event,
     .state = -1,
     .topic = CX_STAGES_CLASSIFIED,
     .type = &cx_classified_type},
    {.name = "registrar",
     .decide = cx_registrar_decide,
     .keys = cx_registrar_keys,
     .row_type = cx_registrar_row_type,
     .row_due = cx_registrar_due,
     .row_walked = cx_registrar_walks,
     .about = cx_about_classified,
     .state = CX_REGISTRAR_STATE,
     .topic = CX_STAGES_DECIDED,
     .type = &cx_decided_type},
    {.name = "sanctioner",
     .decide = cx_sanctioner_decide,
     .keys = cx_sanctioner_keys,
     .row_type = measure_row,
     .row_due = cx_sanctioner_due,
     .about = cx_about_decided,
     .state = CX_SANCTIONER_MEASURES,
     .topic = CX_STAGES_NOTICES,
     .type = &cx_dispatch_type},
    {.name = "points",
     .decide = cx_points_decide,
     .keys = cx_points_keys,
     .row_type = cx_points_row_type,
     .row_due = cx_points_due,
     .row_walked = cx_points_walked,
     .about = cx_about_decided,
     .state = CX_POINTS_STATE,
     .topic = CX_STAGES_INCENTIVES,
     .type = &cx_dispatch_type},
};

const char *cx_stages_text(cx_stages_name stage) {
    return cx_stages_plans[stage].name;
}

/* --- life --------------------------------------------------------------------------------------------- */
static cx_rc add_types(cx_codec *codec) {
    static const cx_type *const types[] = {
        &cx_classified_type,    &cx_decided_type,     &cx_dispatch_type,      &cx_status_type,
        &cx_event_type,         &cx_seen_event_type,  &cx_breaker_state_type, &cx_subject_state_type,
        &cx_measure_state_type, &cx_points_state_type};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        CX_TRY(cx_codec_add(codec, types[i], NULL));
    return CX_OK;
}

cx_stages *cx_stages_new(int32_t partitions, const cx_stages_events *events) {
    CX_ASSERT(partitions > 0 && events->pack != NULL && events->output != NULL);
    cx_stages *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->partitions = s->count = partitions;
    s->events = *events;
    s->arena = cx_arena_new(0);
    s->codec = cx_codec_new();
    bool whole = s->arena != NULL && s->codec != NULL && add_types(s->codec) == CX_OK;
    for (int i = 0; i < CX_STAGES_COUNT; i++) {
        s->parts[i] = calloc((size_t)partitions, sizeof *s->parts[i]);
        whole = whole && s->parts[i] != NULL;
    }
    if (!whole)
        cx_stages_destroy(&s);
    return s;
}

void cx_stages_reset(cx_stages *s) {
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        for (int32_t p = 0; s->parts[i] != NULL && p < s->partitions; p++) {
            cx_state_destroy(&s->parts[i][p].rows);
            cx_policies_destroy(&s->parts[i][p].policies);
        }
    if (s->arena != NULL)
        cx_arena_reset(s->arena);
}

void cx_stages_count(cx_stages *s, int32_t partitions) {
    CX_ASSERT(partitions > 0 && partitions <= s->partitions);
    s->count = partitions;
}

void cx_stages_destroy(cx_stages **stages) {
    cx_stages *s = *stages;
    if (s == NULL)
        return;
    cx_stages_reset(s);
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        free(s->parts[i]);
    cx_codec_destroy(&s->codec);
    cx_arena_destroy(&s->arena);
    free(s);
    *stages = NULL;
}

cx_rc cx_stages_open(cx_stages_part *part, cx_err *err) {
    if (part->rows != NULL)
        return CX_OK;
    *part = (cx_stages_part){.rows = cx_state_new(), .policies = cx_policies_new(), .tick = CX_NO_TIME};
    if (part->rows != NULL && part->policies != NULL)
        return CX_OK;
    cx_state_destroy(&part->rows);
    cx_policies_destroy(&part->policies);
    return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- rows --------------------------------------------------------------------------------------------- */
cx_rc cx_stages_find(const cx_stages *s, cx_stages_name stage, int32_t partition, cx_view key,
                     cx_arena *arena, const void **out, cx_err *err) {
    const cx_state *rows = s->parts[stage][partition].rows;
    cx_view bytes = rows == NULL ? (cx_view){NULL, 0} : cx_state_get(rows, key);
    *out = NULL;
    if (bytes.p == NULL)
        return CX_OK;
    cx_view copy = cx_arena_copy(arena, bytes); /* the row may change while this is looked at */
    if (copy.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return cx_codec_decode(s->codec, cx_stages_plans[stage].row_type(key), copy, arena, out, err);
}

const void *cx_stages_row(cx_stages *s, cx_stages_name stage, int32_t partition, cx_view key,
                          cx_arena *arena) {
    const void *row = NULL;
    return cx_stages_find(s, stage, partition, key, arena, &row, NULL) == CX_OK ? row : NULL;
}

const cx_state *cx_stages_state(const cx_stages *s, cx_stages_name stage, int32_t partition) {
    return s->parts[stage][partition].rows;
}

size_t cx_stages_rows(const cx_stages *s, cx_stages_name stage, int32_t partition,
                      bool (*wanted)(cx_view key)) {
    size_t n = 0;
    if (s->parts[stage][partition].rows != NULL)
        free(cx_state_keys(s->parts[stage][partition].rows, wanted, &n));
    return n;
}

int64_t cx_stages_counted(const cx_stages *s, int32_t partition, int64_t *limit) {
    const cx_stages_part *part = &s->parts[CX_STAGES_REGISTRAR][partition];
    *limit = part->limit;
    return part->listed;
}

cx_rc cx_stages_put(cx_stages *s, cx_stages_name stage, int32_t partition, cx_view key, const void *value,
                    cx_err *err) {
    const cx_stages_plan *plan = &cx_stages_plans[stage];
    const cx_type *type = plan->row_type(key);
    cx_view bytes = {NULL, 0};
    if (type == NULL)
        return cx_fail(err, CX_NOT_DECODED, "%s writes a row under an unknown key", plan->name);
    cx_time due = value != NULL ? plan->row_due(key, value) : CX_NO_TIME;
    if (value != NULL)
        CX_TRY(cx_codec_encode(s->codec, type, value, &bytes, err));
    if (s->events.row != NULL)
        CX_TRY(s->events.row(s->events.context, stage, partition, key, bytes, err));
    cx_rc rc = cx_state_put(s->parts[stage][partition].rows, key, bytes, due);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* --- one stage alone ---------------------------------------------------------------------------------- */
cx_rc cx_stages_forget(cx_stages *s, cx_stages_name stage, int32_t partition) {
    cx_stages_part *part = &s->parts[stage][partition];
    cx_state_destroy(&part->rows);
    cx_policies_destroy(&part->policies);
    return cx_stages_open(part, NULL);
}

cx_rc cx_stages_restore_row(cx_stages *s, cx_stages_name stage, int32_t partition, cx_view key, cx_view bytes,
                            cx_err *err) {
    const cx_stages_plan *plan = &cx_stages_plans[stage];
    cx_state *rows = s->parts[stage][partition].rows;
    const void *value;
    if (bytes.p == NULL)
        return cx_state_put(rows, key, bytes, CX_NO_TIME);
    cx_arena_reset(s->arena);
    CX_TRY(cx_codec_decode(s->codec, plan->row_type(key), bytes, s->arena, &value, err));
    cx_rc rc = cx_state_put(rows, key, bytes, plan->row_due(key, value));
    cx_state_keep(rows);
    return rc;
}

cx_rc cx_stages_restore_value(cx_stages *s, cx_stages_name stage, int32_t partition, cx_view key,
                              const void *value, cx_err *err) {
    CX_TRY(cx_stages_put(s, stage, partition, key, value, err));
    cx_state_keep(s->parts[stage][partition].rows);
    return CX_OK;
}

const cx_type *cx_stages_row_type(cx_stages_name stage, cx_view key) {
    return cx_stages_plans[stage].row_type != NULL ? cx_stages_plans[stage].row_type(key) : NULL;
}

cx_rc cx_stages_restore_place(cx_stages *s, cx_stages_name stage, int32_t partition, cx_time tick,
                              const cx_pack *const *packs, size_t n) {
    cx_stages_part *part = &s->parts[stage][partition];
    part->tick = tick;
    for (size_t i = 0; i < n; i++)
        CX_TRY(cx_policies_activate(part->policies, packs[i]));
    return CX_OK;
}

cx_time cx_stages_tick(const cx_stages *s, cx_stages_name stage, int32_t partition) {
    const cx_stages_part *part = &s->parts[stage][partition];
    return part->rows != NULL ? part->tick : CX_NO_TIME;
}

size_t cx_stages_packs(const cx_stages *s, cx_stages_name stage, int32_t partition, const cx_pack **out,
                       size_t room) {
    const cx_policies *policies = s->parts[stage][partition].policies;
    size_t n = policies != NULL ? cx_policies_count(policies) : 0;
    n = n < room ? n : room;
    for (size_t i = 0; i < n; i++)
        out[i] = cx_policies_pack(policies, i);
    return n;
}
