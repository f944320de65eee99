/* Notices and refusals on their way to the courier. */
#include "services/sanctioner/work.h"
#include "common/base/mistake.h"

enum { EACH = 4096 }; /* dispatches of one Decided */

static cx_dispatch *dispatch(cx_office *o, cx_view department) {
    cx_dispatch *d = cx_arena_calloc(o->arena, 1, sizeof *d);
    if (d == NULL)
        return NULL;
    int32_t index = o->walks ? o->step->index : o->in->index;
    int32_t number = index * EACH + o->notices;
    *d = (cx_dispatch){.origin = {.partition = o->step->origin.partition, .offset = o->step->origin.offset},
                       .index = o->walks ? -1 - number : number,
                       .now = o->step->now,
                       .department = department};
    (void)memcpy(d->subject, o->subject, CX_SUBJECT);
    return d;
}

static cx_rc emit(cx_office *o, const cx_dispatch *d) {
    o->notices++;
    return cx_step_emit(o->step, CX_SANCTIONER_NOTICES, (cx_view){(const char *)d->subject, CX_SUBJECT}, d);
}

cx_notice *cx_notice_of(cx_office *o, cx_notice_kind kind, const cx_list_entry *entry, cx_view cause) {
    cx_notice *n = cx_arena_calloc(o->arena, 1, sizeof *n);
    if (n == NULL)
        return NULL;
    *n = (cx_notice){.kind = kind,
                     .tick = o->step->now,
                     .subject_type = entry->subject_type,
                     .basis = entry->document.legal_basis,
                     .entry = entry->id,
                     .list = entry->list,
                     .grade = entry->grade,
                     .role = entry->role,
                     .cause = cause,
                     .deciding_department = entry->department,
                     .document = entry->document.number,
                     .has_from = entry->has_from,
                     .from = entry->from,
                     .has_until = entry->has_until,
                     .until = entry->until,
                     .has_review_on = entry->has_review_on,
                     .review_on = entry->review_on};
    (void)memcpy(n->pack, entry->pack, CX_PACK_HASH);
    return n;
}

cx_rc cx_send_notice(cx_office *o, cx_view department, const cx_notice *notice) {
    cx_dispatch *d = dispatch(o, department);
    cx_notice *n = cx_arena_alloc(o->arena, sizeof *n);
    if (d == NULL || n == NULL)
        return CX_OUT_OF_MEMORY;
    *n = *notice;
    n->id = cx_arena_printf(o->arena, o->walks ? "n.%d.%lld.w%d.%d" : "n.%d.%lld.%d.%d",
                            o->step->origin.partition, (long long)o->step->origin.offset,
                            o->walks ? o->step->index : o->in->index, o->notices);
#ifdef CX_SEEDED_MISTAKES
    static int32_t calls; /* what was decided before the log began */
    if (CX_MISTAKE(COUNTS_ACROSS_LOGS))
        n->id = cx_arena_printf(o->arena, "n.%d", calls++);
#endif
    if (n->id.p == NULL)
        return CX_OUT_OF_MEMORY;
    d->notice = n;
    return emit(o, d);
}

cx_rc cx_send_home(cx_office *o, cx_view reason, const char *stage) {
    const cx_header *header = o->in->classified.event.header;
    cx_rc rc = cx_rc_by_name(reason.p, reason.n);
    cx_dispatch *d = dispatch(o, header->department);
    cx_rejection *r = cx_arena_calloc(o->arena, 1, sizeof *r);
    if (d == NULL || r == NULL)
        return CX_OUT_OF_MEMORY;
    *r = (cx_rejection){.event_id = header->event_id,
                        .partition = header->inbound_partition,
                        .offset = header->inbound_offset,
                        .reason = reason,
                        .stage = cx_view_of(stage),
                        .field = CX_VIEW(""),
                        .because = o->in->because};
    r->text = rc == CX_RC_COUNT ? reason
                                : cx_arena_printf(o->arena, "%s%s%s", cx_rc_text(rc),
                                                  cx_rc_advice(rc)[0] != '\0' ? ": " : "", cx_rc_advice(rc));
    if (r->text.p == NULL)
        return CX_OUT_OF_MEMORY;
    d->rejection = r;
    return emit(o, d);
}
