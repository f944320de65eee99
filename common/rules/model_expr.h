/* What the readers of boxed expressions share. Internal to common/rules. */
#ifndef CX_RULES_MODEL_EXPR_H
#define CX_RULES_MODEL_EXPR_H

#include "common/rules/model_load.h"

CX_MUST_CHECK cx_rc cx_load_node(cx_loader *l, cx_op op, cx_node **out);
/* The expression inside `parent`, which must be there. */
CX_MUST_CHECK cx_rc cx_load_inner(cx_loader *l, const cx_scope *scope, const cx_xml *parent,
                                  const cx_node **out);
/* The child element of that name, which must be there. */
CX_MUST_CHECK cx_rc cx_load_child(cx_loader *l, const cx_xml *x, const char *name, const cx_xml **out);

CX_MUST_CHECK cx_rc cx_load_conditional(cx_loader *l, const cx_scope *scope, const cx_xml *x,
                                        const cx_node **out);
CX_MUST_CHECK cx_rc cx_load_filter(cx_loader *l, const cx_scope *scope, const cx_xml *x, const cx_node **out);
/* for, some, every: body is the name of the element that holds the result. */
CX_MUST_CHECK cx_rc cx_load_loop(cx_loader *l, const cx_scope *scope, const cx_xml *x, cx_op op,
                                 const char *body, const cx_node **out);

#endif
