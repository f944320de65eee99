/* Dates, times and durations of FEEL: reading, showing and calculating.
 *
 * Years -999999999 to 999999999, nanoseconds, offsets to the second. A zone's name stands for the fixed
 * offset that cx_zone_find knows; others are refused, for their rules change from year to year.
 * Rules: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8, tables 56 to 58. Pure; thread-safe.
 */
#ifndef CX_RULES_TEMPORAL_H
#define CX_RULES_TEMPORAL_H

#include "common/rules/value.h"

#define CX_NANOS_PER_SECOND ((int64_t)1000000000)
#define CX_NANOS_PER_DAY (86400 * CX_NANOS_PER_SECOND)

enum { CX_TEMPORAL_TEXT = 96 };

typedef struct cx_long_civil {
    int64_t year;
    int month;
    int day;
} cx_long_civil;

int64_t cx_days_of(cx_long_civil c);
cx_long_civil cx_civil_of(int64_t days);
bool cx_long_civil_is_valid(cx_long_civil c);

/* "Asia/Shanghai", "Etc/UTC" ...: its number, and seconds east of UTC; 0 when it is not known. */
uint16_t cx_zone_find(cx_view name, int32_t *offset);
/* The name of a number that cx_zone_find gave. */
cx_view cx_zone_name(uint16_t zone);

/* Which of the temporal kinds the text is (what `@"..."` needs); CX_KIND_NULL when none. */
cx_kind cx_temporal_guess(cx_view text, cx_value *out);
/* NUL-terminated text into the caller's buffer; its length. */
size_t cx_temporal_text(cx_value v, char out[CX_TEMPORAL_TEXT]);

/* a + b, a - b; null where the kinds do not allow it, or the result is out of range. */
cx_value cx_temporal_add(cx_value a, cx_value b);
cx_value cx_temporal_sub(cx_value a, cx_value b);
cx_value cx_temporal_negate(cx_value a);
/* A duration times or divided by a number, or divided by a duration of its kind. */
cx_value cx_duration_mul(cx_value duration, cx_decimal factor);
cx_value cx_duration_div(cx_value duration, cx_value divisor);
/* "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone", "years",
 * "months", "days", "hours", "minutes", "seconds"; null for what the kind does not have. */
cx_value cx_temporal_property(cx_value v, cx_view name);

/* A duration from nanoseconds, and back. */
bool cx_duration_of_nanos(__int128 nanos, cx_value *out);
__int128 cx_duration_nanos(cx_value duration);
/* Nanoseconds since 1970-01-01T00:00 (UTC for a zoned value and for a date); of a time: since midnight. */
__int128 cx_instant_nanos(cx_value v);

#endif
