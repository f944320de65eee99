/* The inside of the simulation: simulate.c schedules, process.c is one service, ends.c what intake and the
 * courier make of a message, compare.c looks at the outcome. */
#ifndef TESTS_SIMULATE_INSIDE_H
#define TESTS_SIMULATE_INSIDE_H

#include "common/run/codec.h"
#include "ops/replay/stages.h"
#include "tests/property/run.h"
#include "tests/simulate/broker.h"
#include "tests/simulate/simulate.h"

enum { CX_SIM_TWINS = 2, CX_SIM_OUTPUTS = 2048, CX_SIM_EXTERNAL = 1024 };

/* Groups: the stages by their names, and the two ends. */
enum { CX_SIM_INTAKE = CX_STAGES_POINTS, CX_SIM_COURIER }; /* points are not simulated */
extern const cx_broker_topic cx_sim_inputs[CX_BROKER_GROUPS];

/* One message that a process is about to send. */
typedef struct cx_sim_output {
    cx_broker_topic topic;
    int32_t partition;
    cx_view key, bytes;
} cx_sim_output;

/* One process of a service. Twins of a slot share its transactional id: the older is fenced. */
typedef struct cx_process {
    cx_sim *sim;
    int stage, slot;
    bool up, busy;
    int paused; /* steps that it sleeps on */
    int epoch, generation;
    cx_stages *stages;
    cx_arena *arena; /* of the batch */
    bool owns[CX_BROKER_PARTITIONS], restored[CX_BROKER_PARTITIONS];
    int64_t next[CX_BROKER_PARTITIONS];
    int txn;
    bool moved;        /* the batch's position is in its transaction */
    int32_t partition; /* of the batch */
    int64_t batch_end;
    cx_sim_output outputs[CX_SIM_OUTPUTS];
    size_t n, sent;
} cx_process;

struct cx_sim {
    cx_broker *broker;
    cx_run run;
    cx_process processes[CX_BROKER_GROUPS][CX_BROKER_SLOTS][CX_SIM_TWINS];
    int owner[CX_BROKER_GROUPS][CX_BROKER_PARTITIONS]; /* slot, by the last rebalance */
    cx_codec *codec;                                   /* of the two ends */
    cx_arena *arena;
    cx_history history;
    size_t line, sent, logged; /* what is published of it: lines, messages, the log's own */
    cx_sim_mistake mistake;
    bool calm;   /* no faults any more: what is left is worked off */
    bool sleepy; /* sleepers sleep long, and transactions time out late */
    uint64_t random;
    cx_sim_tally *tally;
    cx_err *err;
    bool failed;
};

int cx_sim_below(cx_sim *sim, int n);
/* A fault, in so many of a thousand cases; never when it is calm. */
bool cx_sim_fault(cx_sim *sim, int per_mille);
const cx_pack *cx_sim_pack(void *context, const uint8_t hash[CX_PACK_HASH]);
/* A member joined or left: partitions are dealt anew among those that are up and awake. */
void cx_sim_rebalance(cx_sim *sim, int group);
/* One step of a process; true when it did something. */
bool cx_process_step(cx_process *p);
/* Forgets what it had; the broker does not hear of it. */
void cx_process_crash(cx_process *p);
/* Where a stage's output lies. */
cx_broker_topic cx_sim_topic(cx_stages_topic topic);
int32_t cx_sim_partition(const cx_sim *sim, const cx_stages_output *o);

/* The ends: what one message of their input brings about (ends.c). `number` says which of the messages that
 * were sent it is. */
typedef cx_rc (*cx_sim_take)(void *context, cx_broker_topic topic, int32_t partition, cx_view key,
                             cx_view bytes);
CX_MUST_CHECK cx_rc cx_sim_intake(cx_sim *sim, int32_t partition, cx_view number, cx_sim_take take,
                                  void *context);
CX_MUST_CHECK cx_rc cx_sim_courier(cx_sim *sim, int32_t partition, cx_view dispatch, cx_sim_take take,
                                   void *context);
bool cx_sim_open_ends(cx_sim *sim);
/* Publishes up to `most` more: messages to departments' topics, ticks and activations to the log. False: that
 * was all. */
bool cx_sim_publish(cx_sim *sim, int most);
cx_rc cx_sim_add(void *process, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes);

/* Whether the topics hold what the log gives undisturbed. */
bool cx_sim_compare(cx_sim *sim);

#endif
