#include "services/bridge/decide.h"

#include <string.h>

enum { MOST_MONTHS = 600 };

/* A row that changed: an entry, or a record. */
typedef struct row {
    cx_view department, list, item;
    cx_subject_type subject_type;
    cx_entry_state state;
    cx_view target; /* the event that a withdrawal names */
    const cx_document *document;
    const uint8_t *pack;
} row;

typedef struct work {
    const cx_bridge_law *law;
    const cx_decided *d;
    cx_arena *arena;
    cx_crossing_array *out;
    cx_err *err;
} work;

static bool is_zero(const uint8_t hash[CX_PACK_HASH]) {
    static const uint8_t zeros[CX_PACK_HASH];
    return memcmp(hash, zeros, sizeof zeros) == 0;
}

/* false: a person's share, or nothing at all. */
static bool row_of(const cx_change *c, row *out) {
    const cx_list_entry *e = c->entry;
    const cx_kept_record *r = c->record;
    *out = (row){.department = CX_VIEW("")};
    if (e != NULL && e->role == CX_ROLE_SUBJECT && e->organisation == NULL)
        *out = (row){.department = e->department,
                     .list = e->list,
                     .subject_type = e->subject_type,
                     .state = e->state,
                     .target = e->decision.n > 0 ? e->decision : e->notice,
                     .document = &e->document,
                     .pack = e->pack};
    else if (e == NULL && r != NULL && r->consent_scope.n == 0)
        *out = (row){.department = r->department,
                     .item = r->item,
                     .subject_type = r->subject_type,
                     .state = r->state,
                     .target = r->event_id,
                     .document = &r->document,
                     .pack = r->classification.pack};
    return out->pack != NULL && !is_zero(out->pack);
}

static bool lets(const cx_exchange *x, int32_t peer, cx_view department, const row *r) {
    bool listed = r->list.n > 0 ? cx_words_have(x->lists, r->list) : cx_words_have(x->items, r->item);
    return x->peer == peer && cx_view_eq(x->department, department) && listed &&
           (r->subject_type == CX_SUBJECT_TYPE_PERSON ? x->person : x->organisation);
}

/* What lets that department's events on the row cross; NULL: nothing does. */
static cx_rc find(const work *w, const row *r, cx_view department, const cx_exchange **out) {
    const cx_pack *pack = NULL;
    size_t n;
    *out = NULL;
    CX_TRY(w->law->pack_of(w->law->context, r->pack, &pack, w->err));
    const cx_exchange *rows = cx_pack_exchanges(pack, &n);
    for (size_t i = 0; i < n && *out == NULL; i++)
        if (lets(&rows[i], w->law->peer, department, r))
            *out = &rows[i];
    return CX_OK;
}

/* --- the department's own event ------------------------------------------------------------------------- */

static bool may_cross(cx_event_body_kind kind) {
    return kind >= CX_EVENT_BODY_RECORD && kind <= CX_EVENT_BODY_SUBJECT_EVENT &&
           kind != CX_EVENT_BODY_COMMITMENT && kind != CX_EVENT_BODY_CONSENT &&
           kind != CX_EVENT_BODY_CONSENT_REVOKED;
}

static bool is_departments(const cx_decided *d) {
    const cx_event *e = &d->classified.event;
    return d->index == 0 && e->header != NULL && e->cause == NULL && may_cross(e->body_kind) &&
           cx_view_is(d->verdict, "OK");
}

/* A basis that only our own law knows shall not hold back what undoes: it crosses with the basis of what it
 * undoes, which the other side knew when it took that. */
static bool undoes(cx_event_body_kind kind) {
    return kind == CX_EVENT_BODY_WITHDRAWAL || kind == CX_EVENT_BODY_NOTICE_WITHDRAWN ||
           kind == CX_EVENT_BODY_RULING || kind == CX_EVENT_BODY_PERFORMANCE ||
           kind == CX_EVENT_BODY_STAY_ORDERED || kind == CX_EVENT_BODY_REVIEW_OUTCOME;
}

/* The entry's term, in months: what a decision leaves to the list's own term, another law's list may have
 * longer. */
static bool term_of(const cx_decided *d, int32_t *months) {
    for (size_t i = 0; i < d->changes.n; i++) {
        const cx_list_entry *e = d->changes.items[i].entry;
        if (e == NULL || !e->has_from || !e->has_until)
            continue;
        for (*months = 1; *months <= MOST_MONTHS; ++*months)
            if (cx_date_add_months(e->from, *months) == e->until)
                return true;
    }
    return false;
}

/* The code under which the other side knows a department, where it knows it. */
static cx_rc name_there(const work *w, const row *r, cx_view *department) {
    const cx_exchange *x = NULL;
    if (department->n > 0)
        CX_TRY(find(w, r, *department, &x));
    if (x != NULL)
        *department = x->as;
    return CX_OK;
}

#define COPY_OF(field)                                                                                       \
    cx_arena_alloc(w->arena, sizeof *event->body.field);                                                     \
    if (copy == NULL)                                                                                        \
        return CX_OUT_OF_MEMORY;                                                                             \
    *copy = *event->body.field;                                                                              \
    event->body.field = copy

static cx_rc with_term(const work *w, cx_credit_event *event) {
    int32_t months = 0;
    if (event->body_kind == CX_CREDIT_EVENT_BODY_LISTING_DECISION &&
        !event->body.listing_decision->has_months && term_of(w->d, &months)) {
        cx_listing_decision *copy = COPY_OF(listing_decision);
        copy->has_months = true;
        copy->months = months;
    } else if (event->body_kind == CX_CREDIT_EVENT_BODY_RED_LISTING && !event->body.red_listing->has_months &&
               term_of(w->d, &months)) {
        cx_red_listing *copy = COPY_OF(red_listing);
        copy->has_months = true;
        copy->months = months;
    }
    return CX_OK;
}

static cx_rc with_target(const work *w, const row *r, cx_credit_event *event) {
    if (event->body_kind == CX_CREDIT_EVENT_BODY_OBJECTION) {
        cx_objection *copy = COPY_OF(objection);
        return name_there(w, r, &copy->target.department);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_COMPLAINT) {
        cx_complaint *copy = COPY_OF(complaint);
        return name_there(w, r, &copy->target.department);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_REVIEW_FILED) {
        cx_review_filed *copy = COPY_OF(review_filed);
        return name_there(w, r, &copy->target.department);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_STAY_ORDERED) {
        cx_stay_ordered *copy = COPY_OF(stay_ordered);
        return name_there(w, r, &copy->target.department);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME) {
        cx_review_outcome *copy = COPY_OF(review_outcome);
        return name_there(w, r, &copy->target.department);
    }
    return CX_OK;
}

static cx_rc without_roles(const work *w, cx_record **record) {
    cx_record *copy = *record != NULL ? cx_arena_alloc(w->arena, sizeof *copy) : NULL;
    if (*record == NULL)
        return CX_OK;
    if (copy == NULL)
        return CX_OUT_OF_MEMORY;
    *copy = **record;
    copy->roles = (cx_role_holder_array){NULL, 0};
    *record = copy;
    return CX_OK;
}

/* Persons behind an organisation stay here where the pack lets organisations alone cross. */
static cx_rc without_persons(const work *w, cx_credit_event *event) {
    if (event->body_kind == CX_CREDIT_EVENT_BODY_RECORD)
        return without_roles(w, &event->body.record);
    if (event->body_kind == CX_CREDIT_EVENT_BODY_CORRECTION) {
        cx_correction *copy = COPY_OF(correction);
        return without_roles(w, &copy->record);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_REVIEW_OUTCOME) {
        cx_review_outcome *copy = COPY_OF(review_outcome);
        return without_roles(w, &copy->record);
    }
    if (event->body_kind == CX_CREDIT_EVENT_BODY_SUBJECT_EVENT) {
        cx_subject_event *copy = COPY_OF(subject_event);
        copy->has_other = false;
    }
    return CX_OK;
}

static bool others_may(const cx_header *h, const cx_exchange *x) {
    for (size_t i = 0; i < h->others.n; i++)
        if (h->others.items[i].type == CX_SUBJECT_TYPE_PERSON ? !x->person : !x->organisation)
            return false;
    return true;
}

static cx_rc add(const work *w, cx_view as, const cx_credit_event *event, const row *r, bool with_others) {
    w->out->items[w->out->n++] = (cx_crossing){as, event, r->subject_type, with_others};
    return CX_OK;
}

_Static_assert((int)CX_EVENT_BODY_RECORD - (int)CX_CREDIT_EVENT_BODY_RECORD == 2 &&
                   (int)CX_EVENT_BODY_SUBJECT_EVENT - (int)CX_CREDIT_EVENT_BODY_SUBJECT_EVENT == 2,
               "an event's body is that of the department's, behind ticks and activations");

static cx_rc cross(const work *w, const row *r, const cx_exchange *x) {
    const cx_event *in = &w->d->classified.event;
    const cx_header *h = in->header;
    cx_credit_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
    if (event == NULL)
        return CX_OUT_OF_MEMORY;
    *event = (cx_credit_event){.event_id = h->event_id,
                               .jurisdiction = w->law->peer,
                               .issued_at = h->issued_at,
                               .happened_on = h->happened_on,
                               .document = h->document,
                               .official = h->official,
                               .body_kind = (cx_credit_event_body_kind)(in->body_kind - 2)};
    (void)memcpy(&event->body, &in->body, sizeof event->body);
    if (undoes(in->body_kind))
        event->document.legal_basis = r->document->legal_basis;
    bool others = others_may(h, x);
    CX_TRY(with_term(w, event));
    CX_TRY(with_target(w, r, event));
    CX_TRY(others ? CX_OK : without_persons(w, event));
    return add(w, x->as, event, r, others && h->others.n > 0);
}

/* *crossed: who its sender is over there; n 0: it stays here. The row must be one that crosses, and the
 * sender one who may speak of it there. The first such row counts. */
static cx_rc cross_own(const work *w, cx_view *crossed) {
    const cx_header *h = w->d->classified.event.header;
    *crossed = CX_VIEW("");
    for (size_t i = 0; is_departments(w->d) && i < w->d->changes.n; i++) {
        const cx_exchange *owner = NULL, *x = NULL;
        row r;
        if (!row_of(&w->d->changes.items[i], &r))
            continue;
        CX_TRY(find(w, &r, r.department, &owner));
        CX_TRY(find(w, &r, h->department, &x));
        if (owner == NULL || x == NULL)
            continue;
        *crossed = x->as;
        return cross(w, &r, x);
    }
    return CX_OK;
}

/* --- what undoes, in the row's department's name
 * ------------------------------------------------------------ */

/* That a row went to another of the subject's pseudonyms undoes nothing. */
static bool ends(const cx_change *c, const row *r) {
    bool gone = r->state == CX_ENTRY_STATE_RECALLED ||
                (r->state == CX_ENTRY_STATE_REMOVED && !cx_view_is(c->cause, "LINKED"));
    return gone && c->from != r->state && r->target.n > 0;
}

static cx_rc withdraw(const work *w, size_t i, const row *r, const cx_exchange *x) {
    const cx_decided *d = w->d;
    const cx_header *h = d->classified.event.header;
    cx_credit_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
    cx_withdrawal *body = cx_arena_alloc(w->arena, sizeof *body);
    if (event == NULL || body == NULL)
        return CX_OUT_OF_MEMORY;
    *body = (cx_withdrawal){.target = r->target, .reason = CX_VIEW("RECALLED")};
    *event =
        (cx_credit_event){.event_id = cx_arena_printf(w->arena, "x%d.%d.%lld.%d.%zu", w->law->generation,
                                                      d->classified.origin.partition,
                                                      (long long)d->classified.origin.offset, d->index, i),
                          .jurisdiction = w->law->peer,
                          .issued_at = d->classified.now,
                          .happened_on = cx_date_of_time(d->classified.now),
                          .document = h != NULL && h->document.number.n > 0 ? h->document : *r->document,
                          .official = h != NULL ? h->official : (cx_official){.number = CX_VIEW("")},
                          .body_kind = CX_CREDIT_EVENT_BODY_WITHDRAWAL,
                          .body = {.withdrawal = body}};
    event->document.legal_basis = r->document->legal_basis;
    return event->event_id.p == NULL ? CX_OUT_OF_MEMORY : add(w, x->as, event, r, false);
}

/* A withdrawal takes back there what it took back here. Anything else may be refused there, where it answers
 * to what did not cross: what is taken back twice does no harm. */
static cx_rc withdraw_rows(const work *w, cx_view crossed) {
    if (w->d->classified.event.body_kind != CX_EVENT_BODY_WITHDRAWAL)
        crossed = CX_VIEW("");
    for (size_t i = 0; i < w->d->changes.n; i++) {
        const cx_exchange *x = NULL;
        row r;
        if (!row_of(&w->d->changes.items[i], &r) || !ends(&w->d->changes.items[i], &r))
            continue;
        CX_TRY(find(w, &r, r.department, &x));
        if (x != NULL && !cx_view_eq(x->as, crossed))
            CX_TRY(withdraw(w, i, &r, x));
    }
    return CX_OK;
}

cx_rc cx_bridge_decide(const cx_bridge_law *law, const cx_decided *d, cx_arena *arena, cx_crossing_array *out,
                       cx_err *err) {
    const work w = {law, d, arena, out, err};
    cx_view crossed;
    *out = (cx_crossing_array){NULL, 0};
    if (d->changes.n == 0)
        return CX_OK;
    out->items = cx_arena_calloc(arena, d->changes.n + 1, sizeof *out->items);
    cx_rc rc = out->items == NULL ? CX_OUT_OF_MEMORY : cross_own(&w, &crossed);
    if (rc == CX_OK)
        rc = withdraw_rows(&w, crossed);
    return rc == CX_OUT_OF_MEMORY ? cx_fail(err, rc, NULL) : rc;
}
