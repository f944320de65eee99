/* The registrar: every change of state of a subject's records and list entries, and why; refusals.
 *
 * Reads credit.classified; decides by the procedures of common/law/procedure.h and the packs in force. It
 * lists nobody: an entry takes effect by a department's served decision alone (I-HUMAN). Pure: see
 * common/base/step.h. Thread-safety: as its step.
 *
 * State rows (credit.state), by the first byte of the key:
 *   s + pseudonym                             SubjectState, due when something ends by itself
 *   i + pseudonym + department + NUL + id     SeenEvent, due 13 months after it stopped to matter
 *   b + partition (4 bytes, big-endian) + department     BreakerState of the step's own partition
 *   b + partition + id of a held activation              the same (cx_activation_breaker)
 *
 * A CX_STEP_DUE walk reaches rows of the first two kinds, a CX_STEP_WALK (activation) those of the first.
 */
#ifndef CX_REGISTRAR_DECIDE_H
#define CX_REGISTRAR_DECIDE_H

#include "common/base/step.h"

/* Values: cx_decided; cx_subject_state, cx_seen_event or cx_breaker_state by the key; cx_status; cx_event;
 * cx_activation_count (its `listed` and `limit` alone). A tick's, an activation's and a breaker's Decided, a
 * status tick and rows of breakers name their partition. */
enum {
    CX_REGISTRAR_DECIDED,
    CX_REGISTRAR_STATE,
    CX_REGISTRAR_STATUS,
    CX_REGISTRAR_RECORDS,
    CX_REGISTRAR_COUNT,
    CX_REGISTRAR_OUTPUTS
};

/* Kinds of state rows, by the first byte of the key. */
typedef enum cx_registrar_row {
    CX_ROW_SUBJECT,
    CX_ROW_SEEN,
    CX_ROW_BREAKER,
    CX_ROW_UNKNOWN
} cx_registrar_row;
cx_registrar_row cx_registrar_row_of(cx_view key);
/* When a walk must reach the row; CX_NO_TIME: never. row: the decoded struct of its kind. */
cx_time cx_registrar_due(cx_view key, const void *row);
/* It looks at no field behind a row's first so many (common/run/stage.h). */
enum { CX_REGISTRAR_DUE_HEAD = 3 };

/* Key of a breaker's row in that partition, in the arena; {NULL, 0} when out of memory. */
cx_view cx_breaker_key(cx_arena *arena, int32_t partition, cx_view department);
/* Keys of the rows that decide needs, built in the step's arena. */
CX_MUST_CHECK cx_rc cx_registrar_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
/* CX_OK, or OUT_OF_MEMORY: a refusal is a verdict in the Decided. */
CX_MUST_CHECK cx_rc cx_registrar_decide(cx_step *step);

#endif
