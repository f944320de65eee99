/* What if, against random histories: under the law that was in force everything comes out byte by byte as it
 * was, derived events and all; under another one the right ones are affected, in the right direction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ops/replay/impact.h"
#include "tests/unit/ops/replay/history.h"

enum { PARTITIONS = HISTORY_PARTITIONS, SEEDS = 8, BASE = HISTORY_BASE, MILDER = HISTORY_MILDER };

static history game;

static int set_up(void **state) {
    (void)state;
    history_begin(&game);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    history_end(&game);
    return 0;
}

/* A history under one law. */
static memory *play(uint64_t seed, int law) {
    return history_play(&game, seed, law, law);
}

/* --- what comes of it --------------------------------------------------------------------------------- */
typedef struct outcome {
    const memory *memory;
    cx_impact *impact;
    size_t again[CX_WHATIF_SIDES][CX_STAGES_COUNT]; /* messages that stand in the log, too */
    size_t all[CX_WHATIF_SIDES][CX_STAGES_COUNT];
    size_t rows[CX_IMPACT_SORTS][CX_IMPACT_CHANGES], better, worse;
    cx_whatif_tally tally;
} outcome;

static void begin(void *context, cx_whatif_side side) {
    outcome *o = context;
    cx_impact_begin(o->impact, side);
    (void)memset(o->again[side], 0, sizeof o->again[side]);
    (void)memset(o->all[side], 0, sizeof o->all[side]);
}

static bool is_recorded(const outcome *o, const cx_stages_output *out) {
    const cx_chain_log *log = memory_log(o->memory, (cx_replay_topic)out->topic);
    for (size_t i = 0; i < log->n; i++)
        if (log->items[i].partition == out->partition && cx_view_eq(log->items[i].bytes, out->bytes) &&
            cx_view_eq(log->items[i].key, out->key))
            return true;
    return false;
}

static cx_rc output(void *context, cx_whatif_side side, const cx_stages_output *out, cx_err *err) {
    outcome *o = context;
    if (out->topic < (int)CX_STAGES_COUNT) {
        o->again[side][out->topic] += is_recorded(o, out);
        o->all[side][out->topic]++;
    }
    return cx_impact_output(o->impact, side, out, err);
}

static cx_rc count(void *context, const cx_impact_row *row, cx_err *err) {
    outcome *o = context;
    (void)err;
    o->rows[row->sort][row->change]++;
    o->better += cx_impact_is_better(row);
    o->worse += cx_impact_is_worse(row);
    return CX_OK;
}

static outcome what_if(memory *m, int law, cx_time to) {
    const cx_replay_source source = memory_source(m, PARTITIONS);
    outcome o = {.memory = m, .impact = cx_impact_new(&source, game.packs[law])};
    const cx_whatif_events events = {.context = &o, .begin = begin, .output = output};
    cx_err err = {0};
    if (cx_whatif_run(&source, game.packs[law], to, &events, &o.tally, &err) != CX_OK ||
        cx_impact_each(o.impact, count, &o, &err) != CX_OK)
        fail_msg("%s", err.text);
    cx_impact_destroy(&o.impact);
    assert_true(o.tally.settled);
    return o;
}

static size_t differ(const outcome *o) {
    size_t n = 0;
    for (int s = 0; s < CX_IMPACT_SORTS; s++)
        for (int c = 0; c < CX_IMPACT_CHANGES; c++)
            n += o->rows[s][c];
    return n;
}

/* --- the tests ---------------------------------------------------------------------------------------- */
static void the_same_law_affects_nobody(void **state) {
    size_t derived = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memory *m = play(seed, BASE);
        outcome o = what_if(m, BASE, CX_NO_TIME);
        assert_int_equal(differ(&o), 0);
        for (int side = 0; side < CX_WHATIF_SIDES; side++)
            for (int t = 0; t < CX_STAGES_COUNT; t++) {
                assert_int_equal(o.all[side][t], memory_log(m, (cx_replay_topic)t)->n);
                assert_int_equal(o.again[side][t], o.all[side][t]);
            }
        assert_int_equal(o.tally.derived[CX_WHATIF_THEN], o.tally.derived[CX_WHATIF_INSTEAD]);
        assert_true(o.tally.derived[CX_WHATIF_THEN] == 0 || o.tally.passes > 1);
        derived += o.tally.derived[CX_WHATIF_THEN];
    }
    assert_true(derived > 0);
}

static void a_milder_law_is_better_and_the_way_back_worse(void **state) {
    outcome there = {.better = 0}, back = {.better = 0};
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        outcome a = what_if(play(seed, BASE), MILDER, CX_NO_TIME);
        outcome b = what_if(play(seed, MILDER), BASE, CX_NO_TIME);
        there.better += a.better;
        there.worse += a.worse;
        back.better += b.better;
        back.worse += b.worse;
        for (int c = 0; c < CX_IMPACT_CHANGES; c++) {
            there.rows[CX_IMPACT_LIST][c] += a.rows[CX_IMPACT_LIST][c];
            there.rows[CX_IMPACT_MEASURE][c] += a.rows[CX_IMPACT_MEASURE][c];
            back.rows[CX_IMPACT_MEASURE][c] += b.rows[CX_IMPACT_MEASURE][c];
        }
    }
    assert_true(there.better > 0);
    assert_int_equal(there.worse, 0);
    assert_int_equal(back.better, 0);
    assert_true(back.worse > 0);
    assert_true(there.rows[CX_IMPACT_MEASURE][CX_IMPACT_ONLY_THEN] > 0); /* M-FUNDS is gone */
    assert_true(back.rows[CX_IMPACT_MEASURE][CX_IMPACT_ONLY_INSTEAD] > 0);
}

static void before_the_first_tick_there_is_nothing(void **state) {
    (void)state;
    outcome o = what_if(play(1, BASE), MILDER, 0);
    assert_int_equal(differ(&o), 0);
    assert_int_equal(o.all[CX_WHATIF_INSTEAD][CX_STAGES_NOTICES], PARTITIONS); /* the activation passed on */
    assert_true(o.tally.records > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_law_affects_nobody),
                                       cmocka_unit_test(a_milder_law_is_better_and_the_way_back_worse),
                                       cmocka_unit_test(before_the_first_tick_there_is_nothing)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
