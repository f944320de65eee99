/* The loop of a sink, and what each class of error leads to there. */
#include "common/base/log.h"
#include "services/sink/inside.h"

enum { IDLE_MS = 100, FIRST_RETRY_MS = 5, SCHEMAS_MS = 1000 };

static uint64_t after_ms(uint64_t ms) {
    return cx_metrics_now() + ms * 1000000u;
}

/* What was taken is forgotten; after a pause reading begins again where the store says. */
static void put_off(cx_sink_state *s, const cx_err *why) {
    uint32_t most = s->limits.retry_ms;
    bool first = s->retry_ms == 0;
    s->retry_ms = first ? FIRST_RETRY_MS : s->retry_ms * 2;
    if (s->retry_ms > most)
        s->retry_ms = most;
    s->retry_at = after_ms(s->retry_ms);
    s->placed = false;
    s->taken = 0;
    atomic_fetch_add(&s->metrics.retries[why->rc], 1);
    if (first || s->retry_ms == most)
        cx_log_failure(CX_LOG_WARN, "waiting", why);
}

/* TRANSIENT waits; FATAL goes up. */
static cx_rc act(cx_sink_state *s, cx_err *err) {
    if (cx_rc_class(err->rc) != CX_CLASS_TRANSIENT)
        return err->rc;
    put_off(s, err);
    *err = (cx_err){0};
    return CX_OK;
}

/* The partitions are given, and the store says where to begin. Where it cannot be asked now, they are held at
 * their ends and what comes from there is not looked at: the loop asks again. */
cx_rc cx_sink_assigned(void *state, cx_place *places, size_t n, cx_err *err) {
    cx_sink_state *s = state;
    s->taken = s->flying = 0;
    s->partitions = n;
    atomic_store(&s->metrics.partitions, (int64_t)n);
    atomic_fetch_add(&s->metrics.assignments, 1);
    cx_rc rc = s->sink->place(&s->run, places, n, err);
    if (rc == CX_OK) {
        s->placed = true;
        return CX_OK;
    }
    CX_TRY(act(s, err));
    for (size_t i = 0; i < n; i++)
        places[i].offset = CX_POSITION_END;
    return CX_OK;
}

void cx_sink_revoked(void *state) {
    cx_sink_state *s = state;
    s->taken = s->flying = 0;
    s->placed = false;
    if (s->again)
        return; /* they stay ours: only where to begin is asked anew */
    s->partitions = 0;
    s->sink->lose(&s->run);
}

/* A failed begin_again leaves us without an assignment that we know of: its error is final unless it is the
 * store's. */
static cx_rc begin_again(cx_sink_state *s, cx_err *err) {
    s->again = true;
    cx_rc rc = cx_consumer_begin_again(s->consumer, err);
    s->again = false;
    if (rc == CX_OK && s->placed) {
        cx_log_info("goes on where the store says");
        s->retry_ms = 0;
    }
    return rc;
}

static void written(cx_sink_state *s) {
    uint64_t now = cx_metrics_now();
    cx_histogram_add(&s->metrics.commit_seconds, now - s->flying_since);
    cx_histogram_add(&s->metrics.batch_seconds, now - s->flying_began);
    atomic_fetch_add(&s->metrics.batches, 1);
    cx_histogram_count(&s->metrics.batch_events, s->flying);
    atomic_fetch_add(&s->metrics.events, s->flying);
    s->flying = 0;
    s->retry_ms = 0;
}

static cx_rc failed(cx_sink_state *s, cx_err *err) {
    s->flying = 0;
    atomic_fetch_add(&s->metrics.aborts, 1);
    return act(s, err);
}

/* What became of the write that was begun. */
static cx_rc settle(cx_sink_state *s, bool wait, cx_err *err) {
    bool done = true;
    if (s->flying == 0)
        return CX_OK;
    if (s->sink->settle != NULL && s->sink->settle(&s->run, wait, &done, err) != CX_OK)
        return failed(s, err);
    if (done)
        written(s);
    return CX_OK;
}

/* One write at a time. Where the one before failed, what was taken since is forgotten with it. */
static cx_rc write_batch(cx_sink_state *s, cx_err *err) {
    CX_TRY(settle(s, true, err));
    if (s->taken == 0)
        return CX_OK;
    s->flying = s->taken;
    s->flying_began = s->batch_began;
    s->flying_since = cx_metrics_now();
    s->taken = 0;
    if (s->sink->write(&s->run, err) != CX_OK)
        return failed(s, err);
    return settle(s, false, err);
}

/* got: a message came just now. While one batch is written the next is gathered: it need not rest besides. */
static bool is_due(const cx_sink_state *s, bool full, bool got) {
    if (s->taken == 0)
        return false;
    uint64_t now = got ? s->last_taken : cx_metrics_now(), age = now - s->batch_began;
    return full || s->taken >= s->limits.batch_events || age >= s->limits.batch_ns ||
           now - s->last_taken >= s->limits.linger_ns ||
           (!got && s->flying == 0 && age >= s->limits.linger_ns);
}

static int patience(const cx_sink_state *s) {
    if (s->taken > 0 && s->fed)
        return 0;
    if (s->taken > 0 || s->flying > 0)
        return (int)(s->limits.linger_ns / 1000000u);
    if (s->placed || s->partitions == 0)
        return IDLE_MS;
    uint64_t now = cx_metrics_now();
    uint64_t wait = s->retry_at > now ? (s->retry_at - now) / 1000000u + 1 : 0;
    return wait < IDLE_MS ? (int)wait : IDLE_MS;
}

static cx_rc take(cx_sink_state *s, const cx_message *message, bool *full, cx_err *err) {
    if (!s->placed)
        return CX_OK; /* from the end at which the partition is held */
    cx_arena_reset(s->run.arena);
    cx_rc rc = s->sink->take(&s->run, message, full, err);
    if (rc == CX_UNKNOWN_SCHEMA) { /* it was published before its first use: read on there */
        CX_TRY(cx_writers_poll(s->writers, err));
        rc = s->sink->take(&s->run, message, full, err);
        if (rc == CX_UNKNOWN_SCHEMA)
            return cx_fail(err, CX_NOT_DECODED, "a schema that was never published");
    }
    if (rc != CX_OK)
        return cx_fail_in(err, "%.*s partition %d offset %lld", CX_VIEW_ARGS(message->topic),
                          (int)message->partition, (long long)message->offset);
    s->last_taken = cx_metrics_now();
    if (s->taken++ == 0)
        s->batch_began = s->last_taken;
    return CX_OK;
}

static cx_rc turn(cx_sink_state *s, cx_err *err) {
    bool full = false;
    cx_message message;
    atomic_fetch_add_explicit(&s->metrics.turns, 1, memory_order_relaxed);
    CX_TRY(cx_consumer_poll(s->consumer, patience(s), &message, err));
    bool got = message.handle != NULL && s->placed;
    s->fed = got;
    if (message.handle != NULL) {
        cx_rc rc = take(s, &message, &full, err);
        cx_message_release(&message);
        if (rc != CX_OK)
            return act(s, err);
    }
    CX_TRY(settle(s, false, err));
    if (is_due(s, full, got))
        CX_TRY(write_batch(s, err));
    if (!s->placed && s->partitions > 0 && cx_metrics_now() >= s->retry_at)
        CX_TRY(begin_again(s, err));
    atomic_store(&s->metrics.ready, cx_consumer_is_ready(s->consumer) && (s->placed || s->partitions == 0));
    if ((got ? s->last_taken : cx_metrics_now()) >= s->schemas_at) {
        s->schemas_at = after_ms(SCHEMAS_MS);
        return cx_writers_poll(s->writers, err);
    }
    return CX_OK;
}

cx_rc cx_sink_loop(cx_sink_state *s, const volatile int *stop, cx_err *err) {
    while (!*stop)
        CX_TRY(turn(s, err));
    CX_TRY(write_batch(s, err));
    return settle(s, true, err);
}
