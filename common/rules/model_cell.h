/* Reading the cells of a decision table: many, mostly short, and often the same. Internal to common/rules.
 *
 * Cells of one table with the same text share one tree, and a tree of constants is kept without what the
 * parser needed beside it: a table of 10,000 rules is to fit into memory with its index.
 */
#ifndef CX_RULES_MODEL_CELL_H
#define CX_RULES_MODEL_CELL_H

#include "common/rules/feel.h"
#include "common/rules/xml.h"

typedef struct cx_loader cx_loader;
typedef struct cx_cells cx_cells;

/* NULL when out of memory. The caller destroys it when the model is loaded; *cells may be NULL. */
cx_cells *cx_cells_new(void);
void cx_cells_destroy(cx_cells **cells);
/* A table begins: names in it are others than in the one before. */
void cx_cells_begin(cx_cells *cells);

/* The unary tests of an inputEntry, NULL for "-"; *text becomes what stands there, "-" where it is empty. */
CX_MUST_CHECK cx_rc cx_load_tests(cx_loader *l, const cx_scope *scope, const cx_xml *entry, cx_view *text,
                                  const cx_node **out);
/* The expression of an outputEntry, NULL where it is empty or "-". */
CX_MUST_CHECK cx_rc cx_load_output(cx_loader *l, const cx_scope *scope, const cx_xml *entry,
                                   const cx_node **out);

#endif
