/* FEEL text to tree. Internal to common/rules.
 *
 * A tree is immutable and lives in the arena that it was parsed into. Names are resolved while reading,
 * against the scope: FEEL's names may hold blanks and signs, so what a name is depends on what is known.
 * Grammar: DMN 1.5, 10.3.1.2.
 */
#ifndef CX_RULES_FEEL_H
#define CX_RULES_FEEL_H

#include "common/rules/value.h"

typedef enum cx_op {
    CX_OP_CONST,     /* value */
    CX_OP_VAR,       /* the slot `index` of the environment `up` levels out */
    CX_OP_ITEM_NAME, /* path.name of the filtered item `up` levels out; else path.of (NULL: null) */
    CX_OP_ADD,
    CX_OP_SUB,
    CX_OP_MUL,
    CX_OP_DIV,
    CX_OP_POW,
    CX_OP_NEG,
    CX_OP_EQ,
    CX_OP_NE,
    CX_OP_LT,
    CX_OP_LE,
    CX_OP_GT,
    CX_OP_GE,
    CX_OP_AND,
    CX_OP_OR,
    CX_OP_BETWEEN, /* kids a, b, c */
    CX_OP_IN,      /* many: body is the subject, items the tests */
    CX_OP_IF,      /* kids a, b, c */
    CX_OP_FOR,     /* many: names, items (domains), body */
    CX_OP_SOME,    /* the same */
    CX_OP_EVERY,   /* the same */
    CX_OP_FILTER,  /* kids a (list), b (condition, in an environment of its own) */
    CX_OP_PATH,    /* path */
    CX_OP_CALL,    /* many: body is the function, items the arguments, names theirs or NULL */
    CX_OP_BUILTIN, /* builtin */
    CX_OP_LIST,    /* many.items */
    CX_OP_CONTEXT, /* many: names, items; each sees those before it. body: the result's expression, or NULL */
    CX_OP_RANGE,   /* kids a, b; low_closed, high_closed */
    CX_OP_FUNCTION, /* many: names, types, body */
    CX_OP_INSTANCE, /* instance */
    CX_OP_CONVERT,  /* instance: the value made to fit the type, or null with a warning */
    CX_OP_TABLE,    /* table */
    /* What stands in an input cell or behind `in`: tests of a value that the evaluator hands over. */
    CX_OP_TESTS,     /* many.items: one of them holds */
    CX_OP_TESTS_NOT, /* many.items: none of them holds */
    CX_OP_TEST_CMP,  /* index: CX_OP_EQ to CX_OP_GE; kids.a */
    CX_OP_TEST       /* kids.a: equal to it, in it, or (uses_input, or boolean) true */
} cx_op;

typedef struct cx_node cx_node;
typedef struct cx_type cx_type;
typedef struct cx_builtin cx_builtin;
struct cx_table;

struct cx_node {
    uint8_t op;      /* cx_op */
    bool uses_input; /* CX_OP_TEST: the expression mentions `?` */
    bool low_closed; /* CX_OP_RANGE */
    bool high_closed;
    uint32_t up;
    uint32_t index;
    uint32_t where; /* byte in its text, for warnings */
    union {
        cx_value value;
        struct {
            const cx_node *a;
            const cx_node *b;
            const cx_node *c;
        } kids;
        struct {
            const cx_node *of;
            cx_view name;
        } path;
        struct {
            const cx_node *const *items;
            size_t n;
            const cx_view *names;
            const cx_type *const *types; /* CX_OP_FUNCTION: one a parameter, NULL for any */
            const cx_node *body;
        } many;
        struct {
            const cx_builtin *fn;
            const cx_node *const *args;
            size_t n;
            const cx_view *names; /* NULL: by position */
        } builtin;
        struct {
            const cx_node *of;
            const cx_type *type;
        } instance;
        const struct cx_table *table;
    } u;
};

/* One level of names, mirrored at evaluation by one cx_env. */
typedef struct cx_binding {
    cx_view name;
    uint32_t index;
} cx_binding;

typedef struct cx_scope {
    const struct cx_scope *parent;
    const cx_binding *bindings;
    size_t n;
    bool *used;  /* by binding: set when an expression names it; NULL: nobody asks */
    bool filter; /* inside [...]: the item's own entries are names too; binding 0 is "item" */
} cx_scope;

/* What parsing needs besides the scope. `names` are property names that cannot be told by their
 * characters alone: components of item definitions, keys of contexts. */
typedef struct cx_feel {
    cx_arena *arena;
    cx_view *names;
    size_t name_count;
    size_t name_room;
    const cx_type *(*type_named)(void *types, cx_view name); /* NULL: only the built-in types */
    void *types;
} cx_feel;

/* Adds a name to f->names unless it is there already; false when out of memory. */
bool cx_feel_know(cx_feel *f, cx_view name);

/* On failure err says where in the text, and what was expected; FEEL_SYNTAX or OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_feel_expression(cx_feel *f, const cx_scope *scope, cx_view text, const cx_node **out,
                                       cx_err *err);
/* Unary tests; *out is NULL for "-" and for blank text. They are evaluated in an environment of one slot,
 * `?`, inside the scope's. */
CX_MUST_CHECK cx_rc cx_feel_tests(cx_feel *f, const cx_scope *scope, cx_view text, const cx_node **out,
                                  cx_err *err);
/* A type's name ("number", "list<string>", an item definition's). NULL type when it is unknown. */
const cx_type *cx_feel_type(cx_feel *f, cx_view text);

cx_node *cx_node_new(cx_arena *arena, cx_op op);
/* A constant in place of what needs no environment (negated numbers, lists and ranges of constants,
 * date("...")); otherwise the node itself. NULL for NULL. */
const cx_node *cx_node_fold(cx_arena *arena, const cx_node *node);
/* Blanks at both ends removed, runs of blanks inside made one space: how names are compared. */
cx_view cx_name_normal(cx_arena *arena, cx_view name);

#endif
