/* Reading and showing dates, times and durations. */
#include "common/rules/temporal.h"

#include <stdarg.h>
#include <stdio.h>

/* A cursor over the text; every take_ function moves it only when it succeeds. */
struct cursor {
    const char *p;
    const char *end;
};

static bool take(struct cursor *c, char wanted) {
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

static bool take_digits(struct cursor *c, int least, int most, int64_t *out) {
    int64_t n = 0;
    int k = 0;
    while (c->p + k < c->end && k < most && c->p[k] >= '0' && c->p[k] <= '9') {
        n = n * 10 + (c->p[k] - '0');
        k++;
    }
    if (k < least)
        return false;
    c->p += k;
    *out = n;
    return true;
}

/* ".123456789": nanoseconds; digits beyond the ninth are cut. */
static bool take_fraction(struct cursor *c, int64_t *nanos) {
    *nanos = 0;
    if (!take(c, '.'))
        return true;
    int64_t unit = 100000000;
    const char *from = c->p;
    for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++) {
        *nanos += (*c->p - '0') * unit;
        unit /= 10;
    }
    return c->p > from;
}

static bool take_date(struct cursor *c, int64_t *days) {
    bool negative = take(c, '-');
    const char *from = c->p;
    int64_t year, month, day;
    if (!take_digits(c, 4, 9, &year) || (c->p - from > 4 && *from == '0') || !take(c, '-') ||
        !take_digits(c, 2, 2, &month) || !take(c, '-') || !take_digits(c, 2, 2, &day))
        return false;
    cx_long_civil civil = {negative ? -year : year, (int)month, (int)day};
    if (!cx_long_civil_is_valid(civil))
        return false;
    *days = cx_days_of(civil);
    return true;
}

static bool take_offset(struct cursor *c, int32_t *offset) {
    bool negative = *c->p == '-';
    int64_t h, m, s = 0;
    c->p++;
    if (!take_digits(c, 2, 2, &h) || !take(c, ':') || !take_digits(c, 2, 2, &m))
        return false;
    if (take(c, ':') && !take_digits(c, 2, 2, &s))
        return false;
    if (h > 18 || m > 59 || s > 59)
        return false;
    *offset = (int32_t)((h * 60 + m) * 60 + s) * (negative ? -1 : 1);
    return true;
}

static bool take_zone(struct cursor *c, cx_value *v) {
    if (c->p == c->end)
        return true;
    v->zoned = 1;
    if (take(c, 'Z'))
        return c->p == c->end;
    if (take(c, '@')) {
        cx_view name = {c->p, (size_t)(c->end - c->p)};
        c->p = c->end;
        v->zone = cx_zone_find(name, &v->offset);
        return v->zone != 0;
    }
    return (*c->p == '+' || *c->p == '-') && take_offset(c, &v->offset) && c->p == c->end;
}

static bool take_time(struct cursor *c, cx_value *v) {
    int64_t h, m, s, nanos;
    if (!take_digits(c, 2, 2, &h) || !take(c, ':') || !take_digits(c, 2, 2, &m) || !take(c, ':') ||
        !take_digits(c, 2, 2, &s) || !take_fraction(c, &nanos) || h > 23 || m > 59 || s > 59)
        return false;
    v->u.at.nanos = ((h * 60 + m) * 60 + s) * CX_NANOS_PER_SECOND + nanos;
    return take_zone(c, v);
}

/* One "<digits><unit>" of a duration; *seen notes that there was one. */
static bool take_part(struct cursor *c, char unit, int64_t each, __int128 *sum, bool *seen) {
    struct cursor before = *c;
    int64_t n;
    if (take_digits(c, 1, 15, &n) && take(c, unit)) {
        *sum += (__int128)n * each;
        *seen = true;
        return true;
    }
    *c = before;
    return false;
}

static bool take_seconds(struct cursor *c, __int128 *sum, bool *seen) {
    struct cursor before = *c;
    int64_t n, nanos;
    if (take_digits(c, 1, 15, &n) && take_fraction(c, &nanos) && take(c, 'S')) {
        *sum += (__int128)n * CX_NANOS_PER_SECOND + nanos;
        *seen = true;
        return true;
    }
    *c = before;
    return false;
}

static bool parse_days_time(struct cursor c, bool negative, cx_value *out) {
    __int128 sum = 0;
    bool seen = false, timed = false;
    (void)take_part(&c, 'D', CX_NANOS_PER_DAY, &sum, &seen);
    if (take(&c, 'T')) {
        (void)take_part(&c, 'H', 3600 * CX_NANOS_PER_SECOND, &sum, &timed);
        (void)take_part(&c, 'M', 60 * CX_NANOS_PER_SECOND, &sum, &timed);
        (void)take_seconds(&c, &sum, &timed);
        if (!timed)
            return false;
    }
    return (seen || timed) && c.p == c.end && cx_duration_of_nanos(negative ? -sum : sum, out);
}

static bool parse_years_months(struct cursor c, bool negative, cx_value *out) {
    __int128 sum = 0;
    bool seen = false;
    (void)take_part(&c, 'Y', 12, &sum, &seen);
    (void)take_part(&c, 'M', 1, &sum, &seen);
    if (!seen || c.p != c.end)
        return false;
    *out = cx_value_months((int64_t)(negative ? -sum : sum));
    return true;
}

static bool parse_duration(cx_kind kind, struct cursor c, cx_value *out) {
    bool negative = take(&c, '-');
    if (!take(&c, 'P'))
        return false;
    return kind == CX_KIND_DAYS_TIME ? parse_days_time(c, negative, out)
                                     : parse_years_months(c, negative, out);
}

bool cx_value_temporal_parse(cx_kind kind, cx_view text, cx_value *out) {
    if (text.n == 0)
        return false;
    struct cursor c = {text.p, text.p + text.n};
    cx_value v = {.kind = (uint8_t)kind};
    if (kind == CX_KIND_DAYS_TIME || kind == CX_KIND_YEARS_MONTHS)
        return parse_duration(kind, c, out);
    v.u.at.days = 0;
    v.u.at.nanos = 0;
    bool good = false;
    if (kind == CX_KIND_DATE)
        good = take_date(&c, &v.u.at.days) && c.p == c.end;
    else if (kind == CX_KIND_TIME)
        good = take_time(&c, &v);
    else if (kind == CX_KIND_DATE_TIME)
        good = take_date(&c, &v.u.at.days) && take(&c, 'T') && take_time(&c, &v);
    if (good)
        *out = v;
    return good;
}

cx_kind cx_temporal_guess(cx_view text, cx_value *out) {
    static const cx_kind kinds[] = {CX_KIND_DATE, CX_KIND_DATE_TIME, CX_KIND_TIME, CX_KIND_DAYS_TIME,
                                    CX_KIND_YEARS_MONTHS};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (cx_value_temporal_parse(kinds[i], text, out))
            return kinds[i];
    return CX_KIND_NULL;
}

/* --- showing ------------------------------------------------------------------------------------------ */

/* Appends to a buffer of CX_TEMPORAL_TEXT bytes, which the longest value does not fill. */
struct line {
    char *p;
    size_t n;
};

CX_PRINTF(2, 3) static void put(struct line *l, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(l->p + l->n, CX_TEMPORAL_TEXT - l->n, format, args);
    va_end(args);
    CX_ASSERT(n >= 0 && l->n + (size_t)n < CX_TEMPORAL_TEXT);
    l->n += (size_t)n;
}

static void put_fraction(struct line *l, int64_t nanos) {
    char digits[16];
    if (nanos == 0)
        return;
    (void)snprintf(digits, sizeof digits, "%09lld", (long long)nanos);
    int n = 9;
    while (digits[n - 1] == '0')
        n--;
    put(l, ".%.*s", n, digits);
}

static void put_date(struct line *l, int64_t days) {
    cx_long_civil c = cx_civil_of(days);
    put(l, "%s%04lld-%02d-%02d", c.year < 0 ? "-" : "", (long long)(c.year < 0 ? -c.year : c.year), c.month,
        c.day);
}

static void put_time(struct line *l, cx_value v) {
    int64_t s = v.u.at.nanos / CX_NANOS_PER_SECOND;
    put(l, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    put_fraction(l, v.u.at.nanos % CX_NANOS_PER_SECOND);
    if (!v.zoned)
        return;
    int32_t o = v.offset < 0 ? -v.offset : v.offset;
    if (o == 0)
        put(l, "Z");
    else
        put(l, "%c%02d:%02d", v.offset < 0 ? '-' : '+', o / 3600, o / 60 % 60);
    if (o % 60 != 0)
        put(l, ":%02d", o % 60);
}

static void put_days_time(struct line *l, cx_value v) {
    __int128 nanos = cx_duration_nanos(v);
    unsigned __int128 m = nanos < 0 ? (unsigned __int128)-nanos : (unsigned __int128)nanos;
    long long days = (long long)(m / (unsigned __int128)CX_NANOS_PER_DAY);
    int64_t rest = (int64_t)(m % (unsigned __int128)CX_NANOS_PER_DAY);
    int64_t s = rest / CX_NANOS_PER_SECOND;
    int64_t fraction = rest % CX_NANOS_PER_SECOND;
    put(l, "%sP", nanos < 0 ? "-" : "");
    if (days > 0)
        put(l, "%lldD", days);
    if (rest > 0 || days == 0)
        put(l, "T");
    if (s / 3600 > 0)
        put(l, "%dH", (int)(s / 3600));
    if (s / 60 % 60 > 0)
        put(l, "%dM", (int)(s / 60 % 60));
    if (s % 60 > 0 || fraction > 0 || (days == 0 && rest == 0)) {
        put(l, "%d", (int)(s % 60));
        put_fraction(l, fraction);
        put(l, "S");
    }
}

static void put_months(struct line *l, int64_t months) {
    uint64_t m = months < 0 ? (uint64_t)0 - (uint64_t)months : (uint64_t)months;
    put(l, "%sP", months < 0 ? "-" : "");
    if (m / 12 > 0)
        put(l, "%lluY", (unsigned long long)(m / 12));
    if (m % 12 > 0 || m == 0)
        put(l, "%lluM", (unsigned long long)(m % 12));
}

size_t cx_temporal_text(cx_value v, char out[CX_TEMPORAL_TEXT]) {
    struct line l = {out, 0};
    out[0] = '\0';
    if (v.kind == CX_KIND_DATE || v.kind == CX_KIND_DATE_TIME)
        put_date(&l, v.u.at.days);
    if (v.kind == CX_KIND_DATE_TIME)
        put(&l, "T");
    if (v.kind == CX_KIND_TIME || v.kind == CX_KIND_DATE_TIME)
        put_time(&l, v);
    if (v.kind == CX_KIND_DAYS_TIME)
        put_days_time(&l, v);
    if (v.kind == CX_KIND_YEARS_MONTHS)
        put_months(&l, v.u.months);
    return l.n;
}
