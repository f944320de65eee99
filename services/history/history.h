/* The history sink: what was known, and when, into PostgreSQL, in one transaction with its offsets.
 *
 * Reads credit.decided, credit.notices, credit.rejected.<department> and credit.access. A tick that changed
 * nothing is no row; the newest one of each partition stands in history.offsets. Rejections among
 * credit.notices are skipped here: they come by credit.rejected.<department>.
 */
#ifndef SERVICES_HISTORY_HISTORY_H
#define SERVICES_HISTORY_HISTORY_H

#include "services/sink/sink.h"

extern const cx_sink cx_history_sink;

#endif
