/* decimal128 arithmetic: 34 digits, half to even, finite values only.
 *
 * Functions that return bool return false where the result would not be a finite number (division by zero,
 * overflow, the root of a negative number): FEEL's null. Pure; thread-safe. Uses Intel's BID library by value
 * with explicit rounding and flags (its build "000"), and takes short cuts for small numbers of one scale.
 */
#ifndef CX_RULES_DECIMAL_H
#define CX_RULES_DECIMAL_H

#include "common/rules/value.h"

typedef enum cx_rounding {
    CX_ROUND_EVEN = 0,
    CX_ROUND_FLOOR = 1,
    CX_ROUND_CEILING = 2,
    CX_ROUND_DOWN = 3,     /* toward zero */
    CX_ROUND_HALF_UP = 4,  /* halves away from zero */
    CX_ROUND_UP = 5,       /* away from zero */
    CX_ROUND_HALF_DOWN = 6 /* halves toward zero */
} cx_rounding;

/* Digits, at most one point, an optional exponent, an optional sign; more than 34 digits are rounded. */
bool cx_decimal_parse(cx_view text, cx_decimal *out);
/* Plain notation without trailing zeros: "12.5", "-0.001", "1000000". {NULL, 0} when out of memory. */
cx_view cx_decimal_text(cx_decimal d, cx_arena *arena);

int cx_decimal_cmp(cx_decimal a, cx_decimal b);
static inline bool cx_decimal_is_negative(cx_decimal d) {
    return d.w[1] >> 63 != 0;
}
bool cx_decimal_is_zero(cx_decimal d);
bool cx_decimal_is_whole(cx_decimal d);
/* Whole numbers in range only. */
bool cx_decimal_to_int64(cx_decimal d, int64_t *out);
/* d * 10^scale when that is whole and fits; else false. Used for index keys: fast. */
bool cx_decimal_scaled(cx_decimal d, int scale, int64_t *out);
/* Digits behind the point that d needs, 0 for whole numbers; at most 6176. */
int cx_decimal_scale(cx_decimal d);

bool cx_decimal_add(cx_decimal a, cx_decimal b, cx_decimal *out);
bool cx_decimal_sub(cx_decimal a, cx_decimal b, cx_decimal *out);
bool cx_decimal_mul(cx_decimal a, cx_decimal b, cx_decimal *out);
bool cx_decimal_div(cx_decimal a, cx_decimal b, cx_decimal *out);
/* Whole exponents by repeated multiplication, others by the library's pow. */
bool cx_decimal_pow(cx_decimal a, cx_decimal b, cx_decimal *out);
bool cx_decimal_sqrt(cx_decimal a, cx_decimal *out);
bool cx_decimal_log(cx_decimal a, cx_decimal *out);
bool cx_decimal_exp(cx_decimal a, cx_decimal *out);
/* a - b * floor(a / b): the sign of b (DMN 1.5, table 77). */
bool cx_decimal_modulo(cx_decimal a, cx_decimal b, cx_decimal *out);
cx_decimal cx_decimal_negate(cx_decimal a);
cx_decimal cx_decimal_abs(cx_decimal a);
/* To `scale` digits behind the point (negative: before it). */
bool cx_decimal_round(cx_decimal a, int scale, cx_rounding mode, cx_decimal *out);

#endif
