/* One step of a stage: what a pure decision is given, and the effects it hands back.
 *
 * decide(step) does no I/O, reads no clock, logs nothing and allocates from the step's arena alone.
 * Everything it wants to happen it says as effects; the runner (common/run) encodes and produces them
 * in one Kafka transaction with the input's offset. Not thread-safe: a step belongs to one thread.
 */
#ifndef CX_BASE_STEP_H
#define CX_BASE_STEP_H

#include "common/base/arena.h"
#include "common/base/time.h"

enum { CX_STEP_KEYS = 4, CX_EFFECT_HEADERS = 4 };

/* Where an event lies in credit.records; for intake, in its inbound topic. */
typedef struct cx_position {
    int32_t partition;
    int64_t offset;
} cx_position;

typedef struct cx_effect {
    struct cx_effect *next;
    int output;         /* index into the stage's outputs */
    int32_t partition;  /* where the partition is given (ticks, forwards to all), else -1: by key */
    cx_view key;        /* message key, or key of a state row */
    const void *value;  /* the generated struct of the output's schema; NULL deletes a state row */
    cx_view department; /* for outputs whose topic ends in .<department> */
} cx_effect;

/* Why decide called: an input message, or a walk that reached a subject. */
typedef enum cx_step_cause { CX_STEP_MESSAGE, CX_STEP_DUE, CX_STEP_WALK } cx_step_cause;

typedef struct cx_step {
    cx_step_cause cause;
    int input; /* index into the stage's inputs (CX_STEP_MESSAGE; else of the tick or activation) */
    const void
        *event;  /* the decoded input: the generated struct; in a walk, the tick or activation walked for */
    cx_view key; /* the input's message key; in a walk, the state key reached */
    cx_view message;     /* the input's bytes as they came; in a walk, the tick's or activation's */
    cx_position origin;  /* of the event in credit.records; intake: in its inbound topic */
    int32_t index;       /* 0 for a message, 1, 2 ... within a walk */
    cx_time now;         /* the last tick before the event in its partition; CX_NO_TIME before any */
    cx_time due;         /* in a CX_STEP_DUE walk, the due time reached; else now */
    cx_view department;  /* inputs named by department (in.<dept>): which one */
    cx_time received_at; /* broker's time of the input message */
    int32_t partitions;  /* of every spine topic */
    const void
        *policies; /* what the descriptor's policy operations built (cx_policies of common/law), or NULL */
    const void
        *proposed; /* the compiled pack of an activation that is PROPOSED, and in its walk; else NULL */
    const void *rows[CX_STEP_KEYS]; /* the state rows of the keys asked for, decoded; NULL: no such row */
    const void *prepared; /* what the runner's step before decide found (intake: check results, pseudonyms),
                             or NULL */
    cx_arena *arena;      /* lives until the batch is delivered */
    cx_effect *first;
    cx_effect *last;
    int effects;
} cx_step;

/* Adds an effect, with a copy of nothing: key and value must live in the step's arena or longer.
 * CX_OUT_OF_MEMORY is the only failure. */
static inline cx_rc cx_step_emit(cx_step *step, int output, cx_view key, const void *value) {
    cx_effect *e = (cx_effect *)cx_arena_alloc(step->arena, sizeof *e);
    if (e == NULL)
        return CX_OUT_OF_MEMORY;
    *e = (cx_effect){.output = output, .partition = -1, .key = key, .value = value};
    if (step->last == NULL)
        step->first = e;
    else
        step->last->next = e;
    step->last = e;
    step->effects++;
    return CX_OK;
}

#endif
