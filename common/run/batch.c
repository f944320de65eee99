/* One transaction: outputs, state and input offsets together. */
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/run/inside.h"

static cx_rc renew_producer(cx_run *run, cx_err *err) {
    cx_producer_destroy(&run->producer);
    CX_TRY(cx_producer_new(run->config, run->instance, &run->producer, err));
    run->producer_broken = false;
    cx_log_info("transactional producer %s is ready", run->instance);
    return CX_OK;
}

cx_rc cx_batch_begin(cx_run *run, cx_err *err) {
    if (run->producer != NULL && cx_producer_is_open(run->producer))
        return CX_OK;
    if (run->producer == NULL || run->producer_broken)
        CX_TRY(renew_producer(run, err));
    CX_TRY(cx_consumer_member(run->consumer, &run->member, err));
    cx_rc rc = cx_producer_begin(run->producer, err);
    if (rc != CX_OK) {
        cx_member_destroy(&run->member);
        return rc;
    }
    run->batch_events = 0;
    run->batch_began = run->last_work = cx_metrics_now();
    return CX_OK;
}

bool cx_batch_is_full(const cx_run *run, uint64_t now) {
    return run->batch_events >= run->limits.batch_events || now - run->batch_began >= run->limits.batch_ns;
}

static void release_done(cx_part *part) {
    part->kept_next = part->next;
    part->kept = part->now;
    part->kept_marked = part->marked;
    part->touched = false;
    if (part->state != NULL)
        cx_state_keep(part->state);
}

/* Every partition has the same, but for the moment of an activation: one speaks for all. */
static void tell_packs(cx_run *run) {
    const cx_part *most = NULL;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->owned && (most == NULL || p->kept.pack_n > most->kept.pack_n))
            most = p;
    if (most != NULL && most->kept.pack_n != run->metrics.pack_n)
        cx_metrics_packs(&run->metrics, most->kept.packs, most->kept.pack_n);
}

void cx_run_tell_holdings(cx_run *run) {
    int64_t rows = 0, bytes = 0, tick = CX_NO_TIME, received = CX_NO_TIME, owned = 0;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part) {
        if (!p->owned)
            continue;
        owned++;
        rows += p->state != NULL ? (int64_t)cx_state_rows(p->state) : 0;
        bytes += p->state != NULL ? (int64_t)cx_state_bytes(p->state) : 0;
        if (p->kept.tick != CX_NO_TIME && (tick == CX_NO_TIME || p->kept.tick < tick))
            tick = p->kept.tick;
        if (p->kept.received_to != CX_NO_TIME && (received == CX_NO_TIME || p->kept.received_to < received))
            received = p->kept.received_to;
    }
    atomic_store(&run->metrics.partitions, owned);
    atomic_store(&run->metrics.state_rows, rows);
    atomic_store(&run->metrics.state_bytes, bytes);
    atomic_store(&run->metrics.tick, tick);
    atomic_store(&run->metrics.received_to, received);
    tell_packs(run);
}

static void measure(cx_run *run, uint64_t commit_began) {
    uint64_t now = cx_metrics_now();
    run->rest_ns = cx_rest_after(run->rest_ns, now - commit_began, run->limits.linger_ns);
    cx_histogram_add(&run->metrics.commit_seconds, now - commit_began);
    cx_histogram_add(&run->metrics.batch_seconds, now - run->batch_began);
    cx_histogram_count(&run->metrics.batch_events, run->batch_events);
    atomic_fetch_add(&run->metrics.batches, 1);
    atomic_fetch_add(&run->metrics.events, run->batch_events);
    atomic_fetch_add(&run->metrics.effects, cx_producer_sent(run->producer));
    atomic_fetch_add(&run->metrics.bytes_out, cx_producer_sent_bytes(run->producer));
    cx_run_tell_holdings(run);
}

struct places {
    cx_place *places;
    char (*texts)[CX_METADATA_TEXT];
    size_t n;
};

static cx_rc gather(const cx_run *run, struct places *out, cx_err *err) {
    size_t n = 0;
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part)
        n += p->touched;
    out->places = calloc(n + 1, sizeof *out->places);
    out->texts = calloc(n + 1, sizeof *out->texts);
    if (out->places == NULL || out->texts == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (const cx_part *p = run->parts; p != NULL; p = p->next_part) {
        if (!p->touched)
            continue;
        CX_TRY(cx_metadata_format(&p->now, out->texts[out->n], err));
        out->places[out->n] = (cx_place){p->topic, p->partition, p->next, out->texts[out->n]};
        out->n++;
    }
    return CX_OK;
}

cx_rc cx_batch_commit(cx_run *run, cx_err *err) {
    if (run->producer == NULL || !cx_producer_is_open(run->producer))
        return CX_OK;
    uint64_t began = cx_metrics_now();
    struct places at = {0};
    cx_rc rc = gather(run, &at, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(run->producer, at.places, at.n, run->member, err);
    free(at.places);
    free(at.texts);
    if (rc != CX_OK) {
        run->producer_broken =
            true; /* whether it was committed is not known here: epoch up, offsets read anew */
        return rc;
    }
    measure(run, began);
    for (cx_part *p = run->parts; p != NULL; p = p->next_part)
        if (p->touched)
            release_done(p);
    cx_member_destroy(&run->member);
    return CX_OK;
}

static void undo(cx_run *run, cx_part *p) {
    if (p->state != NULL)
        cx_state_undo(p->state);
    if (p->policies != NULL && memcmp(p->now.packs, p->kept.packs, sizeof p->now.packs) != 0)
        run->stage->policies->set_destroy(&p->policies);
    p->next = p->kept_next;
    p->now = p->kept;
    p->marked = p->kept_marked;
    p->touched = false;
}

void cx_batch_drop(cx_run *run) {
    if (run->producer != NULL && cx_producer_is_open(run->producer)) {
        cx_err err = {0};
        atomic_fetch_add(&run->metrics.aborts, 1);
        if (run->producer_broken || cx_producer_abort(run->producer, &err) != CX_OK) {
            if (err.rc != CX_OK)
                cx_log_failure(CX_LOG_WARN, "abort", &err);
            run->producer_broken = true;
            cx_producer_destroy(&run->producer); /* the next one's epoch ends its transaction */
        }
    }
    cx_run_snapshots_undo(run);
    for (cx_part *p = run->parts; p != NULL; p = p->next_part) {
        undo(run, p);
        cx_message_release(&p->held);
        free(p->walk_keys);
        p->walk_keys = NULL;
        p->paused = false; /* an assignment begins unpaused */
    }
    cx_member_destroy(&run->member);
}
