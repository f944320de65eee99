/* What crosses a bridge, by the shipped pack: from Shijiazhuang up to the province. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ops/cli/pack_files.h"
#include "services/bridge/decide.h"
#include "tests/unit/services/query/shipped_pack.h"

enum { PEER = 130000, DAY = 20500 };

/* One change of a row: an entry where `list` is not "", else a record. */
struct change {
    const char *department, *list, *item, *event;
    cx_entry_state from, state;
    bool person, share;
    const char *cause;
};

/* A decided event with one change, and what must cross: "as:event id" joined by blanks, +T where its target
 * is named. */
struct testcase {
    const char *sender; /* "": nobody's: a walk, or derived */
    cx_event_body_kind kind;
    const char *verdict;
    struct change change;
    const char *crosses;
};

#define R CX_EVENT_BODY_RECORD
#define W CX_EVENT_BODY_WITHDRAWAL
#define D CX_EVENT_BODY_LISTING_DECISION
#define IN CX_ENTRY_STATE_IN_FORCE
#define NO CX_ENTRY_STATE_NONE
#define OUT CX_ENTRY_STATE_RECALLED
#define FOOD "market", "", "MK-FOOD-PENALTY", "f-1"
#define BLACK "market", "B-MARKET", "", "d-1"

static const struct testcase cases[] = {
    {"market", R, "OK", {FOOD, NO, IN, false, false, "RECORD"}, "sjz-market:me"},
    {"market", R, "OK", {FOOD, NO, IN, true, false, "RECORD"}, ""}, /* organisations alone */
    {"market", R, "OK", {"market", "", "MK-PERMIT", "f-1", NO, IN, false, false, "RECORD"}, ""},
    {"emergency", R, "OK", {"emergency", "", "YJ-PENALTY", "f-1", NO, IN, false, false, "RECORD"}, ""},
    {"market", R, "DUPLICATE", {FOOD, NO, IN, false, false, "RECORD"}, ""},
    {"market", R, "TOO_OLD", {FOOD, NO, IN, false, false, "RECORD"}, ""},
    {"market",
     CX_EVENT_BODY_LISTING_NOTICE,
     "OK",
     {BLACK, NO, CX_ENTRY_STATE_NOTIFIED, false, false, "NOTICE"},
     "sjz-market:me"},
    {"market", D, "OK", {BLACK, CX_ENTRY_STATE_NOTIFIED, IN, false, false, "DECISION"}, "sjz-market:me"},
    {"market", D, "OK", {BLACK, NO, IN, false, true, "BOUND"}, ""}, /* a person's share */
    {"court", D, "OK", {"court", "B-COURT", "", "d-1", NO, IN, true, false, "DECISION"}, "sjz-court:me"},
    {"market", CX_EVENT_BODY_CONSENT, "OK", {FOOD, IN, IN, false, false, "CONSENT"}, ""},
    {"market", CX_EVENT_BODY_MEASURE_FEEDBACK, "OK", {FOOD, IN, IN, false, false, "FEEDBACK"}, ""},
    {"market", CX_EVENT_BODY_COMMITMENT, "OK", {FOOD, IN, IN, false, false, "COMMITMENT"}, ""},
    /* what undoes */
    {"market", W, "OK", {FOOD, IN, OUT, false, false, "WITHDRAWAL"}, "sjz-market:me"},
    {"market",
     CX_EVENT_BODY_REPAIR,
     "OK",
     {BLACK, IN, CX_ENTRY_STATE_REPAIRED, false, false, "REPAIR"},
     "sjz-market:me"},
    {"market",
     CX_EVENT_BODY_RULING,
     "OK",
     {BLACK, IN, OUT, false, false, "RULING"},
     "sjz-market:me sjz-market:x7.3.41.0.0+d-1"},
    {"review",
     CX_EVENT_BODY_REVIEW_OUTCOME,
     "OK",
     {FOOD, IN, OUT, false, false, "REVIEW"},
     "sjz-market:x7.3.41.0.0+f-1"}, /* that review body is unknown there */
    {"court",
     CX_EVENT_BODY_REVIEW_OUTCOME,
     "OK",
     {BLACK, IN, OUT, false, false, "REVIEW"},
     "sjz-court:me sjz-market:x7.3.41.0.0+d-1"},
    {"court",
     CX_EVENT_BODY_STAY_ORDERED,
     "OK",
     {BLACK, IN, CX_ENTRY_STATE_SUSPENDED, false, false, "STAY"},
     "sjz-court:me"},
    {"court",
     CX_EVENT_BODY_STAY_ORDERED,
     "OK",
     {BLACK, IN, CX_ENTRY_STATE_SUSPENDED, true, false, "STAY"},
     ""},
    {"",
     CX_EVENT_BODY_ANNULLED,
     "OK",
     {FOOD, IN, OUT, false, false, "ANNULLED"},
     "sjz-market:x7.3.41.0.0+f-1"},
    {"", CX_EVENT_BODY_TICK, "OK", {BLACK, IN, CX_ENTRY_STATE_EXPIRED, false, false, "EXPIRY"}, ""},
    {"", CX_EVENT_BODY_LINKED, "OK", {FOOD, IN, CX_ENTRY_STATE_REMOVED, false, false, "LINKED"}, ""},
    {"", CX_EVENT_BODY_ANNULLED, "OK", {FOOD, OUT, OUT, false, false, "ANNULLED"}, ""},
    {"review", CX_EVENT_BODY_REVIEW_OUTCOME, "OK", {FOOD, IN, OUT, true, false, "REVIEW"}, ""},
};

/* context: a pack; NULL: the shipped one. */
static cx_rc pack_of(void *context, const uint8_t hash[CX_PACK_HASH], const cx_pack **out, cx_err *err) {
    (void)hash;
    (void)err;
    *out = context != NULL ? context : shipped_pack;
    return CX_OK;
}

struct made {
    cx_decided d;
    cx_header header;
    cx_change change;
    cx_list_entry entry;
    cx_kept_record record;
    cx_record body;
    cx_listing_decision decision;
};

static void make_change(struct made *m, const struct change *c) {
    static const uint8_t organisation[16];
    cx_document document = {
        .number = CX_VIEW("DOC"), .issuing_body = CX_VIEW("market"), .legal_basis = CX_VIEW("SPAQ-122")};
    cx_subject_type type = c->person ? CX_SUBJECT_TYPE_PERSON : CX_SUBJECT_TYPE_ORGANISATION;
    m->entry = (cx_list_entry){.department = cx_view_of(c->department),
                               .list = cx_view_of(c->list),
                               .state = c->state,
                               .decision = cx_view_of(c->event),
                               .document = document,
                               .subject_type = type,
                               .role = c->share ? CX_ROLE_DIRECTOR : CX_ROLE_SUBJECT,
                               .organisation = c->share ? organisation : NULL,
                               .pack = {1},
                               .has_from = true,
                               .from = DAY,
                               .has_until = true,
                               .until = cx_date_add_months(DAY, 36)};
    m->record = (cx_kept_record){.department = cx_view_of(c->department),
                                 .item = cx_view_of(c->item),
                                 .state = c->state,
                                 .event_id = cx_view_of(c->event),
                                 .document = document,
                                 .subject_type = type,
                                 .classification = {.pack = {1}}};
    bool entry = c->list[0] != '\0';
    m->change = (cx_change){.cause = cx_view_of(c->cause),
                            .from = c->from,
                            .entry = entry ? &m->entry : NULL,
                            .record = entry ? NULL : &m->record};
}

static void make(struct made *m, const struct testcase *t) {
    static cx_cause cause;
    *m = (struct made){0};
    make_change(m, &t->change);
    m->header = (cx_header){.department = cx_view_of(t->sender),
                            .event_id = CX_VIEW("me"),
                            .jurisdiction = 130100,
                            .document = {.number = CX_VIEW("OWN"), .legal_basis = CX_VIEW("HEB-2017")}};
    m->d = (cx_decided){.verdict = cx_view_of(t->verdict), .changes = {&m->change, 1}};
    m->d.classified.origin = (cx_origin){3, 41};
    m->d.classified.event.header = t->kind == CX_EVENT_BODY_TICK ? NULL : &m->header;
    m->d.classified.event.cause = t->sender[0] == '\0' ? &cause : NULL;
    m->d.classified.event.body_kind = t->kind;
    m->d.classified.event.body.record = &m->body;
    if (t->kind == D)
        m->d.classified.event.body.listing_decision = &m->decision;
    if (t->kind != R && t->kind != D) /* a body of zeros, as large as any */
        m->d.classified.event.body.record = cx_arena_calloc(shipped_arena, 1, 4096);
}

static cx_crossing_array decide(const struct made *m) {
    const cx_bridge_law law = {PEER, 7, pack_of, NULL};
    cx_crossing_array found;
    cx_err err = {0};
    assert_int_equal(cx_bridge_decide(&law, &m->d, shipped_arena, &found, &err), CX_OK);
    return found;
}

static void what_crosses_and_what_stays(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct made m;
        char said[256] = "";
        make(&m, &cases[i]);
        cx_crossing_array found = decide(&m);
        for (size_t k = 0; k < found.n; k++) {
            const cx_credit_event *e = found.items[k].event;
            bool added = e->event_id.p[0] == 'x';
            size_t at = strlen(said);
            (void)snprintf(said + at, sizeof said - at, "%s%.*s:%.*s%s%.*s", at > 0 ? " " : "",
                           CX_VIEW_ARGS(found.items[k].as), CX_VIEW_ARGS(e->event_id), added ? "+" : "",
                           added ? (int)e->body.withdrawal->target.n : 0,
                           added ? e->body.withdrawal->target.p : "");
            assert_int_equal(e->jurisdiction, PEER);
            assert_null(e->subject);
            assert_null(e->text.p);
            assert_true(cx_view_is(e->document.number, m.d.classified.event.header != NULL ? "OWN" : "DOC"));
        }
        if (strcmp(said, cases[i].crosses) != 0)
            fail_msg("case %zu (%s): \"%s\", not \"%s\"", i, cases[i].sender, said, cases[i].crosses);
    }
}

/* A decision that leaves its term to the list crosses with the term that it has here (I-EXPIRY). */
static void a_decision_crosses_with_its_term(void **state) {
    struct made m;
    (void)state;
    make(&m, &cases[7]);
    const cx_credit_event *e = decide(&m).items[0].event;
    assert_true(e->body.listing_decision->has_months && e->body.listing_decision->months == 36);
    assert_true(cx_view_is(e->document.legal_basis, "HEB-2017"));
    assert_false(m.decision.has_months);
    m.decision.has_months = true;
    m.decision.months = 12;
    assert_int_equal(decide(&m).items[0].event->body.listing_decision->months, 12);
}

/* A basis that the other side may not know holds back no withdrawal. */
static void what_undoes_names_the_basis_of_what_it_undoes(void **state) {
    struct made m;
    (void)state;
    make(&m, &(struct testcase){"market", W, "OK", {FOOD, IN, OUT, false, false, "WITHDRAWAL"}, ""});
    assert_true(cx_view_is(decide(&m).items[0].event->document.legal_basis, "SPAQ-122"));
}

static void persons_behind_an_organisation_stay(void **state) {
    static cx_other_subject other = {.type = CX_SUBJECT_TYPE_PERSON};
    static cx_role_holder holder = {.role = CX_ROLE_DIRECTOR};
    struct made m;
    (void)state;
    make(&m, &cases[0]);
    m.header.others = (cx_other_subject_array){&other, 1};
    m.body.roles = (cx_role_holder_array){&holder, 1};
    cx_crossing_array found = decide(&m);
    assert_true(found.n == 1 && !found.items[0].with_others &&
                found.items[0].event->body.record->roles.n == 0);
    assert_int_equal(m.body.roles.n, 1);
    make(&m, &(struct testcase){
                 "court", R, "OK", {"court", "", "CT-DEFAULTER", "f-1", NO, IN, false, false, "RECORD"}, ""});
    m.header.others = (cx_other_subject_array){&other, 1};
    m.body.roles = (cx_role_holder_array){&holder, 1};
    found = decide(&m); /* the court's cross with the persons they name */
    assert_true(found.n == 1 && found.items[0].with_others &&
                found.items[0].event->body.record->roles.n == 1);
}

static void a_court_speaks_of_departments_as_they_are_known_there(void **state) {
    struct made m;
    cx_stay_ordered stay = {.target = {CX_VIEW("market"), CX_VIEW("d-1")}};
    (void)state;
    make(&m, &(struct testcase){"court",
                                CX_EVENT_BODY_STAY_ORDERED,
                                "OK",
                                {BLACK, IN, CX_ENTRY_STATE_SUSPENDED, false, false, "STAY"},
                                ""});
    m.d.classified.event.body.stay_ordered = &stay;
    assert_true(cx_view_is(decide(&m).items[0].event->body.stay_ordered->target.department, "sjz-market"));
    assert_true(cx_view_is(stay.target.department, "market"));
}

/* Another end is named by nothing in the pack. */
static void nothing_crosses_to_whom_the_pack_does_not_name(void **state) {
    const cx_bridge_law law = {320000, 7, pack_of, NULL};
    struct made m;
    cx_crossing_array found;
    (void)state;
    make(&m, &cases[0]);
    assert_int_equal(cx_bridge_decide(&law, &m.d, shipped_arena, &found, NULL), CX_OK);
    assert_int_equal(found.n, 0);
}

/* A court may speak of persons' entries, but the market's entries of persons stay: so does what the court
 * says of them. */
static void whose_row_it_is_must_cross_too(void **state) {
    static const char rows[] = "code,peer,department,as,lists,items,subjects,basis,status,clause,note\n"
                               "C,130000,court,sjz-court,B-MARKET,,person;organisation,FS-2017,e,,\n"
                               "M,130000,market,sjz-market,B-MARKET,,organisation,QYXX-2024,m,,\n";
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    cx_pack *pack = NULL;
    struct made m;
    (void)state;
    assert_int_equal(
        cx_pack_files_read("deploy/policies/shijiazhuang/2026-01", shipped_arena, &files, &n, hash, NULL),
        CX_OK);
    for (size_t i = 0; i < n; i++)
        if (cx_view_is(files[i].path, "exchange.csv"))
            files[i].bytes = cx_view_of(rows);
    assert_int_equal(cx_pack_load(files, n, hash, &pack, NULL), CX_OK);
    for (int person = 0; person <= 1; person++) {
        const cx_bridge_law law = {PEER, 7, pack_of, pack};
        cx_crossing_array found;
        make(&m, &(struct testcase){"court",
                                    CX_EVENT_BODY_STAY_ORDERED,
                                    "OK",
                                    {BLACK, IN, CX_ENTRY_STATE_SUSPENDED, person == 1, false, "STAY"},
                                    ""});
        assert_int_equal(cx_bridge_decide(&law, &m.d, shipped_arena, &found, NULL), CX_OK);
        assert_int_equal(found.n, 1 - person);
    }
    cx_pack_destroy(&pack);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_crosses_and_what_stays),
        cmocka_unit_test(a_decision_crosses_with_its_term),
        cmocka_unit_test(what_undoes_names_the_basis_of_what_it_undoes),
        cmocka_unit_test(persons_behind_an_organisation_stay),
        cmocka_unit_test(a_court_speaks_of_departments_as_they_are_known_there),
        cmocka_unit_test(whose_row_it_is_must_cross_too),
        cmocka_unit_test(nothing_crosses_to_whom_the_pack_does_not_name),
    };
    return cmocka_run_group_tests(tests, open_shipped_pack, close_shipped_pack);
}
