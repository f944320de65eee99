#include "tests/model/history.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/model/history_check.h"
#include "tests/model/loop.h"
#include "tests/model/packs.h"
#include "tests/model/replay.h"

/* The base and what is laid over it: `law NAME`. A pack's hash is made of its number, from 1. */
enum { PACKS = 5, CITY = 200 };
static const char *const laws[PACKS] = {"base", "milder", "breaker", "worthless", "generous"};

typedef struct player {
    const char *path;
    int number; /* of the line */
    cx_chain *chain;
    cx_arena *arena; /* of the lines' events */
    cx_pack *packs[PACKS];
    cx_pack *city; /* of a `pack` line, with the number CITY */
    char city_name[256];
    cx_date today;
    cx_seen seen;
    cx_history_result *result;
} player;

static void complain(player *p, const char *what) {
    p->result->failures++;
    (void)fprintf(stderr, "%s:%d: %s\n", p->path, p->number, what);
}

static bool run(player *p) {
    cx_err err = {0};
    if (cx_chain_run(p->chain, &err) == CX_OK)
        return true;
    complain(p, err.text);
    return false;
}

static void begin(player *p) {
    p->result->histories++;
    cx_chain_reset(p->chain);
    cx_arena_reset(p->arena);
    p->today = CX_NO_DATE;
    p->seen = (cx_seen){0};
    if (cx_chain_activate(p->chain, p->packs[0]) != CX_OK)
        complain(p, "the pack does not come into force");
    (void)run(p);
}

static void set_day(player *p, const cx_line *line) {
    if (line->n < 2 || !cx_date_parse(line->words[1], &p->today) ||
        cx_chain_tick(p->chain, cx_time_of_date(p->today)) != CX_OK)
        complain(p, "no such day");
    (void)run(p);
}

static void set_law(player *p, const cx_line *line) {
    int i = PACKS - 1;
    while (i >= 0 && (line->n < 2 || !cx_view_is(line->words[1], laws[i])))
        i--;
    if (i < 0 || cx_chain_activate(p->chain, p->packs[i]) != CX_OK)
        complain(p, "no such law");
    (void)run(p);
}

/* "=> VERDICT" at the end, or OK. */
static cx_view expected(cx_line *line) {
    for (size_t i = 0; i + 1 < line->n; i++)
        if (cx_view_is(line->words[i], "=>")) {
            line->n = i;
            return line->words[i + 1];
        }
    return CX_VIEW("OK");
}

/* A deployed pack and its parent come into force beside the model's, for events that say place=. */
static void set_city(player *p, const cx_line *line) {
    char parent[256], folder[256];
    cx_err err = {0};
    if (line->n < 3 || (p->city != NULL && !cx_view_is(line->words[2], p->city_name))) {
        complain(p, "one pack a file, and its parent");
        return;
    }
    (void)snprintf(parent, sizeof parent, "deploy/policies/%.*s", CX_VIEW_ARGS(line->words[1]));
    (void)snprintf(folder, sizeof folder, "deploy/policies/%.*s", CX_VIEW_ARGS(line->words[2]));
    (void)snprintf(p->city_name, sizeof p->city_name, "%.*s", CX_VIEW_ARGS(line->words[2]));
    if (p->city == NULL && cx_model_pack(parent, folder, CITY, &p->city, &err) != CX_OK)
        complain(p, err.text);
    else if (cx_chain_activate(p->chain, p->city) != CX_OK)
        complain(p, "the pack does not come into force");
    (void)run(p);
}

/* measure=@N: the measure of the N-th notice that was sent, from 0. */
static cx_view measure_of(player *p, cx_view text) {
    const cx_chain_log *log = cx_chain_log_of(p->chain, CX_CHAIN_NOTICES);
    int64_t left;
    if (!cx_view_to_int64(text, &left))
        return text;
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *d = log->items[i].value;
        if (d->notice != NULL && d->notice->kind != CX_NOTICE_KIND_TELL && left-- == 0)
            return d->notice->measure_id;
    }
    return text;
}

static void name_measures(player *p, cx_line *line) {
    for (size_t i = 0; i < line->n; i++) {
        cx_view value, key = cx_view_split(line->words[i], '=', &value);
        if (value.n < 2 || value.p[0] != '@')
            continue;
        cx_view id = measure_of(p, (cx_view){value.p + 1, value.n - 1});
        line->words[i] = cx_arena_printf(p->arena, "%.*s=%.*s", CX_VIEW_ARGS(key), CX_VIEW_ARGS(id));
    }
}

static void send(player *p, cx_line *line) {
    cx_event event;
    cx_err err = {0};
    char text[600];
    cx_view wanted = expected(line);
    name_measures(p, line);
    if (!cx_line_event(line, p->today, p->number, p->arena, &event, &err)) {
        complain(p, err.text);
        return;
    }
    if (cx_chain_publish(p->chain, &event) != CX_OK)
        complain(p, "the event cannot be encoded");
    if (!run(p))
        return;
    cx_view verdict = cx_history_verdict(p->chain, p->number);
    p->result->lines++;
    (void)snprintf(text, sizeof text, "the verdict is %.*s, not %.*s", CX_VIEW_ARGS(verdict),
                   CX_VIEW_ARGS(wanted));
    if (!cx_view_eq(verdict, wanted))
        complain(p, text);
}

static bool is_expectation(cx_view word) {
    static const char *const words[] = {"entry",  "record", "status", "sent",  "told",
                                        "opened", "home",   "rows",   "public"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (cx_view_is(word, words[i]))
            return true;
    return false;
}

/* Decides the same log again, in a fresh chain whose partitions are read in another order. */
static size_t last_first(void *context, size_t n) {
    (void)context;
    return n - 1;
}

static void replay(player *p, cx_chain *again) {
    const cx_pack *packs[PACKS + 1] = {[PACKS] = p->city};
    cx_err err = {0};
    for (int i = 0; i < PACKS; i++)
        packs[i] = p->packs[i];
    if (p->result->histories > 0 && !cx_replay_is_same(p->chain, again, packs, PACKS + 1, &err))
        complain(p, err.text);
    if (!cx_loop_holds(p->chain, p->result->caused, &err))
        complain(p, err.text);
}

static void play_line(player *p, cx_chain *again, cx_view text) {
    cx_line line;
    cx_err err = {0};
    text = cx_arena_copy(p->arena, cx_view_trim(cx_view_split(text, '#', &(cx_view){0})));
    cx_line_split(text, &line);
    if (line.n == 0)
        return;
    if (cx_view_is(line.words[0], "history")) {
        replay(p, again);
        begin(p);
    } else if (cx_view_is(line.words[0], "day")) {
        set_day(p, &line);
    } else if (cx_view_is(line.words[0], "law")) {
        set_law(p, &line);
    } else if (cx_view_is(line.words[0], "pack")) {
        set_city(p, &line);
    } else if (is_expectation(line.words[0])) {
        p->result->lines++;
        if (!cx_history_check(p->chain, &line, &p->seen, &err))
            complain(p, err.text);
    } else {
        send(p, &line);
    }
}

static bool play(player *p, cx_chain *again) {
    char text[2048];
    FILE *file = fopen(p->path, "r");
    if (file == NULL)
        return false;
    while (fgets(text, sizeof text, file) != NULL) {
        p->number++;
        play_line(p, again, cx_view_of(text));
    }
    replay(p, again);
    (void)fclose(file);
    return true;
}

static bool load_packs(player *p, cx_err *err) {
    static const char base[] = "tests/model/pack";
    char folder[64];
    cx_rc rc = cx_model_pack(NULL, base, 1, &p->packs[0], err);
    for (uint8_t i = 1; i < PACKS && rc == CX_OK; i++) {
        (void)snprintf(folder, sizeof folder, "%s-%s", base, laws[i]);
        rc = cx_model_pack(base, folder, (uint8_t)(i + 1), &p->packs[i], err);
    }
    return rc == CX_OK;
}

bool cx_history_run(const char *path, int32_t partitions, cx_history_result *out) {
    cx_err err = {0};
    player p = {.path = path, .result = out};
    cx_chain *again = cx_chain_new(partitions);
    *out = (cx_history_result){0};
    p.chain = cx_chain_new(partitions);
    p.arena = cx_arena_new(0);
    bool ok = again != NULL && p.chain != NULL && p.arena != NULL && load_packs(&p, &err);
    if (!ok)
        (void)fprintf(stderr, "%s\n", err.text);
    if (ok)
        cx_chain_order(again, last_first, NULL);
    ok = ok && play(&p, again);
    cx_chain_destroy(&again);
    cx_chain_destroy(&p.chain);
    cx_arena_destroy(&p.arena);
    for (int i = 0; i < PACKS; i++)
        cx_pack_destroy(&p.packs[i]);
    cx_pack_destroy(&p.city);
    return ok;
}
