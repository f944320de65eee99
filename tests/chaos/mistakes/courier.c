/* A courier that commits its output first and its offsets afterwards, and dies between the two: what it had
 * written is written again. */
#include "common/bus/producer.h"
#include "tests/chaos/mistakes/once.h"

cx_rc __real_cx_producer_commit(cx_producer *producer, const cx_place *places, size_t n,
                                const cx_member *member, cx_err *err);
cx_rc __wrap_cx_producer_commit(cx_producer *producer, const cx_place *places, size_t n,
                                const cx_member *member, cx_err *err);

enum { ENOUGH = 100 }; /* messages in a transaction that is not of ticks alone */

cx_rc __wrap_cx_producer_commit(cx_producer *producer, const cx_place *places, size_t n,
                                const cx_member *member, cx_err *err) {
    if (n == 0 || cx_producer_sent(producer) < ENOUGH || !cx_mistake_waits("courier"))
        return __real_cx_producer_commit(producer, places, n, member, err);
    cx_rc rc = __real_cx_producer_commit(producer, places, 0, member, err);
    if (rc == CX_OK)
        cx_mistake_die("courier");
    return rc;
}
