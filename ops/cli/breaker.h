/* Inside `chengxin breaker`: the breakers as the registrar keeps them, and the letters that wait for them. */
#ifndef OPS_CLI_BREAKER_H
#define OPS_CLI_BREAKER_H

#include "ops/cli/letters.h"

enum { CX_BREAKERS_MOST = 256 };

/* A department's (or an activation's), put together from its partitions. */
typedef struct cx_breaker_view {
    cx_view of, id;
    bool tripped;
    cx_time since;
    int64_t hour, limit;
    cx_view_array officials;
    size_t letters;
} cx_breaker_view;

typedef struct cx_breakers {
    cx_arena *arena;
    cx_breaker_view list[CX_BREAKERS_MOST]; /* by name */
    size_t n;
    cx_letters letters; /* of all departments */
} cx_breakers;

extern const char cx_breaker_reason[]; /* of the letters that wait */

/* Reads credit.state to its end, and the letters. The caller closes it in any case. */
CX_MUST_CHECK cx_rc cx_breakers_read(const cx_config *config, cx_breakers *out, cx_err *err);
void cx_breakers_close(cx_breakers *breakers);

#endif
