/* Which build decided what: told once for each partition that is taken over, in the transaction of the first
 * message of it, so that it is as true as that is. A header on each message would say the same a million
 * times.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/run/inside.h"
#include "schemas/types.h"

enum { KEY = 160 };

/* Stages that decide by a pack: those that are decided again. */
bool cx_run_marks_builds(const cx_stage *stage) {
    return stage->policies != NULL;
}

cx_rc cx_run_mark_build(cx_run *run, cx_part *part, const cx_step *step, cx_err *err) {
    char build[CX_BUILD_ID], key[KEY];
    part->marked = true;
    if (!cx_run_marks_builds(run->stage))
        return CX_OK;
    cx_build_mark mark = {.stage = cx_view_of(run->stage->name),
                          .instance = cx_view_of(run->instance),
                          .build = cx_view_of(cx_metrics_build(build)),
                          .origin = {step->origin.partition, step->origin.offset},
                          .index = part->now.walk.index};
    cx_checkpoint c = {.generation = (int32_t)cx_config_integer(run->config, "log.generation"),
                       .partition = part->partition,
                       .tick = step->now != CX_NO_TIME ? step->now : step->received_at,
                       .body_kind = CX_CHECKPOINT_BODY_BUILD_MARK,
                       .body = {.build_mark = &mark}};
    cx_outgoing m = {.partition = -1, .timestamp = c.tick > 0 ? c.tick : 1};
    int n = snprintf(key, sizeof key, "build/%" PRId32 "/%s/%" PRId32 "/%" PRId64 ".%" PRId32, c.generation,
                     run->stage->name, part->partition, step->origin.offset, mark.index);
    CX_ASSERT(n > 0 && n < KEY);
    m.key = (cx_view){key, (size_t)n};
    CX_TRY(cx_codec_encode(run->codec, &cx_checkpoint_type, &c, &m.value, err));
    CX_TRY(cx_producer_topic(run->producer, "credit.checkpoints", &m.topic, err));
    return cx_producer_send(run->producer, &m, err);
}
