/* The loop, and the one place where the class of an error becomes an action. */
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/inside.h"

enum { IDLE_MS = 100, FIRST_RETRY_MS = 5 };

static bool is_open(const cx_run *run) {
    return run->producer != NULL && cx_producer_is_open(run->producer);
}

/* A TRANSIENT failure of one message: it stays held, its partition waits, nothing is skipped. */
static void put_off(cx_run *run, cx_part *part, const cx_err *err) {
    uint32_t most = run->limits.retry_ms;
    bool first = part->retry_ms == 0;
    part->retry_ms = first ? FIRST_RETRY_MS : part->retry_ms * 2;
    if (part->retry_ms > most)
        part->retry_ms = most;
    part->retry_at = cx_metrics_now() + part->retry_ms * 1000000ull;
    atomic_fetch_add(&run->metrics.retries[err->rc], 1);
    if (first || part->retry_ms == most)
        cx_log_warn("%s partition %d offset %lld waits: %s", part->topic, (int)part->partition,
                    (long long)part->held.offset, err->text);
}

/* Everything in flight is given up and taken up again from what is committed. */
static cx_rc begin_again(cx_run *run, const cx_err *why, cx_err *err) {
    cx_log_failure(CX_LOG_WARN, "the batch is dropped", why);
    atomic_fetch_add(&run->metrics.retries[why->rc], 1);
    return cx_consumer_begin_again(run->consumer, err);
}

/* FATAL goes up; of TRANSIENT, what concerns the bus drops the batch, and a message's own waits. */
static cx_rc act(cx_run *run, cx_part *part, cx_err *err) {
    if (cx_rc_class(err->rc) != CX_CLASS_TRANSIENT)
        return err->rc;
    if (part != NULL && err->rc != CX_BUS_AWAY) {
        put_off(run, part, err);
        return CX_OK;
    }
    cx_err why = *err;
    return begin_again(run, &why, err);
}

static cx_rc set_paused(cx_run *run, cx_part *part, bool paused, cx_err *err) {
    if (part->paused == paused)
        return CX_OK;
    part->paused = paused;
    return paused ? cx_consumer_pause(run->consumer, part->topic, part->partition, err)
                  : cx_consumer_resume(run->consumer, part->topic, part->partition, err);
}

/* Goes on with the partition's message; when it is not finished, the partition waits for it. */
static cx_rc work(cx_run *run, cx_part *part, cx_err *err) {
    bool done = false;
    cx_rc rc = cx_batch_begin(run, err);
    if (rc == CX_OK)
        rc = cx_run_advance(run, part, &done, err);
    if (rc != CX_OK) {
        CX_TRY(act(run, part, err));
        return part->held.handle != NULL ? set_paused(run, part, true, err) : CX_OK;
    }
    run->last_work = cx_metrics_now();
    part->retry_ms = 0;
    part->retry_at = 0;
    if (!done)
        return set_paused(run, part, true, err);
    cx_message_release(&part->held);
    return set_paused(run, part, false, err);
}

static cx_rc work_held(cx_run *run, cx_err *err) {
    for (cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->owned && p->restored && p->held.handle != NULL && cx_metrics_now() >= p->retry_at &&
            (!is_open(run) || !cx_batch_is_full(run, cx_metrics_now())))
            CX_TRY(work(run, p, err));
    return CX_OK;
}

/* soon: one of them may be tried now. */
static bool any_held(const cx_run *run, bool *soon) {
    bool held = false;
    *soon = false;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part) {
        held = held || p->held.handle != NULL;
        *soon = *soon || (p->held.handle != NULL && p->retry_at <= cx_metrics_now());
    }
    return held;
}

/* How long, in ms, to wait for a message. In an open batch: not at all while it is fed; then until it has
 * lingered, or been open for as long as commits make worth while. */
static int patience(const cx_run *run) {
    bool soon = false;
    bool held = any_held(run, &soon);
    if (soon)
        return 0;
    if (!is_open(run))
        return held ? FIRST_RETRY_MS : IDLE_MS;
    if (run->fed)
        return 0;
    uint64_t now = cx_metrics_now(), idle = now - run->last_work, age = now - run->batch_began;
    if (idle >= run->limits.linger_ns || age >= run->rest_ns)
        return 0;
    uint64_t left = run->limits.linger_ns - idle, rest = run->rest_ns - age;
    return (int)(((left < rest ? left : rest) + 999999u) / 1000000u);
}

static cx_rc commit(cx_run *run, cx_err *err) {
    cx_rc rc = cx_batch_commit(run, err);
    return rc == CX_OK ? CX_OK : act(run, NULL, err);
}

static cx_rc take(cx_run *run, cx_message *message, cx_err *err) {
    cx_part *part = cx_run_part(run, message->topic, message->partition);
    if (part == NULL || !part->owned || part->held.handle != NULL || message->offset < part->next) {
        bool ours = part != NULL && part->owned;
        cx_err seen = {0};
        if (ours) /* the library promised otherwise: stop before anything is wrong */
            (void)cx_fail(&seen, CX_BUS, "%s partition %d gave offset %lld where %lld was to come",
                          part->topic, (int)part->partition, (long long)message->offset,
                          (long long)part->next);
        cx_message_release(message);
        if (ours && err != NULL)
            *err = seen;
        return ours ? CX_BUS : CX_OK;
    }
    part->held = *message;
    *message = (cx_message){0};
    return work(run, part, err);
}

static cx_rc housekeep(cx_run *run, cx_err *err) {
    CX_TRY(cx_tables_poll(run, 0, err));
    bool ready = cx_consumer_is_ready(run->consumer) && !run->restore_needed && run->producer != NULL &&
                 !run->producer_broken;
    const cx_hooks *hooks = run->stage->hooks;
    if (hooks != NULL && hooks->ready != NULL)
        ready = ready && hooks->ready(run->hooks);
    atomic_store(&run->metrics.ready, ready);
    atomic_fetch_add(&run->metrics.turns, 1);
    if (!ready || is_open(run))
        return CX_OK;
    bool tells = run->tables.changed;
    cx_rc rc = tells ? cx_run_report(run, err) : CX_OK;
    if (rc == CX_OK)
        rc = cx_run_snapshots_finish(run, err);
    if (rc == CX_OK)
        return CX_OK;
    run->producer_broken = true;
    run->tables.changed = tells;
    return act(run, NULL, err);
}

static cx_rc turn(cx_run *run, cx_err *err) {
    if (!is_open(run) || run->turns++ % 256 == 0) {
        CX_TRY(housekeep(run, err));
        CX_TRY(work_held(run, err));
    }
    cx_message message;
    CX_TRY(cx_consumer_poll(run->consumer, patience(run), &message, err));
    bool got = message.handle != NULL;
    run->fed = got;
    cx_rc rc = cx_run_restore(run, err); /* after a rebalance inside the poll */
    if (rc != CX_OK) {
        cx_message_release(&message);
        return act(run, NULL, err);
    }
    if (got)
        CX_TRY(take(run, &message, err));
    if (!is_open(run))
        return CX_OK;
    uint64_t now = got ? run->last_work : cx_metrics_now();
    bool rested =
        !got && (now - run->last_work >= run->limits.linger_ns || now - run->batch_began >= run->rest_ns);
    return rested || cx_batch_is_full(run, now) ? commit(run, err) : CX_OK;
}

/* The broker is away in the middle of taking over: again and again, in between bounded pauses. */
static cx_rc take_over_again(cx_run *run, const volatile int *stop, cx_err *err) {
    useconds_t most = (useconds_t)cx_config_integer(run->config, "retry.max.ms") * 1000u;
    cx_rc rc = err->rc;
    for (useconds_t wait = FIRST_RETRY_MS * 1000u; !*stop && cx_rc_class(rc) == CX_CLASS_TRANSIENT;) {
        atomic_store(&run->metrics.ready, false);
        atomic_fetch_add(&run->metrics.turns, 1);
        (void)usleep(wait);
        wait = wait * 2 < most ? wait * 2 : most;
        cx_err why = *err;
        rc = begin_again(run, &why, err);
    }
    return cx_rc_class(rc) == CX_CLASS_TRANSIENT ? CX_OK : rc;
}

cx_rc cx_run_loop(cx_run *run, const volatile int *stop, cx_err *err) {
    while (!*stop) {
        cx_rc rc = turn(run, err);
        if (rc != CX_OK)
            rc = cx_rc_class(rc) == CX_CLASS_TRANSIENT ? take_over_again(run, stop, err) : rc;
        if (rc != CX_OK)
            return rc;
    }
    return cx_batch_commit(run, err);
}
