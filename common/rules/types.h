/* Types of item definitions and of FEEL: what a value must be like. Internal to common/rules.
 *
 * Immutable once the model is loaded. DMN 1.5, 7.3.3 and 10.3.2.9.
 */
#ifndef CX_RULES_TYPES_H
#define CX_RULES_TYPES_H

#include "common/rules/feel.h"

typedef enum cx_shape {
    CX_SHAPE_ANY,
    CX_SHAPE_KIND,    /* one of the simple kinds; also function, and context without known components */
    CX_SHAPE_LIST,    /* of `item` */
    CX_SHAPE_CONTEXT, /* with components */
    CX_SHAPE_RANGE    /* of `item` */
} cx_shape;

typedef struct cx_component {
    cx_view name;
    const cx_type *type;
} cx_component;

struct cx_type {
    cx_view name;
    cx_shape shape;
    cx_kind kind;
    const cx_type *item;
    const cx_component *components;
    size_t n;
    const cx_node *allowed; /* tests that a value (of a list: each item) must pass; NULL: none */
    cx_view allowed_text;
    const cx_node *whole; /* of a list: tests that it must pass as one value; NULL: none */
    const cx_type *base;  /* must hold too; NULL: none */
};

/* "number", "date and time", "dateTime", "dayTimeDuration", "Any" ...: NULL when it is none of FEEL's. */
const cx_type *cx_type_builtin(cx_view name);
/* The simple kind that values of the type have; CX_KIND_COUNT when more than one is possible. */
cx_kind cx_type_kind(const cx_type *type);
struct cx_eval;
/* Whether v is of the type, without conversion; null is of no type but Any and Null. */
bool cx_type_holds(struct cx_eval *e, const cx_type *type, cx_value v);
/* The value as the type wants it (a list of one opened, a single value closed into a list, a date made a
 * date and time); null when it does not fit, then *fits is false. */
cx_value cx_type_convert(struct cx_eval *e, const cx_type *type, cx_value v, bool *fits);

#endif
