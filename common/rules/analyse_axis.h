/* Columns as the analysis sees them: the positions that can occur, with a value for each. Internal. */
#ifndef CX_RULES_ANALYSE_AXIS_H
#define CX_RULES_ANALYSE_AXIS_H

#include "common/rules/index.h"

typedef struct cx_domain {
    const cx_axis *axis;
    const cx_value *example; /* by position: a value that lies there */
    const uint32_t
        *before; /* by position: how many positions before it can occur; one entry more than positions */
    const uint32_t *kinds; /* positions that can occur, one for each class */
    size_t kind_count;
} cx_domain;

/* false when out of memory. */
bool cx_domain_of(cx_arena *arena, const cx_table *t, size_t column, cx_domain *out);
/* Whether a position between low and high can occur. */
static inline bool cx_domain_meets(const cx_domain *d, uint32_t low, uint32_t high) {
    return low <= high && d->before[high + 1] > d->before[low];
}
/* Whether the cells of two rules have a position in common that can occur; *at becomes the first. */
bool cx_domain_common(const cx_domain *d, uint32_t a, uint32_t b, uint32_t *at);
/* Whether every position of rule a's cell that can occur is one of rule b's. */
bool cx_domain_within(const cx_domain *d, uint32_t a, uint32_t b);
/* Whether the rule's cell holds for every position that can occur. */
bool cx_domain_full(const cx_domain *d, uint32_t rule);
/* Whether it holds for none. */
bool cx_domain_empty(const cx_domain *d, uint32_t rule);
bool cx_domain_opaque(const cx_domain *d, uint32_t rule);

#endif
