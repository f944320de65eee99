/* The check of every string on the wire: UTF-8 (RFC 3629) without NUL. Pure; internal to common/wire. */
#ifndef CX_WIRE_TEXT_H
#define CX_WIRE_TEXT_H

#include "common/base/error.h"

/* The rest of the check, where the bytes are not plain ASCII: CX_OK, CX_BAD_UTF8 or CX_NUL_IN_STRING. */
cx_rc cx_text_check_slow(const uint8_t *p, size_t n);

static inline uint64_t cx_text_load64(const uint8_t *p) {
    uint64_t w;
    __builtin_memcpy(&w, p, sizeof w);
    return w;
}

static inline uint32_t cx_text_load32(const uint8_t *p) {
    uint32_t w;
    __builtin_memcpy(&w, p, sizeof w);
    return w;
}

/* Sixteen bytes, and what is done to each of them at once. */
typedef uint8_t cx_text_block __attribute__((vector_size(16)));

static inline cx_text_block cx_text_load(const uint8_t *p) {
    cx_text_block w;
    __builtin_memcpy(&w, p, sizeof w);
    return w;
}

static inline uint64_t cx_text_bad_blocks(const uint8_t *p, size_t n) {
    cx_text_block last = cx_text_load(p + n - 16), bad = last | (last - 1);
    for (size_t i = 0; i + 16 < n; i += 16) {
        cx_text_block w = cx_text_load(p + i);
        bad |= w | (w - 1);
    }
    uint64_t halves[2];
    __builtin_memcpy(halves, &bad, sizeof halves);
    return halves[0] | halves[1];
}

/* CX_OK, CX_BAD_UTF8 or CX_NUL_IN_STRING. A byte b is in 01..7F just where neither b nor b - 1 has its high
 * bit: many of them at a time; the last words overlap the ones before. (In a word of 8 a borrow crosses bytes
 * only where there is a NUL, which is found at its own byte.) */
static inline cx_rc cx_text_check(const uint8_t *p, size_t n) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
    uint64_t bad = 0;
    if (n >= 16) {
        bad = cx_text_bad_blocks(p, n);
    } else if (n >= 8) {
        uint64_t w = cx_text_load64(p), v = cx_text_load64(p + n - 8);
        bad = w | (w - ones) | v | (v - ones);
    } else if (n >= 4) {
        uint64_t w = (uint64_t)cx_text_load32(p) << 32 | cx_text_load32(p + n - 4);
        bad = w | (w - ones);
    } else if (n > 0) {
        uint64_t w = (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16 | (ones << 24);
        bad = w | (w - ones);
    }
    return (bad & highs) == 0 ? CX_OK : cx_text_check_slow(p, n);
}

#endif
