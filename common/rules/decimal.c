#include "common/rules/decimal.h"

#include <bid_conf.h>
#include <bid_functions.h>

#include <stdio.h>
#include <stdlib.h>

enum { BIAS = 6176, EXPONENT_SHIFT = 49, KEPT_DIGITS = 36, EXPONENT_CAP = 20000, TEXT_CAP = 10000 };
#define HIGH_COEFFICIENT (((uint64_t)1 << EXPONENT_SHIFT) - 1)

static BID_UINT128 bid(cx_decimal d) {
    return (BID_UINT128){.w = {d.w[0], d.w[1]}};
}

static cx_decimal of_bid(BID_UINT128 b) {
    return (cx_decimal){{b.w[0], b.w[1]}};
}

static bool keep_finite(BID_UINT128 b, cx_decimal *out) {
    if (!bid128_isFinite(b))
        return false;
    if (bid128_isZero(b))
        b.w[1] &= ~((uint64_t)1 << 63); /* FEEL knows no negative zero */
    *out = of_bid(b);
    return true;
}

/* The exponent's field; values of ours are canonical, so the form with a long coefficient never occurs. */
static int exponent_of(cx_decimal d) {
    return (int)(d.w[1] >> EXPONENT_SHIFT & 0x3FFF);
}

static bool is_small(cx_decimal d) {
    return (d.w[1] & HIGH_COEFFICIENT) == 0 && d.w[0] < (uint64_t)1 << 62;
}

static int64_t small(cx_decimal d) {
    return cx_decimal_is_negative(d) ? -(int64_t)d.w[0] : (int64_t)d.w[0];
}

static cx_decimal of_small(int64_t n, int exponent) {
    uint64_t magnitude = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
    return (cx_decimal){{magnitude, (uint64_t)exponent << EXPONENT_SHIFT | (n < 0 ? (uint64_t)1 << 63 : 0)}};
}

/* What a number's text says: its first digits, and the power of ten behind them. */
struct scan {
    char digits[KEPT_DIGITS + 2];
    int n;
    bool sticky; /* a digit that was cut is not 0 */
    bool any;
    int exponent;
};

static void take_digit(struct scan *s, char c, bool fraction) {
    s->any = true;
    if (s->n == 0 && c == '0') {
        s->exponent -= fraction ? 1 : 0;
    } else if (s->n < KEPT_DIGITS) {
        s->digits[s->n++] = c;
        s->exponent -= fraction ? 1 : 0;
    } else {
        s->sticky = s->sticky || c != '0';
        s->exponent += fraction ? 0 : 1;
    }
}

static bool take_exponent(cx_view text, size_t i, int *exponent) {
    bool negative = i < text.n && text.p[i] == '-';
    if (i < text.n && (text.p[i] == '-' || text.p[i] == '+'))
        i++;
    if (i == text.n)
        return false;
    int value = 0;
    for (; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        if (value < EXPONENT_CAP)
            value = value * 10 + (text.p[i] - '0');
    }
    *exponent += negative ? -value : value;
    return true;
}

bool cx_decimal_parse(cx_view text, cx_decimal *out) {
    struct scan s = {.n = 0};
    size_t i = 0;
    bool negative = text.n > 0 && text.p[0] == '-';
    if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '+'))
        i++;
    if (text.n > TEXT_CAP)
        return false;
    bool fraction = false;
    for (; i < text.n; i++) {
        char c = text.p[i];
        if (c >= '0' && c <= '9')
            take_digit(&s, c, fraction);
        else if (c == '.' && !fraction)
            fraction = true;
        else
            break;
    }
    if (!s.any || (i > 0 && text.p[i - 1] == '.'))
        return false;
    if (i < text.n && ((text.p[i] != 'e' && text.p[i] != 'E') || !take_exponent(text, i + 1, &s.exponent)))
        return false;
    if (s.n == 0)
        s.digits[s.n++] = '0';
    if (s.sticky) {
        s.digits[s.n++] = '1';
        s.exponent--;
    }
    char canonical[KEPT_DIGITS + 32];
    (void)snprintf(canonical, sizeof canonical, "%s%.*sE%d", negative ? "-" : "", s.n, s.digits, s.exponent);
    _IDEC_flags flags = 0;
    return keep_finite(bid128_from_string(canonical, CX_ROUND_EVEN, &flags), out);
}

/* Writes zeros, digits and a point so that `digits` times 10^exponent is shown without an exponent. */
static size_t write_plain(char *to, bool negative, const char *digits, int n, int exponent) {
    size_t k = 0;
    if (negative)
        to[k++] = '-';
    int whole = n + exponent; /* digits before the point */
    if (whole <= 0)
        to[k++] = '0';
    for (int i = 0; i < whole; i++)
        to[k++] = i < n ? digits[i] : '0';
    if (exponent < 0) {
        to[k++] = '.';
        for (int i = whole; i < 0; i++)
            to[k++] = '0';
        for (int i = whole > 0 ? whole : 0; i < n; i++)
            to[k++] = digits[i];
    }
    return k;
}

cx_view cx_decimal_text(cx_decimal d, cx_arena *arena) {
    char raw[64]; /* "+digitsE-exponent": at most 1 + 34 + 1 + 5 */
    _IDEC_flags flags = 0;
    bid128_to_string(raw, bid(d), &flags);
    char *digits = raw + 1;
    char *mark = strchr(digits, 'E');
    CX_ASSERT(mark != NULL);
    int exponent = (int)strtol(mark + 1, NULL, 10);
    int n = (int)(mark - digits);
    while (n > 1 && digits[n - 1] == '0') {
        n--;
        exponent++;
    }
    if (digits[0] == '0')
        exponent = 0;
    size_t room = (size_t)n + (size_t)(exponent < 0 ? -exponent : exponent) + 4;
    char *to = cx_arena_alloc(arena, room);
    if (to == NULL)
        return (cx_view){NULL, 0};
    return (cx_view){to, write_plain(to, raw[0] == '-' && digits[0] != '0', digits, n, exponent)};
}

int cx_decimal_cmp(cx_decimal a, cx_decimal b) {
    if (is_small(a) && is_small(b) && exponent_of(a) == exponent_of(b)) {
        int64_t x = small(a), y = small(b);
        return (x > y) - (x < y);
    }
    _IDEC_flags flags = 0;
    if (bid128_quiet_equal(bid(a), bid(b), &flags))
        return 0;
    return bid128_quiet_less(bid(a), bid(b), &flags) ? -1 : 1;
}

bool cx_decimal_is_zero(cx_decimal d) {
    return d.w[0] == 0 && (d.w[1] & HIGH_COEFFICIENT) == 0;
}

static const int64_t powers[] = {1,
                                 10,
                                 100,
                                 1000,
                                 10000,
                                 100000,
                                 1000000,
                                 10000000,
                                 100000000,
                                 1000000000,
                                 10000000000,
                                 100000000000,
                                 1000000000000,
                                 10000000000000,
                                 100000000000000,
                                 1000000000000000,
                                 10000000000000000,
                                 100000000000000000,
                                 1000000000000000000};
enum { POWERS = sizeof powers / sizeof powers[0] };

bool cx_decimal_scaled(cx_decimal d, int scale, int64_t *out) {
    if (cx_decimal_is_zero(d)) {
        *out = 0;
        return true;
    }
    int shift = exponent_of(d) - BIAS + scale;
    if (!is_small(d)) { /* perhaps trailing zeros made it long */
        cx_decimal whole;
        if (shift >= 0 || !cx_decimal_round(d, scale, CX_ROUND_DOWN, &whole) ||
            cx_decimal_cmp(whole, d) != 0 || !is_small(whole) || exponent_of(whole) - BIAS + scale != 0)
            return false;
        *out = small(whole);
        return true;
    }
    if (shift >= 0)
        return shift < POWERS && !__builtin_mul_overflow(small(d), powers[shift], out);
    if (-shift >= POWERS || small(d) % powers[-shift] != 0)
        return false;
    *out = small(d) / powers[-shift];
    return true;
}

bool cx_decimal_to_int64(cx_decimal d, int64_t *out) {
    return cx_decimal_scaled(d, 0, out);
}

int cx_decimal_scale(cx_decimal d) {
    int scale = BIAS - exponent_of(d);
    if (scale <= 0 || cx_decimal_is_zero(d))
        return 0;
    unsigned __int128 c = (unsigned __int128)(d.w[1] & HIGH_COEFFICIENT) << 64 | d.w[0];
    for (; scale > 0 && c % 10 == 0; scale--)
        c /= 10;
    return scale;
}

bool cx_decimal_is_whole(cx_decimal d) {
    return cx_decimal_scale(d) == 0;
}

bool cx_decimal_add(cx_decimal a, cx_decimal b, cx_decimal *out) {
    if (is_small(a) && is_small(b) && exponent_of(a) == exponent_of(b)) {
        *out = of_small(small(a) + small(b), exponent_of(a)); /* both below 2^62 */
        return true;
    }
    _IDEC_flags flags = 0;
    return keep_finite(bid128_add(bid(a), bid(b), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_sub(cx_decimal a, cx_decimal b, cx_decimal *out) {
    return cx_decimal_add(a, cx_decimal_negate(b), out);
}

bool cx_decimal_mul(cx_decimal a, cx_decimal b, cx_decimal *out) {
    int exponent = exponent_of(a) + exponent_of(b) - BIAS;
    if (is_small(a) && is_small(b) && (a.w[0] | b.w[0]) < (uint64_t)1 << 31 && exponent > 0 &&
        exponent < 2 * BIAS) {
        *out = of_small(small(a) * small(b), exponent);
        return true;
    }
    _IDEC_flags flags = 0;
    return keep_finite(bid128_mul(bid(a), bid(b), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_div(cx_decimal a, cx_decimal b, cx_decimal *out) {
    if (cx_decimal_is_zero(b))
        return false;
    _IDEC_flags flags = 0;
    return keep_finite(bid128_div(bid(a), bid(b), CX_ROUND_EVEN, &flags), out);
}

cx_decimal cx_decimal_negate(cx_decimal a) {
    if (!cx_decimal_is_zero(a))
        a.w[1] ^= (uint64_t)1 << 63;
    return a;
}

cx_decimal cx_decimal_abs(cx_decimal a) {
    a.w[1] &= ~((uint64_t)1 << 63);
    return a;
}
