/* Correction, withdrawal, performance, extension, repair: by the department that sent the event. */
#include "common/law/procedure_checks.h"
#include "services/registrar/work.h"

cx_rc cx_on_correction(cx_work *w) {
    const cx_correction *c = w->event->body.correction;
    ptrdiff_t i = cx_work_find_record(w, w->header->department, c->target);
    if (i < 0)
        return cx_work_move_target(w, w->header->department, c->target, CX_MOVE_CORRECTION);
    return c->record == NULL ? CX_DECISION_INCOMPLETE
                             : cx_correct_record(w, (size_t)i, c->record, cx_move_name(CX_MOVE_CORRECTION));
}

cx_rc cx_on_withdrawal(cx_work *w) {
    cx_view target = w->event->body.withdrawal->target;
    cx_rc published = cx_withdraw_disclosure(w, target);
    if (published != CX_NO_SUCH_EVENT)
        return published;
    ptrdiff_t i = cx_work_find_record(w, w->header->department, target);
    return i >= 0 ? cx_recall_record(w, (size_t)i, cx_move_name(CX_MOVE_WITHDRAWAL))
                  : cx_work_move_target(w, w->header->department, target, CX_MOVE_WITHDRAWAL);
}

cx_rc cx_on_performance(cx_work *w) {
    const cx_performance *p = w->event->body.performance;
    cx_move move = p->kind == CX_PERFORMANCE_KIND_EXPLAINED ? CX_MOVE_EXPLAINED : CX_MOVE_PERFORMANCE;
    if (p->kind == CX_PERFORMANCE_KIND_UNKNOWN || p->performed_on > w->today)
        return CX_DECISION_INCOMPLETE;
    ptrdiff_t i = cx_work_find_record(w, w->header->department, p->target);
    if (i < 0)
        return cx_work_move_target(w, w->header->department, p->target, move);
    const cx_kept_record *r = &w->state.records.items[i];
    return r->state == CX_ENTRY_STATE_RECALLED ? CX_ILLEGAL_TRANSITION
                                               : cx_work_say_record(w, cx_move_name(move), r->state, r);
}

cx_rc cx_on_extension(cx_work *w) {
    return cx_work_move_target(w, w->header->department, w->event->body.extension->target, CX_MOVE_EXTENSION);
}

static cx_rc repair_record(cx_work *w, size_t i) {
    const cx_kept_record *r = &w->state.records.items[i];
    if (r->state != CX_ENTRY_STATE_IN_FORCE)
        return CX_ILLEGAL_TRANSITION;
    CX_TRY(cx_check_record_repair(r, w->header, w->event->body.repair, w->today));
    cx_kept_record *own = cx_work_record(w, i);
    if (own == NULL)
        return CX_OUT_OF_MEMORY;
    own->repair = w->header->event_id;
    return cx_end_record(w, i, CX_ENTRY_STATE_REPAIRED, cx_move_name(CX_MOVE_REPAIR));
}

cx_rc cx_on_repair(cx_work *w) {
    cx_view target = w->event->body.repair->target;
    ptrdiff_t i = cx_work_find_record(w, w->header->department, target);
    return i >= 0 ? repair_record(w, (size_t)i)
                  : cx_work_move_target(w, w->header->department, target, CX_MOVE_REPAIR);
}

/* The record is shown again, for what is left of its term. */
static cx_rc unrepair_record(cx_work *w, size_t i) {
    const cx_repair_revoked *revoked = w->event->body.repair_revoked;
    CX_TRY(cx_check_signed(w->header));
    if (w->state.records.items[i].state != CX_ENTRY_STATE_REPAIRED ||
        !cx_view_is(revoked->reason, "FALSE_MATERIAL"))
        return CX_ILLEGAL_TRANSITION;
    cx_kept_record *r = cx_work_record(w, i);
    if (r == NULL)
        return CX_OUT_OF_MEMORY;
    bool over = r->classification.has_display_until && r->classification.display_until < w->today;
    r->repair = CX_VIEW("");
    r->state = over ? CX_ENTRY_STATE_EXPIRED : CX_ENTRY_STATE_IN_FORCE;
    r->has_ended_on = over;
    r->ended_on = over ? r->classification.display_until + 1 : 0;
    return cx_work_say_record(w, cx_move_name(CX_MOVE_REPAIR_REVOKED), CX_ENTRY_STATE_REPAIRED, r);
}

cx_rc cx_on_repair_revoked(cx_work *w) {
    cx_view repair = w->event->body.repair_revoked->repair;
    cx_rc rc = CX_NO_SUCH_EVENT;
    if (repair.n == 0)
        return rc;
    for (size_t i = 0; i < w->state.records.n; i++)
        if (cx_view_eq(w->state.records.items[i].repair, repair) &&
            cx_view_eq(w->state.records.items[i].department, w->header->department))
            return unrepair_record(w, i);
    for (size_t i = 0, n = w->state.entries.n; i < n; i++)
        if (cx_view_eq(w->state.entries.items[i].repair, repair) &&
            cx_view_eq(w->state.entries.items[i].department, w->header->department)) {
            rc = cx_work_move(w, i, CX_MOVE_REPAIR_REVOKED);
            if (rc != CX_OK)
                return rc;
        }
    return rc;
}
