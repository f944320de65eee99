/* Inside chengxin replay: which build wrote what was recorded, by the marks in credit.checkpoints. */
#ifndef OPS_CLI_REPLAY_BUILDS_H
#define OPS_CLI_REPLAY_BUILDS_H

#include <jansson.h>

#include "ops/replay/log.h"

/* Adds "build" (of the stage, when it wrote that; null: it was not told, or nothing is recorded) and
 * "again_build" (ours; null: nothing came of it) to each of the differences. */
CX_MUST_CHECK cx_rc cx_replay_builds_add(const cx_config *config, const cx_replay_log *log,
                                         const char *again_build, json_t *differences, cx_err *err);

#endif
