/* What is in force for a subject, as Redis answers: where its rows stand under another of its pseudonyms (its
 * identifier changed, or was found twice), that one's. */
#ifndef CX_RUN_IN_FORCE_H
#define CX_RUN_IN_FORCE_H

#include <jansson.h>

#include "common/store/redis.h"

/* As the function cx_status of deploy/redis/chengxin.lua gives it; the caller's. A member "found_under" names
 * the other pseudonym where the answer is that one's. *out NULL with CX_OK: nothing is known of the subject.
 * Errors as in common/store/redis.h; *out is NULL then. */
CX_MUST_CHECK cx_rc cx_in_force(cx_redis *redis, const uint8_t subject[16], json_t **out, cx_err *err);

#endif
