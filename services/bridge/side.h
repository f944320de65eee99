/* What the bridge must know of its own installation beside the events: published packs, and who the subjects
 * are (credit.identities, opened with the vault's private key, for the other side alone). One owner. */
#ifndef SERVICES_BRIDGE_SIDE_H
#define SERVICES_BRIDGE_SIDE_H

#include "common/base/config.h"
#include "services/packs.h"

typedef struct cx_bridge_side cx_bridge_side;

/* Reads both topics to their present ends. KEY_*, BUS_AWAY, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_bridge_side_open(const cx_config *config, cx_codec *codec, cx_bridge_side **out,
                                        cx_err *err);
void cx_bridge_side_close(cx_bridge_side **side);
/* Takes what has come since, without waiting. *packs: whether packs were among it. */
CX_MUST_CHECK cx_rc cx_bridge_side_poll(cx_bridge_side *side, bool *packs, cx_err *err);
cx_packs *cx_bridge_side_packs(cx_bridge_side *side);
/* Who that is, in the arena. *erased: nobody knows any more. ROW_NOT_YET where its row has not come yet. */
CX_MUST_CHECK cx_rc cx_bridge_side_identity(cx_bridge_side *side, const uint8_t subject[16], cx_arena *arena,
                                            cx_subject *out, bool *erased, cx_err *err);

#endif
