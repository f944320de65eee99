/* The time of the first message at or behind given places: what a reader that stands there would see next.
 *
 * One reader, many places: those of one partition are looked at one after the other, those of different
 * partitions together. One thread.
 */
#ifndef CX_BUS_PEEK_H
#define CX_BUS_PEEK_H

#include "common/base/config.h"
#include "common/bus/message.h"

typedef enum cx_peek_kind {
    CX_PEEK_UNKNOWN, /* no answer in time */
    CX_PEEK_MESSAGE,
    CX_PEEK_END, /* nothing but markers and aborted messages from there to `at` */
    CX_PEEK_GONE /* the broker has no such place any more */
} cx_peek_kind;

typedef struct cx_peek {
    const char *topic;
    int32_t partition;
    int64_t offset; /* asked */
    cx_peek_kind kind;
    int64_t at;        /* offset of the message, or of the end (of what is committed, where `committed`) */
    cx_time timestamp; /* MESSAGE; CX_NO_TIME where it has none */
} cx_peek;

/* Sorts `peeks` by topic, partition and offset, and answers each within timeout_ms in all. committed: as
 * a read_committed reader sees it; else open and aborted messages count too. The peeks must differ. BUS only
 * where nothing can be read at all: what one place could not tell is UNKNOWN or GONE. */
CX_MUST_CHECK cx_rc cx_peek_all(const cx_config *config, bool committed, cx_peek *peeks, size_t n,
                                int timeout_ms, cx_err *err);

#endif
