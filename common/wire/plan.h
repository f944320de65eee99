/* A compiled plan: a flat program of fixed-size operations, and what they refer to. Internal to common/wire.
 *
 * plan_build.c puts programs together, plan_resolve.c says which (schema resolution), plan_skip.c what passes
 * over a writer's values, decode.c runs them.
 */
#ifndef CX_WIRE_PLAN_H
#define CX_WIRE_PLAN_H

#include "common/wire/decode.h"

/* X(CODE, handler in decode.c). `at` is dst + offset; jumps are positions in the program. */
#define CX_PLAN_OPS(X)                                                                                       \
    CX_PLAN_SHORT_OPS(X)                                                                                     \
    CX_PLAN_LONG_OPS(X)

/* Short ones work on the machine's registers, long ones on its memory. */
#define CX_PLAN_SHORT_OPS(X)                                                                                 \
    X(BOOLEAN, do_boolean)                                                                                   \
    X(INT, do_int)                                                                                           \
    X(LONG, do_long)                                                                                         \
    X(STRING, do_string)                                                                                     \
    X(BYTES, do_bytes)                                                                                       \
    X(FIXED, do_fixed)         /* b bytes copied: fixed, float, double */                                    \
    X(FIXED_REF, do_fixed_ref) /* b bytes referred to by a pointer */                                        \
    X(ENUM, do_enum)           /* b symbols, numbered as the reader's */                                     \
    X(ENUM_MAP, do_enum_map)   /* b symbols; tables[c + number] is the reader's number, or NO_SYMBOL */      \
    X(INT_TO_LONG, do_int_to_long)                                                                           \
    X(INT_TO_FLOAT, do_int_to_float)                                                                         \
    X(INT_TO_DOUBLE, do_int_to_double)                                                                       \
    X(LONG_TO_FLOAT, do_long_to_float)                                                                       \
    X(LONG_TO_DOUBLE, do_long_to_double)                                                                     \
    X(FLOAT_TO_DOUBLE, do_float_to_double)                                                                   \
    X(SKIP_BOOLEAN, do_skip_boolean)                                                                         \
    X(SKIP_INT, do_skip_int)                                                                                 \
    X(SKIP_LONG, do_skip_long)                                                                               \
    X(SKIP_STRING, do_skip_string)                                                                           \
    X(SKIP_BYTES, do_skip_bytes)                                                                             \
    X(SKIP_FIXED, do_skip_fixed) /* b bytes */                                                               \
    X(SKIP_ENUM, do_skip_enum)   /* b symbols */                                                             \
    X(NULLABLE, do_nullable)     /* two branches, a is null: then jump to c (the struct is zeroed) */        \
    X(SWITCH, do_switch)         /* b branches: jump to tables[c + branch] */                                \
    X(SET_FLAG, do_set_flag)     /* bool at = true */                                                        \
    X(SET_TAG, do_set_tag)       /* 4 bytes at = b */                                                        \
    X(JUMP, do_jump)             /* to c */                                                                  \
    X(FAIL, do_fail)             /* b: a cx_rc */

#define CX_PLAN_LONG_OPS(X)                                                                                  \
    X(NEW, do_new) /* pointer at = b zeroed bytes, which become dst until LEAVE */                           \
    X(LEAVE, do_leave)                                                                                       \
    X(ARRAY, do_array) /* array at, of items of b bytes, least a on the wire: dst = each; c: behind it */    \
    X(NEXT, do_next)   /* end of an item of b bytes; c: the item's program */                                \
    X(LOOP, do_loop)   /* as ARRAY, for items that are skipped */                                            \
    X(AGAIN, do_again) /* as NEXT, for items that are skipped */                                             \
    X(FEED, do_feed)   /* read from feeds[c] until UNFEED: a default */                                      \
    X(UNFEED, do_unfeed)

typedef enum cx_op_code {
#define CX_X(code, handler) CX_OP_##code,
    CX_PLAN_OPS(CX_X)
#undef CX_X
        CX_OP_END
} cx_op_code;

typedef struct cx_op {
    uint16_t code; /* cx_op_code */
    uint16_t a;
    uint32_t offset;
    uint32_t b;
    uint32_t c;
} cx_op;

/* How deep NEW, ARRAY, LOOP and FEED may be in each other; the stack of a decode has that many frames. */
enum { CX_PLAN_DEPTH = 48, CX_PLAN_LARGEST = 1 << 18 };
#define CX_PLAN_NO_SYMBOL UINT32_MAX

/* A place in the schemas, for error texts; node 0 is the message as a whole. */
typedef struct cx_plan_node {
    uint32_t parent;
    const char *name;
} cx_plan_node;

struct cx_plan {
    cx_op *ops;
    uint32_t *op_nodes; /* of each operation */
    cx_plan_node *nodes;
    uint32_t *tables;
    cx_view *feeds;
    uint32_t ops_n, nodes_n, tables_n, feeds_n;
    uint32_t ops_room, nodes_room, tables_room, feeds_room;
    const cx_type *reader;
    const cx_type *writer;
    cx_arena *arena; /* holds the writer's type and names of nodes */
    uint64_t fingerprint;
    cx_limits limits;
};

/* A program in the making. The first error stays in rc: callers go on, and look at it in the end. */
typedef struct cx_builder {
    cx_plan *plan;
    cx_err *err;
    cx_rc rc;
    uint32_t head;  /* of the message's own fields, the reader's first so many are wanted */
    uint32_t node;  /* where new operations belong */
    int frames;     /* NEW, ARRAY, LOOP, FEED that are open */
    int depth;      /* types that are open */
    uint32_t steps; /* of cx_plan_least */
} cx_builder;

/* Appends an operation and returns its position; 0 after an error. */
uint32_t cx_plan_emit(cx_builder *b, cx_op op);
static inline uint32_t cx_plan_here(const cx_builder *b) {
    return b->plan->ops_n;
}
/* Makes the operation at `at` jump to the end of what there is now. */
void cx_plan_land(cx_builder *b, uint32_t at);
/* n entries of tables, filled with `value`; their position. */
uint32_t cx_plan_table(cx_builder *b, uint32_t n, uint32_t value);
uint32_t cx_plan_feed(cx_builder *b, cx_view bytes);
/* Enters a named place and returns the one before, to be put back into b->node. */
uint32_t cx_plan_enter(cx_builder *b, const char *name);
/* Keeps the first error, before it the path of b->node. */
void cx_plan_refuse(cx_builder *b, cx_rc rc, const char *what);
/* More frames (1) or fewer (-1). */
void cx_plan_frame(cx_builder *b, int change);
/* "body.Record.amount" of a node; returns its length. */
size_t cx_plan_path(const cx_plan *plan, uint32_t node, char *out, size_t room);

/* The reader's branch for a writer's type that is no union, its number in *at; NULL where there is none. */
const cx_type *cx_plan_best_branch(const cx_type *writer, const cx_type *reader, uint32_t *at);
/* Whether a writer's type that is no union can be the reader's, which may be one. Not deep: fields are not
 * looked at. */
bool cx_plan_fits(const cx_type *writer, const cx_type *reader);
/* Resolution of a whole record, into b->plan. */
void cx_plan_resolve(cx_builder *b, const cx_type *writer, const cx_type *reader);
/* What passes over a value of the writer's type, validating it. */
void cx_plan_skip(cx_builder *b, const cx_type *writer);
/* Fewest bytes that a value takes on the wire, at most UINT16_MAX. */
uint16_t cx_plan_least(cx_builder *b, const cx_type *type);

#endif
