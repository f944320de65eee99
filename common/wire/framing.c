#include "common/wire/framing.h"

enum { SINGLE_HEAD = 10, CONFLUENT_HEAD = 5 };

cx_rc cx_frame_read(cx_view message, cx_frame *out, cx_err *err) {
    const uint8_t *p = (const uint8_t *)message.p;
    if (message.n >= 1 && p[0] == 0x00) {
        if (message.n < CONFLUENT_HEAD)
            return cx_fail(err, CX_TRUNCATED, NULL);
        uint32_t id = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
        *out = (cx_frame){.framing = CX_FRAMING_CONFLUENT,
                          .schema_id = id,
                          .datum = {message.p + CONFLUENT_HEAD, message.n - CONFLUENT_HEAD}};
        return CX_OK;
    }
    if (message.n == 0 || p[0] != 0xC3 || (message.n > 1 && p[1] != 0x01))
        return cx_fail(err, CX_NOT_AVRO, NULL);
    if (message.n < SINGLE_HEAD)
        return cx_fail(err, CX_TRUNCATED, NULL);
    uint64_t fingerprint = 0;
    for (int i = 7; i >= 0; i--)
        fingerprint = fingerprint << 8 | p[2 + i];
    *out = (cx_frame){.framing = CX_FRAMING_SINGLE_OBJECT,
                      .fingerprint = fingerprint,
                      .datum = {message.p + SINGLE_HEAD, message.n - SINGLE_HEAD}};
    return CX_OK;
}

cx_rc cx_frame_write_single(cx_buffer *out, uint64_t fingerprint) {
    uint8_t head[SINGLE_HEAD] = {0xC3, 0x01};
    for (int i = 0; i < 8; i++)
        head[2 + i] = (uint8_t)(fingerprint >> (8 * i));
    return cx_buffer_append(out, head, sizeof head);
}

cx_rc cx_frame_write_confluent(cx_buffer *out, uint32_t schema_id) {
    uint8_t head[CONFLUENT_HEAD] = {0x00, (uint8_t)(schema_id >> 24), (uint8_t)(schema_id >> 16),
                                    (uint8_t)(schema_id >> 8), (uint8_t)schema_id};
    return cx_buffer_append(out, head, sizeof head);
}
