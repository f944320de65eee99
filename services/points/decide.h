/* The points service: what a subject who opted in has earned, and the incentives that this opens (I-POINTS).
 *
 * Reads credit.decided. Points are opt-in (CONSENT of scope POINTS), revocable at once and as a whole, and
 * are made of positive records alone, from the opting in on: while nobody has opted in, nothing is kept of
 * him. What a record is worth and what opens an incentive is the pack's that is in force (points.of.<item>,
 * points.opens.<measure>), for records that were counted before it, too. They lead to notices of kind
 * INCENTIVE and to nothing else: no list, no adverse measure, no refusal; no other service reads the topic
 * credit.points (a test over link graph, access table and SQL grants). A notice says what was opened and
 * until when, never how many points there are. Source: rights.md, I-POINTS; SZ23, SZ25. Pure; see
 * common/base/step.h.
 *
 * Notices: cause POINTS where an incentive opens or its end changes, POINTS_ENDED where it ends today. Ids
 * n.<partition>.<offset>.<index>.<number> and Dispatch.index as the sanctioner's, in the upper half of the
 * numbers of one Decided, so that the two never meet.
 */
#ifndef CX_POINTS_DECIDE_H
#define CX_POINTS_DECIDE_H

#include "common/base/step.h"

/* Values: cx_dispatch; cx_points_state under the pseudonym. */
enum { CX_POINTS_NOTICES, CX_POINTS_STATE, CX_POINTS_OUTPUTS };

/* When a walk must reach the row (a cx_points_state); CX_NO_TIME: never. */
cx_time cx_points_due(cx_view key, const void *row);
/* It looks at no field behind a row's first so many (common/run/stage.h). */
enum { CX_POINTS_DUE_HEAD = 2 };
/* An activation reaches every row: what its records are worth, and what that opens, is the new pack's from
 * there on. */
bool cx_points_walked(cx_view key);
CX_MUST_CHECK cx_rc cx_points_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
/* CX_OK, or OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_points_decide(cx_step *step);
/* Whether a notice of credit.notices is this service's. */
bool cx_points_notice_is(cx_view cause);

#endif
