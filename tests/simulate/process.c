/* One service: reads a batch, decides, sends, commits; is killed, stopped, fenced and started again. */
#include "tests/simulate/inside.h"

enum { BATCH = 6 };

static bool has_state(int stage) {
    return stage == CX_STAGES_REGISTRAR || stage == CX_STAGES_SANCTIONER;
}

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
    (void)cx_fail(p->sim->err, CX_USAGE, "group %d: %s", p->stage, what);
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
    p->restored[partition] = true;
    p->next[partition] = at->next;
    sim->tally->restored++;
    if (p->stage >= (int)CX_SIM_INTAKE)
        return true;
    if (cx_stages_forget(p->stages, stage, partition) != CX_OK)
        return fail(p, "out of memory");
    for (int64_t from = 0; has_state(p->stage); from = found + 1) {
        m = cx_broker_read(sim->broker, changelog(p->stage), partition, from, false, &found);
        if (m == NULL)
            break;
        if (cx_stages_restore_row(p->stages, stage, partition, m->key, m->bytes, sim->err) != CX_OK)
            return fail(p, "a row cannot be restored");
    }
    return cx_stages_restore_place(p->stages, stage, partition, at->tick, (const cx_pack *const *)at->packs,
                                   at->packs_n) == CX_OK;
}

/* What a transaction still holds open cannot be taken over: the position may move, and the changelog hides
 * what lies behind. As restore.c and the consumer do it. */
static bool is_stable(const cx_process *p, int32_t partition) {
    const cx_sim *sim = p->sim;
    if (sim->mistake != CX_SIM_UNSTABLE && cx_broker_is_pending(sim->broker, p->stage, partition))
        return false;
    return !has_state(p->stage) || sim->mistake == CX_SIM_HASTY_RESTORE ||
           cx_broker_is_stable(sim->broker, changelog(p->stage), partition);
}

static bool restore_all(cx_process *p) {
    for (int32_t i = 0; i < CX_BROKER_PARTITIONS; i++) {
        if (!p->owns[i] || p->restored[i])
            continue;
        bool stable = is_stable(p, i);
        p->sim->tally->waited += !stable;
        if (stable && !restore(p, i))
            return false;
    }
    return true;
}

static bool take_over(cx_process *p, bool keep) {
    p->generation = cx_broker_generation(p->sim->broker, p->stage);
    for (int32_t i = 0; i < CX_BROKER_PARTITIONS; i++) {
        bool had = p->owns[i];
        p->owns[i] = p->sim->owner[p->stage][i] == p->slot;
        p->restored[i] = p->owns[i] && keep && had && p->restored[i];
        if (p->restored[i]) /* a mistake: the rows are not what was committed */
            p->next[i] = cx_broker_position_of(p->sim->broker, p->stage, i)->next;
    }
    return restore_all(p);
}

static bool start(cx_process *p) {
    p->epoch = cx_broker_init(p->sim->broker, p->stage, p->slot);
    p->up = true;
    for (int i = 0; i < CX_BROKER_PARTITIONS; i++)
        p->owns[i] = p->restored[i] = false;
    cx_sim_rebalance(p->sim, p->stage);
    return take_over(p, false);
}

/* --- a batch ------------------------------------------------------------------------------------------ */
static void prepare_position(const cx_process *p, cx_broker_position *out) {
    cx_stages_name stage = (cx_stages_name)p->stage;
    *out = (cx_broker_position){.next = p->batch_end, .tick = CX_NO_TIME};
    if (p->stage >= (int)CX_SIM_INTAKE)
        return;
    *out = (cx_broker_position){.next = p->batch_end, .tick = cx_stages_tick(p->stages, stage, p->partition)};
    out->packs_n =
        cx_stages_packs(p->stages, stage, p->partition, (const cx_pack **)out->packs, CX_BROKER_PACKS);
}

static cx_rc read_one(cx_process *p, const cx_broker_message *m, int64_t at) {
    if (p->stage == CX_SIM_INTAKE)
        return cx_sim_intake(p->sim, p->partition, m->bytes, cx_sim_add, p);
    if (p->stage == CX_SIM_COURIER)
        return cx_sim_courier(p->sim, p->partition, m->bytes, cx_sim_add, p);
    return cx_stages_read_alone(p->stages, (cx_stages_name)p->stage, (cx_position){p->partition, at}, m->key,
                                m->bytes, p->sim->err);
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
        m = cx_broker_read(sim->broker, cx_sim_inputs[p->stage], p->partition, from, dirty, &at);
        if (m == NULL)
            break;
        if (read_one(p, m, at) != CX_OK) {
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
    if (!restore_all(p))
        return false;
    int first = cx_sim_below(p->sim, CX_BROKER_PARTITIONS);
    for (int k = 0; k < CX_BROKER_PARTITIONS; k++) {
        p->partition = (first + k) % CX_BROKER_PARTITIONS;
        if (!p->owns[p->partition] || !p->restored[p->partition] || !read_batch(p))
            continue;
        p->txn = cx_broker_begin(p->sim->broker, p->stage, p->slot, p->epoch);
        if (p->txn < 0) {
            p->sim->tally->fenced++;
            cx_process_crash(p);
            return true;
        }
        p->busy = true;
        p->moved = false;
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

/* Killed here, in so many of a thousand cases. */
static bool is_killed(cx_process *p, int per_mille) {
    if (!cx_sim_fault(p->sim, per_mille))
        return false;
    p->sim->tally->crashes++;
    cx_process_crash(p);
    return true;
}

static bool is_lost(cx_process *p) {
    p->sim->tally->fenced++;
    cx_process_crash(p);
    return true;
}

/* SIGSTOP: the group goes on without it. */
static void may_sleep(cx_process *p) {
    if (!cx_sim_fault(p->sim, p->sim->sleepy && has_state(p->stage) ? 25 : 8))
        return;
    p->paused = p->sim->sleepy ? 40 + cx_sim_below(p->sim, 200) : 5 + cx_sim_below(p->sim, 40);
    cx_sim_rebalance(p->sim, p->stage);
}

static bool send_position(cx_process *p) {
    cx_sim *sim = p->sim;
    cx_broker_position at;
    int generation =
        sim->mistake == CX_SIM_NEW_GENERATION ? cx_broker_generation(sim->broker, p->stage) : p->generation;
    if (is_killed(p, 15))
        return true;
    prepare_position(p, &at);
    if (sim->mistake != CX_SIM_OFFSETS_OUTSIDE &&
        !cx_broker_send_position(sim->broker, p->txn, p->epoch, generation, p->partition, &at)) {
        cx_broker_abort(sim->broker, p->txn, p->epoch);
        return is_lost(p);
    }
    p->moved = true;
    if (!is_killed(p, 15))
        may_sleep(p);
    return true;
}

static bool commit(cx_process *p) {
    cx_sim *sim = p->sim;
    if (is_killed(p, 15))
        return true;
    if (!cx_broker_commit(sim->broker, p->txn, p->epoch))
        return is_lost(p);
    sim->tally->commits++;
    p->busy = false;
    p->next[p->partition] = p->batch_end;
    if (is_killed(p, 30)) /* it is committed, and nobody heard of it */
        sim->tally->crashed_after_commit++;
    return true;
}

static bool send_next(cx_process *p) {
    const cx_sim_output *o = &p->outputs[p->sent];
    if (is_killed(p, 12))
        return true;
    if (!cx_broker_send(p->sim->broker, p->txn, p->epoch, o->topic, o->partition, o->key, o->bytes))
        return is_lost(p);
    p->sent++;
    if (!is_killed(p, 12))
        may_sleep(p);
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
    if (p->sent < p->n)
        return send_next(p);
    return p->moved ? commit(p) : send_position(p);
}
