/* What is in force for a subject: entries, with the measures that do not rest, and records on display. */
#include "services/registrar/work.h"
#include "common/base/mistake.h"

static bool is_marked(const cx_mark_array *marks) {
    for (size_t i = 0; i < marks->n; i++)
        if (marks->items[i].open)
            return true;
    return false;
}

/* The measures that run now: marks are shown, what rests is not. */
static cx_rc running(const cx_work *w, const cx_list_entry *e, cx_view_array *out) {
    *out = e->measures;
    const cx_pack *pack = e->suspensions.n > 0 ? cx_entry_pack(w, e) : NULL;
    if (pack == NULL)
        return CX_OK;
    *out = (cx_view_array){.items = cx_arena_calloc(w->arena, e->measures.n, sizeof(cx_view))};
    if (out->items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < e->measures.n; i++) {
        const cx_measure *m = cx_pack_measure(pack, e->measures.items[i]);
        if (m != NULL && !cx_measure_rests(pack, m, &e->suspensions))
            out->items[out->n++] = e->measures.items[i];
    }
    return CX_OK;
}

static cx_rc add_entry(const cx_work *w, cx_status *s, const cx_list_entry *e) {
    cx_status_entry *out = &s->entries.items[s->entries.n++];
    *out = (cx_status_entry){.id = e->id,
                             .version = e->version,
                             .list = e->list,
                             .state = e->state,
                             .grade = e->grade,
                             .role = e->role,
                             .department = e->department,
                             .document = e->document.number,
                             .basis = e->document.legal_basis,
                             .from = e->from,
                             .has_until = e->has_until,
                             .until = e->until,
                             .has_review_on = e->has_review_on,
                             .review_on = e->review_on,
                             .marked = is_marked(&e->marks)};
    return running(w, e, &out->measures);
}

static void add_record(cx_status *s, const cx_kept_record *r) {
    s->records.items[s->records.n++] = (cx_status_record){.event_id = r->event_id,
                                                          .version = r->version,
                                                          .department = r->department,
                                                          .item = r->item,
                                                          .direction = r->classification.direction,
                                                          .grade = r->classification.grade,
                                                          .document = r->document.number,
                                                          .until = r->classification.display_until + 1,
                                                          .marked = is_marked(&r->marks)};
}

/* The latest end; none where something has no end by date. */
static void set_until(cx_status *s) {
    s->has_until = s->entries.n + s->records.n > 0;
    s->until = CX_NO_DATE;
    for (size_t i = 0; i < s->entries.n; i++) {
        s->has_until = s->has_until && s->entries.items[i].has_until;
        if (s->entries.items[i].until > s->until)
            s->until = s->entries.items[i].until;
    }
    for (size_t i = 0; i < s->records.n; i++)
        if (s->records.items[i].until > s->until)
            s->until = s->records.items[i].until;
    if (!s->has_until)
        s->until = 0;
}

cx_rc cx_status_of(const cx_work *w, cx_status **out) {
    cx_status *s = cx_arena_calloc(w->arena, 1, sizeof *s);
    if (s == NULL)
        return CX_OUT_OF_MEMORY;
    s->entries.items = cx_arena_calloc(w->arena, w->state.entries.n, sizeof(cx_status_entry));
    s->records.items = cx_arena_calloc(w->arena, w->state.records.n, sizeof(cx_status_record));
    if (s->entries.items == NULL || s->records.items == NULL)
        return CX_OUT_OF_MEMORY;
    (void)memcpy(s->subject, w->state.subject, CX_SUBJECT);
    s->origin = (cx_origin){.partition = w->step->origin.partition, .offset = w->step->origin.offset};
    s->tick = w->step->now;
    s->linked_to = w->state.linked_to;
    for (size_t i = 0; i < w->state.entries.n; i++)
        if (cx_state_is_live(w->state.entries.items[i].state) &&
            !(CX_MISTAKE(SHARES_NOT_SHOWN) && w->state.entries.items[i].role != CX_ROLE_SUBJECT))
            CX_TRY(add_entry(w, s, &w->state.entries.items[i]));
    for (size_t i = 0; i < w->state.records.n; i++) {
        const cx_kept_record *r = &w->state.records.items[i];
        if (r->state == CX_ENTRY_STATE_IN_FORCE && r->classification.has_display_until &&
            r->classification.display_until >= w->today)
            add_record(s, r);
    }
    set_until(s);
    *out = s;
    return CX_OK;
}
