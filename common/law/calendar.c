#include "common/law/calendar.h"

enum { LONGEST_PERIOD = 3660, LAST_YEAR = 9998 };

static bool is_weekday(cx_date day) {
    int w = cx_date_weekday(day);
    return w != 0 && w != 6;
}

bool cx_period_parse(cx_view text, cx_period *out) {
    *out = (cx_period){0, false};
    if (text.n == 0)
        return true;
    char unit = text.p[text.n - 1];
    int64_t days;
    if ((unit != 'w' && unit != 'd') || !cx_view_to_int64((cx_view){text.p, text.n - 1}, &days) || days < 0 ||
        days > LONGEST_PERIOD)
        return false;
    *out = (cx_period){(int32_t)days, unit == 'w'};
    return true;
}

static cx_date year_start(int year) {
    return cx_date_from_civil((cx_civil){year, 1, 1});
}

cx_rc cx_calendar_build(const cx_calendar_row *rows, size_t n, cx_arena *arena, cx_calendar *out,
                        cx_err *err) {
    *out = (cx_calendar){0, 0, NULL};
    if (n == 0)
        return CX_OK;
    cx_date low = rows[0].date, high = rows[0].date;
    for (size_t i = 1; i < n; i++) {
        low = rows[i].date < low ? rows[i].date : low;
        high = rows[i].date > high ? rows[i].date : high;
    }
    int last = cx_date_to_civil(high).year;
    if (last > LAST_YEAR)
        return cx_fail(err, CX_PACK_INVALID, "calendar: the year %d is too far away", last);
    out->first = year_start(cx_date_to_civil(low).year);
    out->end = year_start(last + 1);
    size_t days = (size_t)(out->end - out->first);
    uint8_t *work = cx_arena_alloc(arena, days);
    uint8_t *named = cx_arena_calloc(arena, days, 1);
    if (work == NULL || named == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < days; i++)
        work[i] = is_weekday(out->first + (cx_date)i);
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(rows[i].date - out->first);
        char text[CX_DATE_TEXT];
        if (named[at])
            return cx_fail(err, CX_PACK_INVALID, "calendar: %s is named twice",
                           cx_date_format(rows[i].date, text));
        named[at] = 1;
        work[at] = rows[i].work;
    }
    out->work = work;
    return CX_OK;
}

static bool covers(const cx_calendar *calendar, cx_date day) {
    return day >= calendar->first && day < calendar->end;
}

bool cx_calendar_is_work(const cx_calendar *calendar, cx_date day) {
    return covers(calendar, day) ? calendar->work[day - calendar->first] != 0 : is_weekday(day);
}

cx_date cx_calendar_last_day(const cx_calendar *calendar, cx_date from, cx_period period, bool *provisional) {
    CX_ASSERT(period.days >= 0 && period.days <= LONGEST_PERIOD);
    cx_date day = from;
    bool inside = true;
    for (int32_t left = period.days; left > 0;) {
        day++;
        inside = inside && covers(calendar, day);
        if (!period.working || cx_calendar_is_work(calendar, day))
            left--;
    }
    while (period.days > 0 && !cx_calendar_is_work(calendar, day)) {
        day++;
        inside = inside && covers(calendar, day);
    }
    if (!inside)
        *provisional = true;
    return day;
}
