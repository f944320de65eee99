/* Which ticks come next. Pure: time is an argument. */
#ifndef CX_CLOCK_PLAN_H
#define CX_CLOCK_PLAN_H

#include "common/base/time.h"
#include "schemas/types.h"

/* After an outage the clock catches up in steps of at most this. */
#define CX_CLOCK_STEP CX_MINUTE

/* The tick after `last` (CX_NO_TIME: the first is `now`) for a clock that stands at `now` and ticks every
 * `interval` ms; CX_NO_TIME: none is due. Never after `now`. */
cx_time cx_clock_next(cx_time last, cx_time now, cx_time interval);

/* The tick after `last` on the way to `to` (chengxin clock --to): each midnight in China that lies between,
 * then `to`; CX_NO_TIME where `last` is there. */
cx_time cx_clock_leap(cx_time last, cx_time to);

/* What a tick says of freshness. arrival: broker's time of the oldest message that intake has not committed,
 * CX_NO_TIME for none; wall: the time now on that scale. On a virtual log the tick less the arrival's age. */
cx_time cx_clock_received_to(cx_time tick, cx_time arrival, cx_time wall, bool is_virtual);

/* What becomes of an activation that was PROPOSED: in whole, one or the other (rights, "circuit breaker"). */
cx_activation_state cx_clock_judges(int64_t listed, int64_t limit);

#endif
