/* A replay that goes on where another one stood, at any place, comes to what it comes to at one go; and so do
 * several threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/unit/ops/replay/history.h"

enum { PARTITIONS = HISTORY_PARTITIONS, SEEDS = 6, EVERY = 9, STAGES = 3, PACKS = 8 };
static const cx_stages_name keepers[STAGES] = {CX_STAGES_REGISTRAR, CX_STAGES_SANCTIONER, CX_STAGES_POINTS};

/* Where a partition stood, with all that was known there. */
struct stood {
    bool there;
    cx_replay_begin at;
    cx_replay_kept *kept;
    cx_state *rows[STAGES];
    cx_time ticks[CX_STAGES_COUNT];
    const cx_pack *packs[CX_STAGES_COUNT][PACKS];
    size_t pack_n[CX_STAGES_COUNT];
};

static struct {
    history history;
    cx_arena *kept;
    struct stood stood[PARTITIONS];
    size_t saves[PARTITIONS], wanted; /* which save of each partition is kept */
    size_t found;
} game;

/* --- keeping ------------------------------------------------------------------------------------------ */
static bool keep_row(void *rows, cx_view key, cx_view value) {
    return cx_state_load(rows, key, value) == CX_OK;
}

static void forget(struct stood *s) {
    free(s->kept);
    for (int i = 0; i < STAGES; i++)
        cx_state_destroy(&s->rows[i]);
    *s = (struct stood){.there = false};
}

static void keep_derived(struct stood *s, const cx_replay_begin *at) {
    s->at = *at;
    s->kept = calloc(at->kept_n + 1, sizeof *s->kept);
    for (size_t i = 0; i < at->kept_n; i++) {
        s->kept[i] = at->kept[i];
        s->kept[i].key = cx_arena_copy(game.kept, at->kept[i].key);
        s->kept[i].bytes = cx_arena_copy(game.kept, at->kept[i].bytes);
    }
    s->at.kept = s->kept;
}

static cx_rc save(void *context, int32_t partition, const cx_replay_begin *at, const cx_stages *stages,
                  cx_err *err) {
    struct stood *s = &game.stood[partition];
    (void)context;
    (void)err;
    assert_true(at->exact);
    assert_int_equal(at->done, stages == NULL);
    if (game.saves[partition]++ != game.wanted)
        return CX_OK;
    forget(s);
    s->there = true;
    keep_derived(s, at);
    for (int i = 0; stages != NULL && i < STAGES; i++) {
        s->rows[i] = cx_state_new();
        const cx_state *rows = cx_stages_state(stages, keepers[i], partition);
        assert_true(rows == NULL || cx_state_each(rows, keep_row, s->rows[i]));
    }
    for (int i = 0; stages != NULL && i < CX_STAGES_COUNT; i++) {
        s->ticks[i] = cx_stages_tick(stages, (cx_stages_name)i, partition);
        s->pack_n[i] = cx_stages_packs(stages, (cx_stages_name)i, partition, s->packs[i], PACKS);
    }
    return CX_OK;
}

/* --- going on ----------------------------------------------------------------------------------------- */
struct putting {
    cx_stages *stages;
    cx_stages_name stage;
    int32_t partition;
};

static bool put_row(void *context, cx_view key, cx_view value) {
    const struct putting *p = context;
    return cx_stages_restore_row(p->stages, p->stage, p->partition, key, value, NULL) == CX_OK;
}

static cx_rc restore(void *context, int32_t partition, cx_stages *stages, cx_replay_begin *at, cx_err *err) {
    struct stood *s = &game.stood[partition];
    (void)context;
    (void)err;
    if (!s->there)
        return CX_OK;
    *at = s->at;
    for (int i = 0; stages != NULL && i < CX_STAGES_COUNT; i++) {
        assert_int_equal(cx_stages_forget(stages, (cx_stages_name)i, partition), CX_OK);
        assert_int_equal(cx_stages_restore_place(stages, (cx_stages_name)i, partition, s->ticks[i],
                                                 s->packs[i], s->pack_n[i]),
                         CX_OK);
    }
    for (int i = 0; stages != NULL && s->rows[0] != NULL && i < STAGES; i++)
        assert_true(cx_state_each(s->rows[i], put_row, &(struct putting){stages, keepers[i], partition}));
    return CX_OK;
}

/* --- histories ---------------------------------------------------------------------------------------- */
static int set_up(void **state) {
    (void)state;
    history_begin(&game.history);
    game.kept = cx_arena_new(0);
    return game.kept == NULL;
}

static int tear_down(void **state) {
    (void)state;
    for (int p = 0; p < PARTITIONS; p++)
        forget(&game.stood[p]);
    history_end(&game.history);
    cx_arena_destroy(&game.kept);
    return 0;
}

/* A history with a decision changed, and one derived event gone where there is one. */
static memory *play(uint64_t seed) {
    memory *m = history_play(&game.history, seed, HISTORY_BASE, HISTORY_MILDER);
    m->topic = CX_REPLAY_DECIDED;
    m->mistake = CHANGED;
    m->at = memory_find(m, CX_REPLAY_DECIDED);
    memory_change(m, CX_REPLAY_DECIDED, game.history.arena);
    return m;
}

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    (void)context;
    (void)d;
    (void)err;
    game.found++;
    return CX_OK;
}

static const cx_replay_wanted everything = {.from = CX_NO_TIME, .to = CX_NO_TIME};

static cx_replay_tally run(memory *const *memories, size_t n, size_t save_every, const volatile int *stop) {
    cx_replay_source sources[PARTITIONS];
    const cx_replay_source *pointers[PARTITIONS];
    cx_replay_events events = {
        .difference = take_difference, .save = save, .save_every = save_every, .stop = stop};
    cx_replay_tally tally;
    cx_err err = {0};
    for (size_t i = 0; i < n; i++) {
        sources[i] = memory_source(memories[i], PARTITIONS);
        pointers[i] = &sources[i];
    }
    game.found = 0;
    if (cx_replay_run_together(pointers, n, &everything, &events, &tally, &err) != CX_OK)
        fail_msg("%s", err.text);
    return tally;
}

static void check_same(const cx_replay_tally *a, const cx_replay_tally *b) {
    assert_int_equal(a->records, b->records);
    for (int i = 0; i < CX_STAGES_COUNT; i++)
        assert_int_equal(a->compared[i], b->compared[i]);
    assert_int_equal(a->derived, b->derived);
    assert_int_equal(a->differences, b->differences);
    assert_int_equal(a->pending, b->pending);
    assert_int_equal(a->removed, b->removed);
}

/* --- the tests ---------------------------------------------------------------------------------------- */
static void it_goes_on_anywhere(void **state) {
    size_t derived = 0, places = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memory *m = play(seed);
        const cx_replay_tally whole = run(&m, 1, 0, NULL);
        assert_int_equal(whole.differences, 1);
        derived += whole.derived;
        bool any = true;
        for (game.wanted = 0; any; game.wanted++) {
            (void)memset(game.saves, 0, sizeof game.saves);
            for (int p = 0; p < PARTITIONS; p++)
                forget(&game.stood[p]);
            m->restore = NULL;
            cx_replay_tally first = run(&m, 1, EVERY, NULL);
            check_same(&whole, &first);
            any = false;
            for (int p = 0; p < PARTITIONS; p++)
                any = any || game.stood[p].there;
            m->restore = restore;
            cx_replay_tally again = run(&m, 1, 0, NULL);
            check_same(&whole, &again);
            places += any;
        }
    }
    assert_true(derived > 0);
    assert_true(places > SEEDS);
}

static void it_stops_and_keeps_its_place(void **state) {
    static const volatile int stop = 1;
    (void)state;
    memory *m = play(2);
    const cx_replay_tally whole = run(&m, 1, 0, NULL);
    game.wanted = 0;
    (void)memset(game.saves, 0, sizeof game.saves);
    for (int p = 0; p < PARTITIONS; p++)
        forget(&game.stood[p]);
    cx_replay_tally first = run(&m, 1, EVERY, &stop);
    assert_true(first.stopped);
    assert_int_equal(first.records, 0);
    m->restore = restore;
    cx_replay_tally again = run(&m, 1, 0, NULL);
    check_same(&whole, &again);
}

static void by_several_threads(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memory *m = play(seed);
        const cx_replay_tally whole = run(&m, 1, 0, NULL);
        memory others[PARTITIONS];
        memory *all[PARTITIONS];
        for (int i = 0; i < PARTITIONS; i++) {
            others[i] = *m;
            others[i].codec = history_codec();
            all[i] = &others[i];
        }
        for (size_t n = 2; n <= PARTITIONS; n++) {
            cx_replay_tally again = run(all, n, 0, NULL);
            check_same(&whole, &again);
            assert_int_equal(game.found, whole.differences);
        }
        for (int i = 0; i < PARTITIONS; i++)
            cx_codec_destroy(&others[i].codec);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_goes_on_anywhere),
                                       cmocka_unit_test(it_stops_and_keeps_its_place),
                                       cmocka_unit_test(by_several_threads)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
