/* Working days of the national calendar, and the deadlines counted in them.
 *
 * Days that the calendar does not name follow Monday to Friday. A deadline's first day is the day after
 * the one it runs from (民法典 art. 201); a deadline in calendar days that ends on a day off moves to the
 * next working day (art. 203). Immutable once built; thread-safe.
 */
#ifndef CX_LAW_CALENDAR_H
#define CX_LAW_CALENDAR_H

#include "common/base/arena.h"
#include "common/base/time.h"

typedef struct cx_calendar {
    cx_date first;       /* the first day it covers */
    cx_date end;         /* the first day beyond it; first == end: an empty calendar */
    const uint8_t *work; /* one byte a day: 1 a working day */
} cx_calendar;

/* A number of working or calendar days: "15w", "3d". days 0 means none was given. */
typedef struct cx_period {
    int32_t days;
    bool working;
} cx_period;

/* "15w", "90d", or empty for none. false when it is neither, or more than 3660 days. */
bool cx_period_parse(cx_view text, cx_period *out);

/* A day the calendar names as an exception. */
typedef struct cx_calendar_row {
    cx_date date;
    bool work;
} cx_calendar_row;

/* A calendar over the years from the first to the last row. CX_PACK_INVALID when two rows name a day. */
CX_MUST_CHECK cx_rc cx_calendar_build(const cx_calendar_row *rows, size_t n, cx_arena *arena,
                                      cx_calendar *out, cx_err *err);

/* Whether the day is a working day; beyond the calendar Monday to Friday are. */
bool cx_calendar_is_work(const cx_calendar *calendar, cx_date day);

/* The last day of the period that runs from `from`. *provisional becomes true, and is otherwise left alone,
 * where the answer rests on days beyond the calendar (counted Monday to Friday): an event that burdens
 * the subject is then refused, NO_CALENDAR; one in the subject's favour is accepted and marked. */
cx_date cx_calendar_last_day(const cx_calendar *calendar, cx_date from, cx_period period, bool *provisional);

#endif
