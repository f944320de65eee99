/* What a message is decided on: itself, or the message that it asks to be read again.
 *
 * Position and transaction are the asking message's: what it brings about is committed with its own offset,
 * so that it is read again exactly once, and takes the newest place in the log. */
#include <stdio.h>
#include <string.h>

#include "common/run/inside.h"
#include "schemas/types.h"

enum { FIND_MS = 500 };

static void take_held(cx_part *part) {
    const cx_message *m = &part->held;
    part->taken = (cx_taken){.input = part->input,
                             .input_index = part->input_index,
                             .department = part->department,
                             .key = m->key,
                             .value = m->value,
                             .place = {part->partition, m->offset},
                             .timestamp = m->timestamp,
                             .asked_at = CX_NO_TIME};
}

/* What is refused before anything has been found: nobody's bytes. */
static void take_nothing(cx_part *part, cx_position place) {
    part->taken.input = part->input->again;
    part->taken.key = part->taken.value = (cx_view){NULL, 0};
    part->taken.place = place;
    part->taken.asked_at = part->held.timestamp;
}

static cx_rc find(cx_run *run, const cx_part *part, const cx_redrive *asked, cx_message *out, cx_err *err) {
    char topic[CX_TOPIC_NAME];
    if (!cx_view_is_code(asked->department, CX_DEPARTMENT_NAME))
        return cx_fail(err, CX_TOPIC_MISSING, NULL);
    (void)snprintf(topic, sizeof topic, "%s%.*s", part->input->again->topic, CX_VIEW_ARGS(asked->department));
    if (run->finder == NULL)
        CX_TRY(cx_finder_new(run->config, &run->finder, err));
    CX_TRY(
        cx_finder_find(run->finder, cx_view_of(topic), asked->partition, asked->offset, FIND_MS, out, err));
    return out->handle != NULL ? CX_OK : cx_fail(err, CX_POSITION_GONE, NULL);
}

static bool too_late(const cx_message *found, const cx_message *asking) {
    return found->timestamp != CX_NO_TIME && asking->timestamp != CX_NO_TIME &&
           asking->timestamp - found->timestamp > CX_REDRIVE_DAYS * CX_DAY;
}

static cx_rc take_again(cx_run *run, cx_part *part, cx_err *err) {
    const void *decoded = NULL;
    take_nothing(part, (cx_position){-1, -1});
    if (part->held.value.p == NULL)
        return cx_fail(err, CX_NOT_AVRO, "the message is empty");
    CX_TRY(cx_codec_decode(run->codec, &cx_redrive_type, part->held.value, run->arena, &decoded, err));
    const cx_redrive *asked = decoded;
    take_nothing(part, (cx_position){asked->partition, asked->offset});
    cx_rc rc = find(run, part, asked, &part->again, err);
    if (rc == CX_TOPIC_MISSING) /* there is no such department: told to the one on whose topic it was asked */
        return cx_fail(err, CX_POSITION_GONE, NULL);
    part->taken.department = rc == CX_OK || rc == CX_POSITION_GONE ? asked->department : part->department;
    CX_TRY(rc);
    part->taken.timestamp = part->again.timestamp;
    if (too_late(&part->again, &part->held))
        return cx_fail(err, CX_REDRIVE_TOO_LATE, NULL);
    part->taken.input_index = (int)(part->input->again - run->stage->inputs);
    part->taken.key = part->again.key;
    part->taken.value = part->again.value;
    return CX_OK;
}

cx_rc cx_run_take(cx_run *run, cx_part *part, cx_err *err) {
    take_held(part);
    return part->input->again == NULL ? CX_OK : take_again(run, part, err);
}
