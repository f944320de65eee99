/* What a model consists of, and the steps of loading it. Internal to common/rules. */
#ifndef CX_RULES_MODEL_LOAD_H
#define CX_RULES_MODEL_LOAD_H

#include "common/rules/model_cell.h"
#include "common/rules/table.h"
#include "common/rules/xml.h"

enum { CX_MODEL_MAX_PARTS = 5000, CX_MODEL_MAX_COLUMNS = 1000, CX_MODEL_MAX_RULES = 200000 };

typedef enum cx_part_sort {
    CX_PART_INPUT,
    CX_PART_DECISION,
    CX_PART_KNOWLEDGE,
    CX_PART_SERVICE
} cx_part_sort;

/* An element of the requirements graph. Its number is the slot of its value in the global environment. */
typedef struct cx_part {
    cx_part_sort sort;
    cx_view id;
    cx_view name; /* of its variable: what expressions call it */
    const cx_type *type;
    cx_view type_name;
    const cx_node *node; /* decisions: the logic; knowledge models: a CX_OP_FUNCTION */
    const cx_table *table;
    const uint32_t *requires; /* parts; services: output decisions first */
    size_t require_count;
    const bool *read;        /* by requirement: whether the logic names it; NULL for services and inputs */
    const uint32_t *outputs; /* services */
    size_t output_count;
    const uint32_t *given; /* services: input data, then input decisions */
    size_t given_count;
    const cx_xml *xml; /* while loading */
    int line;
    int state; /* while sorting: 0 new, 1 open, 2 done */
    cx_decision *handle;
} cx_part;

struct cx_decision {
    const cx_model *model;
    const cx_part *part;
    cx_decision_sort sort;
    const uint32_t *steps; /* parts to evaluate, in order */
    size_t step_count;
    const uint32_t *inputs; /* parts; NULL for knowledge models */
    const cx_view *input_names;
    const cx_type *const *input_types;
    const cx_view *input_type_names;
    size_t input_count;
};

struct cx_model {
    cx_arena *arena;
    cx_view name;
    cx_view file;
    cx_part *parts;
    size_t part_count;
    cx_decision **decisions;
    size_t decision_count;
    cx_view *warnings;
    size_t warning_count;
    size_t warning_room;
    cx_type *types;
    cx_view *type_ids;
    size_t type_count;
};

/* A model being loaded, and where in the file the loader is. */
struct cx_loader {
    cx_model *model;
    cx_arena *arena;
    cx_feel feel;
    cx_err *err;
    const cx_part *part; /* whose logic is being read */
    const cx_decision *handle;
    int rule; /* 0: none */
    cx_view column;
    int depth;
    const cx_xml **type_xml;
    int *type_state;
    cx_cells *cells;
};

/* Fills err with "file:line: decision "X", rule 3, column "Y": text" and returns rc. */
cx_rc cx_load_fail(cx_loader *l, const cx_xml *at, cx_rc rc, const char *format, ...) CX_PRINTF(4, 5);
/* The same place before an error that is already in err. */
cx_rc cx_load_fail_in(cx_loader *l, const cx_xml *at);
cx_rc cx_load_warn(cx_loader *l, const cx_xml *at, const char *format, ...) CX_PRINTF(3, 4);
cx_rc cx_load_no_memory(cx_loader *l);

CX_MUST_CHECK cx_rc cx_load_attribute(cx_loader *l, const cx_xml *node, const char *name, cx_view *out);
/* As cx_load_attribute, with blanks made normal, and an error when it is absent or too long. */
CX_MUST_CHECK cx_rc cx_load_name(cx_loader *l, const cx_xml *node, const char *name, cx_view *out);
/* The <text> child's content without blanks at both ends, empty when there is none: in the document, and as a
 * copy in the model. */
CX_MUST_CHECK cx_rc cx_load_text_in_file(cx_loader *l, const cx_xml *node, cx_view *out);
CX_MUST_CHECK cx_rc cx_load_text(cx_loader *l, const cx_xml *node, cx_view *out);
/* The type that an attribute typeRef (or an element of that name) names; NULL when there is none. */
CX_MUST_CHECK cx_rc cx_load_type(cx_loader *l, const cx_xml *node, const cx_type **out, cx_view *name);

CX_MUST_CHECK cx_rc cx_load_types(cx_loader *l, const cx_xml *root);
CX_MUST_CHECK cx_rc cx_load_parts(cx_loader *l, const cx_xml *root);
CX_MUST_CHECK cx_rc cx_load_requirements(cx_loader *l);
/* Every part's handle: what it needs, in order. MODEL_CYCLE. */
CX_MUST_CHECK cx_rc cx_load_order(cx_loader *l);
CX_MUST_CHECK cx_rc cx_load_logic(cx_loader *l);
/* The expression element `node` (literalExpression, decisionTable, context ...). */
CX_MUST_CHECK cx_rc cx_load_expression(cx_loader *l, const cx_scope *scope, const cx_xml *node,
                                       const cx_node **out);
/* The first child of `parent` that is an expression; NULL when there is none. */
const cx_xml *cx_find_expression(const cx_xml *parent);
CX_MUST_CHECK cx_rc cx_load_table(cx_loader *l, const cx_scope *scope, const cx_xml *node,
                                  const cx_table **out);
CX_MUST_CHECK cx_rc cx_check_table(cx_loader *l, const cx_xml *node, cx_table *table);
/* A node for literalExpression's text in place. */
CX_MUST_CHECK cx_rc cx_load_feel(cx_loader *l, const cx_scope *scope, const cx_xml *at, cx_view text,
                                 const cx_node **out);

#endif
