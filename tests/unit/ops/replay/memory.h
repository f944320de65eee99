/* A chain's logs as what stands on the bus, for the replay, with one mistake in them. */
#ifndef TESTS_UNIT_OPS_REPLAY_MEMORY_H
#define TESTS_UNIT_OPS_REPLAY_MEMORY_H

#include "common/wire/buffer.h"
#include "ops/replay/replay.h"
#include "tests/model/chain.h"

/* What is done to the n-th message of a topic. */
typedef enum mistake { NONE, CHANGED, REMOVED, DOUBLED, OTHER_KEY, CUT } mistake;

typedef struct memory {
    const cx_chain *chain;
    const cx_pack *packs[2], *instead; /* instead: of every pack */
    cx_codec *codec;
    mistake mistake;
    cx_replay_topic topic; /* where the mistake is */
    size_t at;             /* which message of its log */
    cx_buffer changed;     /* instead of its value */
    int64_t low;           /* of all topics but records: messages before it were removed */
    int32_t partition;
    size_t place[CX_REPLAY_TOPICS];
    int64_t offset[CX_REPLAY_TOPICS], from[CX_REPLAY_TOPICS];
    cx_rc (*restore)(void *memory, int32_t partition, cx_stages *stages, cx_replay_begin *at, cx_err *err);
    bool doubled;
} memory;

const cx_chain_log *memory_log(const memory *m, cx_replay_topic topic);
/* Lives as long as m. */
cx_replay_source memory_source(memory *m, int32_t partitions);
/* A message in the middle of the log that an event was decided in, with others of its partition behind it. */
size_t memory_find(const memory *m, cx_replay_topic topic);
/* Makes the message `at` one with a field changed: the rule, the cause of a change, a notice's basis. */
void memory_change(memory *m, cx_replay_topic topic, cx_arena *arena);

#endif
