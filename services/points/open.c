/* Incentives that points open. */
#include "services/points/work.h"

enum { EACH = 4096, HALF = EACH / 2 }; /* numbers of one Decided: the sanctioner's, then ours */

bool cx_points_notice_is(cx_view cause) {
    return cx_view_is(cause, "POINTS") || cx_view_is(cause, "POINTS_ENDED");
}

/* --- notices ------------------------------------------------------------------------------------------ */
/* The measure in the pack in force, else in the newest one that has it: what was opened must be closed. */
static const cx_measure *find_measure(const cx_till *t, cx_view code, const cx_pack **pack) {
    const cx_policies *policies = t->step->policies;
    const cx_measure *m = t->pack != NULL ? cx_pack_measure(t->pack, code) : NULL;
    *pack = t->pack;
    for (size_t i = cx_policies_count(policies); m == NULL && i-- > 0;) {
        *pack = cx_policies_pack(policies, i);
        m = cx_pack_measure(*pack, code);
    }
    return m;
}

static cx_rc tell_one(cx_till *t, cx_view department, const cx_measure *m, const cx_pack *pack,
                      const cx_opened_incentive *open, const char *cause) {
    cx_dispatch *d = cx_arena_calloc(t->arena, 1, sizeof *d);
    cx_notice *n = cx_arena_calloc(t->arena, 1, sizeof *n);
    if (d == NULL || n == NULL)
        return CX_OUT_OF_MEMORY;
    cx_position at = t->step->origin;
    int32_t index = t->walks ? t->step->index : t->in->index, number = HALF + t->notices++;
    *n = (cx_notice){.kind = CX_NOTICE_KIND_INCENTIVE,
                     .id = cx_arena_printf(t->arena, t->walks ? "n.%d.%lld.w%d.%d" : "n.%d.%lld.%d.%d",
                                           at.partition, (long long)at.offset, index, number),
                     .tick = t->step->now,
                     .subject_type = t->state.subject_type,
                     .measure = m->code,
                     .measure_kind = m->kind,
                     .basis = m->basis,
                     .role = CX_ROLE_SUBJECT,
                     .cause = cx_view_of(cause),
                     .has_from = true,
                     .from = open->from,
                     .has_until = open->has_until,
                     .until = open->until};
    (void)memcpy(n->pack, cx_pack_hash(pack), CX_PACK_HASH);
    number += index * EACH;
    *d = (cx_dispatch){.origin = {.partition = at.partition, .offset = at.offset},
                       .index = t->walks ? -1 - number : number,
                       .now = t->step->now,
                       .department = department,
                       .notice = n};
    (void)memcpy(d->subject, t->state.subject, CX_SUBJECT);
    if (n->id.p == NULL)
        return CX_OUT_OF_MEMORY;
    return cx_step_emit(t->step, CX_POINTS_NOTICES, (cx_view){(const char *)d->subject, CX_SUBJECT}, d);
}

static cx_rc tell(cx_till *t, const cx_opened_incentive *open, const char *cause) {
    const cx_pack *pack;
    const cx_measure *m = find_measure(t, open->measure, &pack);
    t->touched = true;
    for (size_t i = 0; m != NULL && i < m->responders.n; i++)
        CX_TRY(tell_one(t, m->responders.items[i], m, pack, open, cause));
    return CX_OK;
}

/* --- what the points are enough for ------------------------------------------------------------------- */
/* How many points a measure needs; 0: points do not open it. Incentives alone can be opened (I-POINTS). */
static int64_t needed(const cx_till *t, const cx_measure *m) {
    bool person = t->state.subject_type == CX_SUBJECT_TYPE_PERSON;
    int64_t points = 0;
    if (m->kind != CX_MEASURE_KIND_INCENTIVE || !(person ? m->person : m->organisation))
        return 0;
    cx_view key = cx_arena_printf(t->arena, "points.opens.%.*s", CX_VIEW_ARGS(m->code));
    cx_view text = key.p != NULL ? cx_pack_property(t->pack, key) : (cx_view){NULL, 0};
    return text.p != NULL && cx_view_to_int64(text, &points) && points > 0 ? points : 0;
}

static int64_t total_on(const cx_till *t, cx_date day) {
    int64_t total = 0;
    for (size_t i = 0; i < t->state.records.n; i++)
        total += t->state.records.items[i].until > day ? t->state.records.items[i].points : 0;
    return total;
}

static void end_sooner(cx_opened_incentive *open, cx_date day) {
    open->until = open->has_until && open->until < day ? open->until : day;
    open->has_until = true;
}

/* From today until the points are too few, or the last consent ends, whichever comes first. */
static bool qualifies(const cx_till *t, int64_t points, cx_opened_incentive *open) {
    const cx_points_state *s = &t->state;
    cx_date consented = CX_NO_DATE;
    bool ends = true;
    if (s->consents.n == 0 || points == 0 || total_on(t, t->today) < points)
        return false;
    for (size_t i = 0; i < s->records.n; i++)
        if (s->records.items[i].until > t->today && total_on(t, s->records.items[i].until) < points)
            end_sooner(open, s->records.items[i].until);
    for (size_t i = 0; i < s->consents.n; i++) {
        ends = ends && s->consents.items[i].has_until;
        if (i == 0 || s->consents.items[i].until + 1 > consented)
            consented = s->consents.items[i].until + 1;
    }
    if (ends)
        end_sooner(open, consented);
    return true;
}

static const cx_opened_incentive *was_open(const cx_opened_incentive_array *opened, cx_view code) {
    for (size_t i = 0; i < opened->n; i++)
        if (cx_view_eq(opened->items[i].measure, code))
            return &opened->items[i];
    return NULL;
}

static cx_rc open_one(cx_till *t, const cx_measure *m, const cx_opened_incentive *before,
                      cx_opened_incentive_array *now) {
    cx_opened_incentive open = {.measure = m->code, .from = before != NULL ? before->from : t->today};
    if (!qualifies(t, needed(t, m), &open))
        return CX_OK;
    now->items[now->n++] = open;
    bool same = before != NULL && before->has_until == open.has_until && before->until == open.until;
    return same ? CX_OK : tell(t, &open, "POINTS");
}

/* What was open and is no more ends today; where it had ended by its own date everybody knows already. */
static cx_rc end_others(cx_till *t, const cx_opened_incentive_array *before,
                        const cx_opened_incentive_array *now) {
    for (size_t i = 0; i < before->n; i++) {
        cx_opened_incentive open = before->items[i];
        if (was_open(now, open.measure) != NULL)
            continue;
        t->touched = true;
        if (open.has_until && open.until <= t->today)
            continue;
        end_sooner(&open, t->today);
        CX_TRY(tell(t, &open, "POINTS_ENDED"));
    }
    return CX_OK;
}

cx_rc cx_till_settle(cx_till *t) {
    size_t n = 0;
    const cx_measure *measures = t->pack != NULL ? cx_pack_measures(t->pack, &n) : NULL;
    cx_opened_incentive_array before = t->state.opened, now = {NULL, 0};
    now.items = cx_arena_calloc(t->arena, n + 1, sizeof *now.items);
    if (now.items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < n; i++)
        CX_TRY(open_one(t, &measures[i], was_open(&before, measures[i].code), &now));
    CX_TRY(end_others(t, &before, &now));
    t->state.opened = now;
    return CX_OK;
}
