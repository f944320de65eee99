/* The properties of dates, times and durations (DMN 1.5, table 65). */
#include "common/rules/temporal.h"

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
        return cx_value_int(s % 60);
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
    int64_t s = (int64_t)(m % (unsigned __int128)CX_NANOS_PER_DAY) / CX_NANOS_PER_SECOND;
    if (cx_view_is(name, "days"))
        return cx_value_int(sign * days);
    if (cx_view_is(name, "hours"))
        return cx_value_int(sign * (s / 3600));
    if (cx_view_is(name, "minutes"))
        return cx_value_int(sign * (s / 60 % 60));
    if (cx_view_is(name, "seconds"))
        return cx_value_int(sign * (s % 60));
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
