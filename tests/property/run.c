#include "tests/property/run.h"

#include <stdio.h>

#include "tests/property/make.h"

cx_rc cx_run_open(cx_run *run, cx_err *err) {
    *run = (cx_run){.play = cx_play_new(), .again = cx_play_new()};
    if (run->play == NULL || run->again == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return cx_worlds_load(run->worlds, err);
}

void cx_run_close(cx_run *run) {
    cx_worlds_free(run->worlds);
    cx_play_destroy(&run->play);
    cx_play_destroy(&run->again);
}

bool cx_run_seed(cx_run *run, uint64_t seed, bool whole, cx_cover *cover, cx_history *history,
                 cx_fault *fault) {
    cx_make make;
    size_t w = cx_make_world(seed, run->worlds);
    history->world = &run->worlds[w];
    history->n = 0;
    if (cover != NULL) {
        cover->world = (int)w;
        cover->histories++;
    }
    if (!cx_play_begin(run->play, history->world, cover, fault))
        return false;
    cx_make_begin(&make, seed, history->world, run->play);
    for (size_t own = 0; own < CX_RUN_LINES; own++) {
        char *line = history->lines[history->n];
        cx_make_line(&make, line);
        history->n++;
        if (!cx_play_line(run->play, line, fault))
            return false;
        cx_make_heard(&make, cx_play_verdict(run->play));
        line = history->lines[history->n];
        bool room = history->n - own <= CX_RUN_ASIDES;
        if (!whole || !room || !cx_make_aside(&make, line))
            continue;
        history->n++;
        if (!cx_play_line(run->play, line, fault))
            return false;
    }
    if (cover != NULL) {
        cover->lines += history->n;
        cover->unfinished += cx_play_ledger(run->play)->full;
    }
    return !whole || cx_play_end(run->play, run->again, history->lines, history->n, fault);
}

bool cx_run_lines(cx_run *run, cx_history *h, bool whole, cx_fault *fault) {
    if (!cx_play_begin(run->play, h->world, NULL, fault))
        return false;
    for (size_t i = 0; i < h->n; i++)
        if (!cx_play_line(run->play, h->lines[i], fault))
            return false;
    return !whole || cx_play_end(run->play, run->again, h->lines, h->n, fault);
}

/* Without n lines from `at` on, the same invariant is still broken. */
static bool still_broken(cx_run *run, cx_history *h, size_t at, size_t n, bool whole, cx_fault *fault) {
    static cx_history shorter;
    cx_fault other = {0};
    shorter.world = h->world;
    shorter.n = 0;
    for (size_t i = 0; i < h->n; i++)
        if (i < at || i >= at + n)
            (void)memcpy(shorter.lines[shorter.n++], h->lines[i], CX_PLAY_LINE);
    if (cx_run_lines(run, &shorter, whole, &other) || strcmp(other.invariant, fault->invariant) != 0)
        return false;
    *h = shorter;
    *fault = other;
    return true;
}

void cx_run_shrink(cx_run *run, cx_history *h, bool whole, cx_fault *fault) {
    for (bool again = true; again;) {
        again = false;
        for (size_t n = h->n / 2 > 0 ? h->n / 2 : 1; n > 0; n /= 2)
            for (size_t at = 0; at + n <= h->n;) {
                if (still_broken(run, h, at, n, whole, fault))
                    again = true;
                else
                    at += n;
            }
    }
}

void cx_run_show(const cx_history *h, uint64_t seed, const cx_fault *fault) {
    printf("%s is broken: %s\n  by the history of seed %llu in the world %s, made small:\n", fault->invariant,
           fault->text, (unsigned long long)seed, h->world->name);
    for (size_t i = 0; i < h->n; i++)
        printf("    %s\n", h->lines[i]);
}
