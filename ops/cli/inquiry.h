/* What `chengxin status` and `chengxin explain` do before they answer (I-ACCESS): the purpose is judged, and
 * the query, the refused one too, is in credit.access, and as QUERIED in each subject's own log, before
 * anything is printed. */
#ifndef OPS_CLI_INQUIRY_H
#define OPS_CLI_INQUIRY_H

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/law/inquiry.h"

/* Logs the query. CX_OK: it may be answered. CX_PURPOSE_FORBIDDEN: refused, and logged as refused. Anything
 * else: it could not be logged, so there is no answer. */
CX_MUST_CHECK cx_rc cx_inquiry_log(const cx_config *config, const cx_inquiry *inquiry, cx_err *err);

/* Whom a person asks for: a pseudonym (32 hexadecimal digits) or a department's reference as an argument;
 * else (argument NULL) an identifier, from the file, or from standard input where it is NULL. type: of the
 * identifier, "" to tell it by itself. CX_USAGE, CX_FILE, CX_KEY_WRONG and the reasons of
 * cx_identifier_check. */
CX_MUST_CHECK cx_rc cx_inquiry_subject(const cx_config *config, const char *argument, const char *file,
                                       const char *type, const char *department, uint8_t out[16],
                                       cx_err *err);

#endif
