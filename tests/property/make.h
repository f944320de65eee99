/* Random histories: departments, courts, banks and subjects that do right and wrong, late, doubled and out of
 * order, over years. A history is made line by line while it is played: what was accepted is mostly what
 * later lines refer to, and entries in rare states are sought out. Everything comes from the seed. */
#ifndef TESTS_PROPERTY_MAKE_H
#define TESTS_PROPERTY_MAKE_H

#include "tests/property/play.h"

enum { CX_MAKE_IDS = 48, CX_MAKE_QUEUE = 6 };

/* What an id was the id of. */
typedef enum cx_make_sort {
    CX_MAKE_RECORD,
    CX_MAKE_NOTICE,
    CX_MAKE_DECISION,
    CX_MAKE_OBJECTION,
    CX_MAKE_STAY,
    CX_MAKE_REPAIR,
    CX_MAKE_CONSENT,
    CX_MAKE_STATEMENT,
    CX_MAKE_SORTS
} cx_make_sort;

typedef struct cx_make_id {
    char id[16];
    char subject[4];
    char department[40];
    const cx_recipe *recipe;
    bool accepted;
} cx_make_id;

typedef struct cx_make {
    uint64_t state;
    uint64_t aside;            /* of what is said beside the history */
    int consents, disclosures; /* numbers of those */
    const cx_world *world;
    const cx_play *play;
    cx_date today;
    int number;
    size_t law; /* of the world's packs, that is in force */
    /* What this history is after: the state of an entry, and what is asked of it then. */
    cx_procedure quest_procedure;
    cx_entry_state quest_state;
    int quest_ask; /* counts through what can be asked */
    cx_make_id ids[CX_MAKE_SORTS][CX_MAKE_IDS];
    size_t n[CX_MAKE_SORTS];
    int added;                               /* the sort of the id that the last line gave, or -1 */
    char queue[CX_MAKE_QUEUE][CX_PLAY_LINE]; /* a story that goes on */
    size_t queued, told;
    char last[CX_PLAY_LINE];
} cx_make;

void cx_make_begin(cx_make *m, uint64_t seed, const cx_world *world, const cx_play *play);
/* The next line, without a newline. */
void cx_make_line(cx_make *m, char out[CX_PLAY_LINE]);
/* Something beside it now and then: a disclosure, or what it rests on. What came of it is heard by nobody. */
bool cx_make_aside(cx_make *m, char out[CX_PLAY_LINE]);
/* What came of it. */
void cx_make_heard(cx_make *m, cx_view verdict);

/* Which world a seed plays in: by their shares. */
size_t cx_make_world(uint64_t seed, const cx_world worlds[CX_WORLDS]);

#endif
