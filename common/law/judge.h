/* Judging by decision tables: an event, or an entry, under the pack that I-LENIENT chooses.
 *
 * 从旧兼从轻: the rules in force at the date of the act apply, or those at the decision where they are more
 * lenient (行政处罚法 art. 37). More lenient: no component worse and at least one better; incomparable: the
 * older. Pure: allocates from the arena alone. Thread-safe.
 */
#ifndef CX_LAW_JUDGE_H
#define CX_LAW_JUDGE_H

#include "common/law/policies.h"

/* What a table is asked about a record. */
typedef struct cx_record_facts {
    const cx_item *item;
    cx_subject_type subject_type;
    const cx_record *record; /* amount and facts */
    cx_date decided_on;      /* the document's date: terms of display run from it */
} cx_record_facts;

/* What a table is asked about an entry. */
typedef struct cx_entry_facts {
    cx_view list, category;
    cx_grade grade;
    cx_subject_type subject_type;
    cx_role role;
} cx_entry_facts;

/* Judges a record under one pack: UNDECIDED (a verdict) where the table gives null, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_judge_record(const cx_pack *pack, const cx_record_facts *facts, cx_time now,
                                    cx_arena *arena, cx_classification *out);
/* Judges under the pack of the act's date and the pack of the decision's, and takes the milder. */
CX_MUST_CHECK cx_rc cx_judge_record_leniently(const cx_policies *policies, int32_t jurisdiction,
                                              const cx_record_facts *facts, cx_date act_on,
                                              cx_date decided_on, cx_time now, cx_arena *arena,
                                              cx_classification *out);
/* The measure codes that sanctions.dmn gives for an entry, ascending, without repetition. */
CX_MUST_CHECK cx_rc cx_judge_entry(const cx_pack *pack, const cx_entry_facts *facts, cx_time now,
                                   cx_arena *arena, cx_view_array *measures);

/* The components that are compared. months: the term or display; 0 is the mildest. */
typedef struct cx_burden {
    bool listed;
    cx_grade grade;
    int32_t months;         /* INT32_MAX: until an event */
    cx_view_array measures; /* ascending */
} cx_burden;
/* Whether `now` is more lenient than `then`. */
bool cx_is_more_lenient(const cx_burden *now, const cx_burden *then);

#endif
