/* Measures follow their entry. */
#include "services/sanctioner/work.h"
#include "common/base/mistake.h"

cx_issued_measure *cx_office_row(cx_office *o, size_t i) {
    CX_ASSERT(i < o->rows.n);
    if (!o->own) {
        cx_issued_measure *copy = cx_arena_alloc(o->arena, o->rows.n * sizeof *copy);
        if (copy == NULL)
            return NULL;
        (void)memcpy(copy, o->rows.items, o->rows.n * sizeof *copy);
        o->rows.items = copy;
        o->own = true;
    }
    return &o->rows.items[i];
}

cx_issued_measure *cx_office_add(cx_office *o) {
    cx_issued_measure *copy = cx_arena_calloc(o->arena, o->rows.n + 1, sizeof *copy);
    if (copy == NULL)
        return NULL;
    if (o->rows.n > 0)
        (void)memcpy(copy, o->rows.items, o->rows.n * sizeof *copy);
    o->rows.items = copy;
    o->own = true;
    return &o->rows.items[o->rows.n++];
}

const cx_measure *cx_catalogued(const cx_office *o, const cx_list_entry *entry, cx_view code,
                                const cx_pack **pack) {
    *pack = cx_policies_by_hash(o->policies, entry->pack);
    const cx_measure *m = *pack != NULL ? cx_pack_measure(*pack, code) : NULL;
    if (m != NULL)
        return m;
    *pack = cx_policies_now(o->policies, entry->jurisdiction);
    return *pack != NULL ? cx_pack_measure(*pack, code) : NULL;
}

/* A new response is due; the earlier one answered something else. An undoing has the statute's days. */
void cx_ask(const cx_office *o, const cx_pack *pack, cx_issued_measure *row, cx_notice_kind kind) {
    const cx_deadlines *deadlines = cx_pack_deadlines(pack);
    cx_period period = kind == CX_NOTICE_KIND_UNDO && deadlines->annulment_undo.days > 0
                           ? deadlines->annulment_undo
                           : deadlines->response;
    bool provisional = false; /* a deadline of departments: it burdens no subject */
    row->last_kind = kind;
    row->feedback = CX_FEEDBACK_OUTCOME_UNKNOWN;
    row->overdue = false;
    row->has_respond_by = period.days > 0;
    row->respond_by = row->has_respond_by
                          ? cx_calendar_last_day(cx_pack_calendar(pack), cx_date_of_time(o->step->now),
                                                 period, &provisional)
                          : 0;
}

/* Sends what the row now demands. measure: NULL where the catalog has it no more (an ending goes out all the
 * same). */
static cx_rc demand(cx_office *o, const cx_list_entry *e, const cx_measure *measure, const cx_pack *pack,
                    size_t i, cx_notice_kind kind, cx_view cause) {
    cx_issued_measure *row = cx_office_row(o, i);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    cx_ask(o, pack, row, kind);
    cx_notice *n = cx_notice_of(o, kind, e, cause);
    if (n == NULL)
        return CX_OUT_OF_MEMORY;
    n->measure_id = row->id;
    n->measure = row->code;
    n->measure_kind = row->kind;
    if (measure != NULL)
        n->basis = measure->basis;
    n->has_from = true;
    n->from = row->from;
    n->has_until = row->has_until;
    n->until = row->until;
    n->has_review_on = row->has_review_on;
    n->review_on = row->review_on;
    n->has_respond_by = row->has_respond_by;
    n->respond_by = row->respond_by;
    return cx_send_notice(o, row->department, n);
}

/* Start, end and review of a measure of the entry (I-CATALOG). A measure that ends by an event is reviewed
 * by its own months, yet never outlives the entry (I-EXPIRY). */
static void set_term(const cx_office *o, const cx_list_entry *e, const cx_measure *m,
                     cx_issued_measure *row) {
    row->has_until = e->has_until && !CX_MISTAKE(NO_END);
    row->until = row->has_until ? e->until : 0;
    if (m->ends_by_event) {
        if (!row->has_review_on)
            row->review_on = cx_date_add_months(o->today, m->review_months > 0 ? m->review_months : 12);
        row->has_review_on = true;
    } else {
        row->has_review_on = e->has_review_on;
        row->review_on = e->has_review_on ? e->review_on : 0;
    }
}

static ptrdiff_t find(const cx_office *o, cx_view entry, cx_view code, cx_view department) {
    for (size_t i = 0; i < o->rows.n; i++)
        if (cx_view_eq(o->rows.items[i].entry, entry) && cx_view_eq(o->rows.items[i].code, code) &&
            cx_view_eq(o->rows.items[i].department, department))
            return (ptrdiff_t)i;
    return -1;
}

static cx_rc open_row(cx_office *o, const cx_list_entry *e, const cx_measure *m, cx_view department,
                      size_t *out) {
    cx_issued_measure *row = cx_office_add(o);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    cx_position at = o->step->origin;
    *row = (cx_issued_measure){.id = cx_arena_printf(o->arena, "m.%d.%lld.%d.%d", at.partition,
                                                     (long long)at.offset, o->in->index, o->measures++),
                               .entry = e->id,
                               .code = m->code,
                               .department = department,
                               .list = e->list,
                               .role = e->role,
                               .kind = CX_MISTAKE(ADVICE_COMMANDS) ? CX_MEASURE_KIND_MANAGEMENT : m->kind,
                               .from = o->today > e->from ? o->today : e->from};
    *out = o->rows.n - 1;
    return row->id.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static bool out_now(cx_measure_stage state) {
    return state == CX_MEASURE_STAGE_ISSUED || state == CX_MEASURE_STAGE_RESTING;
}

/* One measure at one department: issue, rest, resume, or change its term. */
static cx_rc follow_one(cx_office *o, const cx_list_entry *e, const cx_measure *m, const cx_pack *pack,
                        cx_view department, cx_view cause) {
    bool rests = cx_measure_rests(pack, m, &e->suspensions);
    cx_notice_kind begins =
        m->kind == CX_MEASURE_KIND_INCENTIVE ? CX_NOTICE_KIND_INCENTIVE : CX_NOTICE_KIND_IMPOSE;
    ptrdiff_t at = find(o, e->id, m->code, department);
    if (at < 0 && rests)
        return CX_OK; /* it is issued when the last cause is gone */
    size_t i = at < 0 ? 0 : (size_t)at;
    if (at < 0)
        CX_TRY(open_row(o, e, m, department, &i));
    cx_issued_measure *row = cx_office_row(o, i);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    cx_issued_measure before = *row;
    if (!out_now(before.state) && rests)
        return CX_OK;
    set_term(o, e, m, row);
    row->state = rests ? CX_MEASURE_STAGE_RESTING : CX_MEASURE_STAGE_ISSUED;
    if (!out_now(before.state))
        return demand(o, e, m, pack, i, begins, cause);
    if (before.state != row->state)
        return demand(o, e, m, pack, i, rests ? CX_NOTICE_KIND_SUSPEND : CX_NOTICE_KIND_RESUME, cause);
    bool changed = before.has_until != row->has_until || before.until != row->until;
    return changed ? demand(o, e, m, pack, i, CX_NOTICE_KIND_CHANGE, cause) : CX_OK;
}

/* Whether the measure binds this entry's subject in its role at all. */
static bool binds(const cx_measure *m, const cx_list_entry *e) {
    bool person = e->subject_type == CX_SUBJECT_TYPE_PERSON;
    return (m->roles & (1U << e->role)) != 0 && (person ? m->person : m->organisation);
}

static cx_rc follow_live(cx_office *o, const cx_list_entry *e, cx_view cause) {
    for (size_t i = 0; i < e->measures.n; i++) {
        const cx_pack *pack;
        const cx_measure *m = cx_catalogued(o, e, e->measures.items[i], &pack);
        if (m == NULL || !binds(m, e))
            continue;
        for (size_t k = 0; k < (CX_MISTAKE(FIRST_RESPONDER_ALONE) ? 1 : m->responders.n); k++)
            CX_TRY(follow_one(o, e, m, pack, m->responders.items[k], cause));
    }
    return CX_OK;
}

/* Ends a row: stopped where it was right and is over, undone where it never should have been. What had been
 * stopped before is undone too: somebody was told of it. */
static cx_rc end_row(cx_office *o, const cx_list_entry *e, size_t i, cx_view cause) {
    bool undo = e->state == CX_ENTRY_STATE_RECALLED;
    cx_measure_stage state = o->rows.items[i].state;
    bool had = out_now(state) ||
               (undo && o->rows.items[i].last_kind != CX_NOTICE_KIND_UNDO && !CX_MISTAKE(STOPPED_STAYS_DONE));
    const cx_pack *pack;
    if (!had || (CX_MISTAKE(MEASURES_SURVIVE_REPAIR) && e->state == CX_ENTRY_STATE_REPAIRED) ||
        (CX_MISTAKE(MEASURES_SURVIVE_EXPIRY) && e->state == CX_ENTRY_STATE_EXPIRED))
        return CX_OK;
    const cx_measure *m = cx_catalogued(o, e, o->rows.items[i].code, &pack);
    cx_issued_measure *row = cx_office_row(o, i);
    if (row == NULL)
        return CX_OUT_OF_MEMORY;
    row->state = CX_MEASURE_STAGE_ENDING;
    row->has_review_on = false;
    return pack == NULL ? CX_OK
                        : demand(o, e, m, pack, i, undo ? CX_NOTICE_KIND_UNDO : CX_NOTICE_KIND_STOP, cause);
}

/* Of an entry that came from another identifier the rows stayed there. Recalled here, it is undone by every
 * department that the catalog names for what it ever carried: one too many rather than one too few. */
static cx_rc undo_unknown(cx_office *o, const cx_list_entry *e, const cx_view_array *codes, cx_view cause) {
    for (size_t i = 0; i < codes->n; i++) {
        const cx_pack *pack;
        const cx_measure *m = cx_catalogued(o, e, codes->items[i], &pack);
        for (size_t k = 0; m != NULL && binds(m, e) && k < m->responders.n; k++) {
            size_t at;
            if (find(o, e->id, m->code, m->responders.items[k]) >= 0)
                continue;
            CX_TRY(open_row(o, e, m, m->responders.items[k], &at));
            o->rows.items[at].state = CX_MEASURE_STAGE_ENDING;
            CX_TRY(demand(o, e, m, pack, at, CX_NOTICE_KIND_UNDO, cause));
        }
    }
    return CX_OK;
}

cx_rc cx_follow_entry(cx_office *o, const cx_change *change) {
    const cx_list_entry *e = change->entry;
    bool live = cx_state_is_live(e->state);
    if (live)
        CX_TRY(follow_live(o, e, change->cause));
    if (e->state == CX_ENTRY_STATE_RECALLED && e->linked && e->has_from) {
        CX_TRY(undo_unknown(o, e, &e->measures, change->cause));
        CX_TRY(undo_unknown(o, e, &e->former, change->cause));
    }
    for (size_t i = 0; i < o->rows.n; i++)
        if (cx_view_eq(o->rows.items[i].entry, e->id) &&
            !(live && cx_views_have(&e->measures, o->rows.items[i].code)))
            CX_TRY(end_row(o, e, i, change->cause));
    return CX_OK;
}
