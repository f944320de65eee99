/* Checkpoints from PostgreSQL to credit.checkpoints: each of history.checkpoints that is not marked as
 * published, in one transaction of the bus, then marked. Should the process end in between they are published
 * again: the same key, the same bytes. All calls from one thread at a time. */
#ifndef SERVICES_HISTORY_PUBLISH_H
#define SERVICES_HISTORY_PUBLISH_H

#include "common/base/config.h"
#include "common/store/postgres.h"

typedef struct cx_publisher cx_publisher;

/* Reaches for the bus only when there is something to publish. */
cx_rc cx_publisher_new(const cx_config *config, cx_publisher **out, cx_err *err) CX_MUST_CHECK;
void cx_publisher_destroy(cx_publisher **publisher);
/* Outside a transaction; leaves none open unless the store failed. Errors of the bus and of the store. */
cx_rc cx_publisher_run(cx_publisher *publisher, cx_pg *pg, int generation, cx_err *err) CX_MUST_CHECK;

#endif
