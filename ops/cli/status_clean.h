/* Inside `chengxin status`: whether a subject's years are clean, by the law of a place. */
#ifndef OPS_CLI_STATUS_CLEAN_H
#define OPS_CLI_STATUS_CLEAN_H

#include <jansson.h>

#include "common/base/error.h"

/* *out: YES, NO, NO_SUCH_INCENTIVE (the pack gives none) or ATTESTATION_NEEDED (clean here; the attestation
 * of other systems is asked for beside it). answer: what is in force, as `status` prints it; NULL: nothing.
 * folder: the pack's. What a pack that cannot be read fails with. */
CX_MUST_CHECK cx_rc cx_status_clean(const json_t *answer, const char *folder, const char **out, cx_err *err);

#endif
