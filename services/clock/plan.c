#include "services/clock/plan.h"

cx_time cx_clock_next(cx_time last, cx_time now, cx_time interval) {
    if (last == CX_NO_TIME)
        return now;
    if (now < last + interval)
        return CX_NO_TIME;
    return now - last > CX_CLOCK_STEP ? last + CX_CLOCK_STEP : now;
}

cx_time cx_clock_leap(cx_time last, cx_time to) {
    if (last >= to)
        return CX_NO_TIME;
    cx_time midnight = cx_time_of_date(cx_date_of_time(last) + 1);
    return midnight < to ? midnight : to;
}

cx_time cx_clock_received_to(cx_time tick, cx_time arrival, cx_time wall, bool is_virtual) {
    if (arrival == CX_NO_TIME)
        return tick;
    cx_time at = is_virtual ? tick - (wall > arrival ? wall - arrival : 0) : arrival;
    return at < tick ? at : tick;
}

cx_activation_state cx_clock_judges(int64_t listed, int64_t limit) {
    return listed > limit ? CX_ACTIVATION_STATE_HELD : CX_ACTIVATION_STATE_ACTIVATED;
}
