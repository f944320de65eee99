/* Reads partitions from given places, outside any group: side tables, changelogs, the log itself.
 *
 * read_committed, and told when it has reached the end of a partition. All calls from one thread.
 */
#ifndef CX_BUS_READER_H
#define CX_BUS_READER_H

#include "common/base/config.h"
#include "common/bus/consumer.h"

typedef struct cx_reader cx_reader;

/* What a poll brought. */
typedef struct cx_read {
    enum { CX_READ_NOTHING, CX_READ_MESSAGE, CX_READ_END } kind;
    cx_message message; /* MESSAGE: yours to release. END: topic (until the next poll), partition, and in
                           offset the end of what is committed for now */
} cx_read;

cx_rc cx_reader_new(const cx_config *config, cx_reader **out, cx_err *err);
/* One that follows from the start (cx_reader_follow): for who waits for no end. */
cx_rc cx_reader_new_following(const cx_config *config, cx_reader **out, cx_err *err);
void cx_reader_destroy(cx_reader **reader);
/* Reads these places from now on (offset: CX_POSITION_BEGINNING, CX_POSITION_END or an offset), and nothing
 * else. */
cx_rc cx_reader_assign(cx_reader *reader, const cx_place *places, size_t n, cx_err *err);
/* CX_POSITION_LOST where a place is not there any more, CX_TOPIC_MISSING, CX_BUS; what passes by itself is
 * logged and NOTHING. */
cx_rc cx_reader_poll(cx_reader *reader, int timeout_ms, cx_read *out, cx_err *err);
/* From now on it, which has places, only follows, from where it is: what comes is seen at once as before, but
 * a CX_READ_END up to half a second late, and the broker is not asked a hundred times a second. Nothing is
 * left out, nothing comes twice. A failure leaves the reader as it was. */
cx_rc cx_reader_follow(cx_reader *reader, const cx_config *config, cx_err *err);

#endif
