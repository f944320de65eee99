#include "common/base/home.h"

#include "common/base/error.h"

/* MurmurHash2 of 32 bits (Austin Appleby, in the public domain), with the seed and the sign of Kafka's
 * clients. */
static const uint32_t seed = 0x9747b28c, mix = 0x5bd1e995;

static uint32_t byte_at(cx_view key, size_t i) {
    return (unsigned char)key.p[i];
}

static uint32_t hash(cx_view key) {
    uint32_t h = seed ^ (uint32_t)key.n;
    size_t i = 0;
    for (; i + 4 <= key.n; i += 4) {
        uint32_t k = byte_at(key, i) | byte_at(key, i + 1) << 8 | byte_at(key, i + 2) << 16 |
                     byte_at(key, i + 3) << 24;
        k *= mix;
        k ^= k >> 24;
        h = h * mix ^ k * mix;
    }
    for (size_t left = key.n - i; left > 0; left--)
        h ^= byte_at(key, i + left - 1) << (8 * (left - 1));
    if (i < key.n)
        h *= mix;
    h ^= h >> 13;
    h *= mix;
    return h ^ h >> 15;
}

int32_t cx_home(cx_view key, int32_t partitions) {
    CX_ASSERT(partitions > 0);
    return (int32_t)((hash(key) & 0x7fffffff) % (uint32_t)partitions);
}
