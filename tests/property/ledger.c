#include "tests/property/ledger.h"

#include "common/law/procedure.h"

void cx_ledger_begin(cx_ledger *l, const cx_world *world, const cx_chain *chain) {
    l->world = world;
    l->chain = chain;
    l->today = CX_NO_DATE;
    l->sent_n = l->entry_n = l->record_n = l->told_n = l->cause_n = l->answer_n = l->access_n = l->link_n =
        l->subject_n = l->public_n = 0;
    l->full = false;
    l->pack = NULL;
    for (int i = 0; i < CX_WORLD_PACKS; i++) {
        l->activated_on[i] = CX_NO_DATE;
        l->order[i] = 0;
    }
}

bool cx_ledger_is_derived(const cx_event *e) {
    return e->cause != NULL && (!e->cause->forwarded || e->body_kind >= CX_EVENT_BODY_BOUND);
}

/* --- looking ------------------------------------------------------------------------------------------ */
cx_known_entry *cx_ledger_entry(const cx_ledger *l, cx_view id) {
    for (size_t i = 0; i < l->entry_n; i++)
        if (cx_view_eq(l->entries[i].id, id))
            return (cx_known_entry *)&l->entries[i];
    return NULL;
}

const uint8_t *cx_ledger_resolve(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    for (size_t i = 0; i < l->link_n; i++)
        if (memcmp(subject, l->linked[i][0], CX_CHAIN_SUBJECT) == 0)
            subject = l->linked[i][1];
    return subject;
}

cx_known_subject cx_ledger_subject(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    const uint8_t *known = cx_ledger_resolve(l, subject);
    for (size_t i = 0; i < l->subject_n; i++)
        if (memcmp(l->subjects[i].subject, known, CX_CHAIN_SUBJECT) == 0)
            return l->subjects[i];
    return (cx_known_subject){.gone = false};
}

bool cx_ledger_same(const cx_ledger *l, const uint8_t a[CX_CHAIN_SUBJECT],
                    const uint8_t b[CX_CHAIN_SUBJECT]) {
    return memcmp(a, b, CX_CHAIN_SUBJECT) == 0 ||
           memcmp(cx_ledger_resolve(l, a), cx_ledger_resolve(l, b), CX_CHAIN_SUBJECT) == 0;
}

const cx_known_record *cx_ledger_record(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT],
                                        cx_view department, cx_view event_id) {
    for (size_t i = 0; i < l->record_n; i++)
        if (cx_view_eq(l->records[i].now->event_id, event_id) &&
            cx_view_eq(l->records[i].now->department, department) &&
            memcmp(l->records[i].subject, subject, CX_CHAIN_SUBJECT) == 0)
            return &l->records[i];
    return NULL;
}

const cx_sent *cx_ledger_sent(const cx_ledger *l, cx_view department, cx_view id,
                              const uint8_t subject[CX_CHAIN_SUBJECT]) {
    for (size_t i = 0; i < l->sent_n; i++)
        if (l->sent[i].accepted && cx_view_eq(l->sent[i].department, department) &&
            cx_view_eq(l->sent[i].event->event_id, id) &&
            (subject == NULL || cx_ledger_same(l, l->sent[i].subject, subject)))
            return &l->sent[i];
    return NULL;
}

const cx_sent *cx_ledger_sent_by_number(const cx_ledger *l, int64_t number) {
    for (size_t i = 0; i < l->sent_n; i++)
        if (l->sent[i].number == number)
            return &l->sent[i];
    return NULL;
}

const cx_told *cx_ledger_told(const cx_ledger *l, cx_view department, cx_view measure_id) {
    for (size_t i = 0; i < l->told_n; i++)
        if (cx_view_eq(l->told[i].measure_id, measure_id) && cx_view_eq(l->told[i].department, department))
            return &l->told[i];
    return NULL;
}

const cx_pack *cx_ledger_pack(const cx_ledger *l, const uint8_t hash[CX_PACK_HASH]) {
    for (size_t i = 0; i < l->world->n; i++)
        if (memcmp(cx_pack_hash(l->world->packs[i]), hash, CX_PACK_HASH) == 0)
            return l->world->packs[i];
    return NULL;
}

/* The newest activated one whose first day is not after the day; else the oldest activated. */
const cx_pack *cx_ledger_pack_on(const cx_ledger *l, cx_date day) {
    const cx_pack *best = NULL, *oldest = NULL;
    int newest = 0, first = 0;
    for (size_t i = 0; i < l->world->n; i++) {
        if (l->order[i] == 0)
            continue;
        if (oldest == NULL || l->order[i] < first) {
            oldest = l->world->packs[i];
            first = l->order[i];
        }
        if (cx_pack_effective_from(l->world->packs[i]) <= day && l->order[i] > newest) {
            best = l->world->packs[i];
            newest = l->order[i];
        }
    }
    return best != NULL ? best : oldest;
}

const cx_list *cx_ledger_list(const cx_ledger *l, const cx_list_entry *e) {
    const cx_list *list = e->list.n > 0 ? cx_pack_list(l->pack, e->list) : NULL;
    const cx_pack *then = list == NULL && e->list.n > 0 ? cx_ledger_pack(l, e->pack) : NULL;
    return then != NULL ? cx_pack_list(then, e->list) : list;
}

/* --- what rests --------------------------------------------------------------------------------------- */
static void add_rest(const cx_ledger *l, cx_view entry, cx_rest *rest) {
    for (size_t i = 0; i < l->cause_n; i++) {
        const cx_cause_known *c = &l->causes[i];
        if (!c->suspends || !cx_view_eq(c->entry, entry))
            continue;
        rest->objection = rest->objection || c->kind == CX_CAUSE_DISPUTE;
        rest->stay = rest->stay || c->kind == CX_CAUSE_STAY;
        rest->reorganisation = rest->reorganisation || c->kind == CX_CAUSE_REORGANISATION;
    }
}

cx_rest cx_ledger_rest(const cx_ledger *l, const cx_known_entry *e) {
    cx_rest rest = {false, false, false};
    add_rest(l, e->id, &rest);
    if (e->now->organisation_entry.n > 0)
        add_rest(l, e->now->organisation_entry, &rest);
    return rest;
}

bool cx_ledger_rests(const cx_pack *pack, const cx_measure *m, cx_rest rest) {
    const cx_basis *basis = cx_pack_basis(pack, m->basis);
    bool ban =
        m->kind == CX_MEASURE_KIND_RIGHTS_REDUCING && basis != NULL && basis->level == CX_LEVEL_STATUTE;
    return rest.stay || ((rest.objection || rest.reorganisation) && !m->court_only && !ban);
}

bool cx_ledger_is_marked(const cx_ledger *l, const cx_known_entry *e) {
    for (size_t i = 0; i < l->cause_n; i++)
        if (l->causes[i].marks && cx_view_eq(l->causes[i].entry, e->id))
            return true;
    return false;
}
