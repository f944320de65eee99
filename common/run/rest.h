/* How long a batch waits for more while messages trickle in without a pause. */
#ifndef CX_RUN_REST_H
#define CX_RUN_REST_H

#include <stdint.h>

/* Twice as long as writing a batch has taken lately: two thirds of the time a batch gathers, one third it is
 * written, and a message waits no longer than the store makes worth while. A quarter of the new value is what
 * was seen last. In ns: rest, the value before; took, the last write; linger, which is the least. */
static inline uint64_t cx_rest_after(uint64_t rest, uint64_t took, uint64_t linger) {
    uint64_t next = (3 * rest + 2 * took) / 4;
    return next > linger ? next : linger;
}

#endif
