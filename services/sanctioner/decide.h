/* The sanctioner: who must do, stop or undo what; who must be told; feedback reconciled.
 *
 * Reads credit.decided. Every measure comes from the measure catalog, goes to each department that the
 * catalog names for it, has a start and an end or a review date (I-CATALOG), and follows its entry: it is
 * issued when the entry comes into force, rests and resumes with the causes of suspension that reach it,
 * stops at the end of the term and at repair, and is undone by whoever was told when the entry is recalled
 * (I-RECALL). A refusal of any stage goes home to the department that sent the event. Pure; see
 * common/base/step.h.
 *
 * Ids: measure m.<partition>.<offset>.<index>.<number>, notice n.<partition>.<offset>.<index>.<number> from
 * the origin and index of the Decided; of the sanctioner's own walk the index has a w before it, and
 * Dispatch.index is negative.
 */
#ifndef CX_SANCTIONER_DECIDE_H
#define CX_SANCTIONER_DECIDE_H

#include "common/base/step.h"

/* Values: cx_dispatch; cx_measure_state under the pseudonym. A tick's Dispatch names its partition. */
enum { CX_SANCTIONER_NOTICES, CX_SANCTIONER_MEASURES, CX_SANCTIONER_OUTPUTS };

/* When a walk must reach the row (a cx_measure_state); CX_NO_TIME: never. */
cx_time cx_sanctioner_due(cx_view key, const void *row);
/* It looks at no field behind a row's first so many (common/run/stage.h). */
enum { CX_SANCTIONER_DUE_HEAD = 2 };
CX_MUST_CHECK cx_rc cx_sanctioner_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
/* Whether a cx_dispatch of credit.notices is the sanctioner's: what points open follows from no list entry.
 */
bool cx_sanctioner_wrote(const void *dispatch);
/* CX_OK, or OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_sanctioner_decide(cx_step *step);

#endif
