/* One service: reads a batch, decides, sends, commits; is killed, stopped, fenced and started again. */
#include "tests/simulate/inside.h"

enum { BATCH = 6 };

static const cx_broker_topic inputs[CX_BROKER_GROUPS] = {CX_TOPIC_RECORDS, CX_TOPIC_CLASSIFIED,
                                                         CX_TOPIC_DECIDED};

static cx_broker_topic changelog(int stage) {
    return stage == CX_STAGES_REGISTRAR ? CX_TOPIC_STATE : CX_TOPIC_MEASURES;
}

/* --- life --------------------------------------------------------------------------------------------- */
void cx_process_crash(cx_process *p) {
    p->up = p->busy = false;
    p->paused = 0;
    p->n = p->sent = 0;
}

static bool fail(cx_process *p, const char *what) {
    (void)cx_fail(p->sim->err, CX_USAGE, "%s: %s", cx_stages_text((cx_stages_name)p->stage), what);
    p->sim->failed = true;
    return false;
}

/* Rows from the changelog, read_committed; tick and packs from the position's metadata. */
static bool restore(cx_process *p, int32_t partition) {
    cx_sim *sim = p->sim;
    cx_stages_name stage = (cx_stages_name)p->stage;
    const cx_broker_position *at = cx_broker_position_of(sim->broker, p->stage, partition);
    int64_t found = 0;
    const cx_broker_message *m;
    if (cx_stages_forget(p->stages, stage, partition) != CX_OK)
        return fail(p, "out of memory");
    for (int64_t from = 0; stage != CX_STAGES_CLASSIFIER; from = found + 1) {
        m = cx_broker_read(sim->broker, changelog(p->stage), partition, from, false, &found);
        if (m == NULL)
            break;
        if (cx_stages_restore_row(p->stages, stage, partition, m->key, m->bytes, sim->err) != CX_OK)
            return fail(p, "a row cannot be restored");
    }
    p->next[partition] = at->next;
    sim->tally->restored++;
    return cx_stages_restore_place(p->stages, stage, partition, at->tick, (const cx_pack *const *)at->packs,
                                   at->packs_n) == CX_OK;
}

/* A partition whose last transaction is still open cannot be restored yet: its changelog hides what lies
 * behind. */
static bool take_over(cx_process *p, bool keep) {
    p->generation = cx_broker_generation(p->sim->broker, p->stage);
    for (int32_t i = 0; i < CX_BROKER_PARTITIONS; i++) {
        bool had = p->owns[i];
        p->owns[i] = p->sim->owner[p->stage][i] == p->slot;
        if (p->owns[i] && !(keep && had) && !restore(p, i))
            return false;
        if (p->owns[i] && keep && had) /* a mistake: the rows are not what was committed */
            p->next[i] = cx_broker_position_of(p->sim->broker, p->stage, i)->next;
    }
    return true;
}

static bool start(cx_process *p) {
    p->epoch = cx_broker_init(p->sim->broker, p->stage, p->slot);
    p->up = true;
    for (int i = 0; i < CX_BROKER_PARTITIONS; i++)
        p->owns[i] = false;
    cx_sim_rebalance(p->sim, p->stage);
    return take_over(p, false);
}

/* --- a batch ------------------------------------------------------------------------------------------ */
static void prepare_position(const cx_process *p, cx_broker_position *out) {
    cx_stages_name stage = (cx_stages_name)p->stage;
    *out = (cx_broker_position){.next = p->batch_end, .tick = cx_stages_tick(p->stages, stage, p->partition)};
    out->packs_n =
        cx_stages_packs(p->stages, stage, p->partition, (const cx_pack **)out->packs, CX_BROKER_PACKS);
}

static bool read_batch(cx_process *p) {
    cx_sim *sim = p->sim;
    int64_t from = p->next[p->partition], at = 0;
    int most = 1 + cx_sim_below(sim, BATCH), n = 0;
    bool dirty = sim->mistake == CX_SIM_READS_DIRTY;
    const cx_broker_message *m;
    cx_arena_reset(p->arena);
    p->n = p->sent = 0;
    for (; n < most; n++, from = at + 1) {
        m = cx_broker_read(sim->broker, inputs[p->stage], p->partition, from, dirty, &at);
        if (m == NULL)
            break;
        if (cx_stages_read_alone(p->stages, (cx_stages_name)p->stage, (cx_position){p->partition, at}, m->key,
                                 m->bytes, sim->err) != CX_OK) {
            if (dirty)
                sim->failed = true; /* read_uncommitted shows what no stage can decide: seen */
            return fail(p, sim->err->text);
        }
        sim->tally->messages++;
    }
    p->batch_end = from;
    return n > 0;
}

static bool begin_batch(cx_process *p) {
    int first = cx_sim_below(p->sim, CX_BROKER_PARTITIONS);
    for (int k = 0; k < CX_BROKER_PARTITIONS; k++) {
        p->partition = (first + k) % CX_BROKER_PARTITIONS;
        if (!p->owns[p->partition] || !read_batch(p))
            continue;
        p->txn = cx_broker_begin(p->sim->broker, p->stage, p->slot, p->epoch);
        if (p->txn < 0) {
            p->sim->tally->fenced++;
            cx_process_crash(p);
            return true;
        }
        p->busy = true;
        if (p->sim->mistake == CX_SIM_OFFSETS_OUTSIDE) {
            cx_broker_position at;
            prepare_position(p, &at);
            cx_broker_commit_position(p->sim->broker, p->stage, p->partition, &at);
        }
        return true;
    }
    return false;
}

/* The rebalance callback aborts the transaction and drops the batch; everything is restored. */
static bool rejoin(cx_process *p) {
    if (p->busy) {
        cx_broker_abort(p->sim->broker, p->txn, p->epoch);
        p->sim->tally->aborted++;
    }
    p->busy = false;
    if (p->sim->owner[p->stage][0] < 0) /* everybody slept when the partitions were dealt: it joins anew */
        cx_sim_rebalance(p->sim, p->stage);
    return take_over(p, p->sim->mistake == CX_SIM_STATE_KEPT);
}

static bool commit(cx_process *p) {
    cx_sim *sim = p->sim;
    cx_broker_position at;
    int generation = p->generation;
    if (cx_sim_fault(sim, 30)) { /* before the commit */
        sim->tally->crashes++;
        cx_process_crash(p);
        return true;
    }
    if (sim->mistake == CX_SIM_NEW_GENERATION)
        generation = cx_broker_generation(sim->broker, p->stage);
    prepare_position(p, &at);
    bool outside = sim->mistake == CX_SIM_OFFSETS_OUTSIDE;
    if (!cx_broker_commit(sim->broker, p->txn, p->epoch, generation, p->partition, outside ? NULL : &at)) {
        sim->tally->fenced++;
        p->busy = false;
        cx_process_crash(p);
        return true;
    }
    sim->tally->commits++;
    p->busy = false;
    p->next[p->partition] = p->batch_end;
    if (cx_sim_fault(sim, 30)) { /* it is committed, and nobody heard of it */
        sim->tally->crashes++;
        sim->tally->crashed_after_commit++;
        cx_process_crash(p);
    }
    return true;
}

static bool send_next(cx_process *p) {
    cx_sim *sim = p->sim;
    const cx_sim_output *o = &p->outputs[p->sent];
    if (cx_sim_fault(sim, 12)) {
        sim->tally->crashes++;
        cx_process_crash(p);
        return true;
    }
    if (!cx_broker_send(sim->broker, p->txn, p->epoch, o->topic, o->partition, o->key, o->bytes)) {
        sim->tally->fenced++;
        cx_process_crash(p);
        return true;
    }
    p->sent++;
    if (cx_sim_fault(sim, 12)) {
        sim->tally->crashes++;
        cx_process_crash(p);
    } else if (cx_sim_fault(sim, 8)) {
        p->paused = 5 + cx_sim_below(sim, 40);
        cx_sim_rebalance(sim, p->stage); /* the group goes on without it */
    }
    return true;
}

bool cx_process_step(cx_process *p) {
    if (p->paused > 0) {
        p->paused -= p->sim->calm ? p->paused : 1;
        p->sim->tally->resumed += p->paused == 0;
        return true;
    }
    if (!p->up)
        return start(p);
    bool stale = p->generation != cx_broker_generation(p->sim->broker, p->stage);
    bool notices = !p->busy || cx_sim_below(p->sim, 2) == 0;
    if (stale && notices && p->sim->mistake != CX_SIM_NEW_GENERATION)
        return rejoin(p);
    if (stale && !p->busy)
        return rejoin(p);
    if (!p->busy)
        return begin_batch(p);
    return p->sent < p->n ? send_next(p) : commit(p);
}
