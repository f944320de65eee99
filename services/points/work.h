/* One decision of the points service in the making. Inside the service only; all in the step's arena. */
#ifndef CX_POINTS_WORK_H
#define CX_POINTS_WORK_H

#include "common/law/procedure.h"
#include "services/points/decide.h"

enum { CX_SUBJECT = 16 };

typedef struct cx_till {
    cx_step *step;
    cx_arena *arena;
    const cx_decided *in; /* in a walk: the tick or activation walked for */
    const cx_pack *pack;  /* in force where the consent was given; NULL: none */
    cx_date today;
    bool walks; /* an own walk */
    cx_points_state state;
    bool touched; /* the row must be written */
    int32_t notices;
} cx_till;

/* What was said of the subject: consents, links, its end. */
CX_MUST_CHECK cx_rc cx_till_hear(cx_till *t, const cx_event *event);
/* A record as it stands now: counted or not. */
CX_MUST_CHECK cx_rc cx_till_count(cx_till *t, const cx_kept_record *record);
/* What was counted is worth what the pack in force gives for it: the same, unless another came into force. */
CX_MUST_CHECK cx_rc cx_till_value(cx_till *t);
/* Consents that have ended by themselves, and without any consent everything, are forgotten. */
void cx_till_tidy(cx_till *t);
/* Opens and ends incentives as the points now are; tells whoever grants them. */
CX_MUST_CHECK cx_rc cx_till_settle(cx_till *t);

#endif
