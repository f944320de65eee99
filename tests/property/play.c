#include "tests/property/play.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/property/play_inside.h"

/* --- life --------------------------------------------------------------------------------------------- */
static cx_rc add_types(cx_codec *codec) {
    static const cx_type *const types[] = {&cx_credit_event_type, &cx_event_type, &cx_notice_type,
                                           &cx_rejection_type, &cx_access_type};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        CX_TRY(cx_codec_add(codec, types[i], NULL));
    return CX_OK;
}

cx_play *cx_play_new(void) {
    cx_play *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->chain = cx_chain_new(CX_PLAY_PARTITIONS);
    p->codec = cx_codec_new();
    p->arena = cx_arena_new(0);
    if (p->chain == NULL || p->codec == NULL || p->arena == NULL || add_types(p->codec) != CX_OK)
        cx_play_destroy(&p);
    return p;
}

void cx_play_destroy(cx_play **play) {
    if (*play == NULL)
        return;
    cx_chain_destroy(&(*play)->chain);
    cx_codec_destroy(&(*play)->codec);
    cx_arena_destroy(&(*play)->arena);
    free(*play);
    *play = NULL;
}

const cx_ledger *cx_play_ledger(const cx_play *p) {
    return &p->ledger;
}

void cx_play_only(cx_play *p, const char *invariant) {
    p->only = invariant;
}

cx_view cx_play_verdict(const cx_play *p) {
    return p->verdict;
}

const cx_chain *cx_play_chain(const cx_play *p) {
    return p->chain;
}

/* --- taking in what the line brought about ------------------------------------------------------------ */
static bool fail(cx_fault *f, const char *name, const cx_err *err) {
    f->invariant = name;
    return cx_broken(f, "%s", err->text);
}

static bool take_change(cx_play *p, const cx_decided *d, const cx_change *c, cx_fault *f) {
    for (size_t i = 0; i < cx_invariants_n; i++) {
        f->invariant = cx_invariants[i].name;
        if (cx_play_looks_at(p, f->invariant) && cx_invariants[i].change != NULL &&
            !cx_invariants[i].change(&p->ledger, d, c, f))
            return false;
    }
    cx_cover_change(p->cover, &p->ledger, d, c);
    cx_ledger_change(&p->ledger, d, c);
    return true;
}

static bool take_decided(cx_play *p, cx_fault *f) {
    const cx_chain_log *log = cx_chain_log_of(p->chain, CX_CHAIN_DECIDED);
    for (; p->read[CX_CHAIN_DECIDED] < log->n; p->read[CX_CHAIN_DECIDED]++) {
        const cx_decided *d = log->items[p->read[CX_CHAIN_DECIDED]].value;
        cx_cover_attempt(p->cover, &p->ledger, d);
        cx_ledger_decided(&p->ledger, d);
        for (size_t i = 0; i < d->changes.n; i++)
            if (!take_change(p, d, &d->changes.items[i], f))
                return false;
    }
    return true;
}

static void take_rejection(cx_play *p, const cx_posted *m) {
    cx_sent *s = (cx_sent *)cx_ledger_sent_by_number(&p->ledger, m->rejection->offset);
    if (s == NULL || !cx_view_eq(s->department, m->department))
        return;
    s->home++;
    s->verdict = m->rejection->reason;
    s->accepted = false;
}

static bool take_posted(cx_play *p, cx_fault *f) {
    for (; p->posted_read < p->posted_n; p->posted_read++) {
        const cx_posted *m = &p->posted[p->posted_read];
        if (m->rejection != NULL) {
            take_rejection(p, m);
            continue;
        }
        for (size_t i = 0; i < cx_invariants_n; i++) {
            f->invariant = cx_invariants[i].name;
            if (cx_play_looks_at(p, f->invariant) && cx_invariants[i].notice != NULL &&
                !cx_invariants[i].notice(&p->ledger, m->department, m->subject, m->notice, f))
                return false;
        }
        cx_ledger_notice(&p->ledger, m->department, m->subject, m->notice);
    }
    return true;
}

/* Lets everything run, and looks. */
static bool settle(cx_play *p, const cx_sent *s, cx_fault *f) {
    cx_err err = {0};
    if (cx_chain_run(p->chain, &err) != CX_OK || cx_play_courier(p, &err) != CX_OK)
        return fail(f, "RUN", &err);
    if (!take_decided(p, f) || !take_posted(p, f))
        return false;
    if (p->ledger.full)
        return true;
    for (size_t i = 0; i < cx_invariants_n; i++) {
        f->invariant = cx_invariants[i].name;
        if (!cx_play_looks_at(p, f->invariant))
            continue;
        if (s != NULL && cx_invariants[i].sent != NULL && !cx_invariants[i].sent(&p->ledger, s, f))
            return false;
        if (cx_invariants[i].standing != NULL && !cx_invariants[i].standing(&p->ledger, f))
            return false;
    }
    return true;
}

/* --- lines -------------------------------------------------------------------------------------------- */
static bool activate(cx_play *p, cx_view name, cx_fault *f) {
    cx_ledger *l = &p->ledger;
    int order = 1;
    for (size_t i = 0; i < l->world->n; i++)
        order = l->order[i] >= order ? l->order[i] + 1 : order;
    for (size_t i = 0; i < l->world->n; i++) {
        if (!cx_view_is(name, l->world->law_names[i]))
            continue;
        if (l->order[i] == 0)
            l->order[i] = order;
        if (cx_chain_activate(p->chain, l->world->packs[i]) != CX_OK)
            return fail(f, "LINE", &(cx_err){.text = "the pack does not come into force"});
        l->pack = l->world->packs[i];
        l->activated_now = true;
        bool holds = settle(p, NULL, f);
        l->activated_now = false;
        return holds;
    }
    return fail(f, "LINE", &(cx_err){.text = "no such law"});
}

static bool tick(cx_play *p, cx_date day, cx_fault *f) {
    if (cx_chain_tick(p->chain, cx_time_of_date(day)) != CX_OK)
        return fail(f, "RUN", &(cx_err){.text = "no tick"});
    p->ledger.today = day > p->ledger.today ? day : p->ledger.today;
    return settle(p, NULL, f);
}

bool cx_play_begin(cx_play *p, const cx_world *world, cx_cover *cover, cx_fault *f) {
    cx_chain_reset(p->chain);
    cx_arena_reset(p->arena);
    cx_ledger_begin(&p->ledger, world, p->chain);
    (void)memset(p->read, 0, sizeof p->read);
    p->posted_n = p->posted_read = p->access_n = 0;
    p->number = 0;
    p->cover = cover;
    p->verdict = CX_VIEW("");
    return activate(p, cx_view_of(world->law_names[0]), f) &&
           tick(p, cx_date_from_civil((cx_civil){2026, 1, 5}), f);
}

static cx_view breaker_id(const cx_play *p) {
    const cx_chain_log *log = cx_chain_log_of(p->chain, CX_CHAIN_RECORDS);
    for (size_t i = log->n; i-- > 0;) {
        const cx_event *e = log->items[i].value;
        if (e->body_kind == CX_EVENT_BODY_BREAKER && e->body.breaker->tripped)
            return e->body.breaker->id;
    }
    return CX_VIEW("none");
}

static cx_view measure_id(const cx_play *p, cx_view number) {
    int64_t n;
    if (!cx_view_to_int64(number, &n) || p->ledger.told_n == 0)
        return CX_VIEW("none");
    return p->ledger.told[(size_t)n % p->ledger.told_n].measure_id;
}

/* Words whose value begins with @ name what only the run knows. */
static void resolve(cx_play *p, cx_line *line) {
    for (size_t i = 0; i < line->n; i++) {
        cx_view value, key = cx_view_split(line->words[i], '=', &value);
        if (value.n == 0 || value.p[0] != '@')
            continue;
        cx_view id =
            cx_view_is(key, "breaker") ? breaker_id(p) : measure_id(p, (cx_view){value.p + 1, value.n - 1});
        line->words[i] = cx_arena_printf(p->arena, "%.*s=%.*s", CX_VIEW_ARGS(key), CX_VIEW_ARGS(id));
    }
}

static bool message(cx_play *p, cx_line *line, cx_fault *f) {
    cx_err err = {0};
    resolve(p, line);
    if (cx_play_send(p, line, &err) != CX_OK)
        return fail(f, "LINE", &err);
    cx_sent *s = &p->ledger.sent[p->ledger.sent_n - 1];
    bool holds = settle(p, s, f);
    p->verdict = s->verdict;
    return holds;
}

bool cx_play_line(cx_play *p, const char *text, cx_fault *f) {
    cx_line line;
    cx_err err = {0};
    cx_date day;
    p->verdict = CX_VIEW("");
    cx_line_split(cx_arena_copy(p->arena, cx_view_of(text)), &line);
    if (line.n == 0)
        return true;
    if (cx_view_is(line.words[0], "day"))
        return line.n > 1 && cx_date_parse(line.words[1], &day)
                   ? tick(p, day, f)
                   : fail(f, "LINE", &(cx_err){.text = "no such day"});
    if (cx_view_is(line.words[0], "law"))
        return activate(p, line.n > 1 ? line.words[1] : CX_VIEW(""), f);
    if (!cx_view_is(line.words[0], "query"))
        return message(p, &line, f);
    if (cx_play_query(p, &line, &err) != CX_OK)
        return fail(f, "LINE", &err);
    return settle(p, NULL, f);
}
