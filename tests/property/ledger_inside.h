/* The inside of the ledger: ledger_take.c takes versions in, ledger_causes.c what marks and suspends them. */
#ifndef TESTS_PROPERTY_LEDGER_INSIDE_H
#define TESTS_PROPERTY_LEDGER_INSIDE_H

#include "tests/property/ledger.h"

/* A new cause of that event; some other one where there is no room (then the ledger is full). */
cx_cause_known *cx_ledger_add_cause(cx_ledger *l, cx_cause_kind kind, const cx_header *h);
/* A dispute, review or stay begins by this change. */
void cx_ledger_dispute(cx_ledger *l, const cx_event *event, const cx_change *c);
/* Rulings close the dispute that they name; a review's outcome the reviews and stays of the same body. */
void cx_ledger_close(cx_ledger *l, const cx_event *event, const cx_change *c);
/* A reorganisation suspends what stands when it begins, and what is opened while it lasts; no court's entry.
 */
void cx_ledger_reorganise(cx_ledger *l, const cx_event *event, const cx_known_entry *e, const cx_change *c,
                          bool first);

#endif
