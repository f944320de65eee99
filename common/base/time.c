#include "common/base/time.h"

#include <stdio.h>

static bool is_leap(int y) {
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static int month_days(int y, int m) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

bool cx_civil_is_valid(cx_civil c) {
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= month_days(c.year, c.month);
}

/* Days of the proleptic Gregorian calendar, counted in years that begin in March, so that the leap
 * day is the last of its year. */
cx_date cx_date_from_civil(cx_civil c) {
    CX_ASSERT(cx_civil_is_valid(c));
    int y = c.month <= 2 ? c.year - 1 : c.year;
    int m = (c.month + 9) % 12;
    int year_start = 365 * y + y / 4 - y / 100 + y / 400;
    return year_start + (153 * m + 2) / 5 + c.day - 1 - 719468;
}

cx_civil cx_date_to_civil(cx_date d) {
    int64_t days = (int64_t)d + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_era = days - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;
    cx_civil c = {.day = (int)(in_year - (153 * month + 2) / 5 + 1),
                  .month = (int)(month < 10 ? month + 3 : month - 9)};
    c.year = (int)(year + era * 400 + (c.month <= 2 ? 1 : 0));
    return c;
}

int cx_date_weekday(cx_date d) {
    int64_t w = ((int64_t)d + 4) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

cx_date cx_date_add_months(cx_date d, int n) {
    cx_civil c = cx_date_to_civil(d);
    int months = c.year * 12 + (c.month - 1) + n;
    c.year = months / 12;
    c.month = months % 12 + 1;
    if (c.year < 1 || c.year > 9999)
        return n < 0 ? cx_date_from_civil((cx_civil){1, 1, 1}) : cx_date_from_civil((cx_civil){9999, 12, 31});
    if (c.day > month_days(c.year, c.month))
        c.day = month_days(c.year, c.month);
    return cx_date_from_civil(c);
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

cx_date cx_date_of_time(cx_time t) {
    return (cx_date)floor_div(t + CX_CHINA_OFFSET, CX_DAY);
}
cx_time cx_time_of_date(cx_date d) {
    return (cx_time)d * CX_DAY - CX_CHINA_OFFSET;
}

/* Exactly `digits` decimal digits at *v, which moves behind them. */
static bool take_number(cx_view *v, size_t digits, int *out) {
    int64_t value;
    if (v->n < digits || v->p[0] == '-' || !cx_view_to_int64((cx_view){v->p, digits}, &value))
        return false;
    *out = (int)value;
    *v = (cx_view){v->p + digits, v->n - digits};
    return true;
}

static bool take_char(cx_view *v, char c) {
    if (v->n == 0 || v->p[0] != c)
        return false;
    *v = (cx_view){v->p + 1, v->n - 1};
    return true;
}

static bool take_date(cx_view *v, cx_date *out) {
    cx_civil c;
    if (!take_number(v, 4, &c.year) || !take_char(v, '-') || !take_number(v, 2, &c.month) ||
        !take_char(v, '-') || !take_number(v, 2, &c.day) || !cx_civil_is_valid(c))
        return false;
    *out = cx_date_from_civil(c);
    return true;
}

bool cx_date_parse(cx_view text, cx_date *out) {
    return take_date(&text, out) && text.n == 0;
}

/* ":30:00[.123]" behind the hour; false when it is not that. */
static bool take_clock(cx_view *v, cx_time *out) {
    int hour = 0, minute = 0, second = 0, milli = 0;
    if (!take_number(v, 2, &hour) || !take_char(v, ':') || !take_number(v, 2, &minute))
        return false;
    if (take_char(v, ':') && !take_number(v, 2, &second))
        return false;
    if (take_char(v, '.') && !take_number(v, 3, &milli))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *out = hour * CX_HOUR + minute * CX_MINUTE + second * CX_SECOND + milli;
    return true;
}

static bool take_zone(cx_view *v, cx_time *offset) {
    int hour, minute;
    *offset = CX_CHINA_OFFSET;
    if (v->n == 0)
        return true;
    if (take_char(v, 'Z')) {
        *offset = 0;
        return true;
    }
    bool west = v->p[0] == '-';
    if (!take_char(v, west ? '-' : '+') || !take_number(v, 2, &hour) || !take_char(v, ':') ||
        !take_number(v, 2, &minute) || hour > 14 || minute > 59)
        return false;
    *offset = (hour * CX_HOUR + minute * CX_MINUTE) * (west ? -1 : 1);
    return true;
}

bool cx_time_parse(cx_view text, cx_time *out) {
    cx_date day;
    cx_time clock = 0, offset = CX_CHINA_OFFSET;
    if (!take_date(&text, &day))
        return false;
    if (text.n > 0 && (!(take_char(&text, 'T') || take_char(&text, ' ')) || !take_clock(&text, &clock) ||
                       !take_zone(&text, &offset)))
        return false;
    *out = (cx_time)day * CX_DAY + clock - offset;
    return text.n == 0;
}

const char *cx_date_format(cx_date d, char out[CX_DATE_TEXT]) {
    if (d == CX_NO_DATE)
        return memcpy(out, "-", 2);
    cx_civil c = cx_date_to_civil(d);
    (void)snprintf(out, CX_DATE_TEXT, "%04u-%02u-%02u", (unsigned)c.year % 10000U, (unsigned)c.month % 100U,
                   (unsigned)c.day % 100U);
    return out;
}

const char *cx_time_format(cx_time t, char out[CX_TIME_TEXT]) {
    if (t == CX_NO_TIME)
        return memcpy(out, "-", 2);
    cx_date d = cx_date_of_time(t);
    unsigned in_day = (unsigned)(t - cx_time_of_date(d));
    char date[CX_DATE_TEXT];
    (void)snprintf(out, CX_TIME_TEXT, "%sT%02u:%02u:%02u.%03u+08:00", cx_date_format(d, date),
                   in_day / 3600000U % 24U, in_day / 60000U % 60U, in_day / 1000U % 60U, in_day % 1000U);
    return out;
}
