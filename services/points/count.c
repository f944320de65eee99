/* Opting in and out, and what is counted. Arrays are replaced by copies: the row that came in stays as it is.
 */
#include "common/base/mistake.h"
#include "services/points/work.h"

static void *append(cx_arena *arena, const void *items, size_t n, size_t size) {
    char *copy = cx_arena_calloc(arena, n + 1, size);
    if (copy != NULL && n > 0)
        (void)memcpy(copy, items, n * size);
    return copy;
}

/* --- consents ----------------------------------------------------------------------------------------- */
static bool stands(const cx_points_consent *c, cx_date today) {
    return !c->has_until || today <= c->until;
}

static cx_rc opt_in(cx_till *t, cx_points_consent consent) {
    cx_points_state *s = &t->state;
    if (!stands(&consent, t->today))
        return CX_OK;
    for (size_t i = 0; i < s->consents.n; i++)
        if (cx_view_eq(s->consents.items[i].department, consent.department) &&
            cx_view_eq(s->consents.items[i].event_id, consent.event_id))
            return CX_OK;
    cx_points_consent *items = append(t->arena, s->consents.items, s->consents.n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    items[s->consents.n] = consent;
    s->consents = (cx_points_consent_array){items, s->consents.n + 1};
    t->touched = true;
    return CX_OK;
}

/* Whoever opts out, opts out: one revocation ends all consents, and nothing is kept. */
static void opt_out(cx_till *t) {
    t->touched = t->touched || t->state.consents.n > 0;
    t->state.consents.n = 0;
}

static cx_rc consented(cx_till *t, const cx_header *header, const cx_consent *consent) {
    if (!cx_view_is(consent->scope, "POINTS") || t->state.linked_to != NULL)
        return CX_OK; /* linked: it comes again under the other identifier */
    if (t->state.consents.n == 0) {
        t->state.jurisdiction = header->jurisdiction;
        t->state.subject_type = header->subject_type;
    }
    return opt_in(t, (cx_points_consent){.department = header->department,
                                         .event_id = header->event_id,
                                         .has_until = consent->has_until,
                                         .until = consent->until});
}

/* Which consents an event revoked is the registrar's to say: ids are one department's, and the event names
 * no department. */
static void revoked(cx_till *t, const cx_kept_consent_array *revoked) {
    for (size_t i = 0; i < revoked->n && !CX_MISTAKE(POINTS_STAY); i++)
        if (cx_view_is(revoked->items[i].scope, "POINTS"))
            opt_out(t);
}

/* --- the subject -------------------------------------------------------------------------------------- */
/* The consents of another identifier arrive, unless this one was itself linked away: then the registrar
 * passes them on, but for a circle of links, which ends at the smaller one (its on_subject.c). */
static cx_rc linked(cx_till *t, const cx_header *header, const cx_linked *linked) {
    cx_points_state *s = &t->state;
    if (s->linked_to != NULL) {
        bool mutual = memcmp(s->linked_to, linked->from, CX_SUBJECT) == 0;
        bool smaller = memcmp(s->subject, linked->from, CX_SUBJECT) < 0;
        bool own = memcmp(s->subject, linked->from, CX_SUBJECT) == 0;
        if (!own && !(mutual && smaller))
            return CX_OK;
        s->linked_to = NULL;
        t->touched = true;
    }
    for (size_t i = 0; i < linked->consents.n; i++) {
        const cx_kept_consent *c = &linked->consents.items[i];
        if (!cx_view_is(c->scope, "POINTS") || c->revoked)
            continue;
        if (s->consents.n == 0) {
            s->jurisdiction = header->jurisdiction;
            s->subject_type = header->subject_type;
        }
        CX_TRY(opt_in(t, (cx_points_consent){.department = c->department,
                                             .event_id = c->event_id,
                                             .has_until = c->has_until,
                                             .until = c->until}));
    }
    return CX_OK;
}

static cx_rc befallen(cx_till *t, const cx_header *header, const cx_subject_event *event) {
    bool over =
        event->kind == CX_SUBJECT_EVENT_KIND_DEATH || event->kind == CX_SUBJECT_EVENT_KIND_DEREGISTRATION;
    bool links = event->kind == CX_SUBJECT_EVENT_KIND_IDENTIFIER_CHANGED ||
                 event->kind == CX_SUBJECT_EVENT_KIND_IDENTIFIER_DOUBLED;
    if (over || links)
        opt_out(t);
    if (!links || t->state.linked_to != NULL)
        return CX_OK;
    CX_ASSERT(event->has_other && event->other >= 0 && (size_t)event->other < header->others.n);
    uint8_t *to = cx_arena_alloc(t->arena, CX_SUBJECT);
    if (to == NULL)
        return CX_OUT_OF_MEMORY;
    (void)memcpy(to, header->others.items[event->other].subject, CX_SUBJECT);
    t->state.linked_to = to;
    t->touched = true;
    return CX_OK;
}

cx_rc cx_till_hear(cx_till *t, const cx_event *event) {
    CX_ASSERT(t->in->index == 0);
    switch ((int)event->body_kind) {
    case CX_EVENT_BODY_CONSENT:
        return consented(t, event->header, event->body.consent);
    case CX_EVENT_BODY_CONSENT_REVOKED:
        revoked(t, &t->in->revoked);
        return CX_OK;
    case CX_EVENT_BODY_LINKED:
        return linked(t, event->header, event->body.linked);
    case CX_EVENT_BODY_SUBJECT_EVENT:
        return befallen(t, event->header, event->body.subject_event);
    default:
        return CX_OK;
    }
}

/* --- records ------------------------------------------------------------------------------------------ */
/* What the pack in force gives for a record of that item; 0: nothing. */
static int32_t worth(const cx_till *t, cx_view item) {
    cx_view key = cx_arena_printf(t->arena, "points.of.%.*s", CX_VIEW_ARGS(item));
    cx_view text = t->pack != NULL && key.p != NULL ? cx_pack_property(t->pack, key) : (cx_view){NULL, 0};
    int64_t points = 0;
    return text.p != NULL && cx_view_to_int64(text, &points) && points > 0 && points <= INT32_MAX
               ? (int32_t)points
               : 0;
}

static bool is_disputed(const cx_kept_record *r) {
    for (size_t i = 0; i < r->marks.n; i++)
        if (r->marks.items[i].open)
            return true;
    return false;
}

/* Positive, shown, undisputed, and of the place where the subject opted in. */
static bool counts(const cx_till *t, const cx_kept_record *r) {
    const cx_classification *k = &r->classification;
    bool positive = k->direction == CX_DIRECTION_POSITIVE || CX_MISTAKE(POINTS_OF_ALL);
    return t->state.consents.n > 0 && positive && r->state == CX_ENTRY_STATE_IN_FORCE &&
           k->has_display_until && k->display_until >= t->today && r->jurisdiction == t->state.jurisdiction &&
           !is_disputed(r);
}

static void forget(cx_till *t, cx_points_record *items, size_t *n, const cx_kept_record *r) {
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!cx_view_eq(items[i].department, r->department) || !cx_view_eq(items[i].event_id, r->event_id))
            items[kept++] = items[i];
    t->touched = t->touched || kept < *n;
    *n = kept;
}

/* One that the pack gives nothing for is kept, too: the next pack may. */
cx_rc cx_till_count(cx_till *t, const cx_kept_record *r) {
    cx_points_record_array *all = &t->state.records;
    bool counted = counts(t, r);
    if (!counted && all->n == 0)
        return CX_OK;
    cx_points_record *items = append(t->arena, all->items, all->n, sizeof *items);
    size_t n = all->n;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    forget(t, items, &n, r);
    if (counted) {
        items[n++] = (cx_points_record){.department = r->department,
                                        .event_id = r->event_id,
                                        .item = r->item,
                                        .points = worth(t, r->item),
                                        .until = r->classification.display_until + 1};
        t->touched = true;
    }
    *all = (cx_points_record_array){items, n};
    return CX_OK;
}

cx_rc cx_till_value(cx_till *t) {
    const cx_points_record_array *all = &t->state.records;
    cx_points_record *items = append(t->arena, all->items, all->n, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->n; i++) {
        items[i].points = worth(t, items[i].item);
        t->touched = t->touched || items[i].points != all->items[i].points;
    }
    t->state.records.items = items;
    return CX_OK;
}

void cx_till_tidy(cx_till *t) {
    cx_points_state *s = &t->state;
    bool any = false;
    for (size_t i = 0; i < s->consents.n; i++)
        any = any || stands(&s->consents.items[i], t->today);
    if (!any) {
        opt_out(t);
        t->touched = t->touched || s->records.n > 0;
        s->records.n = 0;
    }
}
