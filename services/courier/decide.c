#include "services/courier/decide.h"

#include "schemas/types.h"

static cx_rc deliver(cx_step *step, const cx_dispatch *d) {
    const cx_courier_prepared *prepared = step->prepared;
    if (prepared == NULL)
        return CX_ROW_NOT_YET;
    cx_notice *notice = cx_arena_alloc(step->arena, sizeof *notice);
    if (notice == NULL)
        return CX_OUT_OF_MEMORY;
    *notice = *d->notice;
    notice->reference = prepared->reference;
    notice->identity = prepared->identity;
    CX_TRY(cx_step_emit(step, CX_COURIER_NOTICES, prepared->reference, notice));
    step->last->department = d->department;
    return CX_OK;
}

cx_rc cx_courier_decide(cx_step *step) {
    const cx_dispatch *d = step->event;
    if (d->notice != NULL)
        CX_TRY(deliver(step, d));
    if (d->rejection == NULL)
        return CX_OK; /* a tick or an activation ends here */
    CX_TRY(cx_step_emit(step, CX_COURIER_REJECTED, d->rejection->event_id, d->rejection));
    step->last->department = d->department;
    return CX_OK;
}
