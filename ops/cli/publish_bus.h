/* Inside `chengxin publish`: a department's own topic. */
#ifndef OPS_CLI_PUBLISH_BUS_H
#define OPS_CLI_PUBLISH_BUS_H

#include "common/base/config.h"
#include "schemas/types.h"

typedef struct cx_publisher cx_publisher;

/* Connects to credit.in.<department> and learns the messages that stand there, so that publishing again sends
 * nothing twice. TOPIC_MISSING, BUS_AWAY. */
CX_MUST_CHECK cx_rc cx_publisher_open(const cx_config *config, const char *department, cx_publisher **out,
                                      cx_err *err);
/* Sends within a transaction that is committed every 1,000 events and by flush; *there: nothing was sent, as
 * the very same event stands on the topic or was sent before. One document may concern several subjects, and
 * an id with other content must come back from the registrar: so the whole event counts, never its id alone.
 */
CX_MUST_CHECK cx_rc cx_publisher_send(cx_publisher *publisher, const cx_credit_event *event, bool *there,
                                      cx_err *err);
CX_MUST_CHECK cx_rc cx_publisher_flush(cx_publisher *publisher, cx_err *err);
/* Aborts what was not flushed. */
void cx_publisher_close(cx_publisher **publisher);

#endif
