/* The bridge's decision: what of a decided event crosses to another installation of this platform, and as
 * what (R15).
 *
 * An event of a department crosses as that department's own event, with its document, official and body,
 * where it changed a list entry or a record that the pack under which that row was judged lets cross
 * (exchange.csv). So what is undone crosses by the same law as what it undoes. Where a row is recalled by
 * something that is no event of its own department over there (a court's outcome, an annulled document), a
 * WITHDRAWAL in its department's name crosses too, for whoever was told of an entry must be told to undo it
 * (I-RECALL). Expiry needs no message: a decision crosses with its term, and every installation ends it by
 * its own ticks (I-EXPIRY).
 *
 * What never crosses: refused events, free text, consents and what rests on them, points, feedback, queries,
 * persons' shares in what organisations did (each law binds persons itself), persons behind organisations
 * where the pack names organisations alone. Pure.
 */
#ifndef SERVICES_BRIDGE_DECIDE_H
#define SERVICES_BRIDGE_DECIDE_H

#include "common/law/pack.h"

typedef struct cx_bridge_law {
    int32_t peer;       /* jurisdiction at the other end */
    int32_t generation; /* of this log: ids of what the bridge adds are unique over all of them */
    /* The pack of that hash; ROW_NOT_YET where it has not been read. */
    cx_rc (*pack_of)(void *context, const uint8_t hash[CX_PACK_HASH], const cx_pack **out, cx_err *err);
    void *context;
} cx_bridge_law;

/* One event for the other side. Its subject is NULL and its others are empty: identity is put on by the
 * caller, for the decided event's subject and, where with_others, for its header's others. */
typedef struct cx_crossing {
    cx_view as; /* the department over there */
    const cx_credit_event *event;
    cx_subject_type subject_type;
    bool with_others;
} cx_crossing;

typedef struct cx_crossing_array {
    cx_crossing *items;
    size_t n;
} cx_crossing_array;

/* In the order in which they must be sent; in the arena, with views of `d`. Errors of pack_of; OUT_OF_MEMORY.
 */
CX_MUST_CHECK cx_rc cx_bridge_decide(const cx_bridge_law *law, const cx_decided *d, cx_arena *arena,
                                     cx_crossing_array *out, cx_err *err);

#endif
