/* The cache sink: what is in force now, from credit.status into Redis.
 *
 * Its position is the watermark that stands in Redis beside the rows (cx:asof:<partition>): a Redis that
 * comes back empty, or older than what it had acknowledged, is brought up to date from there.
 */
#ifndef SERVICES_CACHE_CACHE_H
#define SERVICES_CACHE_CACHE_H

#include "services/sink/sink.h"

extern const cx_sink cx_cache_sink;

/* deploy/redis/chengxin.lua, as it was when this was built. */
extern const unsigned char cx_cache_library[];
extern const size_t cx_cache_library_size;

#endif
