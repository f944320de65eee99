/* A breaker's counts where its partition is split (docs/adr/0010). Pure. */
#ifndef CX_REGISTRAR_SHARE_H
#define CX_REGISTRAR_SHARE_H

#include "common/base/arena.h"
#include "schemas/types.h"

/* What each of n partitions, into which the row's was split, goes on with: of the last hour's listings its
 * part, rounded up, of the days by which the usual number is told its part, rounded down. So it holds no
 * later than before. Whether it has tripped, and why, is the same for all. `out` points into the row and the
 * arena. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_breaker_share(cx_arena *arena, const cx_breaker_state *row, int32_t n,
                                     cx_breaker_state *out);

#endif
