/* Inside chengxin replay: --policy, who would be affected by another pack. */
#ifndef OPS_CLI_REPLAY_WHATIF_H
#define OPS_CLI_REPLAY_WHATIF_H

#include <jansson.h>

#include "ops/replay/log.h"

/* policy: a pack's folder, hash, or name and version. subjects: n pseudonyms to be looked at alone; n 0: all.
 * *out, the caller's to release:
 * {"policy": {"hash", "name", "version"}, "records", "passes", "settled", "derived": {"then", "instead"},
 *  "subjects": {"better", "worse"}, "counts": [{"sort": "list" | "measure" | "refusal", "code", "change",
 *  "better", "worse", "rows", "subjects"}], "affected": [{"sort", "code", "change", "better", "worse",
 *  "subject", "then", "instead"}], "left_out"}; change: "ONLY_THEN", "ONLY_INSTEAD", "SHORTER", "LONGER".
 * NOT_FOUND for an unknown pack, and what cx_whatif_run fails with. */
CX_MUST_CHECK cx_rc cx_replay_whatif(const cx_replay_log *log, const char *policy, cx_time to,
                                     const uint8_t (*subjects)[16], size_t n,
                                     void (*progress)(void *context, int32_t partition, int64_t offset,
                                                      int64_t end),
                                     void *context, json_t **out, cx_err *err);
/* For people, on stdout. */
void cx_replay_whatif_print(const json_t *report);
bool cx_replay_whatif_affects(const json_t *report);

#endif
