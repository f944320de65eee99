/* The replay against random histories: what was decided is the same when it is decided again; and each
 * mistake put into what was recorded is found, and named by what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "common/wire/visit.h"
#include "tests/unit/ops/replay/history.h"

enum { PARTITIONS = HISTORY_PARTITIONS, SEEDS = 8 };

/* --- what is found ------------------------------------------------------------------------------------ */
typedef struct finding {
    size_t n;
    cx_replay_difference first;
    char field[CX_PATH];
    char event_id[64];
    size_t derived_missing;
} finding;

static cx_rc take_difference(void *context, const cx_replay_difference *d, cx_err *err) {
    finding *f = context;
    (void)err;
    f->derived_missing += d->derived && d->recorded == NULL;
    if (f->n++ > 0)
        return CX_OK;
    f->first = *d;
    if (d->recorded != NULL && d->again != NULL)
        (void)cx_struct_same(d->type, d->recorded, d->again, f->field);
    (void)snprintf(f->event_id, sizeof f->event_id, "%.*s", CX_VIEW_ARGS(d->event_id));
    return CX_OK;
}

static const cx_replay_wanted everything = {.from = CX_NO_TIME, .to = CX_NO_TIME};

static cx_replay_tally replay(memory *m, const cx_replay_wanted *wanted, finding *f) {
    const cx_replay_source source = memory_source(m, PARTITIONS);
    const cx_replay_events events = {.context = f, .difference = take_difference};
    cx_replay_tally tally;
    cx_err err = {0};
    *f = (finding){.n = 0};
    m->doubled = false;
    if (cx_replay_run(&source, wanted, &events, &tally, &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(tally.differences, f->n);
    return tally;
}

/* --- histories ---------------------------------------------------------------------------------------- */

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

static memory *play(uint64_t seed) {
    return history_play(&game, seed, HISTORY_BASE, HISTORY_MILDER);
}

static bool is_derived(const void *value) {
    return ((const cx_event *)value)->cause != NULL;
}

/* --- the tests ---------------------------------------------------------------------------------------- */
static void the_same_again(void **state) {
    (void)state;
    size_t derived = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        finding f;
        memory *m = play(seed);
        cx_replay_tally t = replay(m, &everything, &f);
        assert_int_equal(f.n, 0);
        assert_int_equal(t.pending + t.removed, 0);
        assert_int_equal(t.records, memory_log(m, CX_REPLAY_RECORDS)->n);
        for (int topic = 0; topic < CX_STAGES_COUNT; topic++)
            assert_int_equal(t.compared[topic], memory_log(m, (cx_replay_topic)topic)->n);
        derived += t.derived;
    }
    assert_true(derived > 0);
}

static void a_changed_field_is_named(void **state) {
    static const struct {
        cx_replay_topic topic;
        cx_stages_name stage;
        const char *field;
    } cases[] = {{CX_REPLAY_CLASSIFIED, CX_STAGES_CLASSIFIER, "classification.rule"},
                 {CX_REPLAY_DECIDED, CX_STAGES_REGISTRAR, "changes[0].cause"},
                 {CX_REPLAY_NOTICES, CX_STAGES_SANCTIONER, "notice.basis"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        finding f;
        memory *m = play(i + 1);
        m->mistake = CHANGED;
        m->topic = cases[i].topic;
        m->at = memory_find(m, cases[i].topic);
        memory_change(m, cases[i].topic, game.arena);
        (void)replay(m, &everything, &f);
        assert_int_equal(f.n, 1);
        assert_int_equal(f.first.stage, cases[i].stage);
        assert_string_equal(f.field, cases[i].field);
        assert_int_equal(f.first.origin.partition, memory_log(m, cases[i].topic)->items[m->at].partition);
        const cx_classified *c = memory_log(m, cases[i].topic)->items[m->at].value;
        if (cases[i].topic == CX_REPLAY_CLASSIFIED) {
            assert_int_equal(f.first.origin.offset, c->origin.offset);
            assert_memory_equal(f.event_id, c->event.header->event_id.p, c->event.header->event_id.n);
        }
    }
}

static void one_too_few_or_too_many(void **state) {
    static const struct {
        mistake mistake;
        cx_replay_topic topic;
        bool recorded, again, derived;
    } cases[] = {{REMOVED, CX_REPLAY_CLASSIFIED, false, true, false},
                 {REMOVED, CX_REPLAY_DECIDED, false, true, false},
                 {REMOVED, CX_REPLAY_NOTICES, false, true, false},
                 {DOUBLED, CX_REPLAY_CLASSIFIED, true, false, false},
                 {DOUBLED, CX_REPLAY_DECIDED, true, false, false},
                 {DOUBLED, CX_REPLAY_NOTICES, true, false, false},
                 {OTHER_KEY, CX_REPLAY_DECIDED, true, true, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        finding f;
        memory *m = play(i + 1);
        m->mistake = cases[i].mistake;
        m->topic = cases[i].topic;
        m->at = memory_find(m, cases[i].topic);
        (void)replay(m, &everything, &f);
        assert_int_equal(f.n, 1);
        assert_int_equal(f.first.recorded != NULL, cases[i].recorded);
        assert_int_equal(f.first.again != NULL, cases[i].again);
        assert_int_equal(f.first.derived, cases[i].derived);
    }
}

/* A derived event is gone from the log: the registrar's own is missing, once. */
static void a_derived_event_is_missed(void **state) {
    size_t seen = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        finding f;
        memory *m = play(seed);
        const cx_chain_log *log = memory_log(m, CX_REPLAY_RECORDS);
        for (m->at = 0; m->at < log->n && !is_derived(log->items[m->at].value);)
            m->at++;
        if (m->at == log->n)
            continue;
        m->mistake = REMOVED;
        m->topic = CX_REPLAY_RECORDS;
        (void)replay(m, &everything, &f);
        assert_int_equal(f.derived_missing, 1);
        seen++;
    }
    assert_true(seen > 0);
}

static void what_is_not_written_yet_is_no_difference(void **state) {
    finding f;
    (void)state;
    memory *m = play(3);
    m->mistake = CUT;
    m->topic = CX_REPLAY_NOTICES;
    m->at = memory_log(m, CX_REPLAY_NOTICES)->n / 2;
    cx_replay_tally t = replay(m, &everything, &f);
    assert_int_equal(f.n, 0);
    assert_int_equal(t.pending, memory_log(m, CX_REPLAY_NOTICES)->n - m->at);
    assert_int_equal(t.compared[CX_STAGES_SANCTIONER], m->at);
}

static void what_retention_removed_is_counted(void **state) {
    finding f;
    (void)state;
    memory *m = play(4);
    m->low = 7;
    cx_replay_tally t = replay(m, &everything, &f);
    assert_int_equal(f.n, 0);
    assert_int_equal(t.pending, 0);
    assert_int_equal(t.removed, 7 * PARTITIONS * (CX_STAGES_COUNT - 1)); /* points pass no tick on */
}

static void another_law_decides_otherwise(void **state) {
    size_t differ = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        finding f;
        memory *m = play(seed);
        m->instead = m->packs[1];
        (void)replay(m, &everything, &f);
        differ += f.n;
    }
    assert_true(differ > 0);
}

static void a_subject_and_a_time(void **state) {
    finding f;
    (void)state;
    memory *m = play(5);
    m->mistake = CHANGED;
    m->topic = CX_REPLAY_DECIDED;
    m->at = memory_find(m, CX_REPLAY_DECIDED);
    memory_change(m, CX_REPLAY_DECIDED, game.arena);
    const cx_decided *d = memory_log(m, CX_REPLAY_DECIDED)->items[m->at].value;
    uint8_t own[1][16], other[1][16] = {{0xee}};
    (void)memcpy(own[0], d->subject, sizeof own[0]);
    cx_replay_wanted w = everything;
    w.subject_n = 1;
    w.subjects = own;
    assert_true(replay(m, &w, &f).compared[CX_STAGES_REGISTRAR] > 0);
    assert_int_equal(f.n, 1);
    w.subjects = other;
    assert_int_equal(replay(m, &w, &f).compared[CX_STAGES_REGISTRAR], 0);
    assert_int_equal(f.n, 0);
    w = everything;
    w.from = d->classified.now;
    w.to = d->classified.now;
    (void)replay(m, &w, &f);
    assert_int_equal(f.n, 1);
    w.from = d->classified.now + 1;
    w.to = CX_NO_TIME;
    (void)replay(m, &w, &f);
    assert_int_equal(f.n, 0);
    w = everything;
    w.has_stage = true;
    w.stage = CX_STAGES_SANCTIONER;
    (void)replay(m, &w, &f);
    assert_int_equal(f.n, 0);
    w = everything;
    w.has_partition = w.has_until = true;
    w.partition = d->classified.origin.partition;
    w.until = d->classified.origin.offset - 1;
    (void)replay(m, &w, &f);
    assert_int_equal(f.n, 0);
    w.until++;
    (void)replay(m, &w, &f);
    assert_int_equal(f.n, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_again),
                                       cmocka_unit_test(a_changed_field_is_named),
                                       cmocka_unit_test(one_too_few_or_too_many),
                                       cmocka_unit_test(a_derived_event_is_missed),
                                       cmocka_unit_test(what_is_not_written_yet_is_no_difference),
                                       cmocka_unit_test(what_retention_removed_is_counted),
                                       cmocka_unit_test(another_law_decides_otherwise),
                                       cmocka_unit_test(a_subject_and_a_time)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
