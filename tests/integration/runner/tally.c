/* A stage of the tests' own: counts each subject's events in state, so that a lost, doubled or reordered
 * event shows in its output. It is due two seconds of the log after its subject's last event, and says so
 * once. */
#include <string.h>

#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"

enum { OUT_CLASSIFIED, OUT_STATE };
static const cx_time patience = 2 * CX_SECOND;

static cx_rc say(cx_step *step, cx_view key, const char *word, int64_t count) {
    cx_classified *out = cx_arena_calloc(step->arena, 1, sizeof *out);
    if (out == NULL)
        return CX_OUT_OF_MEMORY;
    out->origin = (cx_origin){step->origin.partition, step->origin.offset};
    out->now = step->now;
    out->event = *(const cx_event *)step->event;
    out->verdict = cx_arena_printf(step->arena, "%s %lld %d %lld", word, (long long)count, (int)step->index,
                                   (long long)step->due);
    return out->verdict.p == NULL ? CX_OUT_OF_MEMORY : cx_step_emit(step, OUT_CLASSIFIED, key, out);
}

static cx_rc keep(cx_step *step, cx_view key, int64_t count, cx_time due) {
    cx_seen_event *row = cx_arena_calloc(step->arena, 1, sizeof *row);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    row->origin = (cx_origin){step->origin.partition, count};
    row->drop_after = due;
    return cx_step_emit(step, OUT_STATE, key, row);
}

static cx_rc tally_decide(cx_step *step) {
    const cx_event *event = step->event;
    const cx_seen_event *row = step->rows[0];
    if (step->cause == CX_STEP_DUE) {
        CX_TRY(say(step, step->key, "DUE", row->origin.offset));
        return keep(step, step->key, row->origin.offset, 0);
    }
    if (event->body_kind == CX_EVENT_BODY_TICK || event->body_kind == CX_EVENT_BODY_ACTIVATION)
        return say(step, (cx_view){NULL, 0}, "TICK", 0);
    int64_t count = row != NULL ? row->origin.offset + 1 : 1;
    CX_TRY(say(step, step->key, "COUNT", count));
    return keep(step, step->key, count, step->now == CX_NO_TIME ? 0 : step->now + patience);
}

static cx_rc tally_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n) {
    *n = step->key.n > 0;
    keys[0] = step->key;
    return CX_OK;
}

static const cx_type *row_type(cx_view key) {
    return key.n == 16 ? &cx_seen_event_type : NULL;
}

static cx_time row_due(cx_view key, const void *row) {
    (void)key;
    cx_time due = ((const cx_seen_event *)row)->drop_after;
    return due == 0 ? CX_NO_TIME : due;
}

int main(int argc, char **argv) {
    static const cx_input inputs[] = {
        {.topic = "credit.records", .type = &cx_event_type, .about = cx_about_event}};
    static const cx_type *const types[] = {&cx_seen_event_type, NULL};
    static const cx_output outputs[] = {
        [OUT_CLASSIFIED] = {CX_OUTPUT_TOPIC, "credit.classified", &cx_classified_type, .own = true},
        [OUT_STATE] = {CX_OUTPUT_STATE, "credit.state", &cx_seen_event_type, .own = true},
    };
    static const cx_stage stage = {.name = "tally",
                                   .number = 15,
                                   .inputs = inputs,
                                   .input_count = 1,
                                   .outputs = outputs,
                                   .output_count = 2,
                                   .decide = tally_decide,
                                   .keys = tally_keys,
                                   .row_type = row_type,
                                   .row_types = types,
                                   .row_due = row_due,
                                   .row_due_head = 3};
    return cx_run_main(&stage, argc, argv);
}
