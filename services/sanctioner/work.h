/* One decision of the sanctioner in the making. Inside the sanctioner only; all in the step's arena. */
#ifndef CX_SANCTIONER_WORK_H
#define CX_SANCTIONER_WORK_H

#include "common/law/procedure.h"
#include "services/sanctioner/decide.h"

enum { CX_SUBJECT = 16 };

typedef struct cx_office {
    cx_step *step;
    cx_arena *arena;
    const cx_decided *in;
    const cx_policies *policies;
    uint8_t subject[CX_SUBJECT];
    cx_time now; /* the effective time; in an own walk its due */
    cx_date today;
    bool walks; /* an own walk */
    cx_issued_measure_array rows;
    bool own; /* rows is our copy */
    int32_t notices, measures;
} cx_office;

/* Row i, ours to change; a new one behind the others. NULL: out of memory. */
cx_issued_measure *cx_office_row(cx_office *o, size_t i);
cx_issued_measure *cx_office_add(cx_office *o);

/* A notice about an entry, filled with what the entry says; the caller adds the measure. NULL: out of
 * memory. */
cx_notice *cx_notice_of(cx_office *o, cx_notice_kind kind, const cx_list_entry *entry, cx_view cause);
CX_MUST_CHECK cx_rc cx_send_notice(cx_office *o, cx_view department, const cx_notice *notice);
/* Brings a refusal home. */
CX_MUST_CHECK cx_rc cx_send_home(cx_office *o, cx_view reason, const char *stage);

/* Brings the measures into line with the entry as it stands. */
CX_MUST_CHECK cx_rc cx_follow_entry(cx_office *o, const cx_change *change);
/* Tells the deciding department, for the subject, and whoever passed an objection on. */
CX_MUST_CHECK cx_rc cx_tell_change(cx_office *o, const cx_change *change);
/* Tells those who had made something public that it is not any more. */
CX_MUST_CHECK cx_rc cx_tell_publications(cx_office *o);
/* Lets those who had queried a recalled status undo what they did with it. */
CX_MUST_CHECK cx_rc cx_undo_queries(cx_office *o);
/* Takes a department's feedback; sends it home where nobody asked. */
CX_MUST_CHECK cx_rc cx_take_feedback(cx_office *o, const cx_header *header, const cx_measure_feedback *f);
/* Overdue responses and reviews that are due. */
CX_MUST_CHECK cx_rc cx_follow_time(cx_office *o);
/* Asks for a response to what the row now demands. */
void cx_ask(const cx_office *o, const cx_pack *pack, cx_issued_measure *row, cx_notice_kind kind);
/* The row's measure in the catalog under which it was issued, or in the one in force; the pack in *pack. */
const cx_measure *cx_catalogued(const cx_office *o, const cx_list_entry *entry, cx_view code,
                                const cx_pack **pack);

#endif
