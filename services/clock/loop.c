/* The clock's loop: a tick when one is due, a request when there is one. */
#include <time.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/process.h"
#include "services/clock/clock.h"
#include "services/clock/plan.h"

enum { REQUEST_MS = 50, AGAIN_MS = 200, IDLE_MS = 500, PARTS = 10, LONGEST_MS = 100 };

static cx_time read_clock(clockid_t id) {
    struct timespec at;
    (void)clock_gettime(id, &at);
    return (cx_time)at.tv_sec * CX_SECOND + at.tv_nsec / 1000000;
}

cx_time cx_clock_wall(void) {
    return read_clock(CLOCK_REALTIME);
}

cx_time cx_clock_steady(void) {
    return read_clock(CLOCK_BOOTTIME);
}

cx_time cx_clock_now(const cx_clock *c) {
    return c->now.is_virtual ? c->base_log + (cx_clock_steady() - c->base_steady) : cx_clock_wall();
}

static cx_rc write_tick(cx_clock *c, cx_time tick, cx_err *err) {
    cx_time arrival = CX_NO_TIME;
    CX_TRY(cx_inbox_oldest(c->inbox, c->admin, &arrival, err));
    cx_metadata now = c->now;
    now.tick = tick;
    now.received_to = cx_clock_received_to(tick, arrival, cx_clock_wall(), now.is_virtual);
    CX_TRY(cx_clock_begin(c, err));
    CX_TRY(cx_clock_tick(c, tick, now.received_to, err));
    return cx_clock_commit(c, c->next, &now, err);
}

static cx_rc take(cx_clock *c, cx_message *message) {
    if (!c->owner || c->held.handle != NULL || message->offset < c->next) {
        cx_message_release(message);
        return CX_OK;
    }
    c->held = *message;
    c->held_since = cx_clock_steady();
    return CX_OK;
}

/* One request at a time: what follows it waits until it is answered. */
static cx_rc poll_request(cx_clock *c, int timeout, cx_err *err) {
    cx_message message;
    bool busy = c->held.handle != NULL;
    if (busy != c->paused) {
        CX_TRY(busy ? cx_consumer_pause(c->consumer, "credit.activations", 0, err)
                    : cx_consumer_resume(c->consumer, "credit.activations", 0, err));
        c->paused = busy;
    }
    CX_TRY(cx_consumer_poll(c->consumer, timeout, &message, err));
    return message.handle != NULL ? take(c, &message) : CX_OK;
}

/* How long to wait for a request before looking at the clock, and at whether to stop, again. */
static int patience(const cx_clock *c, cx_time interval) {
    if (c->held.handle != NULL)
        return REQUEST_MS;
    if (!c->owner)
        return IDLE_MS;
    return interval / PARTS < LONGEST_MS ? (int)(interval / PARTS) + 1 : LONGEST_MS;
}

static cx_rc turn(cx_clock *c, cx_err *err) {
    atomic_fetch_add(&c->metrics.turns, 1);
    cx_time interval = cx_config_integer(c->config, "clock.interval.ms");
    cx_time tick = c->owner ? cx_clock_next(c->now.tick, cx_clock_now(c), interval) : CX_NO_TIME;
    CX_TRY(poll_request(c, tick != CX_NO_TIME ? 0 : patience(c, interval), err));
    if (!c->owner)
        return CX_OK;
    CX_TRY(cx_reports_poll(c, err));
    if (tick != CX_NO_TIME)
        CX_TRY(write_tick(c, tick, err));
    CX_TRY(cx_clock_request(c, err));
    cx_clock_trim(c);
    atomic_store(&c->metrics.ready, c->now.tick != CX_NO_TIME);
    return CX_OK;
}

/* TRANSIENT: from what is committed again. */
static cx_rc turn_or_again(cx_clock *c, cx_err *err) {
    cx_rc rc = turn(c, err);
    if (rc == CX_OK || cx_rc_class(rc) != CX_CLASS_TRANSIENT)
        return rc;
    while (!cx_process_stopping && cx_rc_class(rc) == CX_CLASS_TRANSIENT && rc != CX_OK) {
        cx_log_failure(CX_LOG_WARN, "again", err);
        atomic_fetch_add(&c->metrics.retries[rc], 1);
        (void)usleep(AGAIN_MS * 1000);
        rc = cx_consumer_begin_again(c->consumer, err);
    }
    return cx_rc_class(rc) == CX_CLASS_TRANSIENT ? CX_OK : rc;
}

cx_rc cx_clock_loop(cx_clock *c, const volatile int *stop, cx_err *err) {
    while (!*stop) {
        if (!c->owner) /* another clock ticks: this one stands by */
            atomic_store(&c->metrics.ready, cx_consumer_is_ready(c->consumer));
        CX_TRY(turn_or_again(c, err));
    }
    return CX_OK;
}
