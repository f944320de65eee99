/* Whole topics, read once from their beginning to their committed end. */
#ifndef OPS_CLI_TABLE_READ_H
#define OPS_CLI_TABLE_READ_H

#include "common/base/config.h"
#include "common/bus/message.h"

/* Calls visit for each message in the order of each partition, up to the end that it had when the call began.
 * The message is released afterwards. */
typedef cx_rc (*cx_topic_visit)(void *context, const cx_message *message, cx_err *err);
CX_MUST_CHECK cx_rc cx_topic_read(const cx_config *config, const char *topic, cx_topic_visit visit,
                                  void *context, cx_err *err);
/* The same for n topics at once. TOPIC_MISSING where one is not there. */
CX_MUST_CHECK cx_rc cx_topics_read_all(const cx_config *config, const char *const *topics, size_t n,
                                       cx_topic_visit visit, void *context, cx_err *err);

#endif
