/* A thread that does one job at a time, so that a batch is written while the next one is taken.
 *
 * All calls come from one thread, which must not touch what a job uses between cx_writer_start and the end
 * that cx_writer_wait or cx_writer_is_busy tells. */
#ifndef SERVICES_HISTORY_WRITER_H
#define SERVICES_HISTORY_WRITER_H

#include <stdbool.h>

#include "common/base/error.h"

typedef struct cx_writer cx_writer;
typedef cx_rc (*cx_writer_job)(void *context, cx_err *err);

cx_rc cx_writer_new(cx_writer **out, cx_err *err) CX_MUST_CHECK;
/* Waits for the job in work, ends the thread. */
void cx_writer_destroy(cx_writer **writer);
/* Nothing may be in work. */
void cx_writer_start(cx_writer *writer, cx_writer_job job, void *context);
bool cx_writer_is_busy(cx_writer *writer);
/* Waits for the job in work; what it returned, once: CX_OK from then on. */
cx_rc cx_writer_wait(cx_writer *writer, cx_err *err) CX_MUST_CHECK;

#endif
