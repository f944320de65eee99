/* The partition in which a key is at home: as Kafka's Java clients choose it, and as our producers do
 * (librdkafka's murmur2_random, for a message with a key). Pure.
 *
 * Where a count is a multiple of another, a key's home among the many leads back to its home among the few:
 * cx_home(key, k * n) % n == cx_home(key, n). So partitions can be split and never need to be mixed.
 */
#ifndef CX_BASE_HOME_H
#define CX_BASE_HOME_H

#include "common/base/view.h"

/* partitions > 0. */
int32_t cx_home(cx_view key, int32_t partitions);

#endif
