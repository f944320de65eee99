/* What every service's process begins with: settings, log, signals. Once a process. */
#ifndef CX_RUN_PROCESS_H
#define CX_RUN_PROCESS_H

#include "common/base/config.h"

/* Non-zero once SIGTERM or SIGINT has come. */
extern volatile int cx_process_stopping;

/* Reads the settings from all their places, opens the log under the service's name and catches signals.
 * *config is to be destroyed in any case. CX_USAGE where an argument is no setting. */
cx_rc cx_process_open(const char *name, int argc, char **argv, cx_config **config, cx_err *err);
/* From here the process has the setting shutdown.ms to end: SIGALRM ends it where it hangs. What was not
 * committed is done again by the next start. */
void cx_process_hurry(const cx_config *config);
/* Logs how it ended. The exit code: 0, 2 for wrong usage or configuration, else 1. */
int cx_process_close(const char *name, cx_rc rc, const cx_err *err, cx_config **config);

#endif
