/* An analysis under way, and its list of findings. Internal to common/rules. */
#ifndef CX_RULES_ANALYSE_LIST_H
#define CX_RULES_ANALYSE_LIST_H

#include <stdio.h>
#include <stdlib.h>

#include "common/rules/analyse.h"
#include "common/rules/analyse_cover.h"

enum { ANALYSIS_MOST = 100 };

struct analysis {
    cx_arena *arena;
    const cx_table *table;
    cx_domain *domains;
    cx_cover cover;
    cx_rc rc;
    size_t count[CX_FINDING_KINDS];
    cx_finding *first[CX_FINDING_KINDS];
    cx_finding *last[CX_FINDING_KINDS];
    cx_finding_kind latest;
    bool unsure_gap;
    bool reached;
    bool unsure_reach;
};

/* Adds a finding unless there are ANALYSIS_MOST of its kind. The text is put behind the rules' ids. */
void analysis_add(struct analysis *a, cx_finding_kind kind, uint32_t x, uint32_t y, const char *format, ...)
    CX_PRINTF(5, 6);
/* The finding added last. */
cx_finding *analysis_last(struct analysis *a);
/* One value for each column: at[] for the first `known`, any that can occur behind. */
const cx_value *analysis_example(struct analysis *a, const uint32_t *at, size_t known);
void analysis_table(struct analysis *a);

#endif
