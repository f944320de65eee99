/* The table of state against a plain model: random puts, keeps, undos and walks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/run/state.h"

enum { KEYS = 300, ROUNDS = 200000, VALUE = 24 };

struct model_row {
    bool there;
    char value[VALUE];
    cx_time due;
};

struct model {
    struct model_row now[KEYS], kept[KEYS];
};

static uint64_t seed = 20260101;

static uint32_t roll(uint32_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

/* Keys of different lengths, in an order that is that of their numbers. */
static cx_view key_of(int i, char text[16]) {
    int n = snprintf(text, 16, i % 3 == 0 ? "k%03d" : i % 3 == 1 ? "k%03d+tail" : "k%03d++", i);
    return (cx_view){text, (size_t)n};
}

static void check_same(const cx_state *state, const struct model *model) {
    size_t rows = 0;
    for (int i = 0; i < KEYS; i++) {
        char text[16];
        cx_view value = cx_state_get(state, key_of(i, text));
        assert_int_equal(value.p != NULL, model->now[i].there);
        if (!model->now[i].there)
            continue;
        assert_true(cx_view_is(value, model->now[i].value));
        rows++;
    }
    assert_int_equal(cx_state_rows(state), rows);
}

static void put(cx_state *state, struct model *model, int i, bool there, cx_time due) {
    char text[16];
    struct model_row *row = &model->now[i];
    *row = (struct model_row){.there = there, .due = there ? due : CX_NO_TIME};
    (void)snprintf(row->value, sizeof row->value, "v%u", roll(1000000));
    cx_view value = there ? cx_view_of(row->value) : (cx_view){NULL, 0};
    assert_int_equal(cx_state_put(state, key_of(i, text), value, row->due), CX_OK);
}

static int first_due(const struct model *model, cx_time until) {
    int best = -1;
    for (int i = 0; i < KEYS; i++)
        if (model->now[i].there && model->now[i].due != CX_NO_TIME && model->now[i].due <= until &&
            (best < 0 || model->now[i].due < model->now[best].due))
            best = i;
    return best;
}

/* A walk that moves each due row on, out of the walk's reach. */
static void walk(cx_state *state, struct model *model, cx_time until) {
    cx_due due;
    char text[16];
    uint8_t at[16];
    cx_due after = {CX_NO_TIME, {NULL, 0}};
    for (bool begun = false; cx_state_next_due(state, begun ? &after : NULL, until, &due); begun = true) {
        int wanted = first_due(model, until);
        assert_int_not_equal(wanted, -1);
        assert_true(cx_view_eq(due.key, key_of(wanted, text)));
        assert_int_equal(due.due, model->now[wanted].due);
        (void)memcpy(at, due.key.p, due.key.n);
        after = (cx_due){due.due, {(const char *)at, due.key.n}};
        put(state, model, wanted, roll(4) > 0, until + 1 + roll(50));
    }
    assert_int_equal(first_due(model, until), -1);
    assert_int_equal(cx_state_walked(state), CX_OK);
}

static void random_changes_are_kept_or_undone(void **unused) {
    (void)unused;
    cx_state *state = cx_state_new();
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(state);
    assert_non_null(model);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t what = roll(1000);
        if (what < 960)
            put(state, model, (int)roll(KEYS), roll(5) > 0, roll(3) > 0 ? (cx_time)roll(1000) : CX_NO_TIME);
        else if (what < 975) {
            cx_state_keep(state);
            (void)memcpy(model->kept, model->now, sizeof model->kept);
        } else if (what < 990) {
            cx_state_undo(state);
            (void)memcpy(model->now, model->kept, sizeof model->now);
        } else if (what < 995) {
            walk(state, model, roll(400));
        } else {
            check_same(state, model);
        }
    }
    check_same(state, model);
    walk(state, model, 100000);
    cx_state_destroy(&state);
    assert_null(state);
    free(model);
}

static cx_rc put_text(cx_state *state, const char *key, cx_time due) {
    return cx_state_put(state, cx_view_of(key), cx_view_of("x"), due);
}

static void a_walk_goes_on_behind_its_place(void **unused) {
    (void)unused;
    cx_state *state = cx_state_new();
    cx_due due, after = {20, cx_view_of("b")};
    assert_int_equal(put_text(state, "a", 10), CX_OK);
    assert_int_equal(put_text(state, "b", 20), CX_OK);
    assert_int_equal(put_text(state, "c", 20), CX_OK);
    assert_int_equal(put_text(state, "d", 31), CX_OK);
    assert_true(cx_state_next_due(state, &after, 30, &due)); /* a and b were done before a crash */
    assert_true(cx_view_is(due.key, "c"));
    assert_int_equal(put_text(state, "c", CX_NO_TIME), CX_OK);
    assert_false(cx_state_next_due(state, &after, 30, &due));
    assert_int_equal(cx_state_walked(state), CX_OK);
    assert_true(cx_state_next_due(state, NULL, 30, &due)); /* what it passed by is due again in the next */
    assert_true(cx_view_is(due.key, "a"));
    cx_state_destroy(&state);
}

static void an_undone_walk_begins_where_it_began(void **unused) {
    (void)unused;
    cx_state *state = cx_state_new();
    cx_due due, after = {10, cx_view_of("a")};
    assert_int_equal(put_text(state, "a", 10), CX_OK);
    assert_int_equal(put_text(state, "b", 20), CX_OK);
    cx_state_keep(state);
    assert_true(cx_state_next_due(state, &after, 30, &due));
    assert_int_equal(put_text(state, "b", 40), CX_OK);
    cx_state_undo(state);
    assert_true(cx_state_next_due(state, NULL, 30, &due));
    assert_true(cx_view_is(due.key, "a"));
    assert_int_equal(put_text(state, "a", CX_NO_TIME), CX_OK);
    assert_true(cx_state_next_due(state, NULL, 30, &due));
    assert_true(cx_view_is(due.key, "b"));
    assert_int_equal(due.due, 20);
    cx_state_destroy(&state);
}

static bool begins_with_s(cx_view key) {
    return key.n > 0 && key.p[0] == 's';
}

static void keys_come_in_order(void **unused) {
    (void)unused;
    cx_state *state = cx_state_new();
    size_t n = 0;
    assert_null(cx_state_keys(state, begins_with_s, &n));
    assert_int_equal(n, 0);
    static const char *const texts[] = {"s2", "i1", "s1", "s10", "b"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(put_text(state, texts[i], CX_NO_TIME), CX_OK);
    cx_view *keys = cx_state_keys(state, begins_with_s, &n);
    assert_int_equal(n, 3);
    assert_true(cx_view_is(keys[0], "s1") && cx_view_is(keys[1], "s10") && cx_view_is(keys[2], "s2"));
    free(keys);
    assert_int_equal(cx_state_bytes(state), 5 + 2 + 2 + 2 + 3 + 1);
    cx_state_destroy(&state);
}

/* Due on the day that their value says; "x" is never due. */
static cx_rc by_value(void *context, cx_view key, cx_view value, cx_time *due) {
    size_t *asked = context;
    int64_t day = 0;
    (void)key;
    ++*asked;
    *due = cx_view_to_int64(value, &day) ? day : CX_NO_TIME;
    return CX_OK;
}

/* What was read back, written over, and removed, is as if only the last value of each had been put. */
static void loaded_rows_are_due_by_their_last_value(void **unused) {
    (void)unused;
    cx_state *state = cx_state_new();
    static const char *const rows[][2] = {{"a", "30"},  {"b", "20"}, {"c", "5"},
                                          {"a", "100"}, {"d", "x"},  {"e", "7"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(cx_state_load(state, cx_view_of(rows[i][0]), cx_view_of(rows[i][1])), CX_OK);
    assert_int_equal(cx_state_load(state, CX_VIEW("c"), (cx_view){NULL, 0}), CX_OK);
    assert_int_equal(cx_state_load(state, CX_VIEW("never"), (cx_view){NULL, 0}), CX_OK);
    assert_int_equal(cx_state_rows(state), 4);
    assert_int_equal(cx_state_bytes(state), 4 + 3 + 2 + 1 + 1);
    assert_true(cx_view_is(cx_state_get(state, CX_VIEW("a")), "100"));
    size_t asked = 0;
    assert_int_equal(cx_state_index(state, by_value, &asked), CX_OK);
    assert_int_equal(asked, 4);
    cx_due due;
    assert_true(cx_state_next_due(state, NULL, 1000, &due));
    assert_true(due.due == 7 && cx_view_is(due.key, "e"));
    assert_int_equal(put_text(state, "e", CX_NO_TIME), CX_OK); /* and can be changed, and undone, like any */
    assert_true(cx_state_next_due(state, NULL, 1000, &due) && cx_view_is(due.key, "b"));
    cx_state_undo(state);
    assert_true(cx_state_next_due(state, NULL, 1000, &due) && cx_view_is(due.key, "e"));
    cx_state_destroy(&state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_are_kept_or_undone),
        cmocka_unit_test(a_walk_goes_on_behind_its_place),
        cmocka_unit_test(an_undone_walk_begins_where_it_began),
        cmocka_unit_test(keys_come_in_order),
        cmocka_unit_test(loaded_rows_are_due_by_their_last_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
