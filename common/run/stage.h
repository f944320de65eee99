/* What a stage is: a static descriptor. The runner (common/run/run.h) does everything else.
 *
 * A service's main.c fills one cx_stage and calls cx_run_main. Callbacks are pure, but for the hooks, and
 * are called from one thread.
 */
#ifndef CX_RUN_STAGE_H
#define CX_RUN_STAGE_H

#include "common/base/config.h"
#include "common/base/step.h"
#include "common/wire/type.h"

/* What the runner must know of a decoded input (common/run/about.h has those of the spine). */
typedef enum cx_event_kind { CX_EVENT_PLAIN, CX_EVENT_TICK, CX_EVENT_ACTIVATION } cx_event_kind;

typedef struct cx_about {
    cx_event_kind kind;
    bool has_origin; /* it carries its origin; else the origin is where it was read */
    cx_position origin;
    int32_t index;    /* within its origin */
    cx_time now;      /* as stamped by the first reader of the log; CX_NO_TIME: the partition's last tick */
    cx_view event_id; /* may be empty */
    const uint8_t *pack;       /* 32 bytes, or NULL: what a notice's header cx-pack says */
    cx_time tick, received_to; /* CX_EVENT_TICK */
    bool is_virtual;           /* CX_EVENT_TICK */
    cx_view activation;        /* CX_EVENT_ACTIVATION: its id */
    const uint8_t *activated;  /* CX_EVENT_ACTIVATION in state ACTIVATED: the pack's hash; else NULL */
    const uint8_t *proposed;   /* CX_EVENT_ACTIVATION in state PROPOSED: the pack's hash; else NULL */
} cx_about;

/* How long after its arrival a message may be read again; later its department has to send it anew. */
enum { CX_REDRIVE_DAYS = 7 };

typedef struct cx_input cx_input;
struct cx_input {
    const char *topic;  /* "credit.records"; by_department: the prefix "credit.in." */
    bool by_department; /* a topic for each department, read by pattern; round-robin assignment */
    const cx_type *type;
    void (*about)(const void *event,
                  cx_about *about); /* fills what it knows; the rest is zero, times CX_NO_TIME */
    /* Not NULL: messages are Redrives (type), each the place of a message of that input of the same stage,
     * which is decided on as if it came now: step->received_at is its first arrival, step->now when it was
     * asked for again. POSITION_GONE, REDRIVE_TOO_LATE go to `reject`. */
    const cx_input *again;
};

typedef enum cx_output_kind {
    CX_OUTPUT_TOPIC,
    CX_OUTPUT_BY_DEPARTMENT, /* topic is the prefix; the effect names the department */
    CX_OUTPUT_STATE, /* a row of the stage's own state: topic is its changelog; same partition as the input */
    CX_OUTPUT_COUNT  /* no message: for the proposed activation's report. Value: cx_activation_count, whose
                        `listed` is added, and whose `limit`, where it is not 0, is the partition's; no key */
} cx_output_kind;

typedef struct cx_output {
    cx_output_kind kind;
    const char *topic;
    const cx_type *type; /* NULL for CX_OUTPUT_STATE: row_type says it by the key */
    bool own; /* nobody else writes it: it tells whether this stage has ever run (positions rule) */
    bool (*is_own)(const void *value); /* which messages of the topic are, where others write there, too;
                                          NULL: every one */
    bool rejections;                   /* of Rejection: counted by reason */
    bool headers;                      /* cx-pack, cx-tick, cx-origin, traceparent */
} cx_output;

/* How packs are made ready and come into force (services/policies.h has the law's). */
typedef struct cx_policy_ops {
    cx_rc (*compile)(const void *policy_pack, void **compiled, cx_err *err); /* the generated struct */
    void (*destroy)(void **compiled);
    void *(*set_new)(void); /* what is in force in one partition; NULL when out of memory */
    void (*set_destroy)(void **set);
    cx_rc (*set_activate)(void *set, const void *compiled); /* the same again changes nothing */
} cx_policy_ops;

/* The rows of the stage's side topic, for hooks. */
typedef struct cx_side cx_side;
/* Decoded, in the step's arena; *row NULL: there is none. */
CX_MUST_CHECK cx_rc cx_side_find(const cx_side *side, cx_view key, const void **row, cx_err *err);

/* Steps beside decide, for what decide must not see (keys). `context` is what `open` made. */
typedef struct cx_hooks {
    cx_rc (*open)(const cx_config *config, void **context, cx_err *err);
    void (*close)(void **context);
    cx_rc (*prepare)(void *context, cx_step *step,
                     cx_err *err); /* behind the rows, before decide; sets step->prepared */
    /* Behind prepare, for a stage with a side topic: may look up any of its rows; may be NULL. */
    cx_rc (*screen)(void *context, cx_step *step, const cx_side *side, cx_err *err);
    cx_rc (*finish)(void *context, cx_step *step, cx_err *err); /* after decide: may change or add effects */
    bool (*ready)(void *context);                               /* may be NULL */
} cx_hooks;

typedef struct cx_stage {
    const char *name; /* "classifier": group credit.classifier, program chengxin-classifier */
    int number;       /* its place in the list of services: metrics port 9464 + number */
    const char *does; /* one sentence, for --help */
    const cx_input *inputs;
    size_t input_count;
    const cx_output *outputs;
    size_t output_count;
    cx_rc (*decide)(cx_step *step);
    /* State keys to be looked up for this step; NULL: none ever. */
    cx_rc (*keys)(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n);
    /* Rows of state. row_type says what lies under a key; row_due when the row wants a walk (CX_NO_TIME:
     * never); row_walked whether an activation's walk stops at it. NULL: no state; no walks. */
    const cx_type *(*row_type)(cx_view key);
    const cx_type *const *row_types; /* all that row_type returns; ends in NULL */
    cx_time (*row_due)(cx_view key, const void *row);
    uint32_t row_due_head; /* fields of a row, from its first on, that row_due may look at: a restore reads no
                              more */
    bool (*row_walked)(cx_view key);
    /* Instead of state: rows of a table that others write, from its beginning, all partitions. A row that is
     * not there is NULL; decide returns CX_ROW_NOT_YET where it must wait. */
    const char *side_topic;
    const cx_type *side_type;
    bool (*side_wanted)(cx_view key); /* the rows that are kept; NULL: all */
    const cx_policy_ops *policies;    /* NULL: knows no packs */
    const cx_hooks *hooks;            /* NULL: none */
    /* Adds the effect that sends a message home; NULL: POISON is fatal, as on the spine. */
    cx_rc (*reject)(cx_step *step, cx_rc reason, cx_view field, cx_view event_id, cx_view body);
} cx_stage;

#endif
