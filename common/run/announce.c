#include "common/run/announce.h"

cx_rc cx_announce(cx_producer *producer, const cx_type *type, cx_time at, cx_err *err) {
    uint8_t key[8];
    for (int i = 0; i < 8; i++)
        key[i] = (uint8_t)(type->fingerprint >> (8 * i));
    cx_outgoing m = {.partition = -1,
                     .key = {(const char *)key, sizeof key},
                     .value = cx_view_of(type->json),
                     .timestamp = at};
    CX_TRY(cx_producer_topic(producer, "credit.schemas", &m.topic, err));
    return cx_producer_send(producer, &m, err);
}
