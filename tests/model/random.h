/* Random histories: departments that do right and wrong, late, doubled, out of order, over years of ticks.
 *
 * Everything comes from the seed. Ids that were sent are remembered, so that most references fit and some do
 * not. Subjects: o0 to o2 and p0 to p2. */
#ifndef TESTS_MODEL_RANDOM_H
#define TESTS_MODEL_RANDOM_H

#include "tests/model/chain.h"

enum { CX_RANDOM_SUBJECTS = 6, CX_RANDOM_IDS = 64 };

/* What an id was the id of. */
typedef enum cx_random_sort {
    CX_RANDOM_RECORD,
    CX_RANDOM_NOTICE,
    CX_RANDOM_DECISION,
    CX_RANDOM_OBJECTION,
    CX_RANDOM_STAY,
    CX_RANDOM_REPAIR,
    CX_RANDOM_CONSENT,
    CX_RANDOM_STATEMENT,
    CX_RANDOM_SORTS
} cx_random_sort;

typedef struct cx_random_id {
    char department[16];
    char id[16];
    int subject;
    char list[16];
} cx_random_id;

typedef struct cx_random {
    uint64_t state;
    cx_chain *chain;
    cx_arena *arena;
    const cx_pack *later; /* comes into force once, at some step */
    bool activated;
    cx_date today;
    int64_t number;
    cx_random_id ids[CX_RANDOM_SORTS][CX_RANDOM_IDS];
    size_t n[CX_RANDOM_SORTS];
    int added;      /* the sort of the id that the last line gave, or -1 */
    char last[600]; /* the line that was sent last, to be doubled */
} cx_random;

/* Resets the chain; `pack` comes into force on 2026-01-05. The arena holds the lines. */
cx_random cx_random_begin(uint64_t seed, cx_chain *chain, cx_arena *arena, const cx_pack *pack,
                          const cx_pack *later);
/* One event, one tick, or the activation of the other pack. *err: what failed, with the line. */
CX_MUST_CHECK cx_rc cx_random_step(cx_random *r, cx_err *err);

#endif
