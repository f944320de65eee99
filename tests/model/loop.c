#include "tests/model/loop.h"

/* By kind, as the architecture and the decision record have it; written down here a second time. */
static bool may(const cx_event *cause, const cx_event *event) {
    bool derived =
        cause->cause != NULL && (!cause->cause->forwarded || cause->body_kind >= CX_EVENT_BODY_BOUND);
    if (event->cause->forwarded)
        return cause->body_kind == event->body_kind &&
               (cause->header != NULL || cause->body_kind == CX_EVENT_BODY_QUERIED);
    switch ((int)event->body_kind) {
    case CX_EVENT_BODY_BOUND:
        return cause->body_kind == CX_EVENT_BODY_ANNULLED || cause->body_kind == CX_EVENT_BODY_LINKED ||
               cause->body_kind == CX_EVENT_BODY_ACTIVATION || (!derived && cause->header != NULL);
    case CX_EVENT_BODY_LINKED:
        return !derived && cause->body_kind == CX_EVENT_BODY_SUBJECT_EVENT;
    case CX_EVENT_BODY_ANNULLED:
        return !derived && cause->body_kind == CX_EVENT_BODY_REVIEW_OUTCOME;
    case CX_EVENT_BODY_BREAKER:
        return !derived && (cause->body_kind == CX_EVENT_BODY_LISTING_DECISION ||
                            cause->body_kind == CX_EVENT_BODY_BREAKER_RELEASE);
    default:
        return false;
    }
}

/* The message at an offset of a partition, if it was written before the one at `before`. */
static const cx_event *at(const cx_chain_log *log, const cx_cause *place, size_t before) {
    int64_t offset = 0;
    for (size_t i = 0; i < before; i++)
        if (log->items[i].partition == place->partition && offset++ == place->offset)
            return log->items[i].value;
    return NULL;
}

/* Length of the chain behind the event; CX_LOOP_DEPTHS where it is too long, or broken. */
static size_t length(const cx_chain_log *log, const cx_event *event, size_t index, bool *lawful) {
    size_t n = 0;
    while (event->cause != NULL && n < CX_LOOP_DEPTHS && *lawful) {
        const cx_event *cause = at(log, event->cause, index);
        *lawful = cause != NULL && may(cause, event);
        n += !event->cause->forwarded;
        if (*lawful)
            event = cause;
    }
    return n;
}

bool cx_loop_holds(const cx_chain *chain, size_t caused[CX_LOOP_DEPTHS], cx_err *err) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_RECORDS);
    for (size_t i = 0; i < log->n; i++) {
        bool lawful = true;
        size_t n = length(log, log->items[i].value, i, &lawful);
        if (!lawful || n >= CX_LOOP_DEPTHS) {
            (void)cx_fail(err, CX_USAGE, "message %zu of credit.records, of kind %d, may not be caused so", i,
                          (int)((const cx_event *)log->items[i].value)->body_kind);
            return false;
        }
        caused[n]++;
    }
    return true;
}
