/* How a look is told: to people, and to machines. */
#ifndef OPS_CLI_LAG_SHOW_H
#define OPS_CLI_LAG_SHOW_H

#include <stdio.h>

#include "ops/cli/lag.h"

/* Groups, then the partitions that are not well (all: every one), then how fresh the stores are. width as in
 * grid.h; lines: at most so many are written, 0 for any number. */
CX_MUST_CHECK cx_rc cx_lag_show(const cx_lag *lag, bool all, size_t width, size_t lines, FILE *to);
/* One JSON object, on one line. */
CX_MUST_CHECK cx_rc cx_lag_show_json(const cx_lag *lag, FILE *to);
/* Prometheus text 0.0.4. */
CX_MUST_CHECK cx_rc cx_lag_show_metrics(const cx_lag *lag, FILE *to);

#endif
