#include "common/base/view.h"

/* Length in bytes of the UTF-8 sequence at p, or 0 when it is not one. */
static size_t utf8_length(const unsigned char *p, size_t n) {
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        unsigned low = p[0] == 0xE0 ? 0xA0 : 0x80;
        unsigned high = p[0] == 0xED ? 0x9F : 0xBF;
        return n >= 3 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 ? 3 : 0;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        unsigned low = p[0] == 0xF0 ? 0x90 : 0x80;
        unsigned high = p[0] == 0xF4 ? 0x8F : 0xBF;
        return n >= 4 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 && (p[3] & 0xC0) == 0x80 ? 4
                                                                                                       : 0;
    }
    return 0;
}

size_t cx_view_utf8_length(cx_view v) {
    const unsigned char *p = (const unsigned char *)v.p;
    size_t left = v.n;
    while (left > 0) {
        uint64_t eight;
        if (left >= 8 && (memcpy(&eight, p, 8), (eight & 0x8080808080808080U) == 0)) {
            p += 8;
            left -= 8;
            continue;
        }
        size_t n = utf8_length(p, left);
        if (n == 0)
            break;
        p += n;
        left -= n;
    }
    return v.n - left;
}

bool cx_view_is_utf8(cx_view v) {
    return cx_view_utf8_length(v) == v.n;
}

bool cx_view_is_code(cx_view v, size_t max) {
    if (v.n == 0 || v.n > max)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        char c = v.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':' || c == '-';
        if (!letter && !other)
            return false;
    }
    return true;
}

bool cx_view_to_int64(cx_view v, int64_t *out) {
    bool negative = v.n > 0 && v.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == v.n)
        return false;
    int64_t value = 0;
    for (; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
        int digit = v.p[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

char *cx_int64_print(int64_t value, char out[CX_INT64_TEXT]) {
    char digits[CX_INT64_TEXT];
    size_t n = 0;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[n++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        digits[n++] = '-';
    while (n > 0)
        *out++ = digits[--n];
    *out = '\0';
    return out;
}

cx_view cx_view_split(cx_view v, char sep, cx_view *rest) {
    const char *at = v.n == 0 ? NULL : memchr(v.p, sep, v.n);
    if (at == NULL) {
        *rest = (cx_view){NULL, 0};
        return v;
    }
    size_t n = (size_t)(at - v.p);
    *rest = (cx_view){at + 1, v.n - n - 1};
    return (cx_view){v.p, n};
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

cx_view cx_view_trim(cx_view v) {
    while (v.n > 0 && is_blank(v.p[0])) {
        v.p++;
        v.n--;
    }
    while (v.n > 0 && is_blank(v.p[v.n - 1]))
        v.n--;
    return v;
}
