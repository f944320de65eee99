/* The only loop: what the registrar wrote back into credit.records, and why (docs/adr/0007). */
#ifndef TESTS_MODEL_LOOP_H
#define TESTS_MODEL_LOOP_H

#include "tests/model/chain.h"

enum { CX_LOOP_DEPTHS = 3 };

/* Every derived event names a cause that lies in the log before it and may cause it, and no chain of causes
 * is longer than two; passing an event on counts nothing. Adds to caused: events by the length of their
 * chain. */
bool cx_loop_holds(const cx_chain *chain, size_t caused[CX_LOOP_DEPTHS], cx_err *err);

#endif
