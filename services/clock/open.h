/* The clock service as a whole. */
#ifndef CX_CLOCK_OPEN_H
#define CX_CLOCK_OPEN_H

#include "common/base/config.h"

enum { CX_CLOCK_NUMBER = 1 }; /* its place in the list of services */

/* For cx_process_main, without a context. Ticks until the process is told to stop. One call a process. */
CX_MUST_CHECK cx_rc cx_clock_run(void *none, const cx_config *config, cx_err *err);

#endif
