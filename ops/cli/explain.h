/* Inside `chengxin explain`: the chain as text. */
#ifndef OPS_CLI_EXPLAIN_H
#define OPS_CLI_EXPLAIN_H

#include <jansson.h>

#include "common/base/error.h"

/* What history.explain said (schemas/sql/03_queries.sql), for people, on stdout. */
CX_MUST_CHECK cx_rc cx_explain_print(const json_t *chain);

#endif
