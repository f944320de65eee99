/* Dates, times, durations: making them, and asking about them. */
#include "common/rules/decimal.h"
#include "common/rules/interp.h"
#include "common/rules/temporal.h"

static cx_value parsed(cx_eval *e, const char *name, cx_kind kind, cx_view text) {
    cx_value v;
    if (cx_value_temporal_parse(kind, text, &v))
        return v;
    return cx_eval_warn(e, "%s(): the text is no %s", name, cx_kind_name(kind));
}

static bool ints(const cx_value *args, size_t n, int64_t *out) {
    for (size_t i = 0; i < n; i++)
        if (!cx_value_to_int64(args[i], &out[i]))
            return false;
    return true;
}

static cx_value date_of(cx_value v) {
    cx_value d = {.kind = CX_KIND_DATE, .u.at = {v.u.at.days, 0}};
    return d;
}

static cx_value fn_date(cx_eval *e, const cx_value *args, size_t n) {
    int64_t part[3];
    if (n == 3 && ints(args, 3, part)) {
        bool sane = part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31;
        cx_long_civil c = {part[0], sane ? (int)part[1] : 0, sane ? (int)part[2] : 0};
        if (!cx_long_civil_is_valid(c))
            return cx_eval_warn(e, "date(): there is no such day");
        return (cx_value){.kind = CX_KIND_DATE, .u.at = {cx_days_of(c), 0}};
    }
    if (n == 1 && args[0].kind == CX_KIND_STRING)
        return parsed(e, "date", CX_KIND_DATE, args[0].u.string);
    if (n == 1 && (args[0].kind == CX_KIND_DATE || args[0].kind == CX_KIND_DATE_TIME))
        return date_of(args[0]);
    return n == 1 && cx_value_is_null(args[0])
               ? args[0]
               : cx_eval_warn(e, "date() needs a text, a date and time, or year, month and day");
}

/* A date's time is midnight UTC. */
static cx_value utc_midnight(void) {
    return (cx_value){.kind = CX_KIND_TIME, .zoned = 1, .u.at = {0, 0}};
}

static cx_value time_from_parts(cx_eval *e, const cx_value *args, size_t n) {
    int64_t h, m;
    cx_decimal nanos;
    int64_t whole;
    cx_value v = {.kind = CX_KIND_TIME};
    if (!cx_value_to_int64(args[0], &h) || !cx_value_to_int64(args[1], &m) ||
        args[2].kind != CX_KIND_NUMBER ||
        !cx_decimal_mul(args[2].u.number, cx_value_int(CX_NANOS_PER_SECOND).u.number, &nanos) ||
        !cx_decimal_round(nanos, 0, CX_ROUND_DOWN, &nanos) || !cx_decimal_to_int64(nanos, &whole))
        return cx_eval_warn(e, "time() needs numbers");
    if (h < 0 || h > 23 || m < 0 || m > 59 || whole < 0 || whole >= 60 * CX_NANOS_PER_SECOND)
        return cx_eval_warn(e, "time(): there is no such time");
    v.u.at.days = 0;
    v.u.at.nanos = (h * 60 + m) * 60 * CX_NANOS_PER_SECOND + whole;
    if (n > 3 && !cx_value_is_null(args[3])) {
        if (args[3].kind != CX_KIND_DAYS_TIME)
            return cx_eval_warn(e, "time(): the offset is a days and time duration");
        __int128 offset = cx_duration_nanos(args[3]) / CX_NANOS_PER_SECOND;
        if (offset > 18 * 3600 || offset < -18 * 3600)
            return cx_eval_warn(e, "time(): the offset is too large");
        v.zoned = 1;
        v.offset = (int32_t)offset;
    }
    return v;
}

static cx_value fn_time(cx_eval *e, const cx_value *args, size_t n) {
    if (n >= 3)
        return time_from_parts(e, args, n);
    if (n == 1 && args[0].kind == CX_KIND_STRING)
        return parsed(e, "time", CX_KIND_TIME, args[0].u.string);
    if (n == 1 && args[0].kind == CX_KIND_DATE)
        return utc_midnight();
    if (n == 1 && (args[0].kind == CX_KIND_TIME || args[0].kind == CX_KIND_DATE_TIME)) {
        cx_value v = args[0];
        v.kind = CX_KIND_TIME;
        v.u.at.days = 0;
        return v;
    }
    return n == 1 && cx_value_is_null(args[0])
               ? args[0]
               : cx_eval_warn(e, "time() needs a text, a date and time, or hour, minute and second");
}

static cx_value fn_date_time(cx_eval *e, const cx_value *args, size_t n) {
    if (n == 2) {
        bool dated = args[0].kind == CX_KIND_DATE || args[0].kind == CX_KIND_DATE_TIME;
        if (!dated || args[1].kind != CX_KIND_TIME)
            return cx_eval_warn(e, "date and time() needs a date and a time");
        cx_value v = args[1];
        v.kind = CX_KIND_DATE_TIME;
        v.u.at.days = args[0].u.at.days;
        return v;
    }
    cx_value v;
    if (args[0].kind == CX_KIND_DATE_TIME || cx_value_is_null(args[0]))
        return args[0];
    if (args[0].kind == CX_KIND_STRING && cx_value_temporal_parse(CX_KIND_DATE, args[0].u.string, &v)) {
        v.kind = CX_KIND_DATE_TIME; /* a date alone: its midnight */
        return v;
    }
    if (args[0].kind == CX_KIND_STRING)
        return parsed(e, "date and time", CX_KIND_DATE_TIME, args[0].u.string);
    if (args[0].kind == CX_KIND_DATE) {
        v = args[0];
        v.kind = CX_KIND_DATE_TIME;
        v.zoned = 1;
        return v;
    }
    return cx_eval_warn(e, "date and time() needs a text, or a date and a time");
}

static cx_value fn_duration(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value v;
    if (args[0].kind == CX_KIND_DAYS_TIME || args[0].kind == CX_KIND_YEARS_MONTHS ||
        cx_value_is_null(args[0]))
        return args[0];
    if (args[0].kind == CX_KIND_STRING &&
        (cx_value_temporal_parse(CX_KIND_DAYS_TIME, args[0].u.string, &v) ||
         cx_value_temporal_parse(CX_KIND_YEARS_MONTHS, args[0].u.string, &v)))
        return v;
    return cx_eval_warn(e, "duration(): the text is no duration");
}

/* Whole months between two days, cut toward zero. */
static cx_value fn_years_months(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    for (int i = 0; i < 2; i++)
        if (args[i].kind != CX_KIND_DATE && args[i].kind != CX_KIND_DATE_TIME)
            return cx_eval_warn(e, "years and months duration() needs two dates");
    cx_long_civil a = cx_civil_of(args[0].u.at.days), b = cx_civil_of(args[1].u.at.days);
    int64_t months = (b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && b.day < a.day)
        months--;
    else if (months < 0 && b.day > a.day)
        months++;
    return cx_value_months(months);
}

static cx_value fn_now(cx_eval *e, const cx_value *args, size_t n) {
    (void)args, (void)n;
    return cx_value_instant(e->now);
}

static cx_value fn_today(cx_eval *e, const cx_value *args, size_t n) {
    (void)args, (void)n;
    return e->now == CX_NO_TIME ? cx_value_null() : date_of(cx_value_instant(e->now));
}

static bool day_at(const cx_value *args, int64_t *days) {
    *days = args[0].u.at.days;
    return args[0].kind == CX_KIND_DATE || args[0].kind == CX_KIND_DATE_TIME;
}

static int64_t year_day(int64_t days) {
    return days - cx_days_of((cx_long_civil){cx_civil_of(days).year, 1, 1}) + 1;
}

/* 0 for Monday. */
static int64_t week_day(int64_t days) {
    int64_t w = (days + 3) % 7;
    return w < 0 ? w + 7 : w;
}

static cx_value fn_day_of_year(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    int64_t days;
    return day_at(args, &days) ? cx_value_int(year_day(days)) : cx_eval_warn(e, "day of year() needs a date");
}

static cx_value fn_day_of_week(cx_eval *e, const cx_value *args, size_t n) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    (void)n;
    int64_t days;
    return day_at(args, &days) ? cx_value_string(cx_view_of(names[week_day(days)]))
                               : cx_eval_warn(e, "day of week() needs a date");
}

static cx_value fn_month_of_year(cx_eval *e, const cx_value *args, size_t n) {
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    (void)n;
    int64_t days;
    return day_at(args, &days) ? cx_value_string(cx_view_of(names[cx_civil_of(days).month - 1]))
                               : cx_eval_warn(e, "month of year() needs a date");
}

/* ISO 8601: the week that holds the year's first Thursday is week 1. */
static cx_value fn_week_of_year(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    int64_t days;
    if (!day_at(args, &days))
        return cx_eval_warn(e, "week of year() needs a date");
    int64_t thursday = days - week_day(days) + 3;
    return cx_value_int((year_day(thursday) - 1) / 7 + 1);
}

const cx_builtin cx_builtins_time[] = {
    {"date", "from|year,month,day", 1, 3, true, fn_date},
    {"time", "from|hour,minute,second,offset", 1, 4, true, fn_time},
    {"date and time", "from|date,time", 1, 2, true, fn_date_time},
    {"duration", "from", 1, 1, true, fn_duration},
    {"years and months duration", "from,to", 2, 2, true, fn_years_months},
    {"now", "", 0, 0, false, fn_now},
    {"today", "", 0, 0, false, fn_today},
    {"day of year", "date", 1, 1, false, fn_day_of_year},
    {"day of week", "date", 1, 1, false, fn_day_of_week},
    {"month of year", "date", 1, 1, false, fn_month_of_year},
    {"week of year", "date", 1, 1, false, fn_week_of_year},
};
const size_t cx_builtins_time_count = sizeof cx_builtins_time / sizeof cx_builtins_time[0];
