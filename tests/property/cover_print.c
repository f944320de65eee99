/* Which cells can be reached at all, and the table. */
#include <stdio.h>

#include "tests/property/cover.h"

#define S(state) (1U << CX_ENTRY_STATE_##state)

/* States in which an entry of the procedure can be, whoever sends what. No pack lets a court's entry, or a
 * red one, be repaired. */
static unsigned states_of(cx_procedure procedure) {
    unsigned all = S(IN_FORCE) | S(SUSPENDED) | S(EXPIRED) | S(RECALLED) | S(REMOVED);
    if (procedure == CX_PROCEDURE_COURT)
        return all;
    return all | S(NOTIFIED) | S(CLOSED) | (procedure == CX_PROCEDURE_NOTICE ? S(REPAIRED) : 0);
}

typedef struct features {
    bool any, repair, extension, endless, lapse, window;
} features;

static features features_of(const cx_pack *pack, cx_procedure procedure) {
    features f = {0};
    size_t n;
    const cx_list *l = cx_pack_lists(pack, &n);
    for (size_t i = 0; i < n; i++) {
        if (l[i].procedure != procedure)
            continue;
        f.any = true;
        f.repair = f.repair || l[i].repairable;
        f.extension = f.extension || l[i].extension_months > 0;
        f.endless = f.endless || l[i].months == 0 || procedure == CX_PROCEDURE_COURT;
        f.lapse = f.lapse || l[i].lapse.days > 0;
    }
    return f;
}

/* What nobody sends: time, the law and other entries bring it about, where it is legal, and never elsewhere.
 */
static bool by_itself(cx_move move) {
    return move == CX_MOVE_LAPSE || move == CX_MOVE_EXPIRY || move == CX_MOVE_REVIEW_DUE ||
           move == CX_MOVE_ACT_RECALLED || move == CX_MOVE_BASE_RECALLED || move == CX_MOVE_ADVERSE_ACT ||
           move == CX_MOVE_CONSENT_REVOKED || move == CX_MOVE_ACTIVATION || move == CX_MOVE_DELISTED;
}

/* Whether somebody can try it where it is illegal. */
static bool can_try(cx_procedure procedure, cx_entry_state state, cx_move move) {
    bool opens = move == CX_MOVE_LISTING_NOTICE || move == CX_MOVE_RED_NOMINATION;
    if (by_itself(move) || move == CX_MOVE_STAY_LIFTED)
        return false; /* a stay that is lifted suspends, and then it is legal */
    if (state == CX_ENTRY_STATE_NONE)
        return opens || (move == CX_MOVE_LISTING_DECISION && procedure == CX_PROCEDURE_NOTICE);
    bool noticed = move == CX_MOVE_STATEMENT || move == CX_MOVE_NOTICE_WITHDRAWN ||
                   move == CX_MOVE_RED_LISTING || move == CX_MOVE_LISTING_DECISION;
    if (opens || (noticed && procedure == CX_PROCEDURE_COURT))
        return false;                      /* a notice opens an entry of its own; a court's entry has none */
    return move != CX_MOVE_REPAIR_REVOKED; /* names a repair: only what is repaired has one */
}

static bool can_happen(const cx_world *w, size_t pack, cx_procedure procedure, cx_entry_state state,
                       cx_move move) {
    bool lifts = move == CX_MOVE_STAY_LIFTED || move == CX_MOVE_REORGANISATION_ENDED;
    if (lifts && state == CX_ENTRY_STATE_IN_FORCE)
        return false; /* while there is something to lift it is SUSPENDED */
    features f = features_of(w->packs[pack], procedure);
    if (move == CX_MOVE_REPAIR || move == CX_MOVE_REPAIR_REVOKED)
        return f.repair;
    if (move == CX_MOVE_EXTENSION)
        return f.extension;
    if (move == CX_MOVE_REVIEW_DUE)
        return f.endless;
    if (move == CX_MOVE_LAPSE)
        return f.lapse;
    if (move == CX_MOVE_ACTIVATION) /* the milder law reaches back; the others change nothing for entries */
        return strcmp(w->law_names[pack], "milder") == 0 && procedure == CX_PROCEDURE_NOTICE;
    if (move == CX_MOVE_DELISTED)
        return strcmp(w->law_names[pack], "lighter") == 0 && procedure == CX_PROCEDURE_NOTICE;
    return true;
}

bool cx_cover_wanted(const cx_world *world, size_t pack, cx_procedure procedure, cx_entry_state state,
                     cx_move move) {
    features f = features_of(world->packs[pack], procedure);
    unsigned states = states_of(procedure) | S(NONE);
    if (!f.any || (states & (1U << state)) == 0 || (state == CX_ENTRY_STATE_REPAIRED && !f.repair))
        return false;
    return cx_procedure_find(procedure, state, move) != NULL ? can_happen(world, pack, procedure, state, move)
                                                             : can_try(procedure, state, move);
}

typedef struct sum {
    size_t wanted, below;
    uint64_t least;
} sum;

static void row(const cx_cover *cover, const cx_world *w, size_t number, size_t pack, cx_procedure procedure,
                uint64_t least, sum sums[2]) {
    for (int s = 0; s < CX_COVER_STATES; s++)
        for (int m = 0; m < CX_MOVE_COUNT; m++) {
            if (!cx_cover_wanted(w, pack, procedure, (cx_entry_state)s, (cx_move)m))
                continue;
            bool legal = cx_procedure_find(procedure, (cx_entry_state)s, (cx_move)m) != NULL;
            uint64_t n = cover->cell[number][procedure][s][m];
            sum *t = &sums[legal ? 0 : 1];
            t->least = t->wanted == 0 || n < t->least ? n : t->least;
            t->wanted++;
            if (n >= (least > 0 ? least : 1))
                continue;
            t->below++;
            if (least == 0)
                continue;
            printf("  below %llu: %s/%s procedure %d %s %s %s: %llu\n", (unsigned long long)least, w->name,
                   w->law_names[pack], (int)procedure, cx_entry_state_name((cx_entry_state)s),
                   cx_move_name((cx_move)m), legal ? "legal" : "illegal", (unsigned long long)n);
        }
}

size_t cx_cover_print(const cx_cover *cover, const cx_world worlds[CX_WORLDS], uint64_t least) {
    static const char *const names[] = {"NOTICE", "COURT", "RED"};
    size_t below = 0;
    printf("%-26s %-7s %14s %7s %14s %7s\n", "pack", "by", "legal reached", "least", "illegal tried",
           "least");
    for (size_t i = 0; i < CX_WORLDS; i++)
        for (size_t k = 0; k < worlds[i].n; k++)
            for (int p = 0; p < CX_COVER_PROCEDURES; p++) {
                sum sums[2] = {{0}};
                char name[64];
                row(cover, &worlds[i], i * CX_WORLD_PACKS + k, k, (cx_procedure)p, least, sums);
                (void)snprintf(name, sizeof name, "%s/%s", worlds[i].name, worlds[i].law_names[k]);
                printf("%-26s %-7s %6zu of %4zu %7llu %6zu of %4zu %7llu\n", name, names[p],
                       sums[0].wanted - sums[0].below, sums[0].wanted, (unsigned long long)sums[0].least,
                       sums[1].wanted - sums[1].below, sums[1].wanted, (unsigned long long)sums[1].least);
                below += sums[0].below + sums[1].below;
            }
    return below;
}

static uint64_t in_all(const cx_cover *cover, const cx_world worlds[CX_WORLDS], cx_procedure p, int s, int m,
                       bool *wanted) {
    uint64_t n = 0;
    for (size_t i = 0; i < CX_WORLDS; i++)
        for (size_t k = 0; k < worlds[i].n; k++) {
            *wanted = *wanted || cx_cover_wanted(&worlds[i], k, p, (cx_entry_state)s, (cx_move)m);
            n += cover->cell[i * CX_WORLD_PACKS + k][p][s][m];
        }
    return n;
}

size_t cx_cover_below(const cx_cover *cover, const cx_world worlds[CX_WORLDS], uint64_t least) {
    size_t below = 0;
    for (int p = 0; p < CX_COVER_PROCEDURES; p++)
        for (int s = 0; s < CX_COVER_STATES; s++)
            for (int m = 0; m < CX_MOVE_COUNT; m++) {
                bool wanted = false;
                uint64_t n = in_all(cover, worlds, (cx_procedure)p, s, m, &wanted);
                if (!wanted || n >= least)
                    continue;
                below++;
                printf("  below %llu under all packs together: procedure %d %s %s: %llu\n",
                       (unsigned long long)least, p, cx_entry_state_name((cx_entry_state)s),
                       cx_move_name((cx_move)m), (unsigned long long)n);
            }
    return below;
}
