/* An activation that would make abnormally many subjects listable is held in whole, until a second official
 * releases it. The model's pack "breaker" has a limit of 3; "stricter" finds serious what it finds general.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/model/history_check.h"
#include "tests/model/packs.h"
#include "tests/model/replay.h"

typedef struct scene {
    cx_chain *chain;
    cx_arena *arena;
    cx_pack *packs[2]; /* breaker, stricter */
    int64_t number;
} scene;

static void run(scene *s) {
    cx_err err = {0};
    if (cx_chain_run(s->chain, &err) != CX_OK)
        fail_msg("%s", err.text);
}

/* Sends one line; gives the verdict. */
static const char *send(scene *s, const char *format, ...) CX_PRINTF(2, 3);
static const char *send(scene *s, const char *format, ...) {
    char text[400];
    va_list args;
    cx_line line;
    cx_event event;
    cx_err err = {0};
    cx_date today;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_true(cx_date_parse(CX_VIEW("2026-03-02"), &today));
    cx_line_split(cx_arena_copy(s->arena, cx_view_of(text)), &line);
    if (!cx_line_event(&line, today, ++s->number, s->arena, &event, &err))
        fail_msg("%s", err.text);
    assert_int_equal(cx_chain_publish(s->chain, &event), CX_OK);
    run(s);
    return cx_arena_copy(s->arena, cx_history_verdict(s->chain, s->number)).p;
}

/* Asks; what became of it must be so. */
static void propose(scene *s, const char *who, cx_activation_state state, int64_t listed, int64_t limit) {
    cx_activation a;
    cx_err err = {0};
    if (cx_chain_propose(s->chain, s->packs[1], who, &a, &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(a.state, state);
    assert_int_equal(a.listed, listed);
    assert_int_equal(a.limit, limit);
}

/* `subjects` organisations with general penalties that the stricter pack would find serious, and one each
 * whose penalty is serious already, is general under both, and was withdrawn. */
static scene begin(int32_t partitions, int subjects) {
    scene s = {.chain = cx_chain_new(partitions), .arena = cx_arena_new(0)};
    cx_err err = {0};
    cx_date today;
    if (cx_model_pack("tests/model/pack", "tests/model/pack-breaker", 3, &s.packs[0], &err) != CX_OK ||
        cx_model_pack("tests/model/pack", "tests/model/pack-stricter", 4, &s.packs[1], &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(cx_chain_activate(s.chain, s.packs[0]), CX_OK);
    assert_true(cx_date_parse(CX_VIEW("2026-03-02"), &today));
    assert_int_equal(cx_chain_tick(s.chain, cx_time_of_date(today)), CX_OK);
    for (int i = 0; i < subjects; i++) {
        assert_string_equal(send(&s, "market RECORD R%d of=o%d item=X-SERIOUS amount=500000", i, i), "OK");
        assert_string_equal(send(&s, "market RECORD Q%d of=o%d item=X-SERIOUS amount=500000", i, i), "OK");
    }
    assert_string_equal(send(&s, "market RECORD S0 of=o80 item=X-SERIOUS amount=5000000"), "OK");
    assert_string_equal(send(&s, "market RECORD S1 of=o81 item=X-SERIOUS amount=50000"), "OK");
    assert_string_equal(send(&s, "market RECORD S2 of=o82 item=X-SERIOUS amount=500000"), "OK");
    assert_string_equal(send(&s, "market WITHDRAWAL W2 of=o82 target=S2 reason=A"), "OK");
    return s;
}

/* And decided again, all of it is the same. */
static void end(scene *s, int32_t partitions) {
    cx_chain *again = cx_chain_new(partitions);
    cx_err err = {0};
    if (!cx_replay_is_same(s->chain, again, (const cx_pack *const *)s->packs, 2, &err))
        fail_msg("%s", err.text);
    cx_chain_destroy(&again);
    cx_chain_destroy(&s->chain);
    cx_arena_destroy(&s->arena);
    cx_pack_destroy(&s->packs[0]);
    cx_pack_destroy(&s->packs[1]);
}

static size_t breakers(const scene *s) {
    return cx_chain_rows(s->chain, 'b');
}

/* Whether what the stricter law finds serious may list. */
static const char *notice(scene *s, int i) {
    const char *verdict = send(s, "market RECORD T%d of=t%d item=X-SERIOUS amount=500000", i, i);
    assert_string_equal(verdict, "OK");
    return send(s,
                "market LISTING_NOTICE N%d of=t%d list=B-ORG rests_on=T%d served_on=2026-03-02 reason=A "
                "rights_told=yes",
                i, i, i);
}

/* The id of the breaker: the place, and half the hash that cx_model_pack gives the stricter pack. */
static const char breaker[] = "a.990100.04040404040404040404040404040404";

/* As many as the limit of the law in force, each subject once: they may. */
static void the_limit_itself_is_let_through(void **state) {
    (void)state;
    scene s = begin(4, 3);
    propose(&s, "7", CX_ACTIVATION_STATE_ACTIVATED, 3, 3);
    assert_int_equal(breakers(&s), 0);
    assert_string_equal(notice(&s, 1), "OK");
    end(&s, 4);
}

static void one_more_is_held_until_a_second_official_releases_it(void **state) {
    (void)state;
    scene s = begin(4, 4);
    propose(&s, "7", CX_ACTIVATION_STATE_HELD, 4, 3);
    assert_int_equal(breakers(&s), 4);
    assert_string_equal(notice(&s, 1), "NOT_LISTABLE"); /* the law is as it was; and one more to be counted */
    propose(&s, "8", CX_ACTIVATION_STATE_HELD, 5, 3);
    /* time, and who asked, do not release it; nor does another place, a court, or an unknown id */
    assert_string_equal(send(&s, "market BREAKER_RELEASE L1 of= breaker=%s official=7", breaker),
                        "SAME_OFFICIAL");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L2 of= breaker=%s official=8", breaker),
                        "SAME_OFFICIAL");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L3 of= breaker=a.130100.04 official=9"),
                        "NO_SUCH_EVENT");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L4 of= breaker=a.990100.05 official=9"),
                        "NO_SUCH_EVENT");
    assert_string_equal(send(&s, "court BREAKER_RELEASE L5 of= breaker=%s official=9 role=JUDGE", breaker),
                        "NOT_COMPETENT");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L6 of= breaker=%s official=9 role=NONE", breaker),
                        "NOT_BY_AN_OFFICIAL");
    propose(&s, "9", CX_ACTIVATION_STATE_HELD, 5, 3);
    assert_string_equal(send(&s, "tax BREAKER_RELEASE L7 of= breaker=%s official=10", breaker), "OK");
    propose(&s, "7", CX_ACTIVATION_STATE_ACTIVATED, 5, INT64_MAX);
    assert_int_equal(breakers(&s), 0);
    assert_string_equal(notice(&s, 2), "OK");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L8 of= breaker=%s official=10", breaker),
                        "NO_SUCH_EVENT");
    end(&s, 4);
}

/* Where a release has reached one partition, it counts for all: the clock takes the limit that allows most.
 */
static void one_partition_knows_as_much(void **state) {
    (void)state;
    scene s = begin(1, 4);
    propose(&s, "7", CX_ACTIVATION_STATE_HELD, 4, 3);
    assert_string_equal(send(&s, "market BREAKER_RELEASE L1 of= breaker=%s official=9", breaker), "OK");
    propose(&s, "7", CX_ACTIVATION_STATE_ACTIVATED, 4, INT64_MAX);
    end(&s, 1);
}

/* The first law of a place has nobody to count; what stood is milder under it or the same. */
static void the_first_law_and_a_milder_one_hold_nothing(void **state) {
    (void)state;
    scene s = begin(2, 6);
    cx_pack *milder = NULL;
    cx_err err = {0};
    cx_activation a;
    assert_int_equal(cx_model_pack("tests/model/pack", "tests/model/pack-milder", 2, &milder, &err), CX_OK);
    assert_int_equal(cx_chain_propose(s.chain, milder, "7", &a, &err), CX_OK);
    assert_int_equal(a.listed, 0);
    assert_int_equal(a.state, CX_ACTIVATION_STATE_ACTIVATED);
    cx_chain_reset(s.chain);
    assert_int_equal(cx_chain_propose(s.chain, s.packs[1], "7", &a, &err), CX_OK);
    assert_int_equal(a.listed, 0);
    assert_int_equal(a.state, CX_ACTIVATION_STATE_ACTIVATED);
    end(&s, 2);
    cx_pack_destroy(&milder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_limit_itself_is_let_through),
                                       cmocka_unit_test(one_more_is_held_until_a_second_official_releases_it),
                                       cmocka_unit_test(one_partition_knows_as_much),
                                       cmocka_unit_test(the_first_law_and_a_milder_one_hold_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
