/* The inside of the chain: chain.c has its logs, chain_stage.c what a stage does with one message. */
#ifndef TESTS_MODEL_CHAIN_INSIDE_H
#define TESTS_MODEL_CHAIN_INSIDE_H

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "tests/model/chain.h"
#include "tests/model/rows.h"

enum { CHAIN_TYPES = 12, CHAIN_PACKS = 64 };

/* What one stage keeps of one partition. */
typedef struct chain_part {
    cx_rows rows;
    cx_policies *policies;
    cx_time tick;
} chain_part;

typedef struct chain_stage {
    const char *name;
    cx_rc (*decide)(cx_step *step);
    cx_rc (*keys)(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
    cx_time (*due)(cx_view key, const void *row);
    chain_part parts[CX_CHAIN_PARTITIONS];
} chain_stage;

enum { CLASSIFIER, REGISTRAR, SANCTIONER, STAGES };

typedef struct chain_room {
    cx_chain_log log;
    size_t room;
} chain_room;

struct cx_chain {
    int32_t partitions;
    cx_arena *arena;
    cx_buffer buffer;
    chain_stage stages[STAGES];
    chain_room topics[CX_CHAIN_TOPICS];
    int64_t next_offset[CX_CHAIN_PARTITIONS]; /* of credit.records */
    int64_t read_to[CX_CHAIN_PARTITIONS];
    size_t scan[CX_CHAIN_PARTITIONS]; /* where in the log of records a partition's next message is sought */
    const cx_type *types[CHAIN_TYPES];
    cx_plan *plans[CHAIN_TYPES];
    const cx_pack *packs[CHAIN_PACKS];
    size_t pack_n;
    size_t (*pick)(void *context, size_t n);
    void *context;
};

typedef struct chain_input {
    int32_t partition;
    cx_view key;
    const void *value;
    cx_position origin;
    cx_time now;           /* CX_NO_TIME: the partition's tick */
    const cx_event *event; /* the spine's event in it */
    int32_t index;         /* of a Decided */
} chain_input;

/* The value as its reader sees it behind the wire, and its bytes. */
CX_MUST_CHECK cx_rc cx_chain_pass(cx_chain *c, const cx_type *type, const void *value, const void **out,
                                  cx_view *bytes, cx_err *err);
/* Appends to a topic; *out (may be NULL) is the value as its reader sees it. */
CX_MUST_CHECK cx_rc cx_chain_append(cx_chain *c, cx_chain_topic topic, int32_t partition, cx_view key,
                                    const cx_type *type, const void *value, const void **out, cx_err *err);
/* Stages without rows, packs and time. */
void cx_chain_describe(cx_chain *c);
/* Lets stage s, and through it those behind it, read one message. */
CX_MUST_CHECK cx_rc cx_chain_deliver(cx_chain *c, int s, const chain_input *m, cx_err *err);

#endif
