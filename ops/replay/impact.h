/* Who would be affected by another pack, in both directions: what two sides of a what-if (whatif.h) say of
 * each subject's entries, measures and refused events, set side by side. Pure; not thread-safe.
 */
#ifndef OPS_REPLAY_IMPACT_H
#define OPS_REPLAY_IMPACT_H

#include "ops/replay/whatif.h"

typedef struct cx_impact cx_impact;

typedef enum cx_impact_sort {
    CX_IMPACT_LIST,
    CX_IMPACT_MEASURE,
    CX_IMPACT_REFUSAL,
    CX_IMPACT_SORTS
} cx_impact_sort;

typedef enum cx_impact_change {
    CX_IMPACT_ONLY_THEN,    /* not under the other pack */
    CX_IMPACT_ONLY_INSTEAD, /* under the other pack alone */
    CX_IMPACT_SHORTER,      /* ends sooner under the other pack */
    CX_IMPACT_LONGER,
    CX_IMPACT_CHANGES
} cx_impact_change;

enum { CX_IMPACT_CODE = 64 };

/* One entry, one measure on an entry, or one event refused. */
typedef struct cx_impact_row {
    cx_impact_sort sort;
    cx_impact_change change;
    char code[CX_IMPACT_CODE]; /* of the list, of the measure; the refusal's reason */
    uint8_t subject[16];
    bool favourable;       /* a red list, an incentive */
    cx_date then, instead; /* first day on which it is over; CX_NO_DATE: not there, or without an end */
} cx_impact_row;

/* pack: the other one, which outlives this. NULL when out of memory. */
cx_impact *cx_impact_new(const cx_replay_source *source, const cx_pack *pack);
void cx_impact_destroy(cx_impact **impact);

/* As cx_whatif_events has them; context: the impact. An entry that was recalled, and a measure that was
 * undone, count as if they had never been. */
void cx_impact_begin(void *impact, cx_whatif_side side);
CX_MUST_CHECK cx_rc cx_impact_output(void *impact, cx_whatif_side side, const cx_stages_output *output,
                                     cx_err *err);

/* Calls visit for each row that differs, in ascending order of sort, code and subject. OUT_OF_MEMORY, or what
 * visit fails with. */
CX_MUST_CHECK cx_rc cx_impact_each(const cx_impact *impact,
                                   cx_rc (*visit)(void *context, const cx_impact_row *row, cx_err *err),
                                   void *context, cx_err *err);

/* Whether it is better for the subject: false for a refusal, which is neither. */
bool cx_impact_is_better(const cx_impact_row *row);
bool cx_impact_is_worse(const cx_impact_row *row);

#endif
