/* Partitions that are split: how many there were where, whose a row is, and that none is lost or doubled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/base/home.h"
#include "services/registrar/decide.h"
#include "services/registrar/share.h"
#include "tests/unit/ops/replay/history.h"

enum { FROM = 3, TIMES = 4, INTO = FROM * TIMES, SEEDS = 6, SUBJECT = 16 };

/* --- places ------------------------------------------------------------------------------------------- */
static const int64_t first_cuts[] = {100, 200}, second_cuts[] = {150, 250, 10, 0};
static const cx_split items[] = {{2, 4, first_cuts}, {4, 8, second_cuts}};
static const cx_splits splits = {items, 2};

static void how_many_there_were(void **unused) {
    static const struct {
        int32_t partition;
        int64_t offset;
        int32_t count;
    } cases[] = {{0, -1, 2},  {0, 99, 2},  {0, 100, 4}, {0, 149, 4}, {0, 150, 8},
                 {1, 199, 2}, {1, 249, 4}, {1, 250, 8}, {2, -1, 4},  {2, 9, 4},
                 {2, 10, 8},  {3, -1, 4},  {3, 0, 8},   {4, -1, 8},  {7, 1000, 8}};
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cx_splits_at(&splits, cases[i].partition, cases[i].offset, 8), cases[i].count);
    assert_int_equal(cx_splits_at(NULL, 3, 7, 5), 5);
    assert_int_equal(cx_splits_at(&(cx_splits){.n = 0}, 3, 7, 5), 5);
}

static void what_came_out_of_what(void **unused) {
    (void)unused;
    assert_null(cx_splits_birth(&splits, 0));
    assert_null(cx_splits_birth(&splits, 1));
    assert_ptr_equal(cx_splits_birth(&splits, 3), &items[0]);
    assert_ptr_equal(cx_splits_birth(&splits, 6), &items[1]);
    assert_null(cx_splits_birth(NULL, 6));
    assert_ptr_equal(cx_splits_next(&splits, 1, 2), &items[0]);
    assert_ptr_equal(cx_splits_next(&splits, 1, 4), &items[1]);
    assert_null(cx_splits_next(&splits, 1, 8));
    assert_null(cx_splits_next(&splits, 3, 2));
}

/* --- breakers ----------------------------------------------------------------------------------------- */
static void a_breaker_holds_no_later(void **unused) {
    (void)unused;
    cx_arena *arena = cx_arena_new(0);
    cx_listing_count minutes[] = {{.at = 1, .n = -7}, {.at = 2, .n = 5}, {.at = 3, .n = 1}};
    cx_listing_count days[] = {{.at = 1, .n = 7}, {.at = 2, .n = 1}};
    cx_view officials[] = {CX_VIEW("7")};
    const cx_breaker_state row = {.department = CX_VIEW("market"),
                                  .id = CX_VIEW("b.1.2"),
                                  .tripped = true,
                                  .officials = {officials, 1},
                                  .minutes = {minutes, 3},
                                  .days = {days, 2}};
    cx_breaker_state share;
    assert_int_equal(cx_breaker_share(arena, &row, 2, &share), CX_OK);
    assert_int_equal(share.minutes.items[0].n, -3); /* what may still come: two of them no more than before */
    assert_int_equal(share.minutes.items[1].n, 3);
    assert_int_equal(share.minutes.items[2].n, 1);
    assert_int_equal(share.days.items[0].n, 3); /* what is usual: no more than before */
    assert_int_equal(share.days.items[1].n, 0);
    assert_true(share.tripped && cx_view_is(share.id, "b.1.2") && share.officials.n == 1);
    assert_int_equal(minutes[1].n, 5);
    cx_arena_destroy(&arena);
}

/* --- rows --------------------------------------------------------------------------------------------- */
static const cx_pack *pack_of(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const memory *m = context;
    for (int i = 0; i < HISTORY_PACKS; i++)
        if (memcmp(cx_pack_hash(m->packs[i]), hash, CX_PACK_HASH) == 0)
            return m->packs[i];
    return NULL;
}

static cx_rc ignore(void *context, const cx_stages_output *output, cx_err *err) {
    (void)context, (void)output, (void)err;
    return CX_OK;
}

/* The history's events, each where its subject is at home among FROM; ticks and what has no subject, in all.
 */
static void read_all(const memory *m, cx_stages *stages) {
    const cx_chain_log *log = memory_log(m, CX_REPLAY_RECORDS);
    int64_t next[FROM] = {0};
    cx_err err = {0};
    for (size_t i = 0; i < log->n; i++) {
        const cx_chain_message *one = &log->items[i];
        bool subject = one->key.n == SUBJECT;
        int32_t p = subject ? cx_home(one->key, FROM) : one->partition % FROM;
        if (cx_stages_read(stages, (cx_position){p, next[p]++}, one->key, one->value, &err) != CX_OK)
            fail_msg("%s", err.text);
    }
}

static bool any(cx_view key) {
    (void)key;
    return true;
}

struct kept {
    cx_view key, value;
    int32_t partition;
};

/* All rows of a stage, copied; *n counts them. */
static struct kept *rows_of(const cx_stages *stages, cx_stages_name stage, int32_t partitions,
                            cx_arena *arena, size_t *n) {
    struct kept *all = NULL;
    *n = 0;
    for (int32_t p = 0; p < partitions; p++) {
        size_t more = 0;
        const cx_state *state = cx_stages_state(stages, stage, p);
        cx_view *keys = state != NULL ? cx_state_keys(state, any, &more) : NULL;
        all = realloc(all, (*n + more + 1) * sizeof *all);
        assert_non_null(all);
        for (size_t i = 0; i < more; i++)
            all[(*n)++] = (struct kept){cx_arena_copy(arena, keys[i]),
                                        cx_arena_copy(arena, cx_state_get(state, keys[i])), p};
        free(keys);
    }
    return all;
}

static size_t check_rows(const cx_stages *stages, cx_stages_name stage, const struct kept *before, size_t n,
                         cx_arena *arena) {
    size_t after_n, shared = 0, moved = 0;
    struct kept *after = rows_of(stages, stage, INTO, arena, &after_n);
    for (size_t i = 0; i < n; i++) {
        cx_view subject;
        size_t found = 0;
        if (!cx_split_subject(stage, before[i].key, &subject)) {
            shared++;
            continue;
        }
        for (size_t k = 0; k < after_n; k++)
            if (cx_view_eq(after[k].key, before[i].key)) {
                assert_int_equal(after[k].partition, cx_home(subject, INTO));
                assert_true(cx_view_eq(after[k].value, before[i].value));
                moved += after[k].partition != before[i].partition;
                found++;
            }
        assert_int_equal(found, 1);
    }
    assert_int_equal(after_n, n - shared + shared * TIMES);
    free(after);
    return moved;
}

static void split_all(cx_stages *stages) {
    const cx_split split = {.from = FROM, .into = INTO};
    cx_err err = {0};
    for (int32_t p = 0; p < FROM; p++) {
        for (int32_t to = p + FROM; to < INTO; to += FROM)
            if (cx_split_hand_over(stages, p, to, &split, &err) != CX_OK)
                fail_msg("%s", err.text);
        if (cx_split_keep_own(stages, p, &split, &err) != CX_OK)
            fail_msg("%s", err.text);
    }
}

static void each_row_has_one_home(void **unused) {
    (void)unused;
    history game;
    size_t moved = 0;
    history_begin(&game);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memory *m = history_play(&game, seed, HISTORY_BASE, HISTORY_MILDER);
        cx_stages *stages =
            cx_stages_new(INTO, &(cx_stages_events){.context = m, .pack = pack_of, .output = ignore});
        cx_stages_count(stages, FROM);
        read_all(m, stages);
        struct kept *before[CX_STAGES_COUNT];
        size_t n[CX_STAGES_COUNT];
        for (int i = 0; i < CX_STAGES_COUNT; i++)
            before[i] = rows_of(stages, (cx_stages_name)i, FROM, game.arena, &n[i]);
        split_all(stages);
        for (int i = 0; i < CX_STAGES_COUNT; i++) {
            moved += check_rows(stages, (cx_stages_name)i, before[i], n[i], game.arena);
            for (int32_t p = FROM; p < INTO; p++)
                assert_true(cx_stages_tick(stages, (cx_stages_name)i, p) ==
                            cx_stages_tick(stages, (cx_stages_name)i, p % FROM));
            free(before[i]);
        }
        cx_stages_destroy(&stages);
    }
    assert_true(moved > 0);
    history_end(&game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_many_there_were), cmocka_unit_test(what_came_out_of_what),
        cmocka_unit_test(a_breaker_holds_no_later), cmocka_unit_test(each_row_has_one_home)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
