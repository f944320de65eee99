/* Inside chengxin replay: how far a partition has come, as JSON. */
#ifndef OPS_CLI_REPLAY_PLACE_H
#define OPS_CLI_REPLAY_PLACE_H

#include <jansson.h>

#include "ops/replay/replay.h"

/* NULL when out of memory. */
json_t *cx_replay_place_json(const cx_replay_begin *at);
/* The same again, into the arena; false: it is not what cx_replay_place_json made. */
bool cx_replay_place_take(const json_t *json, cx_arena *arena, cx_replay_begin *at);

#endif
