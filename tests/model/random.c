#include "tests/model/random.h"

#include <stdio.h>

#include "tests/model/history_check.h"
#include "tests/model/random_inside.h"

/* splitmix64 */
static uint64_t next(cx_random *r) {
    uint64_t z = (r->state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int cx_random_below(cx_random *r, int n) {
    return (int)(next(r) % (uint64_t)n);
}

/* True in so many of a hundred cases. */
bool cx_random_chance(cx_random *r, int percent) {
    return cx_random_below(r, 100) < percent;
}

cx_random cx_random_begin(uint64_t seed, cx_chain *chain, cx_arena *arena, const cx_pack *pack,
                          const cx_pack *later) {
    cx_random r = {.state = seed, .chain = chain, .arena = arena, .later = later, .added = -1};
    cx_err err = {0};
    r.today = cx_date_from_civil((cx_civil){2026, 1, 5});
    cx_chain_reset(chain);
    CX_ASSERT(cx_chain_activate(chain, pack) == CX_OK);
    CX_ASSERT(cx_chain_tick(chain, cx_time_of_date(r.today)) == CX_OK);
    CX_ASSERT(cx_chain_run(chain, &err) == CX_OK);
    return r;
}

static cx_rc run(cx_random *r, cx_err *err) {
    cx_rc rc = cx_chain_run(r->chain, err);
    return rc == CX_OK ? rc : cx_fail_in(err, "%s", r->last);
}

static cx_rc send(cx_random *r, cx_err *err) {
    cx_line line;
    cx_event event;
    cx_line_split(cx_arena_copy(r->arena, cx_view_of(r->last)), &line);
    if (!cx_line_event(&line, r->today, ++r->number, r->arena, &event, err))
        return cx_fail_in(err, "%s", r->last);
    CX_TRY(cx_chain_publish(r->chain, &event));
    CX_TRY(run(r, err));
    bool accepted = cx_view_is(cx_history_verdict(r->chain, r->number), "OK");
    if (r->added >= 0 && !accepted && cx_random_chance(r, 85))
        r->n[r->added]--; /* mostly what was accepted is referred to */
    r->added = -1;
    return CX_OK;
}

static cx_rc move_on(cx_random *r, cx_err *err) {
    static const int days[] = {1, 1, 7, 9, 12, 30, 190, 400};
    r->today += days[cx_random_below(r, 8)];
    (void)snprintf(r->last, sizeof r->last, "day %d", r->today);
    CX_TRY(cx_chain_tick(r->chain, cx_time_of_date(r->today)));
    if (!r->activated && cx_random_chance(r, 10)) {
        r->activated = true;
        CX_TRY(cx_chain_activate(r->chain, r->later));
    }
    return run(r, err);
}

static cx_rc tell_story(cx_random *r, cx_err *err) {
    int subject = cx_random_below(r, CX_RANDOM_SUBJECTS);
    for (int part = 0; part < 3; part++) {
        if (part == 2) {
            r->today += 10;
            CX_TRY(cx_chain_tick(r->chain, cx_time_of_date(r->today)));
        }
        cx_random_story(r, part, subject);
        CX_TRY(send(r, err));
    }
    return CX_OK;
}

cx_rc cx_random_step(cx_random *r, cx_err *err) {
    if (cx_random_chance(r, 3))
        return tell_story(r, err);

    if (cx_random_chance(r, 22))
        return move_on(r, err);
    if (r->number == 0 ||
        !cx_random_chance(r, 4)) /* else the last line once more: a duplicate, or a day later */
        cx_random_event(r);
    else if (r->last[0] == 'd')
        cx_random_record(r);
    return send(r, err);
}
