/* Time as the log knows it. Nothing here reads a clock: time is an argument.
 *
 * An instant is int64 milliseconds since 1970-01-01T00:00Z (Avro timestamp-millis); a date is int32
 * days since 1970-01-01 (Avro date). The law's days are days of China Standard Time, UTC+8 without
 * daylight saving since 1992, so a day begins at 16:00Z of the day before.
 */
#ifndef CX_BASE_TIME_H
#define CX_BASE_TIME_H

#include "common/base/error.h"
#include "common/base/view.h"

typedef int64_t cx_time;
typedef int32_t cx_date;

#define CX_SECOND ((cx_time)1000)
#define CX_MINUTE (60 * CX_SECOND)
#define CX_HOUR (60 * CX_MINUTE)
#define CX_DAY (24 * CX_HOUR)
#define CX_CHINA_OFFSET (8 * CX_HOUR)

/* "No date", "no time": below everything that is valid. */
#define CX_NO_DATE INT32_MIN
#define CX_NO_TIME INT64_MIN

typedef struct cx_civil {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
} cx_civil;

bool cx_civil_is_valid(cx_civil c);
cx_date cx_date_from_civil(cx_civil c); /* c must be valid */
cx_civil cx_date_to_civil(cx_date d);
/* 0 Sunday to 6 Saturday. */
int cx_date_weekday(cx_date d);
/* n months later (n may be negative); the last day of the month where the day does not exist
 * (31 January + 1 month = 28 or 29 February), as periods are counted in 民法典 art. 202. */
cx_date cx_date_add_months(cx_date d, int n);
/* The day, in China, that an instant lies in; and the instant at which a day begins in China. */
cx_date cx_date_of_time(cx_time t);
cx_time cx_time_of_date(cx_date d);

/* "2027-06-01". false when it is not a date. */
bool cx_date_parse(cx_view text, cx_date *out);
/* "2027-06-01" (midnight in China), "2027-06-01T08:30:00[.123]" (China) with "Z" or "+08:00" at the end where
 * wanted. */
bool cx_time_parse(cx_view text, cx_time *out);

enum { CX_DATE_TEXT = 12, CX_TIME_TEXT = 32 };
/* Both write a NUL-terminated text into the caller's buffer and return it. "2027-06-01" and
 * "2027-06-01T08:30:00.123+08:00"; "-" for CX_NO_DATE and CX_NO_TIME. */
const char *cx_date_format(cx_date d, char out[CX_DATE_TEXT]);
const char *cx_time_format(cx_time t, char out[CX_TIME_TEXT]);

#endif
