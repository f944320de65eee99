#include <stdlib.h>

#include "tests/simulate/inside.h"

/* --- chance ------------------------------------------------------------------------------------------- */
static uint64_t next(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int cx_sim_below(cx_sim *sim, int n) {
    return (int)(next(&sim->random) % (uint64_t)n);
}

bool cx_sim_fault(cx_sim *sim, int per_mille) {
    return !sim->calm && cx_sim_below(sim, 1000) < per_mille;
}

/* --- outputs ------------------------------------------------------------------------------------------ */
const cx_pack *cx_sim_pack(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const cx_sim *sim = context;
    for (size_t w = 0; w < CX_WORLDS; w++)
        for (size_t i = 0; i < sim->run.worlds[w].n; i++)
            if (memcmp(cx_pack_hash(sim->run.worlds[w].packs[i]), hash, CX_PACK_HASH) == 0)
                return sim->run.worlds[w].packs[i];
    return NULL;
}

static const cx_pack *pack_of(void *context, const uint8_t hash[CX_PACK_HASH]) {
    return cx_sim_pack(((const cx_process *)context)->sim, hash);
}

cx_broker_topic cx_sim_topic(cx_stages_topic topic) {
    static const cx_broker_topic topics[CX_STAGES_TOPICS] = {[CX_STAGES_CLASSIFIED] = CX_TOPIC_CLASSIFIED,
                                                             [CX_STAGES_DECIDED] = CX_TOPIC_DECIDED,
                                                             [CX_STAGES_NOTICES] = CX_TOPIC_NOTICES,
                                                             [CX_STAGES_STATUS] = CX_TOPIC_STATUS,
                                                             [CX_STAGES_DERIVED] = CX_TOPIC_RECORDS};
    return topics[topic];
}

int32_t cx_sim_partition(const cx_sim *sim, const cx_stages_output *o) {
    return o->partition >= 0
               ? o->partition
               : cx_chain_partition(cx_play_chain(sim->run.play), ((const cx_event *)o->value)->subject);
}

cx_rc cx_sim_add(void *process, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes) {
    cx_process *p = process;
    CX_ASSERT(p->n < CX_SIM_OUTPUTS);
    cx_sim_output *o = &p->outputs[p->n++];
    *o = (cx_sim_output){.topic = topic, .partition = partition};
    o->key = key.p != NULL ? cx_arena_copy(p->arena, key) : key;
    o->bytes = bytes.p != NULL ? cx_arena_copy(p->arena, bytes) : bytes;
    return CX_OK;
}

static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    cx_process *p = context;
    (void)err;
    return cx_sim_add(p, cx_sim_topic(o->topic), cx_sim_partition(p->sim, o), o->key, o->bytes);
}

static cx_rc take_row(void *context, cx_stages_name stage, int32_t partition, cx_view key, cx_view bytes,
                      cx_err *err) {
    (void)err;
    return cx_sim_add(context, stage == CX_STAGES_REGISTRAR ? CX_TOPIC_STATE : CX_TOPIC_MEASURES, partition,
                      key, bytes);
}

/* --- life --------------------------------------------------------------------------------------------- */
static bool open_process(cx_process *p) {
    cx_stages_events events = {.context = p, .pack = pack_of, .output = take_output, .row = take_row};
    p->stages = cx_stages_new(CX_BROKER_PARTITIONS, &events);
    p->arena = cx_arena_new(0);
    return p->stages != NULL && p->arena != NULL;
}

cx_sim *cx_sim_new(void) {
    cx_sim *sim = calloc(1, sizeof *sim);
    cx_err err = {0};
    if (sim == NULL)
        return NULL;
    sim->broker = cx_broker_new();
    bool ok = sim->broker != NULL && cx_run_open(&sim->run, &err) == CX_OK && cx_sim_open_ends(sim);
    for (int g = 0; g < CX_BROKER_GROUPS; g++)
        for (int s = 0; s < CX_BROKER_SLOTS; s++)
            for (int t = 0; t < CX_SIM_TWINS; t++) {
                cx_process *p = &sim->processes[g][s][t];
                *p = (cx_process){.sim = sim, .stage = g, .slot = s};
                ok = ok && open_process(p);
            }
    if (!ok)
        cx_sim_destroy(&sim);
    return sim;
}

void cx_sim_destroy(cx_sim **s) {
    cx_sim *sim = *s;
    if (sim == NULL)
        return;
    for (int g = 0; g < CX_BROKER_GROUPS; g++)
        for (int k = 0; k < CX_BROKER_SLOTS * CX_SIM_TWINS; k++) {
            cx_process *p = &sim->processes[g][k / CX_SIM_TWINS][k % CX_SIM_TWINS];
            cx_stages_destroy(&p->stages);
            cx_arena_destroy(&p->arena);
        }
    cx_codec_destroy(&sim->codec);
    cx_arena_destroy(&sim->arena);
    cx_run_close(&sim->run);
    cx_broker_destroy(&sim->broker);
    free(sim);
    *s = NULL;
}

/* --- scheduling --------------------------------------------------------------------------------------- */
static bool is_member(const cx_sim *sim, int group, int slot) {
    for (int t = 0; t < CX_SIM_TWINS; t++)
        if (sim->processes[group][slot][t].up && sim->processes[group][slot][t].paused == 0)
            return true;
    return false;
}

void cx_sim_rebalance(cx_sim *sim, int group) {
    int members[CX_BROKER_SLOTS], n = 0;
    for (int s = 0; s < CX_BROKER_SLOTS; s++)
        if (is_member(sim, group, s))
            members[n++] = s;
    for (int32_t p = 0; p < CX_BROKER_PARTITIONS; p++)
        sim->owner[group][p] = n > 0 ? members[p % n] : -1;
    (void)cx_broker_rebalance(sim->broker, group);
    sim->tally->rebalances++;
}

/* The twin of a slot is started only while the other sleeps: then there are two of one transactional id. */
static cx_process *choose(cx_sim *sim) {
    int g = cx_sim_below(sim, CX_BROKER_GROUPS), s = cx_sim_below(sim, CX_BROKER_SLOTS);
    cx_process *a = &sim->processes[g][s][0], *b = &sim->processes[g][s][1];
    if (!a->up && !b->up)
        return a;
    cx_process *up = a->up ? a : b, *other = a->up ? b : a;
    if (other->up)
        return cx_sim_below(sim, 2) == 0 ? up : other;
    return up->paused > 0 && cx_sim_fault(sim, 60) ? other : up;
}

/* All is read and committed: nobody is busy, and nothing lies behind any group's position. */
static bool is_settled(const cx_sim *sim) {
    int64_t at;
    for (int g = 0; g < CX_BROKER_GROUPS; g++) {
        for (int32_t p = 0; p < CX_BROKER_PARTITIONS; p++)
            if (cx_broker_read(sim->broker, cx_sim_inputs[g], p,
                               cx_broker_position_of(sim->broker, g, p)->next, false, &at) != NULL)
                return false;
        for (int k = 0; k < CX_BROKER_SLOTS * CX_SIM_TWINS; k++)
            if (sim->processes[g][k / CX_SIM_TWINS][k % CX_SIM_TWINS].busy)
                return false;
    }
    return true;
}

static void begin(cx_sim *sim, uint64_t seed, cx_sim_mistake mistake, cx_sim_tally *tally, cx_err *err) {
    cx_broker_reset(sim->broker);
    for (int g = 0; g < CX_BROKER_GROUPS; g++)
        for (int k = 0; k < CX_BROKER_SLOTS * CX_SIM_TWINS; k++) {
            cx_process *p = &sim->processes[g][k / CX_SIM_TWINS][k % CX_SIM_TWINS];
            cx_stages_reset(p->stages);
            cx_process_crash(p);
        }
    (void)memset(sim->owner, -1, sizeof sim->owner);
    sim->random = seed * 0x9e3779b97f4a7c15U + 1;
    sim->line = sim->sent = sim->logged = 0;
    sim->sleepy = seed % 4 == 0;
    sim->mistake = mistake;
    sim->tally = tally;
    sim->err = err;
    sim->calm = sim->failed = false;
}

/* Faults while anything is published; then what is left is worked off. */
static bool play(cx_sim *sim) {
    enum { STEPS = 200000 };
    bool more = true;
    for (int i = 0; i < STEPS && !sim->failed; i++) {
        if (more && cx_sim_below(sim, 30) == 0)
            more = cx_sim_publish(sim, 1 + cx_sim_below(sim, 12));
        if (!more && !sim->calm && cx_sim_below(sim, 400) == 0) {
            sim->calm = true;
            cx_broker_time_out(sim->broker);
        }
        (void)cx_process_step(choose(sim));
        if (cx_sim_fault(sim, sim->sleepy ? 0 : 4)) /* transaction.timeout.ms */
            cx_broker_time_out(sim->broker);
        if (cx_sim_fault(sim, sim->sleepy ? 10 : 3))
            cx_sim_rebalance(sim, cx_sim_below(sim, CX_BROKER_GROUPS));
        if (sim->calm && i % 64 == 0 && is_settled(sim))
            return true;
    }
    if (!sim->failed)
        (void)cx_fail(sim->err, CX_USAGE, "it does not come to rest");
    return false;
}

bool cx_sim_run(cx_sim *sim, uint64_t seed, cx_sim_mistake mistake, cx_sim_tally *tally, cx_err *err) {
    cx_fault fault = {0};
    begin(sim, seed, mistake, tally, err);
    if (!cx_run_seed(&sim->run, seed, false, NULL, &sim->history, &fault)) {
        (void)cx_fail(err, CX_USAGE, "%s: %s", fault.invariant, fault.text);
        return false;
    }
    return play(sim) && cx_sim_compare(sim);
}
