/* The law's packs for the runner: how a published pack is compiled and comes into force in a partition. */
#ifndef SERVICES_POLICIES_H
#define SERVICES_POLICIES_H

#include "common/run/stage.h"

/* compile: from a cx_policy_pack, whose hash must be that of its files (KEY: PACK_INVALID); the set is a
 * cx_policies of common/law. */
extern const cx_policy_ops cx_law_policy_ops;

#endif
