/* A decoder and an encoder of one schema, written by hand: what the plan is measured against. They check what
 * the plan checks: lengths, UTF-8 and NUL, enums, booleans, unions, the end. */
#ifndef CX_BENCH_WIRE_BY_HAND_H
#define CX_BENCH_WIRE_BY_HAND_H

#include "common/base/arena.h"
#include "common/wire/buffer.h"

/* 16 fields: what a department's record is made of. */
#define BENCH_SCHEMA                                                                                         \
    "{\"type\":\"record\",\"name\":\"Bench\",\"fields\":["                                                   \
    "{\"name\":\"event_id\",\"type\":\"string\"},"                                                           \
    "{\"name\":\"jurisdiction\",\"type\":\"int\"},"                                                          \
    "{\"name\":\"issued_at\",\"type\":\"long\"},"                                                            \
    "{\"name\":\"happened_on\",\"type\":\"int\"},"                                                           \
    "{\"name\":\"number\",\"type\":\"string\"},"                                                             \
    "{\"name\":\"issuing_body\",\"type\":\"string\"},"                                                       \
    "{\"name\":\"legal_basis\",\"type\":\"string\"},"                                                        \
    "{\"name\":\"effective_on\",\"type\":[\"null\",\"int\"]},"                                               \
    "{\"name\":\"role\",\"type\":{\"type\":\"enum\",\"name\":\"R\",\"symbols\":[\"A\",\"B\",\"C\",\"D\"]}}," \
    "{\"name\":\"official\",\"type\":\"string\"},"                                                           \
    "{\"name\":\"subject\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":16}},"                       \
    "{\"name\":\"verified\",\"type\":\"boolean\"},"                                                          \
    "{\"name\":\"item\",\"type\":\"string\"},"                                                               \
    "{\"name\":\"amount\",\"type\":\"double\"},"                                                             \
    "{\"name\":\"reason\",\"type\":[\"null\",\"string\"]},"                                                  \
    "{\"name\":\"note\",\"type\":\"string\"}]}"

typedef struct bench_event {
    cx_view event_id;
    int32_t jurisdiction;
    int64_t issued_at;
    int32_t happened_on;
    cx_view number;
    cx_view issuing_body;
    cx_view legal_basis;
    bool has_effective_on;
    int32_t effective_on;
    uint32_t role;
    cx_view official;
    uint8_t subject[16];
    bool verified;
    cx_view item;
    double amount;
    cx_view reason;
    cx_view note;
} bench_event;

cx_rc by_hand_decode(cx_view datum, bench_event *out) CX_MUST_CHECK;
cx_rc by_hand_encode(const bench_event *event, cx_buffer *out) CX_MUST_CHECK;

#endif
