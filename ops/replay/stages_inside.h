/* The inside of ops/replay/stages.h: stages.c has its rows, stages_step.c what a stage does with a message.
 */
#ifndef OPS_REPLAY_STAGES_INSIDE_H
#define OPS_REPLAY_STAGES_INSIDE_H

#include "common/run/about.h"
#include "common/run/codec.h"
#include "common/run/state.h"
#include "ops/replay/stages.h"

/* What the services' descriptors say, but for topics. */
typedef struct cx_stages_plan {
    const char *name;
    cx_rc (*decide)(cx_step *step);
    cx_rc (*keys)(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
    const cx_type *(*row_type)(cx_view key);
    cx_time (*row_due)(cx_view key, const void *row);
    bool (*row_walked)(cx_view key);
    void (*about)(const void *event, cx_about *about);
    int state; /* the output that is a row; -1: none */
    cx_stages_topic topic;
    const cx_type *type; /* of what the next stage reads */
} cx_stages_plan;
extern const cx_stages_plan cx_stages_plans[CX_STAGES_COUNT];

/* What one stage keeps of one partition. */
typedef struct cx_stages_part {
    cx_state *rows; /* NULL: not read yet */
    cx_policies *policies;
    cx_time tick;
    int64_t listed, limit; /* of the activation proposed last */
} cx_stages_part;

struct cx_stages {
    int32_t partitions; /* that there is room for */
    int32_t count;      /* that there are, as the stages are told */
    cx_stages_events events;
    cx_arena *arena; /* of one message of credit.records */
    cx_codec *codec;
    cx_stages_part *parts[CX_STAGES_COUNT];
    bool alone; /* what a stage hands on is not read by the next */
};

/* The row as it stands, decoded into the arena; *out NULL: there is none. */
CX_MUST_CHECK cx_rc cx_stages_find(const cx_stages *stages, cx_stages_name stage, int32_t partition,
                                   cx_view key, cx_arena *arena, const void **out, cx_err *err);
/* Keeps, or removes (value NULL). */
CX_MUST_CHECK cx_rc cx_stages_put(cx_stages *stages, cx_stages_name stage, int32_t partition, cx_view key,
                                  const void *value, cx_err *err);
/* Makes what a stage keeps of a partition before its first message. */
CX_MUST_CHECK cx_rc cx_stages_open(cx_stages_part *part, cx_err *err);

#endif
