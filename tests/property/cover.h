/* Which transitions a run of histories reached, by pack, procedure, state and move: legal ones that happened,
 * illegal ones that were attempted and refused (or passed the entry by). A plain struct without pointers, so
 * that processes can add theirs in shared memory. */
#ifndef TESTS_PROPERTY_COVER_H
#define TESTS_PROPERTY_COVER_H

#include "common/law/procedure.h"
#include "tests/property/ledger.h"

enum { CX_COVER_PACKS = CX_WORLDS * CX_WORLD_PACKS, CX_COVER_PROCEDURES = 3, CX_COVER_STATES = 9 };

typedef struct cx_cover {
    uint64_t cell[CX_COVER_PACKS][CX_COVER_PROCEDURES][CX_COVER_STATES][CX_MOVE_COUNT];
    uint64_t histories, lines, accepted, refused, derived, notices, unfinished;
    int world; /* of the history that is played now */
} cx_cover;

/* A message before it is taken in; a change before it is taken in. cover may be NULL. */
void cx_cover_attempt(cx_cover *cover, const cx_ledger *l, const cx_decided *d);
void cx_cover_change(cx_cover *cover, const cx_ledger *l, const cx_decided *d, const cx_change *c);
void cx_cover_add(cx_cover *into, const cx_cover *from);

/* Whether the cell can be reached by what anybody sends, under that world's pack. */
bool cx_cover_wanted(const cx_world *world, size_t pack, cx_procedure procedure, cx_entry_state state,
                     cx_move move);
/* Prints the table, and each wanted cell below `least` (0: none is printed); the number of those. */
size_t cx_cover_print(const cx_cover *cover, const cx_world worlds[CX_WORLDS], uint64_t least);
/* The same over all packs together: for runs that are too short for each. */
size_t cx_cover_below(const cx_cover *cover, const cx_world worlds[CX_WORLDS], uint64_t least);

#endif
