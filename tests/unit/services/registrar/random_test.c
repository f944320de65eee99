/* Random histories, legal and illegal, over years of ticks: what was told out must hold to the invariants
 * that can be read off it. A failing seed is printed and plays again exactly.
 *
 *     test_registrar_random [HISTORIES [FIRST-SEED]] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/model/invariants.h"
#include "tests/model/loop.h"
#include "tests/model/packs.h"
#include "tests/model/random.h"
#include "tests/model/replay.h"

enum { STEPS = 70 };

static uint64_t number = 600, first_seed = 1;
static size_t caused[CX_LOOP_DEPTHS]; /* events by the length of their chain of causes */

static void play(cx_chain *chain, cx_chain *again, cx_arena *arena, cx_pack *const packs[2], uint64_t seed,
                 cx_tally *tally) {
    cx_err err = {0};
    cx_arena_reset(arena);
    cx_random r = cx_random_begin(seed, chain, arena, packs[0], packs[1]);
    for (int i = 0; i < STEPS; i++)
        if (cx_random_step(&r, &err) != CX_OK || !cx_invariants_now(chain, r.today, packs[0], &err))
            fail_msg("seed %llu, step %d: %s", (unsigned long long)seed, i, err.text);
    const cx_pack *used[] = {packs[0], packs[1]};
    if (!cx_invariants_log(chain, tally, &err) || !cx_loop_holds(chain, caused, &err) ||
        !cx_replay_is_same(chain, again, used, 2, &err))
        fail_msg("seed %llu: %s", (unsigned long long)seed, err.text);
}

static void histories(void **state) {
    (void)state;
    cx_chain *chain = cx_chain_new(3), *again = cx_chain_new(3);
    cx_arena *arena = cx_arena_new(0);
    cx_pack *packs[2] = {NULL, NULL};
    cx_err err = {0};
    cx_tally tally = {0};
    assert_non_null(chain);
    assert_non_null(again);
    if (cx_model_pack(NULL, "tests/model/pack", 1, &packs[0], &err) != CX_OK ||
        cx_model_pack("tests/model/pack", "tests/model/pack-milder", 2, &packs[1], &err) != CX_OK)
        fail_msg("%s", err.text);
    for (uint64_t seed = first_seed; seed < first_seed + number; seed++)
        play(chain, again, arena, packs, seed, &tally);
    /* The generator reaches what it is meant to reach. */
    for (int s = CX_ENTRY_STATE_NOTIFIED; s <= CX_ENTRY_STATE_REMOVED; s++)
        if (number >= 600 && tally.states[s] < 10)
            fail_msg("only %zu changes to %s", tally.states[s], cx_entry_state_name((cx_entry_state)s));
    print_message("%llu histories, %zu events: %zu accepted, %zu refused, %zu derived, %zu of them twice\n",
                  (unsigned long long)number, tally.accepted + tally.refused, tally.accepted, tally.refused,
                  tally.derived, caused[2]);
    cx_chain_destroy(&chain);
    cx_chain_destroy(&again);
    cx_arena_destroy(&arena);
    cx_pack_destroy(&packs[0]);
    cx_pack_destroy(&packs[1]);
}

int main(int argc, char **argv) {
    int64_t n;
    if (argc > 1 && cx_view_to_int64(cx_view_of(argv[1]), &n) && n > 0)
        number = (uint64_t)n;
    if (argc > 2 && cx_view_to_int64(cx_view_of(argv[2]), &n) && n > 0)
        first_seed = (uint64_t)n;
    const struct CMUnitTest tests[] = {cmocka_unit_test(histories)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
