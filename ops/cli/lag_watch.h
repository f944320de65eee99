/* `chengxin lag --watch` and `--serve`: a look again and again, each judged by the one before. */
#ifndef OPS_CLI_LAG_WATCH_H
#define OPS_CLI_LAG_WATCH_H

#include "ops/cli/lag.h"

/* A screen (or, where stdout is no terminal, one look after the other) every so many seconds, until SIGINT,
 * SIGTERM, or nobody reads any more. A cluster that does not answer is shown as that, and asked again. */
CX_MUST_CHECK cx_rc cx_lag_watch(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted,
                                 bool all, bool json, int64_t every_s, cx_err *err);
/* /metrics, /healthz and /readyz on metrics.address, until SIGINT or SIGTERM. The text that is served is that
 * of the newest look; a look that fails keeps it for a minute and is told in chengxin_lag_up. */
CX_MUST_CHECK cx_rc cx_lag_serve(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted,
                                 int64_t port, int64_t every_s, cx_err *err);

#endif
