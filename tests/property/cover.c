#include "tests/property/cover.h"

#include <stdio.h>

static size_t pack_number(const cx_cover *cover, const cx_ledger *l) {
    for (size_t i = 0; i < l->world->n; i++)
        if (l->world->packs[i] == l->pack)
            return (size_t)cover->world * CX_WORLD_PACKS + i;
    return 0;
}

static void count(cx_cover *cover, const cx_ledger *l, const cx_list *list, cx_entry_state state,
                  cx_move move) {
    if (list != NULL)
        cover->cell[pack_number(cover, l)][list->procedure][state][move]++;
}

static bool move_of(cx_view cause, cx_move *out) {
    for (int m = 0; m < CX_MOVE_COUNT; m++)
        if (cx_view_is(cause, cx_move_name((cx_move)m))) {
            *out = (cx_move)m;
            return true;
        }
    return false;
}

/* --- what happened ------------------------------------------------------------------------------------ */
void cx_cover_change(cx_cover *cover, const cx_ledger *l, const cx_decided *d, const cx_change *c) {
    cx_move move;
    if (cover == NULL || c->entry == NULL || c->entry->role != CX_ROLE_SUBJECT || !move_of(c->cause, &move))
        return;
    (void)d;
    count(cover, l, cx_ledger_list(l, c->entry), c->from, move);
}

/* --- what was attempted ------------------------------------------------------------------------------- */
/* The move that a message asks of an entry, and by which ids it names the entry. */
typedef struct attempt {
    bool any;
    cx_move move;
    cx_view notice;             /* of the sender's */
    cx_view department, target; /* of a notice or decision */
    cx_view repair, objection;
} attempt;

static attempt by_target(cx_move move, const cx_header *h, const cx_target *t) {
    return (attempt){.any = true,
                     .move = move,
                     .department = t->department.n > 0 ? t->department : h->department,
                     .target = t->event_id};
}

static attempt by_own(cx_move move, const cx_header *h, cx_view target) {
    return (attempt){.any = true, .move = move, .department = h->department, .target = target};
}

static attempt by_notice(cx_move move, cx_view notice) {
    return (attempt){.any = notice.n > 0, .move = move, .notice = notice};
}

static attempt outcome_of(const cx_header *h, const cx_review_outcome *o) {
    cx_move move = o->outcome == CX_REVIEW_RESULT_UPHELD   ? CX_MOVE_REVIEW_UPHELD
                   : o->outcome == CX_REVIEW_RESULT_VARIED ? CX_MOVE_REVIEW_VARIED
                                                           : CX_MOVE_REVIEW_ANNULLED;
    return by_target(move, h, &o->target);
}

static attempt ruling_of(const cx_ruling *r) {
    cx_move move = r->outcome == CX_RULING_OUTCOME_UPHELD     ? CX_MOVE_RULING_UPHELD
                   : r->outcome == CX_RULING_OUTCOME_REJECTED ? CX_MOVE_RULING_REJECTED
                                                              : CX_MOVE_RULING_PARTLY;
    return (attempt){.any = true, .move = move, .objection = r->objection};
}

static attempt attempt_of(const cx_event *e) {
    const cx_header *h = e->header;
    switch ((int)e->body_kind) {
    case CX_EVENT_BODY_STATEMENT:
        return by_notice(CX_MOVE_STATEMENT, e->body.statement->notice);
    case CX_EVENT_BODY_LISTING_DECISION:
        return by_notice(CX_MOVE_LISTING_DECISION, e->body.listing_decision->notice);
    case CX_EVENT_BODY_RED_LISTING:
        return by_notice(CX_MOVE_RED_LISTING, e->body.red_listing->nomination);
    case CX_EVENT_BODY_NOTICE_WITHDRAWN:
        return by_notice(CX_MOVE_NOTICE_WITHDRAWN, e->body.notice_withdrawn->notice);
    case CX_EVENT_BODY_OBJECTION:
        return by_target(CX_MOVE_OBJECTION, h, &e->body.objection->target);
    case CX_EVENT_BODY_COMPLAINT:
        return by_target(CX_MOVE_COMPLAINT, h, &e->body.complaint->target);
    case CX_EVENT_BODY_REVIEW_FILED:
        return by_target(CX_MOVE_REVIEW_FILED, h, &e->body.review_filed->target);
    case CX_EVENT_BODY_STAY_ORDERED:
        return by_target(CX_MOVE_STAY_ORDERED, h, &e->body.stay_ordered->target);
    case CX_EVENT_BODY_REVIEW_OUTCOME:
        return outcome_of(h, e->body.review_outcome);
    case CX_EVENT_BODY_RULING:
        return ruling_of(e->body.ruling);
    case CX_EVENT_BODY_CORRECTION:
        return by_own(CX_MOVE_CORRECTION, h, e->body.correction->target);
    case CX_EVENT_BODY_WITHDRAWAL:
        return by_own(CX_MOVE_WITHDRAWAL, h, e->body.withdrawal->target);
    case CX_EVENT_BODY_PERFORMANCE:
        return by_own(e->body.performance->kind == CX_PERFORMANCE_KIND_EXPLAINED ? CX_MOVE_EXPLAINED
                                                                                 : CX_MOVE_PERFORMANCE,
                      h, e->body.performance->target);
    case CX_EVENT_BODY_EXTENSION:
        return by_own(CX_MOVE_EXTENSION, h, e->body.extension->target);
    case CX_EVENT_BODY_REPAIR:
        return by_own(CX_MOVE_REPAIR, h, e->body.repair->target);
    case CX_EVENT_BODY_REPAIR_REVOKED:
        return (attempt){
            .any = true, .move = CX_MOVE_REPAIR_REVOKED, .repair = e->body.repair_revoked->repair};
    default:
        return (attempt){.any = false};
    }
}

static bool has_mark(const cx_list_entry *e, cx_view id) {
    for (size_t i = 0; i < e->marks.n; i++)
        if (e->marks.items[i].open && cx_view_eq(e->marks.items[i].event_id, id))
            return true;
    return false;
}

static bool is_meant(const attempt *a, const cx_header *h, const cx_list_entry *e) {
    if (a->notice.n > 0)
        return cx_view_eq(e->notice, a->notice) && cx_view_eq(e->department, h->department);
    if (a->repair.n > 0)
        return cx_view_eq(e->repair, a->repair) && cx_view_eq(e->department, h->department);
    if (a->objection.n > 0)
        return has_mark(e, a->objection);
    return cx_view_eq(e->department, a->department) &&
           (cx_view_eq(e->decision, a->target) || cx_view_eq(e->notice, a->target));
}

/* What befalls every entry of a subject, whether the procedure knows it or not. */
static bool befalls(const cx_event *e, cx_move *move) {
    if (e->body_kind != CX_EVENT_BODY_SUBJECT_EVENT)
        return false;
    cx_subject_event_kind kind = e->body.subject_event->kind;
    bool ended = kind == CX_SUBJECT_EVENT_KIND_DEATH || kind == CX_SUBJECT_EVENT_KIND_DEREGISTRATION;
    *move = ended                                          ? CX_MOVE_SUBJECT_ENDED
            : kind == CX_SUBJECT_EVENT_KIND_REORGANISATION ? CX_MOVE_REORGANISATION
                                                           : CX_MOVE_REORGANISATION_ENDED;
    return ended || kind == CX_SUBJECT_EVENT_KIND_REORGANISATION ||
           kind == CX_SUBJECT_EVENT_KIND_REORGANISATION_ENDED;
}

static void opening(cx_cover *cover, const cx_ledger *l, const cx_event *e) {
    cx_view code = {NULL, 0};
    cx_move move = CX_MOVE_LISTING_NOTICE;
    if (e->body_kind == CX_EVENT_BODY_LISTING_NOTICE)
        code = e->body.listing_notice->list;
    if (e->body_kind == CX_EVENT_BODY_LISTING_DECISION && e->body.listing_decision->notice.n == 0) {
        code = e->body.listing_decision->list;
        move = CX_MOVE_LISTING_DECISION;
    }
    if (e->body_kind == CX_EVENT_BODY_RED_NOMINATION) {
        code = e->body.red_nomination->list;
        move = CX_MOVE_RED_NOMINATION;
    }
    const cx_list *list = code.n > 0 ? cx_pack_list(l->pack, code) : NULL;
    if (list != NULL && cx_procedure_find(list->procedure, CX_ENTRY_STATE_NONE, move) == NULL)
        count(cover, l, list, CX_ENTRY_STATE_NONE, move);
}

void cx_cover_attempt(cx_cover *cover, const cx_ledger *l, const cx_decided *d) {
    const cx_event *event = &d->classified.event;
    cx_move move = CX_MOVE_SUBJECT_ENDED;
    if (cover == NULL)
        return;
    cover->derived += event->cause != NULL;
    if (event->header == NULL || cx_ledger_is_derived(event) || d->index != 0 || l->pack == NULL)
        return;
    bool ok = cx_view_is(d->verdict, "OK"), all = befalls(event, &move);
    cover->accepted += ok;
    cover->refused += !ok;
    attempt a = attempt_of(event);
    if (!ok)
        opening(cover, l, event);
    for (size_t i = 0; i < l->entry_n; i++) {
        const cx_list_entry *e = l->entries[i].now;
        bool here =
            memcmp(l->entries[i].subject, d->subject, CX_CHAIN_SUBJECT) == 0 && e->role == CX_ROLE_SUBJECT;
        bool meant = here && ((all && ok) || (a.any && !ok && is_meant(&a, event->header, e)));
        const cx_list *list = meant ? cx_ledger_list(l, e) : NULL;
        cx_move m = all ? move : a.move;
        if (list != NULL && cx_procedure_find(list->procedure, e->state, m) == NULL)
            count(cover, l, list, e->state, m);
    }
}

void cx_cover_add(cx_cover *into, const cx_cover *from) {
    const uint64_t *a = &from->cell[0][0][0][0];
    uint64_t *b = &into->cell[0][0][0][0];
    for (size_t i = 0; i < sizeof into->cell / sizeof *b; i++)
        b[i] += a[i];
    into->histories += from->histories;
    into->lines += from->lines;
    into->accepted += from->accepted;
    into->refused += from->refused;
    into->derived += from->derived;
    into->notices += from->notices;
    into->unfinished += from->unfinished;
}
