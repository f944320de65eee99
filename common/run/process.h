/* What every service's process begins with: settings, log, signals. Once a process. */
#ifndef CX_RUN_PROCESS_H
#define CX_RUN_PROCESS_H

#include "common/base/config.h"
#include "common/run/help.h"

/* Non-zero once SIGTERM or SIGINT has come. */
extern volatile int cx_process_stopping;

/* All that a service's main does: answers --help; reads the settings, opens the log and catches signals; runs
 * it until it ends or cx_process_stopping; says how it ended. The exit code: 0, 2 for wrong usage or
 * configuration, else 1. */
int cx_process_main(const cx_help *help, cx_rc (*run)(void *context, const cx_config *config, cx_err *err),
                    void *context, int argc, char **argv);

/* Opens; while that fails for what mends by itself (TRANSIENT), closes what was opened and, after pauses of
 * up to two seconds, opens again: brokers and stores may come up after us. Other errors end it. CX_OK with
 * cx_process_stopping: it was told to end, and nothing is open. */
cx_rc cx_process_patiently(cx_rc (*open)(void *context, cx_err *err), void (*close)(void *context),
                           void *context, cx_err *err);

/* From here the process has the setting shutdown.ms to end: SIGALRM ends it where it hangs, as the client
 * library can when it is destroyed. What was not committed is done again by the next start. */
void cx_process_hurry(const cx_config *config);

#endif
