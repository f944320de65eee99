/* The properties of dates, times and durations (DMN 1.5, table 65). */
#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

/* Nanoseconds as seconds, with their fraction; exact. */
static cx_value seconds_of(int64_t nanos) {
    cx_decimal seconds;
    cx_value whole = cx_value_int(nanos / CX_NANOS_PER_SECOND);
    if (nanos % CX_NANOS_PER_SECOND == 0 ||
        !cx_decimal_div(cx_value_int(nanos).u.number, cx_value_int(CX_NANOS_PER_SECOND).u.number, &seconds))
        return whole;
    return cx_value_decimal(seconds);
}

static cx_value date_property(cx_value v, cx_view name) {
    cx_long_civil c = cx_civil_of(v.u.at.days);
    if (cx_view_is(name, "year"))
        return cx_value_int(c.year);
    if (cx_view_is(name, "month"))
        return cx_value_int(c.month);
    if (cx_view_is(name, "day"))
        return cx_value_int(c.day);
    if (cx_view_is(name, "weekday")) { /* Monday is 1 */
        int64_t w = (v.u.at.days + 3) % 7;
        return cx_value_int((w < 0 ? w + 7 : w) + 1);
    }
    return cx_value_null();
}

static cx_value time_property(cx_value v, cx_view name) {
    int64_t s = v.u.at.nanos / CX_NANOS_PER_SECOND;
    if (cx_view_is(name, "hour"))
        return cx_value_int(s / 3600);
    if (cx_view_is(name, "minute"))
        return cx_value_int(s / 60 % 60);
    if (cx_view_is(name, "second"))
        return seconds_of(v.u.at.nanos % (60 * CX_NANOS_PER_SECOND));
    if (cx_view_is(name, "timezone") && v.zone != 0)
        return cx_value_string(cx_zone_name(v.zone));
    cx_value offset = cx_value_null();
    if (cx_view_is(name, "time offset") && v.zoned)
        (void)cx_duration_of_nanos((__int128)v.offset * CX_NANOS_PER_SECOND, &offset);
    return offset;
}

static cx_value days_time_property(cx_value v, cx_view name) {
    __int128 nanos = cx_duration_nanos(v);
    int64_t sign = nanos < 0 ? -1 : 1;
    unsigned __int128 m = nanos < 0 ? (unsigned __int128)-nanos : (unsigned __int128)nanos;
    int64_t days = (int64_t)(m / (unsigned __int128)CX_NANOS_PER_DAY);
    int64_t left = (int64_t)(m % (unsigned __int128)CX_NANOS_PER_DAY), s = left / CX_NANOS_PER_SECOND;
    if (cx_view_is(name, "days"))
        return cx_value_int(sign * days);
    if (cx_view_is(name, "hours"))
        return cx_value_int(sign * (s / 3600));
    if (cx_view_is(name, "minutes"))
        return cx_value_int(sign * (s / 60 % 60));
    if (cx_view_is(name, "seconds"))
        return seconds_of(sign * (left % (60 * CX_NANOS_PER_SECOND)));
    return cx_value_null();
}

cx_value cx_temporal_property(cx_value v, cx_view name) {
    cx_value found = cx_value_null();
    if (v.kind == CX_KIND_DATE || v.kind == CX_KIND_DATE_TIME)
        found = date_property(v, name);
    if (cx_value_is_null(found) && (v.kind == CX_KIND_TIME || v.kind == CX_KIND_DATE_TIME))
        found = time_property(v, name);
    if (v.kind == CX_KIND_DAYS_TIME)
        found = days_time_property(v, name);
    if (v.kind == CX_KIND_YEARS_MONTHS && cx_view_is(name, "years"))
        found = cx_value_int(v.u.months / 12);
    if (v.kind == CX_KIND_YEARS_MONTHS && cx_view_is(name, "months"))
        found = cx_value_int(v.u.months % 12);
    return found;
}
