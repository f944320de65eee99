/* A random history as what stands on the bus, under the model's base pack and its milder one. cmocka's
 * asserts fail the test where it cannot be made. */
#ifndef TESTS_UNIT_OPS_REPLAY_HISTORY_H
#define TESTS_UNIT_OPS_REPLAY_HISTORY_H

#include "tests/unit/ops/replay/memory.h"

enum { HISTORY_PARTITIONS = 3, HISTORY_STEPS = 70, HISTORY_BASE = 0, HISTORY_MILDER = 1, HISTORY_PACKS = 2 };

typedef struct history {
    cx_chain *chain;
    cx_arena *arena; /* emptied by each history */
    cx_pack *packs[HISTORY_PACKS];
    memory memory;
} history;

/* Of the types that a replay reads; the caller destroys it. */
cx_codec *history_codec(void);
/* The caller ends it in any case. */
void history_begin(history *h);
void history_end(history *h);
/* Plays one, in which `later` comes into force at some step (both may be the same). Without a mistake, and
 * with everything still there. Until the next one. */
memory *history_play(history *h, uint64_t seed, int first, int later);

#endif
