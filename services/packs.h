/* The packs that were published (credit.policies), by hash, each compiled when it is first asked for: for
 * services that are no stages. One owner. */
#ifndef SERVICES_PACKS_H
#define SERVICES_PACKS_H

#include "common/law/pack.h"
#include "common/run/codec.h"

typedef struct cx_packs cx_packs;

/* The codec knows cx_policy_pack_type, and outlives it. NULL: out of memory. */
cx_packs *cx_packs_new(cx_codec *codec);
void cx_packs_destroy(cx_packs **packs);
/* A row of the topic. */
CX_MUST_CHECK cx_rc cx_packs_take(cx_packs *packs, cx_view key, cx_view value, cx_err *err);
/* *out lives as long as packs. ROW_NOT_YET where it has not been read; PACK_INVALID. */
CX_MUST_CHECK cx_rc cx_packs_find(cx_packs *packs, const uint8_t hash[CX_PACK_HASH], const cx_pack **out,
                                  cx_err *err);
/* Every pack that was published, compiled, in no order. Stops at the first failure. */
typedef cx_rc (*cx_packs_visit)(void *context, const cx_pack *pack, cx_err *err);
CX_MUST_CHECK cx_rc cx_packs_each(cx_packs *packs, cx_packs_visit visit, void *context, cx_err *err);

#endif
