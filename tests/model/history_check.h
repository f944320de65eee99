/* Expectations of a history's lines. */
#ifndef TESTS_MODEL_HISTORY_CHECK_H
#define TESTS_MODEL_HISTORY_CHECK_H

#include "tests/model/chain.h"
#include "tests/model/line.h"

/* What has been looked at so far, of the log of notices. */
typedef struct cx_seen {
    size_t notices, told, homes, opened;
} cx_seen;

/* Whether the line's expectation holds; else what was there instead is in *err. The line's first word is one
 * of entry, record, status, sent, told, opened, home, rows. */
bool cx_history_check(const cx_chain *chain, const cx_line *line, cx_seen *seen, cx_err *err);
/* The verdict on the last event that was published; "" when it was not decided. */
cx_view cx_history_verdict(const cx_chain *chain, int64_t number);

#endif
