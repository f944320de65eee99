/* The runner's inside: what its files share. For common/run only.
 *
 *   main.c     settings, log, shutdown                loop.c     poll, work, commit; the three error classes
 *   place.c    assignment: positions, state restored  batch.c    one transaction
 *   advance.c  one message: ticks, walks, activations step.c     one decision and its effects
 *   tables.c   packs, schemas and side rows           report.c   what the clock is told
 *   snapshot_take.c, restore_snapshot.c             rows in files, at midnight
 *   again.c    what a message is decided on: itself, or one that it asks to be read again
 */
#ifndef CX_RUN_INSIDE_H
#define CX_RUN_INSIDE_H

#include "common/bus/admin.h"
#include "common/bus/finder.h"
#include "common/bus/producer.h"
#include "common/bus/reader.h"
#include "common/run/codec.h"
#include "common/run/metadata.h"
#include "common/run/metrics.h"
#include "common/run/registry.h"
#include "common/run/rest.h"
#include "common/run/stage.h"
#include "common/run/state.h"

struct cx_taking; /* a snapshot that is being written */

enum { CX_TOPIC_NAME = 256, CX_DEPARTMENT_NAME = 64, CX_COUNTS = 16, CX_OUTPUTS = 8 };

/* What is decided on: the held message, or the one that it asks to be read again. */
typedef struct cx_taken {
    const cx_input *input;
    int input_index;
    cx_view department, key, value;
    cx_position place;
    cx_time timestamp; /* of its arrival */
    cx_time asked_at;  /* when it was asked for again; CX_NO_TIME: it was not */
} cx_taken;

/* One input partition that we own, or owned: its state is kept for the case that it comes back unchanged. */
typedef struct cx_part {
    struct cx_part *next_part;
    char topic[CX_TOPIC_NAME];
    int32_t partition;
    const cx_input *input;
    int input_index;
    cx_view department; /* points into topic */
    bool owned;
    bool restored;           /* state is that of `kept` */
    int64_t next, kept_next; /* the offset to be read next; as of the last commit */
    cx_metadata now, kept;
    cx_state *state;          /* NULL: the stage has none */
    void *policies;           /* what is in force here; NULL: not built yet, or none */
    cx_message held;          /* the message in work; handle NULL: none */
    cx_message again;         /* what it asks to be read again, for as long as cx_run_advance runs */
    cx_taken taken;           /* points into them */
    bool marked, kept_marked; /* our build is told for what we write of it; as of the last commit */
    bool paused;
    bool touched;      /* in the open batch */
    uint64_t retry_at; /* ns; the held message is not tried again before */
    uint32_t retry_ms;
    cx_view *walk_keys; /* of an activation's walk */
    size_t walk_n, walk_i;
    struct cx_taking *taking; /* NULL: none */
    uint64_t snapshot_at;     /* ns; when the last one was taken; 0: none was */
} cx_part;

typedef struct cx_compiled_pack {
    uint8_t hash[CX_HASH];
    void *object; /* NULL: it could not be compiled */
} cx_compiled_pack;

typedef struct cx_tables {
    cx_reader *reader;
    cx_compiled_pack *packs;
    size_t pack_n;
    cx_state *side;     /* rows of the side topic; NULL: none */
    uint64_t side_read; /* rows that have come, each time */
    int32_t side_partitions;
    size_t open_ends; /* partitions whose first end has not been reached */
    cx_place *places; /* what is read; offset becomes the first end wanted, then CX_POSITION_NONE */
    size_t place_n;
    bool changed; /* packs were compiled since the last report */
} cx_tables;

/* Settings that every message asks for: reading one by its name takes longer than a decision. */
typedef struct cx_run_limits {
    size_t batch_events;
    uint64_t batch_ns, linger_ns;
    uint32_t retry_ms;
} cx_run_limits;

typedef struct cx_run {
    const cx_stage *stage;
    const cx_config *config;
    cx_run_limits limits;
    char group[64], instance[96];
    int32_t partitions; /* of every spine topic */
    cx_metrics metrics;
    cx_codec *codec;
    cx_registry *registry;           /* NULL: none */
    uint32_t schema_ids[CX_OUTPUTS]; /* of outputs by department, where there is one */
    cx_arena *arena;
    void *hooks; /* what hooks->open made */
    cx_tables tables;
    cx_consumer *consumer;
    cx_finder *finder; /* made when something is to be read again */
    cx_producer *producer;
    bool producer_broken;
    cx_member *member; /* taken when the open batch began */
    cx_part *parts;
    bool restore_needed;
    size_t batch_events;
    uint64_t rest_ns;                /* common/run/rest.h */
    uint64_t batch_began, last_work; /* ns, as of the last message: one look at the clock does for it */
    uint64_t turns;
    bool fed; /* the last poll brought a message */
} cx_run;

/* place.c: callbacks of the consumer. */
cx_rc cx_run_assigned(void *run, cx_place *places, size_t n, cx_err *err);
void cx_run_revoked(void *run);
cx_rc cx_run_restore(cx_run *run, cx_err *err);
/* restore_snapshot.c: part->state from the newest snapshot, where there is one that may be used; *from
 * becomes where its changelog is read on. Only what ends the restore fails. `snapshots` is made when needed.
 */
struct cx_restore_files;
cx_rc cx_restore_files_open(cx_run *run, const char *changelog, struct cx_restore_files **out, cx_err *err);
cx_rc cx_restore_file(struct cx_restore_files *files, cx_part *part, int64_t high, int64_t *from,
                      cx_err *err);
void cx_restore_files_close(struct cx_restore_files **files);
/* The topic of the stage's rows; NULL: it has none. */
const char *cx_run_changelog(const cx_stage *stage);
cx_part *cx_run_part(cx_run *run, cx_view topic, int32_t partition);
void cx_run_forget_parts(cx_run *run);
/* To the metrics: which partitions are ours, their state, tick and packs as of what is committed. */
void cx_run_tell_holdings(cx_run *run);
/* position.c: whether what the stage alone writes is empty (for one input partition). */
cx_rc cx_run_never_ran(cx_run *run, int32_t partition, bool *never, cx_err *err);

/* tables.c */
cx_rc cx_tables_open(cx_run *run, cx_err *err);
/* Reads what there is without waiting longer than timeout_ms for the first. */
cx_rc cx_tables_poll(cx_run *run, int timeout_ms, cx_err *err);
void cx_tables_close(cx_run *run);
/* NULL, with CX_ROW_NOT_YET, where it has not been read; PACK_INVALID where it could not be compiled. */
cx_rc cx_tables_pack(const cx_run *run, const uint8_t hash[CX_HASH], const void **compiled, cx_err *err);
/* report.c: both in a transaction of their own. */
cx_rc cx_run_publish_schemas(cx_run *run, cx_err *err);
cx_rc cx_run_report(cx_run *run, cx_err *err);

/* batch.c */
cx_rc cx_batch_begin(cx_run *run, cx_err *err);
/* At `now`, of cx_metrics_now. */
bool cx_batch_is_full(const cx_run *run, uint64_t now);
cx_rc cx_batch_commit(cx_run *run, cx_err *err);
/* Aborts, undoes and forgets the batch; never fails: a producer that could not abort is made anew. */
void cx_batch_drop(cx_run *run);

/* snapshot_take.c: begins one, behind the midnight tick at `origin` in credit.records, with part->next behind
 * it. Never fails: there is one or there is none. */
void cx_run_snapshot(cx_run *run, cx_part *part, int64_t origin);
/* build_mark.c: in the open transaction, before the first step on a partition that was given to us: from here
 * on it is our build that decides. */
cx_rc cx_run_mark_build(cx_run *run, cx_part *part, const cx_step *step, cx_err *err);
bool cx_run_marks_builds(const cx_stage *stage);
/* Between transactions: names and publishes what has been written. */
cx_rc cx_run_snapshots_finish(cx_run *run, cx_err *err);
/* Gives up what the batch that is dropped held; or what a partition has. */
void cx_run_snapshots_undo(cx_run *run);
void cx_run_snapshot_drop(cx_part *part);

/* step.c: looks up, decides, sends and keeps. `step` has cause, input, event, key, origin, index, now, due.
 */
cx_rc cx_run_step(cx_run *run, cx_part *part, cx_step *step, const cx_about *about, cx_err *err);

/* The message goes home with the reason in *why. */
cx_rc cx_run_reject(cx_run *run, cx_part *part, cx_step *step, const cx_about *about, const cx_err *why,
                    cx_err *err);

/* again.c: fills part->taken from the held message, and part->again. POISON: goes home, with taken.place. */
cx_rc cx_run_take(cx_run *run, cx_part *part, cx_err *err);

/* advance.c: goes on with part->held. *done: it is finished. Where it is not, and CX_OK: the batch is full.
 */
cx_rc cx_run_advance(cx_run *run, cx_part *part, bool *done, cx_err *err);

/* loop.c: until *stop. */
cx_rc cx_run_loop(cx_run *run, const volatile int *stop, cx_err *err);

#endif
