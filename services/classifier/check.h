/* What the classifier checks of each kind of event. Inside the classifier. */
#ifndef SERVICES_CLASSIFIER_CHECK_H
#define SERVICES_CLASSIFIER_CHECK_H

#include "services/classifier/decide.h"

typedef struct cx_case {
    const cx_event *event;
    const cx_header *header;
    const cx_policies *policies;
    const cx_pack *pack; /* in force now */
    const cx_department *department;
    cx_time now;
    cx_arena *arena;
    cx_classification *result; /* NULL until something was judged */
} cx_case;

/* Who may send what: CX_OK or a verdict. Fills pack and department. */
CX_MUST_CHECK cx_rc cx_case_open(cx_case *c);
/* The rest by kind of event: CX_OK, a verdict, or OUT_OF_MEMORY. May set result. */
CX_MUST_CHECK cx_rc cx_case_judge(cx_case *c);
/* A record, or what a correction or review puts in its place. */
CX_MUST_CHECK cx_rc cx_case_judge_record(cx_case *c, const cx_record *record);
/* A listing decision, likewise; notices; red nominations and listings. */
CX_MUST_CHECK cx_rc cx_case_judge_decision(cx_case *c, const cx_listing_decision *decision);
CX_MUST_CHECK cx_rc cx_case_judge_notice(cx_case *c, const cx_listing_notice *notice);
CX_MUST_CHECK cx_rc cx_case_judge_red(cx_case *c, cx_view list, cx_view_array measures);

#endif
