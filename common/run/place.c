/* Partitions come and go: where to begin, and the state that belongs to that place. */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/run/inside.h"

cx_part *cx_run_part(cx_run *run, cx_view topic, int32_t partition) {
    cx_part *p = run->parts;
    while (p != NULL && (p->partition != partition || !cx_view_is(topic, p->topic)))
        p = p->next_part;
    return p;
}

static cx_rc new_part(cx_run *run, const cx_place *place, cx_part **out, cx_err *err) {
    cx_part *p = calloc(1, sizeof *p);
    size_t n = strlen(place->topic);
    if (p == NULL || n >= sizeof p->topic) {
        free(p);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    (void)memcpy(p->topic, place->topic, n + 1);
    p->partition = place->partition;
    for (size_t i = 0; i < run->stage->input_count; i++) {
        const cx_input *input = &run->stage->inputs[i];
        size_t prefix = strlen(input->topic);
        if (input->by_department ? strncmp(p->topic, input->topic, prefix) != 0
                                 : strcmp(p->topic, input->topic) != 0)
            continue;
        p->input = input;
        p->input_index = (int)i;
        if (input->by_department)
            p->department = cx_view_of(p->topic + prefix);
    }
    if (p->input == NULL) {
        free(p);
        return cx_fail(err, CX_CONFIG, "topic %s was assigned, which is no input", place->topic);
    }
    p->next_part = run->parts;
    run->parts = p;
    *out = p;
    return CX_OK;
}

static cx_rc first_position(cx_run *run, const cx_part *part, cx_place *place, cx_err *err) {
    bool never = true;
    if (!part->input->by_department)
        CX_TRY(cx_run_never_ran(run, part->partition, &never, err));
    if (!never)
        return cx_fail(err, CX_POSITION_LOST,
                       "group %s has no position in %s partition %d, but has written output", run->group,
                       part->topic, (int)part->partition);
    place->offset = 0;
    return CX_OK;
}

static bool same_place(const cx_part *p, int64_t next, const cx_metadata *metadata) {
    char mine[CX_METADATA_TEXT], theirs[CX_METADATA_TEXT];
    return p->restored && p->kept_next == next && cx_metadata_format(&p->kept, mine, NULL) == CX_OK &&
           cx_metadata_format(metadata, theirs, NULL) == CX_OK && strcmp(mine, theirs) == 0;
}

/* Tick, packs in force and the place in a walk are committed beside an offset. One that was set by hand has
 * none of them: from there a stage would decide without law and time. Intake needs none. */
static cx_rc check_whole(const cx_run *run, const cx_part *part, const cx_place *place, cx_err *err) {
    if (place->offset == CX_POSITION_NONE || place->metadata[0] != '\0' || part->input->by_department)
        return CX_OK;
    return cx_fail(err, CX_POSITION_LOST,
                   "the position of group %s in %s partition %d was set by another program, without what the "
                   "stage keeps beside it",
                   run->group, part->topic, (int)part->partition);
}

/* The state that we still have is right if nobody has committed anything since. */
static cx_rc take_place(cx_run *run, cx_place *place, cx_err *err) {
    cx_part *part = cx_run_part(run, cx_view_of(place->topic), place->partition);
    cx_metadata metadata;
    CX_TRY(cx_metadata_parse(place->metadata, &metadata, err));
    if (part == NULL)
        CX_TRY(new_part(run, place, &part, err));
    CX_TRY(check_whole(run, part, place, err));
    bool none = place->offset == CX_POSITION_NONE;
    if (none)
        CX_TRY(first_position(run, part, place, err));
    if (!same_place(part, place->offset, &metadata)) {
        cx_state_destroy(&part->state);
        if (part->policies != NULL)
            run->stage->policies->set_destroy(&part->policies);
        part->restored = false;
        run->restore_needed = true;
    }
    part->next = part->kept_next = place->offset;
    part->now = part->kept = metadata;
    part->owned = true;
    part->marked = part->kept_marked = false;
    part->paused = part->touched = false;
    part->retry_at = 0;
    part->retry_ms = 0;
    if (none) /* of an inbound topic some may be gone already */
        place->offset = CX_POSITION_BEGINNING;
    return CX_OK;
}

cx_rc cx_run_assigned(void *context, cx_place *places, size_t n, cx_err *err) {
    cx_run *run = context;
    for (size_t i = 0; i < n; i++)
        CX_TRY(take_place(run, &places[i], err));
    atomic_fetch_add(&run->metrics.assignments, 1);
    cx_run_tell_holdings(run);
    run->tables.changed = true; /* the clock is told who counts for what */
    cx_log_info("%zu partitions are ours", n);
    return CX_OK;
}

void cx_run_revoked(void *context) {
    cx_run *run = context;
    cx_batch_drop(run);
    for (cx_part *p = run->parts; p != NULL; p = p->next_part)
        p->owned = false;
    cx_run_tell_holdings(run);
}

void cx_run_forget_parts(cx_run *run) {
    while (run->parts != NULL) {
        cx_part *p = run->parts;
        run->parts = p->next_part;
        cx_message_release(&p->held);
        cx_run_snapshot_drop(p);
        cx_state_destroy(&p->state);
        if (p->policies != NULL)
            run->stage->policies->set_destroy(&p->policies);
        free(p->walk_keys);
        free(p);
    }
}
