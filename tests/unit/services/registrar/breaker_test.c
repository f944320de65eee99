/* The circuit breaker at its edge, in one partition and over several. The model's pack "breaker" has a limit
 * of 3 listings an hour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/model/history_check.h"
#include "tests/model/packs.h"

enum { SUBJECTS = 8 };

typedef struct scene {
    cx_chain *chain;
    cx_arena *arena;
    cx_pack *pack;
    cx_date today;
    int64_t number;
} scene;

static void run(scene *s) {
    cx_err err = {0};
    if (cx_chain_run(s->chain, &err) != CX_OK)
        fail_msg("%s", err.text);
}

static void tick(scene *s, cx_time t) {
    assert_int_equal(cx_chain_tick(s->chain, t), CX_OK);
    s->today = cx_date_of_time(t);
    run(s);
}

static void day(scene *s, const char *text) {
    cx_date d;
    assert_true(cx_date_parse(cx_view_of(text), &d));
    tick(s, cx_time_of_date(d));
}

/* Sends one line; gives the verdict. */
static const char *send(scene *s, const char *format, ...) CX_PRINTF(2, 3);
static const char *send(scene *s, const char *format, ...) {
    char text[400];
    va_list args;
    cx_line line;
    cx_event event;
    cx_err err = {0};
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cx_view copy = cx_arena_copy(s->arena, cx_view_of(text));
    cx_line_split(copy, &line);
    if (!cx_line_event(&line, s->today, ++s->number, s->arena, &event, &err))
        fail_msg("%s", err.text);
    assert_int_equal(cx_chain_publish(s->chain, &event), CX_OK);
    run(s);
    return cx_arena_copy(s->arena, cx_history_verdict(s->chain, s->number)).p;
}

static const char *decide(scene *s, int i, int official) {
    return send(s,
                "market LISTING_DECISION D%d-%d of=o%d list=B-ORG notice=N%d measures=M-CREDIT exit=E "
                "remedy=R official=%d",
                i, (int)s->number, i, i, official);
}

/* The id of the breaker: made of the place of the listing that tripped it, the first that was held. */
static const char *breaker(const scene *s) {
    const cx_chain_log *log = cx_chain_log_of(s->chain, CX_CHAIN_DECIDED);
    for (size_t i = 0; i < log->n; i++) {
        const cx_decided *d = log->items[i].value;
        if (cx_view_is(d->verdict, "HELD_BY_BREAKER"))
            return cx_arena_printf(s->arena, "b.%d.%lld", d->classified.origin.partition,
                                   (long long)d->classified.origin.offset)
                .p;
    }
    return "";
}

static scene begin(int32_t partitions) {
    scene s = {.chain = cx_chain_new(partitions), .arena = cx_arena_new(0)};
    cx_err err = {0};
    if (cx_model_pack("tests/model/pack", "tests/model/pack-breaker", 3, &s.pack, &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(cx_chain_activate(s.chain, s.pack), CX_OK);
    day(&s, "2026-01-05");
    for (int i = 0; i < SUBJECTS; i++) {
        assert_string_equal(send(&s, "market RECORD R%d of=o%d item=X-SERIOUS amount=5000000", i, i), "OK");
        assert_string_equal(send(&s,
                                 "market LISTING_NOTICE N%d of=o%d list=B-ORG rests_on=R%d "
                                 "served_on=2026-01-05 reason=A rights_told=yes",
                                 i, i, i),
                            "OK");
    }
    day(&s, "2026-01-13");
    return s;
}

static void end(scene *s) {
    cx_chain_destroy(&s->chain);
    cx_arena_destroy(&s->arena);
    cx_pack_destroy(&s->pack);
}

/* One partition: the third listing of an hour trips and is held; nothing in the subject's favour is. */
static void one_partition(void **state) {
    (void)state;
    scene s = begin(1);
    assert_string_equal(decide(&s, 0, 7), "OK");
    assert_string_equal(decide(&s, 1, 7), "OK");
    assert_string_equal(decide(&s, 2, 7), "HELD_BY_BREAKER");
    assert_string_equal(decide(&s, 3, 8), "HELD_BY_BREAKER");
    assert_string_equal(send(&s, "market WITHDRAWAL W0 of=o0 target=N0 reason=A"), "OK");
    assert_string_equal(send(&s, "market RECORD R9 of=o0 item=X-GENERAL"), "OK");
    /* time does not release it */
    tick(&s, cx_time_of_date(s.today) + 2 * CX_HOUR);
    assert_string_equal(decide(&s, 2, 7), "HELD_BY_BREAKER");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L1 of= breaker=b.9.9 official=9"), "NO_SUCH_EVENT");
    assert_string_equal(send(&s, "tax BREAKER_RELEASE L2 of= breaker=%s official=9", breaker(&s)),
                        "NO_SUCH_EVENT");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L3 of= breaker=%s official=7", breaker(&s)),
                        "SAME_OFFICIAL");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L4 of= breaker=%s official=8", breaker(&s)),
                        "SAME_OFFICIAL");
    assert_string_equal(
        send(&s, "market BREAKER_RELEASE L5 of= breaker=%s official=9 role=NONE", breaker(&s)),
        "NOT_BY_AN_OFFICIAL");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L6 of= breaker=%s official=9", breaker(&s)), "OK");
    assert_string_equal(decide(&s, 2, 7), "OK");
    end(&s);
}

/* An hour without listings is a new hour. */
static void an_hour_later(void **state) {
    (void)state;
    scene s = begin(1);
    assert_string_equal(decide(&s, 0, 7), "OK");
    assert_string_equal(decide(&s, 1, 7), "OK");
    tick(&s, cx_time_of_date(s.today) + CX_HOUR - CX_MINUTE);
    assert_int_equal(cx_chain_rows(s.chain, 'b'), 1);
    tick(&s, cx_time_of_date(s.today) + CX_HOUR);
    assert_string_equal(decide(&s, 2, 7), "OK");
    assert_string_equal(decide(&s, 3, 7), "OK");
    assert_string_equal(decide(&s, 4, 7), "HELD_BY_BREAKER");
    end(&s);
}

/* Four partitions trip at ceil(3 / 4) each: the first listing anywhere holds the feed everywhere, and one
 * release lets it go everywhere. */
static void over_partitions(void **state) {
    (void)state;
    scene s = begin(4);
    assert_string_equal(decide(&s, 0, 7), "HELD_BY_BREAKER");
    for (int i = 1; i < SUBJECTS; i++)
        assert_string_equal(decide(&s, i, 7), "HELD_BY_BREAKER");
    assert_int_equal(cx_chain_rows(s.chain, 'b'), 4);
    assert_string_equal(send(&s, "market BREAKER_RELEASE L1 of= breaker=%s official=7", breaker(&s)),
                        "SAME_OFFICIAL");
    assert_string_equal(send(&s, "market BREAKER_RELEASE L2 of= breaker=%s official=9", breaker(&s)), "OK");
    /* released: as many may come as would have tripped it, in each partition; then it trips anew */
    assert_string_equal(decide(&s, 0, 7), "OK");
    int i = 1;
    while (i < SUBJECTS && strcmp(decide(&s, i, 7), "OK") == 0)
        i++;
    assert_in_range(i, 1, 4);
    assert_string_equal(send(&s, "market BREAKER_RELEASE L3 of= breaker=%s official=9", breaker(&s)),
                        "NO_SUCH_EVENT");
    end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_partition), cmocka_unit_test(an_hour_later),
                                       cmocka_unit_test(over_partitions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
