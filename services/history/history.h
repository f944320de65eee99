/* The history sink: what was known, and when, into PostgreSQL, in one transaction with its offsets.
 *
 * Reads credit.decided, credit.notices, credit.rejected.<department> and credit.access. A tick that changed
 * nothing is no row; the newest one of each partition stands in history.offsets. Rejections among
 * credit.notices are skipped here: they come by credit.rejected.<department>.
 */
#ifndef SERVICES_HISTORY_HISTORY_H
#define SERVICES_HISTORY_HISTORY_H

#include "common/store/fence.h"
#include "services/sink/sink.h"

extern const cx_sink cx_history_sink;

/* For a rebuild: cx_history_sink's place, take, write, settle, lose and close on another schema (a constant).
 * No checkpoint is made or published: the caller cuts the chains where they were cut before. */
cx_rc cx_history_open_in(cx_sink_run *run, const char *schema, cx_err *err) CX_MUST_CHECK;
/* The place of that partition, as the batch in hand will leave it; NULL: not placed. */
cx_claim *cx_history_claim(cx_sink_run *run, cx_view topic, int32_t partition);

#endif
