/* Events of the three procedures up to the listing. */
#include "services/registrar/work.h"

cx_rc cx_on_listing_notice(cx_work *w) {
    return cx_work_open(w, w->event->body.listing_notice->list, CX_MOVE_LISTING_NOTICE);
}

cx_rc cx_on_red_nomination(cx_work *w) {
    return cx_work_open(w, w->event->body.red_nomination->list, CX_MOVE_RED_NOMINATION);
}

/* Index of the entry that the sender's notice or nomination opened, or -1. */
static ptrdiff_t noticed(const cx_work *w, cx_view notice) {
    for (size_t i = 0; i < w->state.entries.n; i++)
        if (cx_view_eq(w->state.entries.items[i].notice, notice) &&
            cx_view_eq(w->state.entries.items[i].department, w->header->department))
            return (ptrdiff_t)i;
    return -1;
}

/* Moves what the notice opened; where the sender has no such notice, says which: nobody's, or another's. */
static cx_rc move_noticed(cx_work *w, cx_view notice, cx_move move, cx_rc none) {
    ptrdiff_t i = noticed(w, notice);
    if (i >= 0)
        return cx_work_move(w, (size_t)i, move);
    cx_rc rc = cx_work_no_target(w, notice);
    return rc == CX_NO_SUCH_EVENT ? none : rc;
}

cx_rc cx_on_statement(cx_work *w) {
    return move_noticed(w, w->event->body.statement->notice, CX_MOVE_STATEMENT, CX_NO_SUCH_EVENT);
}

cx_rc cx_on_notice_withdrawn(cx_work *w) {
    return move_noticed(w, w->event->body.notice_withdrawn->notice, CX_MOVE_NOTICE_WITHDRAWN,
                        CX_NO_SUCH_EVENT);
}

cx_rc cx_on_listing_decision(cx_work *w) {
    const cx_listing_decision *decision = w->event->body.listing_decision;
    if (decision->notice.n == 0)
        return cx_work_open(w, decision->list, CX_MOVE_LISTING_DECISION);
    return move_noticed(w, decision->notice, CX_MOVE_LISTING_DECISION, CX_NO_NOTICE);
}

cx_rc cx_on_red_listing(cx_work *w) {
    return move_noticed(w, w->event->body.red_listing->nomination, CX_MOVE_RED_LISTING, CX_NO_NOTICE);
}
