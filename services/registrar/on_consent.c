/* Consents, and what ends with them. */
#include "services/registrar/work.h"

cx_rc cx_on_consent(cx_work *w) {
    const cx_consent *consent = w->event->body.consent;
    if (consent->scope.n == 0)
        return CX_NO_CONSENT;
    cx_kept_consent *c = cx_work_add_consent(w);
    if (c == NULL)
        return CX_OUT_OF_MEMORY;
    *c = (cx_kept_consent){.event_id = w->header->event_id,
                           .department = w->header->department,
                           .scope = consent->scope,
                           .has_until = consent->has_until,
                           .until = consent->until};
    return CX_OK;
}

/* What rested on the consent ends: records under its scope; red entries where it was for role models. */
static cx_rc end_consented(cx_work *w, cx_view scope) {
    for (size_t i = 0; i < w->state.records.n; i++)
        if (scope.n > 0 && w->state.records.items[i].state == CX_ENTRY_STATE_IN_FORCE &&
            cx_view_eq(w->state.records.items[i].consent_scope, scope))
            CX_TRY(cx_end_record(w, i, CX_ENTRY_STATE_REMOVED, cx_move_name(CX_MOVE_CONSENT_REVOKED)));
    for (size_t i = 0, n = w->state.entries.n; i < n; i++) {
        const cx_list_entry *e = &w->state.entries.items[i];
        bool covered = cx_view_is(scope, "ROLE_MODEL") || cx_view_eq(scope, e->list);
        if (!covered || cx_work_procedure(w, e) != CX_PROCEDURE_RED)
            continue;
        cx_rc rc = cx_work_move(w, i, CX_MOVE_CONSENT_REVOKED);
        if (rc != CX_OK && !cx_is_verdict(rc))
            return rc;
    }
    return CX_OK;
}

static cx_rc revoke(cx_work *w, size_t i) {
    cx_kept_consent *c = cx_work_consent(w, i);
    cx_kept_consent *said = cx_append(w->arena, w->revoked.items, w->revoked.n, sizeof *said);
    if (c == NULL || said == NULL)
        return CX_OUT_OF_MEMORY;
    c->revoked = true;
    said[w->revoked.n] = *c;
    w->revoked = (cx_kept_consent_array){said, w->revoked.n + 1};
    return CX_OK;
}

/* The department's own consent of that id, else another's; one that stands before one that was revoked (an id
 * may come again 13 months later). Or -1. */
static ptrdiff_t find_consent(const cx_work *w, cx_view id) {
    ptrdiff_t found = -1;
    int best = -1;
    for (size_t i = 0; i < w->state.consents.n; i++) {
        const cx_kept_consent *c = &w->state.consents.items[i];
        int rank = 2 * cx_view_eq(c->department, w->header->department) + !c->revoked;
        if (!cx_view_eq(c->event_id, id) || rank <= best)
            continue;
        found = (ptrdiff_t)i;
        best = rank;
    }
    return found;
}

/* Any department may pass on that the subject revoked a consent; revoking twice changes nothing more. Who
 * opts out of points opts out (I-POINTS): of every consent to them that stood, so that none of them comes
 * back with a link. */
cx_rc cx_on_consent_revoked(cx_work *w) {
    ptrdiff_t at = find_consent(w, w->event->body.consent_revoked->consent);
    if (at < 0)
        return CX_NO_SUCH_EVENT;
    cx_kept_consent named = w->state.consents.items[at];
    if (!named.revoked)
        CX_TRY(revoke(w, (size_t)at));
    for (size_t i = 0; i < w->state.consents.n && !named.revoked && cx_view_is(named.scope, "POINTS"); i++)
        if (cx_view_is(w->state.consents.items[i].scope, "POINTS") && !w->state.consents.items[i].revoked)
            CX_TRY(revoke(w, i));
    return end_consented(w, named.scope);
}
