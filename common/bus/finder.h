/* Finds single messages again by their place, outside any group, as a read_committed reader sees them.
 *
 * Asking in ascending order within a partition reads on from the last place; anything else begins to fetch
 * anew. All calls from one thread.
 */
#ifndef CX_BUS_FINDER_H
#define CX_BUS_FINDER_H

#include "common/bus/reader.h"

typedef struct cx_finder cx_finder;

CX_MUST_CHECK cx_rc cx_finder_new(const cx_config *config, cx_finder **out, cx_err *err);
void cx_finder_destroy(cx_finder **finder);

/* The message at that place, the caller's to release; handle NULL where there is none for a reader: it was
 * removed, was never committed, or is a transaction's marker. ROW_NOT_YET when it has not come within
 * timeout_ms: ask for the same place again. TOPIC_MISSING, BUS, BUS_AWAY. */
CX_MUST_CHECK cx_rc cx_finder_find(cx_finder *finder, cx_view topic, int32_t partition, int64_t offset,
                                   int timeout_ms, cx_message *out, cx_err *err);

#endif
