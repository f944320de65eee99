/* The clock service as a whole. */
#ifndef CX_CLOCK_OPEN_H
#define CX_CLOCK_OPEN_H

#include "common/base/config.h"

enum { CX_CLOCK_NUMBER = 1 }; /* its place in the list of services */

/* Ticks until the process is told to stop. One call a process. */
cx_rc cx_clock_run(const cx_config *config, cx_err *err);

#endif
