/* Variable-length zig-zag integers, read. Internal to common/wire; pure. */
#ifndef CX_WIRE_VARINT_H
#define CX_WIRE_VARINT_H

#include "common/base/error.h"

enum { CX_VARINT_INT = 5, CX_VARINT_LONG = 10 }; /* most bytes of an int and of a long */

#define CX_LIKELY(x) __builtin_expect(!!(x), 1)
#define CX_UNLIKELY(x) __builtin_expect(!!(x), 0)

static inline int64_t cx_zigzag(uint64_t n) {
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

/* Byte by byte, to the end of the input: CX_TRUNCATED, or CX_BAD_VARINT where it is longer than 64 bits. */
static inline cx_rc cx_varint_careful(const uint8_t **at, const uint8_t *end, uint64_t *out) {
    uint64_t n = 0;
    const uint8_t *p = *at;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (p == end)
            return CX_TRUNCATED;
        uint8_t b = *p++;
        if (shift == 63 && b > 1)
            return CX_BAD_VARINT;
        n |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            *at = p;
            *out = n;
            return CX_OK;
        }
    }
    return CX_BAD_VARINT;
}

/* Up to 8 bytes at once: the first byte without its high bit ends the number; the sevens are pushed together.
 */
static inline cx_rc cx_varint_read(const uint8_t **at, const uint8_t *end, uint64_t *out) {
    const uint8_t *p = *at;
    if (CX_LIKELY(p < end && *p < 0x80)) {
        *out = *p;
        *at = p + 1;
        return CX_OK;
    }
    if (end - p >= 8) {
        uint64_t w;
        __builtin_memcpy(&w, p, sizeof w);
        uint64_t stops = ~w & UINT64_C(0x8080808080808080);
        if (CX_LIKELY(stops != 0)) {
            unsigned bits = (unsigned)__builtin_ctzll(stops) + 1; /* of the bytes that count: 8, 16 ... 64 */
            w &= (UINT64_C(2) << (bits - 1)) - 1;
            w &= UINT64_C(0x7F7F7F7F7F7F7F7F);
            w = (w & UINT64_C(0x007F007F007F007F)) | (w & UINT64_C(0x7F007F007F007F00)) >> 1;
            w = (w & UINT64_C(0x00003FFF00003FFF)) | (w & UINT64_C(0x3FFF00003FFF0000)) >> 2;
            w = (w & UINT64_C(0x000000000FFFFFFF)) | (w & UINT64_C(0x0FFFFFFF00000000)) >> 4;
            *out = w;
            *at = p + bits / 8;
            return CX_OK;
        }
    }
    return cx_varint_careful(at, end, out);
}

#endif
