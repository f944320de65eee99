/* The spine's stages chained in one process: classifier, registrar, and behind it sanctioner and points, with
 * rows in memory for each partition, and the walks that the runner does. No bus, no clock, no threads.
 *
 * What passes from stage to stage, and every row, is encoded and decoded by its schema, as on the bus: so a
 * decision sees only what the wire carries. Rows, walks, ticks and activations are those of common/run, with
 * the runner's own tables and codec. Nothing is sent: what a stage hands out goes to the caller.
 * Not thread-safe: one owner.
 */
#ifndef OPS_REPLAY_STAGES_H
#define OPS_REPLAY_STAGES_H

#include "common/base/step.h"
#include "common/law/policies.h"
#include "common/run/state.h"
#include "common/wire/type.h"
#include "schemas/types.h"

typedef struct cx_stages cx_stages;

typedef enum cx_stages_name {
    CX_STAGES_CLASSIFIER,
    CX_STAGES_REGISTRAR,
    CX_STAGES_SANCTIONER,
    CX_STAGES_POINTS, /* reads what the registrar decided, as the sanctioner does */
    CX_STAGES_COUNT
} cx_stages_name;

/* "classifier", "registrar", "sanctioner", "points". */
const char *cx_stages_text(cx_stages_name stage);

typedef enum cx_stages_topic {
    CX_STAGES_CLASSIFIED, /* cx_classified */
    CX_STAGES_DECIDED,    /* cx_decided */
    CX_STAGES_NOTICES,    /* cx_dispatch: the sanctioner's */
    CX_STAGES_INCENTIVES, /* cx_dispatch: what points write into the same topic */
    CX_STAGES_STATUS,     /* cx_status */
    CX_STAGES_DERIVED,    /* cx_event: what the registrar writes back into credit.records */
    CX_STAGES_TOPICS
} cx_stages_topic;

/* One message that a stage wrote. Everything lives until `output` returns. */
typedef struct cx_stages_output {
    cx_stages_topic topic;
    int32_t partition; /* -1: by the key (CX_STAGES_DERIVED) */
    cx_position origin;
    cx_view key;
    const cx_type *type;
    const void *value; /* the generated struct, as its reader sees it */
    cx_view bytes;     /* single-object Avro, as on the wire */
} cx_stages_output;

typedef struct cx_stages_events {
    void *context;
    /* The compiled pack of that hash, which outlives its use; NULL: unknown. */
    const cx_pack *(*pack)(void *context, const uint8_t hash[CX_PACK_HASH]);
    cx_rc (*output)(void *context, const cx_stages_output *output, cx_err *err);
    /* A row that a stage wrote (bytes.p NULL: removed), as its changelog has it; may be NULL. */
    cx_rc (*row)(void *context, cx_stages_name stage, int32_t partition, cx_view key, cx_view bytes,
                 cx_err *err);
} cx_stages_events;

/* partitions: of every spine topic. NULL when out of memory. */
cx_stages *cx_stages_new(int32_t partitions, const cx_stages_events *events);
void cx_stages_destroy(cx_stages **stages);
/* From here on there are that many, no more than there is room for: where partitions were split (split.h). */
void cx_stages_count(cx_stages *stages, int32_t partitions);
/* A new log: forgets rows, ticks and packs in force, of all partitions. */
void cx_stages_reset(cx_stages *stages);

/* Lets all stages read one message of credit.records, in the order of its partition. OUT_OF_MEMORY;
 * NOT_FOUND for an activation of a pack that is not known; what a stage, the wire or `output` failed with:
 * *err says which. */
CX_MUST_CHECK cx_rc cx_stages_read(cx_stages *stages, cx_position origin, cx_view key, const cx_event *event,
                                   cx_err *err);

/* Lets one stage alone read one message of its own input (cx_event, cx_classified or cx_decided, as encoded);
 * what it hands on goes to the caller, to no other stage. For simulated faults. */
CX_MUST_CHECK cx_rc cx_stages_read_alone(cx_stages *stages, cx_stages_name stage, cx_position origin,
                                         cx_view key, cx_view bytes, cx_err *err);
/* A stage's partition begins anew: without rows, tick and packs; then with a row of its changelog; then with
 * the tick and the packs that its committed position carries. */
CX_MUST_CHECK cx_rc cx_stages_forget(cx_stages *stages, cx_stages_name stage, int32_t partition);
CX_MUST_CHECK cx_rc cx_stages_restore_row(cx_stages *stages, cx_stages_name stage, int32_t partition,
                                          cx_view key, cx_view bytes, cx_err *err);
/* The same of a row that is decoded already. */
CX_MUST_CHECK cx_rc cx_stages_restore_value(cx_stages *stages, cx_stages_name stage, int32_t partition,
                                            cx_view key, const void *value, cx_err *err);
/* What lies under a key; NULL: nothing does. */
const cx_type *cx_stages_row_type(cx_stages_name stage, cx_view key);
CX_MUST_CHECK cx_rc cx_stages_restore_place(cx_stages *stages, cx_stages_name stage, int32_t partition,
                                            cx_time tick, const cx_pack *const *packs, size_t n);
/* The last tick, and the packs activated, of a stage's partition: what its position carries. */
cx_time cx_stages_tick(const cx_stages *stages, cx_stages_name stage, int32_t partition);
size_t cx_stages_packs(const cx_stages *stages, cx_stages_name stage, int32_t partition, const cx_pack **out,
                       size_t room);

/* A row as it stands, decoded into the arena; NULL: none, or out of memory. */
const void *cx_stages_row(cx_stages *stages, cx_stages_name stage, int32_t partition, cx_view key,
                          cx_arena *arena);
/* All of them, encoded; NULL: nothing was read. */
const cx_state *cx_stages_state(const cx_stages *stages, cx_stages_name stage, int32_t partition);
/* How many rows the stage has in a partition under keys that `wanted` accepts. */
size_t cx_stages_rows(const cx_stages *stages, cx_stages_name stage, int32_t partition,
                      bool (*wanted)(cx_view key));
/* What the registrar counted in a partition for the activation proposed last, and how many it might be. */
int64_t cx_stages_counted(const cx_stages *stages, int32_t partition, int64_t *limit);

#endif
