/* The table of procedures against grids written by hand from rights.md: every state, every move, every
 * procedure. A letter is the state that a legal move leads to, = the same state, . an illegal move. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/law/procedure.h"

enum { STATES = 9 };
/* NONE NOTIFIED IN_FORCE SUSPENDED EXPIRED REPAIRED RECALLED CLOSED REMOVED */
static const char letters[STATES + 1] = "-NISEPCLD";

typedef struct row {
    cx_move move;
    const char *notice, *court, *red;
} row;

#define NO "........."
static const row grid[] = {
    {CX_MOVE_LISTING_NOTICE, "N........", NO, NO},
    {CX_MOVE_STATEMENT, ".=.......", NO, NO},
    {CX_MOVE_LISTING_DECISION, ".I.......", "I........", NO},
    {CX_MOVE_NOTICE_WITHDRAWN, ".L.......", NO, ".L......."},
    {CX_MOVE_LAPSE, ".L.......", NO, ".L......."},
    {CX_MOVE_OBJECTION, ".=====...", ".=====...", ".=====..."},
    {CX_MOVE_COMPLAINT, ".=====...", ".=====...", ".=====..."},
    {CX_MOVE_RULING_REJECTED, ".=====...", ".=====...", ".=====..."},
    {CX_MOVE_RULING_PARTLY, ".=====...", ".=====...", ".=====..."},
    {CX_MOVE_RULING_UPHELD, ".CCCCC...", ".CCCCC...", ".LCCCC..."},
    {CX_MOVE_CORRECTION, "..====..=", "..====..=", "..====..="},
    {CX_MOVE_WITHDRAWAL, ".CCCCC..C", ".CCCCC..C", ".CCCCC..C"},
    {CX_MOVE_PERFORMANCE, "..==.....", "..DD.....", NO},
    {CX_MOVE_EXPLAINED, "..==.....", "..==.....", NO},
    {CX_MOVE_EXTENSION, "..==.....", "..==.....", NO},
    {CX_MOVE_REPAIR, "..PP.....", "..PP.....", NO},
    {CX_MOVE_REPAIR_REVOKED, ".....I...", ".....I...", NO},
    {CX_MOVE_REVIEW_FILED, ".=====..=", ".=====..=", ".=====..="},
    {CX_MOVE_STAY_ORDERED, ".===.....", ".===.....", ".===....."},
    {CX_MOVE_STAY_LIFTED, ".===.....", ".===.....", ".===....."},
    {CX_MOVE_REVIEW_UPHELD, ".=====..=", ".=====..=", ".=====..="},
    {CX_MOVE_REVIEW_VARIED, "..====..=", "..====..=", "..====..="},
    {CX_MOVE_REVIEW_ANNULLED, ".CCCCC..C", ".CCCCC..C", ".CCCCC..C"},
    {CX_MOVE_REORGANISATION, ".===.....", NO, ".===....."},
    {CX_MOVE_REORGANISATION_ENDED, ".===.....", NO, ".===....."},
    {CX_MOVE_EXPIRY, "..EE.....", "..EE.....", "..EE....."},
    {CX_MOVE_REVIEW_DUE, "..==.....", "..==.....", "..==....."},
    {CX_MOVE_RED_NOMINATION, NO, NO, "N........"},
    {CX_MOVE_RED_LISTING, NO, NO, ".I......."},
    {CX_MOVE_ADVERSE_ACT, NO, NO, ".LDD....."},
    {CX_MOVE_CONSENT_REVOKED, NO, NO, ".LDD....."},
    {CX_MOVE_ACT_RECALLED, NO, NO, "........I"},
    {CX_MOVE_BASE_RECALLED, ".CCCCC..C", ".CCCCC..C", ".CCCCC..C"},
    {CX_MOVE_SUBJECT_ENDED, ".LDD.....", ".LDD.....", ".LDD....."},
    {CX_MOVE_ACTIVATION, "..==.....", "..==.....", "..==....."},
    {CX_MOVE_DELISTED, ".LDD.....", ".LDD.....", ".LDD....."},
};
#undef NO

/* The letter that the table gives; ? where it has two rows for one cell. */
static char cell(cx_procedure procedure, cx_entry_state state, cx_move move) {
    size_t n, found = 0;
    char letter = '.';
    const cx_transition *table = cx_procedure_table(&n);
    for (size_t i = 0; i < n; i++) {
        if (table[i].move != move || (table[i].procedures & (1U << procedure)) == 0 ||
            (table[i].from & (1U << state)) == 0)
            continue;
        found++;
        letter = table[i].to == CX_ENTRY_STATE_NONE ? '=' : letters[table[i].to];
    }
    return found > 1 ? '?' : letter;
}

static void every_cell(void **state) {
    (void)state;
    assert_int_equal(sizeof grid / sizeof grid[0], CX_MOVE_COUNT);
    for (size_t i = 0; i < CX_MOVE_COUNT; i++) {
        const char *const expected[] = {grid[i].notice, grid[i].court, grid[i].red};
        assert_int_equal(grid[i].move, i);
        for (int p = 0; p < 3; p++)
            for (int s = 0; s < STATES; s++)
                if (cell((cx_procedure)p, (cx_entry_state)s, grid[i].move) != expected[p][s])
                    fail_msg("%s, procedure %d, state %c: %c, not %c", cx_move_name(grid[i].move), p,
                             letters[s], cell((cx_procedure)p, (cx_entry_state)s, grid[i].move),
                             expected[p][s]);
    }
}

/* What has no row is refused with a reason, and nothing is found for anybody to carry out. */
static void illegal_ones_are_refused(void **state) {
    (void)state;
    int refused = 0;
    for (int p = 0; p < 3; p++)
        for (int s = 0; s < STATES; s++)
            for (int m = 0; m < CX_MOVE_COUNT; m++) {
                cx_list_entry entry = {.state = (cx_entry_state)s};
                cx_case c = {.entry = s == CX_ENTRY_STATE_NONE ? NULL : &entry};
                cx_entry_state to = CX_ENTRY_STATE_NONE;
                if (cell((cx_procedure)p, (cx_entry_state)s, (cx_move)m) != '.')
                    continue;
                cx_rc rc = cx_procedure_move((cx_procedure)p, &c, (cx_move)m, &to);
                assert_int_equal(cx_rc_class(rc), CX_CLASS_VERDICT);
                assert_int_equal(to, CX_ENTRY_STATE_NONE);
                refused++;
            }
    assert_true(refused > 500);
}

/* The reasons that say more than "illegal". */
static void reasons(void **state) {
    (void)state;
    cx_entry_state to;
    cx_case none = {0};
    assert_int_equal(cx_procedure_move(CX_PROCEDURE_NOTICE, &none, CX_MOVE_LISTING_DECISION, &to),
                     CX_NO_NOTICE);
    assert_int_equal(cx_procedure_move(CX_PROCEDURE_RED, &none, CX_MOVE_RED_LISTING, &to), CX_NO_NOTICE);
    cx_list_entry closed = {.state = CX_ENTRY_STATE_CLOSED,
                            .has_lapses_on = true,
                            .lapses_on = 100,
                            .has_ended_on = true,
                            .ended_on = 100};
    cx_case lapsed = {.entry = &closed};
    assert_int_equal(cx_procedure_move(CX_PROCEDURE_NOTICE, &lapsed, CX_MOVE_LISTING_DECISION, &to),
                     CX_NOTICE_LAPSED);
    closed.ended_on = 99; /* withdrawn before it lapsed */
    assert_int_equal(cx_procedure_move(CX_PROCEDURE_NOTICE, &lapsed, CX_MOVE_LISTING_DECISION, &to),
                     CX_ILLEGAL_TRANSITION);
}

/* I-PERSONAL: role, date and evidence, each by itself. */
static void roles_bind(void **state) {
    (void)state;
    const cx_measure at_act = {.roles = 1U << CX_ROLE_DIRECTOR, .role_date = CX_ROLE_AT_ACT},
                     at_decision = {.roles = 1U << CX_ROLE_DIRECTOR, .role_date = CX_ROLE_AT_DECISION},
                     at_present = {.roles = 1U << CX_ROLE_DIRECTOR, .role_date = CX_ROLE_AT_PRESENT};
    enum { ACT = 10, DECISION = 20, TODAY = 30 };
    const struct {
        const cx_measure *measure;
        cx_role role;
        cx_date from;
        cx_date to; /* 0: still */
        bool evidence;
        cx_rc rc;
    } cases[] = {
        {&at_act, CX_ROLE_DIRECTOR, 10, 10, true, CX_OK},
        {&at_act, CX_ROLE_DIRECTOR, 5, 0, true, CX_OK},
        {&at_act, CX_ROLE_DIRECTOR, 11, 0, true, CX_ROLE_NOT_AT_DATE},
        {&at_act, CX_ROLE_DIRECTOR, 5, 9, true, CX_ROLE_NOT_AT_DATE},
        {&at_act, CX_ROLE_DIRECTOR, 5, 0, false, CX_ROLE_WITHOUT_EVIDENCE},
        {&at_act, CX_ROLE_SHAREHOLDER, 5, 0, true, CX_ROLE_NOT_NAMED},
        {&at_act, CX_ROLE_SUBJECT, 5, 0, true, CX_ROLE_NOT_NAMED},
        {&at_act, CX_ROLE_UNKNOWN, 5, 0, true, CX_ROLE_NOT_NAMED},
        {&at_decision, CX_ROLE_DIRECTOR, 11, 0, true, CX_OK},
        {&at_decision, CX_ROLE_DIRECTOR, 5, 19, true, CX_ROLE_NOT_AT_DATE},
        {&at_present, CX_ROLE_DIRECTOR, 30, 0, true, CX_OK},
        {&at_present, CX_ROLE_DIRECTOR, 5, 29, true, CX_ROLE_NOT_AT_DATE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_role_holder holder = {
            .role = cases[i].role, .from = cases[i].from, .has_to = cases[i].to > 0, .to = cases[i].to};
        holder.evidence = cases[i].evidence ? CX_VIEW("EV") : CX_VIEW("");
        cx_rc rc = cx_role_binds(cases[i].measure, &holder, ACT, DECISION, TODAY);
        if (rc != cases[i].rc)
            fail_msg("case %zu: %s", i, cx_rc_name(rc));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_cell),
                                       cmocka_unit_test(illegal_ones_are_refused), cmocka_unit_test(reasons),
                                       cmocka_unit_test(roles_bind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
