/* What only a whole history shows: I-REPLAY, I-POINTS, and the canaries of I-FORBIDDEN, I-REPORTER and
 * I-PRIVATE in the bytes of everything that was told. */
#include <stdio.h>

#include "tests/model/loop.h"
#include "tests/model/replay.h"
#include "tests/property/play_inside.h"

static bool holds_bytes(cx_view bytes, const char *canary) {
    return memmem(bytes.p, bytes.n, canary, strlen(canary)) != NULL;
}

/* --- canaries ----------------------------------------------------------------------------------------- */
static const struct {
    const char *canary, *invariant;
    bool goes_home; /* to its sender, with the message that was refused */
} canaries[] = {{CX_CANARY_FORBIDDEN, "I-FORBIDDEN", false}, {CX_CANARY_SENSITIVE, "I-FORBIDDEN", false},
                {CX_CANARY_REPORTER, "I-REPORTER", false},   {CX_CANARY_NAME, "I-PRIVATE", true},
                {CX_CANARY_TEXT, "I-PRIVATE", true},         {CX_CANARY_CITIZEN "19", "I-PRIVATE", true},
                {CX_CANARY_CITIZEN "20", "I-PRIVATE", true}, {CX_CANARY_CREDIT_CODE "MA", "I-PRIVATE", true}};

static bool clean(const cx_play *p, cx_view bytes, const char *where, bool home, cx_fault *f) {
    for (size_t i = 0; i < sizeof canaries / sizeof canaries[0]; i++)
        if (cx_play_looks_at(p, canaries[i].invariant) && !(home && canaries[i].goes_home) &&
            holds_bytes(bytes, canaries[i].canary)) {
            f->invariant = canaries[i].invariant;
            return cx_broken(f, "%s is in %s", canaries[i].canary, where);
        }
    return true;
}

static bool all_clean(const cx_play *p, cx_fault *f) {
    static const char *const names[] = {"credit.records", "credit.classified", "credit.decided",
                                        "credit.status",  "credit.notices",    "credit.notices of points"};
    for (int t = 0; t < CX_CHAIN_TOPICS; t++) {
        const cx_chain_log *log = cx_chain_log_of(p->chain, (cx_chain_topic)t);
        for (size_t i = 0; i < log->n; i++)
            if (!clean(p, log->items[i].bytes, names[t], false, f))
                return false;
    }
    for (size_t i = 0; i < p->access_n; i++)
        if (!clean(p, p->access[i], "credit.access", false, f))
            return false;
    for (size_t i = 0; i < p->posted_n; i++) {
        const cx_posted *m = &p->posted[i];
        if (!clean(p, m->bytes, m->notice != NULL ? "credit.notices.<dept>" : "credit.rejected.<dept>",
                   m->by_intake, f))
            return false;
        if (cx_play_looks_at(p, "I-PRIVATE") && !m->by_intake && m->rejection != NULL &&
            m->rejection->body.p != NULL) {
            f->invariant = "I-PRIVATE";
            return cx_broken(f, "a refusal behind intake carries a message");
        }
    }
    return true;
}

/* --- replay ------------------------------------------------------------------------------------------- */
/* Deciding the log again gives every byte again: nobody is notified of anything new, nobody is listed,
 * nothing comes back. The order of partitions is the same: in which order two of them derive events for a
 * third is for the log to say, and a real replay finds them there (ops/replay). */
static bool same_again(cx_play *p, cx_play *again, cx_fault *f) {
    const cx_pack *packs[CX_WORLD_PACKS] = {NULL};
    cx_err err = {0};
    for (size_t i = 0; i < p->ledger.world->n; i++)
        packs[i] = p->ledger.world->packs[i];
    bool same = cx_replay_is_same(p->chain, again->chain, packs, CX_WORLD_PACKS, &err);
    f->invariant = "I-REPLAY";
    return same || cx_broken(f, "%s", err.text);
}

/* What the registrar wrote back has its cause in the log, and no chain of causes is long. */
static bool loop_holds(const cx_play *p, cx_fault *f) {
    size_t caused[CX_LOOP_DEPTHS] = {0};
    cx_err err = {0};
    f->invariant = "LOOP";
    return cx_loop_holds(p->chain, caused, &err) || cx_broken(f, "%s", err.text);
}

/* --- points ------------------------------------------------------------------------------------------- */
/* The line without points: consent to something that means nothing, in the same place of the log. */
static void without_points(const char *line, char out[CX_PLAY_LINE]) {
    const char *at = strstr(line, "scope=POINTS");
    if (at == NULL) {
        (void)snprintf(out, CX_PLAY_LINE, "%s", line);
        return;
    }
    (void)snprintf(out, CX_PLAY_LINE, "%.*sscope=NOTHING%s", (int)(at - line), line,
                   at + strlen("scope=POINTS"));
}

/* A dispatch without its place in a walk, which ids are made of: a consent to points that has ended is not
 * visited any more, so that what is visited behind it has a lower number. */
static cx_view unnumbered(cx_play *p, const cx_dispatch *said) {
    cx_dispatch d = *said;
    cx_notice n;
    cx_view bytes;
    d.index = 0;
    if (d.notice != NULL) {
        n = *d.notice;
        n.id = n.measure_id = CX_VIEW("");
        d.notice = &n;
    }
    return cx_codec_encode(p->codec, &cx_dispatch_type, &d, &bytes, NULL) == CX_OK
               ? cx_arena_copy(p->arena, bytes)
               : (cx_view){NULL, 0};
}

static bool same_log(cx_play *a, const cx_play *b, cx_chain_topic topic) {
    const cx_chain_log *x = cx_chain_log_of(a->chain, topic), *y = cx_chain_log_of(b->chain, topic);
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++) {
        if (cx_view_eq(x->items[i].bytes, y->items[i].bytes))
            continue;
        if (topic != CX_CHAIN_NOTICES)
            return false;
        cx_view mine = unnumbered(a, x->items[i].value);
        if (mine.p == NULL || !cx_view_eq(mine, unnumbered(a, y->items[i].value)))
            return false;
    }
    return true;
}

/* Whoever opted in to points is told of, and shown, exactly as one who did not. */
static bool points_change_nothing(cx_play *p, cx_play *again, char (*lines)[CX_PLAY_LINE], size_t n,
                                  cx_fault *f) {
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || strstr(lines[i], "scope=POINTS") != NULL;
    if (!any)
        return true;
    if (!cx_play_begin(again, p->ledger.world, NULL, f))
        return false;
    for (size_t i = 0; i < n; i++) {
        char line[CX_PLAY_LINE];
        without_points(lines[i], line);
        if (!cx_play_line(again, line, f))
            return false;
    }
    f->invariant = "I-POINTS";
    return (same_log(p, again, CX_CHAIN_STATUS) && same_log(p, again, CX_CHAIN_NOTICES)) ||
           cx_broken(f, "points change what is told or shown");
}

bool cx_play_end(cx_play *p, cx_play *again, char (*lines)[CX_PLAY_LINE], size_t n, cx_fault *f) {
    if (p->ledger.full)
        return true;
    if (p->cover != NULL) {
        p->cover->notices += p->posted_n;
    }
    return all_clean(p, f) && (!cx_play_looks_at(p, "LOOP") || loop_holds(p, f)) &&
           (!cx_play_looks_at(p, "I-REPLAY") || same_again(p, again, f)) &&
           (!cx_play_looks_at(p, "I-POINTS") || points_change_nothing(p, again, lines, n, f));
}
