/* I-POINTS: what points open is an incentive, rests on a consent that stands and on positive records that are
 * worth enough by the pack in force, and ends with them. Counted anew from what was sent and told. */
#include <stdio.h>

#include "tests/property/hold.h"

static int64_t property(const cx_pack *pack, const char *prefix, cx_view code) {
    char key[128];
    int64_t points = 0;
    (void)snprintf(key, sizeof key, "%s%.*s", prefix, CX_VIEW_ARGS(code));
    cx_view text = cx_pack_property(pack, cx_view_of(key));
    return text.p != NULL && cx_view_to_int64(text, &points) ? points : 0;
}

static bool was_revoked(const cx_ledger *l, const cx_sent *consent) {
    for (size_t i = 0; i < l->sent_n; i++)
        if (l->sent[i].accepted && l->sent[i].number > consent->number &&
            l->sent[i].event->body_kind == CX_CREDIT_EVENT_BODY_CONSENT_REVOKED &&
            cx_ledger_same(l, l->sent[i].subject, consent->subject) &&
            cx_view_eq(l->sent[i].event->body.consent_revoked->consent, consent->event->event_id))
            return true;
    return false;
}

/* A consent that was neither revoked nor has ended by itself. */
static bool takes_part(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    for (size_t i = 0; i < l->sent_n; i++) {
        const cx_sent *s = &l->sent[i];
        if (!s->accepted || s->event->body_kind != CX_CREDIT_EVENT_BODY_CONSENT ||
            !cx_view_is(s->event->body.consent->scope, "POINTS") || !cx_ledger_same(l, s->subject, subject))
            continue;
        bool ended = s->event->body.consent->has_until && s->event->body.consent->until < l->today;
        if (!ended && !was_revoked(l, s))
            return true;
    }
    return false;
}

/* What the subject's positive records would be worth, had all of them come after the consent. */
static int64_t most(const cx_ledger *l, const cx_pack *pack, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    int64_t sum = 0;
    for (size_t i = 0; i < l->record_n; i++) {
        const cx_known_record *r = &l->records[i];
        bool stands = r->now->classification.direction == CX_DIRECTION_POSITIVE &&
                      r->now->state == CX_ENTRY_STATE_IN_FORCE;
        if (stands && memcmp(r->subject, cx_ledger_resolve(l, subject), CX_CHAIN_SUBJECT) == 0)
            sum += property(pack, "points.of.", r->now->item);
    }
    return sum;
}

/* Whether the department was told of that incentive again, behind the i-th. */
static bool told_again(const cx_chain_log *log, size_t i) {
    const cx_dispatch *d = log->items[i].value;
    for (size_t k = i + 1; k < log->n; k++) {
        const cx_dispatch *later = log->items[k].value;
        if (memcmp(later->subject, d->subject, CX_CHAIN_SUBJECT) == 0 &&
            cx_view_eq(later->department, d->department) &&
            cx_view_eq(later->notice->measure, d->notice->measure))
            return true;
    }
    return false;
}

bool cx_hold_points_standing(const cx_ledger *l, cx_fault *f) {
    const cx_chain_log *log = cx_chain_log_of(l->chain, CX_CHAIN_INCENTIVES);
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *d = log->items[i].value;
        const cx_notice *n = d->notice;
        if (n == NULL || n->kind != CX_NOTICE_KIND_INCENTIVE || n->measure_kind != CX_MEASURE_KIND_INCENTIVE)
            return cx_broken(f, "points lead to something else than an incentive");
        bool open = cx_view_is(n->cause, "POINTS") && !(n->has_until && n->until <= l->today);
        if (!open || told_again(log, i))
            continue;
        if (!takes_part(l, d->subject) || cx_ledger_subject(l, d->subject).gone)
            return cx_broken(f, "%.*s is open for one who takes no part", CX_VIEW_ARGS(n->measure));
        if (most(l, l->pack, d->subject) < property(l->pack, "points.opens.", n->measure))
            return cx_broken(f, "%.*s is open on too few points", CX_VIEW_ARGS(n->measure));
    }
    return true;
}
