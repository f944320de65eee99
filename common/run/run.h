/* The runner: consume, decode, decide, encode and produce, exactly once (architecture, "Stages are pure",
 * "Exactly once, twice over"). */
#ifndef CX_RUN_RUN_H
#define CX_RUN_RUN_H

#include "common/run/stage.h"

/* The whole of a service's main: settings, log, metrics, the loop; until SIGTERM or SIGINT. Returns the
 * exit code: 0 after a clean shutdown, 1 after a FATAL error (what was not committed is done again by the
 * next start), 2 for wrong usage. */
int cx_run_main(const cx_stage *stage, int argc, char **argv);

#endif
