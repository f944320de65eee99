#include "common/rules/temporal.h"

#include "common/rules/decimal.h"

#define YEAR_CAP ((int64_t)999999999)

/* Days from the civil calendar by eras of 400 years, so that no loop runs over years. */
int64_t cx_days_of(cx_long_civil c) {
    int64_t y = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (int64_t)(c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

cx_long_civil cx_civil_of(int64_t days) {
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153;
    int day = (int)(of_year - (153 * m + 2) / 5 + 1);
    int month = (int)(m < 10 ? m + 3 : m - 9);
    return (cx_long_civil){year + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

static int month_days(int64_t year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool cx_long_civil_is_valid(cx_long_civil c) {
    return c.year >= -YEAR_CAP && c.year <= YEAR_CAP && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= month_days(c.year, c.month);
}

bool cx_duration_of_nanos(__int128 nanos, cx_value *out) {
    __int128 days = nanos / CX_NANOS_PER_DAY;
    __int128 rest = nanos % CX_NANOS_PER_DAY;
    if (rest < 0) {
        rest += CX_NANOS_PER_DAY;
        days--;
    }
    if (days > INT64_MAX / 4 || days < INT64_MIN / 4)
        return false;
    *out = (cx_value){.kind = CX_KIND_DAYS_TIME, .u.at = {(int64_t)days, (int64_t)rest}};
    return true;
}

__int128 cx_duration_nanos(cx_value duration) {
    return (__int128)duration.u.at.days * CX_NANOS_PER_DAY + duration.u.at.nanos;
}

__int128 cx_instant_nanos(cx_value v) {
    __int128 local = v.u.at.nanos;
    if (v.kind != CX_KIND_TIME)
        local += (__int128)v.u.at.days * CX_NANOS_PER_DAY;
    return v.zoned ? local - (__int128)v.offset * CX_NANOS_PER_SECOND : local;
}

/* A date's days after checking the range; null beyond it. */
static cx_value dated(cx_kind kind, __int128 days, int64_t nanos, cx_value like) {
    if (days > 365250000000 || days < -365250000000 || !cx_long_civil_is_valid(cx_civil_of((int64_t)days)))
        return cx_value_null();
    cx_value v = {.kind = (uint8_t)kind, .zoned = like.zoned, .zone = like.zone, .offset = like.offset};
    v.u.at.days = (int64_t)days;
    v.u.at.nanos = nanos;
    return v;
}

static cx_value add_months(cx_value v, int64_t months) {
    cx_long_civil c = cx_civil_of(v.u.at.days);
    int64_t all;
    if (months > 12 * 2 * YEAR_CAP || months < -12 * 2 * YEAR_CAP)
        return cx_value_null();
    all = c.year * 12 + c.month - 1 + months;
    int64_t year = (all >= 0 ? all : all - 11) / 12;
    cx_long_civil to = {year, (int)(all - year * 12) + 1, c.day};
    if (year > YEAR_CAP || year < -YEAR_CAP)
        return cx_value_null();
    int last = month_days(year, to.month);
    if (to.day > last)
        to.day = last;
    return dated((cx_kind)v.kind, cx_days_of(to), v.u.at.nanos, v);
}

static cx_value add_nanos(cx_value v, __int128 nanos) {
    __int128 local = nanos + v.u.at.nanos;
    __int128 days = local / CX_NANOS_PER_DAY;
    __int128 rest = local % CX_NANOS_PER_DAY;
    if (rest < 0) {
        rest += CX_NANOS_PER_DAY;
        days--;
    }
    if (v.kind == CX_KIND_TIME) {
        v.u.at.nanos = (int64_t)rest;
        return v;
    }
    return dated((cx_kind)v.kind, days + v.u.at.days, v.kind == CX_KIND_DATE ? 0 : (int64_t)rest, v);
}

static bool is_point(cx_value v) {
    return v.kind == CX_KIND_DATE || v.kind == CX_KIND_TIME || v.kind == CX_KIND_DATE_TIME;
}

static cx_value add_durations(cx_value a, cx_value b) {
    cx_value sum = cx_value_null();
    int64_t months;
    if (a.kind == CX_KIND_DAYS_TIME)
        return cx_duration_of_nanos(cx_duration_nanos(a) + cx_duration_nanos(b), &sum) ? sum
                                                                                       : cx_value_null();
    return __builtin_add_overflow(a.u.months, b.u.months, &months) ? sum : cx_value_months(months);
}

cx_value cx_temporal_add(cx_value a, cx_value b) {
    if (is_point(b) && !is_point(a))
        return cx_temporal_add(b, a);
    if (is_point(a) && b.kind == CX_KIND_DAYS_TIME)
        return add_nanos(a, cx_duration_nanos(b));
    if ((a.kind == CX_KIND_DATE || a.kind == CX_KIND_DATE_TIME) && b.kind == CX_KIND_YEARS_MONTHS)
        return add_months(a, b.u.months);
    if (a.kind == b.kind && (a.kind == CX_KIND_DAYS_TIME || a.kind == CX_KIND_YEARS_MONTHS))
        return add_durations(a, b);
    return cx_value_null();
}

cx_value cx_temporal_negate(cx_value a) {
    cx_value v = cx_value_null();
    if (a.kind == CX_KIND_YEARS_MONTHS && a.u.months != INT64_MIN)
        return cx_value_months(-a.u.months);
    if (a.kind == CX_KIND_DAYS_TIME && cx_duration_of_nanos(-cx_duration_nanos(a), &v))
        return v;
    return cx_value_null();
}

cx_value cx_temporal_sub(cx_value a, cx_value b) {
    if (!is_point(a) || !is_point(b)) {
        b = cx_temporal_negate(b);
        return is_point(b) || cx_value_is_null(b) ? cx_value_null() : cx_temporal_add(a, b);
    }
    if ((a.kind == CX_KIND_TIME) != (b.kind == CX_KIND_TIME))
        return cx_value_null();
    /* A date counts as its midnight in UTC; a point with a zone and one without have no distance. */
    bool zoned_a = a.kind == CX_KIND_DATE || a.zoned, zoned_b = b.kind == CX_KIND_DATE || b.zoned;
    if (zoned_a != zoned_b)
        return cx_value_null();
    cx_value v;
    return cx_duration_of_nanos(cx_instant_nanos(a) - cx_instant_nanos(b), &v) ? v : cx_value_null();
}

/* An __int128 as a decimal, by way of two int64 halves. */
static bool decimal_of(__int128 n, cx_decimal *out) {
    cx_decimal high = cx_value_int((int64_t)(n / CX_NANOS_PER_DAY)).u.number;
    cx_decimal low = cx_value_int((int64_t)(n % CX_NANOS_PER_DAY)).u.number;
    return cx_decimal_mul(high, cx_value_int(CX_NANOS_PER_DAY).u.number, &high) &&
           cx_decimal_add(high, low, out);
}

/* Rounded toward zero, as durations are cut to whole months and nanoseconds. */
static cx_value duration_of_decimal(cx_kind kind, cx_decimal d) {
    cx_value v;
    cx_decimal day = cx_value_int(CX_NANOS_PER_DAY).u.number;
    cx_decimal days, rest;
    int64_t n, nanos;
    if (!cx_decimal_round(d, 0, CX_ROUND_DOWN, &d))
        return cx_value_null();
    if (kind == CX_KIND_YEARS_MONTHS)
        return cx_decimal_to_int64(d, &n) ? cx_value_months(n) : cx_value_null();
    if (!cx_decimal_modulo(d, day, &rest) || !cx_decimal_sub(d, rest, &days) ||
        !cx_decimal_div(days, day, &days) || !cx_decimal_to_int64(days, &n) ||
        !cx_decimal_to_int64(rest, &nanos))
        return cx_value_null();
    return cx_duration_of_nanos((__int128)n * CX_NANOS_PER_DAY + nanos, &v) ? v : cx_value_null();
}

static bool duration_decimal(cx_value v, cx_decimal *out) {
    if (v.kind == CX_KIND_YEARS_MONTHS) {
        *out = cx_value_int(v.u.months).u.number;
        return true;
    }
    return v.kind == CX_KIND_DAYS_TIME && decimal_of(cx_duration_nanos(v), out);
}

cx_value cx_duration_mul(cx_value duration, cx_decimal factor) {
    cx_decimal d;
    if (!duration_decimal(duration, &d) || !cx_decimal_mul(d, factor, &d))
        return cx_value_null();
    return duration_of_decimal((cx_kind)duration.kind, d);
}

cx_value cx_duration_div(cx_value duration, cx_value divisor) {
    cx_decimal a, b;
    if (!duration_decimal(duration, &a))
        return cx_value_null();
    if (divisor.kind == CX_KIND_NUMBER)
        return cx_decimal_div(a, divisor.u.number, &a) ? duration_of_decimal((cx_kind)duration.kind, a)
                                                       : cx_value_null();
    if (divisor.kind != duration.kind || !duration_decimal(divisor, &b) || !cx_decimal_div(a, b, &a))
        return cx_value_null();
    return cx_value_decimal(a);
}
