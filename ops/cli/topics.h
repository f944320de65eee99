/* Inside the commands `topics` and `department`: the declared topics (deploy/kafka/topics.csv). */
#ifndef OPS_CLI_TOPICS_H
#define OPS_CLI_TOPICS_H

#include "common/bus/topics.h"
#include "common/law/sheet.h"

/* The file of the setting topics.file, read into the arena. */
CX_MUST_CHECK cx_rc cx_topics_read(const cx_config *config, cx_arena *arena, cx_sheet *out, cx_err *err);
/* The topics of the spine and its tables (department NULL), or those of one department. Specs lie in the
 * arena; *n counts them. */
CX_MUST_CHECK cx_rc cx_topics_specs(const cx_config *config, const cx_sheet *sheet, const char *department,
                                    cx_arena *arena, cx_topic_spec **out, size_t *n, cx_err *err);

#endif
