/* Whether a set of rules covers a box of inputs. Internal to common/rules. */
#ifndef CX_RULES_ANALYSE_COVER_H
#define CX_RULES_ANALYSE_COVER_H

#include "common/rules/analyse_axis.h"

typedef struct cx_cover {
    cx_arena *arena;
    const cx_table *table;
    const cx_domain *domains;
    size_t words;
    const uint64_t
        *full_from; /* by column: rules without opaque cells that hold for all of it and those behind */
    const uint64_t *clear; /* rules without any opaque cell */
    uint64_t *sets;        /* by column: scratch */
    uint32_t *at;          /* by column: the position being looked at */
    uint32_t box;          /* the rule whose region is looked at; CX_FINDING_NO_RULE: everything */
    int64_t steps_left;
    /* Called for a part of the box that no rule covers: positions in at[0] to at[known - 1], all values of
     * the columns behind. perhaps: rules with opaque cells might. false ends the walk. */
    bool (*uncovered)(struct cx_cover *cover, size_t known, bool perhaps);
    void *ctx;
    uint64_t *memo; /* sets that were found covered: hash table of (column, set) */
    size_t memo_mask;
    bool gave_up;
} cx_cover;

/* false when out of memory. */
bool cx_cover_new(cx_arena *arena, const cx_table *table, const cx_domain *domains, cx_cover *out);
/* Walks the box of rule `box` (or all) with the given rules. */
void cx_cover_walk(cx_cover *cover, const uint64_t *rules, uint32_t box);

#endif
