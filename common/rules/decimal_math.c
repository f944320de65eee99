/* Powers, roots, logarithms and rounding. */
#include "common/rules/decimal.h"

#include <bid_conf.h>
#include <bid_functions.h>

enum { LARGEST_EXPONENT = 100000 };

static BID_UINT128 bid(cx_decimal d) {
    return (BID_UINT128){.w = {d.w[0], d.w[1]}};
}

static bool keep_finite(BID_UINT128 b, cx_decimal *out) {
    if (!bid128_isFinite(b))
        return false;
    if (bid128_isZero(b))
        b.w[1] &= ~((uint64_t)1 << 63);
    *out = (cx_decimal){{b.w[0], b.w[1]}};
    return true;
}

static cx_decimal one(void) {
    return cx_value_int(1).u.number;
}

static bool whole_pow(cx_decimal a, int64_t n, cx_decimal *out) {
    cx_decimal result = one();
    for (uint64_t left = (uint64_t)(n < 0 ? -n : n); left > 0; left >>= 1) {
        if ((left & 1) != 0 && !cx_decimal_mul(result, a, &result))
            return false;
        if (left > 1 && !cx_decimal_mul(a, a, &a))
            return false;
    }
    if (n >= 0) {
        *out = result;
        return true;
    }
    return cx_decimal_div(one(), result, out);
}

bool cx_decimal_pow(cx_decimal a, cx_decimal b, cx_decimal *out) {
    int64_t n;
    if (cx_decimal_to_int64(b, &n) && n > -LARGEST_EXPONENT && n < LARGEST_EXPONENT)
        return whole_pow(a, n, out);
    if (cx_decimal_is_negative(a) || (cx_decimal_is_zero(a) && cx_decimal_is_negative(b)))
        return false;
    _IDEC_flags flags = 0;
    return keep_finite(bid128_pow(bid(a), bid(b), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_sqrt(cx_decimal a, cx_decimal *out) {
    if (cx_decimal_is_negative(a))
        return false;
    _IDEC_flags flags = 0;
    return keep_finite(bid128_sqrt(bid(a), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_log(cx_decimal a, cx_decimal *out) {
    if (cx_decimal_is_negative(a) || cx_decimal_is_zero(a))
        return false;
    _IDEC_flags flags = 0;
    return keep_finite(bid128_log(bid(a), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_exp(cx_decimal a, cx_decimal *out) {
    _IDEC_flags flags = 0;
    return keep_finite(bid128_exp(bid(a), CX_ROUND_EVEN, &flags), out);
}

bool cx_decimal_modulo(cx_decimal a, cx_decimal b, cx_decimal *out) {
    if (cx_decimal_is_zero(b))
        return false;
    _IDEC_flags flags = 0;
    cx_decimal r; /* exact, with the sign of a */
    if (!keep_finite(bid128_fmod(bid(a), bid(b), &flags), &r))
        return false;
    if (cx_decimal_is_zero(r) || cx_decimal_is_negative(r) == cx_decimal_is_negative(b)) {
        *out = r;
        return true;
    }
    return cx_decimal_add(r, b, out);
}

/* 10^-scale, whose exponent quantize takes over. */
static bool quantum(int scale, cx_decimal *out) {
    if (scale > 6176 || scale < -6111)
        return false;
    *out = (cx_decimal){{1, (uint64_t)(6176 - scale) << 49}};
    return true;
}

static bool quantized(cx_decimal a, cx_decimal q, unsigned mode, cx_decimal *out) {
    _IDEC_flags flags = 0;
    return keep_finite(bid128_quantize(bid(a), bid(q), mode, &flags), out);
}

static bool round_up(cx_decimal a, cx_decimal q, cx_decimal *out) {
    return quantized(a, q, cx_decimal_is_negative(a) ? CX_ROUND_FLOOR : CX_ROUND_CEILING, out);
}

/* Halves toward zero: cut, and step away from zero only when more than half was cut. */
static bool round_half_down(cx_decimal a, cx_decimal q, cx_decimal *out) {
    cx_decimal cut, rest, twice;
    if (!quantized(a, q, CX_ROUND_DOWN, &cut) || !cx_decimal_sub(a, cut, &rest) ||
        !cx_decimal_add(rest, rest, &twice))
        return false;
    if (cx_decimal_cmp(cx_decimal_abs(twice), q) > 0)
        return round_up(a, q, out);
    *out = cut;
    return true;
}

bool cx_decimal_round(cx_decimal a, int scale, cx_rounding mode, cx_decimal *out) {
    cx_decimal q;
    if (!quantum(scale, &q))
        return false;
    if (scale >= cx_decimal_scale(a) && scale >= 0) { /* nothing to cut, perhaps no room for zeros */
        *out = a;
        return true;
    }
    if (mode == CX_ROUND_UP)
        return round_up(a, q, out);
    if (mode == CX_ROUND_HALF_DOWN)
        return round_half_down(a, q, out);
    return quantized(a, q, (unsigned)mode, out);
}
