/* chengxin assess: samples of what is stored. Each tells the place where a subject's number lies, never the
 * number. */
#ifndef OPS_CLI_ASSESS_SAMPLE_H
#define OPS_CLI_ASSESS_SAMPLE_H

#include "ops/cli/assess.h"

CX_MUST_CHECK cx_rc cx_assess_sample_topics(cx_assess *assess, cx_err *err);

#endif
