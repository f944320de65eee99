/* Inside `chengxin publish`: a department's own topic. */
#ifndef OPS_CLI_PUBLISH_BUS_H
#define OPS_CLI_PUBLISH_BUS_H

#include "common/base/config.h"
#include "schemas/types.h"

typedef struct cx_publisher cx_publisher;

/* Connects to credit.in.<department> and reads the event ids that stand there, so that publishing again sends
 * nothing twice. TOPIC_MISSING, BUS_AWAY. */
CX_MUST_CHECK cx_rc cx_publisher_open(const cx_config *config, const char *department, cx_publisher **out,
                                      cx_err *err);
/* Whether an event of that id stands on the topic already, or was sent. */
bool cx_publisher_has(const cx_publisher *publisher, cx_view event_id);
/* Sends within a transaction that is committed every 1,000 events and by flush. */
CX_MUST_CHECK cx_rc cx_publisher_send(cx_publisher *publisher, const cx_credit_event *event, cx_err *err);
CX_MUST_CHECK cx_rc cx_publisher_flush(cx_publisher *publisher, cx_err *err);
/* Aborts what was not flushed. */
void cx_publisher_close(cx_publisher **publisher);

#endif
