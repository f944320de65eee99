/* Differences that a replay found, as JSON and as text; `chengxin replay` and `chengxin explain --verify`. */
#ifndef OPS_CLI_REPLAY_SHOW_H
#define OPS_CLI_REPLAY_SHOW_H

#include <jansson.h>

#include "ops/replay/replay.h"

/* {"what": "DIFFERS" | "MISSING" | "UNEXPECTED", "stage", "partition", "offset", "index", "department",
 * "event_id", "subject", "pack", "again_pack", "derived", "fields": [{"field", "recorded", "again"}]}.
 * MISSING: decided again, and not recorded; UNEXPECTED: recorded, and not decided again; the field "" is the
 * whole message. `chengxin replay` adds "build" and "again_build" (replay_builds.h). NULL: out of memory. */
json_t *cx_replay_difference_json(const cx_replay_difference *difference);
/* {"records", "classified", "decided", "notices", "derived", "differences", "pending", "removed"}. */
json_t *cx_replay_tally_json(const cx_replay_tally *tally);
/* false: it is no such object. */
bool cx_replay_tally_take(const json_t *json, cx_replay_tally *tally);
/* A difference for people, on stdout. */
void cx_replay_difference_print(const json_t *difference);

#endif
