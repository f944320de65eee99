#include "common/wire/text.h"

#include <stdbool.h>

static bool is_tail(uint8_t b) {
    return (b & 0xC0) == 0x80;
}

/* Bytes of the character that begins at p, 0 where none does: the table of well-formed sequences of RFC 3629.
 */
static size_t character(const uint8_t *p, size_t n) {
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        return n >= 2 && is_tail(p[1]) ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        if (n < 3 || !is_tail(p[1]) || !is_tail(p[2]))
            return 0;
        bool overlong = p[0] == 0xE0 && p[1] < 0xA0, surrogate = p[0] == 0xED && p[1] > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (p[0] < 0xF0 || p[0] > 0xF4 || n < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3]))
        return 0;
    return (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

/* Three bytes, as most Chinese characters have: 1110xxxx 10xxxxxx 10xxxxxx, neither overlong nor a surrogate.
 */
static inline bool is_three(const uint8_t *p) {
    uint32_t w = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    uint32_t high = w & 0x0F2000; /* what tells the overlong (0) and the surrogates (0x0D2000) */
    return (w & 0xF0C0C0) == 0xE08080 && high != 0 && high != 0x0D2000;
}

cx_rc cx_text_check_slow(const uint8_t *p, size_t n) {
    for (size_t i = 0; i < n;) {
        if (p[i] == 0)
            return CX_NUL_IN_STRING;
        size_t length = p[i] < 0x80 ? 1 : n - i >= 3 && is_three(p + i) ? 3 : character(p + i, n - i);
        if (length == 0)
            return CX_BAD_UTF8;
        i += length;
    }
    return CX_OK;
}
